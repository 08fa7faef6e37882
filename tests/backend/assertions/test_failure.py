"""What an assertion says that does not hold, to the letter."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from unittest.mock import ANY

import pytest
from botocore.exceptions import ClientError

from eventmock import DeliveryFailed, OptionError
from eventmock.pattern import Pattern

QUEUE = "arn:aws:sqs:us-east-1:123456789012:ship"
DEAD = "arn:aws:sqs:us-east-1:123456789012:ship-dead"
ROLE = "arn:aws:iam::123456789012:role/r"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/"
PAID = '{"detail": {"state": ["PAID"]}}'


class Matcher:
    """As those of dirty-equals do, it shows by what it was equal to last."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.met = None

    def __eq__(self, other):
        self.met = other if other == self.wanted else None
        return other == self.wanted

    __hash__ = None

    def __repr__(self):
        return f"Matcher({self.wanted!r})" if self.met is None else repr(self.met)


class TestContent:
    def test_what_came_nearest_differs(self, backend, rule, put, told):
        rule(pattern=PAID)
        put({"state": "PAID", "n": 1, "items": [1, 2, 3], "note": "x"})
        wanted = {"state": "PAID", "n": 2, "items": [1, 2], "total": 3}
        assert told(backend.assert_delivered, rule="ship", detail=wanted) == (
            'rule ship delivered nothing with detail {"state": "PAID", "n": 2, "items": [1, 2], "total": 3}\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      detail.n held 1, wanted 2\n"
            "      detail.items[2] held 3, not wanted\n"
            "      detail.total is missing, wanted 3\n"
            '      detail.note held "x", not wanted'
        )

    def test_the_nearest_come_first_and_three_are_shown(self, backend, rule, put, told):
        rule()
        put({"a": 0, "b": 0}, {"a": 1, "b": 0}, {}, {"a": 0, "b": 1}, {"a": 2, "b": 2})
        assert told(backend.assert_delivered, detail={"a": 1, "b": 1}) == (
            'nothing was delivered with detail {"a": 1, "b": 1}\n'
            "  nearest of 5:\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      detail.b held 0, wanted 1\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      detail.a held 0, wanted 1\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      detail.a held 0, wanted 1\n"
            "      detail.b held 0, wanted 1"
        )

    def test_what_is_told_alike_is_told_once(self, backend, rule, put, told):
        rule()
        for _ in range(5):
            put(*[{"n": 1}] * 5)
        assert told(backend.assert_delivered, detail={"n": 2}) == (
            'nothing was delivered with detail {"n": 2}\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      detail.n held 1, wanted 2\n"
            "      and 24 like it"
        )

    def test_what_is_told_alike_leaves_room_for_others(self, backend, rule, put, told):
        rule()
        put(*({"n": number} for number in (1, 3, 1, 4, 5, 1)))
        assert told(backend.assert_delivered, detail={"n": 2}) == (
            'nothing was delivered with detail {"n": 2}\n'
            "  nearest of 6:\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      detail.n held 1, wanted 2\n"
            "      and 1 like it\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      detail.n held 3, wanted 2\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      detail.n held 4, wanted 2"
        )

    def test_more_than_was_wanted(self, backend, rule, put, told):
        rule()
        put({"n": 1, **dict.fromkeys("abcdef", 0)})
        assert told(backend.assert_delivered, detail={"n": 1}) == (
            'nothing was delivered with detail {"n": 1}\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      it holds what is wanted, and more; to ask for a part of it, say matching=\n"
            "      detail.a held 0, not wanted\n"
            "      detail.b held 0, not wanted\n"
            "      detail.c held 0, not wanted\n"
            "      detail.d held 0, not wanted\n"
            "      and 2 more"
        )

    @pytest.mark.parametrize("also", [{"body": {"x": 1}}, {"matching": {"source": ["x"]}}, {"source": "x"}])
    def test_more_than_was_wanted_is_not_said_where_something_else_is_wrong(
        self, backend, rule, put, told, also
    ):
        rule(InputPath="$.detail")
        put({"n": 1, "x": 1})
        assert "it holds what is wanted" not in told(backend.assert_delivered, detail={"n": 1}, **also)

    def test_a_path_that_leads_nowhere_is_told_where_a_body_is_wanted(self, backend, rule, put, told):
        rule(InputPath="$.detial")
        put({"state": "PAID"})
        assert told(backend.assert_delivered, body={"state": "PAID"}) == (
            'nothing was delivered with body {"state": "PAID"}\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      InputPath $.detial leads nowhere in the event\n"
            '      body.state is missing, wanted "PAID"'
        )

    def test_a_body(self, backend, rule, put, told):
        rule(InputPath="$.detail")
        put({"n": 1})
        assert told(backend.assert_delivered, body={"n": 2}, detail={"n": 1}) == (
            'nothing was delivered with detail {"n": 1} and body {"n": 2}\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      body.n held 1, wanted 2"
        )

    def test_json_text_instead_of_a_value(self, backend, rule, put, told):
        rule(InputPath="$.detail")
        put({"n": 1})
        assert told(backend.assert_delivered, body='{"n": 1}') == (
            'nothing was delivered with body "{\\"n\\": 1}"\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            '      body held {"n": 1}, wanted "{\\"n\\": 1}"\n'
            "      body is compared as JSON: give the value, not its text"
        )

    def test_json_text_of_something_else(self, backend, rule, put, told):
        rule(InputPath="$.detail")
        put({"n": 1, "m": {}, "t": "x"})
        advice = "is compared as JSON: give the value, not its text"
        assert told(backend.assert_delivered, body='{"n": 2}').splitlines()[2:] == [
            '      body held {"n": 1, "m": {}, "t": "x"}, wanted "{\\"n\\": 2}"',
            f"      body {advice}",
        ]
        assert f"      detail {advice}" in told(backend.assert_delivered, detail="[]")
        assert advice not in told(backend.assert_delivered, body="nope")
        assert advice not in told(backend.assert_delivered, detail={"n": "2", "m": "2", "t": "{}"})

    def test_a_pattern(self, backend, rule, put, told):
        rule()
        put({"total": 5}, {"total": 7, "note": "x"})
        pattern = {"detail": {"total": [{"numeric": [">", 6]}], "note": ["y"]}}
        assert told(backend.assert_delivered, rule="ship", matching=pattern) == (
            'rule ship delivered nothing matching {"detail": {"total": [{"numeric": [">", 6]}], "note": ["y"]}}\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      detail.total held 5, wanted numeric > 6\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            '      detail.note held "x", wanted one of ["y"]'
        )

    def test_names(self, backend, rule, put, told):
        rule()
        put({})
        assert told(backend.assert_delivered, source="shpo", detail_type="ordr", bus="default") == (
            'nothing was delivered from source "shpo" of type "ordr" on "default"\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            '      source was "shop", wanted "shpo"\n'
            '      detail_type was "order", wanted "ordr"'
        )

    def test_a_matcher_shows_what_it_wants_whatever_it_met(self, backend, rule, put, told):
        rule()
        put({"n": 1, "state": "NEW"}, {"n": 2, "state": "PAID"})
        wanted = {"n": Matcher(1), "state": Matcher("PAID")}
        assert told(backend.assert_delivered, detail=wanted) == (
            'nothing was delivered with detail {"n": Matcher(1), "state": Matcher(\'PAID\')}\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      detail.state held \"NEW\", wanted Matcher('PAID')\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      detail.n held 2, wanted Matcher(1)"
        )


