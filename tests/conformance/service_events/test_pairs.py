"""The catalogue has each pair of the data, with all its members, and a sample that reaches a rule on the pair."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from eventmock import mock_events
from eventmock.aws_events import catalogue
from eventmock.aws_events.advice import advice_about, has, paths_of
from eventmock.aws_events.cloudtrail import DETAIL_TYPES
from eventmock.aws_events.samples import sample_event
from eventmock.aws_events.sources import is_durable

LINES = gzip.decompress(Path(__file__).with_name("pairs.jsonl.gz").read_bytes()).decode().splitlines()
ROWS = [json.loads(line) for line in LINES]
SOURCES = sorted({row["source"] for row in ROWS})
OWN = [row for row in ROWS if row["detail-type"] not in DETAIL_TYPES]
DURABLE_BUT_LISTED_AS_NOT_READ = {
    "aws.braket",
    "aws.codeartifact",
    "aws.geo",
    "aws.iotanalytics",
    "aws.translate",
}

OPTIONAL_OBJECTS = {
    "session.fraudDetectionResult.riskDetails.knownFraudsterRisk",
    "session.fraudDetectionResult.riskDetails.voiceSpoofingRisk",
}
"""Objects that a schema does not require; their members are in `required` all the same."""


def pair(row):
    return f"{row['source']}, {row['detail-type']}"


def test_the_data_has_what_the_page_says():
    assert Counter(row["values"] for row in ROWS) == {
        "published sample": 91,
        "keys AWS's, values ours": 38,
        "made from the schema": 288,
        "keys and constants as AWS shows them": 100,
    }
    assert len({pair(row) for row in ROWS}) == 517


@pytest.mark.parametrize("source", SOURCES)
def test_each_sample_reaches_a_rule_on_its_pair_and_no_other(source):
    rows = [row for row in ROWS if row["source"] == source]
    with mock_events() as backend:
        events = backend.client()
        for number, row in enumerate(rows):
            pattern = {"source": [source], "detail-type": [row["detail-type"]]}
            events.put_rule(Name=str(number), EventPattern=json.dumps(pattern))
        matched = [backend.emit_sample(source, row["detail-type"]).matched for row in rows]
    assert matched == [[str(number)] for number in range(len(rows))]


@pytest.mark.parametrize("row", OWN, ids=pair)
def test_the_catalogue_has_each_member_with_its_kind(row):
    kind = catalogue.find(row["source"], row["detail-type"])
    assert [path for path in row["members"] if not has(kind, path)] == []
    assert [path for path in row["required"] if not has(kind, path)] == []


@pytest.mark.parametrize("row", OWN, ids=pair)
def test_the_sample_has_what_the_schema_requires_and_nothing_to_be_said_about(row):
    event = sample_event(catalogue.find(row["source"], row["detail-type"]), {})
    assert advice_about(row["source"], row["detail-type"], "us-east-1", event["detail"]) == []
    lacks = set(row["required"]) - set(paths_of(event["detail"])) - {"source-ip-address"}
    assert {
        path for path in lacks if not any(path.startswith(f"{other}.") for other in OPTIONAL_OBJECTS)
    } == set()


@pytest.mark.parametrize("row", ROWS, ids=pair)
def test_the_delivery_is_that_of_the_services_page(row):
    if row["delivery"] is not None:
        assert is_durable(row["source"], row["detail-type"]) is (row["delivery"] == "durable")
    elif is_durable(row["source"], row["detail-type"]):
        assert row["source"] in DURABLE_BUT_LISTED_AS_NOT_READ
