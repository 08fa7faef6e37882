"""A service is a folder: one that is made up for this test needs its folder, and to be registered, and nothing else."""

from __future__ import annotations

import runpy
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.loaders import Loader

from eventmock import OptionError, mock_events
from eventmock.coverage.collector import Collector
from eventmock.coverage.page import page_of
from eventmock.coverage.table import table_of
from eventmock.mutants.altered_mocks import alter_mocks
from eventmock.mutants.baseline import Baseline
from eventmock.mutants.job import Change
from eventmock.mutants.settings import Settings
from eventmock.mutants.trials import trials_of
from eventmock.services import table

HERE = Path(__file__).parent
START = "2026-01-01T12:00:00Z"


@pytest.fixture
def backend(monkeypatch):
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setattr(Loader, "CUSTOMER_DATA_PATH", str(HERE / "models"))
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it may have looked for models already
    from lighthouse import SERVICE

    table.register(SERVICE)
    try:
        with mock_events(start_time=START) as backend:
            yield backend
    finally:
        table.unregister(SERVICE)


@pytest.fixture
def client(backend):
    return backend.client("lighthouse")


def names(client):
    return [lamp["Name"] for lamp in client.list_lamps()["Lamps"]]


def test_it_is_answered(client):
    made = client.create_lamp(Name="north")
    assert made["LampArn"] == "arn:aws:lighthouse:us-east-1:123456789012:lamp/north"
    client.switch_lamp(Name="north", State="ON")
    assert client.list_lamps()["Lamps"] == [{"Name": "north", "State": "ON"}]


def test_its_model_s_constraints_hold(client):
    with pytest.raises(ClientError, match="Member must satisfy enum value set"):
        client.switch_lamp(Name="north", State="BRIGHT")


def test_its_lists_are_paged(client):
    client.create_lamp(Name="north")
    client.create_lamp(Name="south")
    first = client.list_lamps(Limit=1)
    rest = client.list_lamps(NextToken=first["NextToken"])
    assert [first["Lamps"][0]["Name"], *(lamp["Name"] for lamp in rest["Lamps"])] == ["north", "south"]


def test_accounts_and_regions_have_their_own(backend, client):
    client.create_lamp(Name="north")
    assert names(backend.client("lighthouse", region="eu-west-1")) == []
    assert names(backend.client("lighthouse", account="210987654321")) == []


def test_it_is_reset_with_its_settings(backend, client):
    from lighthouse.lamps import Quotas

    backend.state.settings(Quotas).lamps = 1
    client.create_lamp(Name="north")
    backend.reset()
    assert names(client) == []
    client.create_lamp(Name="north")
    client.create_lamp(Name="south")


def test_it_is_snapshotted_and_restored(backend, client):
    from lighthouse.lamps import Quotas

    client.create_lamp(Name="north")
    snapshot = backend.snapshot()
    for _ in range(2):
        client.switch_lamp(Name="north", State="ON")
        backend.state.settings(Quotas).lamps = 9
        client.create_lamp(Name="south")
        backend.restore(snapshot)
        assert client.list_lamps()["Lamps"] == [{"Name": "north", "State": "OFF"}]
        assert backend.state.settings(Quotas).lamps == 2


def test_what_it_plans_comes_on_the_clock_and_comes_back_with_a_snapshot(backend, client):
    client.create_lamp(Name="north")
    snapshot = backend.snapshot()
    backend.clock.advance(days=1)
    assert names(client) == []
    backend.restore(snapshot)
    assert names(client) == ["north"]
    assert [due.what for due in backend.clock.pending] == [
        "lamp 'north' of 123456789012, us-east-1 burns out"
    ]


def test_it_is_in_the_trace_and_in_every_view_of_the_report(backend, client):
    client.create_lamp(Name="north")
    client.switch_lamp(Name="north", State="ON")
    with pytest.raises(ClientError):
        client.switch_lamp(Name="south", State="ON")
    refused = "SwitchLamp of 123456789012 in us-east-1 was refused"
    for text in (
        str(backend.trace),
        backend.report(),
        backend.report("html"),
        backend.report("mermaid"),
        str(backend.flow()),
    ):
        assert "lamp north is ON" in text
        assert refused in text
    assert "(make it first)" in backend.report()


def test_faults_hit_it(backend, client):
    fault = backend.faults.inject("LimitExceededException", service="lighthouse", operation="CreateLamp")
    with fault, pytest.raises(client.exceptions.LimitExceededException):
        client.create_lamp(Name="north")
    client.create_lamp(Name="north")
    with pytest.raises(OptionError, match="lighthouse has no operation PutEvents"):
        backend.faults.inject(500, service="lighthouse", operation="PutEvents")


def test_an_outage_of_its_region_reaches_it(backend, client):
    with backend.region("us-east-1").outage(), pytest.raises(EndpointConnectionError):
        client.list_lamps()
    assert names(client) == []


def test_the_page_on_coverage_has_it(backend):
    page = runpy.run_path(str(HERE.parents[1] / "docs" / "write_coverage.py"))["page"]()
    assert "- Amazon Lighthouse (boto3 `lighthouse`): 3 of 3 operations, 3 of them whole." in page
    assert "| CreateLamp | Make a lamp; it burns out after a day. |  |" in page


def test_coverage_says_what_no_test_tried_of_it(backend, client):
    collector = Collector(HERE)
    collector.watch(backend)
    client.create_lamp(Name="north")
    client.create_lamp(Name="south")
    client.switch_lamp(Name="north", State="ON")
    collector.read()
    rows = table_of(collector.data, 100).splitlines()
    assert [" ".join(row.split()) for row in rows if "lamp" in row] == [
        "lamp north 2 1 50% never fired",
        "lamp south 2 2 0% never tried: shines",
    ]
    assert "burns out" in page_of(collector.data)


def test_its_mistakes_are_mutants(backend, client, monkeypatch):
    collector = Collector(HERE)
    collector.watch(backend)
    collector.test = "test_north"
    client.create_lamp(Name="north")
    collector.read()
    monkeypatch.setattr("eventmock.mutants.altered_mocks.observers", [])
    baseline = Baseline(status=0, data=collector.data)
    [trial] = trials_of(baseline, Settings(jobs=1), backend.state.services)
    assert (trial.rule.label, trial.mutant.kind, trial.tests) == ("lamp north", "on at once", ("test_north",))
    alter_mocks(Change(trial.module, trial.subject, trial.mutant))
    backend.reset()
    for name in ("north", "south"):
        client.create_lamp(Name=name)
    assert [lamp["State"] for lamp in client.list_lamps()["Lamps"]] == ["ON", "OFF"]


def test_without_it_nothing_of_it_is_answered():
    with mock_events() as backend:
        assert "lighthouse" not in [service.name for service in backend.state.services]