class TestWhatBecameOfIt:
    def test_pending(self, backend, rule, put, told):
        rule()
        backend.faults.inject("ThrottlingException", target=QUEUE)
        put({"n": 1})
        text = told(backend.assert_delivered, rule="ship", detail={"n": 1})
        when = backend.deliveries[0].next_attempt
        assert text == (
            'rule ship delivered nothing with detail {"n": 1}\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      pending after 1 attempt: THROTTLING: ThrottlingException: Rate exceeded, "
            f"next {when:%Y-%m-%d %H:%M:%S}\n"
            f"      to have it tried: backend.clock.advance(seconds={when.second + 1})"
        )

    def test_to_advance_as_it_says_is_enough(self, backend, rule, put, told):
        rule()
        backend.faults.inject(503, target=QUEUE, times=1)
        put({})
        advice = told(backend.assert_delivered).splitlines()[-1].partition(": ")[2]
        exec(advice, {"backend": backend})  # noqa: S102 - that is what the tester does
        backend.assert_delivered()

    def test_waiting_for_a_region(self, backend, rule, put, told):
        rule()

        def fails(_value):
            backend.region("us-east-1").outage()
            raise DeliveryFailed("THROTTLING", "too much")

        backend.target(QUEUE, fails)
        put({})
        backend.clock.advance(hours=1)
        line = fails.__code__.co_firstlineno + 2
        assert told(backend.assert_delivered) == (
            "nothing was delivered\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      pending: us-east-1 is out\n"
            "      attempt 1 failed: THROTTLING: too much\n"
            f"        at tests/backend/assertions/test_failure.py:{line} in fails: "
            'raise DeliveryFailed("THROTTLING", "too much")\n'
            "      to have it tried: end the outage of us-east-1"
        )

    def test_dead_lettered(self, backend, rule, put, told):
        rule(DeadLetterConfig={"Arn": DEAD}, RetryPolicy={"MaximumRetryAttempts": 0})
        backend.faults.inject(503, target=QUEUE)
        put({})
        assert told(backend.assert_delivered, rule="ship") == (
            "rule ship delivered nothing\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      dead-lettered to sqs ship-dead: HTTP status 503; MaximumRetryAttempts reached after 0 retries"
        )

    def test_lost(self, backend, rule, put, told):
        rule()
        backend.faults.inject("NO_RESOURCE", target=QUEUE)
        put({"n": 1})
        assert told(backend.assert_delivered, rule="ship", detail={"n": 2}) == (
            'rule ship delivered nothing with detail {"n": 2}\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      dropped: NO_RESOURCE: injected by the test; there is no dead-letter queue, so the event is lost\n"
            "      detail.n held 1, wanted 2"
        )


