"""EventBridge sends events when the state of a connection or API destination changes, if a rule waits for them."""

from __future__ import annotations

import pytest

KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}}


@pytest.fixture
def told(events, events_backend):
    """The functions that return the detail-types that a rule on EventBridge's own events got."""
    events.put_rule(Name="own", EventPattern='{"source": ["aws.events"]}')
    target = events_backend.target("own")
    return lambda: [delivery.event["detail-type"] for delivery in target.deliveries]


@pytest.fixture
def connection(events):
    return events.create_connection(Name="partner", AuthorizationType="API_KEY", AuthParameters=KEY)


def create_destination(events, connection):
    return events.create_api_destination(
        Name="orders",
        ConnectionArn=connection["ConnectionArn"],
        InvocationEndpoint="https://example.com",
        HttpMethod="POST",
    )


def test_a_connection_is_followed_from_its_creation_to_its_deletion(events, told, connection):
    assert told() == ["Connection Creation Started", "Connection Authorized"]
    events.deauthorize_connection(Name="partner")
    assert told()[2:] == ["Connection Deauthorization Started", "Connection Deauthorized"]
    events.update_connection(Name="partner", AuthParameters=KEY, AuthorizationType="API_KEY")
    assert told()[4:] == ["Connection Update Started", "Connection Authorized"]
    events.delete_connection(Name="partner")
    assert told()[6:] == ["Connection Deletion Started"]


def test_the_event_is_as_the_user_guide_shows_it(events, events_backend, told, connection):
    event = events_backend.events[0]
    assert event.event == {
        "version": "0",
        "id": event.event_id,
        "detail-type": "Connection Creation Started",
        "source": "aws.events",
        "account": "123456789012",
        "time": f"{event.time:%Y-%m-%dT%H:%M:%SZ}",
        "region": "us-east-1",
        "resources": [connection["ConnectionArn"]],
        "detail": {
            "ConnectionName": "partner",
            "Timestamp": f"{event.time:%Y-%m-%d %H:%M:%S} +0000 UTC",
        },
    }
    assert (event.origin, event.notes) == ("service", [])


def test_an_api_destination_is_activated_and_deactivated(events, told, connection):
    create_destination(events, connection)
    assert told()[2:] == ["API Destination Activated"]
    events.update_api_destination(Name="orders", Description="none")
    events.update_connection(Name="partner", AuthParameters=KEY, AuthorizationType="API_KEY")
    assert told()[3:] == ["Connection Update Started", "Connection Authorized"]
    events.deauthorize_connection(Name="partner")
    assert told()[5:] == [
        "Connection Deauthorization Started",
        "API Destination Deactivated",
        "Connection Deauthorized",
    ]
    events.update_connection(Name="partner", AuthParameters=KEY, AuthorizationType="API_KEY")
    assert told()[8:] == ["Connection Update Started", "Connection Authorized", "API Destination Activated"]


def test_a_reason_is_in_the_event(events, events_backend, told):
    @events_backend.http("https://example.com/token")
    def refuse(_call):
        return 401

    oauth = {
        "ClientParameters": {"ClientID": "i", "ClientSecret": "s"},
        "AuthorizationEndpoint": "https://example.com/token",
        "HttpMethod": "POST",
    }
    events.create_connection(
        Name="partner",
        AuthorizationType="OAUTH_CLIENT_CREDENTIALS",
        AuthParameters={"OAuthParameters": oauth},
    )
    events_backend.clock.advance(hours=1)
    assert told() == [
        "Connection Creation Started",
        "Connection Authorization Started",
        "Connection Deauthorized",
    ]
    last = events_backend.events[-1].event["detail"]
    assert last["StateReason"] == events.describe_connection(Name="partner")["StateReason"]


def test_the_destinations_of_another_connection_are_left_alone(events, told, connection):
    create_destination(events, connection)
    events.create_connection(Name="other", AuthorizationType="API_KEY", AuthParameters=KEY)
    events.deauthorize_connection(Name="other")
    assert told()[-1] == "Connection Deauthorized"
    assert "API Destination Deactivated" not in told()


def test_where_there_are_no_rules_nothing_is_sent(events, events_backend, connection):
    assert events_backend.events == []


def test_without_a_rule_that_matches_there_is_no_event(events, events_backend):
    events.put_rule(Name="own", EventPattern='{"source": ["shop"]}')
    connection = events.create_connection(Name="partner", AuthorizationType="API_KEY", AuthParameters=KEY)
    create_destination(events, connection)
    assert events_backend.events == []
