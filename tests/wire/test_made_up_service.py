"""What the protocols allow and our services' models do not use: a service made up for it."""

from __future__ import annotations

import json

import pytest

from eventmock.wire import AwsError, HttpRequest, WireModel
from eventmock.wire.request import read_request
from eventmock.wire.response import success
from eventmock.wire.service_model import Corrections

MODEL = {
    "metadata": {
        "protocol": "rest-json",
        "serviceId": "Made Up",
        "endpointPrefix": "made-up",
        "apiVersion": "1",
    },
    "operations": {
        "Put": {
            "name": "Put",
            "http": {"method": "PUT", "requestUri": "/things/{Name}", "responseCode": 201},
            "input": {"shape": "PutRequest"},
            "output": {"shape": "PutResponse"},
        },
        "Ping": {"name": "Ping", "http": {"method": "GET", "requestUri": "/ping"}},
    },
    "shapes": {
        "PutRequest": {
            "type": "structure",
            "required": ["Name"],
            "members": {
                "Name": {"shape": "Text", "location": "uri", "locationName": "Name"},
                "Force": {"shape": "Flag", "location": "querystring", "locationName": "force"},
                "Token": {"shape": "Text", "location": "header", "locationName": "X-Token"},
                "Data": {"shape": "Data"},
                "Ratio": {"shape": "Ratio"},
                "Sizes": {"shape": "Sizes"},
                "Flag": {"shape": "Flag"},
            },
        },
        "PutResponse": {
            "type": "structure",
            "members": {"Data": {"shape": "Data"}, "Sizes": {"shape": "Sizes"}},
        },
        "Text": {"type": "string"},
        "Flag": {"type": "boolean"},
        "Data": {"type": "blob", "max": 3},
        "Ratio": {"type": "double"},
        "Number": {"type": "long"},
        "Sizes": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Number"}},
    },
}


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setattr("eventmock.wire.service_model.Loader.load_service_model", lambda *_, **_named: MODEL)
    return WireModel("made-up", Corrections())


def read(service, body, query="", headers=None):
    url = f"https://made-up.amazonaws.com/things/a%20b{query}"
    return read_request(service, HttpRequest("PUT", url, headers or {}, json.dumps(body).encode()))[1]


def test_members_come_from_everywhere(service):
    body = {"Data": "AQI=", "Ratio": 1, "Sizes": {"s": 3}, "Flag": True}
    assert read(service, body, "?force=true", {"x-token": "t"}) == {
        "Name": "a b",
        "Force": True,
        "Token": "t",
        "Data": b"\x01\x02",
        "Ratio": 1.0,
        "Sizes": {"s": 3},
        "Flag": True,
    }
    assert read(service, {}, "?force=no") == {"Name": "a b", "Force": False}


@pytest.mark.parametrize(
    "body",
    [
        {"Data": "!"},
        {"Ratio": "1"},
        {"Ratio": True},
        {"Ratio": 10**400},
        {"Sizes": []},
        {"Sizes": {"s": "x"}},
        {"Flag": 1},
    ],
)
def test_members_of_another_type_are_refused(service, body):
    with pytest.raises(AwsError, match="SerializationException"):
        read(service, body)


def test_an_operation_without_input_has_no_members(service):
    request = HttpRequest("GET", "https://made-up.amazonaws.com/ping", {}, b"")
    operation, members = read_request(service, request)
    assert (operation.name, members) == ("Ping", {})


def test_the_answer_has_the_operation_s_status_and_its_blobs_in_base64(service, noon):
    response = success(service, service.operation("Put"), {"Data": b"\x01", "Sizes": {"s": 3}}, "id", noon)
    assert (response.status, json.loads(response.body)) == (201, {"Data": "AQ==", "Sizes": {"s": 3}})


def test_a_model_that_contains_itself_is_refused(monkeypatch):
    shapes = {**MODEL["shapes"], "Sizes": {"type": "list", "member": {"shape": "Sizes"}}}
    monkeypatch.setattr(
        "eventmock.wire.service_model.Loader.load_service_model",
        lambda *_, **_named: {**MODEL, "shapes": shapes},
    )
    with pytest.raises(NotImplementedError, match="has the recursive shape Sizes"):
        WireModel("made-up", Corrections()).operation("Put")
