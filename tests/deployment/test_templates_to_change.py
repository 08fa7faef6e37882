"""The lines that are proposed for a deployed template: they are added to it, and then the delivery is permitted."""

from __future__ import annotations

import copy
import json
import re
from textwrap import dedent, indent

import pytest
from moto import mock_aws

pytest.importorskip("yaml")

from eventmock.templates.yaml_reader import read_yaml

HERE, OWN, OTHER = "us-east-1", "123456789012", "222222222222"
ORDER = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
NEW_OR_MORE = re.compile(
    r"# add to (?P<part>\S+) of (?P<logical_id>\w+)(?: \(.*?(?::(?P<line>\d+))?\)|, .*):"
)

pytestmark = pytest.mark.eventmock(target_permissions="enforce")


def rule(*targets):
    """The lines of a rule with the given targets, which are texts of YAML."""
    listed = "".join(f"\n        - {{Id: t{number}, {target}}}" for number, target in enumerate(targets))
    return f"""
  Placed:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {{source: [shop]}}
      Targets:{listed}
"""


def trust(service="events"):
    return f"""
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {{Service: {service}.amazonaws.com}}
            Action: sts:AssumeRole
"""


QUEUE = """
  Queue:
    Type: AWS::SQS::Queue
"""
TO_QUEUE = QUEUE + rule("Arn: !GetAtt Queue.Arn")
QUEUE_POLICY = """
  Letters:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !Ref AWS::AccountId}
            Action: sqs:*
            Resource: !GetAtt Queue.Arn
"""
TO_TOPIC = (
    rule("Arn: !Ref Topic")
    + """
  Topic:
    Type: AWS::SNS::Topic
"""
)
TOPIC_POLICY = """
  News:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !Ref AWS::AccountId}
            Action: sns:Subscribe
            Resource: !Ref Topic
"""
EXECUTION = "\n  Execution:\n    Type: AWS::IAM::Role\n    Properties:" + trust("lambda")
TO_FUNCTION = (
    EXECUTION
    + rule("Arn: !GetAtt Ship.Arn")
    + """
  Ship:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Execution.Arn
      Code: {ZipFile: ""}
      Handler: index.handler
      Runtime: python3.12
"""
)
GROUP_ARN = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}"
TO_GROUP = (
    rule(f'Arn: !Sub "{GROUP_ARN}"')
    + """
  Group:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /aws/events/app}
"""
)
ROLE = "\n  Role:\n    Type: AWS::IAM::Role\n    Properties:" + trust()
BY_ROLE = QUEUE + ROLE + rule("Arn: !GetAtt Queue.Arn, RoleArn: !GetAtt Role.Arn")
DOCUMENT = """
{name}:
  Version: "2012-10-17"
  Statement:
    - Effect: Allow
      Action: s3:GetObject
      Resource: "*"
"""
OF_ROLE = "\n  May:\n    Type: AWS::IAM::{type}\n    Properties:\n      {names}" + indent(
    DOCUMENT.format(name="PolicyDocument"), " " * 6
)
INLINE = BY_ROLE.replace(
    trust(),
    trust()
    + "      Policies:\n        - PolicyName: p"
    + indent(DOCUMENT.format(name="PolicyDocument"), " " * 10),
)
NOT_TRUSTED = (
    BY_ROLE.replace(trust(), trust("lambda") + "      ManagedPolicyArns: [!Ref May]\n")
    + """
  May:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: "*", Resource: "*"}
"""
)
KEY = """
  Key:
    Type: AWS::KMS::Key
    Properties:
      Description: queues
"""
KEY_POLICY = """
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
            Action: kms:*
            Resource: "*"
"""
LET_IN = """
          - Effect: Allow
            Principal: {Service: events.amazonaws.com}
            Action: sqs:SendMessage
            Resource: !GetAtt Queue.Arn
"""
ENCRYPTED = TO_QUEUE.replace(QUEUE, QUEUE + "    Properties: {KmsMasterKeyId: !GetAtt Key.Arn}\n")
ENCRYPTED += QUEUE_POLICY + LET_IN
API = """
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: orders
      Policy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: execute-api:Invoke
            Resource: execute-api:/prod/GET/*
"""
API_ARN = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/prod/POST/orders"
TO_API = API + rule(f'Arn: !Sub "{API_ARN}"')


