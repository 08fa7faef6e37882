from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from eventmock.wire import AwsError, HttpRequest
from eventmock.wire.cbor import encode
from eventmock.wire.request import read_members, read_request


class TestJson:
    def test_the_header_names_the_operation(self, events_model, json_request):
        operation, members = read_request(events_model, json_request("DescribeRule", b'{"Name": "r"}'))
        assert (operation.name, operation.function_name, members) == (
            "DescribeRule",
            "describe_rule",
            {"Name": "r"},
        )

    def test_an_empty_body_has_no_members(self, events_model, json_request):
        assert read_request(events_model, json_request("ListRules", b""))[1] == {}

    def test_members_that_are_null_or_unknown_are_left_out(self, events_model, json_request):
        body = b'{"NamePrefix": null, "Surprise": 1, "Limit": 3}'
        assert read_request(events_model, json_request("ListRules", body))[1] == {"Limit": 3}

    @pytest.mark.parametrize("time", [1640995200, 1640995200.0])
    def test_a_timestamp_is_seconds_since_the_epoch(self, events_model, json_request, time):
        body = json.dumps({"Entries": [{"Time": time}]}).encode()
        members = read_request(events_model, json_request("PutEvents", body))[1]
        assert members == {"Entries": [{"Time": datetime(2022, 1, 1, tzinfo=UTC)}]}

    def test_a_whole_float_is_an_integer(self, events_model, json_request):
        assert read_request(events_model, json_request("ListRules", b'{"Limit": 3.0}'))[1] == {"Limit": 3}

    @pytest.mark.parametrize(
        ("operation", "prefix", "method"),
        [
            ("Nothing", "AWSEvents", "POST"),
            ("PutEvents", "AWSOther", "POST"),
            ("PutEvents", "AWSEvents", "GET"),
        ],
    )
    def test_an_unknown_operation_is_refused(self, events_model, json_request, operation, prefix, method):
        with pytest.raises(AwsError) as caught:
            read_request(events_model, json_request(operation, b"{}", prefix=prefix, method=method))
        assert caught.value.code == "UnknownOperationException"

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (b"{", ""),
            (b"\xff", ""),
            (b'{"Limit": NaN}', ""),
            (b"[" * 100_000, ""),
            (b'{"Limit": ' + b"1" * 5000 + b"}", ""),
            (b"[]", "Start of structure or map found where not expected."),
            (b'"text"', "Unexpected field type"),
            (b'{"NamePrefix": 1}', "NUMBER_VALUE can not be converted to a String"),
            (b'{"NamePrefix": true}', "TRUE_VALUE can not be converted to a String"),
            (b'{"NamePrefix": {}}', "Start of structure or map found where not expected."),
            (b'{"Limit": "1"}', "STRING_VALUE can not be converted to an Integer"),
            (b'{"Limit": false}', "FALSE_VALUE can not be converted to an Integer"),
            (b'{"Limit": 1e999}', "NUMBER_VALUE can not be converted to an Integer"),
        ],
    )
    def test_a_body_that_cannot_be_read_is_refused(self, events_model, json_request, body, message):
        with pytest.raises(AwsError) as caught:
            read_request(events_model, json_request("ListRules", body))
        assert (caught.value.code, caught.value.message) == ("SerializationException", message)

    @pytest.mark.parametrize(
        ("operation", "body", "message"),
        [
            ("PutEvents", b'{"Entries": {}}', "Start of structure or map found where not expected."),
            ("PutEvents", b'{"Entries": [1]}', "Unexpected field type"),
            (
                "PutEvents",
                b'{"Entries": [{"Time": "noon"}]}',
                "STRING_VALUE can not be converted to milliseconds since epoch",
            ),
            (
                "PutEvents",
                b'{"Entries": [{"Time": 1e30}]}',
                "NUMBER_VALUE can not be converted to milliseconds since epoch",
            ),
            (
                "DeleteRule",
                b'{"Name": "r", "Force": "yes"}',
                "STRING_VALUE can not be converted to a Boolean",
            ),
        ],
    )
    def test_a_member_of_another_type_is_refused(self, events_model, json_request, operation, body, message):
        with pytest.raises(AwsError) as caught:
            read_request(events_model, json_request(operation, body))
        assert (caught.value.code, caught.value.message) == ("SerializationException", message)


