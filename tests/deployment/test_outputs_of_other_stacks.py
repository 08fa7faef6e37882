"""``Fn::GetStackOutput`` between stacks that are deployed."""

from __future__ import annotations

import pytest

from eventmock import TemplateError

NET = {
    "Resources": {"Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}}},
    "Outputs": {"BusName": {"Value": {"Ref": "Bus"}}, "BusArn": {"Value": {"Fn::GetAtt": ["Bus", "Arn"]}}},
}


def shop(**asked):
    bus = {"Fn::GetStackOutput": {"StackName": "net", "OutputName": "BusName", **asked}}
    properties = {"EventBusName": bus, "EventPattern": {"source": ["shop"]}}
    return {"Resources": {"Rule": {"Type": "AWS::Events::Rule", "Properties": properties}}}


def test_a_rule_is_on_the_bus_that_another_stack_has_as_its_output(events_backend):
    events_backend.deploy(NET, stack="net")
    assert events_backend.deploy(shop(), stack="shop").rule("Rule").bus == "orders"


def test_the_stack_may_be_in_another_region_and_account(events_backend):
    events_backend.deploy(NET, stack="net", region="eu-west-1", account="444455556666")
    role = "arn:aws:iam::444455556666:role/reader"
    asked = shop(OutputName="BusArn", Region="eu-west-1", RoleArn=role)
    topic = {"TopicName": asked["Resources"]["Rule"]["Properties"]["EventBusName"]}
    deployment = events_backend.deploy({"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": topic}}})
    assert deployment["T"].name == "arn:aws:events:eu-west-1:444455556666:event-bus/orders"
    assert deployment.unresolved == []


def test_the_stack_may_be_deleted_while_its_output_is_in_use(events_backend):
    net = events_backend.deploy(NET, stack="net")
    shop_stack = events_backend.deploy(shop(), stack="shop")
    shop_stack.delete()
    net.delete()
    assert [bus["Name"] for bus in events_backend.client().list_event_buses()["EventBuses"]] == ["default"]


def test_an_output_that_is_not_there_may_be_given(events_backend):
    with pytest.raises(
        TemplateError, match=r"Rule: no stack net has an output BusName \(give imports=\{'net.BusName'"
    ):
        events_backend.deploy(shop(), stack="shop")
    given = {"net.BusName": "default"}
    assert events_backend.deploy(shop(), stack="shop", imports=given).rule("Rule").bus == "default"
