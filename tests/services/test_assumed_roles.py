"""Whether a trust policy lets a service assume a role."""

from __future__ import annotations

import pytest

from eventmock.exceptions import PolicyNotUnderstood
from eventmock.services.assumed_roles import why_not_trusted

EVENTS = "events.amazonaws.com"
ROLE = "arn:aws:iam::123456789012:role/r"
TRUST = {"Effect": "Allow", "Principal": {"Service": EVENTS}, "Action": "sts:AssumeRole"}


@pytest.mark.parametrize(
    ("statement", "trusted"),
    [
        (TRUST, True),
        ([TRUST], True),
        (TRUST | {"Principal": {"Service": ["lambda.amazonaws.com", "events.amazonaws.com"]}}, True),
        (TRUST | {"Principal": "*"}, True),
        (TRUST | {"Action": ["sts:TagSession", "STS:assumerole"]}, True),
        (TRUST | {"Action": "sts:*"}, True),
        (TRUST | {"Action": "*"}, True),
        (TRUST | {"Condition": {"StringEquals": {"aws:SourceAccount": "1"}}}, True),
        ([TRUST, TRUST | {"Effect": "Deny", "Condition": {"Bool": {"x": "true"}}}], True),
        ([TRUST, TRUST | {"Effect": "Deny"}], False),
        (TRUST | {"Principal": {"Service": "lambda.amazonaws.com"}}, False),
        (TRUST | {"Principal": {"Service": "events.amazonaws.com.cn"}}, False),
        (TRUST | {"Principal": {"AWS": "*"}}, True),
        ({"Effect": "Allow", "NotPrincipal": {"Service": "lambda.amazonaws.com"}, "NotAction": "s3:*"}, True),
        (TRUST | {"Action": "sts:AssumeRoleWithSAML"}, False),
        (TRUST | {"Effect": "Deny"}, False),
        ([], False),
    ],
)
def test_a_trust_policy_lets_it_or_not(statement, trusted):
    why = why_not_trusted({"Version": "2012-10-17", "Statement": statement}, ROLE, EVENTS)
    assert (why is None) is trusted


def test_a_trust_policy_without_statements_lets_nobody():
    assert why_not_trusted({}, ROLE, EVENTS) == f"the trust policy of {ROLE} does not let {EVENTS} assume it"


@pytest.mark.parametrize(
    "policy", [None, "text", [], {"Statement": "odd"}, {"Statement": TRUST | {"Resource": "*"}}]
)
def test_what_is_no_trust_policy_is_told_to_the_test(policy):
    with pytest.raises(PolicyNotUnderstood, match=f"^the trust policy of {ROLE}: "):
        why_not_trusted(policy, ROLE, EVENTS)


def test_conditions_count_if_the_request_is_known():
    statement = TRUST | {"Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}}
    trust = {"Version": "2012-10-17", "Statement": statement}
    assert why_not_trusted(trust, ROLE, EVENTS) is None
    assert why_not_trusted(trust, ROLE, EVENTS, {"aws:SourceAccount": "111111111111"}) is None
    why = why_not_trusted(trust, ROLE, EVENTS, {"aws:SourceAccount": "222222222222"})
    assert why is not None
    assert why.endswith('lacks aws:SourceAccount: held "222222222222", wanted StringEquals "111111111111"')


def test_a_denial_is_said():
    trust = {"Version": "2012-10-17", "Statement": [TRUST, TRUST | {"Effect": "Deny", "Sid": "no"}]}
    why = why_not_trusted(trust, ROLE, EVENTS)
    assert why == (
        f"the trust policy of {ROLE} does not let {EVENTS} assume it; statement 'no' of the trust policy of {ROLE} "
        "denies it"
    )
