"""The tests of an application, of which some would notice a mistake in a rule and others would not."""

import json
from pathlib import Path

import boto3
import pytest

RULES = json.loads(Path(__file__).with_name("rules.json").read_text(encoding="utf-8"))
START = "2026-03-06T16:00:00Z"
"""A Friday."""
PARCELS = "arn:aws:sqs:us-east-1:123456789012:parcels"
PAID = {"number": 7, "state": "PAID", "total": 30, "customer": "ada", "country": "DE"}


class Application:
    """Some of the rules, deployed in a mock."""

    def __init__(self, backend, rules):
        self.backend = backend
        self._events = boto3.client("events", region_name="us-east-1")
        self._events.create_event_bus(Name="shop")
        for rule in rules:
            self._deploy(**rule)

    def put(self, detail_type="Order Paid", *, source="shop", bus="shop", **detail):
        """Put an event."""
        entry = {"Source": source, "DetailType": detail_type, "Detail": json.dumps(PAID | detail)}
        self._events.put_events(Entries=[entry | {"EventBusName": bus}])

    def inputs(self, target):
        """What a target got."""
        return [
            json.loads(one.body) for one in self.backend.deliveries if one.target_arn.endswith(f":{target}")
        ]

    def _deploy(self, *, Name, EventBusName, Targets, EventPattern=None, **more):  # noqa: N803 - AWS's names
        if EventPattern is not None:
            more["EventPattern"] = json.dumps(EventPattern)
        self._events.put_rule(Name=Name, EventBusName=EventBusName, **more)
        if Targets:
            self._events.put_targets(Rule=Name, EventBusName=EventBusName, Targets=Targets)


@pytest.fixture
def deploy(events_backend):
    """A function that deploys the rules of these names."""

    def deploy(*names):
        return Application(events_backend, [rule for rule in RULES if rule["Name"] in names])

    return deploy


pytestmark = pytest.mark.eventmock(start_time=START)


def test_a_paid_order_is_shipped(deploy):
    application = deploy("ship")
    application.put()
    assert len(application.inputs("parcels")) == 1


def test_nothing_else_is_shipped(deploy):
    application = deploy("ship")
    application.put(state="NEW")
    application.put(state="PAID LATER")
    application.put("Order Paid Back")
    application.put(source="shopping")
    assert application.inputs("parcels") == []


def test_an_order_that_cannot_be_shipped_is_kept(deploy):
    application = deploy("ship")
    application.backend.faults.inject("AccessDeniedException", target=PARCELS)
    application.put()
    application.backend.assert_dead_lettered(rule="ship", queue="lost-parcels")


def test_orders_from_1000_on_are_reviewed(deploy):
    application = deploy("review")
    for total in (999, 1000, 1001):
        application.put(total=total)
    wanted = [{"title": "Order 7", "total": 1000}, {"title": "Order 7", "total": 1001}]
    assert application.inputs("reviewers") == wanted


def test_a_broken_order_is_refunded(deploy):
    """It puts nothing that is not refunded, and never a late order."""
    application = deploy("refund")
    application.put("Order Returned", state="BROKEN")
    assert len(application.inputs("refunds")) == 1


def test_a_good_customer_gets_a_card(deploy):
    """It looks neither at what is on the card, nor at the gift."""
    application = deploy("thank")
    application.put(customer="vip-ada")
    assert application.inputs("cards")


def test_another_customer_gets_no_card(deploy):
    application = deploy("thank")
    application.put(customer="ada-vip-")
    assert application.inputs("cards") == []


def test_customs(deploy):
    """It asserts nothing."""
    application = deploy("customs")
    application.put(country="CH")
    application.put(country="DE")


def test_a_report_is_written_on_friday_evening(deploy):
    application = deploy("report")
    application.backend.clock.advance(hours=2)
    assert len(application.inputs("reports")) == 1


def test_no_report_is_written_at_the_weekend(deploy):
    application = deploy("report")
    application.backend.clock.advance(days=2)
    assert len(application.inputs("reports")) == 1


def test_the_cleaner_never_fires_in_an_hour(deploy):
    application = deploy("clean-up")
    application.backend.clock.advance(minutes=59)
    assert application.inputs("cleaner") == []


def test_tea_is_counted(deploy):
    application = deploy("stock")
    application.put("Counted", source="warehouse", bus="default", article="tea")
    assert application.inputs("counts")
