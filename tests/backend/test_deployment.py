"""What a test holds of a deployed template."""

from __future__ import annotations

import json
import re

import boto3
import pytest

from eventmock import MockStateError, NoSuchResource, NoSuchRule, OptionError, TemplateError, mock_events

PATTERN = {"source": ["shop"]}


def resource(kind, properties=None, **attributes):
    body = {"Type": kind if "::" in kind else f"AWS::Events::{kind}", **attributes}
    return body if properties is None else {**body, "Properties": properties}


def target(name):
    return {"Id": name, "Arn": {"Fn::GetAtt": [name, "Arn"]}}


TEMPLATE = {
    "Parameters": {"Stage": {"Type": "String", "Default": "test"}},
    "Conditions": {"IsLive": {"Fn::Equals": [{"Ref": "Stage"}, "live"]}},
    "Resources": {
        "Queue": resource("AWS::SQS::Queue", {"QueueName": "jobs"}),
        "Rule": resource("Rule", {"EventPattern": PATTERN, "Targets": [target("Queue")]}),
        "Alarm": resource("AWS::SNS::Topic", Condition="IsLive"),
    },
    "Outputs": {"Url": {"Value": {"Ref": "Queue"}}},
}
FUNCTIONS = {
    "Resources": {
        "Ship": resource("AWS::Lambda::Function", {"Handler": "app.ship", "FunctionName": "ship"}),
        "Bill": resource("AWS::Lambda::Function", {"Handler": "app.bill"}),
        "Rule": resource("Rule", {"EventPattern": PATTERN, "Targets": [target("Ship"), target("Bill")]}),
    }
}


@pytest.fixture
def deployment(events_backend):
    """A deployment of a rule with a queue."""
    return events_backend.deploy(TEMPLATE, stack="shop")


@pytest.fixture
def put(events_backend, order):
    """A function that puts an event of a source."""
    client = events_backend.client()
    return lambda source="shop", **more: client.put_events(Entries=[{**order, "Source": source, **more}])


# Resources


def test_a_resource_is_had_by_its_logical_id(deployment):
    queue = deployment["Queue"]
    assert (queue.logical_id, queue.type, queue.name) == ("Queue", "AWS::SQS::Queue", "jobs")
    assert queue.arn == "arn:aws:sqs:us-east-1:123456789012:jobs"
    assert queue.ref == deployment.outputs["Url"] == queue.attributes["QueueUrl"]
    assert queue.properties == {"QueueName": "jobs"}


def test_a_deployment_is_a_collection_of_logical_ids(deployment):
    assert list(deployment) == ["Queue", "Rule"] == list(deployment.resources)
    assert len(deployment) == 2
    assert "Rule" in deployment
    assert "Alarm" not in deployment
    assert 5 not in deployment
    assert repr(deployment) == "<deployment of shop: 2 resources>"


def test_a_deployment_shows_parameters_outputs_and_its_stack(deployment):
    assert deployment.parameters == {"Stage": "test"}
    assert list(deployment.outputs) == ["Url"]
    assert (deployment.name, list(deployment.stacks)) == ("shop", ["shop"])
    assert (deployment.not_served, deployment.unresolved, deployment.notes) == ([], [], [])


def test_a_later_deployment_of_the_stack_is_seen(events_backend, deployment):
    events_backend.deploy(TEMPLATE, stack="shop", parameters={"Stage": "live"})
    assert deployment.parameters == {"Stage": "live"}
    assert "Alarm" in deployment


@pytest.mark.parametrize(
    ("logical_id", "text"),
    [
        ("Queu", "deployment['Queu']: the template has no such resource: did you mean 'Queue'?"),
        ("Nothing", "deployment['Nothing']: the template has no such resource: there are Queue, Rule"),
        ("Alarm", "deployment['Alarm']: it is not made, because the condition IsLive is false"),
    ],
)
@pytest.mark.parametrize("call", [lambda one, name: one[name], lambda one, name: one.rule(name)])
def test_a_resource_that_there_is_not_is_a_key_error_that_says_why(deployment, logical_id, text, call):
    with pytest.raises(KeyError) as caught:
        call(deployment, logical_id)
    assert str(caught.value) == text
    assert isinstance(caught.value, NoSuchResource)


