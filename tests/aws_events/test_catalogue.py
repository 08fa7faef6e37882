"""The catalogue is well formed, and read line by line."""

from __future__ import annotations

import builtins
import io
import os
import re
from itertools import pairwise

import pytest

from eventmock.aws_events import catalogue
from eventmock.aws_events.catalogue import find, members_of
from eventmock.aws_events.cloudtrail import DETAIL_TYPES

TYPES = [(source, name) for source in catalogue.sources() for name in catalogue.detail_types(source)]


def shapes_in(shape):
    """The shapes inside a shape, and itself."""
    yield shape
    inner = shape if isinstance(shape, list) else shape.values() if isinstance(shape, dict) else ()
    for one in inner:
        yield from shapes_in(one)


def test_sources_and_detail_types_are_in_order():
    assert all(one < other for one, other in pairwise(catalogue.sources()))
    for source in catalogue.sources():
        assert all(one < other for one, other in pairwise(catalogue.detail_types(source)))


def test_it_has_this_many():
    known = [one for one in TYPES if find(*one).members is not None]
    assert (len(catalogue.sources()), len(TYPES), len(known)) == (139, 696, 528)


def test_no_name_of_a_member_is_a_value():
    """Some services send maps whose keys are addresses, moments or paths. Of these only the kind is a fact."""
    data = re.compile(r"\d+\.\d+\.\d+\.\d+|\d{4}-\d\d-\d\d|\d{12}|/")
    for source, name in TYPES:
        members = find(source, name).members
        for shape in shapes_in({} if members is None else members):
            if isinstance(shape, dict):
                assert [one for one in shape if data.search(one)] == [], (source, name)


@pytest.mark.parametrize("source", catalogue.sources())
def test_shapes_are_made_of_kinds(source):
    assert source.startswith("aws.")
    for name in catalogue.detail_types(source):
        kind = find(source, name)
        assert (kind.source, kind.detail_type) == (source, name)
        for shape in shapes_in(kind.members or {}):
            assert isinstance(shape, dict) or shape in ("text", "number", "flag", "any") or len(shape) == 1
            if isinstance(shape, dict) and "*" in shape:
                assert len(shape) == 1


def test_what_is_not_known_is_not_found():
    assert find("aws.nothing", "Object Created") is None
    assert find("aws.s3", "Object Destroyed") is None
    assert catalogue.detail_types("aws.nothing") == []


@pytest.mark.parametrize("name", DETAIL_TYPES)
def test_each_service_has_the_types_of_cloudtrail(name):
    assert find("aws.nothing", name).members is find("aws.s3", name).members


def test_a_type_of_which_only_the_name_is_known_has_no_members():
    assert find("aws.s3", "Async Copy Completion").members is None


def test_it_is_read_where_a_test_fakes_the_file_system(monkeypatch):
    def no_such_file(*_arguments, **_members):
        raise FileNotFoundError

    for module in (builtins, io):
        monkeypatch.setattr(module, "open", no_such_file)
    monkeypatch.setattr(os, "open", no_such_file)
    catalogue._lines.cache_clear()
    assert len(catalogue.sources()) == 139


def test_members_have_a_name_a_shape_and_whether_they_are_required():
    assert [tuple(member) for member in members_of({"a!": "text", "b": ["number"]})] == [
        ("a", "text", True),
        ("b", ["number"], False),
    ]
