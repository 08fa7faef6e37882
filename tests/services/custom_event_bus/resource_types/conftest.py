"""What the tests of types of resources share."""

from __future__ import annotations

import pytest

from eventmock import TemplateError
from eventmock.wire import is_installed

QUEUE = "arn:aws:sqs:us-east-1:123456789012:work"
ROLE = "arn:aws:iam::123456789012:role/deliver"
BUS = {"Type": "AWS::EventsV2::EventBus", "Properties": {"Name": "orders"}}

if not is_installed("eventbridgev2"):
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def deploy(backend):
    """A function that deploys a resource X of the Custom Event Bus, and others beside it, and gives the deployment."""

    def deploy(type_name, properties=None, **others):
        body = {"Type": f"AWS::EventsV2::{type_name}", "Properties": properties or {}}
        return backend.deploy({"Resources": {"X": body, **others}}, stack="shop")

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
def subscriber():
    """A function that gives the properties of a subscriber of the resource Bus, changed by what it is given."""

    def subscriber(**more):
        invoke = {"TargetArn": QUEUE, "RoleArn": ROLE, **more.pop("Invoke", {})}
        return {"Name": "ship", "EventBusArn": {"Ref": "Bus"}, "InvokeConfiguration": invoke} | more

    return subscriber


@pytest.fixture
def subscribed(deploy, subscriber):
    """A function that deploys a bus and a subscriber of it as X, and gives the deployment."""
    return lambda **more: deploy("Subscriber", subscriber(**more), Bus=BUS)


def tags(**given):
    return [{"Key": key, "Value": value} for key, value in given.items()]
