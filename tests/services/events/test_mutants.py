"""A rule with each mistake in a mock, as an event or the clock shows it."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

import pytest

from eventmock import mock_events
from eventmock.services.events.coverage import COVERAGE
from eventmock.services.events.mutants import MUTANTS
from eventmock.services.mutants import Mutated
from eventmock.services.table import services

PATTERN = json.dumps({"source": ["shop"], "detail": {"state": ["PAID", "SHIPPED"]}})
SHIP = "arn:aws:lambda:us-east-1:123456789012:function:ship"
AUDIT = "arn:aws:lambda:us-east-1:123456789012:function:audit"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:dead"
TRANSFORMER = {
    "InputPathsMap": {"id": "$.detail.order.id", "unused": "$.detail.order"},
    "InputTemplate": '{"order": <id>}',
}
TARGETS = [
    {
        "Id": "ship",
        "Arn": SHIP,
        "DeadLetterConfig": {"Arn": QUEUE},
        "RetryPolicy": {"MaximumRetryAttempts": 1},
        "InputTransformer": TRANSFORMER,
    },
    {"Id": "audit", "Arn": AUDIT, "InputPath": "$.detail.order"},
]
EVENT = {
    "version": "0",
    "id": "1",
    "detail-type": "order",
    "source": "shop",
    "account": "123456789012",
    "time": "2026-01-01T00:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail": {"state": "PAID", "order": {"id": 7}},
}
START = "2026-01-01T00:00:00Z"  # a Thursday


def put_shop(events, *, bus="orders", name="ship", targets=TARGETS):
    """The rule of an application."""
    events.put_rule(Name=name, EventBusName=bus, EventPattern=PATTERN)
    events.put_targets(Rule=name, EventBusName=bus, Targets=targets)


@pytest.fixture
def shop(events):
    """Two buses, and a rule on one of them."""
    for bus in ("orders", "audit"):
        events.create_event_bus(Name=bus)
    put_shop(events)


def subject_of(backend, name="ship", **other):
    """What the runner of mutants knows of a rule of a mock."""
    [one] = [one for one in COVERAGE().subjects(backend.state) if one.name == name]
    definition = dict(one.definition)
    targets = definition.pop("Targets", ())
    return Mutated(
        **{
            "kind": "rule",
            "account": one.account,
            "region": one.region,
            "place": one.place,
            "places": ("audit", "orders"),
            "names": (one.name,),
            "identity": one.identity,
            "definition": definition,
            "targets": tuple(targets),
            "event": json.dumps(EVENT),
            **other,
        }
    )


def rule(**other):
    """What the runner knows of a rule without targets."""
    pattern = other.pop("pattern", PATTERN)
    return Mutated(
        **{
            "kind": "rule",
            "account": "123456789012",
            "region": "us-east-1",
            "place": "orders",
            "places": ("audit", "orders"),
            "names": ("ship",),
            "identity": pattern,
            "definition": {"EventPattern": pattern},
            "targets": (),
            "event": json.dumps(EVENT),
            **other,
        }
    )


def scheduled(expression, **other):
    definition = {"ScheduleExpression": expression, **other}
    return rule(place="default", identity=expression, definition=definition, event=None)


def of_kind(subject, kind):
    return [mutant for mutant in MUTANTS.mutants(subject) if mutant.kind == kind]


def first(subject, kind):
    return of_kind(subject, kind)[0]


def alter(backend, subject, mutant):
    """Give a mock the rule with the mistake."""
    backend.state.alter = partial(
        lambda record, state: MUTANTS.alter(state, record, subject, mutant), state=backend.state
    )


def entry(event=EVENT, bus="orders"):
    return {
        "EventBusName": bus,
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
    }


def got(backend, events, event=EVENT, bus="orders"):
    """What the targets get of an event, by the target's id."""
    seen = len(backend.deliveries)
    events.put_events(Entries=[entry(event, bus)])
    return {one.target_id: json.loads(one.body) for one in backend.deliveries[seen:]}


