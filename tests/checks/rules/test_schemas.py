from __future__ import annotations

import json

import pytest

from eventmock.commands.given_schemas import read_given_schemas

SCHEMA = {
    "type": "object",
    "required": ["total", "state"],
    "properties": {
        "total": {"type": "number", "minimum": 0},
        "state": {"enum": ["NEW", "PAID"]},
        "note": {"type": "string"},
        "card": {
            "type": "object",
            "properties": {"last4": {"type": "string"}},
            "additionalProperties": False,
        },
        "free": {"type": "object"},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}},
        "payment": {
            "oneOf": [
                {
                    "type": "object",
                    "required": ["iban"],
                    "properties": {"kind": {"const": "bank"}, "iban": {}},
                    "additionalProperties": False,
                },
                {"type": "object", "properties": {"kind": {"const": "cash"}}, "additionalProperties": False},
            ]
        },
    },
}
TEMPLATE = """
Parameters:
  Wanted: {{Type: String}}
Resources:
  Ship:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        source: [shop]
        {pattern}
      Targets:
        - Id: it
          Arn: arn:aws:sqs:us-east-1:123456789012:it
          DeadLetterConfig: {{Arn: "arn:aws:sqs:us-east-1:123456789012:letters"}}
          {target}
"""


@pytest.fixture
def by_schema(checked, tmp_path):
    """A function that checks a rule with a schema, and returns what is found by the rules about schemas."""

    def run(pattern="detail-type: [order]", target="RetryPolicy: {MaximumRetryAttempts: 3}", schema=SCHEMA):
        (tmp_path / "schemas" / "shop").mkdir(parents=True, exist_ok=True)
        (tmp_path / "schemas" / "shop" / "order.json").write_text(json.dumps(schema), "utf-8")
        schemas = read_given_schemas("--schemas", "schemas")
        report = checked(TEMPLATE.format(pattern=pattern, target=target), schemas=schemas)
        return [
            (one.rule, one.line, one.found)
            for one in report.findings
            if one.rule
            in (
                "term-no-schema-allows",
                "path-no-schema-has",
                "path-schema-does-not-name",
                "path-not-required",
            )
        ]

    return run


def test_a_text_where_the_schema_says_number_is_found_on_its_line(by_schema):
    [(rule, line, found)] = by_schema('detail: {total: ["100"]}')
    assert (rule, line, found.logical_id) == ("term-no-schema-allows", 9, "Ship")
    assert found.what == 'detail.total wanted "100" (text); the schema of shop, order says number from 0'
    assert found.production == (
        "it deploys, and no event ever matches it; an event of the schema: "
        '{"source": "shop", "detail-type": "order", "detail": {"total": 1, "state": "NEW"}}'
    )
    assert found.instead == "number from 0, as schemas/shop/order.json promises"


def test_a_sound_rule_has_no_findings(by_schema):
    transformer = "{InputPathsMap: {id: $.detail.total}, InputTemplate: '<id>'}"
    assert by_schema("detail: {total: [100], state: [PAID]}", f"InputTransformer: {transformer}") == []


@pytest.mark.parametrize(
    ("detail", "what", "production"),
    [
        ("{state: [PAID, SENT]}", 'detail.state wanted "SENT" (text); the schema of shop, order says one of "NEW", '
         '"PAID"', "no event matches by this term"),
        ('{total: [{numeric: ["<", 0]}]}',
         "detail.total wanted numeric < 0; the schema of shop, order says number from 0",
         "it deploys, and no event ever matches it"),
        ("{total: [{exists: false}]}", "detail.total wanted exists: false; the schema of shop, order says it is always "
         "there: number from 0", "it deploys, and no event ever matches it"),
        ("{payment: {kind: [cash], iban: [{exists: true}]}}",
         "no event of shop, order has what detail.payment.kind and "
         "detail.payment.iban want together", "it deploys"),
    ],
)  # fmt: skip
def test_terms_that_no_event_satisfies(by_schema, detail, what, production):
    [(rule, _, found)] = by_schema(f"detail: {detail}")
    assert (rule, found.what) == ("term-no-schema-allows", what)
    assert found.production.startswith(production)


def test_a_path_of_a_pattern_that_no_event_has(by_schema):
    [(rule, _, found)] = by_schema("detail: {card: {last_4: ['1']}}")
    assert (rule, found.what) == (
        "path-no-schema-has",
        "no event of shop, order has detail.card.last_4; did you mean detail.card.last4?",
    )
    assert found.instead == "detail.card.last4"


def test_a_path_that_an_open_schema_does_not_name(by_schema):
    [(rule, _, found)] = by_schema("detail: {totl: [1]}")
    assert (rule, found.what) == (
        "path-schema-does-not-name",
        "the schema of shop, order does not name detail.totl; did you mean detail.total?",
    )


@pytest.mark.parametrize(
    ("path", "rule", "what", "instead"),
    [
        ("$.detail.totl", "path-schema-does-not-name", "the schema of shop, order does not name $.detail.totl; did you "
         "mean $.detail.total?", "$.detail.total"),
        ("$.detail.card.last5", "path-no-schema-has", "no event of shop, order has $.detail.card.last5",
         "a path that schemas/shop/order.json has"),
        ("$.detail.lines.sku", "path-no-schema-has", "no event of shop, order has $.detail.lines.sku; did you mean "
         "$.detail.lines[*].sku?", "$.detail.lines[*].sku"),
        ("$.detail.note", "path-not-required", "the schema of shop, order does not require $.detail.note",
         "a pattern that wants detail.note present, or schemas/shop/order.json requires it"),
    ],
)  # fmt: skip
def test_input_paths(by_schema, path, rule, what, instead):
    [(id_, line, found)] = by_schema(target=f"InputPath: {path}")
    assert (id_, line) == (rule, 14)
    assert found.what == f'target "it" (InputPath): {what}'
    assert found.instead == instead


@pytest.mark.parametrize(
    ("pattern", "target"),
    [
        ("detail: {note: [{exists: true}]}", "InputPath: $.detail.note"),
        ("detail: {free: {any: [1]}}", "InputPath: $.detail.free.any"),
        ("detail: {totl: [{exists: false}]}", "InputPath: $.detail.total"),
        ("detail-type: [refund]\n        detail: {totl: [1]}", "InputPath: $.detail.totl"),
        ("detail: {total: [!Ref Wanted]}", "InputPath: $.detail.total"),
        ("account: ['1']", "InputPath: $.account"),
        ("detail-type: [order]", "InputPath: $.detail.lines[0].sku"),
    ],
)
def test_what_is_not_known_is_not_found(by_schema, pattern, target):
    found = [one for one in by_schema(pattern, target) if one[0] != "path-not-required"]
    assert found == []
