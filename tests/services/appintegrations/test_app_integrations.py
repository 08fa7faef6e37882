"""What all operations have in common: whose things they see, states that come back, faults."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

LISTS = {
    "list_event_integrations": "EventIntegrations",
    "list_data_integrations": "DataIntegrations",
    "list_applications": "Applications",
}


@pytest.fixture
def everything(event_integration, data_integration, application):
    """One of each kind."""
    return [event_integration(), data_integration()[1], application()[1]]


def listed(client):
    return [len(getattr(client, name)()[items]) for name, items in LISTS.items()]


def test_an_account_in_a_region_sees_its_own(events_backend, client, everything):
    assert listed(client) == [1, 1, 1]
    assert listed(events_backend.client("appintegrations", account="222222222222")) == [0, 0, 0]
    assert listed(events_backend.client("appintegrations", region="eu-west-1")) == [0, 0, 0]


def test_an_arn_is_of_its_region_s_partition(events_backend):
    there = events_backend.client("appintegrations", region="us-gov-west-1")
    answer = there.create_event_integration(
        Name="a", EventFilter={"Source": "aws.partner/example.com"}, EventBridgeBus="default"
    )
    assert answer["EventIntegrationArn"].startswith("arn:aws-us-gov:app-integrations:us-gov-west-1:")


def test_a_reset_forgets_and_a_snapshot_brings_back(events_backend, client, everything):
    held = events_backend.appintegrations
    held.checks_event_buses, held.execution_time = True, timedelta(0)
    snapshot = events_backend.snapshot()
    client.tag_resource(resourceArn=everything[0], tags={"k": "v"})
    client.delete_data_integration(DataIntegrationIdentifier=everything[1])
    events_backend.reset()
    assert (listed(client), held.checks_event_buses, held.execution_time) == (
        [0, 0, 0],
        False,
        timedelta(seconds=10),
    )
    events_backend.restore(snapshot)
    assert listed(client) == [1, 1, 1]
    assert client.list_tags_for_resource(resourceArn=everything[0])["tags"] == {}
    assert (held.checks_event_buses, held.execution_time) == (True, timedelta(0))


def test_a_setting_that_is_not_there_cannot_be_set(events_backend):
    with pytest.raises(AttributeError):
        events_backend.appintegrations.checks_buses = True


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AccessDeniedException", 403),
        ("ConflictException", 409),
        ("InternalServiceError", 500),
        ("ThrottlingException", 429),
        ("UnsupportedOperationException", 400),
    ],
)
def test_errors_that_a_test_injects_have_their_own_status(events_backend, client, operation, code, status):
    if code not in {shape.name for shape in operation("UpdateApplication").error_shapes}:
        pytest.skip(f"this botocore has no {code} for UpdateApplication")
    events_backend.faults.inject(code, service="appintegrations", operation="UpdateApplication")
    with pytest.raises(ClientError) as caught:
        client.update_application(Arn="0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a")
    assert type(caught.value) is getattr(client.exceptions, code)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


@pytest.mark.parametrize(
    ("call", "members", "status"),
    [
        ("get_event_integration", {"Name": "nope"}, 404),
        ("get_event_integration", {"Name": "a b"}, 400),
        (
            "create_event_integration",
            {"Name": "crm", "EventFilter": {"Source": "aws.partner/e"}, "EventBridgeBus": "b"},
            409,
        ),
    ],
)
def test_errors_of_the_service_have_their_own_status(unchecked, event_integration, call, members, status):
    event_integration()
    with pytest.raises(ClientError) as caught:
        getattr(unchecked, call)(**members)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_a_region_that_is_out_answers_nothing(events_backend, client):
    with events_backend.region("us-east-1").outage(), pytest.raises(EndpointConnectionError):
        client.list_applications()
    assert listed(client) == [0, 0, 0]
