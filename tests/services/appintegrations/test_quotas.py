from __future__ import annotations

import boto3
import pytest
from botocore.config import Config

from eventmock.exceptions import OptionError
from eventmock.services.appintegrations.quotas import AppIntegrationsQuotas

LIMIT = "ResourceQuotaExceededException", "The allowed quota for the resource has been exceeded."


@pytest.mark.parametrize(
    ("maker", "quota", "number"),
    [
        ("event_integration", "event_integrations", 10),
        ("data_integration", "data_integrations", 20),
        ("application", "applications", 50),
    ],
)
def test_there_are_so_many_at_most(request, events_backend, error_of, maker, quota, number):
    make = request.getfixturevalue(maker)
    for one in range(number):
        make(f"n{one}")
    assert error_of(make, **{"namespace" if maker == "application" else "name": "more"}) == LIMIT
    setattr(events_backend.appintegrations.quotas, quota, number + 1)
    make("more")


def test_associations_of_a_data_integration_count(
    events_backend, client, data_integration, operation, error_of
):
    operation("CreateDataIntegrationAssociation")
    data_integration()
    for _ in range(10):
        events_backend.appintegrations.add_data_integration_association("files", client_id="c")
    assert error_of(client.create_data_integration_association, DataIntegrationIdentifier="files") == LIMIT


def test_the_status_is_429_which_legacy_retries_ask_five_times(events_backend):
    events_backend.appintegrations.quotas.applications = 0
    client = boto3.client("appintegrations", config=Config(retries={"mode": "legacy"}))
    with pytest.raises(client.exceptions.ResourceQuotaExceededException) as caught:
        client.create_application(Name="a", Namespace="a", ApplicationSourceConfig={})
    metadata = caught.value.response["ResponseMetadata"]
    assert (metadata["HTTPStatusCode"], metadata["RetryAttempts"]) == (429, 4)


@pytest.mark.parametrize("value", [-1, 1.5, "1", True, None])
def test_a_quota_is_a_whole_number(events_backend, value):
    with pytest.raises(
        OptionError, match=r"appintegrations\.quotas\.applications = .*: wanted a whole number"
    ):
        events_backend.appintegrations.quotas.applications = value


def test_quotas_come_back_with_a_snapshot_and_go_with_a_reset(events_backend):
    held = events_backend.appintegrations
    held.quotas.applications = 1
    snapshot = events_backend.snapshot()
    held.quotas.applications = 2
    events_backend.restore(snapshot)
    assert held.quotas.applications == 1
    events_backend.reset()
    assert held.quotas == AppIntegrationsQuotas()
