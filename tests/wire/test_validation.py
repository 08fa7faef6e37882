from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from eventmock.services.events.model_corrections import CORRECTIONS
from eventmock.wire import AwsError, WireModel
from eventmock.wire.validation import java_pattern, java_text, validate

MODEL = WireModel("events", CORRECTIONS)


def message_of(operation, **members):
    with pytest.raises(AwsError) as caught:
        validate(MODEL.operation(operation).input, members)
    assert caught.value.code == "ValidationException"
    return caught.value.message


def test_a_request_within_its_constraints_passes():
    validate(MODEL.operation("PutRule").input, {"Name": "r", "State": "ENABLED"})


def test_an_operation_without_input_passes():
    validate(None, {})


def test_a_pattern():
    assert message_of("PutRule", Name="a b") == (
        "1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+"
    )


def test_a_length():
    name = "x" * 65
    assert message_of("PutRule", Name=name) == (
        f"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: "
        "Member must have length less than or equal to 64"
    )


def test_a_minimum_length():
    assert message_of("PutTargets", Rule="r", Targets=[]) == (
        "1 validation error detected: Value '[]' at 'targets' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1"
    )


def test_a_range():
    assert message_of("ListRules", Limit=101) == (
        "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: "
        "Member must have value less than or equal to 100"
    )
    assert "Member must have value greater than or equal to 1" in message_of("ListRules", Limit=0)


def test_an_enum():
    assert message_of("PutRule", Name="r", State="NOPE") == (
        "1 validation error detected: Value 'NOPE' at 'state' failed to satisfy constraint: Member must satisfy "
        "enum value set: [ENABLED, DISABLED, ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS]"
    )


def test_an_enum_in_the_service_s_own_order():
    message = message_of(
        "CreateApiDestination", Name="n", ConnectionArn="x", InvocationEndpoint="https://x", HttpMethod="x"
    )
    assert "enum value set: [HEAD, POST, PATCH, DELETE, PUT, GET, OPTIONS]" in message


def test_a_required_member():
    assert message_of("PutRule") == (
        "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"
    )


def test_pattern_comes_before_length_and_name_before_state():
    name = " " * 65
    message = message_of("PutRule", State="NOPE", Name=name)
    assert message.startswith(f"3 validation errors detected: Value '{name}' at 'name'")
    found = [message.index(words) for words in ("regular expression", "length less", "enum value set")]
    assert found == sorted(found)


def test_a_member_of_a_list_is_counted_from_one():
    targets = [{"Id": "ok", "Arn": "a"}, {"Id": "!", "Arn": "a"}]
    assert "Value '!' at 'targets.2.member.id'" in message_of("PutTargets", Rule="r", Targets=targets)


def test_a_nested_member_has_its_whole_path():
    targets = [{"Id": "i", "Arn": "a", "InputTransformer": {"InputTemplate": "x" * 8193}}]
    assert "at 'targets.1.member.inputTransformer.inputTemplate'" in message_of(
        "PutTargets", Rule="r", Targets=targets
    )


def test_items_of_a_list_of_texts_fail_together():
    assert message_of("RemoveTargets", Rule="r", Ids=["ok", "!"]) == (
        "1 validation error detected: Value '[ok, !]' at 'ids' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must have length less than or equal to 64, "
        "Member must have length greater than or equal to 1, "
        r"Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+]"
    )


def test_keys_of_a_map_fail_together():
    transformer = {"InputTemplate": "x", "InputPathsMap": {"aws.events.x": "$.a"}}
    message = message_of(
        "PutTargets", Rule="r", Targets=[{"Id": "i", "Arn": "a", "InputTransformer": transformer}]
    )
    assert "Value '{aws.events.x=$.a}' at 'targets.1.member.inputTransformer.inputPathsMap'" in message
    assert "Map keys must satisfy constraint: [" in message


def test_values_of_a_map_fail_together():
    transformer = {"InputTemplate": "x", "InputPathsMap": {"a": "$" * 257}}
    message = message_of(
        "PutTargets", Rule="r", Targets=[{"Id": "i", "Arn": "a", "InputTransformer": transformer}]
    )
    assert "Map value must satisfy constraint: [Member must have length less than or equal to 256]" in message


def test_a_sensitive_value_is_not_told():
    basic = {"Username": "u", "Password": "\x01secret"}
    message = message_of(
        "CreateConnection", Name="n", AuthorizationType="BASIC", AuthParameters={"BasicAuthParameters": basic}
    )
    assert "secret" not in message
    assert "Value at 'authParameters.basicAuthParameters.password' failed to satisfy" in message


def test_a_pattern_that_is_too_long_is_not_told():
    assert message_of("PutRule", Name="r", EventPattern="x" * 4097) == (
        "1 validation error detected: Value at 'eventPattern' failed to satisfy constraint: "
        "Member must have length less than or equal to 4096"
    )


def test_too_many_entries_print_as_java_prints_them():
    entry = {
        "Time": datetime(2022, 1, 2, 3, 4, 5, tzinfo=UTC),
        "Source": "S",
        "Resources": ["a", "b"],
        "Detail": '{ "a" : 1 }',
    }
    printed = (
        "PutEventsRequestEntry(time=Sun Jan 02 03:04:05 UTC 2022, source=S, resources=[a, b], detailType=null, "
        'detail={ "a" : 1 }, eventBusName=null, traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null)'
    )
    assert message_of("PutEvents", Entries=[entry] * 11) == (
        f"1 validation error detected: Value '[{', '.join([printed] * 11)}]' at 'entries' "
        "failed to satisfy constraint: Member must have length less than or equal to 10"
    )


