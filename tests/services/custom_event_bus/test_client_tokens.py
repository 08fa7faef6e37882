from __future__ import annotations

from datetime import timedelta

OTHERWISE = (
    "IdempotentParameterMismatchException",
    "The ClientToken was used for a request with other parameters.",
)
TAKEN = "ResourceAlreadyExistsException", "Event bus orders already exists."


def test_the_same_request_again_shows_the_event_bus_as_it_is_now(client):
    first = client.create_event_bus(Name="orders", ClientToken="t")
    client.update_event_bus(EventBusArn=first["EventBusArn"], Description="d")
    again = client.create_event_bus(Name="orders", ClientToken="t")
    assert again["EventBusArn"] == first["EventBusArn"]
    assert (first["State"], again["State"], again["Description"]) == ("CREATING", "ACTIVE", "d")
    assert len(client.list_event_buses()["EventBuses"]) == 1


def test_another_request_with_the_token_is_refused(client, create, error_of):
    create(ClientToken="t")
    assert error_of(client.create_event_bus, Name="parcels", ClientToken="t") == OTHERWISE
    assert error_of(client.create_event_bus, Name="orders", Description="d", ClientToken="t") == OTHERWISE


def test_another_token_finds_the_name_taken(client, create, error_of):
    create(ClientToken="t")
    assert error_of(client.create_event_bus, Name="orders", ClientToken="u") == TAKEN
    assert error_of(client.create_event_bus, Name="orders") == TAKEN


def test_a_token_lasts_for_eight_hours(backend, client, create, error_of):
    arn = create(ClientToken="t")
    backend.clock.advance(timedelta(hours=8) - timedelta(seconds=1))
    assert create(ClientToken="t") == arn
    backend.clock.advance(seconds=1)
    assert error_of(client.create_event_bus, Name="orders", ClientToken="t") == TAKEN
    create("parcels", ClientToken="t")


def test_a_token_ends_with_what_it_made(client, create):
    arn = create(ClientToken="t")
    client.describe_event_bus(EventBusArn=arn)
    client.delete_event_bus(EventBusArn=arn)
    assert create(ClientToken="t") != arn


def test_a_refused_request_leaves_its_token_free(client, error_of, create):
    create()
    assert error_of(client.create_event_bus, Name="orders", ClientToken="t") == TAKEN
    create("parcels", ClientToken="t")


def test_a_token_is_of_an_account_and_a_region(backend, create):
    create(ClientToken="t")
    for elsewhere in ({"region": "eu-west-1"}, {"account": "222222222222"}):
        client = backend.client("eventbridgev2", **elsewhere)
        client.create_event_bus(Name="other", ClientToken="t")
