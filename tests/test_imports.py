"""What a test does not use is not imported: a run of pytest with one small test shows what it has loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

MOST_MODULES = 133
"""The most modules of eventmock for a test that puts a rule, a target and an event, and looks at the delivery.

Each costs such a run 0.3 to 1 ms. A test that goes beyond the number shows that a module is imported at the top of
another one and not where it is used. What every event passes on its way to a target may raise the number, and so may
the one module of a new service.
"""
NOT_USED = (
    "aws_events",
    "aws_events.logged_calls",
    "aws_events.s3",
    "backend.assertions.failure",
    "backend.assertions.filters",
    "backend.assertions.scope",
    "backend.explanation",
    "backend.function_target",
    "backend.report",
    "backend.schemas",
    "backend.service_events",
    "commands",
    "coverage",
    "delivery.http_mocks",
    "history.incident",
    "history.verdict",
    "mock.caller",
    "mock.decorators",
    "mock.guard",
    "mock.patch.aiobotocore",
    "mock.patch.api_calls",
    "mock.patch.guarding",
    "mock.patch.moto_s3",
    "mock.patch.wrappers",
    "mutants",
    "parts.contract",
    "pattern.addresses",
    "pattern.algebra",
    "pattern.answers",
    "pattern.array_agreement",
    "pattern.box_cover",
    "pattern.complexity",
    "pattern.event_of_leaves",
    "pattern.explanation",
    "pattern.hints",
    "pattern.implication",
    "pattern.letter_case",
    "pattern.merged_terms",
    "pattern.operator_probes",
    "pattern.operator_syntax",
    "pattern.operators",
    "pattern.overlap",
    "pattern.path_states",
    "pattern.points",
    "pattern.probe_tables",
    "pattern.range_table",
    "pattern.string_classes",
    "pattern.value_classes",
    "plugin.coverage",
    "plugin.guard",
    "plugin.run_report",
    "schedule",
    "schemas",
    "services.appintegrations.face",
    "services.custom_event_bus.face",
    "services.events.api_destinations",
    "services.events.archives",
    "services.events.bus_hops",
    "services.events.connections",
    "services.events.coverage",
    "services.events.endpoints",
    "services.events.endpoint_routing",
    "services.events.health_checks",
    "services.events.moto_events",
    "services.events.partner_events",
    "services.events.permissions",
    "services.events.policy_evaluation",
    "services.events.replays",
    "services.events.rule_notes",
    "services.events.scheduled_rules",
    "services.events.silent_buckets",
    "services.events.service_events",
    "services.events.state_events",
    "services.scheduler.face",
    "strategies",
    "target_kinds.lambda_function",
    "target_kinds.http_call",
    "trace",
    "transform.input_transformer",
    "transform.json_path",
    "wire.cbor",
    "wire.pagination",
)
"""Modules and packages that the test has no use for."""
ONE_TEST = """
import boto3


def test_it(events_backend):
    events = boto3.client("events", region_name="us-east-1")
    events.put_rule(Name="r", EventPattern='{"source": ["shop"], "detail": {"state": ["PAID"]}}')
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}])
    events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": '{"state": "PAID"}'}])
    [delivery] = events_backend.deliveries
    assert delivery.event["detail"]["state"] == "PAID"
"""
NO_MOCK = """
def test_it():
    pass
"""
SHOW = """
import sys


def pytest_unconfigure():
    names = [name for name in sys.modules if name.partition(".")[0] in ("eventmock", "boto3", "botocore", "wrapt")]
    sys.stderr.write("loaded: " + " ".join(sorted(names)))
"""


@pytest.fixture
def loaded_by(tmp_path):
    """A function that runs pytest on a module in a process of its own, and returns the modules that were loaded."""

    def run(test):
        (tmp_path / "test_it.py").write_text(test, encoding="utf-8")
        (tmp_path / "show_modules.py").write_text(SHOW, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "show_modules", "-p", "no:cacheprovider"]
        process = subprocess.run(
            [*command, "--rootdir", str(tmp_path), "-c", os.devnull, str(tmp_path)],
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            check=False,
            capture_output=True,
            text=True,
        )
        assert process.returncode == 0, process.stdout
        return process.stderr.rpartition("loaded: ")[2].split()

    return run


def test_a_test_with_one_event_loads_what_it_uses(loaded_by):
    loaded = [name for name in loaded_by(ONE_TEST) if name.partition(".")[0] == "eventmock"]
    assert len(loaded) <= MOST_MODULES, "\n".join(loaded)
    names = {name.removeprefix("eventmock.") for name in loaded}
    assert sorted(names & set(NOT_USED)) == []


@pytest.mark.parametrize("name", NOT_USED)
def test_each_of_them_exists(name):
    assert find_spec(f"eventmock.{name}") is not None


def test_a_run_without_a_mock_loads_the_plugin_only(loaded_by):
    loaded = loaded_by(NO_MOCK)
    assert [name for name in loaded if name.partition(".")[0] != "eventmock"] == []
    assert len(loaded) <= 20, "\n".join(loaded)
