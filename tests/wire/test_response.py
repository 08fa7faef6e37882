from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from eventmock.wire import AwsError, Corrections, WireModel
from eventmock.wire.cbor import decode
from eventmock.wire.response import failure, success


@dataclass
class Archive:
    archive_name: str
    creation_time: datetime
    description: str | None = None
    secret: str = "not a member"


def body_of(response):
    return json.loads(response.body)


def test_a_result_is_projected_onto_the_output_shape(events_model, noon):
    archive = Archive("b", datetime(2026, 1, 1, tzinfo=UTC))
    response = success(events_model, events_model.operation("DescribeArchive"), archive, "id", noon)
    assert response.status == 200
    assert body_of(response) == {"ArchiveName": "b", "CreationTime": 1767225600}


def test_lists_and_mappings_are_projected_too(events_model, noon):
    result = {"Archives": [Archive("b", noon)], "NextToken": None, "Other": 1}
    response = success(events_model, events_model.operation("ListArchives"), result, "id", noon)
    assert body_of(response) == {"Archives": [{"ArchiveName": "b", "CreationTime": 1769860800.123}]}


def test_an_operation_without_output_answers_nothing(events_model, noon):
    response = success(events_model, events_model.operation("DeleteRule"), None, "id", noon)
    assert (response.status, response.body) == (200, b"")


def test_the_headers_are_a_service_s(events_model, noon):
    response = success(events_model, events_model.operation("DescribeRule"), None, "the-id", noon)
    assert response.headers == {
        "x-amzn-RequestId": "the-id",
        "Content-Type": "application/x-amz-json-1.1",
        "Content-Length": "2",
        "Date": "Sat, 31 Jan 2026 12:00:00 GMT",
    }


def test_an_error_of_a_json_service(events_model, noon):
    response = failure(events_model, AwsError("ResourceNotFoundException", "no"), "id", noon)
    assert (response.status, body_of(response)) == (
        400,
        {"__type": "ResourceNotFoundException", "message": "no"},
    )


def test_an_unmodelled_error_is_400_and_a_fault_500(events_model, noon):
    assert failure(events_model, AwsError("ValidationException", ""), "id", noon).status == 400
    assert failure(events_model, AwsError("InternalException", ""), "id", noon).status == 500


def test_an_error_of_a_rest_service(appintegrations_model, noon):
    response = failure(appintegrations_model, AwsError("ResourceNotFoundException", "no"), "id", noon)
    assert (response.status, body_of(response)) == (404, {"Message": "no"})
    assert response.headers["x-amzn-ErrorType"] == "ResourceNotFoundException"
    assert response.headers["Content-Type"] == "application/json"


def test_a_service_may_have_a_namespace_in_the_header_of_its_errors(noon):
    model = WireModel("appintegrations", Corrections(error_namespace="http://example.com/"))
    response = failure(model, AwsError("ResourceNotFoundException", "no"), "id", noon)
    assert response.headers["x-amzn-ErrorType"] == "ResourceNotFoundException:http://example.com/"


def test_text_that_is_no_unicode_is_still_answered(events_model, noon):
    response = failure(events_model, AwsError("X", "\ud800"), "id", noon)
    assert body_of(response)["message"] == "\ud800"


def test_an_answer_in_cbor_has_bytes_and_points_in_time(cbor_model, noon):
    result = {
        "Data": b"\x00",
        "Time": noon,
        "Inner": {"Time": noon, "Other": 1},
        "Blobs": {"a": b"b"},
        "Text": None,
        "Other": object(),
    }
    response = success(cbor_model, cbor_model.operation("Keep"), result, "the-id", noon)
    kept = noon.replace(microsecond=123_000)
    assert decode(response.body) == {
        "Data": b"\x00",
        "Time": kept,
        "Inner": {"Time": kept},
        "Blobs": {"a": b"b"},
    }
    assert response.headers == {
        "x-amzn-RequestId": "the-id",
        "Content-Type": "application/cbor",
        "Content-Length": str(len(response.body)),
        "Date": "Sat, 31 Jan 2026 12:00:00 GMT",
        "smithy-protocol": "rpc-v2-cbor",
    }


@pytest.mark.parametrize("name", ["Keep", "Ping"])
def test_an_answer_in_cbor_without_members_is_an_empty_map(cbor_model, noon, name):
    response = success(cbor_model, cbor_model.operation(name), None, "id", noon)
    assert (response.status, response.body) == (200, b"\xa0")


@pytest.mark.parametrize(("code", "status"), [("Gone", 404), ("Unmodelled", 400)])
def test_an_error_in_cbor_has_its_namespace_in_the_body(cbor_model, noon, code, status):
    response = failure(cbor_model, AwsError(code, "no"), "id", noon)
    assert (response.status, decode(response.body)) == (
        status,
        {"__type": f"com.example#{code}", "Message": "no"},
    )
    assert response.headers["Content-Type"] == "application/cbor"


def test_an_error_in_cbor_of_a_service_without_namespace_has_its_bare_code(cbor_model, noon):
    model = WireModel("made-up", Corrections())
    response = failure(model, AwsError("Gone", "no \ud800"), "id", noon)
    assert decode(response.body) == {"__type": "Gone", "Message": "no ?"}
