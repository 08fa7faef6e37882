"""What the tests of the Custom Event Bus share."""

from __future__ import annotations

import pytest

from eventmock import mock_events
from eventmock.wire import is_installed

if not is_installed("eventbridgev2"):
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def backend():
    """A mock whose clock stands at the beginning of 2027."""
    with mock_events(start_time="2027-01-01T00:00:00Z", region="us-east-1") as backend:
        yield backend


@pytest.fixture
def client(backend):
    """A client of the mocked service."""
    return backend.client("eventbridgev2")


@pytest.fixture
def create(client):
    """A function that makes an event bus and gives its ARN."""
    return lambda name="orders", **members: client.create_event_bus(Name=name, **members)["EventBusArn"]


@pytest.fixture
def describe(client):
    """A function that gives what DescribeEventBus shows of an ARN."""

    def describe(arn):
        shown = client.describe_event_bus(EventBusArn=arn)
        del shown["ResponseMetadata"]
        return shown

    return describe


@pytest.fixture
def bus(create):
    """The ARN of an event bus."""
    return create()


@pytest.fixture
def subscribe(client, bus):
    """A function that makes a subscriber of the bus and gives its ARN."""

    def subscribe(name="ship", *, target="arn:aws:sqs:us-east-1:123456789012:ship", invoke=None, **members):
        members = {"EventBusArn": bus, **members}
        configuration = {"TargetArn": target, "RoleArn": ROLE, **(invoke or {})}
        made = client.create_subscriber(Name=name, InvokeConfiguration=configuration, **members)
        return made["SubscriberArn"]

    return subscribe


@pytest.fixture
def shown(client):
    """A function that gives what DescribeSubscriber shows of an ARN."""

    def shown(arn):
        members = client.describe_subscriber(SubscriberArn=arn)
        del members["ResponseMetadata"]
        return members

    return shown


class Subscribed:
    """A bus named "orders" with subscribers whose targets are functions of the test.

    Attributes:
        bus: The ARN of the bus.
        arns: The ARNs of the subscribers, by name.
        got: What the targets got, in order: the name of the subscriber, the second of the clock, and the value.
    """

    def __init__(self, backend, client, bus):
        self.backend, self.client, self.bus = backend, client, bus
        self.arns, self.got = {}, []
        self.failing = {}
        self.begin = backend.clock.now()

    def subscribe(self, name="ship", *, queue=None, **members):
        """Make a subscriber whose queue is a function; `failing` says by name which values raise which exception."""
        queue = queue or f"arn:aws:sqs:us-east-1:123456789012:{name}"

        def take(value):
            self.got.append((name, round((self.backend.clock.now() - self.begin).total_seconds()), value))
            error = self.failing.get(name, lambda _: None)(value)
            if error is not None:
                raise error

        self.backend.target(queue, take)
        invoke = {"TargetArn": queue, "RoleArn": ROLE, **members.pop("Invoke", {})}
        made = self.client.create_subscriber(
            Name=name, EventBusArn=self.bus, InvokeConfiguration=invoke, **members
        )
        self.arns[name] = made["SubscriberArn"]
        return made["SubscriberArn"]

    def publish(self, *numbers, group=None, **members):
        """Publish an event for each number in one request, and return the entries of the answer."""
        entries = []
        for number in numbers:
            entry = {"Source": "shop", "DetailType": "Order", "Detail": f'{{"n": {number}}}', **members}
            if group is not None:
                entry["SystemMetadata"] = {"EventGroupId": group}
            entries.append(entry)
        return self.client.put_events(EventBusArn=self.bus, Entries=entries)["Entries"]

    def numbers(self, name="ship"):
        """Return the numbers of the events that the target of a subscriber got, in order."""
        return [value["detail"]["n"] for who, _, value in self.got if who == name]

    def times(self, name="ship"):
        """Return the seconds since the beginning at which the target of a subscriber got something, in order."""
        return [second for who, second, _ in self.got if who == name]

    def update(self, name="ship", **members):
        """Change a subscriber."""
        return self.client.update_subscriber(SubscriberArn=self.arns[name], **members)


ROLE = "arn:aws:iam::123456789012:role/deliver"


@pytest.fixture
def subscribed(backend, client, create):
    """A bus with subscribers whose targets are functions of the test."""
    return Subscribed(backend, client, create())
