import pickle

import pytest

from eventmock.transform import refusals
from eventmock.transform.json_text import JsonText, NotJson


def not_json(text):
    with pytest.raises(NotJson) as caught:
        JsonText.parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("refusal", "message", "reason"),
    [
        (
            refusals.only_one_member(["Input", "InputPath"]),
            "Only one of Input, InputPath, or InputTransformer must be provided for target t1.",
            "a target takes one of Input, InputPath and InputTransformer; Input and InputPath were given",
        ),
        (
            refusals.input_not_json(not_json("not-json")),
            'JSON syntax error in input for target t1: [Source: (String)"not-json"; line: 1, column: 1]',
            (
                "Input must be JSON (a plain text needs quotes of its own): "
                "not JSON at line 1, column 1: 'not-json' stands where a JSON value should"
            ),
        ),
        (refusals.invalid_path("why"), "InputPath for target t1 is invalid.", "why"),
        (
            refusals.unknown_placeholder("x", ["b", "a"]),
            "InputTemplate for target t1 contains invalid placeholder x.",
            "<x> is neither reserved nor a key of InputPathsMap (its keys: a, b)",
        ),
        (
            refusals.unknown_placeholder("x", []),
            "InputTemplate for target t1 contains invalid placeholder x.",
            "<x> is neither reserved nor a key of InputPathsMap (its keys: none)",
        ),
        (
            refusals.placeholder_as_key("x"),
            "InputTemplate for target t1 contains invalid placeholder x.",
            "<x> stands in the name of a member; placeholders may only stand in values",
        ),
        (
            refusals.placeholder_outside_json_object("aws.events.event"),
            "InputTemplate for target t1 contains placeholder aws.events.event valid only for JSON template.",
            "<aws.events.event> may only be a value in a JSON object template, without quotes round it",
        ),
    ],
)
def test_each_refusal_speaks_with_two_voices(refusal, message, reason):
    assert refusal.message_for("t1") == message
    assert str(refusal) == refusal.reason == reason


def test_a_long_input_is_cut_as_jackson_cuts_it():
    message = refusals.input_not_json(not_json("x" * 512)).message_for("t1")
    assert message == (
        f'JSON syntax error in input for target t1: [Source: (String)"{"x" * 500}"[truncated 12 chars]; '
        "line: 1, column: 1]"
    )


def test_the_errors_can_be_pickled():
    refused = pickle.loads(pickle.dumps(refusals.invalid_path("why")))  # noqa: S301 - our own bytes
    assert refused.message_for("t1") == "InputPath for target t1 is invalid."
    dropped = pickle.loads(pickle.dumps(refusals.InvalidJson("body", "why")))  # noqa: S301 - our own bytes
    assert (dropped.body, dropped.reason, str(dropped)) == ("body", "why", "why")
