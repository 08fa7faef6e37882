from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from eventmock.exceptions import TemplateError
from eventmock.templates.cloud_assembly import (
    AssemblyStack,
    cross_region_exports,
    nested_template,
    read_assembly,
)
from eventmock.templates.template import Declared

HASH = "0123456789abcdef" * 4


def stack(*dependencies, environment="aws://unknown-account/unknown-region", template=None, **properties):
    """An artifact of a stack, as the CDK writes it."""
    return {
        "type": "aws:cloudformation:stack",
        "environment": environment,
        "properties": {"templateFile": template, "validateOnSynth": False, **properties},
        "dependencies": list(dependencies),
        "metadata": {"/Orders": [{"type": "aws:cdk:logicalId", "data": "Orders"}]},
    }


def write(folder, **artifacts):
    """Write a manifest, and an empty template for each stack in it."""
    folder.mkdir(exist_ok=True)
    for name, artifact in artifacts.items():
        if artifact["type"] == "aws:cloudformation:stack":
            file = artifact["properties"]["templateFile"] or f"{name}.template.json"
            artifact["properties"]["templateFile"] = file
            (folder / file).write_text('{"Resources": {}}')
    (folder / "manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": artifacts}))
    return folder


def names_of(folder):
    return [one.name for one in read_assembly(folder).stacks]


ASSETS = {"type": "cdk:asset-manifest", "properties": {"file": "Orders.assets.json"}}
TREE = {"type": "cdk:tree", "properties": {"file": "tree.json"}}


def test_a_stack_has_what_the_manifest_says(tmp_path):
    orders = stack(
        "Orders.assets",
        "Network",
        environment="aws://123456789012/eu-west-1",
        stackName="shop-orders",
        parameters={"Level": 3},
    )
    orders["displayName"] = "Shop/Orders"
    folder = write(
        tmp_path / "cdk.out",
        **{
            "Orders.assets": ASSETS,
            "Orders": orders,
            "Network": stack(stackName="shop-network"),
            "Tree": TREE,
        },
    )
    assembly = read_assembly(folder)
    assert assembly.folder == folder
    assert assembly.stacks == (
        AssemblyStack("shop-network", folder / "Network.template.json", {}, None, None, (), "Network"),
        AssemblyStack(
            "shop-orders",
            folder / "Orders.template.json",
            {"Level": "3"},
            "123456789012",
            "eu-west-1",
            ("shop-network",),
            "Shop/Orders",
        ),
    )


def test_the_path_may_be_that_of_the_manifest_and_text(tmp_path):
    folder = write(tmp_path / "cdk.out", Orders=stack())
    assert read_assembly(folder / "manifest.json") == read_assembly(folder) == read_assembly(str(folder))


def test_stacks_stand_after_those_that_they_depend_on(tmp_path):
    folder = write(tmp_path, A=stack("C"), B=stack(), C=stack("D", "Missing"), D=stack())
    assert names_of(folder) == ["D", "C", "A", "B"]


def test_a_dependency_through_another_artifact_counts(tmp_path):
    assets = {**ASSETS, "dependencies": ["B"]}
    folder = write(tmp_path, A=stack("A.assets"), B=stack(), **{"A.assets": assets})
    assert names_of(folder) == ["B", "A"]


def test_stacks_of_stages_are_among_the_stacks(tmp_path):
    def stage(name):
        return {"type": "cdk:cloud-assembly", "properties": {"directoryName": name, "displayName": name}}

    folder = write(tmp_path, First=stage("assembly-First"), Pipeline=stack("First"))
    inner = write(
        tmp_path / "assembly-First", Deep=stage("assembly-Deep"), Orders=stack("Bills"), Bills=stack()
    )
    write(inner / "assembly-Deep", Deepest=stack(stackName="deepest"))
    stacks = read_assembly(folder).stacks
    assert [one.name for one in stacks] == ["deepest", "Bills", "Orders", "Pipeline"]
    assert stacks[0].template_file == inner / "assembly-Deep" / "Deepest.template.json"


@pytest.mark.parametrize(
    ("environment", "account", "region"),
    [
        ("aws://123456789012/unknown-region", "123456789012", None),
        ("aws://unknown-account/eu-west-1", None, "eu-west-1"),
        ("nonsense", None, None),
        (None, None, None),
    ],
)
def test_what_the_app_leaves_open_is_none(environment, account, region, tmp_path):
    (one,) = read_assembly(write(tmp_path, Orders=stack(environment=environment))).stacks
    assert (one.account, one.region) == (account, region)


def test_members_that_are_missing_or_of_another_kind_are_not_needed(tmp_path):
    bare = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "t.json", "parameters": []}}
    odd = {**stack(template="t.json"), "dependencies": "Bare", "displayName": None}
    folder = write(tmp_path, Bare=bare, Odd=odd, Later={"type": "cdk:feature-flag-report"})
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["artifacts"]["Text"] = "text"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert names_of(folder) == ["Bare", "Odd"]


# Errors


def refused(path):
    with pytest.raises(TemplateError) as raised:
        read_assembly(path)
    return str(raised.value)


def test_a_folder_without_a_manifest_is_an_error(tmp_path):
    assert refused(tmp_path) == (f"{tmp_path}: it is not the output of a CDK app: there is no manifest.json")


def test_a_folder_that_does_not_exist_is_an_error_with_the_working_directory(tmp_path):
    missing = tmp_path / "cdk.out"
    assert refused(missing) == f"{missing}: there is no such folder; the working directory is {Path.cwd()}"


