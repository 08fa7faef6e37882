"""What the tests of types of resources share."""

from __future__ import annotations

import pytest

from eventmock import TemplateError

ACCOUNT, REGION = "123456789012", "us-east-1"


@pytest.fixture
def arn():
    """A function that gives the ARN of a resource of the stack's account."""
    return lambda service, resource: f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


@pytest.fixture
def deploy(events_backend):
    """A function that deploys a resource X of EventBridge, and others beside it, and gives the deployment."""

    def deploy(type_name, properties=None, **others):
        body = {"Type": f"AWS::Events::{type_name}"}
        if properties is not None:
            body["Properties"] = properties
        return events_backend.deploy({"Resources": {"X": body, **others}}, stack="shop")

    return deploy


@pytest.fixture
def refusal(deploy):
    """A function that deploys as `deploy` does, and gives the text of the error."""

    def refusal(type_name, properties=None, **others):
        with pytest.raises(TemplateError) as caught:
            deploy(type_name, properties, **others)
        return caught.value.message

    return refusal


@pytest.fixture
def refs_of():
    """A function that gives the value of Ref, and of each attribute, as another resource of the stack sees them."""

    def refs_of(backend, type_name, properties, *attributes, **others):
        values = {"Its": {"Ref": "X"}, **{name: {"Fn::GetAtt": ["X", name]} for name in attributes}}
        resources = {
            "X": {"Type": f"AWS::Events::{type_name}", "Properties": properties},
            "Seen": {"Type": "AWS::Made::Up", "Properties": values},
        }
        seen = backend.deploy({"Resources": {**resources, **others}}, stack="shop")["Seen"].properties
        return {"Ref" if name == "Its" else name: value for name, value in seen.items()}

    return refs_of
