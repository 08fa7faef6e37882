from __future__ import annotations

from datetime import timedelta

import pytest

from eventmock.backend.report.flow import flow_of
from eventmock.backend.report.mermaid import mermaid
from eventmock.commands import demo
from tests.backend.report.custom_bus_story import Story, needs_service, orders

pytestmark = pytest.mark.eventmock(start_time="2026-11-21T12:00:00Z", region="us-east-1")

ACCOUNT = "123456789012"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"
DEAD = f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead"
BUS = f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
PATTERN = '{"source": ["shop"]}'
NOON = "2026-11-21 12:00:00"


@pytest.fixture
def flow(events_backend):
    def flow():
        backend = events_backend
        return flow_of(backend.state.ledger, account=backend.default_account, region=backend.default_region)

    return flow


@pytest.fixture
def drawn(flow):
    """A function that gives the lines, with colons as they are seen."""

    def drawn(**more):
        first, *lines = mermaid(flow(), **more).split("\n")
        assert first == "sequenceDiagram"
        return [line.removeprefix("    ").replace("#58;", ":") for line in lines]

    return drawn


@pytest.fixture
def rule(events):
    def rule(name, arn=QUEUE, pattern=PATTERN, **target):
        events.put_rule(Name=name, EventPattern=pattern)
        events.put_targets(Rule=name, Targets=[{"Id": "t", "Arn": arn, **target}])

    return rule


def test_nothing_happened(drawn):
    assert drawn() == ["participant p1 as PutEvents"]


def test_an_event_is_routed(events, events_backend, rule, order, drawn):
    rule("audit")
    rule("ship", pattern='{"detail": {"state": ["NEW"]}}')
    events_backend.target("audit", lambda _event: None)
    events.put_events(Entries=[order])
    assert drawn() == [
        "participant p1 as PutEvents",
        "participant p2 as bus default",
        "participant p3 as sqs q",
        "participant p4 as lambda function:audit-function-1",
        f"Note over p1,p4: {NOON}",
        "p1->>p2: no. 1, order from shop",
        "p2->>p3: audit - delivered (recorded)",
        "p2->>p4: audit - delivered",
    ]


def test_attempts_that_failed_alike_are_one_message(events, events_backend, rule, order, drawn):
    rule("ship", DeadLetterConfig={"Arn": DEAD})
    events_backend.faults.inject(503, target=QUEUE, times=2)
    events.put_events(Entries=[order])
    events_backend.clock.advance(minutes=1)
    events_backend.faults.inject("ThrottlingException", target=QUEUE, times=1)
    events_backend.faults.inject("NO_RESOURCE", target=QUEUE, times=2)
    events.put_events(Entries=[order])
    events_backend.clock.advance(days=3)
    events.put_events(Entries=[order])
    assert drawn()[4:] == [
        f"Note over p1,p4: {NOON}",
        "p1->>p2: no. 1, order from shop",
        "Note over p1,p4: 3 s later, 2026-11-21 12:00:03",
        "p2-xp3: ship - attempts 1 to 2 failed: HTTP status 503",
        "p2->>p3: ship - delivered at attempt 3 (recorded)",
        "Note over p1,p4: 57 s later, 2026-11-21 12:01:00",
        "p1->>p2: no. 2, order from shop",
        "Note over p1,p4: 1 s later, 2026-11-21 12:01:01",
        "p2-xp3: ship - attempt 1 failed: THROTTLING: ThrottlingException: Rate exceeded",
        "p2-xp3: ship - attempt 2 failed: NO_RESOURCE: injected by the test",
        "p2->>p4: ship - DEAD LETTER: NO_RESOURCE: injected by the test",
        "Note over p1,p4: 2 d 23 h later, 2026-11-24 12:01:00",
        "p1->>p2: no. 3, order from shop",
        "p2-xp3: ship - attempt 1 failed: NO_RESOURCE: injected by the test",
        "p2->>p4: ship - DEAD LETTER: NO_RESOURCE: injected by the test",
    ]