def test_java_texts():
    put_rule, connection = MODEL.operation("DeleteRule").input, MODEL.operation("CreateConnection").input
    assert (
        java_text(put_rule, {"Name": "r", "Force": True})
        == "DeleteRuleRequest(name=r, eventBusName=null, force=true)"
    )
    members = {"AuthParameters": {"BasicAuthParameters": {"Username": "u", "Password": "p"}}}
    assert "password=***Sensitive Data Redacted***" in java_text(connection, members)


def test_every_pattern_of_both_models_compiles():
    for service in (MODEL, WireModel("appintegrations", CORRECTIONS)):
        for name in service.operation_names:
            validate(service.operation(name).output, {})
            try:
                validate(service.operation(name).input, {})
            except AwsError as error:
                assert "Member must not be null" in error.message  # noqa: PT017 - most have required members


def test_a_pattern_of_unicode_categories():
    pattern = java_pattern(r"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$")
    assert pattern.fullmatch("Größe 1 日本 tag:x")
    assert not pattern.fullmatch("a!b")
    assert not pattern.fullmatch("a\nb")


def test_java_s_digits_and_words_are_ascii():
    assert not java_pattern(r"\d{12}").fullmatch("\N{ARABIC-INDIC DIGIT ONE}" * 12)
    assert not java_pattern(r"\w+").fullmatch("é")


@pytest.mark.parametrize("end", ["\n", "\r", "\x85", "\u2028", "\u2029"])
def test_java_s_dot_stops_at_every_line_end(end):
    assert java_pattern(".*").fullmatch("abc")
    assert not java_pattern(".*").fullmatch(f"a{end}c")
    assert java_pattern(r"[.]\.[\s\S]*").fullmatch(f"..{end}")


def test_a_header_of_many_words_and_an_accent_is_refused_at_once():
    value = "word " * 27 + "é"
    header = {"HeaderParameters": [{"Key": "k", "Value": value}]}
    start = time.thread_time()
    message = message_of("CreateConnection", AuthParameters={"InvocationHttpParameters": header})
    assert time.thread_time() - start < 0.05
    assert "headerParameters.1.member.value' failed to satisfy constraint: Member must satisfy reg" in message


def test_a_password_that_ends_in_a_newline_is_refused_at_once():
    basic = {"Username": "u", "Password": "correct horse battery staple " * 10 + "\n"}
    start = time.thread_time()
    message = message_of("CreateConnection", AuthParameters={"BasicAuthParameters": basic})
    assert time.thread_time() - start < 0.05
    assert "at 'authParameters.basicAuthParameters.password' failed to satisfy constraint: Member" in message


def test_what_is_too_long_as_well_is_told_both_ways_at_once():
    uri = "s3://" + "a" * 2000 + "é"
    shape = WireModel("appintegrations", CORRECTIONS).operation("CreateDataIntegration").input
    start = time.thread_time()
    with pytest.raises(AwsError) as caught:
        validate(shape, {"Name": "n", "KmsKey": "k", "SourceURI": uri})
    assert time.thread_time() - start < 0.05
    where = f"Value '{uri}' at 'sourceURI' failed to satisfy constraint: Member must"
    assert caught.value.message == (
        f"2 validation errors detected: {where} satisfy regular expression pattern: "
        f"{shape.members[3].shape.pattern}; {where} have length less than or equal to 1000"
    )


@given(st.text())
def test_a_name_passes_or_fails_and_never_breaks(name):
    try:
        validate(MODEL.operation("PutRule").input, {"Name": name})
    except AwsError as error:
        assert "at 'name'" in error.message  # noqa: PT017 - both outcomes are right
    else:
        assert 0 < len(name) <= 64


def test_an_enum_is_taken_in_another_case_only_where_that_was_recorded():
    oauth = {
        "AuthorizationEndpoint": "https://a",
        "ClientParameters": {"ClientID": "i", "ClientSecret": "s"},
        "HttpMethod": "put",
    }
    parameters = {"OAuthParameters": oauth}
    connection = {"Name": "c", "AuthorizationType": "OAUTH_CLIENT_CREDENTIALS", "AuthParameters": parameters}
    validate(MODEL.operation("CreateConnection").input, connection)
    oauth["HttpMethod"] = "patch"
    assert "[GET, POST, PUT]" in message_of("CreateConnection", **connection)
    arn = "arn:aws:events:us-east-1:123456789012:connection/c/0-0"
    destination = {"Name": "d", "ConnectionArn": arn, "InvocationEndpoint": "https://a", "HttpMethod": "put"}
    assert "'put' at 'httpMethod'" in message_of("CreateApiDestination", **destination)


def test_the_advice_about_a_value_is_not_in_the_words_of_aws():
    arn = "arn:aws:events:us-east-1:123456789012:event-busv2/orders/0uaqfzwsdk4frump48y3tt3qd"
    with pytest.raises(AwsError) as caught:
        validate(MODEL.operation("PutRule").input, {"Name": "a b", "EventBusName": arn})
    assert "eventbridgev2" in caught.value.hint
    assert "eventbridgev2" not in caught.value.message