class TestEventsThatBecameNothing:
    def test_the_rule_did_not_match(self, backend, rule, put, told):
        rule(pattern=PAID)
        put({"state": "NEW", "n": 1}, {"state": "NEW", "n": 2})
        assert told(backend.assert_delivered, rule="ship", detail={"state": "PAID", "n": 2}) == (
            'rule ship delivered nothing with detail {"state": "PAID", "n": 2}\n'
            '  12:00:00  order from shop on "default"\n'
            '      rule ship did not match: detail.state held "NEW", wanted one of ["PAID"]\n'
            '  12:00:00  order from shop on "default"\n'
            '      rule ship did not match: detail.state held "NEW", wanted one of ["PAID"]\n'
            "      detail.n held 1, wanted 2"
        )

    def test_an_event_that_is_what_was_wanted_comes_before_a_delivery_that_is_not(
        self, backend, rule, put, told
    ):
        rule(pattern='{"detail": {"n": [{"numeric": [">", 1]}]}}')
        put({"n": 2}, {"n": 1})
        assert told(backend.assert_delivered, rule="ship", detail={"n": 1}) == (
            'rule ship delivered nothing with detail {"n": 1}\n'
            '  12:00:00  order from shop on "default"\n'
            "      rule ship did not match: detail.n held 1, wanted numeric > 1\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      detail.n held 2, wanted 1"
        )

    def test_a_delivery_comes_before_an_event_as_near(self, backend, rule, put, told):
        rule(pattern=PAID, InputPath="$.detail.n")
        put({"state": "NEW", "n": 1}, {"state": "PAID", "n": 1})
        assert told(backend.assert_delivered, rule="ship", body=2).splitlines()[1:4] == [
            '  12:00:00  order from shop on "default": rule ship -> sqs ship',
            "      body held 1, wanted 2",
            '  12:00:00  order from shop on "default"',
        ]

    def test_of_events_equally_near_the_one_that_nearly_matched_comes_first(self, backend, rule, put, told):
        rule(pattern='{"detail": {"a": [1], "b": [1], "c": [1]}}')
        put(*({"a": one, "b": two, "c": 0} for one, two in ((0, 0), (1, 0), (1, 1), (0, 0))))
        assert told(backend.assert_delivered, rule="ship") == (
            "rule ship delivered nothing\n"
            '  12:00:00  order from shop on "default"\n'
            "      rule ship did not match: detail.c held 0, wanted one of [1]\n"
            '  12:00:00  order from shop on "default"\n'
            "      rule ship did not match: detail.b held 0, wanted one of [1]\n"
            '  12:00:00  order from shop on "default"\n'
            "      rule ship did not match: detail.a held 0, wanted one of [1]\n"
            "      and 1 like it"
        )

    def test_of_many_rules_the_nearest_are_told(self, backend, rule, put, told):
        for number in range(5):
            fields = {f"f{index}": [1] for index in range(5 - number)}
            rule(f"r{number}", pattern=json.dumps({"detail": fields}))
        put({})
        assert told(backend.assert_delivered) == (
            "nothing was delivered\n"
            '  12:00:00  order from shop on "default"\n'
            "      rule r4 did not match: detail.f0 is absent, wanted one of [1]\n"
            "      rule r3 did not match: detail.f0 is absent, wanted one of [1]\n"
            "      rule r2 did not match: detail.f0 is absent, wanted one of [1]\n"
            "      and 2 more rules"
        )

    def test_a_rule_without_a_pattern_is_the_farthest(self, backend, rule, put, told):
        backend.client().put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
        rule(pattern='{"detail": {"a": [1], "b": [1]}}')
        put({})
        assert told(backend.assert_delivered).splitlines()[2:] == [
            "      rule ship did not match: detail.a is absent, wanted one of [1]",
            "      rule nightly did not match: the rule has no pattern, only the schedule rate(1 day)",
        ]

    def test_the_rule_was_disabled(self, backend, rule, put, told):
        rule()
        backend.client().disable_rule(Name="ship")
        put({})
        backend.client().enable_rule(Name="ship")
        assert (
            told(backend.assert_delivered, rule="ship")
            .splitlines()[2]
            .startswith("      rule ship did not match: the rule is DISABLED")
        )

    def test_the_rule_has_no_targets(self, backend, put, told):
        backend.client().put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
        put({})
        assert told(backend.assert_delivered, rule="ship") == (
            "rule ship delivered nothing\n"
            '  12:00:00  order from shop on "default"\n'
            "      rule ship matched, but had no targets"
        )

    def test_the_rule_has_other_targets(self, backend, rule, put, told):
        rule()
        put({})
        ship = backend.target("ship")
        assert told(ship.assert_delivered) == (
            "rule ship delivered nothing to lambda function:ship-function-1\n"
            '  12:00:00  order from shop on "default"\n'
            "      rule ship matched, and it went to sqs ship"
        )

    def test_the_rule_was_not_there_yet(self, backend, rule, put, told):
        put({})
        rule()
        assert told(backend.assert_delivered, rule="ship") == (
            "rule ship delivered nothing\n"
            '  12:00:00  order from shop on "default"\n'
            "      rule ship was not there at that moment"
        )

    def test_the_rule_is_on_another_bus(self, backend, rule, put, told):
        backend.client().create_event_bus(Name="orders")
        rule(bus="orders")
        put({})
        assert told(
            backend.target(QUEUE).assert_delivered, rule=f"{BUS.replace('event-bus', 'rule')}orders/ship"
        ) == (
            "rule ship delivered nothing to sqs ship\n"
            '  12:00:00  order from shop on "default"\n'
            '      rule ship did not see it: the rule is on "orders", the event came on "default"'
        )

    def test_the_rule_that_would_have_brought_it_is_told(self, backend, rule, put, told):
        events = backend.client()
        for bus in ("orders", "audit"):
            events.create_event_bus(Name=bus)
        rule("to-audit", bus="orders", arn=f"{BUS}audit", RoleArn=ROLE)
        rule("log", bus="orders")
        rule("expensive", bus="audit")
        events.disable_rule(Name="to-audit", EventBusName="orders")
        put({}, EventBusName="orders")
        did_not_see_it = (
            "rule expensive delivered nothing\n"
            '  12:00:00  order from shop on "orders"\n'
            '      rule expensive did not see it: the rule is on "audit", the event came on "orders"; '
            "rule to-audit leads there, "
        )
        assert told(backend.assert_delivered, rule="expensive") == (
            f"{did_not_see_it}but did not match: the rule is DISABLED; its pattern matches"
        )

    def test_so_is_the_one_that_failed_to_bring_it(self, backend, rule, put, told):
        events = backend.client()
        events.create_event_bus(Name="audit")
        rule("to-audit", arn=f"{BUS}audit", RoleArn=ROLE)
        rule("expensive", bus="audit")
        backend.faults.inject("NO_PERMISSIONS", target=f"{BUS}audit")
        put({})
        assert told(backend.assert_delivered, rule="expensive").splitlines()[2] == (
            '      rule expensive did not see it: the rule is on "audit", the event came on "default"; '
            "rule to-audit leads there: dropped: NO_PERMISSIONS: injected by the test; "
            "there is no dead-letter queue, so the event is lost"
        )

    def test_of_rules_on_several_buses_those_that_saw_it_are_told(self, backend, rule, put, told):
        backend.client().create_event_bus(Name="orders")
        for bus in ("default", "orders"):
            rule(pattern=PAID, bus=bus)
        put({}, EventBusName="orders")
        assert told(backend.assert_delivered, rule="ship") == (
            "rule ship delivered nothing\n"
            '  12:00:00  order from shop on "orders"\n'
            '      rule ship did not match: detail.state is absent, wanted one of ["PAID"]'
        )

    def test_the_rule_is_in_another_region_and_account(self, backend, rule, put, told):
        there = backend.client(region="eu-west-1", account="222222222222")
        rule(client=there)
        put({})
        assert told(backend.assert_delivered, rule="ship") == (
            "rule ship delivered nothing\n"
            '  12:00:00  order from shop on "default"\n'
            "      rule ship did not see it: the rule is in eu-west-1 of 222222222222, "
            "the event came in us-east-1 of 123456789012"
        )

    def test_events_where_the_rule_is_come_first(self, backend, rule, put, told):
        rule(pattern=PAID)
        backend.client().create_event_bus(Name="orders")
        put({}, EventBusName="orders")
        put({})
        assert [line for line in told(backend.assert_delivered).splitlines() if "order from" in line] == [
            '  12:00:00  order from shop on "default"',
            '  12:00:00  order from shop on "orders"',
        ]

    def test_there_is_no_such_bus(self, backend, rule, put, told):
        rule()
        put({"n": 1}, EventBusName="ordres")
        assert told(backend.assert_delivered, rule="ship", detail={"n": 1}) == (
            'rule ship delivered nothing with detail {"n": 1}\n'
            '  12:00:00  order from shop on "ordres"\n'
            "      went nowhere: there is no event bus 'ordres' in 123456789012, us-east-1; there are default"
        )

    def test_the_entry_was_refused(self, backend, rule, told):
        rule()
        backend.client().put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "nope"}])
        backend.events[0].settle(replace(backend.events[0]._outcome, hint="our word"))
        assert told(
            backend.assert_delivered, rule="ship", detail={"n": 1}, matching={"source": ["shop"]}
        ) == (
            'rule ship delivered nothing matching {"source": ["shop"]} with detail {"n": 1}\n'
            '  12:00:00  order from shop on "default"\n'
            "      was refused: MalformedDetail: Detail is malformed.\n"
            "      our word"
        )

    def test_no_event_was_put(self, backend, rule, told):
        rule()
        assert (
            told(backend.assert_delivered, rule="ship") == "rule ship delivered nothing\n  no event was put"
        )

    def test_but_something_else_happened(self, backend, rule, put, told):
        rule()
        backend.faults.inject("InvalidArgument", operation="PutEvents")
        with pytest.raises(ClientError):
            put({})
        first, second, third = told(backend.assert_delivered, rule="ship").splitlines()
        assert (first, second) == ("rule ship delivered nothing", "  no event was put")
        assert third.startswith("  12:00:00  PutEvents of 123456789012 in us-east-1 failed: ")

    def test_there_are_no_rules(self, backend, put, told):
        put({})
        assert told(backend.assert_delivered) == (
            'nothing was delivered\n  there are no rules\n  12:00:00  order from shop on "default"'
        )

    def test_the_rule_of_an_archive_is_none(self, backend, put, told):
        backend.client().create_archive(ArchiveName="a", EventSourceArn=f"{BUS}default")
        put({})
        assert told(backend.assert_delivered).splitlines()[1] == "  there are no rules"
        backend.client().delete_archive(ArchiveName="a")
        assert told(backend.assert_delivered).splitlines()[1] == "  there are no rules"

    def test_there_are_no_rules_on_the_bus(self, backend, rule, put, told):
        rule()
        backend.client().create_event_bus(Name="orders")
        put({})
        assert told(backend.assert_delivered, bus="orders") == (
            'nothing was delivered on "orders"\n'
            '  there are no rules on "orders"\n'
            '  12:00:00  order from shop on "default"\n'
            '      bus was "default", wanted "orders"'
        )

    def test_a_schedule_has_not_come(self, backend, told):
        events = backend.client()
        events.put_rule(Name="nightly", ScheduleExpression="cron(30 1 ? * MON *)")
        nightly = backend.target("nightly")
        backend.clock.advance(days=3)
        waits = (
            "  rule nightly waits for its schedule, cron(30 1 ? * MON *): "
            "next Mon 2026-01-05 01:30:00; the clock stands at 2026-01-04 12:00:00"
        )
        assert (
            told(nightly.assert_delivered) == f"rule nightly delivered nothing\n{waits}\n  no event was put"
        )
        backend.clock.advance(days=1)
        nightly.assert_delivered()
        assert "waits" not in told(nightly.assert_delivered, detail={"n": 1})
        events.disable_rule(Name="nightly")
        assert "waits" not in told(nightly.assert_delivered, detail={"n": 1})

    def test_a_schedule_that_is_over(self, backend, told):
        backend.client().put_rule(Name="once", ScheduleExpression="cron(0 0 1 1 ? 2020)")
        assert told(backend.assert_delivered, rule="once").splitlines()[1] == (
            "  rule once waits for its schedule, cron(0 0 1 1 ? 2020): it never comes; "
            "all firings of year 2020 are past"
        )

    @pytest.mark.parametrize("words", [{"rule": "nightly"}, {"target": "report"}])
    def test_a_schedule_that_is_asked_for_is_told_beside_events(self, backend, put, told, words):
        events = backend.client()
        events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
        events.put_targets(Rule="nightly", Targets=[{"Id": "report", "Arn": QUEUE}])
        put({})
        waits = (
            "  rule nightly waits for its schedule, rate(1 day): "
            "next 2026-01-02 12:00:00; the clock stands at 2026-01-01 12:00:00"
        )
        assert told(backend.assert_delivered, **words).splitlines()[1] == waits
        assert told(backend.target(QUEUE).assert_delivered).splitlines()[1] == waits
        assert "waits" not in told(backend.assert_delivered)

    def test_of_many_schedules_three_are_told(self, backend, told):
        for number in range(5):
            backend.client().put_rule(Name=f"r{number}", ScheduleExpression="rate(1 day)")
        lines = told(backend.assert_delivered).splitlines()
        assert [line[:9] for line in lines] == [
            "nothing w",
            "  rule r0",
            "  rule r1",
            "  rule r2",
            "  no even",
        ]