def test_what_is_lost_refused_or_matches_nothing(events, events_backend, rule, order, drawn):
    rule("ship", RetryPolicy={"MaximumRetryAttempts": 0})
    for name in ("a", "b", "c"):
        rule(name, pattern=f'{{"source": ["{name}"]}}')
    events.create_archive(ArchiveName="x", EventSourceArn=f"{BUS}default", EventPattern='{"source": ["x"]}')
    events_backend.faults.inject(400, target=QUEUE)
    lost = order | {"EventBusName": "nope"}
    broken = order | {"Detail": "{"}
    events.put_events(Entries=[order, lost, broken, order | {"Source": "office"}])
    assert drawn()[4:] == [
        f"Note over p1,p4: {NOON}",
        "p1->>p2: no. 1, order from shop",
        "p1-xp3: no. 2, order from shop",
        f"Note over p3: LOST: there is no event bus 'nope' in {ACCOUNT}, us-east-1#59; there are default",
        "p1-xp2: no. 3, order from shop",
        "Note over p2: refused: MalformedDetail: Detail is malformed.",
        "p1->>p2: no. 4, order from office",
        "Note over p2: matched none of the 4 rules on 'default'",
        "Note over p2: a - source held #34;office#34;, wanted one of #91;#34;a#34;#93;",
        "Note over p2: b - source held #34;office#34;, wanted one of #91;#34;b#34;#93;",
        "Note over p2: c - source held #34;office#34;, wanted one of #91;#34;c#34;#93;",
        "p2-xp4: ship - attempt 1 failed: HTTP status 400",
        "Note over p2,p4: ship - LOST: HTTP status 400#59; there is no dead-letter queue, so the event is lost",
    ]


def test_an_event_goes_on_to_another_bus(events, events_backend, rule, order, drawn):
    events.create_event_bus(Name="other")
    rule("forward", f"{BUS}other", RoleArn=ROLE)
    rule("gone", f"{BUS}gone", RoleArn=ROLE)
    events.create_archive(ArchiveName="all", EventSourceArn=f"{BUS}default")
    events_backend.faults.inject(503, target=f"{BUS}other", times=1)
    events.put_events(Entries=[order | {"EventBusName": f"{BUS}default"}])
    events_backend.clock.advance(seconds=10)
    assert drawn() == [
        "participant p1 as PutEvents",
        "participant p2 as bus default",
        "participant p3 as archive all",
        "participant p4 as bus gone",
        "participant p5 as bus other",
        f"Note over p1,p5: {NOON}",
        "p1->>p2: no. 1, order from shop",
        "p2->>p3: kept",
        "p2-xp4: gone - no. 2, order from shop",
        f"Note over p4: LOST: there is no event bus 'gone' in {ACCOUNT}, us-east-1",
        "Note over p1,p5: 1 s later, 2026-11-21 12:00:01",
        "p2-xp5: forward - attempt 1 failed: HTTP status 503",
        "p2->>p5: forward - no. 3, order from shop",
        "Note over p5: matched nothing: there are no rules on 'other'",
    ]


def test_failover_and_replication(events_backend, drawn):
    endpoint_id = demo.set_up_two_regions()
    events_backend.region("us-east-1").outage(starting=timedelta(minutes=1), lasting=timedelta(minutes=20))
    demo.take_order_anywhere(endpoint_id)
    events_backend.clock.advance(hours=1)
    assert drawn() == [
        "participant p1 as PutEvents",
        "participant p2 as bus orders",
        "participant p3 as bus orders in us-west-2",
        "participant p4 as sqs ship",
        "participant p5 as sqs ship in us-west-2",
        f"Note over p1,p5: {NOON}",
        "p1->>p2: no. 1, order from shop",
        "p2->>p3: replication - no. 2, order from shop, a copy of no. 1",
        "p2->>p4: ship - delivered (recorded)",
        "p3->>p5: ship - delivered (recorded)",
        "Note over p1,p5: 1 min later, 2026-11-21 12:01:00",
        "Note over p1,p5: us-east-1 is out of service",
        "Note over p1,p5: 6 min later, 2026-11-21 12:07:00",
        "Note over p1,p5: health check orders is Unhealthy",
        "Note over p1,p5: 14 min later, 2026-11-21 12:21:00",
        "Note over p1,p5: us-east-1 is back",
        "Note over p1,p5: health check orders is Healthy",
    ]