def test_a_logical_id_of_two_stacks_needs_the_stack(events_backend, tmp_path):
    artifacts = {}
    for name in ("One", "Two"):
        (tmp_path / f"{name}.json").write_text(json.dumps(TEMPLATE), "utf-8")
        properties = {"templateFile": f"{name}.json"}
        artifacts[name] = {"type": "aws:cloudformation:stack", "properties": properties}
    artifacts["Two"]["environment"] = "aws://999999999999/eu-west-1"
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}), "utf-8")
    deployment = events_backend.deploy(tmp_path)
    with pytest.raises(NoSuchResource, match=re.escape("deployment.stacks[NAME]['Queue']")):
        deployment["Queue"]
    assert deployment.stacks["Two"]["Queue"].arn == "arn:aws:sqs:eu-west-1:999999999999:jobs"
    artifacts["One"]["properties"]["stackName"] = artifacts["Two"]["properties"]["stackName"] = "shop"
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}), "utf-8")
    stacks = events_backend.deploy(tmp_path).stacks
    assert sorted(stacks) == ["123456789012/us-east-1/shop", "999999999999/eu-west-1/shop"]


def test_an_attribute_that_there_is_not_is_told(deployment):
    with pytest.raises(AttributeError, match="did you mean 'resources'"):
        deployment.resource  # noqa: B018 - it raises


def test_a_deployment_is_deleted_once(deployment, events):
    deployment.delete()
    assert events.list_rules()["Rules"] == []
    assert repr(deployment) == "<deployment of shop: not there any more>"
    for call in (deployment.delete, lambda: deployment["Queue"], lambda: deployment.outputs):
        with pytest.raises(
            MockStateError, match="there is no stack 'shop' in 123456789012, us-east-1 any more"
        ):
            call()


# Rules


def test_a_rule_has_all_assertions_of_a_backend(events_backend, deployment, put):
    rule = deployment.rule("Rule")
    assert (rule.logical_id, rule.bus, rule.arn) == ("Rule", "default", deployment["Rule"].arn)
    rule.assert_not_delivered()
    put()
    put("till")
    [delivery] = rule.assert_delivered(times=1, target="Queue")
    assert list(rule.deliveries) == [delivery]
    assert [event.source for event in rule.events] == ["shop"]
    with pytest.raises(AssertionError):
        rule.assert_not_delivered()
    with pytest.raises(AssertionError):
        rule.assert_dropped()
    assert len(events_backend.deliveries) == 1


def test_the_assertions_of_a_rule_are_about_this_rule_only(events_backend, put):
    resources = {
        name: resource("Rule", {"EventPattern": {"source": [name]}, "Targets": [target("Queue")]})
        for name in ("shop", "till")
    }
    given = {"Resources": {**resources, "Queue": TEMPLATE["Resources"]["Queue"]}}
    deployment = events_backend.deploy(given, stack="shop")
    put("till")
    deployment.rule("till").assert_delivered()
    with pytest.raises(AssertionError, match="delivered nothing"):
        deployment.rule("shop").assert_delivered()


@pytest.mark.parametrize("name", ["rule", "bus"])
def test_the_rule_is_said_already(deployment, name):
    with pytest.raises(OptionError, match=f"{name}=...\\): the rule is '.*' of 'default' already"):
        deployment.rule("Rule").assert_delivered(**{name: "x"})


def test_a_rule_on_another_bus(events_backend, put):
    given = {
        "Resources": {
            "Bus": resource("EventBus", {"Name": "orders"}),
            "Rule": resource(
                "Rule",
                {"EventPattern": PATTERN, "EventBusName": {"Ref": "Bus"}, "Targets": [target("Queue")]},
            ),
            "Queue": TEMPLATE["Resources"]["Queue"],
        }
    }
    rule = events_backend.deploy(given, stack="shop").rule("Rule")
    assert rule.bus == "orders"
    put()
    rule.assert_not_delivered()
    put(EventBusName="orders")
    rule.assert_delivered(times=1)
    assert rule.explain({"Source": "shop", "DetailType": "x", "Detail": "{}"}).matched


