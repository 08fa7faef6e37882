"""Stacks among each other: exports and imports; and stacks as a part of the mock's state."""

from __future__ import annotations

import pytest

from eventmock import MockStateError, mock_events

PATTERN = {"source": ["shop"]}


def producer(name="orders", export="bus"):
    outputs = {"Bus": {"Value": {"Ref": "Bus"}, **({"Export": {"Name": export}} if export else {})}}
    bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": name}}
    return {"Resources": {"Bus": bus}, "Outputs": outputs}


def consumer(name="bus"):
    properties = {"EventPattern": PATTERN, "EventBusName": {"Fn::ImportValue": name}}
    return {"Resources": {"Rule": {"Type": "AWS::Events::Rule", "Properties": properties}}}


@pytest.fixture
def deploy(events_backend):
    """A function that deploys a stack."""
    return lambda template, stack, **keywords: events_backend.deploy(template, stack=stack, **keywords)


def test_a_stack_imports_what_another_one_exports(deploy, events):
    deploy(producer(), "producer")
    deployment = deploy(consumer(), "consumer")
    assert deployment["Rule"].ref == f"orders|{deployment['Rule'].name}"
    assert len(events.list_rules(EventBusName="orders")["Rules"]) == 1


def test_the_name_of_an_export_and_of_an_import_may_be_made_by_functions(deploy):
    template = producer(export={"Fn::Sub": "${AWS::StackName}-bus"})
    deploy(template, "producer")
    joined = {"Fn::Join": ["-", ["producer", "bus"]]}
    assert deploy(consumer(joined), "consumer")["Rule"].properties["EventBusName"] == "orders"


@pytest.mark.parametrize("where", [{"region": "eu-west-1"}, {"account": "999999999999"}])
def test_exports_are_of_one_account_and_region(deploy, refusal, events_backend, where):
    deploy(producer(), "producer")
    error = refusal(deploy, consumer(), "consumer", **where)
    assert error.message.startswith("No export named bus found. (give imports={'bus': ...}")
    deploy(producer(), "producer", **where)
    deploy(consumer(), "consumer", **where)


def test_an_unknown_import_of_a_rule_is_an_error_with_its_resource(deploy, refusal):
    error = refusal(deploy, consumer("none"), "consumer")
    assert error.message.startswith("No export named none found.")
    assert error.logical_id == "Rule"


def test_an_import_may_be_given_and_the_export_of_a_stack_counts_first(deploy, events):
    events.create_event_bus(Name="given")
    one = deploy(consumer(), "one", imports={"bus": "given"})
    assert one["Rule"].properties["EventBusName"] == "given"
    deploy(producer(), "producer")
    two = deploy(consumer(), "two", imports={"bus": "given"})
    assert two["Rule"].properties["EventBusName"] == "orders"


@pytest.mark.parametrize("first", ["Rule", "Queue"])
def test_an_unknown_import_elsewhere_is_made_up_and_named(deploy, first):
    unknown = {"Fn::ImportValue": "vpc"}
    resources = {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": unknown}},
        "Rule": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": PATTERN}},
    }
    order = sorted(resources, key=lambda name: name != first)
    template = {
        "Resources": {name: resources[name] for name in order},
        "Outputs": {"Vpc": {"Value": unknown}},
    }
    deployment = deploy(template, "shop")
    assert deployment.unresolved == ["import:vpc"]
    assert deployment.outputs == {"Vpc": deployment["Queue"].name}


def test_two_stacks_cannot_export_one_name(deploy, refusal, events):
    deploy(producer(), "one")
    error = refusal(deploy, producer("invoices"), "two")
    assert error.message == "Export with name bus is already exported by stack one."
    assert [one["Name"] for one in events.list_event_buses()["EventBuses"]] == ["default", "orders"]


def test_a_stack_may_go_on_exporting_what_it_exports(deploy):
    deploy(producer(), "one")
    deploy(producer(), "one")


def test_a_stack_whose_export_is_in_use_cannot_go(deploy, refusal, events):
    first = deploy(producer(), "producer")
    second = deploy(consumer(), "consumer")
    error = refusal(first.delete)
    assert error.message == "Export bus cannot be deleted as it is in use by consumer"
    second.delete()
    first.delete()
    assert [one["Name"] for one in events.list_event_buses()["EventBuses"]] == ["default"]


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        (producer(export=None), "Export bus cannot be deleted as it is in use by consumer"),
        (producer(export="other"), "Export bus cannot be deleted as it is in use by consumer"),
        (producer("invoices"), "Export bus cannot be updated as it is in use by consumer"),
    ],
)
def test_an_export_in_use_cannot_go_or_change(deploy, refusal, events, changed, text):
    first = deploy(producer(), "producer")
    deploy(consumer(), "consumer")
    assert refusal(deploy, changed, "producer").message == text
    assert first.outputs == {"Bus": "orders"}
    assert [one["Name"] for one in events.list_event_buses()["EventBuses"]] == ["default", "orders"]


def test_an_import_of_the_same_name_in_another_region_does_not_hold_an_export(deploy):
    first = deploy(producer(), "producer")
    deploy(producer(), "producer", region="eu-west-1")
    deploy(consumer(), "consumer", region="eu-west-1")
    first.delete()


def test_an_import_is_let_go_by_an_update(deploy):
    first = deploy(producer(), "producer")
    deploy(consumer(), "consumer")
    rule = {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": PATTERN}}
    deploy({"Resources": {"Other": rule}}, "consumer")
    first.delete()


def test_a_rule_that_sends_to_a_bus_of_another_account(events_backend, deploy):
    """What the CDK makes for a target in another account: a policy there, and the rule here."""
    policy = {"EventBusName": {"Ref": "Bus"}, "StatementId": "Allow-account-123456789012"}
    policy |= {"Action": "events:PutEvents", "Principal": "123456789012"}
    there = producer()
    there["Resources"]["Policy"] = {"Type": "AWS::Events::EventBusPolicy", "Properties": policy}
    far = deploy(there, "far", account="999999999999")
    target = {"Id": "Target0", "Arn": far["Bus"].arn, "RoleArn": "arn:aws:iam::123456789012:role/send"}
    rule = {"EventPattern": PATTERN, "Targets": [target]}
    near = deploy({"Resources": {"Rule": {"Type": "AWS::Events::Rule", "Properties": rule}}}, "near")
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
    events_backend.client().put_events(Entries=[entry])
    near.rule("Rule").assert_delivered(target=far["Bus"].arn)


# The state


def test_a_snapshot_brings_stacks_back_and_forgets_later_ones(events_backend, deploy, events):
    first = deploy(producer(), "first")
    snapshot = events_backend.snapshot()
    second = deploy(producer("invoices", export="other"), "second")
    first.delete()
    events_backend.restore(snapshot)
    assert first["Bus"].name == "orders"
    assert [one["Name"] for one in events.list_event_buses()["EventBuses"]] == ["default", "orders"]
    with pytest.raises(MockStateError, match="there is no stack 'second'"):
        second.outputs  # noqa: B018 - it raises
    deploy(consumer(), "consumer")


def test_a_reset_forgets_stacks(events_backend, deploy):
    deployment = deploy(producer(), "first")
    events_backend.reset()
    with pytest.raises(MockStateError, match="the backend was reset"):
        len(deployment)
    deploy(producer(), "second")


def test_nothing_is_deployed_or_removed_after_the_mock():
    queue = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    with mock_events() as backend:
        deployment = backend.deploy(queue, stack="shop")
    for call in (deployment.delete, lambda: backend.deploy(queue, stack="other")):
        with pytest.raises(MockStateError, match="mock has stopped"):
            call()
