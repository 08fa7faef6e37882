"""The team's own tests of the shop. They pass, since here the shop is healthy."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from .deployed import OPTIONS, deploy
from .infrastructure import REGION, SHOP, WAREHOUSE
from .orders import Line, Order

pytestmark = pytest.mark.eventmock(**OPTIONS)

ORDER = Order(number=7, customer="Ada", total=30, paid_at=1772811000, lines=(Line("tea", 2), Line("pot", 1)))
"""An order that was paid on 2026-03-06 at 15:30 UTC."""
LARGE = Order(number=8, customer="Bob", total=2500, paid_at=1772811900, lines=(Line("samovar", 5),))


@pytest.fixture
def shop(events_backend):
    return deploy(events_backend)


def test_a_paid_order_is_shipped(shop):
    shop.publisher.paid(ORDER)
    shop.ship.assert_delivered_once(matching={"detail": {"number": [7]}})


def test_a_parcel_has_all_pieces(shop):
    shop.publisher.paid(ORDER)
    [invocation] = shop.ship.assert_invoked(1, condition="Success")
    assert invocation.result == {"parcel": 7, "pieces": 3}


def test_the_carrier_is_told_of_a_parcel(shop):
    shop.publisher.paid(ORDER)
    [call] = shop.parcels
    assert call.url == "https://api.carrier.example/parcels/7"


def test_a_large_order_is_reviewed(shop):
    shop.publisher.paid(LARGE)
    order = json.loads(json.dumps(LARGE.detail()))
    shop.review.assert_delivered_once(body={"title": "Order 8 of Bob", "order": order})


def test_all_orders_of_a_busy_hour_are_published(shop):
    shop.publisher.paid(*[ORDER] * 25)
    shop.ship.assert_delivered(times=25)


def test_an_order_may_have_a_long_note(shop):
    shop.publisher.paid(replace(ORDER, note="Please ring twice. " * 5000))


def test_an_event_has_the_time_of_the_payment(shop):
    shop.publisher.paid(ORDER)
    shop.ship.assert_delivered_once(matching={"time": ["2026-03-06T15:30:00Z"]})


def test_on_friday_evening_a_report_is_written(shop):
    shop.backend.clock.advance(hours=2)
    shop.report.assert_delivered_once()


def test_an_order_whose_payment_failed_is_stopped(shop):
    shop.payments.put("payment", {"state": "failed", "order": 7})
    shop.stop.assert_delivered_once(detail={"state": "failed", "order": 7})


def test_the_auditors_get_paid_orders(shop):
    shop.publisher.paid(ORDER)
    shop.backend.assert_delivered_once(rule="keep", bus="audit")


def test_the_warehouse_may_put_events(shop):
    entry = {
        "EventBusName": f"arn:aws:events:{REGION}:{SHOP}:event-bus/shop",
        "Source": "warehouse",
        "DetailType": "Stock Counted",
        "Detail": '{"article": "tea", "count": 3}',
    }
    answer = shop.backend.client(account=WAREHOUSE).put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 0


@pytest.mark.eventmock(strict=False)
def test_an_order_that_cannot_be_shipped_is_not_lost(shop):
    shop.backend.faults.inject("AccessDeniedException", target=shop.ship.arn)
    shop.publisher.paid(ORDER)
    shop.backend.assert_dead_lettered(rule="ship-paid-orders", queue="dead-letters")
