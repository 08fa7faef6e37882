"""Which stacks a template stands for, and where each is deployed."""

from __future__ import annotations

import json
import os

import pytest

from eventmock import OptionError, TemplateError

PATTERN = {"source": ["shop"]}
ON_BUS = {
    "Resources": {
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventPattern": PATTERN,
                "EventBusName": {"Fn::ImportValue": "Buses:ExportsOutputRefBus"},
            },
        }
    }
}
BUSES = {
    "Parameters": {
        "Stage": {"Type": "String", "Default": "test"},
        "BootstrapVersion": {
            "Type": "AWS::SSM::Parameter::Value<String>",
            "Default": "/cdk-bootstrap/hnb659fds/version",
        },
    },
    "Rules": {"CheckBootstrapVersion": {"Assertions": []}},
    "Conditions": {"CDKMetadataAvailable": {"Fn::Equals": [{"Ref": "AWS::Region"}, "nowhere"]}},
    "Resources": {
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": {"Fn::Sub": "orders-${Stage}"}}},
        "CDKMetadata": {
            "Type": "AWS::CDK::Metadata",
            "Properties": {"Analytics": "v2:deflate64:x"},
            "Condition": "CDKMetadataAvailable",
        },
    },
    "Outputs": {"Out": {"Value": {"Ref": "Bus"}, "Export": {"Name": "Buses:ExportsOutputRefBus"}}},
}
OTHER = {"Resources": {"Other": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": PATTERN}}}}


def artifact(name, *dependencies, environment="aws://unknown-account/unknown-region", **properties):
    return {
        "type": "aws:cloudformation:stack",
        "environment": environment,
        "properties": {"templateFile": f"{name}.template.json", **properties},
        "dependencies": [f"{name}.assets", *dependencies],
        "displayName": f"App/{name}",
    }


@pytest.fixture
def app(write, tmp_path):
    """A function that writes the output of a CDK app, and gives its folder."""

    def app(folder="cdk.out", **stacks):
        artifacts = {"Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}}
        for name, (template, described) in stacks.items():
            write(f"{folder}/{name}.template.json", template)
            artifacts[name] = described
            artifacts[f"{name}.assets"] = {"type": "cdk:asset-manifest", "properties": {}}
        write(f"{folder}/manifest.json", {"version": "36.0.0", "artifacts": artifacts})
        return tmp_path / folder

    return app


@pytest.fixture
def shop(app):
    """The output of an app of three stacks. The first in the manifest depends on the second."""
    return app(
        Rules=(ON_BUS, artifact("Rules", "Buses")),
        Buses=(BUSES, artifact("Buses")),
        Other=(OTHER, artifact("Other")),
    )


def test_the_stacks_of_an_app_are_deployed_each_after_those_that_it_depends_on(events_backend, events, shop):
    deployment = events_backend.deploy(shop)
    assert list(deployment.stacks) == ["Buses", "Rules", "Other"]
    assert deployment["Rule"].ref.startswith("orders-test|")
    assert deployment["Rule"].name.startswith("Rules-Rule-")
    assert "CDKMetadata" not in deployment
    assert deployment.not_served == []
    deployment.delete()
    assert len(events.list_event_buses()["EventBuses"]) == 1
    assert events.list_rules()["Rules"] == []


@pytest.mark.parametrize("form", [str, lambda path: path, lambda path: path / "manifest.json", os.fspath])
def test_the_app_is_given_by_its_folder_or_its_manifest(events_backend, shop, form):
    assert len(events_backend.deploy(form(shop)).stacks) == 3


@pytest.mark.parametrize("name", ["Rules", "App/Rules"])
def test_one_stack_is_deployed_with_those_that_it_depends_on(events_backend, shop, name):
    deployment = events_backend.deploy(shop, stack=name)
    assert list(deployment.stacks) == ["Buses", "Rules"]
    assert deployment.name == "Rules"


def test_a_stack_that_the_app_lacks_is_refused_with_the_nearest_name(events_backend, shop):
    with pytest.raises(OptionError, match=r"the CDK app has no such stack.*Rules"):
        events_backend.deploy(shop, stack="Rulse")


def test_a_stack_has_the_name_that_the_app_gives_it(events_backend, app):
    folder = app(Other=(OTHER, artifact("Other", stackName="shop-other")))
    deployment = events_backend.deploy(folder)
    assert deployment.name == "shop-other"
    assert deployment["Other"].name.startswith("shop-other-Other-")


def test_environments_say_where_stacks_are_and_arguments_count_more(events_backend, app):
    folder = app(
        There=(OTHER, artifact("There", environment="aws://999999999999/eu-west-1")),
        Half=(OTHER, artifact("Half", environment="aws://unknown-account/eu-west-2")),
        Here=(OTHER, artifact("Here")),
    )
    stacks = events_backend.deploy(folder).stacks
    arns = {name: one["Other"].arn.split(":")[3:5] for name, one in stacks.items()}
    assert arns == {
        "There": ["eu-west-1", "999999999999"],
        "Half": ["eu-west-2", "123456789012"],
        "Here": ["us-east-1", "123456789012"],
    }
    events_backend.reset()
    stacks = events_backend.deploy(folder, account="111122223333", region="us-west-2").stacks
    assert {one["Other"].arn.split(":")[3] for one in stacks.values()} == {"us-west-2"}
    assert {one["Other"].arn.split(":")[4] for one in stacks.values()} == {"111122223333"}


def test_a_parameter_of_only_one_stack_may_be_given(events_backend, events, shop):
    events_backend.deploy(shop, parameters={"Stage": "live"})
    assert events.describe_event_bus(Name="orders-live")["Name"] == "orders-live"


def test_the_app_gives_values_and_the_test_counts_more(events_backend, events, app):
    folder = app(Buses=(BUSES, artifact("Buses", parameters={"Stage": "beta"})))
    events_backend.deploy(folder)
    assert events.describe_event_bus(Name="orders-beta")["Name"] == "orders-beta"
    events_backend.deploy(folder, parameters={"Stage": "live"})
    assert events.describe_event_bus(Name="orders-live")["Name"] == "orders-live"


def test_a_parameter_that_no_stack_has_is_refused_before_anything_is_made(events_backend, events, shop):
    with pytest.raises(OptionError, match=r"no stack has a parameter 'Stgae'.*Stage"):
        events_backend.deploy(shop, parameters={"Stgae": "live"})
    assert len(events.list_event_buses()["EventBuses"]) == 1


def test_a_mistake_in_the_last_stack_is_found_before_the_first_is_made(events_backend, events, app):
    wrong = {"Resources": {"Rule": {"Properties": {}}}}
    folder = app(Buses=(BUSES, artifact("Buses")), Wrong=(wrong, artifact("Wrong", "Buses")))
    with pytest.raises(TemplateError, match="must contain a Type member"):
        events_backend.deploy(folder)
    assert len(events.list_event_buses()["EventBuses"]) == 1


def test_a_stack_that_aws_refuses_leaves_those_before_it(events_backend, app):
    bad = json.loads(json.dumps(OTHER).replace('["shop"]', '"shop"'))
    folder = app(Buses=(BUSES, artifact("Buses")), Bad=(bad, artifact("Bad", "Buses")))
    with pytest.raises(TemplateError) as caught:
        events_backend.deploy(folder)
    assert caught.value.file == str(folder / "Bad.template.json")
    assert list(events_backend.deploy(folder, stack="Buses")) == ["Bus"]


def test_the_stacks_of_a_stage_are_deployed_too(events_backend, app, write):
    app("cdk.out/assembly-Live", LiveOther=(OTHER, artifact("LiveOther")))
    folder = app(Other=(OTHER, artifact("Other")))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Live"}}
    manifest["artifacts"]["assembly-Live"] = stage
    write("cdk.out/manifest.json", manifest)
    assert sorted(events_backend.deploy(folder).stacks) == ["LiveOther", "Other"]


def test_values_cross_regions_between_stacks_of_an_app(events_backend, app):
    name = "/cdk/exports/Near/FarBus"
    writer = {"region": "us-east-1", "exports": {name: {"Fn::GetAtt": ["Bus", "Arn"]}}}
    far = {
        "Resources": {
            "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "far"}},
            "Writer": {"Type": "Custom::CrossRegionExportWriter", "Properties": {"WriterProps": writer}},
        }
    }
    reader = {"region": "us-east-1", "imports": {name: f"{{{{resolve:ssm:{name}}}}}"}}
    target = {
        "Id": "Target0",
        "Arn": {"Fn::GetAtt": ["Reader", name]},
        "RoleArn": "arn:aws:iam::123456789012:role/send",
    }
    near = {
        "Resources": {
            "Reader": {"Type": "Custom::CrossRegionExportReader", "Properties": {"ReaderProps": reader}},
            "Rule": {
                "Type": "AWS::Events::Rule",
                "Properties": {"EventPattern": PATTERN, "Targets": [target]},
            },
        }
    }
    folder = app(
        Near=(near, artifact("Near", "Far")),
        Far=(far, artifact("Far", environment="aws://unknown-account/eu-west-1")),
    )
    deployment = events_backend.deploy(folder)
    events_backend.client().put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
    deployment.rule("Rule").assert_delivered(target="arn:aws:events:eu-west-1:123456789012:event-bus/far")
    assert deployment.unresolved == []


# Names of stacks


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("shop.json", "shop"),
        ("my shop_v2.template.json", "my-shop-v2"),
        ("2026-shop.json", "shop"),
        ("Shöp.json", "Sh-p"),
        ("_.json", "stack"),
        ("1.json", "stack"),
        (f"{'a' * 150}.json", "a" * 100),
    ],
)
def test_the_name_of_a_stack_is_made_of_the_name_of_the_file(events_backend, write, file, name):
    assert events_backend.deploy(write(file, OTHER)).name == name


def test_a_mapping_without_a_name_is_called_stack(events_backend):
    assert events_backend.deploy(OTHER).name == "stack"


@pytest.mark.parametrize("name", ["", "1shop", "my_shop", "my shop", "a" * 129, "-a", 5, ["shop"], b"shop"])
def test_a_name_that_no_stack_can_have_is_refused(events_backend, name):
    with pytest.raises(
        OptionError, match="wanted a name of letters, digits and '-' that begins with a letter"
    ):
        events_backend.deploy(OTHER, stack=name)


@pytest.mark.parametrize("name", ["a", "a" * 128, "Shop-1"])
def test_a_name_that_a_stack_can_have_is_taken(events_backend, name):
    assert events_backend.deploy(OTHER, stack=name).name == name


def test_a_file_called_manifest_that_belongs_to_no_app_is_told(events_backend, write):
    with pytest.raises(TemplateError, match="not the manifest of a CDK app"):
        events_backend.deploy(write("manifest.json", {}))


def test_a_folder_that_is_no_app_is_told(events_backend, tmp_path):
    with pytest.raises(TemplateError, match="not the output of a CDK app"):
        events_backend.deploy(tmp_path)


def test_a_file_does_not_replace_the_stack_of_another_file_of_the_same_name(events_backend, write):
    one, other = write("a/template.json", OTHER), write("b/template.json", OTHER)
    events_backend.deploy(one)
    with pytest.raises(OptionError) as raised:
        events_backend.deploy(other)
    assert str(raised.value) == (
        f"backend.deploy({str(other)!r}): the stack 'template' was deployed from {str(one)!r}; "
        "name another stack by stack=..., or say stack='template' to change that one"
    )
    events_backend.deploy(other, stack="other")
    events_backend.deploy(other, stack="template")
    assert events_backend.deploy(other)["Other"].name.startswith("template-")


def test_the_text_of_a_template_is_not_its_path(events_backend):
    with pytest.raises(OptionError, match="this is the text of one: write it to a file"):
        events_backend.deploy(json.dumps(OTHER))


def test_imports_and_values_stay_as_they_were_given_before(events_backend, write):
    given = {
        "Resources": {
            "Rule": {
                "Type": "AWS::Events::Rule",
                "Properties": {
                    "EventPattern": PATTERN,
                    "EventBusName": {"Fn::ImportValue": "bus"},
                    "Description": "{{resolve:ssm:/shop/text}}",
                },
            }
        }
    }
    first = {"imports": {"bus": "default"}, "resolve": {"ssm:/shop/text": "one"}}
    events_backend.deploy(given, stack="shop", **first)
    given["Resources"]["Rule"]["Properties"]["State"] = "DISABLED"
    deployment = events_backend.deploy(given, stack="shop")
    assert deployment["Rule"].properties["Description"] == "one"
    assert deployment.unresolved == []
