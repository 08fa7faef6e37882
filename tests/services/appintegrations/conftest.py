"""What the tests of AppIntegrations share."""

from __future__ import annotations

import re

import boto3
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.loaders import Loader
from botocore.model import ServiceModel

MODEL = ServiceModel(Loader().load_service_model("appintegrations", "service-2"), "appintegrations")


@pytest.fixture
def client(events_backend):
    """A client of the mocked service."""
    return events_backend.client("appintegrations")


@pytest.fixture
def unchecked(events_backend):
    """A client that checks nothing itself: what is wrong reaches the service."""
    return boto3.client("appintegrations", config=Config(parameter_validation=False))


@pytest.fixture
def operation():
    """A function that gives an operation of the installed model; the test is skipped where there is none."""

    def operation(name):
        if name not in MODEL.operation_names:
            pytest.skip(f"this botocore has no {name}")
        return MODEL.operation_model(name)

    return operation


@pytest.fixture
def taken(operation):
    """A function that gives those of some members that the installed model lets an operation take."""
    return lambda name, members: _of(members, operation(name).input_shape)


@pytest.fixture
def shown(operation):
    """A function that gives those of some members that the installed model lets an operation show."""
    return lambda name, members: _of(members, operation(name).output_shape)


def _of(members, shape):
    if shape.type_name == "list":
        return [_of(one, shape.member) for one in members]
    if shape.type_name != "structure":
        return members
    return {name: _of(one, shape.members[name]) for name, one in members.items() if name in shape.members}


@pytest.fixture
def violations_of(unchecked, error_of):
    """A function that calls and gives where constraints are broken, and how."""

    def violations_of(name, **members):
        code, message = error_of(getattr(unchecked, xform_name(name)), **members)
        assert code == "InvalidRequestException"
        head, _, rest = message.partition(" detected: ")
        problems = rest.split("; ")
        assert head == f"{len(problems)} validation error{'s' * (len(problems) > 1)}"
        found = [
            re.fullmatch(r"Value (?:.* )?at '(.*?)' failed to satisfy constraint: (.*)", one, re.DOTALL)
            for one in (problem.replace("Value null at", "Value at") for problem in problems)
        ]
        return [one.groups() for one in found]

    return violations_of


@pytest.fixture
def event_integration(client):
    """A function that makes an event integration and gives its ARN."""

    def make(name="crm", **members):
        wanted = {"EventFilter": {"Source": "aws.partner/example.com/crm"}, "EventBridgeBus": "default"}
        return client.create_event_integration(Name=name, **wanted | members)["EventIntegrationArn"]

    return make


@pytest.fixture
def data_integration(client):
    """A function that makes a data integration and gives its id and ARN."""

    def make(name="files", **members):
        wanted = {"KmsKey": "alias/k", "SourceURI": "s3://bucket/folder"}
        answer = client.create_data_integration(Name=name, **wanted | members)
        return answer["Id"], answer["Arn"]

    return make


@pytest.fixture
def application(client):
    """A function that makes an application and gives its id and ARN."""

    def make(namespace="agent-notes", **members):
        page = {"ExternalUrlConfig": {"AccessUrl": "https://example.com/notes"}}
        wanted = {"Name": "Agent notes", "ApplicationSourceConfig": page}
        answer = client.create_application(Namespace=namespace, **wanted | members)
        return answer["Id"], answer["Arn"]

    return make
