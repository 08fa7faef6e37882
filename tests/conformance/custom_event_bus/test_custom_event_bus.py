"""What is known of the Custom Event Bus, replayed."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import boto3
import pytest

from eventmock import mock_events
from eventmock.services.table import services

HERE = Path(__file__).parent
Replay = runpy.run_path(str(HERE.with_name("scenarios") / "replay.py"))["Replay"]
BUILT = {service.name: service.face.operations for service in services()}


def is_built(step):
    """Whether the operation of a step has a function here, in the installed botocore."""
    return step["client"] == "harness" or step["op"] in BUILT.get(step["client"], ())


def read(name):
    lines = [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]
    built = [scenario for scenario in lines if all(map(is_built, scenario["op_sequence"]))]
    return [pytest.param(scenario, id=scenario["id"]) for scenario in built]


def make_client(service, region, account, config):
    return boto3.client(
        service, region_name=region, aws_access_key_id=account, aws_secret_access_key="x", config=config
    )


@pytest.mark.parametrize("scenario", read("custom_event_bus_dev.jsonl"))
def test_the_mock_does_what_is_known(scenario):
    with mock_events(start_time=scenario.get("start_time")) as backend:
        assert Replay(backend, make_client).run(scenario["op_sequence"]) is None
