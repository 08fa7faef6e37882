from __future__ import annotations

import pytest

from eventmock import OptionError

OVER = "ServiceQuotaExceededException", "The request would exceed a service quota."
GROUP = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/jobs"


def test_they_are_those_of_aws(backend):
    quotas = backend.scheduler.quotas
    assert (quotas.schedules, quotas.schedule_groups, quotas.tags_per_schedule_group) == (10_000_000, 500, 50)


def test_schedules(backend, client, create, members, error_of):
    backend.scheduler.quotas.schedules = 1
    create("a")
    assert error_of(client.create_schedule, **members("b")) == OVER
    assert "backend.scheduler.quotas.schedules = 2" in str(backend.report())
    client.update_schedule(**members("a"))
    client.delete_schedule(Name="a")
    create("b")


def test_groups_with_the_default_group(backend, client, error_of):
    backend.scheduler.quotas.schedule_groups = 2
    client.create_schedule_group(Name="jobs")
    assert error_of(client.create_schedule_group, Name="more") == OVER
    assert client.exceptions.ServiceQuotaExceededException


def test_the_status_is_402(backend, client, members):
    backend.scheduler.quotas.schedules = 0
    with pytest.raises(client.exceptions.ServiceQuotaExceededException) as caught:
        client.create_schedule(**members())
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 402


def test_tags_of_a_group(client, error_of):
    tags = [{"Key": f"k{number}", "Value": "v"} for number in range(51)]
    assert error_of(client.create_schedule_group, Name="jobs", Tags=tags) == OVER
    client.create_schedule_group(Name="jobs", Tags=tags[:50])
    assert error_of(client.tag_resource, ResourceArn=GROUP, Tags=tags[50:]) == OVER
    client.tag_resource(ResourceArn=GROUP, Tags=[{"Key": "k0", "Value": "other"}])


@pytest.mark.parametrize("wrong", [-1, 1.5, "1", None, True])
def test_a_quota_is_a_number(backend, wrong):
    with pytest.raises(OptionError, match=r"scheduler.quotas.schedules = .*: wanted a whole number"):
        backend.scheduler.quotas.schedules = wrong


def test_a_reset_brings_the_defaults_back(backend):
    backend.scheduler.quotas.schedules = 1
    backend.reset()
    assert backend.scheduler.quotas.schedules == 10_000_000
