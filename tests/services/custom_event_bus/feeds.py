"""What the tests of event sources and of bridges between event buses share."""

from __future__ import annotations

import json

from eventmock.services.custom_event_bus.event_log import log_of

ACCOUNT = "123456789012"
OTHER = "222222222222"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deliver"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"
DEAD = f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead"


def feed(service="aws.s3", **members):
    """The configuration of an event source of an AWS service."""
    return {"AwsServiceEventsConfiguration": {"AwsService": service, **members}}


def active(client, name="orders"):
    """Make a custom event bus that is active, and give its ARN."""
    arn = client.create_event_bus(Name=name)["EventBusArn"]
    client.describe_event_bus(EventBusArn=arn)
    return arn


def source(client, bus, name="src", configuration=None, **members):
    """Make an event source, and give its ARN."""
    made = client.create_event_source(
        Name=name, EventBusArn=bus, Configuration=configuration or feed(), **members
    )
    return made["EventSourceArn"]


def subscribe(client, bus, target, name="s", **members):
    """Make a subscriber of a custom event bus, and give its ARN."""
    invoke = {"TargetArn": target, "RoleArn": ROLE, **members.pop("invoke", {})}
    made = client.create_subscriber(Name=name, EventBusArn=bus, InvokeConfiguration=invoke, **members)
    return made["SubscriberArn"]


def forward(events, target, bus="default", name="forward", **members):
    """Put a rule of a Classic event bus that sends all events to a custom event bus."""
    pattern = json.dumps({"version": ["0"]})
    events.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)
    events.put_targets(
        Rule=name, EventBusName=bus, Targets=[{"Id": "t", "Arn": target, "RoleArn": ROLE, **members}]
    )


def put(client, bus, source="shop", detail='{"n": 1}'):
    """Put an event on a custom event bus."""
    client.put_events(EventBusArn=bus, Entries=[{"Source": source, "DetailType": "Order", "Detail": detail}])


def kept(backend, bus):
    """The events that a custom event bus keeps."""
    return [one.content for one in log_of(backend.state, bus).since(1)]
