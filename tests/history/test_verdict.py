from __future__ import annotations

import json

import pytest

from eventmock.exceptions import OptionError

NEW = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "NEW"}'}
ARCHIVES = "prod.vhs.events.aws.internal"


def put(events, **patterns):
    for name, pattern in patterns.items():
        events.put_rule(Name=name, EventPattern=json.dumps(pattern))


def archive(events, arn="arn:aws:events:us-east-1:123456789012:event-bus/default"):
    events.create_archive(ArchiveName="all", EventSourceArn=arn)


def text_of(call, *arguments):
    with pytest.raises(AssertionError) as caught:
        call(*arguments)
    return str(caught.value)


class TestManagedRules:
    def test_the_rule_of_an_archive_is_marked_and_is_no_consumer(self, events, events_backend):
        archive(events)
        [verdict] = verdicts = events_backend.explain(NEW)
        assert (verdict.matched, verdict.managed_by, verdict.archive) == (True, ARCHIVES, "all")
        assert str(verdict) == "Events-Archive-all (rule of archive all): matches"
        assert str(verdicts) == "Events-Archive-all  rule of archive all; matches"
        assert verdicts.consumers == []

    def test_another_managed_rule_is_marked_too(self, events_backend):
        events_backend.add_managed_rule(
            "Steps", managed_by="states.amazonaws.com", event_pattern='{"source": ["shop"]}'
        )
        [verdict] = verdicts = events_backend.explain(NEW)
        assert (verdict.matched, verdict.archive) == (True, None)
        assert str(verdict) == "Steps (managed by states.amazonaws.com): matches"
        assert verdicts.consumers == []

    def test_a_users_own_rule_is_a_consumer(self, events, events_backend):
        put(events, ship={"source": ["shop"]}, bank={"source": ["bank"]})
        assert [verdict.rule_name for verdict in events_backend.explain(NEW).consumers] == ["ship"]


class TestAssertMatches:
    def test_named_rules_match(self, events, events_backend):
        put(events, ship={"source": ["shop"]}, audit={"source": ["shop"]})
        verdicts = events_backend.explain(NEW)
        verdicts.assert_matches("ship", verdicts[0].rule_arn)
        verdicts.assert_matches()

    def test_a_named_rule_does_not(self, events, events_backend):
        put(events, ship={"detail": {"state": ["PAID"]}}, audit={"source": ["shop"]})
        assert text_of(events_backend.explain(NEW).assert_matches, "ship", "audit") == (
            'order from shop on "default" does not match ship; it matches audit\n'
            '  ship: detail.state held "NEW", wanted one of ["PAID"]'
        )

    def test_each_field_of_a_named_rule_that_does_not_is_told(self, events, events_backend):
        put(events, ship={"source": ["bank"], "detail": {"state": ["PAID"], "total": [5]}})
        entry = NEW | {"Detail": '{"state": "NEW", "Total": 5}'}
        assert text_of(events_backend.explain(entry).assert_matches, "ship") == (
            'order from shop on "default" does not match ship\n'
            '  ship: source held "shop", wanted one of ["bank"]\n'
            '    detail.state held "NEW", wanted one of ["PAID"]\n'
            "    detail.total is absent, wanted one of [5] (the event has detail.Total)"
        )

    def test_none_matches_but_the_archive(self, events, events_backend):
        archive(events)
        put(events, **{f"rule{number}": {"source": ["bank"]} for number in range(4)})
        assert text_of(events_backend.explain(NEW).assert_matches) == (
            'order from shop on "default" matches no rule; archive all keeps it\n'
            '  rule0: source held "shop", wanted one of ["bank"]\n'
            '  rule1: source held "shop", wanted one of ["bank"]\n'
            '  rule2: source held "shop", wanted one of ["bank"]\n'
            "  and 1 more"
        )

    def test_there_are_no_rules(self, events, events_backend):
        assert text_of(events_backend.explain({"detail": {}}).assert_matches) == (
            'the event on "default" matches no rule\n  there are no rules on "default"'
        )
        archive(events)
        assert text_of(events_backend.explain(NEW).assert_matches) == (
            'order from shop on "default" matches no rule; archive all keeps it\n'
            '  there are no rules on "default" but managed ones'
        )

    def test_a_misspelt_rule_is_refused(self, events, events_backend):
        verdicts = events_backend.explain(NEW)
        with pytest.raises(OptionError) as caught:
            verdicts.assert_matches("shipp")
        assert str(caught.value) == (
            "assert_matches('shipp'): there is no such rule on \"default\": it has no rules"
        )
        put(events, ship={"source": ["shop"]})
        with pytest.raises(OptionError) as caught:
            events_backend.explain(NEW).assert_matches("shipp")
        assert str(caught.value) == (
            "assert_matches('shipp'): there is no such rule on \"default\": did you mean 'ship'?"
        )


class TestAssertMatchesOnly:
    def test_the_only_ones(self, events, events_backend):
        archive(events)
        put(events, ship={"source": ["shop"]}, bank={"source": ["bank"]})
        events_backend.explain(NEW).assert_matches_only("ship")

    def test_another_one_matches_too(self, events, events_backend):
        put(events, ship={"source": ["shop"]}, audit={"source": ["shop"]}, log={"source": ["shop"]})
        assert text_of(events_backend.explain(NEW).assert_matches_only, "ship") == (
            'order from shop on "default" also matches audit and log, wanted only ship'
        )

    def test_one_does_not_match(self, events, events_backend):
        put(events, ship={"source": ["bank"]})
        assert text_of(events_backend.explain(NEW).assert_matches_only, "ship") == (
            'order from shop on "default" does not match ship\n'
            '  ship: source held "shop", wanted one of ["bank"]'
        )

    def test_without_a_rule_it_is_refused(self, events_backend):
        with pytest.raises(OptionError) as caught:
            events_backend.explain(NEW).assert_matches_only()
        assert str(caught.value) == (
            "assert_matches_only(): wanted a rule; for none say assert_matches_nothing()"
        )


class TestAssertMatchesNothing:
    def test_an_archive_may_match(self, events, events_backend):
        archive(events)
        put(events, bank={"source": ["bank"]})
        events_backend.explain(NEW).assert_matches_nothing()

    def test_a_rule_matches(self, events, events_backend):
        put(events, ship={"source": ["shop"]})
        assert text_of(events_backend.explain(NEW).assert_matches_nothing) == (
            'order from shop on "default" matches ship, wanted no rule'
        )
