from __future__ import annotations

IN_USE = "ResourceInUseException", "Event bus has subscribers attached"


def test_a_bus_with_subscribers_is_not_deleted(client, bus, subscribe, describe, error_of):
    arns = [subscribe(name) for name in "ab"]
    for arn in arns:
        assert error_of(client.delete_event_bus, EventBusArn=bus) == IN_USE
        assert describe(bus)["State"] == "ACTIVE"
        client.delete_subscriber(SubscriberArn=arn)
    client.delete_event_bus(EventBusArn=bus)


def test_a_stopped_one_counts(client, bus, subscribe, error_of):
    subscribe(State="STOPPED")
    assert error_of(client.delete_event_bus, EventBusArn=bus) == IN_USE


def test_a_revoked_one_does_not_count_and_outlives_the_bus(client, bus, subscribe, shown, error_of):
    arn = subscribe()
    client.revoke_resource(Arn=arn)
    client.delete_event_bus(EventBusArn=bus)
    assert error_of(client.describe_event_bus, EventBusArn=bus)[0] == "ResourceNotFoundException"
    assert shown(arn)["EventBusArn"] == bus
    assert [one["SubscriberArn"] for one in client.list_subscribers()["Subscribers"]] == [arn]
    update = error_of(client.update_subscriber, SubscriberArn=arn, FilterConfiguration={})
    assert update[0] == "InvalidStateException"
    client.delete_subscriber(SubscriberArn=arn)


def test_those_of_another_bus_do_not_count(client, bus, create, subscribe):
    subscribe(EventBusArn=create("other"))
    client.delete_event_bus(EventBusArn=bus)
