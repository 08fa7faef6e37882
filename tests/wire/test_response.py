from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from eventmock.wire import AwsError, Corrections, WireModel
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
