from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings, strategies as st

from eventmock.exceptions import PolicyNotUnderstood
from eventmock.services.events.policy_evaluation import Caller, refusal

BUS = "arn:aws:events:us-east-1:123456789012:event-bus/orders"
RULE = "arn:aws:events:us-east-1:222222222222:rule/r"
CALLER = {"account": "222222222222", "organization": "o-0123456789", "source": "shop", "detail_type": "order"}
USER = (
    "User: arn:aws:iam::222222222222:root is not authorized to perform: events:PutEvents on resource: " + BUS
)
NOT_ALLOWED = f"{USER} because no resource-based policy allows the events:PutEvents action"
DENIED = f"{USER} with an explicit deny in a resource-based policy"
ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": BUS}
DENY = ALLOW | {"Effect": "Deny"}
ROOT = "arn:aws:iam::222222222222:root"


def message(policy, bus=BUS, **caller):
    """What AWS says to the caller; None if it may."""
    refused = refusal(policy, bus, Caller(**CALLER | caller))
    return None if refused is None else refused.message


def answer(*statements, bus=BUS, version="2012-10-17", **caller):
    return message({"Version": version, "Statement": list(statements)}, bus, **caller)


def hint(*statements, **caller):
    """What the tester is told besides."""
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return refusal(document, BUS, Caller(**CALLER | caller)).hint


def is_allowed(condition=None, version="2012-10-17", caller=(), **elements):
    """Whether one statement that allows lets the caller through."""
    more = elements if condition is None else {"Condition": condition, **elements}
    said = answer(ALLOW | more, version=version, **dict(caller))
    assert said in (None, NOT_ALLOWED)
    return said is None


class TestHint:
    def test_without_a_statement_nobody_is_allowed(self):
        assert hint(DENY | {"Action": "sns:Publish"}) == "the bus's policy allows nobody"

    def test_there_may_be_no_policy(self):
        said = "the bus has no policy; put_permission(...) lets 222222222222 put events there"
        assert hint() == said

    @pytest.mark.parametrize(
        ("elements", "why"),
        [
            (
                {"Principal": {"AWS": "333333333333"}},
                'is for Principal {"AWS": "333333333333"}, not 222222222222',
            ),
            ({"Action": "events:PutRule"}, 'is for Action "events:PutRule"'),
            ({"Resource": f"{BUS}s"}, f'is for Resource "{BUS}s"'),
            (
                {"Condition": {"StringEquals": {"events:source": "shop", "events:detail-type": ["a", "b"]}}},
                'lacks events:detail-type: held "order", wanted StringEquals ["a", "b"]',
            ),
            (
                {"Condition": {"StringEquals": {"aws:SourceArn": "x"}}},
                'lacks aws:SourceArn: held null, wanted StringEquals "x"',
            ),
            (
                {"Condition": {"StringEquals": {"events:source": "${aws:SourceArn}"}}},
                "has a variable without value, aws:SourceArn",
            ),
        ],
    )
    def test_what_a_statement_lacks(self, elements, why):
        assert hint(ALLOW | elements) == f"of the bus's policy, a statement without Sid {why}"

    def test_every_statement_that_allows_is_told_by_its_sid(self):
        one = ALLOW | {"Sid": "one", "Action": "a"}
        other = ALLOW | {"Sid": "other", "Action": ["b", "c"]}
        assert hint(one, DENY | {"Action": "d"}, other) == (
            """of the bus's policy, statement 'one' is for Action "a"; statement 'other' is for Action ["b", "c"]"""
        )

    def test_who_denies(self):
        denies = [DENY | {"Sid": "no", "Resource": "x"}, DENY | {"Sid": "never"}]
        assert hint(ALLOW, *denies) == "statement 'never' of the bus's policy denies it"


