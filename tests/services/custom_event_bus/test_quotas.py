from __future__ import annotations

import pytest

from eventmock import OptionError

OVER = "LimitExceededException", "The request would exceed a service quota."


def test_they_are_those_of_aws(backend):
    quotas = backend.custom_buses.quotas
    assert (quotas.event_buses, quotas.tags_per_resource, quotas.policy_bytes) == (5, 200, 20_480)


def test_event_buses_of_an_account_and_region(backend, client, create, error_of):
    arns = [create(f"bus-{number}") for number in range(5)]
    assert error_of(client.create_event_bus, Name="more") == OVER
    assert "a test that wants more says backend.custom_buses.quotas.event_buses = 6" in str(backend.trace)
    assert error_of(client.create_event_bus, Name="bus-0")[0] == "ResourceAlreadyExistsException"
    backend.client("eventbridgev2", region="eu-west-1").create_event_bus(Name="more")
    client.delete_event_bus(EventBusArn=arns[0])
    create("more")
    backend.custom_buses.quotas.event_buses = 6
    create("and-more")


@pytest.mark.parametrize("wrong", [-1, 1.5, "1", None, True])
def test_a_quota_is_a_number(backend, wrong):
    with pytest.raises(OptionError, match=r"custom_buses.quotas.event_buses = .*: wanted a whole number"):
        backend.custom_buses.quotas.event_buses = wrong


def test_a_reset_brings_the_defaults_back(backend):
    backend.custom_buses.quotas.event_buses = 1
    backend.reset()
    assert backend.custom_buses.quotas.event_buses == 5


def test_a_misspelt_name_is_told(backend):
    with pytest.raises(AttributeError, match="did you mean 'quotas'"):
        _ = backend.custom_buses.quota
