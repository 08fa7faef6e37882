"""The deployment of a template as a stack: made, changed, rolled back, removed."""

from __future__ import annotations

import copy
import json
import threading

import pytest

from eventmock import TemplateError
from eventmock.deployment.given import Given
from eventmock.deployment.plans import plans_of
from eventmock.services.events import SERVICE

PATTERN = {"source": ["shop"]}


def resource(kind, properties=None, **attributes):
    body = {"Type": kind if "::" in kind else f"AWS::Events::{kind}", **attributes}
    return body if properties is None else {**body, "Properties": properties}


def template(**resources):
    return {"Resources": resources}


def rule(**properties):
    attributes = {
        name: properties.pop(name)
        for name in ("DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Condition")
        if name in properties
    }
    return resource("Rule", {"EventPattern": PATTERN, **properties}, **attributes)


QUEUE = resource("AWS::SQS::Queue", {"QueueName": "jobs"})
TARGET = {"Id": "jobs", "Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}
EVERYTHING = template(
    Rule=rule(EventBusName={"Ref": "Bus"}, Targets=[TARGET]),
    Destination=resource(
        "ApiDestination",
        {
            "ConnectionArn": {"Fn::GetAtt": ["Connection", "Arn"]},
            "HttpMethod": "POST",
            "InvocationEndpoint": "https://example.com",
        },
    ),
    Connection=resource(
        "Connection",
        {
            "AuthorizationType": "BASIC",
            "AuthParameters": {"BasicAuthParameters": {"Username": "u", "Password": "p"}},
        },
    ),
    Archive=resource("Archive", {"SourceArn": {"Fn::GetAtt": ["Bus", "Arn"]}, "RetentionDays": 3}),
    Policy=resource(
        "EventBusPolicy", {"EventBusName": {"Ref": "Bus"}, "StatementId": "all", "Principal": "*"}
    ),
    Queue=QUEUE,
    Bus=resource("EventBus", {"Name": "orders"}),
)
CHANGED = copy.deepcopy(EVERYTHING)
for _name, _properties in {
    "Rule": {"EventPattern": {"source": ["till"]}, "Targets": [{**TARGET, "Id": "new"}]},
    "Destination": {"HttpMethod": "PUT"},
    "Connection": {"Description": "theirs"},
    "Archive": {"RetentionDays": 7},
    "Policy": {"Principal": "111122223333"},
    "Bus": {"Description": "all orders"},
}.items():
    CHANGED["Resources"][_name]["Properties"] |= _properties
NAMES = [name for name in EVERYTHING["Resources"] if name != "Queue"]
BAD = resource("Rule", {"EventPattern": {"source": "no list"}})


@pytest.fixture
def deploy(events_backend):
    """A function that deploys a stack."""

    def deploy(given, **keywords):
        return events_backend.deploy(given, **{"stack": "shop", **keywords})

    return deploy


@pytest.fixture
def rules(events):
    """A function that gives the rules of an event bus, by name."""

    def rules(bus="default"):
        return {one["Name"]: one for one in events.list_rules(EventBusName=bus)["Rules"]}

    return rules


@pytest.fixture
def calls(events_backend, monkeypatch):
    """The operations that deployments call, in order."""
    from eventmock.services.requests import Requests

    made, perform = [], Requests.perform

    def watched(requests, account, service, operation, members):
        made.append(operation)
        return perform(requests, account, service, operation, members)

    monkeypatch.setattr(Requests, "perform", watched)
    return made


# Order


def test_resources_are_made_after_what_they_refer_to_however_they_are_written(deploy):
    order = list(deploy(EVERYTHING))
    for earlier, later in [
        ("Bus", "Rule"),
        ("Queue", "Rule"),
        ("Connection", "Destination"),
        ("Bus", "Archive"),
        ("Bus", "Policy"),
    ]:
        assert order.index(earlier) < order.index(later)


@pytest.mark.parametrize("depends_on", ["Bus", ["Bus", "Queue"]])
def test_depends_on_orders_creation(deploy, depends_on):
    given = template(
        Rule=rule(EventBusName="orders", DependsOn=depends_on),
        Bus=resource("EventBus", {"Name": "orders"}),
        Queue=QUEUE,
    )
    order = list(deploy(given))
    needed = [depends_on] if isinstance(depends_on, str) else depends_on
    assert order.index("Rule") > max(order.index(name) for name in needed)


def test_a_circle_is_refused_before_anything_is_made(deploy, refusal, rules):
    one, two = (rule(Description={"Ref": other}) for other in ("Two", "One"))
    error = refusal(deploy, template(First=rule(), One=one, Two=two))
    assert "Circular dependency between resources: [" in error.message
    assert rules() == {}


def test_a_stack_is_removed_in_the_other_order_and_nothing_is_left(deploy, seen, calls):
    untouched = seen()
    deployment = deploy(EVERYTHING)
    del calls[:]
    deployment.delete()
    assert calls.index("RemoveTargets") < calls.index("DeleteRule") < calls.index("DeleteEventBus")
    assert calls.index("DeleteApiDestination") < calls.index("DeleteConnection")
    assert seen() == untouched


def test_targets_that_a_test_added_go_with_their_rule(deploy, rules, events):
    deployment = deploy(template(Rule=rule()))
    events.put_targets(
        Rule=deployment["Rule"].name,
        Targets=[{"Id": "mine", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}],
    )
    deployment.delete()
    assert rules() == {}


def test_a_bus_with_rules_of_others_cannot_be_removed(deploy, refusal, events):
    deployment = deploy(template(Bus=resource("EventBus", {"Name": "orders"}), Rule=rule()))
    events.put_rule(Name="theirs", EventBusName="orders", EventPattern=json.dumps(PATTERN))
    error = refusal(deployment.delete)
    assert error.logical_id == "Bus"
    assert "EventBus can't be deleted since it has rules." in error.message
    events.delete_rule(Name="theirs", EventBusName="orders")
    deployment.delete()
    assert [one["Name"] for one in events.list_event_buses()["EventBuses"]] == ["default"]


def test_what_a_test_has_removed_already_is_no_obstacle(deploy, seen, events):
    untouched = seen()
    deployment = deploy(template(Rule=rule(Name="paid"), Bus=resource("EventBus", {"Name": "orders"})))
    events.delete_rule(Name="paid")
    events.delete_event_bus(Name="orders")
    deployment.delete()
    assert seen() == untouched


# A second deployment


def test_an_unchanged_template_calls_nothing(deploy, calls, seen):
    deploy(EVERYTHING)
    before = seen()
    del calls[:]
    deploy(EVERYTHING)
    assert calls == []
    assert seen() == before


def test_only_what_changed_is_changed_in_place(deploy, calls, rules):
    given = template(One=rule(Name="one"), Two=rule(Name="two"))
    before = deploy(given)["Two"]
    del calls[:]
    given["Resources"]["Two"]["Properties"]["Description"] = "new"
    after = deploy(given)["Two"]
    assert calls == ["PutRule"]
    assert rules()["two"]["Description"] == "new"
    assert after.arn == before.arn


def test_what_a_test_changed_meanwhile_stays_where_the_template_did_not_change(deploy, rules, events):
    given = template(One=rule(Name="one"), Two=rule(Name="two"))
    deploy(given)
    for name in ("one", "two"):
        events.disable_rule(Name=name)
    given["Resources"]["Two"]["Properties"]["Description"] = "new"
    deploy(given)
    assert (rules()["one"]["State"], rules()["two"]["State"]) == ("DISABLED", "ENABLED")


def test_a_replacement_is_made_under_a_new_name_before_the_old_one_goes(deploy, calls, rules):
    bus = resource("EventBus", {"Name": "orders"})
    before = deploy(template(Bus=bus, Rule=rule()))["Rule"]
    del calls[:]
    after = deploy(template(Bus=bus, Rule=rule(EventBusName={"Ref": "Bus"})))["Rule"]
    assert calls == ["PutRule", "DeleteRule"]
    assert before.name != after.name
    assert (list(rules()), list(rules("orders"))) == ([], [after.name])


def test_each_replacement_has_another_name(deploy, rules):
    bus = resource("EventBus", {"Name": "orders"})
    names = [
        deploy(template(Bus=bus, Rule=rule(**on)))["Rule"].name
        for on in [{}, {"EventBusName": {"Ref": "Bus"}}] * 3
    ]
    assert len(set(names)) == 6
    assert (list(rules()), list(rules("orders"))) == ([], [names[-1]])


def test_what_refers_to_a_replaced_resource_follows(deploy, events):
    bus, on = resource("EventBus", {"Name": "orders"}), {"EventBusName": {"Ref": "Bus"}}
    other = rule(Name="other", Description={"Ref": "Rule"})
    deploy(template(Bus=bus, Rule=rule(), Other=other))
    name = deploy(template(Bus=bus, Rule=rule(**on), Other=other))["Rule"].name
    assert events.describe_rule(Name="other")["Description"] == f"orders|{name}"


def test_a_bus_of_another_name_takes_its_rules_along(deploy, events, rules):
    def given(name):
        return template(
            Bus=resource("EventBus", {"Name": name}),
            Rule=rule(EventBusName={"Ref": "Bus"}, Targets=[TARGET]),
            Queue=QUEUE,
        )

    deploy(given("orders"))
    deployment = deploy(given("invoices"))
    assert [one["Name"] for one in events.list_event_buses()["EventBuses"]] == ["default", "invoices"]
    assert list(rules("invoices")) == [deployment["Rule"].name]


def test_a_named_resource_that_has_to_be_replaced_is_refused(deploy, refusal, seen):
    bus = resource("EventBus", {"Name": "orders"})
    deploy(template(Bus=bus, Rule=rule(Name="paid")))
    before = seen()
    moved = rule(Name="paid", EventBusName={"Ref": "Bus"})
    error = refusal(deploy, template(Bus=bus, Rule=moved, Other=rule()))
    assert error.message == (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        "Rename paid and update the stack again."
    )
    assert error.logical_id == "Rule"
    assert seen() == before


def test_the_type_of_a_resource_cannot_change(deploy, refusal, seen):
    deploy(template(Thing=rule(Name="paid")))
    before = seen()
    error = refusal(deploy, template(Thing=resource("EventBus", {"Name": "orders"})))
    assert "Update of resource type is not permitted" in error.message
    assert "[Thing]" in error.message
    assert seen() == before


def test_what_the_template_has_no_more_goes_last(deploy, calls, rules):
    deploy(template(Old=rule(Name="old")))
    del calls[:]
    deploy(template(New=rule(Name="new")))
    assert calls == ["PutRule", "DeleteRule"]
    assert list(rules()) == ["new"]


def test_a_condition_that_turns_false_removes_a_resource(deploy, rules):
    given = template(Rule=rule(Name="paid", Condition="IsOn"), Other=rule(Name="other"))
    given["Parameters"] = {"On": {"Type": "String"}}
    given["Conditions"] = {"IsOn": {"Fn::Equals": [{"Ref": "On"}, "yes"]}}
    deploy(given, parameters={"On": "yes"})
    assert sorted(rules()) == ["other", "paid"]
    deployment = deploy(given, parameters={"On": "no"})
    assert list(rules()) == ["other"]
    assert "Rule" not in deployment
    deploy(given, parameters={"On": "yes"})
    assert sorted(rules()) == ["other", "paid"]


def test_parameters_keep_their_earlier_values(deploy, rules):
    given = template(Rule=rule(Name="paid", Description={"Fn::Sub": "${A} ${B}"}))
    given["Parameters"] = {"A": {"Type": "String"}, "B": {"Type": "String", "Default": "b"}}
    deploy(given, parameters={"A": "one", "B": "two"})
    deploy(given, parameters={"B": "three"})
    assert rules()["paid"]["Description"] == "one three"
    deploy(given)
    assert rules()["paid"]["Description"] == "one three"


def test_a_parameter_that_the_template_has_no_more_is_forgotten(deploy, rules):
    given = template(Rule=rule(Name="paid", Description={"Ref": "A"}))
    given["Parameters"] = {"A": {"Type": "String"}}
    deploy(given, parameters={"A": "one"})
    deploy(template(Rule=rule(Name="paid", Description="none")))
    assert rules()["paid"]["Description"] == "none"


def test_a_rule_that_gets_the_name_of_one_that_goes_is_refused_as_it_is_still_there(deploy, refusal, rules):
    deploy(template(Old=rule(Name="paid")))
    assert "already exists" in refusal(deploy, template(New=rule(Name="paid"))).message
    assert list(rules()) == ["paid"]


@pytest.mark.parametrize("kind", ["Rule", "EventBus"])
@pytest.mark.parametrize("stack", ["shop", "other"])
def test_who_has_the_name_of_a_resource_that_exists_is_told(deploy, refusal, kind, stack):
    given = {"Name": "paid", **({"EventPattern": PATTERN} if kind == "Rule" else {})}
    mine = template(First=resource(kind, given))
    if stack == "other":
        deploy(mine, stack="other")
        mine = template()
    mine["Resources"]["Second"] = resource(kind, given)
    error = refusal(deploy, mine)
    assert "already exists" in error.message
    assert error.message.endswith(f"(First of stack {stack} has that name)")


# What is kept


@pytest.mark.parametrize(
    ("policy", "left"), [("Delete", []), ("Retain", ["paid"]), ("RetainExceptOnCreate", ["paid"])]
)
@pytest.mark.parametrize("how", ["the stack goes", "the resource goes"])
def test_the_deletion_policy_says_what_is_left(deploy, rules, policy, left, how):
    deployment = deploy(template(Rule=rule(Name="paid", DeletionPolicy=policy), Queue=QUEUE))
    if how == "the stack goes":
        deployment.delete()
    else:
        deploy(template(Queue=QUEUE))
    assert list(rules()) == left


@pytest.mark.parametrize(("policy", "count"), [("Delete", 0), ("Retain", 1), (None, 0)])
def test_the_update_replace_policy_says_what_a_replacement_leaves(deploy, rules, policy, count):
    bus = resource("EventBus", {"Name": "orders"})
    kept = {} if policy is None else {"UpdateReplacePolicy": policy}
    before = deploy(template(Bus=bus, Rule=rule(DeletionPolicy="Retain", **kept)))["Rule"].name
    on = {"EventBusName": {"Ref": "Bus"}}
    deploy(template(Bus=bus, Rule=rule(DeletionPolicy="Retain", **kept, **on)))
    assert list(rules()) == [before] * count


@pytest.mark.parametrize(
    ("policy", "left"), [("Delete", []), ("Retain", ["paid"]), ("RetainExceptOnCreate", [])]
)
def test_the_deletion_policy_counts_when_a_creation_is_rolled_back(deploy, refusal, rules, policy, left):
    refusal(deploy, template(Rule=rule(Name="paid", DeletionPolicy=policy), Bad={**BAD, "DependsOn": "Rule"}))
    assert list(rules()) == left


def test_a_resource_of_which_a_snapshot_would_be_taken_goes(deploy):
    cluster = resource("AWS::RDS::DBCluster", {}, DeletionPolicy="Snapshot")
    deploy(template(Cluster=cluster)).delete()


# Failure


@pytest.mark.parametrize("after", [[], *([name] for name in NAMES), NAMES])
def test_nothing_is_left_of_a_failed_creation(deploy, refusal, seen, after):
    untouched = seen()
    given = template(Bad={**BAD, "DependsOn": after}, **EVERYTHING["Resources"])
    error = refusal(deploy, given)
    assert (error.logical_id, error.code) == ("Bad", "InvalidEventPatternException")
    assert seen() == untouched


@pytest.mark.parametrize("after", [[], *([name] for name in NAMES), NAMES])
def test_a_failed_update_changes_nothing(deploy, refusal, seen, after):
    deployment = deploy(EVERYTHING)
    before, properties = seen(), deployment["Rule"].properties
    refusal(deploy, template(Bad={**BAD, "DependsOn": after}, **CHANGED["Resources"]))
    assert without_empty_texts(seen()) == before
    assert deployment["Rule"].properties == properties
    deploy(CHANGED)
    assert seen() != before


OPERATIONS = (
    *("CreateEventBus", "PutRule", "PutTargets", "CreateArchive", "CreateConnection", "DescribeConnection"),
    *("CreateApiDestination", "PutPermission"),
)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_fault_in_any_call_rolls_a_creation_back(events_backend, deploy, refusal, seen, operation):
    untouched = seen()
    with events_backend.faults.inject("InternalException", operation=operation, times=1):
        error = refusal(deploy, EVERYTHING)
    assert error.code == "InternalException"
    assert seen() == untouched
    deploy(EVERYTHING)


UPDATES = (
    *("UpdateEventBus", "PutRule", "PutTargets", "RemoveTargets", "UpdateArchive", "UpdateConnection"),
    *("UpdateApiDestination", "PutPermission"),
)


@pytest.mark.parametrize("operation", UPDATES)
def test_a_fault_in_any_call_rolls_an_update_back(events_backend, deploy, refusal, seen, operation):
    if operation not in SERVICE.model.operation_names:
        pytest.skip(f"the installed botocore has no {operation}")
    deploy(EVERYTHING)
    before = seen()
    with events_backend.faults.inject("InternalException", operation=operation, times=1):
        refusal(deploy, CHANGED)
    after = seen()
    assert without_empty_texts(after) == before


def without_empty_texts(value):
    """A description without empty texts: what the API can empty, but not unset."""
    if isinstance(value, dict):
        return {key: without_empty_texts(item) for key, item in value.items() if item != ""}
    return [without_empty_texts(item) for item in value] if isinstance(value, list) else value


def test_a_connection_that_fails_rolls_the_deployment_back(events_backend, deploy, seen):
    untouched = seen()
    with (
        events_backend.faults.inject(ConnectionError, operation="CreateApiDestination", times=1),
        pytest.raises(TemplateError, match="Destination"),
    ):
        deploy(EVERYTHING)
    assert seen() == untouched


def test_an_exception_of_the_test_rolls_the_deployment_back_and_is_raised(events_backend, deploy, seen):
    untouched = seen()
    with (
        events_backend.faults.inject(KeyError, operation="CreateApiDestination", times=1),
        pytest.raises(KeyError),
    ):
        deploy(EVERYTHING)
    assert seen() == untouched


def test_a_rollback_that_fails_says_what_is_left(events_backend, deploy, refusal):
    given = template(Rule=rule(Name="paid"), Bad={**BAD, "DependsOn": "Rule"})
    with events_backend.faults.inject("InternalException", operation="DeleteRule"):
        error = refusal(deploy, given)
    assert "Event pattern is not valid" in error.message
    assert "(and what was done could not be undone: InternalException: injected by the test)" in error.message
    assert error.logical_id == "Bad"


def test_a_failed_replacement_keeps_the_old_resource(deploy, refusal, seen):
    bus = resource("EventBus", {"Name": "orders"})
    deploy(template(Bus=bus, Rule=rule()))
    before = seen()
    given = template(Bus=bus, Rule=rule(EventBusName={"Ref": "Bus"}), Bad={**BAD, "DependsOn": "Rule"})
    refusal(deploy, given)
    assert seen() == before


def test_the_policy_of_a_bus_is_rolled_back(deploy, refusal, seen, events):
    bus = resource("EventBus", {"Name": "orders"})
    deploy(template(Bus=bus))
    for statement in (None, "mine"):
        if statement is not None:
            events.put_permission(
                EventBusName="orders", StatementId=statement, Principal="*", Action="events:PutEvents"
            )
        before = seen()
        policy = {"Version": "2012-10-17", "Statement": []}
        arn = "arn:aws:events:us-east-1:123456789012:event-bus/orders"
        policy["Statement"].append(
            {"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": arn}
        )
        with_policy = resource("EventBus", {"Name": "orders", "Policy": policy})
        refusal(deploy, template(Bus=with_policy, Bad={**BAD, "DependsOn": "Bus"}))
        assert seen() == before


def test_what_cannot_be_removed_after_an_update_stays_and_is_noted(deploy, events, events_backend):
    bus = resource("EventBus", {"Name": "orders"})
    deploy(template(Bus=bus, Queue=QUEUE))
    events.put_rule(Name="theirs", EventBusName="orders", EventPattern=json.dumps(PATTERN))
    deployment = deploy(template(Queue=QUEUE))
    assert list(deployment) == ["Queue"]
    assert "Bus could not be removed, and stays" in str(events_backend.report())


def test_a_mistake_in_the_template_is_found_before_anything_is_made(deploy, refusal, calls):
    for wrong in (
        template(Rule=rule(), Other=rule(Description={"Ref": "Nothing"})),
        template(Rule=rule(), Other=resource("Rules", {})),
        template(Rule=rule(), Other=rule(Condition="None")),
    ):
        refusal(deploy, wrong)
    assert calls == []


# Errors

YAML = """\
Resources:
  Bus:
    Type: AWS::Events::EventBus
    Properties:
      Name: orders
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      {}
"""


@pytest.mark.parametrize(
    ("written", "line", "code"),
    [
        ("EventPattern: {source: shop}", 10, "InvalidEventPatternException"),
        ("EventPattern:\n        source: [a]\n      Stat: ENABLED", 12, None),
        ("State: enabled\n      EventPattern: {source: [a]}", 10, "ValidationException"),
        ("EventPattern: {source: [a]}\n      ScheduleExpression: daily", 11, "ValidationException"),
        ("EventPattern: {source: [a]}\n      RoleArn: a b c\n      State: DOWN", 12, "ValidationException"),
        (
            "EventPattern: {source: [a]}\n      Targets:\n      - Id: a\n        Arn: arn:aws:sqs:us-east-1:1:q\n"
            "      - Id: a b\n        Arn: arn:aws:sqs:us-east-1:123456789012:q",
            14,
            "ValidationException",
        ),
        (
            "EventPattern: {source: [a]}\n      Targets:\n      - Id: a\n        Arn: nonsense",
            13,
            "ValidationException",
        ),
        ("EventPattern: {source: [a]}\n      Targets:\n      - Id: a", 12, None),
        ("EventPattern: {source: [a]}\n      Tags: {a: b}", 11, None),
        ("EventPattern: {source: [a]}\n      Description: !Ref Nothing", 11, None),
        ("Description: none", 6, "ValidationException"),
    ],
)
def test_an_error_has_the_file_the_line_and_the_code(deploy, refusal, write, written, line, code):
    path = write("template.yaml", YAML.format(written))
    error = refusal(deploy, path)
    assert (error.file, error.line, error.logical_id, error.code) == (str(path), line, "Rule", code)
    assert str(error).startswith(f"{path}:{line}: Rule: ")


def test_an_error_in_json_has_its_line(deploy, refusal, write):
    path = write("template.json", template(Rule=rule(EventBusName="gone")))
    error = refusal(deploy, path)
    lines = path.read_text("utf-8").splitlines()
    assert '"EventBusName": "gone"' in lines[error.line - 1]


def test_a_mapping_has_no_line(deploy, refusal):
    error = refusal(deploy, template(Rule=rule(EventBusName="gone")))
    assert (error.file, error.line) == (None, None)
    assert str(error).startswith("template: Rule: AWS would refuse this AWS::Events::Rule: ResourceNotFound")


@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        ("Rules", " (did you mean AWS::Events::Rule?)"),
        ("eventbus", " (did you mean AWS::Events::EventBus?)"),
        ("Bus", ""),
    ],
)
def test_a_type_of_eventbridge_that_there_is_not_is_refused(deploy, refusal, kind, hint):
    error = refusal(deploy, template(Thing=resource(kind, {})))
    assert error.message == f"Template format error: Unrecognized resource types: [AWS::Events::{kind}]{hint}"