class TestLogic:
    @pytest.mark.parametrize("policy", [None, {}, {"Statement": []}])
    def test_without_a_statement_others_are_refused(self, policy):
        assert message(policy) == NOT_ALLOWED

    def test_one_allow_suffices(self):
        assert answer(ALLOW | {"Principal": {"AWS": "333333333333"}}, ALLOW) is None

    def test_an_explicit_deny_wins(self):
        assert answer(ALLOW, DENY) == answer(DENY, ALLOW) == DENIED

    def test_a_deny_that_does_not_apply_denies_nothing(self):
        assert answer(ALLOW, DENY | {"Principal": {"AWS": "333333333333"}}) is None

    def test_the_own_account_needs_no_statement(self):
        assert message(None, account="123456789012") is None

    def test_a_deny_binds_the_own_account(self):
        said = answer(DENY, account="123456789012")
        assert said == DENIED.replace("222222222222", "123456789012")

    def test_a_statement_may_stand_alone(self):
        assert message({"Statement": ALLOW}) is None

    def test_a_sid_says_nothing(self):
        assert is_allowed(Sid="s")

    def test_the_texts_name_the_partition(self):
        bus = BUS.replace("arn:aws:", "arn:aws-cn:").replace("us-east-1", "cn-north-1")
        assert message(None, bus).startswith("User: arn:aws-cn:iam::222222222222:root is not ")


class TestPrincipals:
    @pytest.mark.parametrize(
        "principal",
        [
            "*",
            {"AWS": "*"},
            {"AWS": "222222222222"},
            {"AWS": ROOT},
            {"AWS": "arn:aws:iam::222222222222:user/u"},
            {"AWS": "arn:aws:iam::222222222222:role/r"},
            {"AWS": "arn:aws:sts::222222222222:assumed-role/r/session"},
            {"AWS": ["111111111111", ROOT]},
            {"Service": "x.amazonaws.com", "AWS": ROOT},
        ],
    )
    def test_who_is_meant(self, principal):
        assert is_allowed(Principal=principal)

    @pytest.mark.parametrize(
        "principal",
        [
            {},
            {"AWS": []},
            {"AWS": "111111111111"},
            {"AWS": "222222222222 "},
            {"AWS": "2222*"},
            {"AWS": "arn:aws:iam::111111111111:root"},
            {"AWS": "arn:aws-cn:iam::222222222222:root"},
            {"AWS": "arn:aws:s3::222222222222:bucket"},
            {"Federated": "accounts.google.com"},
            {"CanonicalUser": "79a5"},
            {"Service": "events.amazonaws.com"},
        ],
    )
    def test_who_is_not(self, principal):
        assert not is_allowed(Principal=principal)

    def test_eventbridge_itself_is_meant_where_a_rule_forwards(self):
        by_rule = {"rule_arn": RULE}
        assert is_allowed(Principal={"Service": ["s3.amazonaws.com", "events.amazonaws.com"]}, caller=by_rule)
        assert not is_allowed(Principal={"Service": "s3.amazonaws.com"}, caller=by_rule)

    def test_an_account_is_of_the_partition_of_the_bus(self):
        bus = BUS.replace("arn:aws:", "arn:aws-cn:")
        allow = ALLOW | {"Resource": bus, "Principal": {"AWS": ROOT.replace("arn:aws:", "arn:aws-cn:")}}
        assert answer(allow, bus=bus) is None


class TestActionsAndResources:
    @pytest.mark.parametrize(
        "action", ["*", "events:*", "events:Put*", "events:putevents", "events:PutEvent?", ["x:y", "*"]]
    )
    def test_actions_that_are_it(self, action):
        assert is_allowed(Action=action)

    @pytest.mark.parametrize(
        "action", [[], "events:PutRule", "events:PutEvents?", "events", "events:[P]utEvents"]
    )
    def test_actions_that_are_not(self, action):
        assert not is_allowed(Action=action)

    @pytest.mark.parametrize(
        "resource",
        ["*", BUS[:-6] + "*", "arn:aws:events:*:123456789012:event-bus/order?", "arn:*", ["arn:x", BUS]],
    )
    def test_resources_that_are_it(self, resource):
        assert is_allowed(Resource=resource)

    @pytest.mark.parametrize(
        "resource", [[], BUS + "?", BUS.upper(), BUS.replace("aws", "aws-cn"), BUS[:-1] + "[s]"]
    )
    def test_resources_that_are_not(self, resource):
        assert not is_allowed(Resource=resource)


