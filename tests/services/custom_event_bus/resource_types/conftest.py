"""What the tests of types of resources share."""

from __future__ import annotations

import pytest

from eventmock import TemplateError
from eventmock.wire import is_installed

QUEUE = "arn:aws:sqs:us-east-1:123456789012:work"
ROLE = "arn:aws:iam::123456789012:role/deliver"

if not is_installed("eventbridgev2"):
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def deploy(backend):
    """A function that deploys resources, each a type of AWS::EventsV2 and properties, and gives the deployment."""

    def deploy(**resources):
        return backend.deploy(
            {
                "Resources": {
                    name: {"Type": f"AWS::EventsV2::{kind}", "Properties": properties}
                    for name, (kind, properties) in resources.items()
                }
            },
            stack="shop",
        )

    return deploy


@pytest.fixture
def refusal(deploy):
    """A function that deploys as `deploy` does, and gives the text of the error."""

    def refusal(**resources):
        with pytest.raises(TemplateError) as caught:
            deploy(**resources)
        return caught.value.message

    return refusal


@pytest.fixture
def subscriber():
    """A function that gives the properties of a subscriber of the resource Bus, changed by what it is given."""

    def subscriber(**more):
        invoke = {"TargetArn": QUEUE, "RoleArn": ROLE, **more.pop("Invoke", {})}
        return {"Name": "ship", "EventBusArn": {"Ref": "Bus"}, "InvokeConfiguration": invoke} | more

    return subscriber
