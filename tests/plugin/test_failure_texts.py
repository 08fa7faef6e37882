"""What a failing test shows: the exact text of its section, in the situations that testers meet."""

from __future__ import annotations

import re

import pytest

SET_UP = """
import boto3
import pytest

pytestmark = pytest.mark.eventmock(start_time="2026-01-31T12:00:00Z")

QUEUE = "arn:aws:sqs:us-east-1:123456789012:"


def put(detail='{"state": "NEW", "total": 30}', **more):
    entry = {"Source": "shop", "DetailType": "order", "Detail": detail}
    return boto3.client("events").put_events(Entries=[entry | more])


def rule(name, pattern, **more):
    boto3.client("events").put_rule(Name=name, EventPattern=pattern, **more)


def fail():
    assert False

"""


@pytest.fixture
def section_of(pytester):
    """Runs a test that fails; gives the text of its section."""

    def run(body, *arguments):
        pytester.makepyfile(SET_UP + body)
        result = pytester.runpytest_inprocess(
            "-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function", *arguments
        )
        result.assert_outcomes(failed=1)
        text = result.stdout.str()
        found = re.search(r"-+ eventmock \(us-east-1\) -+\n(.*?)\n=", text, re.DOTALL)
        assert found, text
        return found[1].split("\n")

    return run


def test_no_rule_matched(section_of):
    assert section_of("""
def test_it(events_backend):
    rule("ship", '{"detail": {"state": ["PAID"]}}')
    put()
    fail()
""") == [
        '12:00:00  PutEvents  order from shop on "default"   1 rule',
        '            ship  no match   detail.state held "NEW", wanted one of ["PAID"]',
        "            nothing was delivered; PutEvents still reported success, as AWS does",
    ]


def test_a_rule_would_match_but_is_disabled(section_of):
    assert section_of("""
def test_it(events_backend):
    rule("ship", '{"detail": {"state": ["NEW"]}}', State="DISABLED")
    rule("sell", '{"detail": {"state": ["PAID"]}}', State="DISABLED")
    put()
    fail()
""") == [
        '12:00:00  PutEvents  order from shop on "default"   2 rules',
        '            sell  no match   the rule is DISABLED; detail.state held "NEW", wanted one of ["PAID"]',
        "            ship  no match   the rule is DISABLED; its pattern matches",
        "            nothing was delivered; PutEvents still reported success, as AWS does",
    ]


def test_the_rule_is_on_another_bus(section_of):
    assert section_of("""
def test_it(events_backend):
    boto3.client("events").create_event_bus(Name="orders")
    rule("ship", '{"source": ["shop"]}', EventBusName="orders")
    put()
    fail()
""") == [
        '12:00:00  PutEvents  order from shop on "default"   no rules',
        '            on "orders" it would match ship',
        "            nothing was delivered; PutEvents still reported success, as AWS does",
    ]


def test_the_rule_is_in_another_region(section_of):
    assert section_of("""
def test_it(events_backend):
    elsewhere = events_backend.client(region="eu-west-1")
    elsewhere.put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
    put()
    fail()
""") == [
        '12:00:00  PutEvents  order from shop on "default"   no rules',
        '            on "default" of 123456789012 in eu-west-1 it would match ship',
        "            nothing was delivered; PutEvents still reported success, as AWS does",
    ]


def test_there_is_no_such_bus_and_aws_does_not_say_so(section_of):
    assert section_of("""
def test_it(events_backend):
    boto3.client("events").create_event_bus(Name="orders")
    rule("ship", '{"source": ["shop"]}', EventBusName="orders")
    put(EventBusName="ordres")
    fail()
""") == [
        '12:00:00  PutEvents  order from shop on "ordres"',
        "            dropped: there is no event bus 'ordres' in 123456789012, us-east-1; "
        "there are default, orders. Did you mean 'orders'?",
        '            on "orders" it would match ship',
        "            PutEvents still reported success, as AWS does",
    ]


