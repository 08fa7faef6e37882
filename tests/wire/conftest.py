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
