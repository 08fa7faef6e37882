from __future__ import annotations

import pytest

from eventmock.services.custom_event_bus.kinds import KINDS
from eventmock.services.custom_event_bus.msk_connectivity import are_msk_clusters_known
from tests.services.custom_event_bus.test_target_checks import NEEDED, TARGETS

INVALID = "InvalidInputException"
BLOCKS = sorted(
    {kind.block for kind in KINDS.values() if kind.block is not None}
    - ({"MskParameters"} if not are_msk_clusters_known() else set())
)
UNIVERSAL = "UniversalTargetParameters"
SMALLEST = {block: {} for block in BLOCKS} | {UNIVERSAL: {"Input": "{}"}} | NEEDED.get("MSK cluster", {})
BROKEN = "{% $events. %}"


@pytest.mark.parametrize("kind", TARGETS)
@pytest.mark.parametrize("block", BLOCKS)
def test_a_target_has_its_own_block_only(subscribe, shown, error_of, kind, block):
    target, wanted = TARGETS[kind], KINDS[kind].block
    invoke = {block: SMALLEST[block]}
    if block == wanted:
        assert shown(subscribe(target=target, invoke=invoke))["InvokeConfiguration"][block] == SMALLEST[block]
        return
    text = f"{block} is not supported for target {target}. Expected {wanted or 'no target parameters'}"
    if block == UNIVERSAL:
        text = f"{UNIVERSAL} is only supported when TargetArn is a USI target"
    assert error_of(subscribe, target=target, invoke=invoke) == (INVALID, text)


def test_two_blocks_are_refused(subscribe, error_of):
    code, message = error_of(subscribe, invoke={"SqsParameters": {}, "SnsParameters": {}})
    assert (code, message.startswith("SnsParameters is not supported for target")) == (INVALID, True)


@pytest.mark.parametrize(
    ("kind", "block"),
    [
        ("SQS queue", {"DelaySeconds": "999999", "MessageDeduplicationId": "d", "MessageGroupId": "g"}),
        ("SQS FIFO queue", {}),
        ("SNS topic", {"Subject": "x" * 101}),
        ("Kinesis stream", {}),
        ("Lambda function", {"Qualifier": "no such one", "InvocationType": "REQUEST_RESPONSE"}),
    ],
)
def test_what_the_target_may_refuse_is_not_checked(subscribe, kind, block):
    subscribe(target=TARGETS[kind], invoke={KINDS[kind].block: block})


@pytest.mark.parametrize("kind", ["Lambda function", "Step Functions state machine"])
@pytest.mark.parametrize("type_", ["Event", "{% 'EVENT' %}"])
def test_an_invocation_type_is_no_expression(subscribe, error_of, kind, type_):
    block = KINDS[kind].block
    assert error_of(subscribe, target=TARGETS[kind], invoke={block: {"InvocationType": type_}}) == (
        INVALID,
        f"1 validation error detected: Value at 'invokeConfiguration.{block[:1].lower()}{block[1:]}.invocationType' "
        "failed to satisfy constraint: Member must satisfy enum value set: [REQUEST_RESPONSE, EVENT]",
    )


class TestExpressions:
    """JSONata is evaluated by a package that need not be installed."""

    PLACES = (
        ("SQS queue", {"MessageGroupId": BROKEN}, "MessageGroupId"),
        (
            "SQS queue",
            {"MessageAttributes": {BROKEN: {"DataType": "String", "StringValue": "v"}}},
            "MessageAttributes",
        ),
        (
            "SQS queue",
            {"MessageSystemAttributes": {"a": {"StringValue": BROKEN}}},
            "MessageSystemAttributes.StringValue",
        ),
        ("SNS topic", {"Subject": BROKEN}, "Subject"),
        ("Kinesis stream", {"PartitionKey": BROKEN}, "PartitionKey"),
        ("Step Functions state machine", {"InvocationTimeoutSeconds": BROKEN}, "InvocationTimeoutSeconds"),
        ("API destination", {"PathParameterValues": ["a", BROKEN]}, "PathParameterValues"),
        ("API destination", {"HeaderParameters": {BROKEN: "v"}}, "HeaderParameters"),
        ("API Gateway API", {"QueryStringParameters": {"a": BROKEN}}, "QueryStringParameters"),
        ("Custom Event Bus", {"Metadata": {"a": BROKEN}}, "Metadata"),
        (
            "Custom Event Bus",
            {"SystemMetadata": {"EventGroupId": BROKEN}},
            "SystemMetadata.EventGroupId",
        ),
    )

    @pytest.mark.parametrize(
        ("kind", "block", "path"), PLACES, ids=[f"{place[0]} {place[2]}" for place in PLACES]
    )
    def test_one_that_does_not_parse_is_refused_by_the_name_of_its_member(
        self, subscribe, error_of, kind, block, path
    ):
        pytest.importorskip("jsonata")
        name = KINDS[kind].block
        assert error_of(subscribe, target=TARGETS[kind], invoke={name: block}) == (
            INVALID,
            f"{name}.{path} is not a valid JSONata expression",
        )

    @pytest.mark.parametrize("text", [f"{BROKEN} and more", f" {BROKEN}", "{%%}", "{% "])
    def test_one_within_a_longer_text_is_none(self, subscribe, text):
        subscribe(invoke={"SqsParameters": {"MessageGroupId": text}})

    def test_a_data_type_is_none(self, subscribe):
        attributes = {"a": {"DataType": BROKEN, "StringValue": "v"}}
        subscribe(invoke={"SqsParameters": {"MessageAttributes": attributes}})

    def test_an_attribute_may_have_the_name_of_a_literal_member(self, subscribe, error_of):
        pytest.importorskip("jsonata")
        attributes = {"DataType": {"DataType": "String", "StringValue": BROKEN}}
        code, _ = error_of(subscribe, invoke={"SqsParameters": {"MessageAttributes": attributes}})
        assert code == INVALID


