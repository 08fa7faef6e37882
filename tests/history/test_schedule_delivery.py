"""Dead letters of schedules."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from eventmock.delivery.failures import DeliveryFailed, failure_of
from eventmock.delivery.retry_policy import RetryPolicy
from eventmock.history.attempt import Attempt
from eventmock.history.progress import Progress
from eventmock.history.schedule_delivery import MOST_BYTES_OF_A_MESSAGE, ScheduleDelivery
from eventmock.target_kinds import InvalidRequest

HERE = "us-east-1:123456789012"
QUEUE = f"arn:aws:sqs:{HERE}:work"
SCHEDULE = f"arn:aws:scheduler:{HERE}:schedule/default/nightly"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"


def delivery(body="x", *, attempts=1, retries=185):
    """A delivery of the schedule ``nightly`` to a target, after some attempts."""
    moment = datetime(2027, 1, 1, 1, tzinfo=UTC)
    tried = tuple(Attempt(number=number, time=moment) for number in range(1, attempts + 1))
    schedule = SimpleNamespace(name="nightly", arn=SCHEDULE, account="123456789012", region="us-east-1")
    target = SimpleNamespace(
        arn=QUEUE, retry_policy=RetryPolicy(maximum_retry_attempts=retries), body_of=lambda _execution: body
    )
    return ScheduleDelivery(
        target=target,
        schedule=schedule,
        scheduled_time=moment,
        time=moment,
        id="d32c5cdd-0000-4000-8000-cf5bb8c30000",
        progress=Progress(attempts=tried),
        _deleted=(),
    )


def test_the_attributes():
    made = delivery(attempts=3, retries=2)
    body, attributes = made.dead_letter_of(DeliveryFailed("Throttled", "slow down"), "MaximumRetryAttempts")
    execution_id = attributes.pop("EXECUTION_ID")
    assert re.fullmatch(UUID, execution_id)
    assert execution_id == made.execution_of(3).id != made.execution_of(2).id
    assert (body, attributes) == (
        "x",
        {
            "SCHEDULE_ARN": SCHEDULE,
            "TARGET_ARN": QUEUE,
            "SCHEDULED_TIME": "2027-01-01T01:00:00Z",
            "ERROR_CODE": "Throttled",
            "ERROR_MESSAGE": "slow down",
            "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
            "RETRY_ATTEMPTS": "2",
            "CONTAINS_INVALID_PAYLOAD": "false",
            "IS_PAYLOAD_TRUNCATED": "false",
        },
    )


@pytest.mark.parametrize(
    ("retries", "exhausted", "stated"),
    [
        (5, None, None),
        (0, None, "MaximumRetryAttempts"),
        (0, "MaximumRetryAttempts", "MaximumRetryAttempts"),
        (5, "MaximumEventAgeInSeconds", "MaximumEventAgeInSeconds"),
    ],
)
def test_the_condition_is_stated_if_there_were_no_retries_or_it_was_reached(retries, exhausted, stated):
    made = delivery(retries=retries)
    _, attributes = made.dead_letter_of(DeliveryFailed("AccessDeniedException"), exhausted)
    assert attributes.get("EXHAUSTED_RETRY_CONDITION") == stated


@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [
        (DeliveryFailed("AccessDeniedException", "no"), "AccessDeniedException", "no"),
        (
            DeliveryFailed("AWS.SimpleQueueService.NonExistentQueue"),
            "AWS.SimpleQueueService.NonExistentQueue",
            None,
        ),
        (DeliveryFailed("NO_PERMISSIONS", "no"), "AccessDeniedException", "no"),
        (failure_of(InvalidRequest("no fit")), "ValidationException", "no fit"),
        (failure_of(ConnectionError("cut")), "AWS.Scheduler.InternalServerError", "ConnectionError: cut"),
    ],
)
def test_the_code_is_that_of_the_service_or_of_scheduler(failure, code, message):
    _, attributes = delivery().dead_letter_of(failure, None)
    assert (attributes["ERROR_CODE"], attributes["ERROR_MESSAGE"]) == (code, message or code)


def test_a_call_that_cannot_be_made_has_an_invalid_payload():
    made = delivery()
    for failure, is_invalid in [
        (failure_of(InvalidRequest("no fit")), "true"),
        (DeliveryFailed("ValidationException", "the service says so"), "false"),
    ]:
        _, attributes = made.dead_letter_of(failure, None)
        assert attributes["CONTAINS_INVALID_PAYLOAD"] == is_invalid


@pytest.mark.parametrize("character", ["x", "é", "€", "😀"])
def test_a_body_is_cut_to_what_sqs_takes_with_the_attributes(character):
    failure = DeliveryFailed("AccessDeniedException", "nö")
    _, attributes = delivery().dead_letter_of(failure, None)
    room = MOST_BYTES_OF_A_MESSAGE - sum(
        len(name) + len("String") + len(value.encode()) for name, value in attributes.items()
    )
    most = room // len(character.encode())
    body, attributes = delivery(character * most).dead_letter_of(failure, None)
    assert (len(body), attributes["IS_PAYLOAD_TRUNCATED"]) == (most, "false")
    body, attributes = delivery(character * (most + 1)).dead_letter_of(failure, None)
    assert attributes["IS_PAYLOAD_TRUNCATED"] == "true"
    assert most - 1 <= len(body) <= most


def test_the_bodies_of_dead_letters_may_have_half_a_surrogate_pair():
    body, attributes = delivery("\ud800").dead_letter_of(DeliveryFailed("AccessDeniedException"), None)
    assert (body, attributes["IS_PAYLOAD_TRUNCATED"]) == ("\ud800", "false")