class TestCopies:
    """Of an event that a rule brought to the bus audit, too."""

    @pytest.fixture(autouse=True)
    def _two_buses(self, backend, rule):
        for bus in ("audit", "third"):
            backend.client().create_event_bus(Name=bus)
        rule("to-audit", arn=f"{BUS}audit", RoleArn=ROLE)

    def test_one_is_no_candidate_beside_the_event(self, backend, rule, put, told):
        rule(pattern=PAID)
        put({"state": "NEW"})
        original = (
            '  12:00:00  order from shop on "default"\n'
            '      rule ship did not match: detail.state held "NEW", wanted one of ["PAID"]'
        )
        assert told(backend.assert_delivered, rule="ship") == f"rule ship delivered nothing\n{original}"

    def test_the_event_is_none_where_the_rule_met_the_copy(self, backend, rule, put, told):
        rule(pattern=PAID, bus="audit")
        put({"state": "NEW"})
        assert told(backend.assert_delivered, rule="ship") == (
            "rule ship delivered nothing\n"
            '  12:00:00  order from shop on "audit", from another bus\n'
            '      rule ship did not match: detail.state held "NEW", wanted one of ["PAID"]'
        )

    def test_neither_is_where_the_rule_is(self, backend, rule, put, told):
        rule(bus="third")
        put({})
        assert told(backend.assert_delivered, rule="ship") == (
            "rule ship delivered nothing\n"
            '  12:00:00  order from shop on "default"\n'
            '      rule ship did not see it: the rule is on "third", the event came on "default"'
        )

    def test_the_bus_that_is_named_has_no_rules(self, backend, put, told):
        put({})
        assert told(backend.assert_delivered, bus="audit") == (
            'nothing was delivered on "audit"\n'
            '  there are no rules on "audit"\n'
            '  12:00:00  order from shop on "audit", from another bus'
        )

    def test_the_event_was_found(self, backend, rule, put, told):
        rule()
        put({})
        assert told(backend.assert_delivered, rule="ship", times=2) == (
            "rule ship delivered once, wanted 2 times\n  no other event was put"
        )

    def test_the_delivery_that_brought_it_is_a_candidate(self, backend, rule, put, told):
        rule(pattern=PAID, bus="audit")
        put({"n": 1})
        assert told(backend.assert_delivered, detail={"n": 2}) == (
            'nothing was delivered with detail {"n": 2}\n'
            '  12:00:00  order from shop on "default": rule to-audit -> events event-bus/audit\n'
            "      detail.n held 1, wanted 2"
        )

    def test_a_copy_that_became_a_delivery_is_a_candidate(self, backend, rule, put, told):
        rule(bus="audit")
        put({"n": 1})
        lines = told(backend.assert_delivered, detail={"n": 2}).splitlines()
        assert [line for line in lines if "order from" in line] == [
            '  12:00:00  order from shop on "default": rule to-audit -> events event-bus/audit',
            '  12:00:00  order from shop on "audit", from another bus: rule ship -> sqs ship',
        ]

    def test_a_copy_that_is_lost_is_a_candidate(self, backend, rule, put, told):
        rule("to-nowhere", arn=f"{BUS}nowhere", RoleArn=ROLE)
        put({"n": 1})
        assert told(backend.assert_dropped, detail={"n": 2}).count("went nowhere") == 1


class TestTargets:
    def test_of_a_kind(self, backend, rule, put, told):
        rule()
        put({})
        assert told(backend.target(kind="SQS queue").assert_delivered, source="x").splitlines()[0] == (
            'nothing was delivered to any SQS queue from source "x"'
        )

    def test_by_a_predicate(self, backend, rule, put, told):
        rule()
        put({})
        assert told(backend.target(where=lambda _delivery: False).assert_delivered) == (
            "nothing was delivered to the targets that where= picks\n"
            '  12:00:00  order from shop on "default"\n'
            "      rule ship matched, and it went to sqs ship"
        )

    @pytest.mark.parametrize(("target", "name"), [("queue", "queue"), (QUEUE, "sqs ship")])
    def test_by_name(self, backend, rule, told, target, name):
        rule()
        text = told(backend.assert_delivered, target=target)
        assert text == f"nothing was delivered to {name}\n  no event was put"

    def test_a_rule_s_own_is_plain(self, backend, told):
        backend.client().put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
        ship = backend.target("ship")
        assert told(ship.assert_delivered) == "rule ship delivered nothing\n  no event was put"


class TestHowOften:
    def test_too_seldom(self, backend, rule, put, told):
        rule(pattern=PAID)
        put({"state": "PAID"}, {"state": "PAID"}, {"state": "NEW"})
        assert told(backend.assert_delivered, rule="ship", times=3) == (
            "rule ship delivered 2 times, wanted 3 times\n"
            '  12:00:00  order from shop on "default"\n'
            '      rule ship did not match: detail.state held "NEW", wanted one of ["PAID"]'
        )

    def test_too_seldom_and_there_is_nothing_else(self, backend, rule, put, told):
        rule()
        put({})
        assert told(backend.assert_delivered, times=2) == (
            "something was delivered once, wanted 2 times\n  no other event was put"
        )

    @pytest.mark.parametrize(
        ("times", "first"),
        [
            (None, "rule ship delivered nothing"),
            (1, "rule ship delivered nothing"),
            (2, "rule ship delivered nothing, wanted 2 times"),
        ],
    )
    def test_never(self, backend, rule, told, times, first):
        rule()
        assert told(backend.assert_delivered, rule="ship", times=times).splitlines()[0] == first

    def test_too_often(self, backend, rule, put, told):
        rule()
        put({"n": 1}, {"n": 1}, {"n": 2})
        assert told(backend.assert_delivered_once, rule="ship", detail={"n": 1}) == (
            'rule ship delivered 2 times with detail {"n": 1}, wanted once\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            '      detail {"n": 1}\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            '      detail {"n": 1}'
        )

    def test_too_often_by_ways_one_forgets(self, backend, rule, put, told):
        events = backend.client()
        events.create_event_bus(Name="orders")
        rule("fwd", arn=f"{BUS}orders", RoleArn=ROLE)
        rule("ship", bus="orders")
        rule("ship")
        events.create_archive(ArchiveName="a", EventSourceArn=f"{BUS}default")
        put({})
        backend.clock.advance(days=1)
        events.start_replay(
            ReplayName="again",
            EventSourceArn="arn:aws:events:us-east-1:123456789012:archive/a",
            EventStartTime=datetime(2026, 1, 1, tzinfo=UTC),
            EventEndTime=datetime(2026, 1, 2, tzinfo=UTC),
            Destination={"Arn": f"{BUS}default", "FilterArns": [f"{BUS.replace('event-bus/', 'rule/')}ship"]},
        )
        backend.clock.advance(hours=1)
        lines = told(backend.assert_delivered_once, rule="ship").splitlines()
        assert [line for line in lines if "order from" in line] == [
            '  2026-01-01 12:00:00  order from shop on "default": rule ship -> sqs ship',
            '  2026-01-01 12:00:00  order from shop on "orders", from another bus: rule ship -> sqs ship',
            '  2026-01-02 12:00:00  order from shop on "default", replayed: rule ship -> sqs ship',
        ]

    def test_eight_are_shown(self, backend, rule, put, told):
        rule(InputPath="$.detail.n")
        put(*({"n": number} for number in range(10)))
        lines = told(backend.assert_delivered_once, body=pytest.approx(5, abs=5)).splitlines()
        assert lines[0] == "something was delivered 10 times with body 5 ± 5, wanted once"
        assert lines[2] == "      body 0"
        assert lines[-2:] == ["      body 7", "  and 2 more"]
        assert len(lines) == 18

    def test_what_was_not_to_be(self, backend, rule, put, told):
        rule()
        put({"n": 1})
        assert told(backend.assert_not_delivered, detail={"n": 1}) == (
            'something was delivered once with detail {"n": 1}, wanted never\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            '      detail {"n": 1}'
        )

    def test_what_was_tried_again(self, backend, rule, put, told):
        rule()
        backend.faults.inject(503, target=QUEUE, times=1)
        backend.target(QUEUE)
        put({})
        backend.clock.advance(hours=1)
        assert told(backend.assert_not_delivered, rule="ship") == (
            "rule ship delivered once, wanted never\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      delivered at attempt 2\n"
            "      attempt 1 failed: HTTP status 503\n"
            "      detail {}"
        )


