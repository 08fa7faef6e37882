"""What every test runs under: no network, no AWS configuration, no home directory."""

from __future__ import annotations

import os
import socket

import boto3
import pytest

pytest_plugins = ["pytester"]


class NetworkTouched(Exception):  # noqa: N818 - it says what happened
    """A test came as far as a socket. No OSError, so that nothing takes it for an outage."""


@pytest.fixture(autouse=True, scope="session")
def _no_network(tmp_path_factory):
    def refuse(*args, **_kwargs):
        raise NetworkTouched(f"a test tried to reach {args!r}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket.socket, "connect_ex", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        for name in list(os.environ):
            if name.startswith(("AWS_", "BOTO", "MOTO_")):
                patch.delenv(name)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        boto3.setup_default_session()
        yield


ORDER = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "PAID"}'}


@pytest.fixture
def order():
    """An entry for PutEvents."""
    return dict(ORDER)


@pytest.fixture
def events(events_backend):
    """A client of the mocked service."""
    return events_backend.client()


@pytest.fixture
def error_of():
    """A function that calls and gives the code and message AWS answers with."""
    from botocore.exceptions import ClientError

    def error_of(call, **members):
        with pytest.raises(ClientError) as caught:
            call(**members)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    return error_of