def test_all_failures_of_single_resources_are_collected_where_that_is_wanted(events_backend):
    given = template(
        First=BAD,
        Second=rule(Description={"Ref": "First"}),
        Third=rule(State="DOWN"),
        Fourth=rule(),
    )
    place = {"account": None, "region": None}
    [plan] = plans_of(events_backend.state, given, "shop", Given(), **place)
    failures = []
    plan.deployer(events_backend.state, failures=failures).deploy()
    assert [error.logical_id for error in failures] == ["First", "Third"]


def test_an_attribute_that_there_is_not_is_told_with_those_that_there_are(deploy, refusal):
    error = refusal(deploy, template(Rule=rule(), Other=rule(Description={"Fn::GetAtt": ["Rule", "Id"]})))
    assert "AWS::Events::Rule has no attribute Id; Rule has Arn, RuleName" in error.message


def test_a_template_that_is_nested_too_deeply_is_told(deploy, refusal):
    value = "x"
    for _ in range(5000):
        value = {"Fn::Join": ["", ["a", value]]}
    assert "nested too deeply" in refusal(deploy, template(Rule=rule(Description=value))).message


# What is not made, and what is made up


def test_types_that_are_not_served_are_named_in_the_deployment_and_the_report(deploy, events_backend):
    given = template(
        Pipe=resource("AWS::Pipes::Pipe", {}),
        Table=resource("AWS::DynamoDB::Table", {}),
    )
    deployment = deploy(given)
    assert deployment.not_served == ["Pipe (AWS::Pipes::Pipe)"]
    assert "Pipe is not made: eventmock does not serve AWS::Pipes::Pipe yet" in str(events_backend.report())