class TestRest:
    @pytest.fixture
    def read(self, appintegrations_model):
        def read(method, path, body=b"", base_path=""):
            url = f"https://app-integrations.us-east-1.amazonaws.com{base_path}{path}"
            return read_request(appintegrations_model, HttpRequest(method, url, {}, body, base_path))

        return read

    def test_method_and_path_name_the_operation(self, read):
        assert read("GET", "/eventIntegrations")[0].name == "ListEventIntegrations"
        assert read("POST", "/eventIntegrations", b"{}")[0].name == "CreateEventIntegration"

    def test_a_label_is_unquoted_after_the_path_is_split(self, read):
        operation, members = read("GET", "/eventIntegrations/a%2Fb%20c")
        assert (operation.name, members) == ("GetEventIntegration", {"Name": "a/b c"})

    def test_the_query_holds_members(self, read):
        assert read("GET", "/eventIntegrations?maxResults=5&nextToken=x%26y")[1] == {
            "MaxResults": 5,
            "NextToken": "x&y",
        }

    def test_a_repeated_query_member_is_a_list(self, read):
        operation, members = read("DELETE", "/tags/arn%3Aaws%3Ax?tagKeys=a&tagKeys=b")
        assert operation.name == "UntagResource"
        assert members == {"resourceArn": "arn:aws:x", "tagKeys": ["a", "b"]}

    def test_path_and_body_join(self, read):
        members = read("PATCH", "/eventIntegrations/n", b'{"Description": "d", "Name": "other"}')[1]
        assert members == {"Name": "n", "Description": "d"}

    def test_the_path_of_a_custom_endpoint_is_no_part_of_it(self, read):
        assert read("GET", "/eventIntegrations", base_path="/base")[0].name == "ListEventIntegrations"

    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "/nothing"), ("PUT", "/eventIntegrations"), ("GET", "/eventIntegrations/a/b/c")],
    )
    def test_an_unknown_path_is_refused(self, read, method, path):
        with pytest.raises(AwsError) as caught:
            read(method, path)
        assert (caught.value.code, caught.value.status) == ("UnknownOperationException", 404)

    def test_a_broken_url_is_refused(self, appintegrations_model):
        request = HttpRequest("GET", "https://[broken/eventIntegrations", {}, b"")
        with pytest.raises(AwsError, match="UnknownOperationException"):
            read_request(appintegrations_model, request)

    def test_a_number_in_the_query_that_is_none_is_refused(self, read):
        with pytest.raises(AwsError, match="STRING_VALUE can not be converted to Integer"):
            read("GET", "/eventIntegrations?maxResults=many")

    def test_a_body_that_is_no_object_is_refused(self, read):
        with pytest.raises(AwsError, match="SerializationException"):
            read("POST", "/eventIntegrations", b"[]")


def test_a_caller_in_this_process_has_members_by_their_aws_names(appintegrations_model):
    shape = appintegrations_model.operation("ListEventIntegrations").input
    assert [one.wire_name for one in shape.members] == ["nextToken", "maxResults"]
    given = {"NextToken": "x", "MaxResults": 5}
    assert read_members(shape, given) == given