def test_schedules_replays_and_partners_send(events, events_backend, rule, drawn):
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    events.create_archive(ArchiveName="all", EventSourceArn=f"{BUS}default")
    events_backend.clock.advance(days=1)
    events.start_replay(
        ReplayName="again",
        EventSourceArn=f"arn:aws:events:us-east-1:{ACCOUNT}:archive/all",
        EventStartTime=events_backend.clock.now() - timedelta(days=2),
        EventEndTime=events_backend.clock.now() + timedelta(hours=1),
        Destination={"Arn": f"{BUS}default"},
    )
    events_backend.clock.advance(minutes=10)
    lines = drawn()
    senders = [line for line in lines if line.startswith("participant") and "bus" not in line]
    assert senders == [
        "participant p1 as schedule",
        "participant p3 as archive all",
        "participant p4 as replay",
    ]


def test_a_partner_sends(events, order, flow):
    events.put_events(Entries=[order])
    made = flow()
    made["events"][0]["origin"] = "PutPartnerEvents"
    assert mermaid(made).split("\n    ")[1] == "participant p1 as partner"


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("oops", "oops"),
        (f"arn:aws:events:us-east-1:{ACCOUNT}:api-destination/d", "events api-destination/d"),
        (f"arn:aws:sqs:us-east-1:{ACCOUNT}:event-bus/q", "sqs event-bus/q"),
    ],
)
def test_only_a_bus_is_called_one(events, rule, order, flow, arn, name):
    rule("ship")
    events.put_events(Entries=[order])
    made = flow()
    made["events"][0]["deliveries"][0]["target_arn"] = arn
    assert mermaid(made).split("\n    ")[3] == f"participant p3 as {name}"


def test_a_clock_that_was_set_back_is_no_gap(events, events_backend, order, flow):
    for _ in range(2):
        events.put_events(Entries=[order])
        events_backend.clock.advance(days=2)
    made = flow()
    assert "Note over p1,p2: 2 d later, 2026-11-23 12#58;00#58;00" in mermaid(made)
    made["events"].reverse()
    for event, step in zip(made["events"], made["steps"], strict=True):
        step["time"] = event["time"]
    assert "Note over p1,p2: 2026-11-21 12#58;00#58;00" in mermaid(made)


def test_what_is_pending_comes_last(events, events_backend, rule, order, drawn):
    rule("ship")
    events_backend.faults.inject(503, target=QUEUE)
    events.put_events(Entries=[order])
    assert drawn()[4:] == [
        "p1->>p2: no. 1, order from shop",
        "p2-xp3: ship - attempt 1 failed: HTTP status 503",
        "p2--)p3: ship - pending after 1 attempt: HTTP status 503, next 2026-11-21 12:00:01",
    ]