def test_a_target_failed_and_is_tried_again(section_of):
    assert section_of("""
def ship(event):
    raise ValueError("no stock")

def test_it(events_backend):
    rule("ship", '{"source": ["shop"]}')
    events_backend.target("ship", ship)
    put()
    fail()
""") == [
        '12:00:00  PutEvents  order from shop on "default"   1 rule',
        "            ship  match      -> lambda function:ship-function-1   "
        "pending after 1 attempt: ValueError: no stock, next 2026-01-31 12:00:01",
        "                               at test_a_target_failed_and_is_tried_again.py:23 in ship: "
        'raise ValueError("no stock")',
    ]


def test_a_dead_letter(section_of):
    assert section_of("""
def test_it(events_backend):
    events_backend.faults.inject("ThrottlingException", target=QUEUE + "parcels")
    rule("ship", '{"source": ["shop"]}')
    boto3.client("events").put_targets(Rule="ship", Targets=[{
        "Id": "queue", "Arn": QUEUE + "parcels", "DeadLetterConfig": {"Arn": QUEUE + "dead-letters"},
        "RetryPolicy": {"MaximumRetryAttempts": 2},
    }])
    put()
    events_backend.clock.advance(hours=1)
    fail()
""") == [
        '12:00:00  PutEvents  order from shop on "default"   1 rule',
        "            ship  match      -> sqs parcels   dead-lettered to sqs dead-letters: "
        "THROTTLING: ThrottlingException: Rate exceeded; MaximumRetryAttempts reached after 2 retries",
    ]


def test_an_input_transformer_made_no_json(section_of):
    assert section_of("""
def test_it(events_backend):
    rule("ship", '{"source": ["shop"]}')
    boto3.client("events").put_targets(Rule="ship", Targets=[{
        "Id": "queue", "Arn": QUEUE + "parcels",
        "InputTransformer": {"InputPathsMap": {"d": "$.detail"}, "InputTemplate": '{"order": "<d>"}'},
    }])
    put()
    fail()
""") == [
        '12:00:00  PutEvents  order from shop on "default"   1 rule',
        "            ship  match      -> sqs parcels   dropped: INVALID_JSON: the rendered InputTemplate is not "
        """JSON at line 1, column 14: 'state":"NEW","total"...' stands where ',' or '}' should; """
        "<d> is an object within quotes: take the quotes away; "
        "there is no dead-letter queue, so the event is lost",
        '                             rendered: {"order": "{"state":"NEW","total":30}"}',
    ]


def test_two_near_misses_are_both_told(section_of):
    assert section_of("""
def test_it(events_backend):
    rule("big", '{"source": ["shop"], "detail": {"state": ["NEW"], "total": [{"numeric": [">", 100]}]}}')
    rule("paid", '{"source": ["shop"], "detail": {"state": ["PAID"], "total": [{"exists": true}]}}')
    put()
    fail()
""") == [
        '12:00:00  PutEvents  order from shop on "default"   2 rules',
        "            big   no match   detail.total held 30, wanted numeric > 100",
        '            paid  no match   detail.state held "NEW", wanted one of ["PAID"]',
        "            nothing was delivered; PutEvents still reported success, as AWS does",
    ]


def test_of_many_misses_only_the_nearest_are_told(section_of):
    assert section_of("""
def test_it(events_backend):
    for number in range(50):
        rule(f"far-{number}", '{"source": ["bank"], "detail-type": ["transfer"]}')
    rule("near", '{"source": ["shop"], "detail-type": ["refund"]}')
    rule("nearer", '{"source": ["shop"], "detail-type": ["odrer"]}')
    put()
    fail()
""") == [
        '12:00:00  PutEvents  order from shop on "default"   52 rules',
        '            near    no match   detail-type held "order", wanted one of ["refund"]',
        '            nearer  no match   detail-type held "order", wanted one of ["odrer"]',
        "            ... and 50 more rules did not match",
        "            nothing was delivered; PutEvents still reported success, as AWS does",
    ]


def test_an_event_is_too_large(section_of):
    assert section_of("""
def test_it(events_backend):
    rule("ship", '{"source": ["shop"]}')
    put('{"note": "%s"}' % ("x" * 2_000_000))
""") == [
        "no event was put",
        "12:00:00  PutEvents of 123456789012 in us-east-1 was refused: ValidationException: Total size of the "
        "entries in the request is over the limit. (they have 2,000,021 bytes, and 1,048,576 is the most; "
        "see backend.quotas.put_events_bytes)",
    ]


