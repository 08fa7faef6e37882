"""The mistakes in filters of subscribers that no event in a mock has shown."""

from __future__ import annotations

import json


def filters(**by_scope):
    listed = [{"Scope": scope, "Pattern": json.dumps(one)} for scope, one in by_scope.items()]
    return {"FilterConfiguration": {"Filters": listed}}


def texts(backend):
    return {one.mutant.text for one in backend.unnoticed_mutants()}


def test_a_mistake_is_unnoticed_until_an_event_shows_it(backend, subscribed):
    subscribed.subscribe(**filters(DATA={"detail": {"n": [{"numeric": [">=", 10]}]}}))
    wrong = "DATA.detail.n: numeric > 10 instead of numeric >= 10"
    subscribed.publish(30)
    assert wrong in texts(backend)
    subscribed.publish(10)
    assert wrong not in texts(backend)


def test_it_names_the_subscriber_and_the_bus(backend, subscribed):
    subscribed.subscribe(**filters(SYSTEM_METADATA={"EventGroupId": ["a"]}))
    first = backend.unnoticed_mutants()[0]
    assert (first.kind, first.name, first.place, first.bus, first.rule) == (
        "subscriber",
        "ship",
        "orders",
        "orders",
        None,
    )
    assert str(first).startswith("subscriber ship on orders: ")


def test_the_event_of_an_unnoticed_mistake_shows_it(backend, subscribed):
    subscribed.subscribe(**filters(DATA={"detail": {"n": [1, 2]}}))
    subscribed.publish(1)
    before = texts(backend)
    for one in backend.unnoticed_mutants():
        if "detail" in (data := one.mutant.event["Data"]):
            entry = {"Source": data["source"], "DetailType": "o", "Detail": json.dumps(data["detail"])}
            subscribed.client.put_events(EventBusArn=subscribed.bus, Entries=[entry])
            assert one.mutant.text not in texts(backend)
    assert len(texts(backend)) < len(before)


def test_a_replayed_event_shows_a_mistake(backend, subscribed):
    replay = {"StartingPosition": "POINT_IN_TIME", "PointInTimeConfiguration": {"PointType": "HORIZON"}}
    subscribed.publish(1)
    subscribed.subscribe(**filters(DATA={"detail": {"n": [1]}}), **replay)
    assert "DATA.detail.n: 2 instead of 1" not in texts(backend)


def test_a_subscriber_without_filters_has_none(backend, subscribed):
    subscribed.subscribe()
    assert not backend.unnoticed_mutants()
