from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventmock.wire import HttpRequest, WireModel
from eventmock.wire.service_model import Corrections


@pytest.fixture(scope="session")
def events_model():
    """The installed model of EventBridge, without corrections."""
    return WireModel("events", Corrections())


@pytest.fixture(scope="session")
def appintegrations_model():
    """The installed model of a REST-JSON service."""
    return WireModel("appintegrations", Corrections())


CBOR_MODEL = {
    "metadata": {
        "protocol": "smithy-rpc-v2-cbor",
        "serviceId": "Made Up",
        "endpointPrefix": "made-up",
        "targetPrefix": "AWSMadeUp",
        "apiVersion": "1",
    },
    "operations": {
        "Keep": {
            "name": "Keep",
            "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "Kept"},
            "output": {"shape": "Kept"},
            "errors": [{"shape": "Gone"}],
        },
        "Ping": {"name": "Ping", "http": {"method": "POST", "requestUri": "/"}},
    },
    "shapes": {
        "Kept": {
            "type": "structure",
            "members": {
                "Text": {"shape": "Text"},
                "Data": {"shape": "Data"},
                "Number": {"shape": "Number"},
                "Ratio": {"shape": "Ratio"},
                "Flag": {"shape": "Flag"},
                "Time": {"shape": "Time"},
                "Texts": {"shape": "Texts"},
                "Blobs": {"shape": "Blobs"},
                "Inner": {"shape": "Inner"},
                "Either": {"shape": "Either"},
            },
        },
        "Either": {
            "type": "structure",
            "members": {"Text": {"shape": "Text"}, "Number": {"shape": "Number"}},
            "union": True,
        },
        "Inner": {"type": "structure", "members": {"Time": {"shape": "Time"}}},
        "Text": {"type": "string"},
        "Data": {"type": "blob"},
        "Number": {"type": "integer"},
        "Ratio": {"type": "double"},
        "Flag": {"type": "boolean"},
        "Time": {"type": "timestamp"},
        "Texts": {"type": "list", "member": {"shape": "Text"}},
        "Blobs": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Data"}},
        "Gone": {
            "type": "structure",
            "members": {"Message": {"shape": "Text"}},
            "error": {"httpStatusCode": 404},
            "exception": True,
        },
    },
}


@pytest.fixture
def cbor_model(monkeypatch):
    """The model of a service that is made up, and uses Smithy RPC v2 CBOR; older versions of botocore have none."""
    monkeypatch.setattr(
        "eventmock.wire.service_model.Loader.load_service_model", lambda *_, **_named: CBOR_MODEL
    )
    return WireModel("made-up", Corrections(error_namespace="com.example"))


@pytest.fixture
def json_request():
    """A function that makes an AWS JSON 1.1 request."""

    def make(operation, body, *, prefix="AWSEvents", method="POST"):
        headers = {"x-amz-target": f"{prefix}.{operation}"}
        return HttpRequest(method, "https://events.us-east-1.amazonaws.com/", headers, body)

    return make


@pytest.fixture
def noon():
    return datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)
