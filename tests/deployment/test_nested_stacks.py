"""Nested stacks, whose templates are local files."""

from __future__ import annotations

import pytest

from eventmock import OptionError

PATTERN = {"source": ["shop"]}
BAD = {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": "x"}}, "DependsOn": "Child"}


def rule(**properties):
    return {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": PATTERN, **properties}}


def child(**resources):
    bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": {"Ref": "Name"}}}
    return {
        "Parameters": {"Name": {"Type": "String", "Default": "orders"}},
        "Resources": {"Bus": bus, **resources},
        "Outputs": {"Bus": {"Value": {"Ref": "Bus"}}, "Arn": {"Value": {"Fn::GetAtt": ["Bus", "Arn"]}}},
    }


def parent(file="child.json", *, parameters=None, **resources):
    properties = {"TemplateURL": file, **({} if parameters is None else {"Parameters": parameters})}
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": properties}
    return {"Resources": {"Child": nested, **resources}}


ON_BUS = rule(EventBusName={"Fn::GetAtt": ["Child", "Outputs.Bus"]})


@pytest.fixture
def deploy(events_backend, write):
    """A function that writes a parent and its child, and deploys the parent."""

    def deploy(of_parent, of_child=None, **keywords):
        if of_child is not None:
            write("child.json", of_child)
        return events_backend.deploy(write("parent.json", of_parent), **keywords)

    return deploy


@pytest.fixture
def buses(events):
    """A function that gives the names of the event buses that were made."""

    def buses():
        names = (one["Name"] for one in events.list_event_buses()["EventBuses"])
        return [name for name in names if name != "default"]

    return buses


def nested_of(deployment):
    [name] = [name for name in deployment.stacks if name != deployment.name]
    return deployment.stacks[name]


def test_outputs_of_a_nested_stack_are_attributes_and_its_ref_is_an_arn(deploy, events):
    deployment = deploy(parent(Rule=ON_BUS), child())
    assert deployment["Rule"].ref.startswith("orders|")
    nested = deployment["Child"]
    assert nested.name.startswith("parent-Child-")
    assert nested.ref.startswith(f"arn:aws:cloudformation:us-east-1:123456789012:stack/{nested.name}/")
    assert nested.attributes["Outputs.Arn"].endswith(":event-bus/orders")
    assert list(deployment.stacks) == ["parent", nested.name]
    assert list(nested_of(deployment)) == ["Bus"]


def test_parameters_pass(deploy, buses):
    deploy(parent(parameters={"Name": {"Fn::Sub": "of-${AWS::StackName}"}}), child())
    assert buses() == ["of-parent"]


def test_a_parameter_that_the_nested_stack_lacks_is_refused(deploy, refusal, buses):
    error = refusal(deploy, parent(parameters={"Nmae": "x"}), child())
    assert "Nmae" in error.message
    assert buses() == []


@pytest.mark.parametrize(
    "folder", ["child.json", "./child.json", "deeper/child.json", "./deeper/../child.json"]
)
def test_the_file_is_found_beside_the_template(deploy, write, buses, folder):
    write("deeper/child.json", child())
    deploy(parent(folder), child())
    assert buses() == ["orders"]


def test_a_stack_in_a_nested_stack(deploy, write, events):
    write("inner.json", child(Rule=rule(EventBusName={"Ref": "Bus"})))
    middle = parent("inner.json")
    middle["Outputs"] = {"Bus": {"Value": {"Fn::GetAtt": ["Child", "Outputs.Bus"]}}}
    write("middle.json", middle)
    deployment = deploy(parent("middle.json", Rule=ON_BUS))
    assert len(deployment.stacks) == 3
    assert len(events.list_rules(EventBusName="orders")["Rules"]) == 2
    deployment.delete()
    assert len(events.list_event_buses()["EventBuses"]) == 1


def test_an_update_when_only_the_file_changed(deploy, events):
    deploy(parent(), child(Rule=rule(Name="paid")))
    deployment = deploy(parent(), child(Rule=rule(Name="paid", Description="new")))
    assert events.describe_rule(Name="paid")["Description"] == "new"
    assert len(deployment.stacks) == 2


def test_a_nested_stack_loses_what_its_template_has_no_more(deploy, events):
    deploy(parent(), child(Old=rule(Name="old")))
    deployment = deploy(parent(), child(New=rule(Name="new")))
    assert [one["Name"] for one in events.list_rules()["Rules"]] == ["new"]
    assert sorted(nested_of(deployment)) == ["Bus", "New"]


def test_a_nested_stack_goes_with_its_parent(deploy, buses):
    deploy(parent(Rule=ON_BUS), child()).delete()
    assert buses() == []


def test_a_nested_stack_goes_when_the_parent_has_it_no_more(deploy, buses):
    deploy(parent(Rule=rule()), child())
    deployment = deploy({"Resources": {"Rule": rule()}})
    assert buses() == []
    assert list(deployment.stacks) == ["parent"]


def test_a_nested_stack_is_removed_when_its_parent_fails(deploy, refusal, buses):
    error = refusal(deploy, parent(Bad=BAD), child(Rule=rule(Name="paid")))
    assert error.logical_id == "Bad"
    assert buses() == []
    deploy(parent())
    assert buses() == ["orders"]


def test_a_nested_stack_is_as_it_was_when_an_update_of_its_parent_fails(deploy, refusal, seen):
    on = {"EventBusName": {"Ref": "Bus"}}
    deployment = deploy(parent(), child(Kept=rule(Name="kept"), Old=rule(Name="old"), Moved=rule()))
    before, properties = seen(), dict(nested_of(deployment).resources)
    changed = child(Kept=rule(Name="kept", Description="new"), New=rule(Name="new"), Moved=rule(**on))
    refusal(deploy, parent(Bad=BAD), changed)
    assert seen() == before
    assert dict(nested_of(deployment).resources) == properties
    deployment = deploy(parent(), changed)
    assert sorted(nested_of(deployment)) == ["Bus", "Kept", "Moved", "New"]
    deployment.delete()


def test_an_error_in_a_nested_stack_has_its_file_and_rolls_the_parent_back(deploy, refusal, buses, tmp_path):
    mine = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "mine"}}
    of_parent = parent(Mine=mine)
    of_parent["Resources"]["Child"]["DependsOn"] = "Mine"
    bad = {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": "x"}}}
    error = refusal(deploy, of_parent, child(Rule=bad))
    assert (error.file, error.logical_id) == (str(tmp_path / "child.json"), "Rule")
    assert error.line is not None
    assert buses() == []


def test_a_stack_whose_file_is_missing_is_a_name_only_and_the_report_says_so(
    deploy, refusal, events_backend, tmp_path
):
    assert deploy(parent("none.json"))["Child"].ref.startswith("arn:aws:cloudformation:")
    file = tmp_path / "none.json"
    told = f"stack parent: Child is made in name only: there is no file {file}"
    assert told in events_backend.report()
    error = refusal(deploy, parent("none.json", Rule=ON_BUS))
    assert "the outputs of the nested stack Child are not known" in error.message


def test_a_template_elsewhere_is_a_name_only_until_its_outputs_are_needed(deploy, refusal):
    url = "https://s3.amazonaws.com/bucket/child.json"
    assert deploy(parent(url))["Child"].ref.startswith("arn:aws:cloudformation:")
    error = refusal(deploy, parent(url, Rule=ON_BUS))
    assert (
        error.message
        == "the outputs of the nested stack Child are not known: its template is not a local file "
        "(give imports={'Child.Outputs.Bus': ...})"
    )
    assert error.logical_id == "Rule"


def test_outputs_of_a_template_elsewhere_may_be_given(deploy, events):
    events.create_event_bus(Name="given")
    url = "https://s3.amazonaws.com/bucket/child.json"
    deployment = deploy(parent(url, Rule=ON_BUS), imports={"Child.Outputs.Bus": "given"})
    assert deployment["Rule"].ref.startswith("given|")
    assert deployment.unresolved == []


def test_outputs_of_a_template_elsewhere_are_made_up_where_aws_alone_needs_them(deploy):
    of_child = {"Fn::GetAtt": ["Child", "Outputs.Name"]}
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": of_child}}
    template = parent("https://s3.amazonaws.com/bucket/child.json", Queue=queue)
    template["Outputs"] = {"Name": {"Value": of_child}}
    deployment = deploy(template)
    assert deployment.unresolved == ["import:Child.Outputs.Name"]
    assert deployment.outputs == {"Name": deployment["Queue"].name}


def test_a_template_elsewhere_has_no_other_attributes(deploy, refusal):
    wrong = rule(EventBusName={"Fn::GetAtt": ["Child", "Bus"]})
    error = refusal(deploy, parent("https://s3.amazonaws.com/bucket/child.json", Rule=wrong))
    assert error.message == "AWS::CloudFormation::Stack has no attribute Bus; Child has StackId"


def test_an_output_that_the_nested_stack_lacks_is_told_with_those_that_it_has(deploy, refusal):
    wrong = rule(EventBusName={"Fn::GetAtt": ["Child", "Outputs.Buss"]})
    error = refusal(deploy, parent(Rule=wrong), child())
    assert "has no attribute Outputs.Buss; Child has Outputs.Bus, Outputs.Arn" in error.message


def test_a_file_that_includes_itself_is_told(deploy, refusal):
    error = refusal(deploy, parent("parent.json"))
    assert error.message == "the template is nested too deeply"


def test_the_file_of_a_nested_stack_of_the_cdk_stands_in_its_metadata(deploy, write, buses):
    write("Nested.nested.template.json", child())
    given = parent({"Fn::Sub": "https://s3.${AWS::Region}.${AWS::URLSuffix}/bucket/key.json"})
    given["Resources"]["Child"]["Metadata"] = {
        "aws:asset:path": "Nested.nested.template.json",
        "aws:asset:property": "TemplateURL",
    }
    deploy(given)
    assert buses() == ["orders"]


def test_parameters_that_are_no_mapping_are_refused(deploy, refusal):
    error = refusal(deploy, parent(parameters=["Name"]), child())
    assert error.logical_id == "Child"
    assert error.message.endswith("#/Parameters: expected type: JSONObject, found: JSONArray")


def test_a_list_becomes_the_value_of_a_list_parameter(deploy, write, buses):
    of_child = {
        "Parameters": {"Parts": {"Type": "CommaDelimitedList"}},
        "Resources": {
            "Bus": {
                "Type": "AWS::Events::EventBus",
                "Properties": {"Name": {"Fn::Join": ["-", {"Ref": "Parts"}]}},
            }
        },
    }
    deploy(parent(parameters={"Parts": ["a", "b"]}), of_child)
    assert buses() == ["a-b"]


def test_a_function_of_a_nested_stack_runs_a_handler(deploy, events_backend, order):
    got = []
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "app.ship"}}
    target = {"Id": "f", "Arn": {"Fn::GetAtt": ["Ship", "Arn"]}}
    of_child = child(Ship=function, Rule=rule(Targets=[target]))
    for name in ("Ship", "app.ship"):
        deployment = deploy(parent(), of_child, handlers={name: lambda event, _: got.append(event["source"])})
        events_backend.client().put_events(Entries=[order])
        nested_of(deployment).function("Ship").assert_invoked()
    assert got == ["shop", "shop"]
    deployment.delete()
    deploy(parent(), of_child)
    events_backend.client().put_events(Entries=[order])
    assert len(got) == 2


def test_a_handler_of_nobody_is_refused_with_the_functions_of_nested_stacks(deploy):
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "app.ship"}}
    with pytest.raises(OptionError, match="did you mean 'Ship'"):
        deploy(parent(), child(Ship=function), handlers={"Shp": print})