def test_the_folder_of_an_app_is_an_error_that_names_its_output(tmp_path):
    (tmp_path / "cdk.json").write_text("{}")
    assert refused(tmp_path).endswith("run `cdk synth` and give the folder cdk.out that it writes")
    write(tmp_path / "cdk.out", Orders=stack())
    assert refused(tmp_path).endswith(f"give its output, {tmp_path / 'cdk.out'}")


@pytest.mark.parametrize("text", ["", "{", "\udcff", "[" * 100_000])
def test_a_broken_manifest_is_an_error(text, tmp_path):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    assert refused(tmp_path).startswith(
        f"{tmp_path / 'manifest.json'}: the manifest of the CDK app cannot be read ("
    )


@pytest.mark.parametrize("text", ["[]", "{}", '{"artifacts": []}'])
def test_another_file_of_that_name_is_an_error(text, tmp_path):
    (tmp_path / "manifest.json").write_text(text)
    assert refused(tmp_path).endswith("the file is not the manifest of a CDK app: it has no artifacts")


def test_an_app_without_stacks_is_an_error(tmp_path):
    assert refused(write(tmp_path, Tree=TREE)).endswith("the CDK app has no stacks")


def test_a_template_that_is_missing_is_an_error(tmp_path):
    write(tmp_path, Orders=stack())
    (tmp_path / "Orders.template.json").unlink()
    assert refused(tmp_path).endswith(
        "the artifact Orders names Orders.template.json, which is missing; run `cdk synth`"
    )


def test_a_stack_without_a_template_is_an_error(tmp_path):
    artifact = {"type": "aws:cloudformation:stack"}
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"Orders": artifact}}))
    assert refused(tmp_path).endswith("the artifact Orders has no templateFile")


def test_a_circle_is_an_error(tmp_path):
    assert "in a circle: A, B" in refused(write(tmp_path, A=stack("B"), B=stack("A")))


# Values of stacks in other regions

NAME = "/cdk/exports/Bills/OrdersEuWest1RefBus"


def test_a_writer_exports_values_to_a_region():
    properties = {"ServiceToken": "arn", "WriterProps": {"region": "us-east-1", "exports": {NAME: "orders"}}}
    assert cross_region_exports(properties) == ("us-east-1", {NAME: "orders"})


@pytest.mark.parametrize("properties", [{}, {"WriterProps": 1}, {"WriterProps": {"exports": 1, "region": 1}}])
def test_properties_of_another_kind_export_nothing(properties):
    assert cross_region_exports(properties) == (None, {})


# Nested stacks


def nested(url, type_name="AWS::CloudFormation::Stack", **metadata):
    name = "Location" if type_name == "AWS::Serverless::Application" else "TemplateURL"
    return Declared("Nested", type_name, {name: url}, metadata=metadata)


def test_a_local_path_is_relative_to_the_template(tmp_path):
    file = tmp_path / "template.yaml"
    assert nested_template(file, nested("nested/orders.yaml")) == tmp_path / "nested/orders.yaml"
    assert nested_template(str(file), nested("./orders.yaml")) == tmp_path / "orders.yaml"
    assert nested_template(None, nested("orders.yaml")) == Path("orders.yaml")
    assert nested_template(file, nested(os.fspath(tmp_path / "x.yaml"))) == tmp_path / "x.yaml"


def test_a_local_application_is_relative_to_the_template(tmp_path):
    application = nested("app/template.yaml", "AWS::Serverless::Application")
    assert nested_template(tmp_path / "template.yaml", application) == tmp_path / "app/template.yaml"


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.amazonaws.com/bucket/orders.yaml",
        "s3://bucket/orders.yaml",
        "arn:aws:serverlessrepo:us-east-1:1:applications/orders",
        {"Fn::Sub": "https://${Bucket}.s3.amazonaws.com/orders.yaml"},
        {"Fn::Sub": f"https://bucket/{HASH}.json"},
        None,
    ],
)
def test_a_template_elsewhere_has_no_path(url, tmp_path):
    assert nested_template(tmp_path / "template.yaml", nested(url)) is None


def test_an_asset_of_the_cdk_has_the_path_in_its_metadata(tmp_path):
    metadata = {"aws:asset:path": "OrdersNested.nested.template.json", "aws:asset:property": "TemplateURL"}
    resource = nested({"Fn::Join": ["", ["https://s3."]]}, **metadata)
    expected = tmp_path / "OrdersNested.nested.template.json"
    assert nested_template(tmp_path / "Orders.template.json", resource) == expected


def test_an_asset_of_the_cdk_without_metadata_is_found_by_its_hash(tmp_path):
    files = {HASH: {"source": {"path": "OrdersNested.nested.template.json", "packaging": "file"}}}
    (tmp_path / "Broken.assets.json").write_text("{")
    (tmp_path / "Empty.assets.json").write_text("[]")
    (tmp_path / "Orders.assets.json").write_text(json.dumps({"version": "48.0.0", "files": files}))
    resource = nested({"Fn::Sub": f"https://s3.${{AWS::URLSuffix}}/assets/{HASH}.json"})
    expected = tmp_path / "OrdersNested.nested.template.json"
    assert nested_template(tmp_path / "Orders.template.json", resource) == expected


def test_a_resource_of_another_type_has_no_template(tmp_path):
    function = Declared("F", "AWS::Lambda::Function", {}, metadata={"aws:asset:path": "asset.1"})
    assert nested_template(tmp_path / "t.json", function) is None