class TestInOrder:
    def test_one_came_too_early(self, backend, rule, put, told):
        rule()
        put({"n": 0}, {"n": 2}, {"n": 1})
        assert told(backend.assert_delivered_in_order, details=[{"n": 1}, {"n": 2}]) == (
            'detail {"n": 2} was delivered before detail {"n": 1}, wanted after it; in order of delivery:\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            '      detail {"n": 2}\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            '      detail {"n": 1}'
        )

    def test_one_never_came(self, backend, rule, put, told):
        rule(InputPath="$.detail.n")
        put({"n": 1}, {"n": 3})
        assert told(backend.assert_delivered_in_order, bodies=[1, 2, 3], rule="ship") == (
            "rule ship delivered nothing with body 2, wanted as number 2 of 3\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      body held 3, wanted 2"
        )

    def test_one_came_once_and_was_wanted_twice(self, backend, rule, put, told):
        rule()
        put({"n": 1})
        assert told(backend.assert_delivered_in_order, details=[{"n": 1}, {"n": 1}]) == (
            'something was delivered once with detail {"n": 1}, wanted again as number 2 of 2\n'
            "  no other event was put"
        )


class TestDeadLetters:
    def test_another_code_and_queue(self, backend, rule, put, told):
        rule(DeadLetterConfig={"Arn": DEAD})
        rule("off", '{"source": ["office"]}', DeadLetterConfig={"Arn": DEAD.replace("ship-dead", "other")})
        backend.faults.inject("NO_RESOURCE", target=QUEUE)
        put({"n": 1})
        asked = {"rule": "ship", "error_code": "TIMEOUT", "queue": "other", "detail": {"n": 2}}
        assert told(backend.assert_dead_lettered, **asked) == (
            'rule ship dead-lettered nothing with error code TIMEOUT in queue other with detail {"n": 2}\n'
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            '      error_code was "NO_RESOURCE", wanted "TIMEOUT"\n'
            '      queue was "ship-dead", wanted "other"\n'
            "      detail.n held 1, wanted 2"
        )

    def test_a_queue_by_its_arn(self, backend, rule, put, told):
        rule(DeadLetterConfig={"Arn": DEAD})
        rule("off", '{"source": ["office"]}', DeadLetterConfig={"Arn": QUEUE})
        backend.faults.inject("NO_RESOURCE", target=QUEUE)
        put({})
        assert told(backend.assert_dead_lettered, queue=QUEUE) == (
            "nothing was dead-lettered in queue sqs ship\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            f'      queue was "{DEAD}", wanted "{QUEUE}"'
        )

    def test_letters_come_before_what_is_none(self, backend, rule, put, told):
        backend.client().put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
        rule("audit", arn=QUEUE.replace("ship", "audit"))
        rule(DeadLetterConfig={"Arn": DEAD})
        backend.faults.inject("NO_PERMISSIONS", target=QUEUE)
        put(*({"n": number} for number in range(3)))
        put({"n": 3}, Source="office")
        first, *lines = told(
            backend.assert_dead_lettered, queue="ship-dead", error_code="THROTTLING", detail={"n": 9}
        ).splitlines()
        assert first == (
            'nothing was dead-lettered in queue ship-dead with error code THROTTLING with detail {"n": 9}'
        )
        assert lines == [
            "  nearest of 7:",
            *(
                line
                for number in range(3)
                for line in (
                    '  12:00:00  order from shop on "default": rule ship -> sqs ship',
                    '      error_code was "NO_PERMISSIONS", wanted "THROTTLING"',
                    f"      detail.n held {number}, wanted 9",
                )
            ),
        ]

    def test_of_letters_the_one_with_fewer_differing_words_comes_first(self, backend, rule, put, told):
        other = DEAD.replace("ship", "audit")
        rule("audit", arn=QUEUE.replace("ship", "audit"), DeadLetterConfig={"Arn": other})
        rule(DeadLetterConfig={"Arn": DEAD})
        for name in ("audit", "ship"):
            backend.faults.inject("NO_PERMISSIONS", target=QUEUE.replace("ship", name))
        put({})
        assert told(backend.assert_dead_lettered, queue=DEAD, error_code="THROTTLING") == (
            "nothing was dead-lettered in queue sqs ship-dead with error code THROTTLING\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            '      error_code was "NO_PERMISSIONS", wanted "THROTTLING"\n'
            '  12:00:00  order from shop on "default": rule audit -> sqs audit\n'
            f'      queue was "{other}", wanted "{DEAD}"\n'
            '      error_code was "NO_PERMISSIONS", wanted "THROTTLING"'
        )

    def test_the_delivery_that_would_have_come_to_the_queue_comes_before_others(
        self, backend, rule, put, told
    ):
        rule("audit", arn=QUEUE.replace("ship", "audit"))
        rule(DeadLetterConfig={"Arn": DEAD})
        put({})
        lines = told(backend.assert_dead_lettered, queue="ship-dead").splitlines()
        assert [line.rpartition(" ")[2] for line in lines if "order from" in line] == ["ship", "audit"]

    def test_the_queue_and_the_code_weigh_more_than_the_content(self, backend, rule, put, told):
        rule("audit", '{"detail": {"a": [1]}}', arn=QUEUE.replace("ship", "audit"))
        rule(pattern='{"detail": {"a": [0]}}', DeadLetterConfig={"Arn": DEAD})
        backend.faults.inject("NO_PERMISSIONS", target=QUEUE)
        put({"a": 1, "b": 1, "c": 1}, {"a": 0, "b": 0, "c": 0})
        wanted = {"a": 1, "b": 1, "c": 1}
        lines = told(
            backend.assert_dead_lettered, queue="ship-dead", error_code="THROTTLING", detail=wanted
        ).splitlines()
        assert [line.rpartition(" ")[2] for line in lines if "order from" in line] == ["ship", "audit"]

    def test_what_was_delivered_comes_after_a_letter_as_near(self, backend, rule, put, told):
        rule("audit", arn=QUEUE.replace("ship", "audit"))
        rule(DeadLetterConfig={"Arn": DEAD})
        backend.faults.inject("NO_PERMISSIONS", target=QUEUE)
        put({"n": 1})
        lines = told(backend.assert_dead_lettered, detail={"n": 2}).splitlines()
        assert [line.rpartition(" ")[2] for line in lines if "order from" in line] == ["ship", "audit"]

    def test_it_was_delivered(self, backend, rule, put, told):
        rule(DeadLetterConfig={"Arn": DEAD})
        put({})
        block = (
            '\n  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      delivered (recorded: nobody stands at the other end)"
        )
        assert told(backend.assert_dead_lettered, error_code="TIMEOUT") == (
            f"nothing was dead-lettered with error code TIMEOUT{block}"
        )
        assert told(backend.target(DEAD).assert_dead_lettered) == (
            f"nothing was dead-lettered to sqs ship-dead{block}"
        )

    def test_there_is_no_queue(self, backend, rule, put, told):
        rule()
        backend.faults.inject("NO_RESOURCE", target=QUEUE)
        put({})
        assert told(backend.assert_dead_lettered).splitlines()[2] == (
            "      dropped: NO_RESOURCE: injected by the test; there is no dead-letter queue, so the event is lost"
        )

    def test_too_many(self, backend, rule, put, told):
        rule(DeadLetterConfig={"Arn": DEAD}, InputPath="$.detail")
        backend.faults.inject("NO_RESOURCE", target=QUEUE)
        put({}, {})
        lines = told(backend.assert_dead_lettered, times=1, body=ANY).splitlines()
        assert lines[:3] == [
            "something was dead-lettered 2 times with body <ANY>, wanted once",
            '  12:00:00  order from shop on "default": rule ship -> sqs ship',
            "      dead-lettered to sqs ship-dead: NO_RESOURCE: injected by the test",
        ]
        assert lines[3].startswith('      body {"version": "0", "id": ')