class TestCbor:
    @pytest.fixture
    def read(self, cbor_model):
        def read(
            body, path="/service/AWSMadeUp/operation/Keep", *, method="POST", protocol="rpc-v2-cbor", base=""
        ):
            headers = {"smithy-protocol": protocol} if protocol else {}
            url = f"https://made-up.us-east-1.amazonaws.com{base}{path}"
            return read_request(cbor_model, HttpRequest(method, url, headers, body, base))

        return read

    def test_the_path_names_the_operation(self, read):
        operation, members = read(encode({"Text": "a"}))
        assert (operation.name, operation.function_name, members) == ("Keep", "keep", {"Text": "a"})

    def test_the_path_of_a_custom_endpoint_is_no_part_of_it(self, read):
        assert read(b"\xa0", base="/base")[0].name == "Keep"

    @pytest.mark.parametrize("body", [b"\xa0", b"\xbf\xff", b""])
    def test_an_empty_map_and_an_empty_body_have_no_members(self, read, body):
        assert read(body)[1] == {}

    def test_an_operation_without_input_has_no_members(self, read):
        assert read(b"", "/service/AWSMadeUp/operation/Ping")[1] == {}

    def test_blobs_are_bytes_and_timestamps_points_in_time(self, read, noon):
        noon = noon.replace(microsecond=123_000)
        members = {
            "Data": b"\x00\xff",
            "Time": noon,
            "Number": 2**40,
            "Ratio": 0.5,
            "Flag": False,
            "Texts": ["a", "b"],
            "Blobs": {"a": b""},
            "Inner": {"Time": noon},
        }
        assert read(encode(members))[1] == members

    def test_an_integer_is_good_where_a_float_is_wanted(self, read):
        assert read(encode({"Ratio": 1}))[1] == {"Ratio": 1.0}

    def test_members_that_are_null_or_unknown_are_left_out(self, read):
        assert read(encode({"Text": None, "Surprise": [{"a": b""}], "Flag": True}))[1] == {"Flag": True}

    @pytest.mark.parametrize(
        ("path", "method", "protocol"),
        [
            ("/service/AWSMadeUp/operation/Nothing", "POST", "rpc-v2-cbor"),
            ("/service/AWSOther/operation/Keep", "POST", "rpc-v2-cbor"),
            ("/service/AWSMadeUp/operation/Keep", "GET", "rpc-v2-cbor"),
            ("/service/AWSMadeUp/operation/Keep", "POST", "rpc-v2-json"),
            ("/service/AWSMadeUp/operation/Keep", "POST", None),
            ("/service/AWSMadeUp/operation/Keep/", "POST", "rpc-v2-cbor"),
            ("/other/service/AWSMadeUp/operation/Keep", "POST", "rpc-v2-cbor"),
            ("/service/AWSMadeUp/operation/", "POST", "rpc-v2-cbor"),
            ("/", "POST", "rpc-v2-cbor"),
        ],
    )
    def test_an_unknown_operation_is_refused(self, read, path, method, protocol):
        with pytest.raises(AwsError) as caught:
            read(b"\xa0", path, method=method, protocol=protocol)
        assert (caught.value.code, caught.value.status) == ("UnknownOperationException", 404)

    @pytest.mark.parametrize("body", [b"{}", b"\xa1", b"\xa0\xa0", b"\x81" * 100_000, b"\xc2\x41\x01"])
    def test_a_body_that_is_not_cbor_is_refused_with_a_hint(self, read, body):
        with pytest.raises(AwsError) as caught:
            read(body)
        assert (caught.value.code, caught.value.message) == ("SerializationException", "")
        assert caught.value.hint

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ([], "Start of structure or map found where not expected."),
            ("text", "Unexpected field type"),
            (None, "Unexpected field type"),
            ({"Text": 1}, "NUMBER_VALUE can not be converted to a String"),
            ({"Text": b"a"}, "BYTES_VALUE can not be converted to a String"),
            ({"Text": datetime(2026, 1, 1, tzinfo=UTC)}, "TIMESTAMP_VALUE can not be converted to a String"),
            ({"Text": {}}, "Start of structure or map found where not expected."),
            ({"Data": "YQ=="}, "STRING_VALUE can not be converted to a ByteBuffer"),
            ({"Number": 7.0}, "NUMBER_VALUE can not be converted to an Integer"),
            ({"Number": True}, "TRUE_VALUE can not be converted to an Integer"),
            ({"Number": "7"}, "STRING_VALUE can not be converted to an Integer"),
            ({"Ratio": "7"}, "STRING_VALUE can not be converted to a Double"),
            ({"Flag": 1}, "NUMBER_VALUE can not be converted to a Boolean"),
            ({"Time": 1767225600}, "NUMBER_VALUE can not be converted to a Timestamp"),
            ({"Time": "2026-01-01T00:00:00Z"}, "STRING_VALUE can not be converted to a Timestamp"),
            ({"Texts": {}}, "Start of structure or map found where not expected."),
            ({"Texts": "a"}, "Unexpected field type"),
            ({"Texts": [None]}, "NULL_VALUE can not be converted to a String"),
            ({"Blobs": []}, "Start of structure or map found where not expected."),
            ({"Inner": []}, "Start of structure or map found where not expected."),
            ({"Inner": {"Time": 1}}, "NUMBER_VALUE can not be converted to a Timestamp"),
        ],
    )
    def test_a_member_of_another_type_is_refused(self, read, value, message):
        with pytest.raises(AwsError) as caught:
            read(encode(value))
        assert (caught.value.code, caught.value.message) == ("SerializationException", message)

    @pytest.mark.parametrize("either", [{"Text": "a"}, {"Number": 1, "Text": None}, {"Text": "", "Other": 1}])
    def test_a_union_has_one_member(self, read, either):
        [(name, value)] = read(encode({"Either": either}))[1]["Either"].items()
        assert either[name] == value

    @pytest.mark.parametrize(
        ("either", "given"),
        [
            ({}, "none"),
            ({"Other": 1}, "none"),
            ({"Text": "a", "Number": 1}, "Text, Number"),
            ({"Text": None}, "none"),
        ],
    )
    def test_a_union_with_no_member_or_two_is_refused(self, read, either, given):
        with pytest.raises(AwsError) as caught:
            read(encode({"Either": either}))
        assert caught.value.code == "SerializationException"
        assert caught.value.hint == f"Either is a union, which has exactly one member; given: {given}"