def test_what_lambda_tries_again_comes_last(events, events_backend, rule, order, drawn):
    def fail(_event, _context):
        raise LookupError("no stock")

    rule("ship", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:ship")
    events_backend.lambda_function("ship", fail)
    events.put_events(Entries=[order])
    assert drawn()[4:] == [
        "p1->>p2: no. 1, order from shop",
        "p2->>p3: ship - delivered",
        "Note over p3: pending after 1 attempt: LookupError: no stock, next 2026-11-21 12:01:00",
    ]
    events_backend.clock.advance(minutes=3)
    assert drawn()[-1] == ("Note over p3: gave up, RetriesExhausted after 3 attempts: LookupError: no stock")


def test_another_account_and_region_are_named(events_backend, order, drawn):
    events_backend.client(region="eu-west-1", account="222222222222").put_events(Entries=[order])
    assert drawn()[1] == "participant p2 as bus default in eu-west-1 of 222222222222"


def test_what_repeats_itself_is_told_once(events, events_backend, rule, order, drawn):
    rule("ship")
    events.put_targets(Rule="ship", Targets=[{"Id": "other", "Arn": QUEUE}])
    events.put_events(Entries=[order])
    assert drawn()[4:] == [
        "p1->>p2: no. 1, order from shop",
        "p2->>p3: ship - delivered (recorded) (2 times)",
    ]


def test_what_could_not_leave_is_told(events_backend, drawn):
    events_backend.state.ledger.refused_requests.append("GET https://example.com/; a#b")
    assert drawn() == [
        "participant p1 as PutEvents",
        "Note over p1: refused to let out GET https://example.com/#59; a#35;b",
    ]


def test_it_is_cut_and_says_so(events, order, drawn):
    events.put_events(Entries=[order] * 3)
    assert drawn(most=1)[2:] == [
        f"Note over p1,p2: {NOON}",
        "p1->>p2: no. 1, order from shop",
        "Note over p1,p2: ... 5 more",
    ]
    assert len(drawn(most=6)) == len(drawn()) == 2 + 1 + 6


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a;b#c:d", "a#59;b#35;c#58;d"),
        ('"q" <br/> {x} %% $$ | `', "#34;q#34; #60;br/#62; #123;x#125; #37;#37; #36;#36; #124; #96;"),
        ("end, End; bend ended", "#101;nd, #69;nd#59; bend ended"),
        ("a\nb\r\x07\ud800", "a#92;nb#92;r#92;x07#92;ud800"),
        ("größe (1/2)? [x]!", "größe (1/2)? #91;x#93;!"),
        ("wrap: x", "wrap#58; x"),
    ],
)
def test_nothing_means_anything_to_mermaid(events, order, flow, given, shown):
    made = flow()
    events.put_events(Entries=[order])
    made = flow()
    made["events"][0]["detail_type"] = given
    assert mermaid(made).split("\n    ")[4] == f"p1->>p2: no. 1, {shown} from shop"


def test_a_long_text_is_cut(events, order, flow):
    events.put_events(Entries=[order | {"DetailType": "x" * 128}])
    line = mermaid(flow()).split("\n    ")[4]
    assert line == f"p1->>p2: no. 1, {'x' * 128} from..."


class TestFirings:
    """Firings of schedules of EventBridge Scheduler."""

    def test_a_schedule_fires(self, schedule, events_backend, drawn):
        events_backend.client("scheduler").create_schedule_group(Name="billing")
        more = {"ScheduleExpressionTimezone": "Europe/Berlin", "GroupName": "billing"}
        schedule("nightly", "cron(0 14 * * ? *)", **more)
        events_backend.clock.advance(hours=2)
        assert drawn() == [
            "participant p1 as schedule group billing",
            "participant p2 as sqs q",
            "Note over p1,p2: 2026-11-21 13:00:00",
            "Note over p1: nightly fires, scheduled for 2026-11-21 14:00:00 Europe/Berlin (13:00:00 UTC)",
            "p1->>p2: nightly - delivered (recorded)",
        ]

    def test_failures_and_dead_letters(self, schedule, events_backend, drawn):
        events_backend.faults.inject(503, target=QUEUE, times=3)
        policy = {"RetryPolicy": {"MaximumRetryAttempts": 2}, "DeadLetterConfig": {"Arn": DEAD}}
        schedule("nightly", "rate(1 day)", policy)
        events_backend.clock.advance(hours=1)
        assert drawn()[3:] == [
            f"Note over p1,p3: {NOON}",
            "Note over p1: nightly fires",
            "Note over p1,p3: 3 s later, 2026-11-21 12:00:03",
            "p1-xp2: nightly - attempts 1 to 3 failed: HTTP status 503",
            "p1->>p3: nightly - DEAD LETTER: HTTP status 503#59; MaximumRetryAttempts reached after 2 retries",
        ]

    def test_what_is_pending(self, schedule, events_backend, drawn):
        events_backend.faults.inject(503, target=QUEUE)
        schedule("nightly", "rate(1 day)")
        *_, failed, pending = drawn()
        assert failed == "p1-xp2: nightly - attempt 1 failed: HTTP status 503"
        assert pending.startswith("p1--)p2: nightly - pending after 1 attempt: HTTP status 503, next")

    def test_firings_that_went_alike_are_one(self, schedule, events, events_backend, order, drawn):
        function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:clean"
        events_backend.lambda_function("clean", lambda _event, _context: None)
        schedule("often", "rate(1 minute)")
        schedule("clean", "rate(2 minutes)", {"Arn": function})
        events_backend.clock.advance(hours=3)
        events.put_events(Entries=[order])
        events_backend.clock.advance(minutes=2)
        assert drawn()[5:] == [
            f"Note over p1,p5: {NOON}",
            "Note over p1: often fires, and 180 times more until 2026-11-21 15:00:00",
            "p1->>p2: often - delivered (recorded)",
            "Note over p1: clean fires, and 90 times more until 2026-11-21 15:00:00",
            "p1->>p3: clean - delivered",
            "Note over p1,p5: 3 h later, 2026-11-21 15:00:00",
            "p4->>p5: no. 1, order from shop",
            "Note over p5: matched nothing: there are no rules on 'default'",
            "Note over p1,p5: 1 min later, 2026-11-21 15:01:00",
            "Note over p1: often fires",
            "p1->>p2: often - delivered (recorded)",
            "Note over p1,p5: 1 min later, 2026-11-21 15:02:00",
            "Note over p1: clean fires",
            "p1->>p3: clean - delivered",
            "Note over p1: often fires",
            "p1->>p2: often - delivered (recorded)",
        ]

    def test_each_event_that_a_schedule_put_is_drawn(self, schedule, events_backend, drawn):
        parameters = {"DetailType": "tick", "Source": "clock"}
        target = {"Arn": f"{BUS}default", "EventBridgeParameters": parameters, "Input": "{}"}
        schedule("tick", "rate(1 hour)", target)
        events_backend.clock.advance(hours=2)
        assert [line for line in drawn() if "tick" in line] == [
            "Note over p1: tick fires, and 2 times more until 2026-11-21 14:00:00",
            "p1->>p2: tick - no. 1, tick from clock",
            "p1->>p2: tick - no. 2, tick from clock",
            "p1->>p2: tick - no. 3, tick from clock",
        ]