class TestLost:
    def test_it_was_delivered(self, backend, rule, put, told):
        backend.target(QUEUE)
        rule()
        put({})
        assert told(backend.assert_dropped) == (
            "nothing was dropped\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      delivered"
        )

    def test_something_else_was(self, backend, put, told):
        put({"n": 1}, EventBusName="nope")
        assert told(backend.assert_dropped, detail={"n": 2}) == (
            'nothing was dropped with detail {"n": 2}\n'
            "  there are no rules\n"
            '  12:00:00  order from shop on "nope"\n'
            "      went nowhere: there is no event bus 'nope' in 123456789012, us-east-1; there are default\n"
            "      detail.n held 1, wanted 2"
        )

    def test_a_refused_entry_has_no_content(self, backend, rule, told):
        rule()
        backend.client().put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": ""}])
        for content in ({"detail": {}}, {"matching": {"source": ["shop"]}}):
            assert "was refused: InvalidArgument" in told(backend.assert_dropped, **content)

    @pytest.mark.parametrize("word", [{"rule": "ship"}, {"target": "queue"}, {"body": Matcher(1)}])
    def test_an_event_is_no_delivery(self, backend, rule, put, told, word):
        rule()
        put({}, EventBusName="nope")
        assert "went nowhere" in told(backend.assert_dropped, **word)

    def test_too_many(self, backend, put, told):
        put({}, {}, EventBusName="nope")
        block = (
            '\n  12:00:00  order from shop on "nope"'
            "\n      went nowhere: there is no event bus 'nope' in 123456789012, us-east-1; there are default"
        )
        assert told(backend.assert_dropped, times=1) == (
            f"something was dropped 2 times, wanted once{block}{block}"
        )


class TestNothingElse:
    def test_what_was_not_found(self, backend, rule, put, told):
        rule("ship")
        rule("audit", InputTransformer={"InputPathsMap": {"o": "$.detail"}, "InputTemplate": '{"o": "<o>"}'})
        put({"n": 1})
        put({}, EventBusName="nope")
        backend.assert_delivered_once(rule="ship")
        lines = told(backend.assert_nothing_else_happened).splitlines()
        assert lines[:2] == [
            "2 things happened that no assertion has found",
            '  12:00:00  order from shop on "default": rule audit -> sqs ship',
        ]
        assert lines[2].startswith("      dropped: INVALID_JSON: ")
        assert lines[3:] == [
            '      detail {"n": 1}',
            '  12:00:00  order from shop on "nope"',
            "      went nowhere: there is no event bus 'nope' in 123456789012, us-east-1; there are default",
        ]

    def test_one_thing(self, backend, rule, put, told):
        rule("ship")
        put({"n": 1})
        assert told(backend.target(QUEUE).assert_nothing_else_happened) == (
            "1 thing happened that no assertion has found\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            '      detail {"n": 1}'
        )


class TestEveryRule:
    def test_why_each_matched_nothing(self, backend, rule, put, told):
        events = backend.client()
        events.create_event_bus(Name="orders")
        rule("ship", pattern='{"detail": {"state": ["PAID"], "n": [1]}}')
        events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
        events.put_rule(Name="both", ScheduleExpression="rate(1 day)", EventPattern=PAID)
        rule("there", bus="orders")
        events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "nope"}])
        put({"state": "NEW", "n": 1}, {"state": "NEW", "n": 2})
        rule("late")
        rule("used", pattern='{"source": ["office"]}')
        put({"state": "NEW", "n": 1}, Source="office")
        next_day = "next 2026-01-02 12:00:00; the clock stands at 2026-01-01 12:00:00"
        assert told(backend.assert_every_rule_was_used, *("ship", "nightly", "both", "there")) == (
            "4 of 4 rules matched no event\n"
            '  rule both on "default"\n'
            f"      rule both waits for its schedule, rate(1 day): {next_day}\n"
            '      12:00:00  order from shop: detail.state held "NEW", wanted one of ["PAID"]\n'
            '  rule nightly on "default"\n'
            f"      rule nightly waits for its schedule, rate(1 day): {next_day}\n"
            '  rule ship on "default"\n'
            '      12:00:00  order from shop: detail.state held "NEW", wanted one of ["PAID"]\n'
            '  rule there on "orders"\n'
            '      no event came to "orders"'
        )
        assert told(backend.assert_every_rule_was_used).splitlines()[0] == "5 of 6 rules matched no event"

    def test_the_event_that_came_nearest(self, backend, rule, put, told):
        rule(pattern='{"detail": {"state": ["PAID"], "n": [1]}}')
        put({"n": 2}, {"n": 1}, {"n": 3})
        assert told(backend.assert_every_rule_was_used) == (
            "1 of 1 rule matched no event\n"
            '  rule ship on "default"\n'
            '      12:00:00  order from shop: detail.state is absent, wanted one of ["PAID"]'
        )
        put({"n": 1}, {"state": "PAID", "n": 5})
        assert told(backend.assert_every_rule_was_used).endswith(
            ': detail.state is absent, wanted one of ["PAID"]'
        )

    def test_one_that_was_made_too_late(self, backend, rule, put, told):
        put({})
        rule()
        assert told(backend.assert_every_rule_was_used) == (
            '1 of 1 rule matched no event\n  rule ship on "default"\n      it was made after the events came'
        )

    def test_eight_are_shown(self, backend, rule, told):
        for number in range(10):
            rule(f"r{number}")
        lines = told(backend.assert_every_rule_was_used).splitlines()
        assert (len(lines), lines[-1]) == (18, "  and 2 more")

    def test_places_that_are_not_the_default_are_told_if_there_are_several(self, backend, rule, put, told):
        rule(client=backend.client(region="eu-west-1", account="222222222222"))
        put({})
        assert told(backend.assert_every_rule_was_used) == (
            "1 of 1 rule matched no event\n"
            '  rule ship on "default" in eu-west-1 of 222222222222\n'
            '      no event came to "default" in eu-west-1 of 222222222222'
        )


