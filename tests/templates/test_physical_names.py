from __future__ import annotations

import re
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from eventmock.templates.physical_names import made_id, made_name, made_uuid

STACKS = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,127}", fullmatch=True)
LOGICAL_IDS = st.from_regex(r"[A-Za-z0-9]{1,255}", fullmatch=True)


def test_a_made_name_has_the_stack_the_logical_id_and_a_suffix():
    assert re.fullmatch(r"shop-Orders-[A-Z0-9]{12}", made_name("shop", "Orders"))


def test_a_second_run_makes_the_same_name():
    assert made_name("shop", "Orders") == "shop-Orders-MUC2VIQ1RZPQ"


@pytest.mark.parametrize(
    ("stack", "logical_id", "start"),
    [
        ("s" * 10, "l" * 60, "s" * 10 + "-" + "l" * 40 + "-"),
        ("s" * 60, "l" * 10, "s" * 40 + "-" + "l" * 10 + "-"),
        ("s" * 60, "l" * 60, "s" * 25 + "-" + "l" * 25 + "-"),
        ("s" * 30, "l" * 20, "s" * 30 + "-" + "l" * 20 + "-"),
    ],
)
def test_a_long_stack_and_a_long_logical_id_share_the_room(stack, logical_id, start):
    name = made_name(stack, logical_id)
    assert name.startswith(start)
    assert len(name) == 64


@given(STACKS, LOGICAL_IDS, st.integers(16, 512), st.booleans())
def test_a_made_name_keeps_to_limit_and_alphabet(stack, logical_id, limit, lower):
    name = made_name(stack, logical_id, limit=limit, lower=lower)
    whole = f"{stack}-{logical_id}-"
    assert len(name) == min(limit, len(whole) + 12)
    suffix = "[a-z0-9]{12}" if lower else "[A-Z0-9]{12}"
    assert re.fullmatch(rf"[A-Za-z0-9-]*-{suffix}", name)
    assert not lower or name == name.lower()


@given(st.sets(st.tuples(STACKS, LOGICAL_IDS), min_size=2, max_size=5), st.integers(16, 80), st.booleans())
def test_different_resources_have_different_names(resources, limit, lower):
    names = {made_name(*resource, limit=limit, lower=lower) for resource in resources}
    assert len(names) == len(resources)


@given(STACKS, LOGICAL_IDS, st.integers(1, 40))
def test_a_made_id_has_its_length_and_its_letters(stack, logical_id, length):
    assert re.fullmatch(rf"[a-z0-9]{{{length}}}", made_id(stack, logical_id, length=length))
    assert re.fullmatch(rf"[XY]{{{length}}}", made_id(stack, logical_id, length=length, letters="XY"))


@given(st.sets(st.tuples(STACKS, LOGICAL_IDS, st.sampled_from(["", "endpoint"])), min_size=2, max_size=5))
def test_different_resources_and_purposes_have_different_ids(resources):
    assert len({made_id(*resource, length=10) for resource in resources}) == len(resources)
    assert len({made_uuid(*resource) for resource in resources}) == len(resources)


def test_a_made_uuid_is_a_uuid_and_the_same_in_a_second_run():
    assert UUID(made_uuid("shop", "Key")).version == 4
    assert made_uuid("shop", "Key") == made_uuid("shop", "Key")