class TestTellingEvents:
    def test_a_path_that_leads_nowhere_in_the_known_event_gets_a_value(self, events_backend, events):
        by = {"InputPathsMap": {"by": "$.detail.by"}, "InputTemplate": '{"by": <by>}'}
        target = {"Id": "audit", "Arn": AUDIT, "InputTransformer": by}
        events.create_event_bus(Name="orders")
        put_shop(events, targets=[target])
        subject = subject_of(events_backend, event=json.dumps(EVENT))
        [event] = [one.event for one in MUTANTS.mutants(subject) if "<by> is $.by instead" in one.text]
        assert event["detail"] == {**EVENT["detail"], "by": "value of $.detail.by"}


class TestKinds:
    def test_a_rule_has_mutants_of_each_kind(self, events_backend, shop):
        mutants = list(MUTANTS.mutants(subject_of(events_backend)))
        assert {mutant.kind for mutant in mutants} >= {
            "value dropped",
            "field dropped",
            "another value",
            "prefix for equality",
            "anything-but for a value",
            "rule disabled",
            "wrong bus",
            "target removed",
            "dead-letter queue removed",
            "no retries",
            "InputPath for transformer",
            "another path",
            "input dropped",
        }
        for mutant in mutants:
            assert mutant.before != mutant.after
            assert json.loads(json.dumps(mutant.change)) == mutant.change
            assert (mutant.event is None) == (mutant.equivalent is not None)

    def test_the_same_mutants_come_in_the_same_order(self, events_backend, shop):
        subject = subject_of(events_backend)
        assert list(MUTANTS.mutants(subject)) == list(MUTANTS.mutants(subject))

    def test_other_subjects_have_none(self):
        assert list(MUTANTS.mutants(rule(kind="connection"))) == []

    @pytest.mark.parametrize(
        ("text", "harm"),
        [
            ('detail.state: "PAID" is missing', "less"),
            ("detail.state is missing", "more"),
            ('detail.state: anything-but ["PAID", "SHIPPED"] instead of "PAID", "SHIPPED"', "silence"),
            ('detail.state: prefix "PAID" instead of "PAID"', "more"),
            ('source: "Shop" instead of "shop"', "silence"),
            ("the rule is disabled", "silence"),
            ('the rule is on the bus "default" instead of "orders"', "silence"),
            ("target lambda function:audit is missing", "less"),
            ("target lambda function:ship: InputPath $.detail instead of its InputTransformer", "changed"),
            (
                "target lambda function:ship: no dead-letter queue instead of sqs dead; "
                "an event shows it if the target fails",
                "lost",
            ),
            (
                "target lambda function:ship: no retries instead of 1; an event shows it if the target fails",
                "lost",
            ),
        ],
    )
    def test_a_mutant_says_its_mistake_and_the_harm(self, events_backend, shop, text, harm):
        [mutant] = [one for one in MUTANTS.mutants(subject_of(events_backend)) if one.text == text]
        assert mutant.harm == harm

    def test_the_only_target_that_is_missing_means_silence(self):
        assert first(rule(targets=(TARGETS[0],)), "target removed").harm == "silence"

    def test_an_equivalent_pattern_has_the_proof(self):
        pattern = '{"source": [{"wildcard": "*shop"}]}'
        [mutant] = [
            one
            for one in MUTANTS.mutants(rule(pattern=pattern))
            if one.after == {"source": [{"suffix": "shop"}]}
        ]
        assert mutant.equivalent is not None
        assert mutant.event is None

    def test_a_variable_that_the_template_does_not_use_makes_no_difference(self, events_backend, shop):
        mutants = [
            one for one in of_kind(subject_of(events_backend), "another path") if "<unused>" in one.text
        ]
        assert {mutant.equivalent for mutant in mutants} == {"the template does not use this variable"}

    def test_an_input_that_aws_refuses_is_left_out(self):
        logs = {"Id": "a", "Arn": "arn:aws:logs:us-east-1:123456789012:log-group:/g"}
        subject = rule(targets=({**logs, "InputTransformer": TRANSFORMER},))
        assert of_kind(subject, "InputPath for transformer") == []
        assert of_kind(subject, "input dropped") != []

    def test_a_template_that_needs_its_variable_keeps_it(self):
        target = {"Id": "a", "Arn": SHIP, "InputPath": "$"}
        assert of_kind(rule(targets=(target,)), "another path") == []

    def test_an_event_that_both_inputs_render_alike_shows_nothing(self):
        target = {"Id": "a", "Arn": SHIP, "InputPath": "$"}
        [mutant] = of_kind(rule(targets=(target,)), "input dropped")
        assert mutant.event is None
        assert mutant.equivalent is None


