from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from eventmock.services.table import services

DOCS = Path(__file__).parents[1] / "docs"
KNOWN = {name for service in services() for name in service.operation_names}
QUEUE = "arn:aws:sqs:us-east-1:123456789012:trouble"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/orders"
of_a_newer_botocore = pytest.mark.skipif(
    "RotateWebhookCredentials" not in KNOWN, reason="the page tells of a newer botocore"
)


@pytest.fixture(scope="module")
def written():
    return runpy.run_path(str(DOCS / "write_coverage.py"))


@of_a_newer_botocore
def test_the_page_on_coverage_is_what_the_code_says(written):
    text = (DOCS / "coverage.md").read_text("utf-8")
    assert text == written["page"](), "run: python docs/write_coverage.py"


@of_a_newer_botocore
class TestOptions:
    """What the page says of options that are kept and shown."""

    def test_a_key_is_kept_and_shown_and_none_is_looked_for(self, events):
        key = {"KmsKeyIdentifier": "alias/nowhere"}
        basic = {"BasicAuthParameters": {"Username": "u", "Password": "p"}}
        events.create_event_bus(Name="orders", **key)
        events.create_archive(ArchiveName="a", EventSourceArn=BUS, **key)
        events.create_connection(Name="c", AuthorizationType="BASIC", AuthParameters=basic, **key)
        for shown in (
            events.describe_event_bus(Name="orders"),
            events.describe_archive(ArchiveName="a"),
            events.describe_connection(Name="c"),
        ):
            assert shown["KmsKeyIdentifier"] == "alias/nowhere"

    def test_a_bus_s_dead_letter_queue_is_kept_and_gets_nothing(self, events, events_backend, order):
        config = {"DeadLetterConfig": {"Arn": QUEUE}}
        events.create_event_bus(Name="orders", KmsKeyIdentifier="alias/nowhere", **config)
        assert events.describe_event_bus(Name="orders")["DeadLetterConfig"] == {"Arn": QUEUE}
        events.put_rule(Name="r", EventBusName="orders", EventPattern='{"source": ["shop"]}')
        events_backend.faults.inject("AccessDeniedException", delivery=True)
        target = events_backend.target("r", bus="orders")
        events.put_events(Entries=[order | {"EventBusName": "orders"}])
        assert [one.status for one in target.deliveries] == ["dropped"]
        assert events_backend.dead_letters == []

    def test_logs_are_configured_and_not_written(self, events, events_backend, order):
        log = {"IncludeDetail": "FULL", "Level": "TRACE"}
        events.create_event_bus(Name="orders", LogConfig=log)
        assert events.describe_event_bus(Name="orders")["LogConfig"] == log
        events.put_events(Entries=[order | {"EventBusName": "orders"}])
        assert events_backend.deliveries == []
        assert "order from shop put on" in str(events_backend.trace)

    def test_a_private_connection_s_calls_go_to_whoever_answers(self, events, events_backend, order):
        lattice = "arn:aws:vpc-lattice:us-east-1:123456789012:resourceconfiguration/rcfg-0123456789abcdefg"
        connection = events.create_connection(
            Name="c",
            AuthorizationType="BASIC",
            AuthParameters={"BasicAuthParameters": {"Username": "u", "Password": "p"}},
            InvocationConnectivityParameters={"ResourceParameters": {"ResourceConfigurationArn": lattice}},
        )
        destination = events.create_api_destination(
            Name="d",
            ConnectionArn=connection["ConnectionArn"],
            InvocationEndpoint="https://inside.example.com",
            HttpMethod="POST",
        )
        calls = []
        events_backend.http("https://inside.example.com", calls.append)
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        role = "arn:aws:iam::123456789012:role/r"
        target = {"Id": "d", "Arn": destination["ApiDestinationArn"], "RoleArn": role}
        events.put_targets(Rule="r", Targets=[target])
        events.put_events(Entries=[order])
        assert len(calls) == 1