class TestOperators:
    @pytest.mark.parametrize(
        ("operator", "fitting", "unfitting"),
        [
            ("StringEquals", ["shop"], ["Shop", "sho?", "*", "shop2", ""]),
            ("StringEqualsIgnoreCase", ["shop", "SHOP"], ["shops", "SHO*"]),
            ("StringLike", ["shop", "sh*", "*op", "s??p", "*"], ["SHOP", "s?p", "sh", "[s]hop"]),
        ],
    )
    def test_text(self, operator, fitting, unfitting):
        negated = operator.replace("String", "StringNot")
        for wanted in fitting:
            assert is_allowed({operator: {"events:source": wanted}}), wanted
            assert not is_allowed({negated: {"events:source": wanted}}), wanted
        for wanted in unfitting:
            assert not is_allowed({operator: {"events:source": wanted}}), wanted
            assert is_allowed({negated: {"events:source": wanted}}), wanted

    @pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike"])
    def test_arns_fit_part_by_part(self, operator):
        by_rule = {"rule_arn": RULE}
        negated = operator.replace("Arn", "ArnNot")
        for wanted in (RULE, "arn:aws:events:*:222222222222:rule/*", "arn:*:*:*:*:*", RULE[:-1] + "?"):
            assert is_allowed({operator: {"aws:SourceArn": wanted}}, caller=by_rule), wanted
            assert not is_allowed({negated: {"aws:SourceArn": wanted}}, caller=by_rule), wanted
        for wanted in ("*", "arn:aws:events:*", RULE.replace("222222222222", "111111111111"), RULE.upper()):
            assert not is_allowed({operator: {"aws:SourceArn": wanted}}, caller=by_rule), wanted
            assert is_allowed({negated: {"aws:SourceArn": wanted}}, caller=by_rule), wanted

    def test_booleans(self):
        for wanted in (True, "true", "True"):
            condition = {"Bool": {"events:eventBusInvocation": wanted}}
            assert is_allowed(condition, caller={"rule_arn": RULE})
            assert not is_allowed(condition)

    @pytest.mark.parametrize("missing", [True, "true", "True"])
    def test_null_asks_whether_there_is_a_value(self, missing):
        condition = {"Null": {"aws:PrincipalOrgID": missing}}
        assert not is_allowed(condition)
        assert is_allowed(condition, caller={"organization": None})

    def test_null_false_asks_that_there_is_one(self):
        condition = {"Null": {"aws:PrincipalOrgID": False}}
        assert is_allowed(condition)
        assert not is_allowed(condition, caller={"organization": None})
        assert is_allowed({"Null": {"aws:PrincipalOrgID": ["true", "false"]}})
        assert not is_allowed({"Null": {"aws:PrincipalOrgID": "perhaps"}})

    def test_values_are_alternatives(self):
        assert is_allowed({"StringEquals": {"events:source": ["x", "shop"]}})
        assert not is_allowed({"StringEquals": {"events:source": ["x", "y"]}})
        assert not is_allowed({"StringEquals": {"events:source": []}})

    def test_negated_values_are_all_excluded(self):
        assert is_allowed({"StringNotEquals": {"events:source": ["x", "y"]}})
        assert not is_allowed({"StringNotEquals": {"events:source": ["x", "shop"]}})

    def test_keys_and_operators_must_all_hold(self):
        held, broken = {"events:source": "shop"}, {"events:detail-type": "x"}
        assert not is_allowed({"StringEquals": held | broken})
        assert not is_allowed({"StringEquals": held, "StringLike": broken})
        assert is_allowed({"StringEquals": held, "StringNotLike": broken})
        assert is_allowed({})

    def test_a_number_is_its_digits(self):
        assert is_allowed({"StringEquals": {"aws:PrincipalAccount": 222222222222}})

    @pytest.mark.parametrize(
        ("operator", "holds"),
        [
            ("StringEquals", False),
            ("StringLike", False),
            ("ArnLike", False),
            ("Bool", False),
            ("StringNotEquals", True),
            ("StringNotEqualsIgnoreCase", True),
            ("ArnNotLike", True),
            ("StringEqualsIfExists", True),
            ("StringNotLikeIfExists", True),
            ("BoolIfExists", True),
            ("ForAllValues:StringEquals", True),
            ("ForAllValues:StringNotEquals", True),
            ("ForAnyValue:StringEquals", False),
            ("ForAnyValue:StringNotEquals", False),
            ("ForAnyValue:StringEqualsIfExists", True),
        ],
    )
    def test_a_key_without_a_value(self, operator, holds):
        assert is_allowed({operator: {"aws:SourceArn": "x"}}) is holds

    @pytest.mark.parametrize("together", ["ForAllValues", "ForAnyValue"])
    def test_of_one_value_all_and_any_are_the_same(self, together):
        assert is_allowed({f"{together}:StringEquals": {"events:source": ["x", "shop"]}})
        assert not is_allowed({f"{together}:StringEquals": {"events:source": "x"}})
        assert not is_allowed({f"{together}:StringNotEquals": {"events:source": ["x", "shop"]}})
        assert not is_allowed({f"{together}:StringEqualsIfExists": {"events:source": "x"}})

    def test_a_wildcard_spans_lines(self):
        assert is_allowed({"StringLike": {"events:source": "a*c"}}, caller={"source": "a\nb\nc"})

    def test_many_wildcards_cost_little(self):
        assert not is_allowed(
            {"StringLike": {"events:source": "*a" * 100 + "b"}}, caller={"source": "a" * 256}
        )