class TestPattern:
    def test_each_event_shows_its_mutant_and_nothing_shows_an_equivalent(self, events_backend, shop):
        subject = subject_of(events_backend)
        mutants = [one for one in MUTANTS.mutants(subject) if one.member == "EventPattern"]
        for mutant in mutants:
            event = EVENT if mutant.event is None else mutant.event
            taken = []
            for change in (None, mutant):
                with mock_events(isolated=True) as backend:
                    if change is not None:
                        alter(backend, subject, change)
                    client = backend.client()
                    client.create_event_bus(Name="orders")
                    put_shop(client)
                    taken.append(set(got(backend, client, event)))
            assert (taken[0] == taken[1]) == (mutant.equivalent is not None), mutant.text

    def test_describe_shows_it(self, events_backend, events):
        events.create_event_bus(Name="orders")
        subject = rule()
        mutant = first(subject, "prefix for equality")
        alter(events_backend, subject, mutant)
        put_shop(events)
        shown = events.describe_rule(Name="ship", EventBusName="orders")
        assert json.loads(shown["EventPattern"]) == mutant.after
        assert shown["State"] == "ENABLED"

    def test_it_stays_whatever_else_is_changed(self, events_backend, events):
        events.create_event_bus(Name="orders")
        subject = rule()
        alter(events_backend, subject, first(subject, "value dropped"))  # PAID is missing
        put_shop(events)
        assert got(events_backend, events) == {}
        events.disable_rule(Name="ship", EventBusName="orders")
        events.enable_rule(Name="ship", EventBusName="orders")
        assert got(events_backend, events) == {}
        put_shop(events)
        events.tag_resource(
            ResourceARN=events.describe_rule(Name="ship", EventBusName="orders")["Arn"],
            Tags=[{"Key": "a", "Value": "b"}],
        )
        assert got(events_backend, events) == {}

    def test_another_pattern_of_the_rule_is_another_subject(self, events_backend, events):
        events.create_event_bus(Name="orders")
        subject = rule()
        alter(events_backend, subject, first(subject, "value dropped"))
        put_shop(events)
        events.put_rule(Name="ship", EventBusName="orders", EventPattern='{"source": ["shop"]}')
        assert got(events_backend, events).keys() == {"ship", "audit"}

    def test_it_comes_after_a_snapshot_is_restored_too(self, events_backend, shop, events):
        subject = subject_of(events_backend)
        snapshot = events_backend.snapshot()
        alter(events_backend, subject, first(subject, "value dropped"))
        put_shop(events)
        assert got(events_backend, events) == {}
        events_backend.restore(snapshot)
        assert got(events_backend, events) != {}
        put_shop(events)
        assert got(events_backend, events) == {}


