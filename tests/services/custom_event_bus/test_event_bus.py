from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from eventmock.services.custom_event_bus.event_bus import CustomEventBus, bus_of_arn
from eventmock.wire import AwsError

BEGIN = datetime(2027, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
ID = "a" * 25
ARN = f"arn:aws:events:us-east-1:123456789012:event-busv2/orders/{ID}"
BUS = CustomEventBus(
    name="orders",
    arn=ARN,
    account="123456789012",
    creation_time=BEGIN,
    last_modified_time=BEGIN,
    retention=timedelta(days=1),
)
STATES = ("CREATING", "ACTIVE", "UPDATING", "UPDATE_FAILED", "CREATE_FAILED", "DELETING", "DELETE_FAILED")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("operation", ["PutEvents", "PutRawEvents", "CreateSubscriber", "UpdateEventSource"])
def test_events_and_what_hangs_on_the_bus_are_taken_in_service_only(state, operation):
    bus = replace(BUS, state=state)
    if state in {"ACTIVE", "UPDATING", "UPDATE_FAILED"}:
        bus.check_state(operation)
        return
    with pytest.raises(AwsError) as refused:
        bus.check_state(operation)
    assert (refused.value.code, refused.value.message) == (
        "InvalidStateException",
        f"EventBus is in invalid state for {operation}. Must be in one of [ACTIVE, UPDATING, UPDATE_FAILED]",
    )
    assert refused.value.hint.startswith(f"the event bus orders is {state}")
    assert ("backend.delays.custom_event_bus" in refused.value.hint) == (state in {"CREATING", "DELETING"})


def test_the_reason_of_a_failed_state_is_told():
    with pytest.raises(AwsError) as refused:
        replace(BUS, state="CREATE_FAILED", state_reason="no key").check_state("PutEvents")
    assert refused.value.hint == "the event bus orders is CREATE_FAILED (no key)"


@given(st.timedeltas(timedelta(0), timedelta(days=400)), st.integers(1, 365))
def test_nothing_is_retained_from_before_the_creation_or_the_retention(passed, days):
    passed = passed // MILLISECOND * MILLISECOND
    since = replace(BUS, retention=timedelta(days=days)).retained_since(BEGIN + passed)
    assert since == (BEGIN if passed <= timedelta(days=days) else BEGIN + passed - timedelta(days=days))


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "arn:",
        "orders",
        ARN.replace("us-east-1", "eu-west-1"),
        ARN.replace("123456789012", "222222222222"),
        ARN.replace("aws", "aws-cn", 1),
        ARN.replace("orders", "other"),
        ARN.replace(ID, "b" * 25),
        ARN.replace("event-busv2", "subscriber"),
        ARN.removesuffix(f"/{ID}"),
        f"{ARN}/x",
    ],
)
def test_a_bus_is_found_by_its_whole_arn_only(backend, arn):
    with backend.state.lock:
        backend.state.accounts.get("123456789012", "us-east-1").table(CustomEventBus)["orders"] = BUS
    assert bus_of_arn(backend.state, ARN) is BUS
    assert bus_of_arn(backend.state, arn) is None