class TestKeys:
    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("aws:PrincipalAccount", "222222222222"),
            ("aws:PrincipalOrgID", "o-0123456789"),
            ("aws:SourceArn", RULE),
            ("aws:SourceAccount", "222222222222"),
            ("events:source", "shop"),
            ("events:detail-type", "order"),
            ("events:creatorAccount", "222222222222"),
            ("events:eventBusInvocation", "true"),
        ],
    )
    def test_what_they_hold_where_a_rule_forwards(self, key, value):
        for spelled in (key, key.upper(), key.lower()):
            assert is_allowed({"StringEquals": {spelled: value}}, caller={"rule_arn": RULE})
            assert not is_allowed({"StringEquals": {spelled: value + "x"}}, caller={"rule_arn": RULE})

    @pytest.mark.parametrize("key", ["aws:SourceArn", "aws:SourceAccount", "events:creatorAccount"])
    def test_what_only_a_rule_has(self, key):
        assert is_allowed({"Null": {key: "true"}})

    def test_put_events_is_no_invocation_by_a_bus(self):
        assert is_allowed({"StringEquals": {"events:eventBusInvocation": "false"}})


class TestWithoutAnEvent:
    """PutTargets asks before there is an event."""

    CALLER = {"rule_arn": RULE, "source": None, "detail_type": None}  # noqa: RUF012

    @pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals", "StringEqualsIfExists", "Null"])
    @pytest.mark.parametrize("key", ["events:source", "events:detail-type", "EVENTS:Source"])
    def test_what_is_asked_of_the_event_may_turn_out_well(self, operator, key):
        condition = {operator: {key: "true"}}
        assert answer(ALLOW | {"Condition": condition}, **self.CALLER) is None
        assert answer(ALLOW, DENY | {"Condition": condition}, **self.CALLER) is None

    def test_what_is_asked_of_the_caller_counts(self):
        condition = {"StringEquals": {"aws:PrincipalAccount": "1", "events:source": "shop"}}
        assert answer(ALLOW | {"Condition": condition}, **self.CALLER) == NOT_ALLOWED
        condition = {"StringEquals": {"events:creatorAccount": "1"}}
        assert answer(ALLOW | {"Condition": condition}, **self.CALLER) == NOT_ALLOWED