class TestSubject:
    """Which rules are the subject of a mutant."""

    def is_altered(self, backend, subject, client, name="ship", bus="orders"):
        alter(backend, subject, first(rule(), "rule disabled"))
        if bus != "default":
            client.create_event_bus(Name=bus)
        client.put_rule(Name=name, EventBusName=bus, EventPattern=PATTERN)
        return client.describe_rule(Name=name, EventBusName=bus)["State"] == "DISABLED"

    def test_a_rule_of_the_bus_with_the_pattern(self, events_backend, events):
        assert self.is_altered(events_backend, rule(), events)

    def test_a_rule_with_another_name_that_a_test_made_up(self, events_backend, events):
        assert self.is_altered(events_backend, rule(), events, name="ship-1234")

    def test_not_one_of_another_bus(self, events_backend, events):
        assert not self.is_altered(events_backend, rule(), events, bus="default")

    def test_not_one_of_another_region(self, events_backend):
        client = events_backend.client(region="eu-west-1")
        assert not self.is_altered(events_backend, rule(), client)

    def test_not_one_of_another_account(self, events_backend):
        client = events_backend.client(account="999999999999")
        assert not self.is_altered(events_backend, rule(), client)

    def test_not_one_with_another_pattern(self, events_backend, events):
        assert not self.is_altered(events_backend, rule(identity='{"source": ["other"]}'), events)

    def test_one_of_a_template_wherever_it_is_deployed(self, events_backend):
        client = events_backend.client(region="eu-west-1", account="999999999999")
        assert self.is_altered(events_backend, rule(is_deployed=True), client)

    def test_not_another_one_of_the_template_with_the_same_pattern(self, events_backend, events):
        assert not self.is_altered(events_backend, rule(is_deployed=True), events, name="bill")

    def test_not_a_managed_rule(self, events_backend, events):
        events.create_archive(
            ArchiveName="all", EventSourceArn=events.describe_event_bus(Name="default")["Arn"]
        )
        [managed] = events.list_rules()["Rules"]
        subject = rule(place="default", identity=managed["EventPattern"])
        alter(events_backend, subject, first(rule(), "rule disabled"))
        events.update_archive(ArchiveName="all", Description="x")
        assert events.list_rules()["Rules"][0]["State"] == "ENABLED"

    @pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
    def test_a_rule_of_a_stack(self, events_backend, region):
        template = {
            "Resources": {
                name: {
                    "Type": "AWS::Events::Rule",
                    "Properties": {
                        "Name": name,
                        "EventPattern": {"source": ["shop"]},
                        "Targets": [{"Id": "a", "Arn": SHIP}],
                    },
                }
                for name in ("Ship", "Bill")
            }
        }
        with mock_events(isolated=True) as other:
            other.deploy(template, stack="shop")
            subject = subject_of(other, "Ship", is_deployed=True)
        alter(events_backend, subject, first(subject, "rule disabled"))
        for description in ("one", "two"):
            template["Resources"]["Ship"]["Properties"]["Description"] = description
            events_backend.deploy(template, stack="shop", region=region)
            rules = events_backend.client(region=region).list_rules()["Rules"]
            assert {one["Name"]: one["State"] for one in rules} == {"Bill": "ENABLED", "Ship": "DISABLED"}

    def test_a_stack_with_a_rule_on_the_wrong_bus_can_be_changed_and_deleted(self, events_backend, events):
        template = {
            "Resources": {
                "Orders": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}},
                "Ship": {
                    "Type": "AWS::Events::Rule",
                    "Properties": {
                        "EventBusName": {"Ref": "Orders"},
                        "EventPattern": PATTERN,
                        "Targets": [{"Id": "a", "Arn": SHIP}],
                    },
                },
            }
        }
        with mock_events(isolated=True) as other:
            name = other.deploy(template, stack="shop").resources["Ship"].name
            subject = subject_of(other, name, is_deployed=True)
        alter(events_backend, subject, first(subject, "wrong bus"))
        stack = events_backend.deploy(template, stack="shop")
        assert got(events_backend, events) == {}
        assert got(events_backend, events, bus="default").keys() == {"a"}
        template["Resources"]["Ship"]["Properties"]["Targets"][0]["Id"] = "b"
        stack = events_backend.deploy(template, stack="shop")
        assert got(events_backend, events, bus="default").keys() == {"b"}
        stack.delete()
        assert got(events_backend, events, bus="default") == {}
        assert events.list_event_buses(NamePrefix="orders")["EventBuses"] == []


