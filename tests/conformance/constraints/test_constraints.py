"""What AWS has loosened since the oldest botocore, the oldest botocore does not refuse."""

from __future__ import annotations

import copy
import functools
import json
import re
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.loaders import Loader
from hypothesis import given, settings, strategies as st

from eventmock.services.table import services
from eventmock.wire import WireModel
from eventmock.wire.validation import java_pattern

OLDEST = json.loads(Path(__file__).with_name("botocore-1.34.0.json").read_text(encoding="utf-8"))
CORRECTIONS = {service.name: service.face.corrections for service in services()}
MODELS = {name: Loader().load_service_model(name, "service-2") for name in CORRECTIONS}
ROWS = [
    pytest.param(name, row, id=f"{name}-{row.shape}-{row.constraint}")
    for name, corrections in CORRECTIONS.items()
    for row in corrections.loosened
]
REWORDED = {("appintegrations", "SourceURI")}
"""Patterns that let the same texts through in other words; a test below holds it."""


def as_tuple(value):
    return tuple(value) if isinstance(value, list) else value


def is_looser(constraint, old, new):
    """Whether the new value of a constraint lets something through that the old one does not, as far as can be told."""
    if old is None or old == new:
        return False
    if new is None or constraint == "pattern":
        return True
    if constraint == "enum":
        return not set(new) <= set(old)
    if constraint == "required":
        return not set(new) >= set(old)
    return new > old if constraint == "max" else new < old


def shapes_of(description, name):
    """The shape and those that its members have now in place of others, by the name they had in the oldest model."""
    shape = description["shapes"].get(name, {})
    inner = shape.get("members", {side: shape[side] for side in ("member", "key", "value") if side in shape})
    return shape, {member: reference["shape"] for member, reference in inner.items()}


def loosenings(service):
    """(shape of the oldest model, constraint, old value, new value) for all that the installed model has looser."""
    shapes, description = OLDEST[service], MODELS[service]
    pairs = {(name, name) for name in shapes if name in description["shapes"]}
    for name, facts in shapes.items():
        _, members = shapes_of(description, name)
        pairs |= {
            (held, members[member]) for member, held in facts.get("members", {}).items() if member in members
        }
    for old_name, new_name in sorted(pairs):
        installed = description["shapes"][new_name]
        for constraint in ("pattern", "min", "max", "enum", "required"):
            old, new = shapes[old_name].get(constraint), installed.get(constraint)
            if is_looser(constraint, old, new) and (service, new_name) not in REWORDED:
                yield old_name, constraint, as_tuple(old), as_tuple(new)


def test_a_service_that_the_oldest_botocore_lacks_says_since_when_there_is_one():
    assert {service.name for service in services() if service.since} == CORRECTIONS.keys() - OLDEST


@pytest.mark.parametrize("service", OLDEST)
def test_all_that_the_installed_model_has_looser_than_the_oldest_is_in_the_table(service):
    table = {(row.shape, row.constraint, row.old, row.new) for row in CORRECTIONS[service].loosened}
    assert set(loosenings(service)) <= table


@pytest.mark.parametrize(("service", "row"), ROWS)
def test_a_row_says_what_the_oldest_model_says_and_is_wider(service, row):
    assert as_tuple(OLDEST[service][row.shape][row.constraint]) == row.old
    assert is_looser(row.constraint, row.old, row.new)
    installed = MODELS[service]["shapes"][row.shape].get(row.constraint)
    assert as_tuple(installed) in (row.old, row.new)


@settings(max_examples=60, deadline=None)
@given(st.data())
@pytest.mark.parametrize(
    ("old", "new"),
    [
        *(
            pytest.param(row.values[1].old, row.values[1].new, id=row.id)
            for row in ROWS
            if row.values[1].constraint == "pattern" and row.values[1].new is not None
        ),
        pytest.param(
            OLDEST["appintegrations"]["SourceURI"]["pattern"],
            MODELS["appintegrations"]["shapes"]["SourceURI"]["pattern"],
            id="SourceURI",
        ),
        pytest.param(
            MODELS["appintegrations"]["shapes"]["SourceURI"]["pattern"],
            OLDEST["appintegrations"]["SourceURI"]["pattern"],
            id="SourceURI-back",
        ),
    ],
)
def test_a_newer_pattern_lets_through_what_the_older_did(old, new, data):
    assert java_pattern(new).fullmatch(data.draw(texts_of(old)))


@functools.cache
def texts_of(pattern):
    return st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True).filter(
        java_pattern(pattern).fullmatch
    )


@pytest.fixture(params=["installed", "oldest"])
def model(request, monkeypatch):
    """Gives the shapes of a service's requests by name; the model is the installed one, or has the old values."""
    descriptions = copy.deepcopy(MODELS)
    if request.param == "oldest":
        for service, row in (row.values for row in ROWS):
            old = list(row.old) if isinstance(row.old, tuple) else row.old
            descriptions[service]["shapes"][row.shape][row.constraint] = old
    monkeypatch.setattr(
        "eventmock.wire.service_model.Loader.load_service_model",
        lambda _self, name, _kind, **_named: descriptions[name],
    )

    def shapes(service):
        found = {}
        read = WireModel(service, CORRECTIONS[service])

        def note(shape):
            found[shape.name] = shape
            for inner in (*(member.shape for member in shape.members), shape.item, shape.key):
                if inner is not None:
                    note(inner)

        for name in read.operation_names:
            note(read.operation(name).input)
        return found

    return shapes


@pytest.mark.parametrize(("service", "row"), ROWS)
def test_the_newer_constraint_is_checked_whatever_is_installed(model, service, row):
    shape = model(service)[row.shape]
    if row.constraint == "required":
        checked = tuple(member.name for member in shape.members if member.required)
        assert sorted(checked) == sorted(row.new)
    else:
        name = {"min": "minimum", "max": "maximum"}.get(row.constraint, row.constraint)
        assert getattr(shape, name) == row.new


@pytest.fixture
def unchecked(events_backend):
    return boto3.client("appintegrations", config=Config(parameter_validation=False))


@pytest.mark.parametrize("source", ["aws.cases", "aws.cases-test", "app-integrations.webhooks/w", "Pipe x/y"])
def test_a_source_of_today_is_taken_by_every_botocore(unchecked, source):
    filtered = {"EventFilter": {"Source": source}, "EventBridgeBus": "default"}
    assert unchecked.create_event_integration(Name="crm", **filtered)["EventIntegrationArn"]


def test_regions_of_more_than_two_letters_have_buses(events):
    arn = "arn:aws-eusc:events:eusc-de-east-1:123456789012:event-bus/orders"
    with pytest.raises(events.exceptions.ResourceNotFoundException):
        events.describe_event_bus(Name=arn)