class TestHeaders:
    @pytest.mark.parametrize(
        "name", ["authorization", "Host", "X-Amz-Date", "x-amzn-trace-id", "{% $events.Data.h %}"]
    )
    def test_api_gateway_signs_these_itself(self, subscribe, error_of, name):
        invoke = {"HttpParameters": {"HeaderParameters": {name: "v"}}}
        code, message = error_of(subscribe, target=TARGETS["API Gateway API"], invoke=invoke)
        assert (code, message.startswith("HttpParameters.HeaderParameters: ")) == (INVALID, True)

    def test_api_destinations_take_them(self, subscribe):
        headers = {"Authorization": "v", "Host": "h", "X-Amz-Date": "d"}
        invoke = {"HttpParameters": {"HeaderParameters": headers}}
        subscribe(target=TARGETS["API destination"], invoke=invoke)


class TestTimeouts:
    @pytest.mark.parametrize("timeout", ["1", "30", "{% 31 %}"])
    def test_of_1_to_30_seconds(self, subscribe, timeout):
        if timeout.startswith("{%"):
            pytest.importorskip("jsonata")
        invoke = {"LambdaParameters": {"InvocationTimeoutSeconds": timeout}}
        subscribe(target=TARGETS["Lambda function"], invoke=invoke)

    @pytest.mark.parametrize("timeout", ["0", "31", "-1", "1.5", "x", "", "²", "1" * 5000])
    def test_others_are_refused(self, subscribe, error_of, timeout):
        invoke = {"HttpParameters": {"InvocationTimeoutSeconds": timeout}}
        code, message = error_of(subscribe, target=TARGETS["API Gateway API"], invoke=invoke)
        assert (code, message) == (
            INVALID,
            "HttpParameters.InvocationTimeoutSeconds must be a whole number from 1 to 30 or an expression",
        )

    def test_an_api_destination_has_none(self, subscribe, error_of):
        invoke = {"HttpParameters": {"InvocationTimeoutSeconds": "5"}}
        assert error_of(subscribe, target=TARGETS["API destination"], invoke=invoke) == (
            INVALID,
            "InvocationTimeoutSeconds is only supported for API Gateway HTTP targets",
        )


class TestAttributes:
    @pytest.mark.parametrize("binary", ["{% $events %}", "a{%", "%}"])
    def test_binary_data_are_no_expression(self, subscribe, error_of, binary):
        attributes = {"a": {"DataType": "Binary", "BinaryValue": binary}}
        code, message = error_of(subscribe, invoke={"SqsParameters": {"MessageAttributes": attributes}})
        assert (code, message) == (
            INVALID,
            "SqsParameters.MessageAttributes: BinaryValue must not be an expression",
        )

    def test_each_map_has_1_mebibyte(self, subscribe, error_of):
        def attributes(size):
            return {"é": {"DataType": "String", "StringValue": "x" * (size - 8)}}

        most = 1_048_576
        subscribe(
            invoke={
                "SqsParameters": {
                    "MessageAttributes": attributes(most),
                    "MessageSystemAttributes": attributes(most),
                }
            }
        )
        block = {"SqsParameters": {"MessageSystemAttributes": attributes(most + 1)}}
        assert error_of(subscribe, name="b", invoke=block) == (
            INVALID,
            "SqsParameters.MessageSystemAttributes must not exceed 1048576 bytes",
        )


def test_no_text_has_a_value_of_a_block(subscribe, error_of):
    secret = {"a": {"DataType": "Binary", "BinaryValue": "{% secret"}}
    _, message = error_of(subscribe, invoke={"SqsParameters": {"MessageAttributes": secret}})
    assert "secret" not in message


def test_the_members_of_an_attribute_have_the_limits_of_the_model(subscribe, error_of):
    attributes = {"tenant": {"DataType": "x" * 8193}}
    code, message = error_of(subscribe, invoke={"SqsParameters": {"MessageAttributes": attributes}})
    assert code == "InvalidInputException"
    assert message == (
        "1 validation error detected: Value at 'invokeConfiguration.sqsParameters.messageAttributes.member.dataType' "
        "failed to satisfy constraint: Member must have length less than or equal to 8192"
    )