def statement(action, resource, source="!GetAtt Placed.Arn"):
    return f"""\
- Effect: Allow
  Principal:
    Service: events.amazonaws.com
  Action: {action}
  Resource: {resource}
  Condition:
    ArnEquals:
      aws:SourceArn: {source}
"""


def policy(logical_id, kind, owners, document):
    return f"""\
{logical_id}:
  Type: {kind}
  Properties:
    {owners}
    PolicyDocument:
      Version: "2012-10-17"
      Statement:
{indent(document, " " * 8)}"""


FOR_QUEUE = statement("sqs:SendMessage", "!GetAtt Queue.Arn")
NEW_FOR_QUEUE = policy("{}", "AWS::SQS::QueuePolicy", "Queues:\n      - !Ref Queue", FOR_QUEUE)
FOR_ROLE = "- Effect: Allow\n  Action: sqs:SendMessage\n  Resource: !GetAtt Queue.Arn\n"
ANY_PLACED = (
    "!Sub arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${AWS::StackName}-Placed-*"
)
PLACED = rule("Arn: x").partition("    Properties")[0]
CASES = {
    "queue": (TO_QUEUE, NEW_FOR_QUEUE.format("QueuePolicy")),
    "queue, and the name is taken": (
        TO_QUEUE + "\n  QueuePolicy: {Type: AWS::SNS::Topic}\n",
        NEW_FOR_QUEUE.format("QueueEventsPolicy"),
    ),
    "queue, and both names are taken": (
        TO_QUEUE
        + "".join(
            f"\n  {name}: {{Type: AWS::SNS::Topic}}\n" for name in ("QueuePolicy", "QueueEventsPolicy")
        ),
        NEW_FOR_QUEUE.format("QueueEventsPolicy2"),
    ),
    "queue with a policy": (
        TO_QUEUE + QUEUE_POLICY,
        "# add to PolicyDocument.Statement of Letters ({}):\n" + FOR_QUEUE,
    ),
    "queue with a policy for which the rule waits": (
        TO_QUEUE.replace(PLACED, PLACED + "    DependsOn: Letters\n") + QUEUE_POLICY,
        "# add to PolicyDocument.Statement of Letters ({}):\n"
        + statement("sqs:SendMessage", "!GetAtt Queue.Arn", ANY_PLACED),
    ),
    "topic with a policy": (
        TO_TOPIC + TOPIC_POLICY,
        "# add to PolicyDocument.Statement of News ({}):\n" + statement("sns:Publish", "!Ref Topic"),
    ),
    "function": (
        TO_FUNCTION,
        """\
ShipPlacedPermission:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: !GetAtt Ship.Arn
    Action: lambda:InvokeFunction
    Principal: events.amazonaws.com
    SourceArn: !GetAtt Placed.Arn
""",
    ),
    "role": (
        BY_ROLE,
        policy(
            "RolePolicy",
            "AWS::IAM::RolePolicy",
            "RoleName: !Ref Role\n    PolicyName: deliver-events",
            FOR_ROLE,
        ),
    ),
    "role with a policy inside": (
        INLINE,
        "# add to Policies[0].PolicyDocument.Statement of Role ({}):\n" + FOR_ROLE,
    ),
    "role with a RolePolicy": (
        INLINE + OF_ROLE.format(type="RolePolicy", names="RoleName: !Ref Role\n      PolicyName: q"),
        "# add to PolicyDocument.Statement of May ({}):\n" + FOR_ROLE,
    ),
    "role with a Policy": (
        BY_ROLE + OF_ROLE.format(type="Policy", names="Roles: [!Ref Role]\n      PolicyName: q"),
        "# add to PolicyDocument.Statement of May ({}):\n" + FOR_ROLE,
    ),
    "role that the target depends on": (
        INLINE.replace(QUEUE, QUEUE + "    DependsOn: Role\n"),
        policy(
            "RolePolicy",
            "AWS::IAM::RolePolicy",
            "RoleName: !Ref Role\n    PolicyName: deliver-events",
            FOR_ROLE,
        ),
    ),
    "role that is not trusted": (
        NOT_TRUSTED,
        """\
# add to AssumeRolePolicyDocument.Statement of Role ({}):
- Effect: Allow
  Principal:
    Service: events.amazonaws.com
  Action: sts:AssumeRole
""",
    ),
    "key with a policy": (
        ENCRYPTED + KEY + KEY_POLICY,
        "# add to KeyPolicy.Statement of Key ({}):\n"
        + statement("\n    - kms:GenerateDataKey\n    - kms:Decrypt", '"*"', ANY_PLACED).replace(
            ": \n", ":\n"
        ),
    ),
    "API": (
        TO_API,
        "# add to Policy.Statement of Api ({}):\n"
        + statement("execute-api:Invoke", "execute-api:/prod/POST/orders", ANY_PLACED),
    ),
}
"""A template, and the lines that are proposed, with braces for the file and line."""