def test_permission_is_refused(section_of):
    assert section_of("""
@pytest.mark.eventmock(enforce_policies=True)
def test_it(events_backend):
    boto3.client("events").put_permission(
        EventBusName="default", Action="events:PutEvents", Principal="111111111111", StatementId="partner"
    )
    shop = events_backend.client(account="222222222222")
    bus = boto3.client("events").describe_event_bus()["Arn"]
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}", "EventBusName": bus}
    shop.put_events(Entries=[entry])
    fail()
""") == [
        '12:00:00  PutEvents  order from shop on "default"',
        "            refused: AccessDeniedException: User: arn:aws:iam::222222222222:root is not authorized to "
        "perform: events:PutEvents on resource: arn:aws:events:us-east-1:123456789012:event-bus/default because "
        "no resource-based policy allows the events:PutEvents action",
        "            of the bus's policy, statement 'partner' is for Principal "
        '{"AWS": "arn:aws:iam::111111111111:root"}, not 222222222222',
    ]


def test_a_detail_is_malformed(section_of):
    assert section_of("""
def test_it(events_backend):
    put("[]")
    put("{'state': 'NEW'}")
    fail()
""") == [
        '12:00:00  PutEvents  order from shop on "default"',
        "            refused: MalformedDetail: Detail is malformed.",
        "            a Detail must be a JSON object, not an array",
        '12:00:00  PutEvents  order from shop on "default"',
        "            refused: MalformedDetail: Detail is malformed.",
        "            a Detail must be JSON: "
        "Expecting property name enclosed in double quotes: line 1 column 2 (char 1); "
        "this is how Python writes a dictionary: json.dumps(...) makes JSON of it",
    ]


def test_a_path_into_the_event_leads_nowhere(section_of):
    assert section_of("""
def test_it(events_backend):
    rule("ship", '{"source": ["shop"]}')
    boto3.client("events").put_targets(Rule="ship", Targets=[
        {"Id": "1", "Arn": QUEUE + "parcels", "InputPath": "$.detial"},
        {"Id": "2", "Arn": QUEUE + "letters", "InputTransformer": {
            "InputPathsMap": {"city": "$.detail.adress.city", "state": "$.detail.state", "unused": "$.x"},
            "InputTemplate": '{"city": <city>, "state": <state>}',
        }},
    ])
    put()
    fail()
""") == [
        '12:00:00  PutEvents  order from shop on "default"   1 rule',
        "            ship  match      -> sqs parcels   delivered (recorded: nobody stands at the other end)",
        "                             InputPath $.detial leads nowhere in the event",
        "            ship  match      -> sqs letters   delivered (recorded: nobody stands at the other end)",
        "                             <city>, $.detail.adress.city leads nowhere in the event",
    ]


def test_a_schedule_is_refused(section_of):
    assert section_of("""
def test_it(events_backend):
    boto3.client("events").put_rule(Name="nightly", ScheduleExpression="cron(30 1 * * * *)")
""") == [
        "no event was put",
        "12:00:00  PutRule of 123456789012 in us-east-1 was refused: ValidationException: Parameter "
        "ScheduleExpression is not valid. (day-of-month and day-of-week: * and * are both set; wanted ? in exactly "
        "one of them, such as * and ?)",
    ]


def test_a_fault_that_hit_nothing_is_told(section_of):
    assert section_of("""
def test_it(events_backend):
    events_backend.faults.inject("ThrottlingException", target=QUEUE + "parcles")
    events_backend.faults.inject(500, operation="ListRules")
    try:
        boto3.client("events").list_rules()
    except Exception:
        fail()
""")[-1:] == [
        "            hit nothing: <fault 'ThrottlingException', "
        "target='arn:aws:sqs:us-east-1:123456789012:parcles', hits: 0>"
    ]


def test_a_pattern_is_refused(section_of):
    assert section_of("""
def test_it(events_backend):
    rule("ship", '{"source": "shop"}')
""") == [
        "no event was put",
        "12:00:00  PutRule of 123456789012 in us-east-1 was refused: InvalidEventPatternException: Event pattern is "
        """not valid. Reason: "source" must be an object or an array  at [Source: (String)"{"source": "shop"}"; """
        """line: 1, column: 13] (wanted values stand in a list: "source": ["..."])""",
    ]
