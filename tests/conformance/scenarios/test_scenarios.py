"""What real AWS answered, replayed."""

from __future__ import annotations

import json
import runpy
from contextlib import nullcontext
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from eventmock import mock_events

HERE = Path(__file__).parent
Replay = runpy.run_path(str(HERE / "replay.py"))["Replay"]


def read(name):
    lines = [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]
    return [pytest.param(scenario, id=scenario["id"]) for scenario in lines]


def make_client(service, region, account, config):
    return boto3.client(
        service, region_name=region, aws_access_key_id=account, aws_secret_access_key="x", config=config
    )


@pytest.mark.parametrize("scenario", read("aws_scenarios_dev.jsonl"))
def test_the_answers_are_those_of_aws(scenario, events_backend):
    shown = boto3.client("events").meta.service_model.operation_model("DescribeEventBus").output_shape.members
    if "CreationTime" not in shown and scenario["id"].startswith(("bus.", "permission.")):
        pytest.skip("this botocore does not show the times of a bus, which were recorded")
    with mock_aws() if "secretsmanager" in scenario["requires"] else nullcontext():
        assert Replay(events_backend, make_client).run(scenario["op_sequence"]) is None


@pytest.mark.parametrize("scenario", read("reported_faults_dev.jsonl"))
def test_the_answers_are_those_that_users_of_aws_report(scenario):
    with mock_aws(), mock_events() as backend:
        assert Replay(backend, make_client).run(scenario["op_sequence"]) is None
