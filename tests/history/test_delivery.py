from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import pytest

from eventmock import NoSuchRequest, OptionError
from eventmock.history.delivery import Deliveries
from eventmock.history.progress import Progress
from eventmock.target_kinds import Invocation


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 3),
        ({"rule": "on-default"}, 2),
        ({"rule": "arn:aws:events:us-east-1:123456789012:rule/orders/on-orders"}, 1),
        ({"target": "t"}, 3),
        ({"target": "arn:aws:sqs:us-east-1:123456789012:orders"}, 1),
        ({"bus": "orders"}, 1),
        ({"source": "shop"}, 3),
        ({"source": "other"}, 0),
        ({"detail_type": "refund"}, 1),
        ({"status": "delivered"}, 3),
        ({"status": "dropped"}, 0),
        ({"bus": "default", "detail_type": "order"}, 1),
    ],
)
def test_filters(deliveries, wanted, count):
    found = deliveries.where(**wanted)
    assert isinstance(found, Deliveries)
    assert len(found) == count


def test_bodies_and_details(deliveries):
    assert deliveries.details == [{"state": "PAID"}] * 3
    assert deliveries.bodies == [delivery.body for delivery in deliveries]


def test_a_status_that_there_is_not_is_told(deliveries):
    with pytest.raises(
        OptionError, match=r"where\(status='failed'\): there are dead-lettered, delivered, dropped, pen"
    ):
        deliveries.where(status="failed")


def test_a_repr_tells_the_story(deliveries):
    assert repr(deliveries[:1]) == (
        "[\n  <order from shop: rule 'on-default' on 'default' -> "
        "arn:aws:sqs:us-east-1:123456789012:default, delivered (recorded: nobody stands at the other end)>\n]"
    )
    assert repr(deliveries.where(bus="nope")) == "[]"


class TestRequest:
    """What AWS calls is made when somebody asks for it."""

    QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
    GROUP: ClassVar = {"SqsParameters": {"MessageGroupId": "$.detail.state"}}

    @pytest.fixture
    def put(self, events, events_backend, order):
        """A function that puts an event to a rule with one target, the queue, and returns the delivery."""

        def put(**members):
            events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": self.QUEUE, **members}])
            events.put_events(Entries=[order])
            return events_backend.deliveries[-1]

        return put

    @pytest.mark.parametrize("members", [{}, GROUP])
    def test_it_is_the_readers_own(self, put, members):
        delivery = put(**members)
        first = delivery.request
        first.parameters["MessageBody"] = "spoiled"
        assert delivery.request.parameters["MessageBody"] == delivery.body
        assert delivery.request.parameters.get("MessageGroupId") == ("PAID" if members else None)

    @pytest.mark.parametrize("members", [{}, GROUP])
    def test_there_is_none_before_the_first_attempt(self, put, members):
        delivery = put(**members)
        untried = replace(delivery, progress=Progress())
        assert (untried.request, delivery.request.operation) == (None, "SendMessage")

    def test_there_is_none_where_it_cannot_be_made(self, put):
        delivery = put(SqsParameters={"MessageGroupId": "$.detail.nothing"})
        assert delivery.reason.startswith("INVALID_PARAMETER: ")
        assert (delivery.status, len(delivery.attempts), delivery.request) == ("dropped", 1, None)

    def test_it_is_not_made_where_nobody_needs_it(self, put, monkeypatch):
        made = []
        monkeypatch.setattr(Invocation, "call", lambda *given, **_named: made.append(given))
        delivery = put()
        assert (delivery.taken_by, made) == ("nobody", [])
        assert delivery.request is None  # what the patched function returns
        assert len(made) == 1

    def test_the_call_of_a_service_is_typed(self, put):
        delivery = put()
        assert (delivery.call.operation, delivery.call.parameters) == (
            "SendMessage",
            delivery.request.parameters,
        )
        with pytest.raises(NoSuchRequest) as told:
            _ = delivery.http
        assert str(told.value) == (
            f"delivery.http: {self.QUEUE}, of the kind 'SQS queue', is reached by sqs SendMessage: "
            "ask for delivery.call"
        )

    def test_a_request_by_http_is_typed(self, events, events_backend, order):
        rest = "arn:aws:execute-api:us-east-1:123456789012:abc/prod/POST/orders"
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": rest}])
        events.put_events(Entries=[order])
        [delivery] = events_backend.deliveries
        url = "https://abc.execute-api.us-east-1.amazonaws.com/prod/orders/"
        assert (delivery.http.method, delivery.http.url) == ("POST", url)
        with pytest.raises(NoSuchRequest) as told:
            _ = delivery.call
        assert str(told.value) == (
            f"delivery.call: {rest}, of the kind 'API Gateway API', is reached by execute-api POST {url}: "
            "ask for delivery.http"
        )

    @pytest.mark.parametrize("form", ["call", "http"])
    def test_why_there_is_no_request_is_told(self, put, events, events_backend, order, form):
        untried = replace(put(), progress=Progress())
        unmade = put(SqsParameters={"MessageGroupId": "$.detail.nothing"})
        bus = events.create_event_bus(Name="orders")["EventBusArn"]
        role = "arn:aws:iam::123456789012:role/r"
        events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": bus, "RoleArn": role}])
        events.put_events(Entries=[order])
        hop = events_backend.deliveries.where(target=bus)[0]
        words = {
            untried: f"{self.QUEUE}, of the kind 'SQS queue', was not tried: pending",
            unmade: f"{self.QUEUE}, of the kind 'SQS queue', got none: {unmade.error}",
            hop: f"{bus}, of the kind 'event bus', gets no request that eventmock knows",
        }
        for delivery, why in words.items():
            with pytest.raises(NoSuchRequest) as told:
                getattr(delivery, form)
            assert str(told.value) == f"delivery.{form}: {why}"