class TestVariables:
    @pytest.mark.parametrize(
        "wanted",
        [
            "${aws:PrincipalAccount}",
            "${AWS:principalaccount}",
            "${ aws:PrincipalAccount , 'x'}",
            "${aws:SourceAccount, '222222222222'}",
            "2222${aws:SourceArn, '2222'}2222",
        ],
    )
    def test_they_stand_for_values_or_defaults(self, wanted):
        assert is_allowed({"StringEquals": {"aws:PrincipalAccount": wanted}})

    def test_they_stand_in_resources(self):
        resource = BUS.replace("orders", "${events:source}")
        assert is_allowed(Resource=resource, caller={"source": "orders"})
        assert not is_allowed(Resource=resource, caller={"source": "order*"})

    def test_their_values_hold_no_wildcards(self):
        condition = {"StringLike": {"events:detail-type": "${events:source}"}}
        assert is_allowed(condition, caller={"source": "a*", "detail_type": "a*"})
        assert not is_allowed(condition, caller={"source": "a*", "detail_type": "ab"})

    @pytest.mark.parametrize("char", "*?$")
    def test_wildcards_that_are_none(self, char):
        condition = {"StringLike": {"events:source": f"a${{{char}}}"}}
        assert is_allowed(condition, caller={"source": f"a{char}"})
        assert not is_allowed(condition, caller={"source": "ab"})

    @pytest.mark.parametrize("effect", ["Allow", "Deny"])
    def test_without_a_value_the_statement_does_not_apply(self, effect):
        condition = {"StringNotEquals": {"events:source": "${aws:SourceArn}"}}
        said = answer(ALLOW | {"Effect": effect, "Condition": condition})
        assert said == NOT_ALLOWED

    @pytest.mark.parametrize("version", ["2008-10-17", None])
    def test_older_policies_have_none(self, version):
        condition = {"StringEquals": {"events:source": "${events:source}"}}
        assert not is_allowed(condition, version=version)
        assert is_allowed(condition, version=version, caller={"source": "${events:source}"})


