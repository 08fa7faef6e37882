from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from eventmock.delivery.retry_policy import RetryPolicy, back_off

FIRST, LONGEST = timedelta(seconds=1), timedelta(seconds=4096)


@pytest.mark.parametrize(
    ("given_policy", "attempts", "seconds"),
    [
        ({}, 185, 86_400),
        ({"RetryPolicy": {}}, 185, 86_400),
        ({"RetryPolicy": {"MaximumRetryAttempts": 0}}, 0, 86_400),
        ({"RetryPolicy": {"MaximumEventAgeInSeconds": 60}}, 185, 60),
        ({"RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 61}}, 3, 61),
    ],
)
def test_a_target_s_policy_and_the_model_s_defaults(given_policy, attempts, seconds):
    assert RetryPolicy.from_target(given_policy) == RetryPolicy(
        maximum_retry_attempts=attempts, maximum_event_age=timedelta(seconds=seconds)
    )


@given(st.integers(1, 200), st.text(max_size=20))
def test_a_back_off_doubles_up_to_the_longest_with_a_jitter_of_a_quarter(retry, seed):
    plain = min(2 ** (retry - 1), 4096)
    assert plain <= back_off(retry, FIRST, LONGEST, seed).total_seconds() <= plain * 1.25


@given(st.integers(1, 200), st.text(max_size=20))
def test_the_same_seed_gives_the_same(retry, seed):
    assert back_off(retry, FIRST, LONGEST, seed) == back_off(retry, FIRST, LONGEST, seed)


def test_another_delivery_has_another_jitter():
    waits = {back_off(10, FIRST, LONGEST, f"delivery {number}") for number in range(50)}
    assert len(waits) == 50