def added(document, lines):
    """A template to which the lines are added."""
    document, more = copy.deepcopy(document), read_yaml(lines, None)[0]
    found = NEW_OR_MORE.match(lines)
    if found is None:
        assert not document["Resources"].keys() & more.keys()
        document["Resources"] |= more
        return document
    part = document["Resources"][found["logical_id"]]["Properties"]
    if found["part"] == "Properties":
        part |= more
        return document
    for name in re.findall(r"\w+", found["part"]):
        part = part[int(name) if name.isdigit() else name]
    part += more
    return document


def added_to_text(text, lines):
    """The text of a template to which the lines are added, after the line that they name or at the end."""
    found = NEW_OR_MORE.match(lines)
    if found is None:
        return text + indent(lines, "  ") + "\n"
    before = text.splitlines()
    line = before[int(found["line"]) - 1]
    depth = " " * (len(line) - len(line.lstrip()) + 2)
    return "\n".join([*before[: int(found["line"])], indent(lines, depth), *before[int(found["line"]) :], ""])


@pytest.fixture(params=["mapping", "file", "in moto"])
def deploy(request, events_backend, tmp_path, monkeypatch):
    """A function that deploys the text of a template, as the stack app, after lines were added."""
    monkeypatch.chdir(tmp_path)
    is_file, in_moto = request.param == "file", request.param == "in moto"
    texts = []

    def deploy(text=None, lines=None):
        if lines is None:
            texts.append(text)
        if is_file:
            last = texts[-1] if lines is None else added_to_text(texts[-1], lines)
            (tmp_path / "app.yaml").write_text(last, encoding="utf-8")
            return events_backend.deploy("app.yaml", stack="app")
        document = read_yaml(texts[-1], None)[0]
        return events_backend.deploy(
            document if lines is None else added(document, lines), stack="app", in_moto=in_moto
        )

    if not in_moto:
        yield deploy
        return
    with mock_aws():
        yield deploy


@pytest.fixture
def put(events_backend):
    """A function that puts an event and returns the missing permission of the only delivery; None if it succeeds."""

    def put():
        before = len(events_backend.deliveries)
        events_backend.client().put_events(Entries=[ORDER])
        delivery = events_backend.deliveries[before]
        assert (delivery.status == "delivered") == (not delivery.missing_permissions)
        return delivery.missing_permissions[0] if delivery.missing_permissions else None

    return put


def template(text):
    return "Resources:\n" + re.sub(r"\n\n+", "\n", text.lstrip("\n"))


def place_of(text, logical_id, part):
    """The place of the line that names a part of a resource of a template in a file."""
    lines = text.splitlines()
    start = lines.index(f"  {logical_id}:")
    for name in re.findall(r"[A-Za-z]+", part):
        start = next(
            number for number in range(start, len(lines)) if re.match(rf"[- ]*{name}:", lines[number])
        )
    return f"app.yaml:{start + 1}"