class TestNotUnderstood:
    @pytest.mark.parametrize(
        ("elements", "why"),
        [
            (
                {"NotPrincipal": "*"},
                "the element 'NotPrincipal' is not evaluated; there are Sid, Effect, Principal, ",
            ),
            ({"NotAction": "*"}, "the element 'NotAction' is not evaluated; there are Sid, "),
            ({"NotResource": "*"}, "the element 'NotResource' is not evaluated; there are Sid, "),
            ({"Conditions": {}}, "the element 'Conditions' is not evaluated; there are Sid, "),
            ({"Effect": "allow"}, 'Effect is "allow", wanted Allow or Deny'),
            ({"Effect": {}}, "Effect is {}, wanted Allow or Deny"),
            ({"Effect": None}, "Effect is missing, wanted Allow or Deny"),
            ({"Principal": None}, "Principal is missing, wanted an object"),
            ({"Principal": "222222222222"}, 'Principal is "222222222222", wanted an object'),
            ({"Principal": {"AWS": [1]}}, "AWS is [1], wanted text or a list of it"),
            ({"Action": None}, "Action is missing, wanted text or a list of it"),
            ({"Action": [["*"]]}, 'Action is [["*"]], wanted text or a list of it'),
            ({"Resource": {}}, "Resource is {}, wanted text or a list of it"),
            ({"Condition": []}, "Condition is [], wanted an object"),
            ({"Condition": {"StringLike": "x"}}, 'StringLike is "x", wanted an object'),
            (
                {"Condition": {"StringLike": {"events:source": {}}}},
                "StringLike of events:source is {}, wanted text or a list of it",
            ),
            (
                {"Condition": {"StringLike": {"events:source": None}}},
                "StringLike of events:source is missing, wanted text or a list of it",
            ),
            (
                {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
                "the condition operator 'IpAddress' is not evaluated; there are Null, StringEquals, "
                "StringEqualsIgnoreCase, StringLike, ArnEquals, ArnLike, Bool",
            ),
            (
                {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "x"}}},
                "the condition key 'aws:PrincipalTag/team' is not evaluated; there are aws:PrincipalAccount, "
                "aws:PrincipalOrgID, aws:SourceAccount, aws:SourceArn, events:source, events:detail-type, "
                "events:creatorAccount, events:eventBusInvocation",
            ),
            (
                {"Condition": {"StringEquals": {"events:source": "${aws:username, 'x'}"}}},
                "the variable 'aws:username' is not evaluated; there are aws:PrincipalAccount, ",
            ),
        ],
    )
    def test_it_is_told(self, elements, why):
        with pytest.raises(PolicyNotUnderstood) as told:
            answer(ALLOW | elements)
        assert str(told.value).startswith(f"the policy of {BUS}: {why}")

    @pytest.mark.parametrize(
        "operator",
        [
            "NumericEquals",
            "DateLessThan",
            "BinaryEquals",
            "NotIpAddress",
            "stringequals",
            "BoolNot",
            "NotBool",
            "NullIfExists",
            "ForAnyValue:Null",
            "ForEach:StringEquals",
            ":StringEquals",
            "IfExists",
            "",
        ],
    )
    def test_operators_that_there_are_not(self, operator):
        with pytest.raises(PolicyNotUnderstood):
            is_allowed({operator: {"events:source": "shop"}})

    def test_a_statement_is_an_object(self):
        with pytest.raises(PolicyNotUnderstood, match="a statement is 1, wanted an object"):
            answer(1)

    def test_a_line_is_read_although_another_does_not_hold(self):
        with pytest.raises(PolicyNotUnderstood):
            is_allowed({"StringEquals": {"events:source": "x", "aws:SourceIp": "y"}})

    def test_a_condition_is_not_read_where_the_statement_is_about_something_else(self):
        assert not is_allowed({"IpAddress": {"aws:SourceIp": "x"}}, Action="events:PutRule")
        assert not is_allowed({"IpAddress": {"aws:SourceIp": "x"}}, Principal={"AWS": "111111111111"})
        assert not is_allowed({"IpAddress": {"aws:SourceIp": "x"}}, Resource="x")


WORDS = st.sampled_from(
    [
        *ALLOW,
        "Condition",
        "Sid",
        "Allow",
        "Deny",
        "AWS",
        "Service",
        "*",
        "events:PutEvents",
        BUS,
        ROOT,
        "Null",
        "StringLike",
        "ForAllValues:ArnNotEqualsIfExists",
        "events:source",
        "aws:SourceArn",
        "Bool",
        "true",
        "${events:source}",
        "${aws:SourceArn, 'x'}",
        "${",
        "[",
        "arn:aws:iam::x",
        "\ud800",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)
TEXTS = WORDS | st.text(max_size=5)
CONDITIONS = st.dictionaries(
    WORDS, st.dictionaries(WORDS, st.lists(TEXTS, max_size=2) | JSON, max_size=2), max_size=2
)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"])},
    optional={
        "Principal": st.just("*") | st.dictionaries(st.sampled_from(["AWS", "Service"]), TEXTS) | JSON,
        "Action": st.just("*") | TEXTS | JSON,
        "Resource": st.just("*") | TEXTS | JSON,
        "Condition": CONDITIONS | JSON,
    },
)


@settings(deadline=None)
@given(
    policy=st.fixed_dictionaries(
        {"Statement": st.lists(STATEMENTS | JSON, max_size=3) | JSON},
        optional={"Version": st.just("2012-10-17") | JSON},
    ),
    rule_arn=st.sampled_from([None, RULE]),
    source=st.sampled_from([None, "shop", ""]),
)
def test_whatever_the_policy_there_is_an_answer_or_the_tester_is_told(policy, rule_arn, source):
    with contextlib.suppress(PolicyNotUnderstood):
        said = message(policy, rule_arn=rule_arn, source=source)
        assert said in (None, NOT_ALLOWED, DENIED)