def test_explain_says_whether_the_rule_would_match(deployment, order):
    rule = deployment.rule("Rule")
    assert rule.explain(order).matched
    verdict = rule.explain({**order, "Source": "till"})
    assert not verdict.matched
    assert 'source held "till", wanted one of ["shop"]' in str(verdict)
    assert rule.events == []


def test_explain_of_a_rule_that_a_test_deleted(deployment, events, order):
    rule = deployment.rule("Rule")
    events.remove_targets(Rule=rule.name, Ids=["Queue"])
    events.delete_rule(Name=rule.name)
    with pytest.raises(NoSuchRule, match=rf"rule '{rule.name}' \(Rule\) was deleted"):
        rule.explain(order)


def test_assert_matched_is_about_rules_without_targets_too(events_backend, put):
    rule = resource("Rule", {"EventPattern": PATTERN})
    made = events_backend.deploy({"Resources": {"Rule": rule}}, stack="shop").rule("Rule")
    assert made.assert_matched(times=0) == []
    put()
    put()
    assert len(made.assert_matched()) == len(made.assert_matched(times=2)) == 2


def test_assert_matched_is_about_schedules_too(events_backend):
    rule = resource("Rule", {"ScheduleExpression": "rate(5 minutes)"})
    made = events_backend.deploy({"Resources": {"Rule": rule}}, stack="shop").rule("Rule")
    with pytest.raises(AssertionError):
        made.assert_matched()
    events_backend.clock.advance(minutes=11)
    made.assert_matched(times=2)


def test_an_assertion_that_fails_says_why_the_last_events_did_not_match(deployment, put):
    rule = deployment.rule("Rule")

    def failure(**keywords):
        with pytest.raises(AssertionError) as caught:
            rule.assert_matched(**keywords)
        return str(caught.value).splitlines()

    first = f"rule '{rule.name}' (Rule) matched no events, wanted at least one"
    assert failure() == [first, "  no event came to its bus"]
    for number in range(5):
        put(f"till-{number}")
    assert failure() == [
        first,
        *(f'  {rule.name}: source held "till-{number}", wanted one of ["shop"]' for number in (2, 3, 4)),
    ]
    put()
    assert failure(times=2) == [f"rule '{rule.name}' (Rule) matched 1 event, wanted 2"]


def test_events_of_another_region_are_no_reason(events_backend, deployment, order):
    events_backend.client(region="eu-west-1").put_events(Entries=[order])
    with pytest.raises(AssertionError, match="no event came to its bus"):
        deployment.rule("Rule").assert_matched()


@pytest.mark.parametrize("times", [-1, "2", 1.0, True])
def test_a_number_of_times_that_cannot_be_is_refused(deployment, times):
    with pytest.raises(OptionError, match="wanted a whole number from 0, or None"):
        deployment.rule("Rule").assert_matched(times=times)


def test_what_is_no_rule_is_refused(deployment):
    with pytest.raises(OptionError, match="that is an AWS::SQS::Queue, not an AWS::Events::Rule"):
        deployment.rule("Queue")


# Handlers


def test_a_handler_is_given_by_the_logical_id_or_the_text_of_handler(events_backend, put):
    got = []
    handlers = {
        "Ship": lambda event, _: got.append(("ship", event["source"])),
        "app.bill": lambda event, _: got.append(("bill", event["source"])),
    }
    deployment = events_backend.deploy(FUNCTIONS, stack="shop", handlers=handlers)
    put()
    assert sorted(got) == [("bill", "shop"), ("ship", "shop")]
    deployment.function("Ship").assert_invoked(times=1)
    deployment.rule("Rule").assert_delivered(times=2)


def test_a_function_without_a_handler_is_only_recorded(events_backend, put):
    deployment = events_backend.deploy(FUNCTIONS, stack="shop", handlers={"Ship": lambda *_: None})
    put()
    deployment.rule("Rule").assert_delivered(times=2)
    text = "no handler was given for it: backend.deploy(..., handlers={'Bill': function})"
    with pytest.raises(OptionError, match=re.escape(text)):
        deployment.function("Bill")


