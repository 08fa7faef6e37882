"""What the tests of types of resources share."""

from __future__ import annotations

import pytest

from eventmock import TemplateError


@pytest.fixture
def deploy(backend):
    """A function that deploys a resource X of EventBridge Scheduler, and others beside it, and gives the deployment."""

    def deploy(type_name, properties=None, **others):
        body = {"Type": f"AWS::Scheduler::{type_name}", "Properties": properties or {}}
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
def properties(members):
    """A function that gives the properties of a schedule, which has no name."""

    def properties(expression="at(2035-01-01T00:00:00)", **more):
        given = members("s", expression, **more)
        return {name: value for name, value in given.items() if name != "Name"} | more

    return properties