def test_a_dynamic_reference_without_a_value_is_made_up_and_named(deploy, events_backend):
    given = copy.deepcopy(EVERYTHING)
    basic = given["Resources"]["Connection"]["Properties"]["AuthParameters"]["BasicAuthParameters"]
    basic["Password"] = "{{resolve:secretsmanager:shop:SecretString:password}}"
    deployment = deploy(given)
    assert deployment.unresolved == ["secretsmanager:shop:SecretString:password"]
    assert "secretsmanager:shop:SecretString:password" in str(events_backend.report())


def test_a_made_up_value_that_aws_refuses_is_named(deploy, refusal):
    target = {"Id": "a", "Arn": "{{resolve:ssm:/shop/queue}}"}
    error = refusal(deploy, template(Rule=rule(Targets=[target])))
    assert "made up for ssm:/shop/queue: give resolve={'ssm:/shop/queue': ...}" in error.message


# Places


def test_a_stack_is_deployed_into_an_account_and_a_region(events_backend, deploy, events):
    where = {"account": "999999999999", "region": "eu-west-1"}
    given = template(Rule=rule(Name="paid", Description={"Fn::Sub": "${AWS::AccountId} ${AWS::Region}"}))
    deployment = deploy(given, **where)
    [made] = events_backend.client(**where).list_rules()["Rules"]
    assert made["Description"] == "999999999999 eu-west-1"
    assert made["Arn"] == deployment["Rule"].arn == "arn:aws:events:eu-west-1:999999999999:rule/paid"
    assert events.list_rules()["Rules"] == []