def test_what_is_no_function_is_refused(events_backend):
    deployment = events_backend.deploy(FUNCTIONS, stack="shop")
    with pytest.raises(OptionError, match="that is an AWS::Events::Rule, not an AWS::Lambda::Function"):
        deployment.function("Rule")


async def coroutine(_event, _context):
    """A handler that Lambda would not await."""


@pytest.mark.parametrize(
    ("handlers", "text"),
    [
        ({"Shipp": print}, "no function has that logical ID or Handler: did you mean 'Ship'?"),
        (
            {"Rule": print},
            "no function has that logical ID or Handler: there are Bill, Ship, app.bill, app.ship",
        ),
        ({"Ship": 5}, "handlers={'Ship': ...}): wanted a function of (event, context), not 5"),
        ({"Ship": coroutine}, "Lambda does not await what the coroutine function coroutine returns"),
        ([print], "wanted a mapping of logical IDs to functions, such as {'ShipFunction': ship}"),
        (print, "wanted a mapping of logical IDs to functions, such as {'ShipFunction': ship}"),
    ],
)
def test_a_wrong_handler_is_refused_before_anything_is_made(events_backend, events, handlers, text):
    with pytest.raises(OptionError, match=re.escape(text)):
        events_backend.deploy(FUNCTIONS, stack="shop", handlers=handlers)
    assert events.list_rules()["Rules"] == []


def test_a_text_of_handler_that_two_functions_have_is_ambiguous(events_backend):
    function = resource("AWS::Lambda::Function", {"Handler": "app.main"})
    given = {"Resources": {"One": function, "Two": function}}
    with pytest.raises(OptionError, match="One and Two have that Handler: name the logical ID"):
        events_backend.deploy(given, stack="shop", handlers={"app.main": print})
    events_backend.deploy(given, stack="shop", handlers={"One": print, "Two": print})


def with_function(properties, **others):
    function = resource("AWS::Lambda::Function", {"FunctionName": "ship", **properties})
    arn = {"Fn::GetAtt": ["Ship", "Arn"]}
    rule = resource("Rule", {"EventPattern": PATTERN, "Targets": [{"Id": "f", "Arn": arn}]})
    return {"Resources": {"Ship": function, "Rule": rule, **others}}


def test_the_settings_of_the_template_apply(events_backend, put):
    seen = []

    def ship(_event, context):
        import os

        seen.append((context.memory_limit_in_mb, context.get_remaining_time_in_millis()))
        seen.append({name: os.environ.get(name) for name in ("QUEUE", "DEBUG", "COUNT")})

    queue = TEMPLATE["Resources"]["Queue"]
    variables = {"QUEUE": {"Ref": "Queue"}, "DEBUG": True, "COUNT": 5}
    properties = {"Timeout": "7", "MemorySize": 256, "Environment": {"Variables": variables}}
    deployment = events_backend.deploy(
        with_function(properties, Queue=queue), stack="shop", handlers={"Ship": ship}
    )
    put()
    [(memory, left), environment] = seen
    assert int(memory) == 256
    assert 6000 < left <= 7000
    assert environment == {"QUEUE": deployment["Queue"].ref, "DEBUG": "true", "COUNT": "5"}


def fail(_event, _context):
    raise ValueError("no stock")


def test_the_settings_of_asynchronous_invocations_apply(events_backend, put):
    queue = TEMPLATE["Resources"]["Queue"]
    lost = {"Fn::GetAtt": ["Queue", "Arn"]}
    config = resource(
        "AWS::Lambda::EventInvokeConfig",
        {
            "FunctionName": {"Ref": "Ship"},
            "Qualifier": "$LATEST",
            "MaximumRetryAttempts": "0",
            "DestinationConfig": {"OnFailure": {"Destination": lost}},
        },
    )
    deployment = events_backend.deploy(
        with_function({}, Config=config, Queue=queue), stack="shop", handlers={"Ship": fail}
    )
    put()
    events_backend.clock.advance(hours=7)
    deployment.function("Ship").assert_invoked(times=1)
    [invocation] = deployment.function("Ship").invocations
    assert [(sent.outlet, sent.arn) for sent in invocation.sent] == [("on failure", deployment["Queue"].arn)]


