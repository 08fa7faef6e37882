from __future__ import annotations

import subprocess
import sys

import botocore
import pytest

from eventmock import OptionError, mock_events
from eventmock.mock.gate import Gate
from eventmock.services.table import services
from eventmock.wire import is_installed

PROGRAM = """
import sys
import boto3
from eventmock import mock_events

def loaded():
    return sorted(name.rpartition(".")[2] for name in sys.modules if "appintegrations." in name)

with mock_events(region="us-east-1") as backend:
    boto3.client("events").put_events(Entries=[{"Source": "s", "DetailType": "t", "Detail": "{}"}])
    backend.restore(backend.snapshot())
    backend.reset()
    print("before:", loaded())
    boto3.client("appintegrations").list_applications()
    print("after:", "applications" in loaded())
"""


def test_the_code_of_a_service_is_imported_when_a_request_to_it_first_comes():
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert run.stdout == "before: []\nafter: True\n"


def test_names_and_prefixes_are_each_service_s_own():
    for attribute in "name", "endpoint_prefix", "event_name", "face_module":
        values = [getattr(service, attribute) for service in services()]
        assert len(set(values)) == len(values)


def test_what_services_say_without_their_code_is_true_of_it():
    for service in services():
        names = service.operation_names
        assert set(service.entries) <= names
        assert {name for leading in service.failed_states.values() for name in leading} <= names
        assert service.receives == service.face.receivers.keys()
        for name, entries in service.entries.items():
            asked = service.model.operation(name).input
            assert entries.member in [member.name for member in asked.members]


class TestAServiceThatTheInstalledBotocoreLacks:
    @pytest.fixture(autouse=True)
    def _without_custom_event_buses(self, monkeypatch):
        monkeypatch.setattr(
            "eventmock.services.service.is_installed",
            lambda name: name != "eventbridgev2" and is_installed(name),
        )

    def test_it_is_not_in_the_table(self):
        assert "eventbridgev2" not in [service.name for service in services()]

    def test_no_mock_serves_it(self):
        with mock_events() as backend:
            assert not Gate(backend.state).serves("eventsv2")

    @pytest.mark.parametrize(
        "named", [{"service": "eventbridgev2"}, {"operation": "CreateSubscriber"}], ids=str
    )
    def test_a_fault_of_it_is_refused_with_the_version_of_botocore(self, named):
        with mock_events() as backend, pytest.raises(OptionError) as refused:
            backend.faults.inject("InternalException", **named)
        assert str(refused.value).endswith(f"(the installed botocore is {botocore.__version__})")
