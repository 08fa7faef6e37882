"""The cases through a boto3 client's TestEventPattern: verdict, code and message as AWS gives them.

A client asks for every recorded case, every generated case that is an error, and every tenth of the other generated
ones. `test_patterns.py` judges them all without the service, which hands a pattern and an event on as they are.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

HERE = Path(__file__).parent


def cases_of(name):
    path = HERE / name
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in text.decode("utf-8").split("\n") if line]


@pytest.mark.parametrize(
    ("name", "apart", "count"),
    [("patterns_dev.jsonl.gz", 10, 1789), ("patterns_aws_recorded.jsonl", 1, 176)],
)
def test_every_answer_is_the_expected_one(events, name, apart, count):
    different = []
    cases = [
        case for number, case in enumerate(cases_of(name)) if case["expect"] == "error" or number % apart == 0
    ]
    for case in cases:
        try:
            answer = events.test_event_pattern(EventPattern=case["pattern"], Event=case["event"])
            got = (answer["Result"], None, None)
        except ClientError as error:
            got = ("error", error.response["Error"]["Code"], error.response["Error"]["Message"])
        if got != (case["expect"], case["code"], case["error"]):
            different.append((case["id"], got))
    assert len(cases) == count
    assert different == []