def test_stacks_of_one_name_in_two_places_are_two(deploy, events_backend):
    here, there = deploy(template(Rule=rule())), deploy(template(Rule=rule()), region="eu-west-1")
    here.delete()
    assert list(there) == ["Rule"]
    assert len(events_backend.client(region="eu-west-1").list_rules()["Rules"]) == 1


def test_names_are_the_same_in_every_run(deploy, events_backend):
    name = deploy(template(Rule=rule()))["Rule"].name
    events_backend.reset()
    assert deploy(template(Rule=rule()))["Rule"].name == name
    assert deploy(template(Rule=rule()), stack="other")["Rule"].name != name


# Time and threads


def test_two_threads_deploy_at_once_and_the_delays_stay(events_backend, deploy, events):
    before = events_backend.delays.connection
    failures = []
    start = threading.Barrier(8)

    def work(number):
        start.wait(30)
        given = copy.deepcopy(EVERYTHING)
        given["Resources"]["Bus"]["Properties"]["Name"] = f"orders-{number}"
        try:
            for _ in range(3):
                deploy(given, stack=f"shop-{number}")
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert len(events.list_event_buses()["EventBuses"]) == 9
    assert events_backend.delays.connection == before


def test_a_template_of_500_resources_takes_moments(deploy, events_backend, seconds):
    events_backend.quotas.rules_per_event_bus = 1000
    given = {
        "Resources": {f"Rule{number}": rule(Targets=[TARGET]) for number in range(499)} | {"Queue": QUEUE}
    }
    assert seconds(lambda: deploy(given), enough=2.0) < 2.0