class TestLines:
    def test_none_is_too_long(self, backend, rule, put, told):
        long = {f"{'k' * 60}{number}": "x" * 300 for number in range(3)}
        rule(pattern=json.dumps({"detail": {name: ["y" * 100] for name in long}}))
        put(long)
        texts = (
            told(backend.assert_delivered, detail=dict.fromkeys(long, "y" * 300)),
            told(backend.assert_delivered, matching={"detail": {name: ["y" * 100] for name in long}}),
            told(backend.assert_every_rule_was_used),
        )
        lines = [line for text in texts for line in text.splitlines()]
        assert max(len(line) for line in lines if "match" not in line and "order from" not in line) <= 150
        assert max(map(len, lines)) <= 200
        assert any("..." in line for line in lines)

    def test_a_long_content_keeps_its_beginning(self, backend, rule, put, told):
        rule()
        put({"text": "x" * 300})
        assert told(backend.assert_not_delivered).splitlines()[2] == f'      detail {{"text": "{"x" * 120}...'
        wanted = {"text": "y" * 300}
        assert told(backend.assert_delivered, detail=wanted).splitlines()[0] == (
            f'nothing was delivered with detail {{"text": "{"y" * 57}...'
        )

    def test_a_reason_is_told_whole(self, backend, rule, put, told):
        rule()

        def fails(_value):
            raise DeliveryFailed("NO_RESOURCE", f"{'x' * 300} is the cause")

        backend.target(QUEUE, fails)
        put({})
        assert told(backend.assert_delivered).splitlines()[2] == (
            f"      dropped: NO_RESOURCE: {'x' * 300} is the cause; "
            "there is no dead-letter queue, so the event is lost"
        )

    def test_but_it_ends(self, backend, rule, put, told):
        rule()

        def fails(_value):
            raise DeliveryFailed("NO_RESOURCE", "x" * 5_000)

        backend.target(QUEUE, fails)
        put({})
        long = told(backend.assert_delivered).splitlines()[2]
        assert long.startswith("      dropped: NO_RESOURCE: xxx")
        assert long.endswith("x... (5,081 characters)")
        assert len(long) < 1_030

    def test_control_characters_are_escaped(self, backend, rule, put, told):
        rule()
        put({"n\n": 1}, Source="shop", DetailType="or\nder\x1b")
        lines = told(backend.assert_delivered, detail={"n\n": Matcher("\n")}).splitlines()
        assert lines == [
            "nothing was delivered with detail {\"n\\n\": Matcher('\\n')}",
            '  12:00:00  or\\nder\\x1b from shop on "default": rule ship -> sqs ship',
            "      detail.n\\n held 1, wanted Matcher('\\n')",
        ]

    def test_no_frame_of_ours_is_shown(self, backend, rule):
        rule()
        with pytest.raises(AssertionError) as caught:
            backend.assert_delivered()
        frames = [entry.frame for entry in caught.traceback]
        assert [frame.f_locals.get("__tracebackhide__", False) for frame in frames[1:]] == [True] * (
            len(frames) - 1
        )

    def test_nor_of_a_word_that_is_wrong(self, backend, rule, put):
        rule(DeadLetterConfig={"Arn": DEAD})
        for call in (
            lambda: backend.assert_delivered(detial=1),
            lambda: backend.assert_delivered(rule="shpi"),
            lambda: backend.assert_delivered(target="queu"),
            lambda: backend.assert_delivered(times=0),
            lambda: backend.assert_delivered(1),
            lambda: backend.assert_dead_lettered(queue="ship-daed"),
            lambda: backend.assert_not_delivered(matching="{"),
            backend.assert_delivered_in_order,
            lambda: backend.assert_delivered_in_order(details=[]),
            lambda: backend.assert_dead_lettered(error_code="x"),
            lambda: backend.target(DEAD).assert_delivered(),
            lambda: backend.target(kind="SNS topic").assert_dropped(),
            lambda: backend.target(DEAD + "s").assert_nothing_else_happened(),
            lambda: backend.assert_every_rule_was_used("shpi"),
            lambda: backend.assert_every_rule_was_used(but=["ship"]),
        ):
            with pytest.raises(OptionError) as caught:
                call()
            frames = [entry.frame for entry in caught.traceback][2:]
            assert frames
            assert all(frame.f_locals.get("__tracebackhide__", False) for frame in frames)


def test_of_many_events_only_some_are_explained(backend, rule, put, told, monkeypatch):
    rule(pattern=PAID)
    for _ in range(40):
        put(*({"state": "NEW", "n": number} for number in range(10)))
    explained = []
    explain = Pattern.explain
    monkeypatch.setattr(Pattern, "explain", lambda *args: explained.append(args) or explain(*args))
    told(backend.assert_delivered, rule="ship", matching={"detail": {"n": [-1]}})
    assert 300 <= len(explained) <= 320


@pytest.mark.parametrize(
    ("policy", "advance"),
    [
        ({}, "hours=24"),
        ({"MaximumEventAgeInSeconds": 90}, "seconds=90"),
        ({"MaximumEventAgeInSeconds": 3600}, "hours=1"),
    ],
)
@pytest.mark.parametrize(("dead", "asked"), [({}, "assert_dropped"), ({"Arn": DEAD}, "assert_dead_lettered")])
def test_what_is_to_be_lost_says_when_it_is_given_up(backend, rule, put, told, policy, advance, dead, asked):
    rule(RetryPolicy=policy, **({"DeadLetterConfig": dead} if dead else {}))
    backend.faults.inject(503, target=QUEUE)
    put({})
    lines = told(getattr(backend, asked), rule="ship").splitlines()
    assert lines[-1] == f"      to have it given up: backend.clock.advance({advance})"
    name, _, number = advance.partition("=")
    backend.clock.advance(**{name: int(number)})
    getattr(backend, asked)(rule="ship", times=1)


