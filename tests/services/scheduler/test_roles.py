"""The role is checked where permissions are enforced, as far as something is known of it."""

from __future__ import annotations

import pytest
from moto import mock_aws

from eventmock import mock_events

TEXT = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
ROLE = "arn:aws:iam::123456789012:role/scheduler"


@pytest.fixture
def refused(members):
    """A function that makes a schedule in another mock, and gives the text by which it is refused, or None."""

    def refused(trusted=None, permissions="enforce", **more):
        with mock_events(target_permissions=permissions, isolated=True) as backend:
            if trusted is not None:
                statement = {
                    "Effect": "Allow",
                    "Principal": {"Service": trusted},
                    "Action": "sts:AssumeRole",
                }
                backend.policies.role(ROLE, trust={"Version": "2012-10-17", "Statement": [statement]})
            client = backend.client("scheduler")
            try:
                client.create_schedule(**members(**more))
                client.update_schedule(**members(**more))
            except client.exceptions.ValidationException as error:
                return error.response["Error"]["Message"]
            return None

    return refused


def test_one_that_scheduler_may_not_assume_is_refused(refused):
    assert refused("events.amazonaws.com") == TEXT


def test_one_that_it_may_assume_is_taken(refused):
    assert refused("scheduler.amazonaws.com") is None
    assert refused(["events.amazonaws.com", "scheduler.amazonaws.com"]) is None


def test_one_of_which_nothing_is_known_is_taken(refused):
    assert refused() is None


@pytest.mark.parametrize("permissions", ["off", "warn"])
def test_otherwise_it_is_not_checked(refused, permissions):
    assert refused("events.amazonaws.com", permissions) is None


def test_the_target_is_checked_before(refused):
    assert (
        refused("events.amazonaws.com", Target={"Arn": "x", "RoleArn": ROLE})
        == "Provided Arn is not in correct format."
    )


def test_a_role_of_the_test_may_be_assumed_unless_it_says_otherwise(members):
    with mock_events(target_permissions="enforce", isolated=True) as backend:
        backend.policies.role(ROLE)
        backend.client("scheduler").create_schedule(**members())


def test_a_role_that_moto_does_not_have_is_refused(refused):
    with mock_aws():
        assert refused() == TEXT
