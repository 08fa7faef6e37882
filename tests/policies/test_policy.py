"""Statements of policies: whether they apply to a request."""

from __future__ import annotations

import json

import pytest

from eventmock.exceptions import PolicyNotUnderstood
from eventmock.policies import AccountCaller, Anonymous, Policy, Request, RoleSession, Service

QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
EVENTS = Service("events.amazonaws.com")
ROLE = "arn:aws:iam::123456789012:role/path/r"
SESSION = RoleSession(ROLE, "s")
ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": QUEUE}


def outcome(*statements, principal=EVENTS, kind="resource", context=(), action="sqs:SendMessage"):
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return Policy("the policy of q", document, kind).outcome(
        Request(principal, action, QUEUE, None if context is None else dict(context))
    )


def allows(principal=EVENTS, context=(), **elements):
    """How a statement, changed by some elements, names the principal that it allows."""
    statement = {name: value for name, value in (ALLOW | elements).items() if value is not None}
    return set(outcome(statement, principal=principal, context=context).allows)


class TestPrincipals:
    @pytest.mark.parametrize("everybody", ["*", {"AWS": "*"}, {"AWS": ["1", "*"]}])
    @pytest.mark.parametrize("principal", [EVENTS, SESSION, AccountCaller("123456789012"), Anonymous()])
    def test_a_star_is_everybody(self, principal, everybody):
        assert allows(principal, Principal=everybody) == {"everybody"}

    @pytest.mark.parametrize(
        ("principal", "how"),
        [
            ({"Service": "events.amazonaws.com"}, {"service"}),
            ({"Service": ["sns.amazonaws.com", "events.amazonaws.com"]}, {"service"}),
            ({"Service": "sns.amazonaws.com"}, set()),
            ({"Service": "*"}, set()),
            ({"Service": "events.*"}, set()),
            ({"AWS": "events.amazonaws.com"}, set()),
            ({"AWS": "123456789012"}, set()),
        ],
    )
    def test_a_service(self, principal, how):
        assert allows(EVENTS, Principal=principal) == how

    @pytest.mark.parametrize(
        ("principal", "how"),
        [
            ({"AWS": "123456789012"}, {"account"}),
            ({"AWS": "arn:aws:iam::123456789012:root"}, {"account"}),
            ({"AWS": ROLE}, {"role"}),
            ({"AWS": "arn:aws:sts::123456789012:assumed-role/r/s"}, {"session"}),
            ({"AWS": [ROLE, "123456789012"]}, {"role", "account"}),
            ({"AWS": "arn:aws:sts::123456789012:assumed-role/r/other"}, set()),
            ({"AWS": "arn:aws:iam::123456789012:role/r"}, set()),
            ({"AWS": "arn:aws:iam::123456789012:user/r"}, set()),
            ({"AWS": "arn:aws:iam::222222222222:root"}, set()),
            ({"Service": "events.amazonaws.com"}, set()),
            ({"CanonicalUser": "79a5", "Federated": "x"}, set()),
        ],
    )
    def test_a_session_of_a_role(self, principal, how):
        assert allows(SESSION, Principal=principal) == how

    def test_somebody_without_credentials_is_only_a_star(self):
        principal = {"AWS": "123456789012", "Service": "events.amazonaws.com"}
        assert allows(Anonymous(), Principal=principal) == set()

    def test_a_session_is_named_by_its_arn(self):
        assert SESSION.name == "arn:aws:sts::123456789012:assumed-role/r/s"
        assert SESSION.account == "123456789012"


class TestNotPrincipal:
    def test_all_others_are_meant(self):
        others = {"Principal": None, "NotPrincipal": {"Service": "sns.amazonaws.com"}}
        assert allows(EVENTS, **others) == {"service"}
        assert allows(Anonymous(), **others) == {"everybody"}
        others["NotPrincipal"] = {"Service": "events.amazonaws.com"}
        assert allows(EVENTS, **others) == set()

    def test_nobody_is_left_beside_everybody(self):
        assert allows(Anonymous(), Principal=None, NotPrincipal="*") == set()

    def test_a_session_is_left_out_by_its_own_its_role_s_and_its_account_s_arn(self):
        names = ["123456789012", ROLE, SESSION.name]
        for left_out in names:
            some = [name for name in names if name != left_out]
            assert allows(SESSION, Principal=None, NotPrincipal={"AWS": some}) != set()
        assert allows(SESSION, Principal=None, NotPrincipal={"AWS": names}) == set()


