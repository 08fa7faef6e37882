"""Decisions by several policies: who must allow, who may deny."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from eventmock.policies import Policy, Request, RoleSession, Service, decide

QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
EVENTS = Service("events.amazonaws.com")
ROLE = "arn:aws:iam::123456789012:role/r"
SESSION = RoleSession(ROLE, "s")
ROOT = "arn:aws:iam::123456789012:root"
OWN = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
OTHER = OWN | {"Action": "sqs:ReceiveMessage"}
DENY = OWN | {"Effect": "Deny"}


def resource(principal, effect="Allow", action="sqs:SendMessage"):
    statement = {"Effect": effect, "Principal": principal, "Action": action, "Resource": "*", "Sid": "s"}
    return Policy("the queue's policy", {"Statement": statement})


def identity(*statements, name="the role's policy"):
    return Policy(name, {"Statement": list(statements)}, "identity")


def decision(principal=SESSION, **policies):
    return decide(Request(principal, "sqs:SendMessage", QUEUE, {}), **policies)


def side(principal=SESSION, **policies):
    return decision(principal, **policies).side


ROLES = {"AWS": ROLE}
IDENTITY, RESOURCE, BOUNDARY = "identity-based policy", "resource-based policy", "permissions boundary"


class TestService:
    def test_only_the_policy_of_the_resource_decides(self):
        assert side(EVENTS, resource=[resource({"Service": EVENTS.name})]) is None
        assert side(EVENTS, resource=[resource({"Service": "sns.amazonaws.com"})]) == RESOURCE
        assert side(EVENTS) == RESOURCE

    def test_one_of_several_suffices_and_a_deny_in_any_refuses(self):
        good, odd = resource("*"), resource("*", action="x:y")
        assert side(EVENTS, resource=[odd, good]) is None
        assert side(EVENTS, resource=[good, resource("*", "Deny")]) == RESOURCE


class TestRoleInTheAccount:
    @pytest.mark.parametrize(
        ("policies", "lacking"),
        [
            ({"identity": [identity(OWN)]}, None),
            ({"identity": [identity(OTHER)]}, IDENTITY),
            ({"identity": []}, IDENTITY),
            ({"identity": [], "resource": [resource(ROLES)]}, None),
            ({"identity": [], "resource": [resource({"AWS": SESSION.name})]}, None),
            ({"identity": [], "resource": [resource("*")]}, None),
            ({"identity": [], "resource": [resource({"AWS": ROOT})]}, IDENTITY),
            ({"identity": [identity(OWN)], "resource": [resource({"Service": "x"})]}, None),
            ({"identity": [identity(OWN), identity(DENY)]}, IDENTITY),
            ({"identity": [identity(OWN)], "resource": [resource(ROLES, "Deny")]}, RESOURCE),
            ({"identity": [identity(OWN)], "resource": [resource({"Service": EVENTS.name}, "Deny")]}, None),
            ({"identity": [identity(OWN)], "boundary": identity(OWN)}, None),
            ({"identity": [identity(OWN)], "boundary": identity(OTHER)}, BOUNDARY),
            ({"identity": [identity(OWN)], "boundary": identity(OWN, DENY)}, BOUNDARY),
            ({"identity": [], "boundary": identity(OWN)}, IDENTITY),
            ({"identity": [], "boundary": identity(OTHER), "resource": [resource(ROLES)]}, BOUNDARY),
            ({"identity": [], "boundary": identity(OTHER), "resource": [resource("*")]}, None),
            (
                {"identity": [], "boundary": identity(OTHER), "resource": [resource({"AWS": SESSION.name})]},
                None,
            ),
            ({"identity": [], "boundary": identity(DENY), "resource": [resource("*")]}, BOUNDARY),
        ],
    )
    def test_what_must_allow(self, policies, lacking):
        assert side(**policies) == lacking


class TestRoleOfAnotherAccount:
    @pytest.mark.parametrize(
        ("policies", "lacking"),
        [
            ({"identity": [identity(OWN)], "resource": [resource(ROLES)]}, None),
            ({"identity": [identity(OWN)], "resource": [resource({"AWS": ROOT})]}, None),
            ({"identity": [identity(OWN)], "resource": [resource("*")]}, None),
            ({"identity": [identity(OWN)]}, RESOURCE),
            ({"identity": [], "resource": [resource(ROLES)]}, IDENTITY),
            (
                {"identity": [identity(OWN)], "resource": [resource("*")], "boundary": identity(OTHER)},
                BOUNDARY,
            ),
        ],
    )
    def test_both_sides_must_allow(self, policies, lacking):
        assert side(**policies, place="other account") == lacking


class TestKeys:
    @pytest.mark.parametrize(
        ("policies", "lacking"),
        [
            ({"identity": [identity(OWN)]}, RESOURCE),
            ({"identity": [identity(OWN)], "resource": [resource({"AWS": ROOT})]}, None),
            ({"identity": [], "resource": [resource({"AWS": ROOT})]}, IDENTITY),
            ({"identity": [], "resource": [resource(ROLES)]}, None),
        ],
    )
    def test_the_key_s_policy_always_counts(self, policies, lacking):
        assert side(**policies, place="own key") == lacking


class TestReasons:
    def test_aws_s_words(self):
        said = [
            decision(EVENTS).why("sqs:sendmessage"),
            decision(EVENTS, resource=[resource("*", "Deny")]).why("sqs:sendmessage"),
            decision(identity=[]).why("x:y"),
            decision(identity=[identity(DENY)]).why("x:y"),
            decision(identity=[identity(OWN)], boundary=identity(DENY)).why("x:y"),
            decision(identity=[identity(OWN)], boundary=identity()).why("x:y"),
        ]
        assert said == [
            "because no resource-based policy allows the sqs:sendmessage action",
            "with an explicit deny in a resource-based policy",
            "because no identity-based policy allows the x:y action",
            "with an explicit deny in an identity-based policy",
            "with an explicit deny in a permissions boundary",
            "because no permissions boundary allows the x:y action",
        ]

    def test_who_denies(self):
        assert (
            decision(EVENTS, resource=[resource("*", "Deny")]).denied_by
            == "statement 's' of the queue's policy"
        )

    def test_what_is_lacking(self):
        found = decision(EVENTS, resource=[resource({"Service": "x"})])
        why = 'statement \'s\' is for Principal {"Service": "x"}, not events.amazonaws.com'
        assert found.lacks == (f"of the queue's policy, {why}",)
        assert found.policies == ("the queue's policy",)


# Properties. Policies are made of few words, so that statements often apply.

ACTIONS = ["sqs:SendMessage", "sqs:*", "*", "sns:Publish", "SQS:SENDMESSAGE"]
RESOURCES = ["*", QUEUE, QUEUE[:-1] + "?", "arn:aws:sns:*"]
PRINCIPALS = [
    "*",
    {"Service": EVENTS.name},
    {"Service": "x"},
    {"AWS": ROOT},
    ROLES,
    {"AWS": SESSION.name},
    {"AWS": "*"},
]
CONDITIONS = [
    {},
    {"StringEquals": {"aws:SourceArn": ["rule", "other"]}},
    {"StringNotEquals": {"aws:SourceArn": "rule"}},
    {"Null": {"aws:SourceArn": "true"}},
    {"NumericLessThan": {"n": "5"}},
    {"StringEqualsIfExists": {"absent": "x"}, "Bool": {"b": "true"}},
]


def one_of(name, values):
    return st.sampled_from([name, f"Not{name}"]).flatmap(
        lambda key: st.fixed_dictionaries({key: st.sampled_from(values)})
    )


def statements(effects, *, has_principal):
    parts = [
        st.fixed_dictionaries({"Effect": st.sampled_from(effects), "Condition": st.sampled_from(CONDITIONS)}),
        one_of("Action", ACTIONS),
        one_of("Resource", RESOURCES),
        *([one_of("Principal", PRINCIPALS)] if has_principal else []),
    ]
    return st.tuples(*parts).map(
        lambda given: {name: value for part in given for name, value in part.items()}
    )


def documents(*, has_principal):
    return st.lists(statements(["Allow", "Allow", "Deny"], has_principal=has_principal), max_size=3)


REQUESTS = st.builds(
    Request,
    st.sampled_from([EVENTS, SESSION]),
    st.sampled_from(["sqs:SendMessage", "sns:Publish"]),
    st.sampled_from([QUEUE, "arn:aws:sns:us-east-1:123456789012:t"]),
    st.fixed_dictionaries(
        {
            "aws:SourceArn": st.sampled_from(["rule", "x", None]),
            "n": st.sampled_from(["4", "6", None]),
            "b": st.sampled_from(["true", "false"]),
            "absent": st.none(),
        }
    ),
)
WORLDS = st.fixed_dictionaries(
    {
        "resource": documents(has_principal=True),
        "identity": documents(has_principal=False),
        "boundary": st.none() | documents(has_principal=False),
        "place": st.sampled_from(["own account", "other account", "own key"]),
    }
)


def is_allowed(request, world):
    has_identity = request.principal == SESSION
    return decide(
        request,
        resource=[Policy("r", {"Statement": world["resource"]})],
        identity=[identity(*world["identity"])] if has_identity else None,
        boundary=identity(*world["boundary"]) if has_identity and world["boundary"] is not None else None,
        place=world["place"],
    ).is_allowed


@settings(deadline=None)
@given(REQUESTS, WORLDS, st.data())
def test_another_allow_never_refuses_what_was_allowed(request_, world, data):
    where = data.draw(st.sampled_from(["resource", "identity"]))
    more = data.draw(statements(["Allow"], has_principal=where == "resource"))
    changed = world | {where: [*world[where], more]}
    assert is_allowed(request_, changed) >= is_allowed(request_, world)


@settings(deadline=None)
@given(REQUESTS, WORLDS, st.data())
def test_another_deny_never_allows_what_was_refused(request_, world, data):
    where = data.draw(st.sampled_from(["resource", "identity"]))
    more = data.draw(statements(["Deny"], has_principal=where == "resource"))
    changed = world | {where: [*world[where], more]}
    assert is_allowed(request_, changed) <= is_allowed(request_, world)


# The rules once more, read naively: by listing what the few words above mean.

MEANT_ACTIONS = {
    "sqs:SendMessage": {"sqs:SendMessage"},
    "SQS:SENDMESSAGE": {"sqs:SendMessage"},
    "sqs:*": {"sqs:SendMessage"},
    "sns:Publish": {"sns:Publish"},
    "*": {"sqs:SendMessage", "sns:Publish"},
}


def naive_applies(statement, request):
    who = statement.get("Principal", statement.get("NotPrincipal"))
    if who is not None:
        named = {
            "*": {EVENTS, SESSION},
            str({"AWS": "*"}): {EVENTS, SESSION},
            str({"Service": EVENTS.name}): {EVENTS},
            str({"Service": "x"}): set(),
        }.get(str(who), {SESSION})
        if "NotPrincipal" in statement:  # only everybody names the session in all of its ways
            named = named if who in ("*", {"AWS": "*"}) else named - {SESSION}
        if (request.principal in named) == ("NotPrincipal" in statement):
            return False
    action = statement.get("Action", statement.get("NotAction"))
    if (request.action in MEANT_ACTIONS[action]) == ("NotAction" in statement):
        return False
    where = statement.get("Resource", statement.get("NotResource"))
    is_queue = request.resource == QUEUE
    is_there = (
        where == "*" or (where.startswith("arn:aws:sqs") and is_queue) or ("sns" in where and not is_queue)
    )
    if is_there == ("NotResource" in statement):
        return False
    context = request.context
    condition = CONDITIONS.index(statement["Condition"])
    return [
        True,
        context["aws:SourceArn"] == "rule",
        context["aws:SourceArn"] != "rule",
        context["aws:SourceArn"] is None,
        context["n"] == "4",
        context["b"] == "true",
    ][condition]


def naive_is_allowed(request, world):
    def effects(where):
        return {one["Effect"] for one in world[where] or () if naive_applies(one, request)}

    by_resource = [one for one in world["resource"] if naive_applies(one, request)]
    allowing = [one for one in by_resource if one["Effect"] == "Allow"]
    if any(one["Effect"] == "Deny" for one in by_resource):
        return False
    if request.principal == EVENTS:
        return bool(allowing)
    if "Deny" in effects("identity") | effects("boundary"):
        return False
    own, bounded = "Allow" in effects("identity"), world["boundary"] is None or "Allow" in effects("boundary")
    if world["place"] == "other account":
        return own and bounded and bool(allowing)
    ways = [one.get("Principal", "all others") for one in allowing]
    unbounded = [way for way in ways if way in ("*", {"AWS": "*"}, {"AWS": SESSION.name}, "all others")]
    if unbounded:
        return True
    if ROLES in ways:
        return bounded
    return own and bounded and (bool(allowing) or world["place"] != "own key")


@settings(deadline=None, max_examples=1000)
@given(REQUESTS, WORLDS)
def test_a_naive_reading_of_the_rules_decides_the_same(request_, world):
    assert is_allowed(request_, world) == naive_is_allowed(request_, world)