@pytest.mark.parametrize("case", CASES)
def test_the_lines_are_enough(request, deploy, put, case):
    given, expected = CASES[case]
    if case == "API" and "[in moto" in request.node.name:
        pytest.importorskip("openapi_spec_validator", reason="moto needs it for API Gateway")
    text = template(given)
    deploy(text)
    missing = put()
    found = NEW_OR_MORE.match(expected)
    if found is not None:
        is_file = "[file" in request.node.name
        where = place_of(text, found["logical_id"], found["part"]) if is_file else "stack app"
        expected = expected.replace("({})", f"({where})")
    assert missing.template == expected.rstrip("\n")
    deploy(lines=missing.template)
    assert put() is None


@pytest.mark.parametrize(
    ("given", "kind"), [(TO_TOPIC, "AWS::SNS::TopicPolicy"), (TO_GROUP, "AWS::Logs::ResourcePolicy")]
)
def test_the_lines_of_longer_policies_are_enough(deploy, put, given, kind):
    deploy(template(given))
    missing = put()
    [(name, resource)] = read_yaml(missing.template, None)[0].items()
    assert resource["Type"] == kind
    assert "app-" not in missing.template
    assert OWN not in missing.template
    if name == "GroupPolicy":
        assert resource["Properties"]["PolicyName"] == {"Fn::Sub": "${AWS::StackName}-GroupPolicy"}
        [one] = json.loads(resource["Properties"]["PolicyDocument"]["Fn::Sub"])["Statement"]
        assert (one["Resource"], one["Condition"]) == (
            "${Group.Arn}",
            {"ArnEquals": {"aws:SourceArn": "${Placed.Arn}"}},
        )
    else:
        assert name == "TopicPolicy"
        default, _ = resource["Properties"]["PolicyDocument"]["Statement"]
        assert default["Condition"] == {"StringEquals": {"AWS:SourceOwner": {"Ref": "AWS::AccountId"}}}
    deploy(lines=missing.template)
    assert put() is None


def test_a_key_without_a_policy_gets_all_of_it(deploy, put):
    deploy(template(ENCRYPTED + KEY))
    missing = put()
    assert missing.template.startswith("# add to Properties of Key (")
    assert read_yaml(missing.template, None)[0].keys() == {"KeyPolicy"}
    deploy(lines=missing.template)
    assert put() is None


def test_a_dead_letter_queue_is_named(events_backend, deploy):
    none = f"arn:aws:sqs:{HERE}:{OWN}:none"
    failing = f"Arn: '{none}', DeadLetterConfig: {{Arn: !GetAtt Queue.Arn}}"
    deploy(template(QUEUE + rule(failing)))
    events_backend.policies.resource(none)
    events_backend.client().put_events(Entries=[ORDER])
    of_dead_letter = events_backend.deliveries[0].missing_permissions[-1]
    assert of_dead_letter.is_dead_letter
    assert of_dead_letter.template == NEW_FOR_QUEUE.format("QueuePolicy").rstrip("\n")


def test_a_generated_policy_is_replaced(events_backend, put, tmp_path, monkeypatch):
    pytest.importorskip("samtranslator")
    monkeypatch.chdir(tmp_path)
    text = "Transform: AWS::Serverless-2016-10-31\n" + template(
        """
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: index.handler
      Runtime: python3.12
      Events:
        Late:
          Type: EventBridgeRule
          Properties:
            Pattern: {source: [nobody]}
            DeadLetterConfig: {Type: SQS}
"""
        + rule("Arn: !GetAtt ShipLateQueue.Arn")
    )
    (tmp_path / "app.yaml").write_text(text, encoding="utf-8")
    events_backend.deploy("app.yaml", stack="app")
    lines = put().template
    assert lines.splitlines()[:4] == [
        "# instead of ShipLateQueuePolicy, which the transform made of app.yaml:10:",
        "ShipLateQueueEventsPolicy:",
        "  Type: AWS::SQS::QueuePolicy",
        "  DependsOn: ShipLateQueuePolicy",
    ]
    [resource] = read_yaml(lines, None)[0].values()
    sources = [
        one["Condition"]["ArnEquals"]["aws:SourceArn"]
        for one in resource["Properties"]["PolicyDocument"]["Statement"]
    ]
    assert sources == [{"Fn::GetAtt": ["ShipLate", "Arn"]}, {"Fn::GetAtt": ["Placed", "Arn"]}]
    (tmp_path / "app.yaml").write_text(added_to_text(text, lines), encoding="utf-8")
    events_backend.deploy("app.yaml", stack="app")
    assert put() is None