class TestState:
    def test_a_disabled_rule_takes_nothing_also_when_it_is_enabled(self, events_backend, events):
        events.create_event_bus(Name="orders")
        alter(events_backend, rule(), first(rule(), "rule disabled"))
        put_shop(events)
        assert got(events_backend, events) == {}
        events.enable_rule(Name="ship", EventBusName="orders")
        assert got(events_backend, events) == {}

    def test_a_rule_that_is_always_disabled_may_be_enabled_by_mistake(self, events_backend, events):
        subject = rule(definition={"EventPattern": PATTERN, "State": "DISABLED"}, event=None)
        [mutant] = of_kind(subject, "rule enabled")
        assert of_kind(subject, "rule disabled") == []
        events.create_event_bus(Name="orders")
        alter(events_backend, subject, mutant)
        events.put_rule(Name="ship", EventBusName="orders", EventPattern=PATTERN, State="DISABLED")
        events.put_targets(Rule="ship", EventBusName="orders", Targets=TARGETS)
        assert got(events_backend, events).keys() == {"ship", "audit"}

    def test_a_rule_that_some_test_disables_has_the_mistake_too(self):
        subject = rule(definition={"EventPattern": PATTERN, "State": "DISABLED"})
        assert first(subject, "rule disabled").before == "ENABLED"

    def test_a_rule_that_can_take_no_event_may_be_disabled(self):
        subject = rule(pattern='{"source": [{"exists": false}]}', event=None)
        assert first(subject, "rule disabled").equivalent == "no event matches the pattern"

    @pytest.mark.eventmock(start_time=START)
    def test_a_disabled_rule_does_not_fire(self, events_backend, events):
        subject = scheduled("rate(1 hour)")
        alter(events_backend, subject, first(subject, "rule disabled"))
        events.put_rule(Name="r", ScheduleExpression="rate(1 hour)")
        events.enable_rule(Name="r")
        target = events_backend.target("r")
        events_backend.clock.advance(days=1)
        assert list(target.deliveries) == []

    @pytest.mark.eventmock(start_time=START)
    def test_an_enabled_rule_fires(self, events_backend, events):
        subject = scheduled("rate(1 hour)", State="DISABLED")
        alter(events_backend, subject, first(subject, "rule enabled"))
        events.put_rule(Name="r", ScheduleExpression="rate(1 hour)", State="DISABLED")
        target = events_backend.target("r")
        events_backend.clock.advance(hours=2)
        assert len(target.deliveries) == 2

    @pytest.mark.eventmock(start_time=START)
    def test_it_takes_effect_with_the_rule(self, events_backend, events):
        events.create_event_bus(Name="orders")
        put_shop(events)
        events_backend.delays.propagation = timedelta(minutes=1)
        subject = subject_of(events_backend)
        alter(events_backend, subject, first(subject, "rule disabled"))
        put_shop(events)
        assert got(events_backend, events).keys() == {"ship", "audit"}
        events_backend.clock.advance(minutes=1)
        assert got(events_backend, events) == {}


class TestBus:
    @pytest.mark.parametrize(
        ("place", "places", "wanted"),
        [
            ("orders", ("audit", "orders"), ["default"]),
            ("orders", ("orders",), ["default"]),
            ("default", ("audit", "default", "orders"), ["audit"]),
            ("default", ("default",), []),
        ],
    )
    def test_the_bus_is_the_default_bus_or_another_one_of_the_tests(self, place, places, wanted):
        mutants = of_kind(rule(place=place, places=places), "wrong bus")
        assert [mutant.after for mutant in mutants] == wanted

    def test_it_is_no_target_of_the_rule(self):
        target = {"Id": "bus", "Arn": "arn:aws:events:us-east-1:123456789012:event-bus/default"}
        [mutant] = of_kind(rule(targets=(target,)), "wrong bus")
        assert mutant.after == "audit"

    def test_a_rule_with_a_schedule_has_no_other_bus(self):
        assert of_kind(scheduled("rate(1 hour)"), "wrong bus") == []

    @pytest.fixture
    def wrong(self, events_backend, events):
        events.create_event_bus(Name="orders")
        alter(events_backend, rule(), first(rule(), "wrong bus"))
        put_shop(events)

    def test_the_rule_takes_the_events_of_the_other_bus_only(self, events_backend, events, wrong):
        assert got(events_backend, events) == {}
        assert got(events_backend, events, bus="default").keys() == {"ship", "audit"}

    def test_the_test_finds_the_rule_where_it_put_it(self, events, wrong):
        shown = events.describe_rule(Name="ship", EventBusName="orders")
        assert (shown["State"], shown["EventPattern"]) == ("ENABLED", PATTERN)
        targets = events.list_targets_by_rule(Rule="ship", EventBusName="orders")["Targets"]
        assert {target["Id"] for target in targets} == {"ship", "audit"}

    def test_changes_reach_the_other_bus(self, events_backend, events, wrong):
        events.disable_rule(Name="ship", EventBusName="orders")
        assert got(events_backend, events, bus="default") == {}
        events.enable_rule(Name="ship", EventBusName="orders")
        events.remove_targets(Rule="ship", EventBusName="orders", Ids=["ship"])
        assert got(events_backend, events, bus="default").keys() == {"audit"}
        assert got(events_backend, events) == {}

    def test_nothing_is_left_when_the_test_deletes_the_rule(self, events, wrong):
        events.remove_targets(Rule="ship", EventBusName="orders", Ids=["ship", "audit"])
        events.delete_rule(Name="ship", EventBusName="orders")
        events.delete_event_bus(Name="orders")
        assert events.list_rules()["Rules"] == []

    def test_a_rule_of_that_name_on_the_other_bus_stays(self, events_backend, events):
        events.create_event_bus(Name="orders")
        put_shop(events, bus="default", targets=[{"Id": "own", "Arn": AUDIT}])
        alter(events_backend, rule(), first(rule(), "wrong bus"))
        put_shop(events)
        assert got(events_backend, events) == {}
        assert got(events_backend, events, bus="default").keys() == {"own"}

    def test_if_the_other_bus_does_not_exist_the_rule_takes_nothing(self, events_backend, events):
        subject = rule(place="default", places=("default", "orders"))
        alter(events_backend, subject, first(subject, "wrong bus"))
        put_shop(events, bus="default")
        events.create_event_bus(Name="orders")
        assert got(events_backend, events, bus="default") == {}
        assert got(events_backend, events) == {}

    def test_the_report_says_why_it_takes_nothing(self, events_backend, events, wrong):
        events.put_events(Entries=[entry()])
        [verdict] = events_backend.events[-1].unmatched
        assert verdict.why == 'did not see it: a mutant has it on the bus "default"'


