"""Every recorded and generated case, judged by `eventmock.pattern` directly; see README.md for where they come from."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from eventmock import pattern
from eventmock.pattern.event_text import plain_values

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
EVENT_FILES: Final = (
    "patterns_aws_recorded.jsonl",
    "patterns_dev.jsonl.gz",
    "patterns_event_ruler_correctness.jsonl",
    "patterns_interference.jsonl",
    "multirule_dev.jsonl.gz",
)


def cases(file: str) -> Iterator[dict[str, Any]]:
    path = HERE / file
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return map(json.loads, text.decode().splitlines())


def answer(pattern_text: str, event_text: str) -> tuple[bool | str, str | None, str | None]:
    """The verdict, and code and message of a refusal, as the service would give them."""
    try:
        return pattern.compile(pattern_text).matches(event_text), None, None
    except pattern.EngineFailure as failure:
        return "error", "InternalFailure", str(failure)
    except pattern.InvalidPattern as refusal:
        return "error", "InvalidEventPatternException", str(refusal)


def is_about_the_envelope(case: dict[str, Any]) -> bool:
    """Whether the service refuses the event: required fields and time are not the engine's to check."""
    return case["code"] == "ValidationException"


@pytest.mark.parametrize(
    ("file", "judged", "about_the_envelope"),
    [
        ("patterns_aws_recorded.jsonl", 173, 3),
        ("patterns_dev.jsonl.gz", 5920, 80),
        ("patterns_event_ruler_correctness.jsonl", 51, 0),
    ],
)
def test_every_verdict_and_error_text_is_the_expected_one(file, judged, about_the_envelope):
    all_cases = list(cases(file))
    differences, envelope = [], 0
    for case in all_cases:
        if is_about_the_envelope(case):
            envelope += 1
            continue
        expected = case["expect"], case["code"], case["error"]
        actual = answer(case["pattern"], case["event"])
        if expected != actual:
            differences.append((case["id"], expected, actual))
    assert differences == []
    assert (judged, about_the_envelope) == (len(all_cases) - envelope, envelope)


def test_recorded_operations_answer_the_same():
    differences, envelope = [], 0
    for case in cases("aws_patterns_dev.jsonl"):
        for operation in case["op_sequence"]:
            params, expected = operation["params"], operation["expect"]
            error = expected.get("error")
            if error and error["code"] == "ValidationException":
                envelope += 1
                continue
            verdict, code, message = answer(params["EventPattern"], params["Event"])
            if error:
                actual = {"code": code, "first_line": (message or "").partition("\n")[0]}
                if error != actual or case.get("verbatim_message", message) != message:
                    differences.append((case["id"], error, message))
            elif expected["response"] != {"Result": verdict}:
                differences.append((case["id"], expected, verdict))
    assert differences == []
    assert envelope == 0


def read(event_text: str) -> str | dict[str, list[tuple[str, str, int]]]:
    """The leaves that an event has on each path, or the reason why it is refused."""
    try:
        found = pattern.read_event(event_text).leaves
    except pattern.InvalidEvent as refusal:
        return str(refusal)
    return {
        path: [(repr(leaf.value), repr(leaf.key), leaf.element.depth if leaf.element else 0) for leaf in held]
        for path, held in found.items()
    }


def test_every_event_is_read_as_by_the_exact_reader(monkeypatch):
    events = {case["event"] for file in EVENT_FILES for case in cases(file)}
    for case in cases("aws_patterns_dev.jsonl"):
        events.update(operation["params"]["Event"] for operation in case["op_sequence"])
    fast = {event: read(event) for event in events}
    read_as_python_does = sum(plain_values(event, pattern.DEEPEST) is not None for event in events)
    monkeypatch.setattr("eventmock.pattern.leaves.plain_values", lambda text, deepest: None)  # noqa: ARG005
    differences = [event for event in events if fast[event] != read(event)]
    assert differences == []
    assert (read_as_python_does, len(events)) == (5974, 6284)


def test_terms_do_not_disturb_one_another():
    differences = [
        case["id"]
        for case in cases("patterns_interference.jsonl")
        if answer(case["pattern"], case["event"])[0] is not case["per_term"]
    ]
    assert differences == []


def set_of(rules: dict[str, str] | dict[str, pattern.Pattern]) -> pattern.PatternSet:
    patterns = pattern.PatternSet()
    for name, rule in rules.items():
        patterns.add(name, rule)
    return patterns


def test_many_rules_match_as_expected_alone_and_together():
    """Of an event as text, and of one that was read; in sets of texts, and of patterns that were compiled."""
    differences = []
    for case in cases("multirule_dev.jsonl.gz"):
        compiled = {name: pattern.compile(rule) for name, rule in case["rules"].items()}
        for event, rules in (
            (case["event"], case["rules"]),
            (pattern.read_event(case["event"]), compiled),
        ):
            alone = sorted(name for name, rule in compiled.items() if rule.matches(event))
            together = set_of(rules).matching(event)
            differences += [
                (case["id"], type(event), sorted(set(matched) ^ set(case["matched"])))
                for matched in (alone, together)
                if matched != case["matched"]
            ]
    assert differences == []


def test_generated_patterns_in_large_sets_match_as_each_does_alone():
    judged = [case for case in cases("patterns_dev.jsonl.gz") if case["expect"] != "error"]
    differences, events_asked = [], 0
    for start in range(0, len(judged), 500):
        part = judged[start : start + 500]
        compiled = {case["id"]: pattern.compile(case["pattern"]) for case in part}
        patterns = pattern.PatternSet()
        for name, one in compiled.items():
            patterns.add(name, one)
        for case in part[::10]:
            events_asked += 1
            for event in (case["event"], json.loads(case["event"])):
                try:
                    read = pattern.read_event(event)
                except pattern.InvalidEvent:  # of an object, a number beyond the doubles
                    continue
                expected = sorted(name for name, one in compiled.items() if one.matches(read))
                if not expected == patterns.matching(event) == patterns.matching(read):
                    differences.append((case["id"], type(event)))
    assert differences == []
    assert events_asked == 468
