from __future__ import annotations

import pytest
import yaml

from eventmock.exceptions import TemplateError
from eventmock.templates import yaml_reader
from eventmock.templates.yaml_reader import SHORT_TAGS, read_yaml


def value_of(text):
    return read_yaml(text, "template.yaml")[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("No", False),
        ("on", True),
        ("OFF", False),
        ("true", True),
        ("y", "y"),
        ("012", 10),
        ("0o12", "0o12"),
        ("0", 0),
        ("-0", 0),
        ("089", "089"),
        ("0x1F", 31),
        ("0b101", 5),
        ("1_000", 1000),
        ("-12", -12),
        ("1:30", 90),
        ("-1:30:00", -5400),
        ("1.5", 1.5),
        ("-1:30.5", -90.5),
        ("1e3", "1e3"),
        (".inf", float("inf")),
        ("-.INF", float("-inf")),
        ("~", None),
        ("", None),
        ("null", None),
        ("2012-10-17", "2012-10-17"),
        ("2012-10-17T00:00:00Z", "2012-10-17T00:00:00Z"),
        ('"012"', "012"),
        ("=", "="),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!!timestamp 2012-10-17", "2012-10-17"),
        ("!!bool 'yes'", True),
    ],
)
def test_scalars_are_those_of_yaml_1_1_but_dates_stay_text(text, value):
    read = value_of(f"[{text}]" if text else "-")[0]
    assert (read, type(read)) == (value, type(value))


def test_keys_are_text_as_it_is_written():
    assert value_of("012: 1\non: 2\n2012-10-17: 3\n~: 4") == {"012": 1, "on": 2, "2012-10-17": 3, "~": 4}


@pytest.mark.parametrize("tag", SHORT_TAGS)
def test_a_short_tag_becomes_its_long_form(tag):
    long = tag[1:] if tag in {"!Ref", "!Condition"} else f"Fn::{tag[1:]}"
    assert value_of(f"{tag} [a, 1]") == {long: ["a", 1]}
    assert value_of(f"{tag} {{a: 1}}") == {long: {"a": 1}}
    assert value_of(f"{tag} 12") == {long: "12"}


def test_short_tags_stand_in_each_other():
    assert value_of("!Join ['-', [!Ref A, !Sub '${B}']]") == {
        "Fn::Join": ["-", [{"Ref": "A"}, {"Fn::Sub": "${B}"}]]
    }


def test_get_att_is_split_at_its_first_dot():
    assert value_of("!GetAtt A.B.C") == {"Fn::GetAtt": ["A", "B.C"]}
    assert value_of("!GetAtt [A, B.C]") == {"Fn::GetAtt": ["A", "B.C"]}
    assert value_of("!GetAtt A") == {"Fn::GetAtt": "A"}


@pytest.mark.parametrize(
    ("text", "tag"),
    [("!Rain::Embed file", "!Rain::Embed"), ("!!set {a}", "!!set"), ("!!binary YQ==", "!!binary")],
)
def test_another_tag_is_refused_with_its_line(text, tag):
    with pytest.raises(TemplateError) as raised:
        value_of(f"a: 1\nb:\n  - {text}")
    assert str(raised.value) == f"template.yaml:3: CloudFormation does not know the tag {tag}"


def test_a_value_that_is_not_of_its_tag_is_refused():
    with pytest.raises(TemplateError, match=r"yaml:1: 'x' is not of the type of its tag !!int"):
        value_of("!!int x")
    with pytest.raises(TemplateError, match=r"yaml:1: 'x' is not of the type of its tag !!bool"):
        value_of("!!bool x")


def test_a_key_that_is_not_text_is_refused():
    with pytest.raises(TemplateError, match="yaml:2: a key of a mapping must be text"):
        value_of("a: 1\n[b]: 1")


def test_two_documents_in_one_file_are_refused():
    with pytest.raises(
        TemplateError, match=r"yaml:2: .*expected a single document in the stream: but found another"
    ):
        value_of("a: 1\n---\nb: 1")


class TestAliases:
    MERGED = """\
        base: &base
          a: 1
          b: 1
        other: &other
          b: 2
          c: 2
        one:
          <<: *base
          b: 3
        two:
          d: 4
          <<: [*base, *other]
        three: *other
        """

    def test_merges_and_anchors_are_accepted(self):
        document = value_of(self.MERGED)
        assert document["one"] == {"a": 1, "b": 3}
        assert document["two"] == {"a": 1, "b": 1, "c": 2, "d": 4}
        assert document["three"] == {"b": 2, "c": 2}

    @pytest.mark.parametrize(
        ("path", "line"),
        [
            (("one", "a"), 2),
            (("one", "b"), 9),
            (("two", "b"), 3),
            (("two", "c"), 6),
            (("two", "nothing"), 10),
            (("three", "c"), 6),
        ],
    )
    def test_what_is_merged_has_the_line_where_it_stands(self, path, line):
        assert read_yaml(self.MERGED, None)[1].line(path) == line

    def test_a_merge_of_something_else_is_refused(self):
        with pytest.raises(TemplateError, match=r"yaml:1: a merge \(<<\) wants a mapping"):
            value_of("<<: 1")


def test_of_a_key_that_stands_twice_the_last_counts_and_it_is_reported():
    document, places = read_yaml(
        "a:\n  b: 1\n  c: !Sub\n  - x\n  - d: 1\n    d: 2\n  b: 2\na: !Ref x\n<<: {}\n<<: {}", None
    )
    assert document == {"a": {"Ref": "x"}}
    assert places.repeated_keys == [("a", "c", "Fn::Sub", 1, "d"), ("a", "b"), ("a",)]
    assert places.line(("a",)) == 8


PLACES = """\
Resources:
  Queue:
    Name: !If
      - Big
      - !Sub
        - ${a}
        - a: !GetAtt Topic.Arn
      - text
    Long:
      Fn::GetAtt: [A, B]
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("Name",), 3),
        (("Name", "Fn::If"), 3),
        (("Name", "Fn::Sub"), 3),
        (("Name", "Fn::If", 0), 4),
        (("Name", "Fn::If", 1), 5),
        (("Name", "Fn::If", 1, "Fn::Sub", 0), 6),
        (("Name", "Fn::If", 1, "Fn::Sub", 1, "a"), 7),
        (("Name", "Fn::If", 1, "Fn::Sub", 1, "a", "Fn::GetAtt", 1), 7),
        (("Name", "Fn::If", 2, "more"), 8),
        (("Name", "Fn::If", 9), 3),
        (("Long", "Fn::GetAtt", 1), 10),
        (("Nothing",), 2),
    ],
)
def test_each_part_has_its_line(path, line):
    assert read_yaml(PLACES, None)[1].line(("Resources", "Queue", *path)) == line


def test_an_empty_file_has_one_line():
    document, places = read_yaml("# nothing", None)
    assert (document, places.line(("a",)), places.repeated_keys) == (None, 1, [])


def test_without_libyaml_the_same_is_read(monkeypatch):
    with_libyaml = read_yaml(PLACES, None)
    monkeypatch.setattr(yaml_reader, "_LOADER", yaml_reader._loader(yaml.SafeLoader))
    document, places = read_yaml(PLACES, None)
    assert document == with_libyaml[0]
    for below in [("Name", "Fn::If", 1, "Fn::Sub", 1, "a"), ("Long", "Fn::GetAtt", 1)]:
        path = ("Resources", "Queue", *below)
        assert places.line(path) == with_libyaml[1].line(path)
    assert value_of("[2012-10-17, 012, yes, !Ref A]") == ["2012-10-17", 10, True, {"Ref": "A"}]