@needs_service
def test_custom_event_buses():
    lines = [line.strip().replace("#58;", ":") for line in mermaid(orders()).split("\n")]
    names = {line.split()[1]: line.partition(" as ")[2] for line in lines if line.startswith("participant")}

    def told(text):
        [line] = [line for line in lines if text in line]
        between, _, text = line.partition(": ")
        for arrow in ("->>", "-x"):
            between = f" {arrow} ".join(names.get(one, one) for one in between.split(arrow))
        return f"{between}: {text}"

    assert told("ship - delivered (recorded) in") == (
        "custom bus orders ->> sqs ship: ship - delivered (recorded) in a call of 2 events (2 times)"
    )
    assert told("no. 4") == "PutEvents -x custom bus orders: no. 4, Order from shop"
    assert told("duplicate") == "Note over p2: a duplicate of no. 3, not published again"
    assert told("no. 5") == "PutRawEvents ->> custom bus orders: no. 5, application/json"
    assert told("no. 7") == "PutRawEvents -x custom bus orders: no. 7, application/json"
    assert told("no. 9") == "bus default ->> custom bus orders: forward - no. 9, stock from office"
    assert told("no. 10") == "custom bus orders ->> bus classic: back - no. 10, stock from office"
    assert told("REPLAY") == ("custom bus orders ->> sqs replayed: replayed - delivered (recorded), REPLAY")
    assert told("backlog") == ("Note over p2: stopped - 4 events in its backlog: the subscriber is STOPPED")


@needs_service
def test_an_event_source_has_its_name_and_not_that_of_its_rule(events_backend, events):
    story = Story(events_backend)
    story.client.create_event_source(
        Name="uploads",
        EventBusArn=story.bus,
        Configuration={"AwsServiceEventsConfiguration": {"AwsService": "aws.s3"}},
    )
    events_backend.emit("aws.s3", "t", {})
    diagram = mermaid(events_backend.flow())
    assert "event source uploads - no. 2, t from aws.s3" in diagram
    assert "AutoGenerated" not in diagram