def test_a_generated_role_gets_a_policy_of_its_own(events_backend, put, tmp_path, monkeypatch):
    pytest.importorskip("samtranslator")
    monkeypatch.chdir(tmp_path)
    text = "Transform: AWS::Serverless-2016-10-31\n" + template(
        """
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}
      Events:
        Late:
          Type: EventBridgeRule
          Properties:
            Pattern: {source: [nobody]}
"""
        + QUEUE
        + rule("Arn: !GetAtt Queue.Arn, RoleArn: !GetAtt MachineLateRole.Arn")
    )
    (tmp_path / "app.yaml").write_text(text, encoding="utf-8")
    events_backend.deploy("app.yaml", stack="app")
    lines = put().template
    assert lines.splitlines()[:2] == [
        "# for MachineLateRole, which the transform made of app.yaml:8:",
        "MachineLateRolePolicy:",
    ]
    (tmp_path / "app.yaml").write_text(added_to_text(text, lines), encoding="utf-8")
    events_backend.deploy("app.yaml", stack="app")
    assert put() is None


def test_a_bus_of_another_account_gets_the_policy_in_its_own_template(events_backend, put):
    theirs = {"Resources": {"Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "theirs"}}}}
    events_backend.deploy(theirs, stack="theirs", account=OTHER)
    may = INLINE.replace("s3:GetObject", "events:PutEvents").replace(
        "!GetAtt Queue.Arn", f"'arn:aws:events:{HERE}:{OTHER}:event-bus/theirs'"
    )
    events_backend.deploy(read_yaml(template(may), None)[0], stack="app")
    lines = put().template
    role = events_backend.deploy(read_yaml(template(may), None)[0], stack="app")["Role"].arn
    where, *_ = lines.splitlines()
    assert where == "# in the template of stack theirs:"
    [(name, resource)] = read_yaml(lines, None)[0].items()
    assert (name, resource["Properties"]["EventBusName"]) == ("BusPolicy", {"Ref": "Bus"})
    allowed = resource["Properties"]["Statement"]
    assert allowed["Resource"] == {"Fn::GetAtt": ["Bus", "Arn"]}
    assert allowed["Principal"]["AWS"] == {"Fn::Sub": role.replace("arn:aws:", "arn:${AWS::Partition}:")}
    events_backend.deploy(added(theirs, lines), stack="theirs", account=OTHER)
    assert put() is None


def test_the_policy_of_a_stream_of_another_account_is_extended_in_its_own_template(events_backend, put):
    theirs = """
  Stream:
    Type: AWS::Kinesis::Stream
    Properties: {ShardCount: 1}
  Readers:
    Type: AWS::Kinesis::ResourcePolicy
    Properties:
      ResourceArn: !GetAtt Stream.Arn
      ResourcePolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !Ref AWS::AccountId}
            Action: kinesis:GetRecords
            Resource: !GetAtt Stream.Arn
"""
    document = read_yaml(template(theirs), None)[0]
    stream = events_backend.deploy(document, stack="theirs", account=OTHER)["Stream"].arn
    may = INLINE.replace("s3:GetObject", "kinesis:PutRecord").replace("!GetAtt Queue.Arn", f"'{stream}'")
    events_backend.deploy(read_yaml(template(may), None)[0], stack="app")
    lines = put().template
    assert lines.startswith("# add to ResourcePolicy.Statement of Readers (stack theirs):\n")
    events_backend.deploy(added(document, lines), stack="theirs", account=OTHER)
    assert put() is None


def test_what_other_stacks_have_is_named_by_parameters_and_imports(events_backend, put):
    owner = template(QUEUE) + dedent("""
        Outputs:
          Arn:
            Value: !GetAtt Queue.Arn
            Export: {Name: the-queue}
        """)
    queue = events_backend.deploy(read_yaml(owner, None)[0], stack="owner")["Queue"]
    importing = read_yaml(template(rule("Arn: !ImportValue the-queue")), None)[0]
    events_backend.deploy(importing, stack="app")
    [(name, of_import)] = read_yaml(put().template, None)[0].items()
    assert name == "PlacedQueuePolicy"
    [one] = of_import["Properties"]["PolicyDocument"]["Statement"]
    assert one["Resource"] == {"Fn::ImportValue": "the-queue"}
    given = read_yaml(template(rule("Arn: !Ref QueueArn")), None)[0]
    given["Parameters"] = {"QueueArn": {"Type": "String"}}
    events_backend.deploy(given, stack="app", parameters={"QueueArn": queue.arn})
    lines = put().template
    [of_parameter] = read_yaml(lines, None)[0].values()
    [one] = of_parameter["Properties"]["PolicyDocument"]["Statement"]
    assert one["Resource"] == {"Ref": "QueueArn"}
    assert queue.name not in lines
    events_backend.deploy(added(given, lines), stack="app", parameters={"QueueArn": queue.arn})
    assert put() is None


def test_the_role_of_another_stack_is_named_by_a_part_of_its_arn(events_backend, put):
    role = events_backend.deploy(read_yaml(template(ROLE), None)[0], stack="owner")["Role"]
    given = read_yaml(template(QUEUE + rule("Arn: !GetAtt Queue.Arn, RoleArn: !Ref RoleArn")), None)[0]
    given["Parameters"] = {"RoleArn": {"Type": "String"}}
    events_backend.deploy(given, stack="app", parameters={"RoleArn": role.arn})
    lines = put().template
    [(name, policy)] = read_yaml(lines, None)[0].items()
    assert name == "PlacedRolePolicy"
    assert policy["Properties"]["RoleName"] == {"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "RoleArn"}]}]}
    events_backend.deploy(added(given, lines), stack="app", parameters={"RoleArn": role.arn})
    assert put() is None


def test_a_policy_in_another_stack_is_extended_there(events_backend, put):
    owner = read_yaml(template(QUEUE + QUEUE_POLICY), None)[0]
    queue = events_backend.deploy(owner, stack="owner")["Queue"]
    events_backend.deploy(read_yaml(template(rule(f"Arn: '{queue.arn}'")), None)[0], stack="app")
    lines = put().template
    assert lines.startswith("# add to PolicyDocument.Statement of Letters (stack owner):\n")
    events_backend.deploy(added(owner, lines), stack="owner")
    assert put() is None


def test_a_rule_of_no_template_is_written_as_a_text(events_backend, put):
    queue = events_backend.deploy(read_yaml(template(QUEUE), None)[0], stack="app")["Queue"]
    events = events_backend.client()
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": queue.arn}])
    lines = put().template
    rule_arn = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/r"
    assert f"aws:SourceArn: !Sub {rule_arn}" in lines
    events_backend.deploy(added(read_yaml(template(QUEUE), None)[0], lines), stack="app")
    assert put() is None


def test_a_stack_is_not_named_any_more_after_a_reset(events_backend, put):
    events_backend.deploy(read_yaml(template(TO_QUEUE), None)[0], stack="app")
    assert "!Ref Queue" in put().template
    events_backend.reset()
    queue = f"arn:aws:sqs:{HERE}:{OWN}:q"
    events_backend.policies.resource(queue)
    events = events_backend.client()
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": queue}])
    assert put().template.startswith("QPolicy:\n")


def test_the_lines_follow_an_update_of_the_stack(events_backend, put):
    events_backend.deploy(read_yaml(template(TO_QUEUE), None)[0], stack="app")
    before = events_backend.snapshot()
    assert put().template.startswith("QueuePolicy:")
    events_backend.deploy(read_yaml(template(TO_QUEUE + QUEUE_POLICY), None)[0], stack="app")
    assert put().template.startswith("# add to PolicyDocument.Statement of Letters (stack app):")
    events_backend.restore(before)
    assert put().template.startswith("QueuePolicy:")