@pytest.mark.eventmock(start_time=START)
class TestSchedule:
    def firings(self, backend, subject, mutant, days=10):
        """The moments at which a rule fires, without and with the mistake."""
        found = []
        for change in (None, mutant):
            with mock_events(isolated=True, start_time=START) as one:
                if change is not None:
                    alter(one, subject, change)
                client = one.client()
                client.put_rule(Name="r", ScheduleExpression=subject.identity)
                target = one.target("r")
                one.clock.advance(days=days)
                found.append([delivery.event["time"] for delivery in target.deliveries])
        return found

    @pytest.mark.parametrize(
        "expression",
        [
            "rate(1 hour)",
            "rate(2 days)",
            "cron(0 8 ? * MON-FRI *)",
            "cron(30 9 1,5 * ? *)",
            "cron(0 8 * * ? *)",
        ],
    )
    def test_the_event_of_each_mutant_is_a_firing_that_differs(self, events_backend, expression):
        subject = scheduled(expression)
        mutants = [one for one in MUTANTS.mutants(subject) if one.member == "ScheduleExpression"]
        assert mutants
        for mutant in mutants:
            before, after = self.firings(events_backend, subject, mutant)
            [moment] = sorted(set(before) ^ set(after))[:1]
            assert mutant.event["time"] == moment, mutant.text
            assert mutant.harm == "changed"

    def test_days_that_mean_the_same_are_proven_to(self):
        subject = scheduled("cron(0 8 ? * SUN-SAT *)")
        [mutant] = [one for one in MUTANTS.mutants(subject) if one.after == "cron(0 8 ? * MON-SUN *)"]
        assert mutant.equivalent == "both expressions have the same firings"

    def test_it_stays_whatever_else_is_changed(self, events_backend, events):
        subject = scheduled("rate(1 hour)")
        alter(events_backend, subject, first(subject, "another rate"))  # one day
        events.put_rule(Name="r", ScheduleExpression="rate(1 hour)")
        target = events_backend.target("r")
        events_backend.clock.advance(hours=12)
        events.put_rule(Name="r", ScheduleExpression="rate(1 hour)", Description="x")
        events_backend.clock.advance(hours=12)
        assert len(target.deliveries) == 1
        events.disable_rule(Name="r")
        events.enable_rule(Name="r")
        events_backend.clock.advance(hours=12)
        assert len(target.deliveries) == 1
        assert events.describe_rule(Name="r")["ScheduleExpression"] == "rate(1 day)"

    def test_a_disabled_rule_does_not_fire_with_the_mistake(self, events_backend, events):
        subject = scheduled("rate(1 hour)")
        alter(events_backend, subject, first(subject, "another rate"))
        events.put_rule(Name="r", ScheduleExpression="rate(1 hour)", State="DISABLED")
        target = events_backend.target("r")
        events_backend.clock.advance(days=3)
        assert list(target.deliveries) == []


