"""Faults of the deliveries of subscribers, where the hand-over looks at them."""

from __future__ import annotations

import pytest

QUEUE = "arn:aws:sqs:us-east-1:123456789012:ship"


class Odd(Exception):  # noqa: N818 - it is odd
    """An exception of a test that cannot be compared."""

    def __eq__(self, _other):
        raise RuntimeError("not comparable")

    __hash__ = Exception.__hash__


def test_an_exception_of_a_fault_is_not_compared(subscribed, backend):
    subscribed.subscribe(RetryPolicy={"MaxRetryAttempts": 0})
    with backend.faults.inject(Odd("odd"), target=QUEUE):
        subscribed.publish(1)
    assert subscribed.got == []
    assert "odd" in str(backend.trace)


@pytest.mark.parametrize(
    "target",
    [
        "arn:aws:events:::aws-sdk:sns:publish",
        "arn:aws:kafka:us-east-1:123456789012:cluster/c/11111111-2222-4333-8444-666666666666-1",
    ],
)
def test_a_fault_may_be_meant_for_a_target_that_only_subscribers_have(backend, target):
    backend.faults.inject("THROTTLING", target=target)
