"""What is reported as impossible by a schema is never so in an event that is valid by it, as jsonschema says."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings, strategies as st
from jsonschema import Draft202012Validator

from eventmock.pattern import compile as compile_pattern
from eventmock.pattern.matching import Field
from eventmock.pattern.terms import Absent
from eventmock.schemas.broken_consumers import broken_consumers
from eventmock.schemas.change import Kind as ChangeKind
from eventmock.schemas.consumer import Consumer, inputs_of
from eventmock.schemas.consumer_problems import Kind, problems_of_path, problems_of_pattern
from eventmock.schemas.event_schema import EventSchema
from eventmock.schemas.examples import Wish, example, matching_event
from eventmock.schemas.input_paths import ends_of, is_certain
from eventmock.schemas.satisfaction import can_satisfy
from eventmock.schemas.schema_pairs import SchemaPairs
from eventmock.schemas.view import SchemaView
from eventmock.transform.json_path import MISSING, JsonPath
from eventmock.transform.json_text import JsonText
from eventmock.values.deep_json import dumps

NAMES = ["a", "b", "c"]
TEXTS = ["", "x", "ab", "abc", "PAID", "10", "2026-01-15"]
NUMBERS = [-1, 0, 1, 2, 2.5, 10, 100]

texts = st.fixed_dictionaries(
    {"type": st.just("string")},
    optional={
        "minLength": st.integers(0, 3),
        "maxLength": st.integers(2, 5),
        "pattern": st.sampled_from(["^a", "b$", "^[a-z]+$", "^[0-9]{2}$", "PAID|NEW"]),
    },
)
numbers = st.fixed_dictionaries(
    {"type": st.sampled_from(["number", "integer"])},
    optional={
        "minimum": st.sampled_from(NUMBERS),
        "exclusiveMaximum": st.sampled_from(NUMBERS),
        "maximum": st.sampled_from(NUMBERS),
        "exclusiveMinimum": st.sampled_from(NUMBERS),
        "multipleOf": st.sampled_from([1, 2, 0.5]),
    },
)
scalars = st.sampled_from([*TEXTS, *NUMBERS, True, False, None])
leaves = st.one_of(
    texts,
    numbers,
    st.builds(lambda values: {"enum": values}, st.lists(scalars, min_size=1, max_size=3)),
    st.builds(lambda value: {"const": value}, scalars),
    st.sampled_from(
        [
            {"type": "boolean"},
            {"type": "null"},
            {"type": ["string", "null"]},
            {"type": ["integer", "string"], "minimum": 1},
            {"type": "string", "nullable": True},
            {},
            {"enum": [{"a": 1}, ["x", 2], "PAID"]},
        ]
    ),
)


def objects(values):
    members = st.dictionaries(st.sampled_from(NAMES), values, max_size=3)
    return st.fixed_dictionaries(
        {
            "type": st.just("object"),
            "properties": members,
            "required": st.lists(st.sampled_from(NAMES), unique=True, max_size=2),
        },
        optional={
            "additionalProperties": st.one_of(st.booleans(), values),
            "patternProperties": st.dictionaries(st.sampled_from(["^[ab]$", "^c"]), values, max_size=1),
        },
    )


def containers(values):
    return st.one_of(
        objects(values),
        st.fixed_dictionaries(
            {"type": st.just("array"), "items": values},
            optional={"minItems": st.integers(0, 2), "maxItems": st.integers(2, 3)},
        ),
        st.builds(lambda ones: {"anyOf": ones}, st.lists(values, min_size=1, max_size=2)),
        st.builds(lambda ones: {"oneOf": ones}, st.lists(values, min_size=1, max_size=2)),
        st.builds(lambda ones: {"allOf": ones}, st.lists(values, min_size=1, max_size=2)),
        st.builds(lambda name: {"$ref": f"#/$defs/{name}"}, st.sampled_from(["Text", "Item", "Tree"])),
    )


DEFS = {
    "Text": {"type": "string", "enum": ["PAID", "NEW"]},
    "Item": {"type": "object", "properties": {"a": {"type": "number", "minimum": 0}}, "required": ["a"]},
    "Tree": {"type": "object", "properties": {"b": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}},
}
details = objects(st.recursive(leaves, containers, max_leaves=4))
paths = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(lambda names: ["detail", *names])
terms = st.one_of(
    scalars,
    st.sampled_from(
        [
            {"exists": True},
            {"exists": False},
            {"prefix": "a"},
            {"prefix": "abcdef"},
            {"suffix": "b"},
            {"wildcard": "a*c"},
            {"equals-ignore-case": "paid"},
            {"prefix": {"equals-ignore-case": "AB"}},
            {"anything-but": ["PAID", "NEW"]},
            {"anything-but": [0, 1]},
            {"anything-but": {"prefix": "a"}},
            {"numeric": [">", 1]},
            {"numeric": [">=", 0, "<", 1]},
            {"numeric": ["=", 2.5]},
            {"cidr": "10.0.0.0/8"},
            {"exactly": "ab"},
            "10.0.0.1",
        ]
    ),
)


def nested(path, wanted):
    for name in reversed(path):
        wanted = {name: wanted}
    return wanted


def schema_of(detail):
    event = {
        "type": "object",
        "required": ["source", "detail-type", "detail"],
        "properties": {"source": {"const": "s"}, "detail-type": {"const": "d"}, "detail": detail},
        "additionalProperties": False,
    }
    return event, EventSchema("s", "d", event, {"$defs": DEFS}, "s/d.json")


def without_nullable(schema):
    if isinstance(schema, list):
        return [without_nullable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("nullable") is True:
        return {
            **{name: one for name, one in schema.items() if name != "nullable"},
            "type": [schema["type"], "null"],
        }
    return {name: one if name == "enum" else without_nullable(one) for name, one in schema.items()}


any_scalar = st.one_of(scalars, st.integers(-3, 12), st.text("ab01x", max_size=3))


@st.composite
def values(draw, schema, depth=0):
    """Values that are mostly valid by a schema, since the keywords are followed one by one."""
    if "$ref" in schema:
        return draw(values(DEFS[schema["$ref"].rpartition("/")[2]], depth + 1))
    choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if choices:
        return draw(values(draw(st.sampled_from(choices)), depth))
    listed = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if listed is not None:
        return draw(st.sampled_from(listed))
    kind = schema.get("type", "any")
    kind = draw(st.sampled_from(kind)) if isinstance(kind, list) else kind
    if kind == "object":
        return draw(object_values(schema, depth))
    if kind == "array":
        size = draw(st.integers(schema.get("minItems", 0), min(schema.get("maxItems", 3), 3)))
        return [draw(values(schema["items"], depth + 1)) for _ in range(size if depth < 6 else 0)]
    return draw(scalars_of(kind, schema))


def scalars_of(kind, schema):
    """Scalars that are mostly valid by a schema; any small value if the schema names no type."""
    patterns = [st.from_regex(schema["pattern"])] if "pattern" in schema else []
    nothing = [st.none()] if schema.get("nullable") else []
    small = any_scalar.flatmap(lambda one: st.sampled_from([one, {"a": one}, {"b": one}, [one], []]))
    numbers_of = st.one_of(st.sampled_from(NUMBERS), st.integers(-5, 110))
    kinds = {
        "string": st.one_of(st.sampled_from(TEXTS), st.text("ab0PAID", max_size=5), *patterns, *nothing),
        "number": numbers_of,
        "integer": numbers_of,
        "boolean": st.booleans(),
        "null": st.none(),
        "any": small,
    }
    return kinds[kind]


@st.composite
def object_values(draw, schema, depth):
    """Objects that are mostly valid by a schema."""
    built = {}
    optional = st.booleans() if depth < 6 else st.just(False)
    for name in {*schema.get("properties", {}), *schema.get("required", []), *NAMES}:
        rules = [one for regex, one in schema.get("patternProperties", {}).items() if re.search(regex, name)]
        rules += [schema["properties"][name]] if name in schema.get("properties", {}) else []
        rules = rules or [schema.get("additionalProperties", {})]
        if name in schema.get("required", []) or draw(optional):
            rule = draw(st.sampled_from(rules))
            if rule is not False:
                built[name] = draw(values({} if rule is True else rule, depth + 1))
    return built


def events_of(data, event):
    """Some events that are valid by a schema, as jsonschema says."""
    validator = Draft202012Validator({**without_nullable(event), "$defs": DEFS})
    found = [
        {"source": "s", "detail-type": "d", "detail": detail}
        for detail in data.draw(st.lists(values(event["properties"]["detail"]), max_size=6))
    ]
    return [one for one in found if validator.is_valid(one)]


SETTINGS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@SETTINGS
@given(
    st.data(),
    details,
    st.lists(st.tuples(paths, st.lists(terms, min_size=1, max_size=2)), min_size=1, max_size=3),
)
def test_what_cannot_be_satisfied_never_is(data, detail, wanted):
    event, schema = schema_of(detail)
    view = SchemaView(schema)
    fields = {}
    for path, given_terms in wanted:
        pattern = compile_pattern(nested(path, given_terms))
        [alternative] = pattern.alternatives
        fields[".".join(path)] = alternative.written[0], pattern
    events = events_of(data, event)
    for field, pattern in fields.values():
        for term in field.terms:
            alone = Field(field.path, (term,))
            if not can_satisfy(view, [alone]):
                for one in events:
                    assert not any(held.satisfied and str(term) in held.wanted for held in _alone(alone, one))
        if not can_satisfy(view, [field]):
            assert not any(pattern.matches(one) for one in events)
    together = compile_pattern(_flat(wanted))
    [alternative] = together.alternatives
    if not can_satisfy(view, alternative.written):
        assert not any(together.matches(one) for one in events)


def _flat(wanted):
    return {".".join(path): given_terms for path, given_terms in wanted}


def _alone(field, event):
    from eventmock.pattern.explanation import FieldExplanation
    from eventmock.pattern.leaves import read_event

    leaves = read_event(event).leaves
    held = tuple(leaf.value for leaf in leaves.get(field.path, ()))
    return [
        FieldExplanation(
            path=field.path,
            wanted=field.wanted,
            held=held,
            satisfied=field.may_hold(leaves),
            _terms=(),
            _event=None,
        )
    ]


@SETTINGS
@given(st.data(), details, paths, st.lists(st.sampled_from(["", "[0]", "[*]"]), min_size=3, max_size=3))
def test_an_input_path_that_leads_nowhere_never_does_and_a_certain_one_always_does(data, detail, path, marks):
    event, schema = schema_of(detail)
    view = SchemaView(schema)
    text = "$" + "".join(f".{name}{mark}" for name, mark in zip(path, ["", *marks], strict=False))
    input_path = JsonPath.parse(text)
    found = [input_path.find(JsonText.parse(dumps(one))) for one in events_of(data, event)]
    leads = [one for one in found if one is not MISSING and not one.is_null and one.text != "[]"]
    if not ends_of(view, input_path):
        assert [one for one in leads if "[*]" not in text or one.text.replace("null", "").strip("[],")] == []
    if is_certain(view, input_path):
        assert all(one is not MISSING and not one.is_null for one in found)


@SETTINGS
@given(details, paths, st.lists(terms, min_size=1, max_size=2))
def test_examples_are_valid_and_what_was_asked_for(detail, path, wanted):
    event, schema = schema_of(detail)
    view = SchemaView(schema)
    validator = Draft202012Validator({**without_nullable(event), "$defs": DEFS})
    pattern = compile_pattern(nested(path, wanted))
    shown = matching_event(pattern, view)
    if shown is not None:
        assert validator.is_valid(shown)
        assert pattern.matches(shown)
    absent = Wish.of(Field(".".join(path), (Absent(),)), is_absent=True)
    refused = example(view, [absent], is_wanted=lambda one: not pattern.matches(one))
    if refused is not None:
        assert validator.is_valid(refused)
        assert not pattern.matches(refused)


@SETTINGS
@given(st.data(), details, paths, st.lists(terms, min_size=1, max_size=2))
def test_a_problem_is_true_of_all_events(data, detail, path, wanted):
    event, schema = schema_of(detail)
    view = SchemaView(schema)
    pattern = compile_pattern(nested(path, wanted))
    events = events_of(data, event)
    for problem in problems_of_pattern(pattern, [view]):
        if problem.kind is Kind.PATH:
            assert not any(compile_pattern(nested(path, [{"exists": True}])).matches(one) for one in events)
        if problem.example is not None:
            assert not pattern.matches(problem.example)
    names_only = JsonPath.parse("$." + ".".join(path))
    for problem in problems_of_path(names_only, pattern, [view]):
        if problem.kind is Kind.OPTIONAL:
            assert pattern.matches(problem.example)


@SETTINGS
@given(st.data(), details, details, paths, st.lists(terms, min_size=1, max_size=2))
def test_a_rule_that_a_change_breaks_matches_no_event_and_examples_show_it(data, before, after, path, wanted):
    _, old = schema_of(before)
    event, new = schema_of(after)
    pattern = compile_pattern({"source": ["s"], **nested(path, wanted)})
    inputs = inputs_of({"Id": "t", "InputPath": "$." + ".".join(path)})
    consumer = Consumer("rule", "rules.json", None, pattern, inputs)
    validator = Draft202012Validator({**without_nullable(event), "$defs": DEFS})
    events = events_of(data, event)
    for change in broken_consumers([consumer], SchemaPairs([old], [new])):
        is_open = change.now.startswith("not named")
        if change.severity == "error" and change.target is None and not is_open:
            assert not any(map(pattern.matches, events))
        if change.severity == "error" and change.target is not None and not is_open:
            found = [inputs[0].path.find(JsonText.parse(dumps(one))) for one in events]
            assert all(one is MISSING or one.is_null for one in found)
        if change.example is not None:
            assert validator.is_valid(change.example)
            if change.consumer is not None and change.target is None:
                assert pattern.matches(change.example) is (change.kind is ChangeKind.NEW_VALUE)
