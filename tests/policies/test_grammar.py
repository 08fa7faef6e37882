from __future__ import annotations

import json

import pytest

from eventmock.policies.grammar import BrokenGrammar, read_resource_policy

GOOD = {"Effect": "Allow", "Principal": "*", "Action": "a:B", "Resource": "*"}


def text(**changed):
    """The JSON text of a policy of one statement, with changed elements; None removes one."""
    statement = {name: value for name, value in (GOOD | changed).items() if value is not None}
    return json.dumps({"Statement": statement})


@pytest.mark.parametrize(
    "policy",
    [
        text(),
        text(
            Principal={
                "AWS": ["111122223333", "arn:aws:iam::111122223333:role/r"],
                "Service": "a.amazonaws.com",
            }
        ),
        text(
            Action=None,
            NotAction=["a:B"],
            Resource=None,
            NotResource="*",
            Principal=None,
            NotPrincipal={"AWS": "*"},
        ),
        text(Sid="", Condition={"StringLikeIfExists": {"aws:a": ["x", 1, True]}, "Null": {"b": "true"}}),
        text(Condition={"ForAnyValue:StringEquals": {"nobody:has": "this"}}),
        json.dumps(
            {"Version": "2008-10-17", "Id": "i", "Statement": [GOOD | {"Sid": "a"}, GOOD | {"Sid": "b"}]}
        ),
        json.dumps({"Statement": [GOOD, GOOD]}),
    ],
)
def test_a_policy_is_read(policy):
    assert read_resource_policy(policy) == json.loads(policy)


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "the policy is [], wanted an object"),
        ("{}", "it has no Statement"),
        ('{"Statement": []}', "it has no Statement"),
        ('{"Statements": []}', "the policy has 'Statements'; there are Version, Id, Statement"),
        (
            '{"Version": "2020-01-01", "Statement": []}',
            'Version is "2020-01-01", wanted 2012-10-17 or 2008-10-17',
        ),
        ('{"Statement": ["x"]}', 'a statement is "x", wanted an object'),
        (text(Effect="allow"), 'Effect is "allow", wanted Allow or Deny'),
        (text(Effect=None), "Effect is missing, wanted Allow or Deny"),
        (text(Sid=1), "Sid is 1, wanted text"),
        (text(Actions="x"), "a statement has 'Actions'; there are Sid, Effect"),
        (text(Principal=None), "a statement has neither, wanted Principal or NotPrincipal"),
        (text(NotAction="x"), "a statement has Action and NotAction, wanted Action or NotAction"),
        (text(Resource=None), "a statement has neither, wanted Resource or NotResource"),
        (text(Principal="111122223333"), 'Principal is "111122223333", wanted an object'),
        (text(Principal={}), "Principal is {}, wanted a principal such as"),
        (text(Principal={"Aws": "*"}), "Principal has 'Aws'; there are AWS, Service"),
        (text(Principal={"AWS": []}), "Principal of AWS is [], wanted text or a list of it"),
        (text(Action=[1]), "Action is [1], wanted text or a list of it"),
        (text(Resource=""), 'Resource is "", wanted text or a list of it'),
        (text(Condition=[]), "Condition is [], wanted an object"),
        (
            text(Condition={"StringIs": {"a": "b"}}),
            "Condition has the operator 'StringIs', which does not exist",
        ),
        (text(Condition={"StringLike": "b"}), 'StringLike is "b", wanted an object'),
        (text(Condition={"Bool": {"a": [{}]}}), "Bool of a is [{}], wanted text or a list of it"),
        (json.dumps({"Statement": [GOOD | {"Sid": "a"}] * 2}), "two statements have the Sid 'a'"),
    ],
    ids=[str(number) for number in range(26)],
)
def test_what_aws_would_not_store_is_told(policy, why):
    with pytest.raises(BrokenGrammar) as refused:
        read_resource_policy(policy)
    assert why in str(refused.value)
