from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from eventmock.policies import AccountCaller, Policy, Request
from eventmock.services.custom_event_bus.resource_policy import public_statement

ORGANIZATION = "o-a1b2c3d4e5"
STRANGER = "999999999999"
OTHER = "222222222222"


def document(principal="*", effect="Allow", element="Principal", **condition):
    statement = {"Effect": effect, element: principal, "Action": "events:PutEvents", "Resource": "*"}
    return {
        "Version": "2012-10-17",
        "Statement": [statement | ({"Condition": condition} if condition else {})],
    }


def is_public(policy):
    return public_statement(policy) is not None


@pytest.mark.parametrize(
    "principal", ["*", {"AWS": "*"}, {"AWS": [OTHER, "*"]}, {"AWS": "arn:aws:iam::*:root"}]
)
def test_a_wildcard_principal_is_public(principal):
    assert is_public(document(principal))
    assert not is_public(document(principal, effect="Deny"))


def test_all_but_the_named_principals_are_the_public():
    assert is_public(document({"AWS": OTHER}, element="NotPrincipal"))


@pytest.mark.parametrize(
    "principal",
    [{"AWS": OTHER}, {"AWS": [f"arn:aws:iam::{OTHER}:role/r"]}, {"Service": "events.amazonaws.com"}],
    ids=["account", "role", "service"],
)
def test_a_named_principal_is_not_public(principal):
    assert not is_public(document(principal))


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringEquals", "aws:PrincipalOrgID", ORGANIZATION),
        ("StringEquals", "AWS:principalorgid", [ORGANIZATION, "o-other"]),
        ("StringEquals", "aws:PrincipalAccount", OTHER),
        ("StringEquals", "aws:SourceAccount", OTHER),
        ("StringLike", "aws:SourceAccount", OTHER),
        ("ArnLike", "aws:SourceArn", f"arn:aws:events:*:{OTHER}:rule/*"),
        ("ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{OTHER}:role/*"),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:::bucket"),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", f"{ORGANIZATION}/r-ab12/*"),
        ("StringLike", "aws:userid", "AROAEXAMPLE:*"),
    ],
)
def test_a_condition_on_the_caller_limits_a_wildcard(operator, key, value):
    assert not is_public(document(**{operator: {key: value}}))
    both = {"StringEquals": {"events:source": "shop"}} | {operator: {key: value}}
    assert not is_public(document(**both))


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringEquals", "events:source", "shop"),
        ("StringEquals", "events:detail-type", "Order"),
        ("StringEquals", "events:Metadata/tenant", "acme"),
        ("StringNotEquals", "aws:PrincipalAccount", OTHER),
        ("StringEqualsIfExists", "aws:PrincipalOrgID", ORGANIZATION),
        ("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", ORGANIZATION),
        ("Null", "aws:PrincipalOrgID", "false"),
        ("Bool", "aws:SecureTransport", "true"),
        ("StringLike", "aws:PrincipalAccount", "*"),
        ("StringLike", "aws:PrincipalOrgID", "o-*"),
        ("StringLike", "aws:PrincipalAccount", [OTHER, "2*"]),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/deploy"),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:::*"),
        ("StringEquals", "aws:PrincipalAccount", "${aws:PrincipalAccount}"),
    ],
)
def test_another_condition_does_not(operator, key, value):
    assert is_public(document(**{operator: {key: value}}))


def test_the_public_statement_is_found_among_others():
    both = document({"AWS": OTHER})["Statement"] + document()["Statement"]
    assert public_statement({"Statement": both}) is both[1]
    assert public_statement({"Statement": both[1]}) is both[1]


KEYS = ["aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:SourceAccount", "aws:SourceArn", "events:source"]
OPERATORS = [
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringEqualsIfExists",
    "StringLikeIfExists",
    "ArnLike",
]
VALUES = [
    OTHER,
    "2*",
    "*",
    ORGANIZATION,
    "o-*",
    f"arn:aws:events:*:{OTHER}:rule/*",
    "arn:aws:events:*:*:rule/*",
]
CONDITIONS = st.dictionaries(
    st.sampled_from(OPERATORS),
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), min_size=1),
    max_size=2,
)
PRINCIPALS = st.sampled_from(["*", {"AWS": "*"}, {"AWS": OTHER}, {"AWS": [OTHER, "*"]}])
CALLS = st.sampled_from(
    [
        {"aws:SourceAccount": None, "aws:SourceArn": None},
        {"aws:SourceAccount": STRANGER, "aws:SourceArn": f"arn:aws:events:us-east-1:{STRANGER}:rule/r"},
    ]
)


@settings(deadline=None, max_examples=100)
@given(PRINCIPALS, CONDITIONS, CALLS, st.sampled_from([None, "o-strange"]))
def test_a_policy_that_is_not_public_allows_a_stranger_nothing(principal, condition, sent, organization):
    policy = document(principal, **condition)
    context = {
        "aws:PrincipalAccount": STRANGER,
        "aws:PrincipalOrgID": organization,
        "events:source": "shop",
        **sent,
    }
    request = Request(
        AccountCaller(STRANGER), "events:PutEvents", "arn:aws:events:us-east-1:1:event-busv2/b", context
    )
    if not is_public(policy):
        assert not Policy("the policy", policy).outcome(request).allows