class TestTargets:
    def test_each_event_shows_its_mutant(self, events_backend, shop):
        subject = subject_of(events_backend)
        shown = ("target removed", "InputPath for transformer", "another path", "input dropped")
        mutants = [one for one in MUTANTS.mutants(subject) if one.kind in shown]
        for mutant in mutants:
            inputs = []
            for change in (None, mutant):
                with mock_events(isolated=True) as backend:
                    if change is not None:
                        alter(backend, subject, change)
                    client = backend.client()
                    client.create_event_bus(Name="orders")
                    put_shop(client)
                    [event] = [got(backend, client)]
                    event.get("ship", {}).pop("id", None)  # of the event itself
                    inputs.append(event)
            assert (inputs[0] == inputs[1]) == (mutant.equivalent is not None), mutant.text

    def test_the_missing_target_is_missing_in_the_list_too(self, events_backend, events):
        events.create_event_bus(Name="orders")
        subject = rule(targets=tuple(TARGETS))
        alter(events_backend, subject, first(subject, "target removed"))
        put_shop(events)
        [target] = events.list_targets_by_rule(Rule="ship", EventBusName="orders")["Targets"]
        assert target["Id"] == "audit"

    def test_of_two_functions_of_the_test_one_is_missing(self, events_backend, events):
        events.put_rule(Name="r", EventPattern=PATTERN)
        events_backend.target("r")
        subject = subject_of(events_backend, "r")
        events_backend.reset()
        alter(events_backend, subject, first(subject, "target removed"))
        events.put_rule(Name="r", EventPattern=PATTERN)
        one, other = events_backend.target("r"), events_backend.target("r")
        events.put_events(Entries=[entry(bus="default")])
        assert (len(one.deliveries), len(other.deliveries)) == (0, 1)

    def fail(self, backend, events):
        """Let a target fail for good; return the number of attempts and of dead letters."""
        backend.faults.inject(503, target=SHIP)
        events.put_events(Entries=[entry()])
        backend.clock.advance(days=2)
        [delivery] = backend.deliveries.where(target=SHIP)
        return len(delivery.attempts), len(backend.dead_letters)

    @pytest.mark.parametrize(
        ("kind", "wanted"),
        [(None, (2, 1)), ("dead-letter queue removed", (2, 0)), ("no retries", (1, 1))],
    )
    def test_a_target_that_fails_shows_retries_and_the_dead_letter_queue(
        self, events_backend, events, kind, wanted
    ):
        events.create_event_bus(Name="orders")
        subject = rule(targets=tuple(TARGETS))
        if kind is not None:
            alter(events_backend, subject, first(subject, kind))
        put_shop(events)
        assert self.fail(events_backend, events) == wanted

    def test_a_target_is_known_by_its_arn_without_the_id_that_aws_adds(self, events_backend, events):
        arn = "arn:aws:events:us-east-1:123456789012:api-destination/d/01234567-89ab-cdef-0123-456789abcde"
        target = {"Id": "a", "RoleArn": "arn:aws:iam::123456789012:role/r"}
        subject = rule(targets=({**target, "Arn": f"{arn}0"},))
        events.create_event_bus(Name="orders")
        alter(events_backend, subject, first(subject, "target removed"))
        put_shop(events, targets=[{**target, "Arn": f"{arn}1"}])
        assert events.list_targets_by_rule(Rule="ship", EventBusName="orders")["Targets"] == []

    def test_a_target_without_the_member_stays(self, events_backend, events):
        events.create_event_bus(Name="orders")
        subject = rule(targets=tuple(TARGETS))
        alter(events_backend, subject, first(subject, "InputPath for transformer"))
        put_shop(events, targets=[{"Id": "ship", "Arn": SHIP, "Input": "7"}])
        assert got(events_backend, events) == {"ship": 7}


def test_the_face_of_the_service_names_the_mutants():
    [face] = [service.face for service in services() if service.name == "events"]
    assert face.mutants == MUTANTS.__module__
