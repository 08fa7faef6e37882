from __future__ import annotations

import pytest

INVALID = "InvalidInputException"
EXPRESSION = {"JsonataConfiguration": {"Expression": "{% $events.Data %}"}}
CLASSIC = "arn:aws:events:us-east-1:123456789012:event-bus/default"


@pytest.mark.parametrize("given", [{}, {"Type": "RAW"}])
def test_raw_is_the_default(subscribe, shown, given):
    assert shown(subscribe(Transformer=given))["Transformer"] == {"Type": "RAW"}


def test_an_expression_is_shown(subscribe, shown):
    pytest.importorskip("jsonata")
    given = {"Type": "JSONATA", **EXPRESSION}
    assert shown(subscribe(Transformer=given))["Transformer"] == given


def test_jsonata_needs_an_expression(subscribe, error_of):
    assert error_of(subscribe, Transformer={"Type": "JSONATA"}) == (
        INVALID,
        "Transformer.JsonataConfiguration is required when Type is JSONATA",
    )


@pytest.mark.parametrize("type_", [{}, {"Type": "RAW"}, {"Type": "WITH_METADATA"}], ids=str)
def test_other_types_have_none(subscribe, error_of, type_):
    assert error_of(subscribe, Transformer={**type_, **EXPRESSION}) == (
        INVALID,
        "Transformer.JsonataConfiguration must not be provided unless Type is JSONATA",
    )


def test_an_expression_has_to_parse(subscribe, error_of):
    pytest.importorskip("jsonata")
    given = {"Type": "JSONATA", "JsonataConfiguration": {"Expression": "{% $events. %}"}}
    assert error_of(subscribe, Transformer=given) == (
        INVALID,
        "Transformer.JsonataConfiguration.Expression is not a valid JSONata expression",
    )


@pytest.mark.parametrize("text", ["$events", "{% %", "{%%}", "{% a %} "])
def test_the_model_wants_the_delimiters(subscribe, error_of, text):
    given = {"Type": "JSONATA", "JsonataConfiguration": {"Expression": text}}
    code, message = error_of(subscribe, Transformer=given)
    assert (code, message.startswith("1 validation error detected")) == (INVALID, True)


@pytest.mark.parametrize("given", [{}, {"Type": "RAW"}, {"Type": "WITH_METADATA"}], ids=str)
def test_a_universal_target_refuses_any(subscribe, error_of, given):
    invoke = {"UniversalTargetParameters": {"Input": '{"Message":"m"}'}}
    assert error_of(
        subscribe,
        target="arn:aws:events:::aws-sdk:sns:publish",
        invoke=invoke,
        Transformer=given,
        BatchConfiguration={"MaxBatchSize": 1, "MaxBatchWindowInSeconds": 0},
    ) == (INVALID, "Transformer is not supported when TargetArn is a USI target")


def test_a_classic_bus_takes_raw_only(subscribe, client, error_of):
    for type_ in ("WITH_METADATA", "JSONATA"):
        code, message = error_of(subscribe, target=CLASSIC, Transformer={"Type": type_})
        assert (code, message.startswith(f"Transformer.Type {type_} is not supported")) == (INVALID, True)
    arn = subscribe(target=CLASSIC, Transformer={"Type": "RAW"})
    given = {"Type": "WITH_METADATA"}
    assert error_of(client.update_subscriber, SubscriberArn=arn, Transformer=given)[0] == INVALID
