"""Whether a trust policy lets a service assume a role."""

from __future__ import annotations

import pytest

from eventmock.exceptions import PolicyNotUnderstood
from eventmock.services.assumed_roles import trusts

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
    assert trusts({"Version": "2012-10-17", "Statement": statement}, ROLE, EVENTS) is trusted


def test_a_trust_policy_without_statements_lets_nobody():
    assert trusts({}, ROLE, EVENTS) is False


@pytest.mark.parametrize(
    "policy", [None, "text", [], {"Statement": "odd"}, {"Statement": TRUST | {"Resource": "*"}}]
)
def test_what_is_no_trust_policy_is_told_to_the_test(policy):
    with pytest.raises(PolicyNotUnderstood, match=f"^the trust policy of {ROLE}: "):
        trusts(policy, ROLE, EVENTS)


def test_conditions_count_if_the_request_is_known():
    statement = TRUST | {"Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}}
    trust = {"Version": "2012-10-17", "Statement": statement}
    assert trusts(trust, ROLE, EVENTS)
    assert trusts(trust, ROLE, EVENTS, {"aws:SourceAccount": "111111111111"})
    assert not trusts(trust, ROLE, EVENTS, {"aws:SourceAccount": "222222222222"})
