"""Input shaping against what AWS delivered; see README.md beside this file."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from eventmock.transform.input_shape import InputShape
from eventmock.transform.refusals import InvalidInput, InvalidJson

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "input_transform_dev.jsonl").read_text("utf-8").splitlines()
    if line.strip()
]


def same(expected, actual):
    if expected == "$ANY":
        return actual is not None
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(same(expected[key], actual[key]) for key in expected)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    return type(expected) is type(actual) and expected == actual


def render(case):
    return InputShape.from_target(case["target"]).render(
        json.dumps(case["event"], separators=(",", ":")),
        rule_arn=case["rule"]["arn"],
        rule_name=case["rule"]["name"],
        ingestion_time=datetime.fromisoformat(case["ingestion_time"]),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_target_receives_what_it_received_from_aws(case):
    expect = case["expect"]
    if "put_targets_error" in expect:
        with pytest.raises(InvalidInput) as refused:
            InputShape.from_target(case["target"])
        assert refused.value.message_for("t1") == expect["put_targets_error"]["message"]
    elif expect.get("not_delivered"):
        with pytest.raises(InvalidJson):
            render(case)
    elif "delivered" in expect:
        assert render(case) == expect["delivered"]
    elif "delivered_regex" in expect:
        assert re.fullmatch(expect["delivered_regex"], render(case), re.DOTALL)
    else:
        text = render(case)
        assert same(expect["delivered_json"], json.loads(text)), text


def test_the_file_holds_cases_of_every_way_of_judging():
    assert {key for case in CASES for key in case["expect"]} >= {
        "delivered",
        "delivered_json",
        "not_delivered",
        "put_targets_error",
    }