def test_a_made_up_import_that_moto_refuses_is_named(events_backend, refusal):
    from moto import mock_aws

    allowed = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": {"Fn::ImportValue": "queue-arn"}}
    policy = {"Version": "2012-10-17", "Statement": [allowed]}
    properties = {
        "AssumeRolePolicyDocument": policy,
        "Policies": [{"PolicyName": "p", "PolicyDocument": policy}],
    }
    role = {"Type": "AWS::IAM::Role", "Properties": properties}
    with mock_aws():
        error = refusal(events_backend.deploy, {"Resources": {"Role": role}}, in_moto=True)
    assert "(import-queue-arn is made up: give imports={'queue-arn': ...})" in error.message


LOOKUP = {
    "Type": "Custom::Lookup",
    "Properties": {"ServiceToken": "arn:aws:lambda:us-east-1:111122223333:function:f"},
}


def test_attributes_of_a_custom_resource_may_be_given(deploy):
    pattern = {
        "source": {"Fn::GetAtt": ["Lookup", "Sources"]},
        "detail": {"kind": [{"Fn::GetAtt": ["Lookup", "Kind"]}]},
    }
    given = {"Lookup.Sources": ["shop", "bills"]}
    deployment = deploy(template(Lookup=LOOKUP, Rule=rule(EventPattern=pattern)), imports=given)
    assert deployment["Rule"].properties["EventPattern"] == {
        "source": ["shop", "bills"],
        "detail": {"kind": ["Lookup.Kind"]},
    }


def test_a_made_up_attribute_that_aws_refuses_is_named(deploy, refusal):
    state = {"Fn::GetAtt": ["Lookup", "State"]}
    error = refusal(deploy, template(Lookup=LOOKUP, Rule=rule(State=state)))
    assert "(Lookup.State is made up: give imports={'Lookup.State': ...})" in error.message