class TestSchedules:
    def test_one_that_waits(self, backend, schedule, told):
        schedule(expression="cron(30 3 * * ? *)", ScheduleExpressionTimezone="Europe/Berlin")
        lines = (
            "  schedule nightly waits for its time, cron(30 3 * * ? *): next Fri 2026-01-02 03:30:00 Europe/Berlin "
            "(02:30:00 UTC); the clock stands at 2026-01-01 13:00:00 Europe/Berlin (12:00:00 UTC)\n"
            '  to have it fire: backend.clock.move_to("2026-01-02T02:30:00Z")'
        )
        assert told(backend.assert_delivered, schedule="nightly") == (
            f"schedule nightly delivered nothing\n{lines}"
        )
        assert told(backend.assert_delivered, target=QUEUE) == f"nothing was delivered to sqs ship\n{lines}"
        assert told(backend.target(QUEUE).assert_delivered) == f"nothing was delivered to sqs ship\n{lines}"
        assert told(backend.assert_delivered) == f"nothing was delivered\n{lines}"

    def test_what_the_text_says_to_do_makes_it_fire(self, backend, schedule, told):
        schedule(window=15)
        text = told(backend.assert_delivered, schedule="nightly")
        moment = text.rpartition('move_to("')[2].removesuffix('")')
        backend.clock.move_to(moment)
        backend.assert_delivered_once(schedule="nightly")

    def test_one_that_has_another_body(self, backend, schedule, told):
        schedule(target={"Input": '{"job": "night"}'})
        assert told(backend.assert_delivered, schedule="nightly", body={"job": "day"}) == (
            'schedule nightly delivered nothing with body {"job": "day"}\n'
            "  12:00:00  schedule nightly -> sqs ship\n"
            '      body.job held "night", wanted "day"'
        )

    def test_one_without_input(self, backend, schedule, told):
        schedule()
        text = told(backend.assert_delivered, schedule="nightly", body={"job": "day"})
        assert text.splitlines()[1:3] == [
            "  12:00:00  schedule nightly -> sqs ship",
            "      the Target of the schedule has no Input, so it gets the notification of EventBridge Scheduler",
        ]

    def test_one_whose_target_fails(self, backend, schedule, told):
        backend.faults.inject("ThrottlingException", target=QUEUE, times=1)
        schedule()
        assert told(backend.assert_delivered, schedule="nightly") == (
            "schedule nightly delivered nothing\n"
            "  12:00:00  schedule nightly -> sqs ship\n"
            "      pending after 1 attempt: ThrottlingException: Rate exceeded, next 2026-01-01 12:00:01\n"
            "      to have it tried: backend.clock.advance(seconds=2)"
        )

    def test_one_that_was_deleted_while_it_waited(self, backend, schedule, told):
        backend.faults.inject("ThrottlingException", target=QUEUE)
        schedule()
        backend.client("scheduler").delete_schedule(Name="nightly")
        backend.clock.advance(minutes=1)
        assert told(backend.assert_delivered, schedule="nightly") == (
            "schedule nightly delivered nothing\n"
            "  12:00:00  schedule nightly -> sqs ship\n"
            "      dropped: the schedule was deleted\n"
            "      attempt 1 failed: ThrottlingException: Rate exceeded"
        )

    def test_the_error_of_a_function_is_the_cause(self, backend, schedule):
        def fail(_body):
            raise ValueError("no")

        backend.target(QUEUE, fail)
        schedule()
        with pytest.raises(AssertionError) as caught:
            backend.assert_delivered(schedule="nightly")
        assert isinstance(caught.value.__cause__, ValueError)

    def test_one_that_fired_too_often(self, backend, schedule, told):
        schedule(target={"Input": "now"}, ScheduleExpressionTimezone="Asia/Tokyo", window=5)
        backend.clock.advance(hours=2)
        first, *lines = told(backend.assert_delivered_once, schedule="nightly").splitlines()
        assert first == "schedule nightly delivered 2 times, wanted once"
        head = r"  \d\d:\d\d:\d\d  schedule nightly -> sqs ship, scheduled for 2026-01-01 {} Asia/Tokyo \({} UTC\)"
        late = r", (\d min )?\d+ s later in its flexible time window"
        assert re.fullmatch(head.format("21:00:00", "12:00:00") + late, lines[0])
        assert re.fullmatch(head.format("22:00:00", "13:00:00") + late, lines[2])
        assert lines[1] == lines[3] == '      body "now"'

    def test_one_that_fired_and_was_wanted_never(self, backend, schedule, told):
        schedule(target={"Input": "[1]"})
        assert told(backend.assert_not_delivered, schedule="nightly") == (
            "schedule nightly delivered once, wanted never\n  12:00:00  schedule nightly -> sqs ship\n      body [1]"
        )

    def test_one_that_fired_less_often_than_wanted_says_when_it_fires_next(self, backend, schedule, told):
        schedule()
        first, line, _ = told(backend.assert_delivered, schedule="nightly", times=2).splitlines()
        assert first == "schedule nightly delivered once, wanted 2 times"
        assert "next 2026-01-01 13:00:00 UTC; the clock stands at 2026-01-01 12:00:00 UTC" in line

    def test_one_in_another_region(self, backend, schedule, told):
        arn = QUEUE.replace("us-east-1", "eu-west-1")
        schedule(client=backend.client("scheduler", region="eu-west-1"), arn=arn, target={"Input": "x"})
        schedule()
        assert told(backend.assert_delivered, schedule="nightly", body="y").splitlines()[1] == (
            "  12:00:00  schedule nightly -> sqs ship in eu-west-1"
        )

    def test_one_in_a_group_of_its_own(self, backend, schedule, told):
        backend.client("scheduler").create_schedule_group(Name="team")
        schedule(target={"Input": "x"}, GroupName="team")
        assert told(backend.assert_delivered, schedule="nightly", body="y").splitlines()[1] == (
            "  12:00:00  schedule nightly of group team -> sqs ship"
        )

    def test_of_many_schedules_a_few_are_told(self, backend, schedule, told):
        for number in range(5):
            schedule(f"s{number}", State="DISABLED")
        assert told(backend.assert_delivered) == (
            "nothing was delivered\n"
            "  schedule s0: it does not fire, because it is DISABLED\n"
            "  schedule s1: it does not fire, because it is DISABLED\n"
            "  schedule s2: it does not fire, because it is DISABLED\n"
            "  and 2 more schedules"
        )

    def test_events_and_firings_are_candidates_together(self, backend, rule, schedule, put, told):
        rule(InputPath="$.detail.n")
        schedule(target={"Input": "2"})
        put({"n": 1})
        assert told(backend.assert_delivered, body=3) == (
            "nothing was delivered with body 3\n"
            '  12:00:00  order from shop on "default": rule ship -> sqs ship\n'
            "      body held 1, wanted 3\n"
            "  12:00:00  schedule nightly -> sqs ship\n"
            "      body held 2, wanted 3"
        )

    def test_no_firing_is_a_candidate_if_an_event_is_asked_for(self, backend, rule, schedule, told):
        rule()
        schedule()
        for filters in (
            {"rule": "ship"},
            {"source": "shop"},
            {"detail": {}},
            {"matching": {"source": ["shop"]}},
        ):
            assert "nightly" not in told(backend.assert_delivered, **filters)

    def test_no_event_is_a_candidate_if_a_schedule_is_asked_for(self, backend, rule, schedule, put, told):
        rule()
        schedule(State="DISABLED")
        put({})
        assert told(backend.assert_delivered, schedule="nightly") == (
            "schedule nightly delivered nothing\n"
            "  schedule nightly: it does not fire, because it is DISABLED\n"
            "  rule ship delivered once"
        )

    def test_what_others_have_delivered(self, backend, rule, schedule, put, told):
        rule()
        put({})
        schedule("nightly", State="DISABLED")
        schedule("hourly")
        backend.clock.advance(hours=1)
        assert told(backend.assert_delivered, schedule="nightly").splitlines()[2:] == [
            "  rule ship delivered once and schedule hourly delivered 2 times"
        ]

    def test_an_event_that_a_schedule_put_says_so(self, backend, rule, schedule, told):
        rule()
        bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
        parameters = {"Source": "clock", "DetailType": "tick"}
        schedule(arn=bus, target={"Input": "{}", "EventBridgeParameters": parameters})
        assert told(backend.assert_delivered, rule="ship") == (
            "rule ship delivered nothing\n"
            '  12:00:00  tick from clock on "default", put by schedule nightly\n'
            '      rule ship did not match: source held "clock", wanted one of ["shop"]'
        )

    def test_dead_letters(self, backend, schedule, told):
        schedule(target={"DeadLetterConfig": {"Arn": DEAD}, "Input": "x"})
        assert told(backend.assert_dead_lettered, schedule="nightly", error_code="AccessDenied") == (
            "schedule nightly dead-lettered nothing with error code AccessDenied\n"
            "  12:00:00  schedule nightly -> sqs ship\n"
            "      delivered (recorded: nobody stands at the other end)"
        )

    def test_what_no_assertion_has_found(self, backend, schedule, told):
        schedule(target={"Input": "x"})
        backend.clock.advance(hours=1)
        backend.assert_delivered(schedule="nightly", times=2)
        backend.clock.advance(hours=1)
        assert told(backend.assert_nothing_else_happened) == (
            "1 thing happened that no assertion has found\n"
            "  14:00:00  schedule nightly -> sqs ship\n"
            '      body "x"'
        )
