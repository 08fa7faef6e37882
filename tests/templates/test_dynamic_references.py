from __future__ import annotations

import re

from hypothesis import given, strategies as st

from eventmock.templates.dynamic_references import DynamicReferences, made_up

KNOWN = {"ssm:/shop/table": "orders", "secretsmanager:db:SecretString:user::": "ada"}


def references():
    return DynamicReferences(KNOWN.__getitem__)


def test_each_reference_in_a_text_is_replaced():
    dynamic = references()
    text = "{{resolve:secretsmanager:db:SecretString:user::}}@{{resolve:ssm:/shop/table}} {{other}}"
    assert dynamic.replaced(text) == "ada@orders {{other}}"
    assert dynamic.unresolved == []


def test_a_part_of_a_reference_stays():
    assert references().replaced("{{resolve:ssm:") == "{{resolve:ssm:"


def test_what_is_not_known_is_remembered_once_and_made_up():
    dynamic = references()
    first = dynamic.replaced("{{resolve:ssm-secure:b}} {{resolve:ssm:a:1}} {{resolve:ssm-secure:b}}")
    assert dynamic.unresolved == ["ssm-secure:b", "ssm:a:1"]
    one, other, again = first.split()
    assert one == again == made_up("ssm-secure:b") != other


def test_a_reference_is_resolved_once():
    asked = []
    dynamic = DynamicReferences(lambda reference: asked.append(reference) or "x")
    assert dynamic.replaced("{{resolve:ssm:a}}{{resolve:ssm:a}}") == "xx"
    assert asked == ["ssm:a"]


@given(st.text())
def test_what_is_made_up_has_20_letters(reference):
    assert re.fullmatch("[a-z]{20}", made_up(reference))
