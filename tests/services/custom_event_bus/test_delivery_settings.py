from __future__ import annotations

import pytest

from eventmock.services.custom_event_bus.kinds import KINDS
from tests.services.custom_event_bus.test_target_checks import NEEDED, TARGETS

INVALID = "InvalidInputException"


@pytest.mark.parametrize("kind", TARGETS)
def test_a_batch_has_at_most_what_the_target_takes(subscribe, shown, error_of, kind):
    most = KINDS[kind].most_events
    arn = subscribe(target=TARGETS[kind], invoke=NEEDED.get(kind), BatchConfiguration={"MaxBatchSize": most})
    assert shown(arn)["BatchConfiguration"] == {"MaxBatchSize": most, "MaxBatchWindowInSeconds": 0}
    if most < 500:
        batch = {"MaxBatchSize": most + 1}
        text = f"BatchConfiguration.MaxBatchSize must not exceed {most} for this target"
        assert error_of(subscribe, name="b", target=TARGETS[kind], BatchConfiguration=batch) == (
            INVALID,
            text,
        )


@pytest.mark.parametrize("kind", TARGETS)
def test_10_events_are_the_default(subscribe, shown, kind):
    batch = {"MaxBatchWindowInSeconds": 300}
    found = shown(subscribe(target=TARGETS[kind], invoke=NEEDED.get(kind), BatchConfiguration=batch))
    assert found["BatchConfiguration"] == {"MaxBatchSize": 10, **batch}


@pytest.mark.parametrize(
    "members",
    [
        {"BatchConfiguration": {"MaxBatchSize": 501}},
        {"BatchConfiguration": {"MaxBatchWindowInSeconds": 301}},
        {"RetryPolicy": {"MaxRetryAttempts": 186}},
        {"RetryPolicy": {"MaxEventAgeInSeconds": 86401}},
        {"RetryPolicy": {"RetryStrategy": "NONE"}},
        {"LogConfiguration": {"Level": "TRACE"}},
        {"LogConfiguration": {"IncludePayload": "NEVER"}},
    ],
    ids=str,
)
def test_the_model_has_the_ranges(subscribe, error_of, members):
    code, message = error_of(subscribe, **members)
    assert (code, message.startswith("1 validation error detected")) == (INVALID, True)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (5, 300)),
        ({"MaxRetryAttempts": 0}, (0, 300)),
        ({"MaxEventAgeInSeconds": 86400}, (5, 86400)),
        ({"RetryStrategy": "ALL"}, (5, 300)),
    ],
    ids=str,
)
def test_what_a_retry_policy_omits_is_the_default(subscribe, shown, given, expected):
    policy = shown(subscribe(RetryPolicy=given))["RetryPolicy"]
    assert (policy["MaxRetryAttempts"], policy["MaxEventAgeInSeconds"]) == expected
