from __future__ import annotations

import datetime as dt
import json
import sys

import pytest
import yaml
from hypothesis import given, strategies as st

from eventmock.exceptions import TemplateError
from eventmock.templates.json_places import JsonPlaces
from eventmock.templates.source import Place, read_source
from eventmock.templates.yaml_reader import read_yaml

TEMPLATE = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"Names": ["ä", "b"]}}}}


@pytest.mark.parametrize("name", ["template.json", "template.yaml", "template.template", "template"])
def test_json_is_read_whatever_the_file_is_called(read, name):
    source = read(json.dumps(TEMPLATE, indent=1), name)
    assert source.document == TEMPLATE
    assert source.place(("Resources", "Queue", "Properties", "Names", 1)) == Place(name, 8)


def test_json_is_read_without_pyyaml(read, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert read(json.dumps(TEMPLATE)).document == TEMPLATE
    with pytest.raises(TemplateError, match="not valid JSON at line 1, column 2: Expecting property name"):
        read("{Resources: 1}")


def test_yaml_without_pyyaml_names_the_extra(read, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(TemplateError, match=r"pip install 'eventmock\[templates\]'"):
        read("Resources: {}")


def test_yaml_may_begin_with_a_brace(read):
    assert read("{Resources: {Queue: {Type: !Ref Kind}}}").document == {
        "Resources": {"Queue": {"Type": {"Ref": "Kind"}}}
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump])
def test_encodings_that_tools_write_are_read(tmp_path, encoding, write):
    file = tmp_path / "template"
    file.write_bytes(write(TEMPLATE).encode(encoding))
    assert read_source(file).document == TEMPLATE


def test_text_in_another_encoding_is_refused(tmp_path):
    file = tmp_path / "template.yaml"
    file.write_bytes("Resources: für".encode("latin-1"))
    with pytest.raises(
        TemplateError, match="is not text in UTF-8 or UTF-16: byte 12 cannot be read as utf-8"
    ):
        read_source(file)


def test_a_source_has_its_text(read):
    source = read("Resources: {}")
    assert (source.file, source.text) == ("template.yaml", "Resources: {}")


class TestMapping:
    def test_a_mapping_is_copied(self):
        given = {"Resources": {"Queue": {"Names": ("a", "b")}}}
        source = read_source(given)
        source.document["Resources"]["Queue"]["Names"].append("c")
        assert given == {"Resources": {"Queue": {"Names": ("a", "b")}}}

    def test_a_mapping_has_no_file_and_no_lines(self):
        source = read_source(TEMPLATE)
        assert source.document == TEMPLATE
        assert source.place(("Resources",)) == Place(None, None)
        assert str(source.place(())) == "template"
        assert source.repeated_keys == []
        assert source.text is None

    def test_dates_that_yaml_safe_load_makes_are_text(self):
        source = read_source({"Resources": {"Version": dt.date(2012, 10, 17)}})
        assert source.document == {"Resources": {"Version": "2012-10-17"}}

    def test_keys_are_text(self):
        assert read_source({"Mappings": {111122223333: {}}}).document == {"Mappings": {"111122223333": {}}}


class TestOtherKinds:
    """What is not a template is named."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "the file is empty"),
            ("- 1", "a template is a mapping with Resources, but the file has a list"),
            ("name: CI\njobs: {}", r"it has no Resources \(it has name, jobs\)"),
            ("{}", r"it has no Resources \(it has nothing\)"),
            ('{"planned_values": {}}', "a plan or state of Terraform, which is not read"),
            ('{"terraform_version": "1.9"}', "a plan or state of Terraform"),
            (
                "service: shop\nprovider: {name: aws}",
                "run `serverless package` and give .serverless/cloudformation-temp",
            ),
            ("functions: {}\nprovider: {name: aws}", "run `serverless package`"),
            (
                '{"version": "39", "artifacts": {}}',
                "it is the manifest of a CDK app's output; give its folder",
            ),
        ],
    )
    def test_a_file_that_is_not_a_template_is_named(self, read, text, said):
        with pytest.raises(TemplateError, match=f"^template.yaml: .*{said}"):
            read(text)

    def test_a_file_of_terraform_is_named(self, read):
        with pytest.raises(TemplateError, match=r"^main.tf: it is a file of Terraform, which is not read"):
            read('resource "aws_sqs_queue" "queue" {}', "main.tf")

    def test_a_file_that_is_not_there_is_named_with_the_working_directory(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        with pytest.raises(TemplateError) as raised:
            read_source("shop.yaml")
        assert str(raised.value) == f"shop.yaml: there is no such file; the working directory is {tmp_path}"

    def test_a_file_that_cannot_be_read_is_named(self, tmp_path, monkeypatch):
        monkeypatch.setattr(
            "pathlib.Path.read_bytes", lambda _path: (_ for _ in ()).throw(PermissionError(13, "no"))
        )
        with pytest.raises(TemplateError, match="the file cannot be read: no"):
            read_source(tmp_path / "shop.yaml")

    def test_a_folder_without_a_manifest_is_not_that_of_a_cdk_app(self, tmp_path):
        with pytest.raises(
            TemplateError, match=r"a folder without a manifest.json.*the cdk.out that `cdk synth` writes"
        ):
            read_source(tmp_path)

    def test_a_folder_with_a_manifest_names_a_template_in_it(self, tmp_path):
        (tmp_path / "manifest.json").write_text("{}")
        with pytest.raises(TemplateError, match="the output of a CDK app, which has one template a stack"):
            read_source(tmp_path)
        (tmp_path / "Shop.template.json").write_text("{}")
        with pytest.raises(TemplateError, match=r"such as Shop.template.json$"):
            read_source(tmp_path)


class TestErrors:
    def test_json_that_is_not_valid_names_line_and_column(self, read):
        with pytest.raises(TemplateError) as raised:
            read('{\n "Resources": {,}\n}', "shop.json")
        assert raised.value.line == 2
        assert str(raised.value).startswith("shop.json:2: the file is not valid JSON at line 2, column 16: ")

    def test_yaml_that_is_not_valid_names_line_and_column(self, read):
        with pytest.raises(TemplateError) as raised:
            read("Resources:\n  Queue:\n\tType: x")
        assert raised.value.line == 3
        assert "template.yaml:3: the file is not valid YAML at line 3, column 1: " in str(raised.value)
        assert "that cannot start any token" in str(raised.value)

    def test_a_character_that_yaml_forbids_is_named(self, read):
        with pytest.raises(
            TemplateError, match=r"the file is not valid YAML: (control|special) characters are not allowed"
        ):
            read("Resources: \x07")

    def test_json_that_is_nested_too_deeply_is_refused(self, read):
        with pytest.raises(TemplateError, match="the file is nested too deeply"):
            read('{"Resources": ' + "[" * 100_000 + "]" * 100_000 + "}", "deep.json")

    def test_an_alias_that_contains_itself_is_refused(self, read):
        with pytest.raises(TemplateError, match="an alias contains itself"):
            read("Resources: &all\n  Queue: *all")


KEYS = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=5) | st.sampled_from(
    ["a b", 'say "x"', "ä", "\\", "a:b", "tab\t", "{", "12", "yes", "2012-10-17", ""]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | KEYS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)


def paths_of(value, path=()):
    yield path
    for key, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from paths_of(inner, (*path, key))


@given(DOCUMENTS)
def test_json_and_yaml_have_the_same_places(document):
    """JSON with line breaks is YAML too, but for floats such as 1e16, which are text there."""
    text = json.dumps(document, indent=2)
    _, places = read_yaml(text, None)
    json_places = JsonPlaces(text)
    for path in paths_of(document):
        assert json_places.line(path) == places.line(path), path


@given(DOCUMENTS)
def test_what_yaml_has_written_is_read_back(document):
    assert read_yaml(yaml.safe_dump(document), None)[0] == document


@given(DOCUMENTS)
def test_a_mapping_is_read_as_itself(document):
    assert read_source({"Resources": document}).document == {"Resources": document}


@pytest.mark.parametrize(
    ("section", "wanted"), [({"A": {"Type": "String"}}, ["A"]), (None, []), (True, []), (["A"], [])]
)
def test_parameters_that_are_no_mapping_are_none(section, wanted):
    assert list(read_source({"Parameters": section, "Resources": {}}).parameters) == wanted