def test_the_dead_letter_queue_of_a_function_gets_what_failed(events_backend, put):
    queue = TEMPLATE["Resources"]["Queue"]
    properties = {"DeadLetterConfig": {"TargetArn": {"Fn::GetAtt": ["Queue", "Arn"]}}}
    deployment = events_backend.deploy(
        with_function(properties, Queue=queue), stack="shop", handlers={"Ship": fail}
    )
    put()
    events_backend.clock.advance(hours=7)
    [invocation] = deployment.function("Ship").invocations
    assert [(sent.outlet, sent.arn) for sent in invocation.sent] == [("dead-letter", deployment["Queue"].arn)]


def test_versions_and_aliases_of_the_template_can_be_targets(events_backend, put):
    got = []
    version = resource("AWS::Lambda::Version", {"FunctionName": {"Ref": "Ship"}})
    alias = resource(
        "AWS::Lambda::Alias",
        {
            "FunctionName": {"Ref": "Ship"},
            "Name": "live",
            "FunctionVersion": {"Fn::GetAtt": ["Version", "Version"]},
        },
    )
    given = with_function({}, Version=version, Alias=alias)
    targets = [{"Id": "alias", "Arn": {"Ref": "Alias"}}, {"Id": "version", "Arn": {"Ref": "Version"}}]
    given["Resources"]["Rule"]["Properties"]["Targets"] = targets
    deployment = events_backend.deploy(
        given, stack="shop", handlers={"Ship": lambda _, context: got.append(context.invoked_function_arn)}
    )
    put()
    arn = deployment["Ship"].arn
    assert sorted(got) == [f"{arn}:1", f"{arn}:live"]


def test_a_second_deployment_changes_the_settings(events_backend, put):
    seen = []
    handlers = {"Ship": lambda _, context: seen.append(int(context.memory_limit_in_mb))}
    for memory in (128, 512):
        events_backend.deploy(with_function({"MemorySize": memory}), stack="shop", handlers=handlers)
        put()
    assert seen == [128, 512]


def test_settings_that_cannot_be_read_are_told_with_the_function(events_backend):
    with pytest.raises(TemplateError, match=r"Ship: the settings of the function cannot be read: .*soon"):
        events_backend.deploy(with_function({"Timeout": "soon"}), stack="shop", handlers={"Ship": print})


@pytest.mark.parametrize("how", ["the stack goes", "the function goes"])
def test_a_function_that_went_runs_no_handler_when_it_comes_back(events_backend, put, how):
    got = []
    given = with_function({})
    deployment = events_backend.deploy(given, stack="shop", handlers={"Ship": lambda *_: got.append(1)})
    if how == "the stack goes":
        deployment.delete()
    else:
        events_backend.deploy(TEMPLATE, stack="shop")
    events_backend.deploy(given, stack="shop")
    put()
    assert got == []


# Options


@pytest.mark.parametrize("template", [5, None, b"template.yaml", ["template.yaml"], object])
def test_what_is_no_template_is_refused(events_backend, template):
    with pytest.raises(OptionError, match="wanted the path of a template, or a mapping"):
        events_backend.deploy(template)


@pytest.mark.parametrize("name", ["parameters", "imports", "resolve"])
@pytest.mark.parametrize("value", [5, "x", [("a", "b")]])
def test_what_is_no_mapping_is_refused(events_backend, name, value):
    with pytest.raises(OptionError, match=f"{name}=.*: wanted a mapping"):
        events_backend.deploy(TEMPLATE, **{name: value})


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("region", "nowhere", "wanted a region such as 'us-east-1'"),
        ("region", 5, "region=5"),
        ("account", "12", "wanted an account id"),
        ("account", 123456789012, "account=123456789012"),
        ("stack", "my stack", "wanted a name of letters"),
    ],
)
def test_a_place_that_cannot_be_is_refused(events_backend, name, value, text):
    with pytest.raises(OptionError, match=text):
        events_backend.deploy(TEMPLATE, **{name: value})


def test_a_parameter_that_the_template_lacks_is_refused(events_backend):
    text = "Parameters: [Stag] do not exist in the template; did you mean 'Stage'?"
    with pytest.raises(TemplateError, match=re.escape(text)):
        events_backend.deploy(TEMPLATE, parameters={"Stag": "live"})