class TestActionsAndResources:
    def test_not_action_is_about_all_others(self):
        assert allows(Action=None, NotAction="sns:*") == {"everybody"}
        assert allows(Action=None, NotAction=["sns:*", "SQS:sendmessage"]) == set()

    def test_not_resource_is_about_all_others(self):
        assert allows(Resource=None, NotResource=QUEUE + "2") == {"everybody"}
        assert allows(Resource=None, NotResource=QUEUE[:-1] + "?") == set()

    def test_a_trust_policy_has_no_resources(self):
        trust = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*"}
        assert outcome(trust, kind="trust").allows == {"everybody"}

    def test_an_identity_policy_has_no_principals(self):
        own = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
        assert outcome(own, kind="identity", principal=SESSION).allows == {"session", "role", "account"}


class TestDocuments:
    def test_it_may_be_json(self):
        policy = Policy("p", json.dumps({"Statement": ALLOW}))
        assert policy.outcome(Request(EVENTS, "sqs:SendMessage", QUEUE, {})).allows == {"everybody"}

    @pytest.mark.parametrize(
        ("document", "why"),
        [("{", "it is not JSON"), ("[]", "it is [], wanted an object"), (1, "it is 1, wanted")],
    )
    def test_what_is_not_an_object_is_told(self, document, why):
        with pytest.raises(PolicyNotUnderstood) as told:
            Policy("the policy of q", document)
        assert str(told.value).startswith(f"the policy of q: {why}")

    @pytest.mark.parametrize(
        ("kind", "elements", "why"),
        [
            ("identity", {}, 'Principal is "*", wanted nothing in such a policy'),
            ("trust", {}, f'Resource is "{QUEUE}", wanted nothing in such a policy'),
            (
                "resource",
                {"Principal": {"Role": "x"}},
                "the type of principal 'Role' is not evaluated; there are AWS, ",
            ),
            ("resource", {"NotPrincipal": "*"}, 'NotPrincipal is "*", wanted nothing beside Principal'),
        ],
    )
    def test_what_such_a_policy_must_not_have_is_told(self, kind, elements, why):
        with pytest.raises(PolicyNotUnderstood) as told:
            outcome(ALLOW | elements, kind=kind)
        assert str(told.value).startswith(f"the policy of q: {why}")

    def test_who_denies_and_what_is_lacking_is_said(self):
        deny = ALLOW | {"Effect": "Deny", "Sid": "no"}
        other = ALLOW | {"Action": "sqs:ReceiveMessage"}
        found = outcome(deny, other, ALLOW)
        assert found.denied_by == "statement 'no'"
        assert found.allows == {"everybody"}
        assert found.lacks == ('a statement without Sid is for Action "sqs:ReceiveMessage"',)


class TestUnknownContext:
    """A request without a context: no condition is evaluated."""

    CONDITION = {"Condition": {"StringEquals": {"aws:SourceArn": "x"}}}  # noqa: RUF012 - never changed

    def test_a_statement_that_allows_under_a_condition_counts(self):
        assert allows(context=None, **self.CONDITION) == {"everybody"}

    def test_a_statement_that_denies_under_a_condition_does_not(self):
        deny = ALLOW | {"Effect": "Deny"}
        assert outcome(deny | self.CONDITION, context=None).denied_by is None
        assert outcome(deny, context=None).denied_by == "a statement without Sid"

    def test_a_variable_cannot_have_several_values(self):
        with pytest.raises(
            PolicyNotUnderstood, match='a variable is "many", wanted a condition key with one value'
        ):
            allows(context={"many": ["a", "b"]}, Resource="${many}")

    def test_a_variable_has_no_value(self):
        assert allows(context=None, Resource="${aws:SourceArn}") == set()


class TestResourceThatIsNotKnown:
    @pytest.mark.parametrize(
        ("element", "applies"),
        [
            ({"Resource": "*"}, {"Allow", "Deny"}),
            ({"Resource": ["arn:aws:ec2:::x", "*"]}, {"Allow", "Deny"}),
            ({"Resource": "arn:aws:ec2:::${aws:username}"}, {"Allow"}),
            ({"NotResource": "arn:aws:ec2:::x"}, {"Allow"}),
        ],
    )
    def test_a_statement_that_allows_counts_and_one_that_denies_only_if_it_names_all(self, element, applies):
        found = set()
        for effect in ("Allow", "Deny"):
            statement = {"Effect": effect, "Action": "ec2:StartInstances", **element}
            document = {"Version": "2012-10-17", "Statement": [statement]}
            request = Request(SESSION, "ec2:StartInstances", None, None)
            said = Policy("the policy of r", document, "identity").outcome(request)
            if said.allows or said.denied_by:
                found.add(effect)
        assert found == applies
