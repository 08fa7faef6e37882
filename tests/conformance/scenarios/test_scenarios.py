"""What real AWS answered, replayed."""

from __future__ import annotations

import json
import runpy
from contextlib import nullcontext
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

HERE = Path(__file__).parent
Replay = runpy.run_path(str(HERE / "replay.py"))["Replay"]
SCENARIOS = [json.loads(line) for line in (HERE / "aws_scenarios_dev.jsonl").read_text("utf-8").splitlines()]


def make_client(service, region, account, config):
    return boto3.client(
        service, region_name=region, aws_access_key_id=account, aws_secret_access_key="x", config=config
    )


@pytest.mark.parametrize("scenario", [pytest.param(scenario, id=scenario["id"]) for scenario in SCENARIOS])
def test_the_answers_are_those_of_aws(scenario, events_backend):
    shown = boto3.client("events").meta.service_model.operation_model("DescribeEventBus").output_shape.members
    if "CreationTime" not in shown and scenario["id"].startswith(("bus.", "permission.")):
        pytest.skip("this botocore does not show the times of a bus, which were recorded")
    with mock_aws() if "secretsmanager" in scenario["requires"] else nullcontext():
        assert Replay(events_backend, make_client).run(scenario["op_sequence"]) is None