def test_a_file_that_is_missing_is_told(events_backend, tmp_path):
    with pytest.raises(TemplateError, match="no such file"):
        events_backend.deploy(tmp_path / "template.json")


# Beside moto, and with permissions


def test_moto_has_to_be_active_for_resources_in_moto(events_backend):
    with pytest.raises(OptionError, match="in_moto=True: moto is not active: use mock_aws"):
        events_backend.deploy(TEMPLATE, in_moto=True)


def test_resources_in_moto_take_deliveries_and_go_with_their_stack(events_backend, order):
    from moto import mock_aws

    with mock_aws():
        deployment = events_backend.deploy(TEMPLATE, stack="shop", in_moto=True)
        events_backend.client().put_events(Entries=[order])
        sqs = boto3.client("sqs", "us-east-1")
        [message] = sqs.receive_message(QueueUrl=deployment["Queue"].ref)["Messages"]
        assert '"source":"shop"' in message["Body"].replace(" ", "")
        deployment.delete()
        assert "QueueUrls" not in sqs.list_queues()


def test_resources_in_moto_go_when_the_deployment_fails(events_backend):
    from moto import mock_aws

    bad = resource("Rule", {"EventPattern": {"source": "x"}}, DependsOn="Queue")
    with mock_aws():
        with pytest.raises(TemplateError, match="Bad"):
            events_backend.deploy({"Resources": {"Queue": TEMPLATE["Resources"]["Queue"], "Bad": bad}})
        assert "QueueUrls" not in boto3.client("sqs", "us-east-1").list_queues()


def policy_of(source):
    document = {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
                "Condition": {"ArnEquals": {"aws:SourceArn": source}},
            }
        ]
    }
    return resource("AWS::SQS::QueuePolicy", {"Queues": [{"Ref": "Queue"}], "PolicyDocument": document})


@pytest.mark.parametrize(
    ("policy", "delivers"),
    [
        (None, False),
        ({"Fn::GetAtt": ["Rule", "Arn"]}, True),
        ("arn:aws:events:us-east-1:123456789012:rule/other", False),
    ],
)
def test_permissions_are_judged_by_the_policies_of_the_template(order, policy, delivers):
    given = {"Resources": {name: TEMPLATE["Resources"][name] for name in ("Queue", "Rule")}}
    if policy is not None:
        given["Resources"]["Policy"] = policy_of(policy)
    with mock_events(target_permissions="enforce") as backend:
        rule = backend.deploy(given, stack="shop").rule("Rule")
        backend.client().put_events(Entries=[order])
        if delivers:
            rule.assert_delivered(times=1)
        else:
            with pytest.raises(AssertionError, match="sqs:SendMessage"):
                rule.assert_delivered()


def test_a_policy_that_an_update_takes_away_counts_no_more(order):
    given = {"Resources": {name: TEMPLATE["Resources"][name] for name in ("Queue", "Rule")}}
    allowed = {"Resources": {**given["Resources"], "Policy": policy_of({"Fn::GetAtt": ["Rule", "Arn"]})}}
    with mock_events(target_permissions="enforce") as backend:
        rule = backend.deploy(allowed, stack="shop").rule("Rule")
        backend.deploy(given, stack="shop")
        backend.client().put_events(Entries=[order])
        rule.assert_not_delivered()


def test_a_schedule_that_fires_when_it_is_made_finds_its_handler(events_backend):
    role = "arn:aws:iam::123456789012:role/r"
    function = {"Handler": "ship.run", "Runtime": "python3.12", "Role": role, "Code": {"ZipFile": "x"}}
    often = {
        "ScheduleExpression": "rate(5 minutes)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": {"Fn::GetAtt": ["Ship", "Arn"]}, "RoleArn": role, "Input": '{"n": 1}'},
    }
    resources = {
        "Ship": {"Type": "AWS::Lambda::Function", "Properties": function},
        "Often": {"Type": "AWS::Scheduler::Schedule", "Properties": often},
    }
    got = []
    events_backend.deploy(
        {"Resources": resources}, handlers={"Ship": lambda event, _context: got.append(event)}
    )
    assert got == [{"n": 1}]
