"""Amazon EventBridge, mocked in-process: it routes, delivers and explains every event.

    mock_events          decorator, context manager, start and stop
    events_backend       the pytest fixture, see `eventmock.plugin`
    EventsBackend        what the tester holds: clients, targets, events, deliveries
    current_backend      the backend of the innermost mock that is active
    service_event        a sample of an event of an AWS service
    eventmock.pattern    event patterns, usable alone
    eventmock.schedule   schedule expressions, usable alone
    eventmock.strategies events made for a pattern, with the extra `hypothesis`

Names are imported when they are first used, so that importing eventmock, as pytest does to load the plugin,
costs nothing and imports neither botocore nor boto3.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from eventmock import known_modules

if TYPE_CHECKING:
    from eventmock.backend.deployed_schedule import DeployedSchedule
    from eventmock.backend.deployed_subscriber import DeployedSubscriber
    from eventmock.backend.deployment import DeployedResource, DeployedRule, Deployment
    from eventmock.backend.events_backend import EventsBackend
    from eventmock.backend.function_target import FunctionTarget
    from eventmock.backend.lambda_function import LambdaFunction
    from eventmock.clock import Clock
    from eventmock.delivery.failures import DeliveryFailed
    from eventmock.exceptions import (
        AwsRefusal,
        ClockError,
        ContractFailure,
        EndlessLoop,
        EventmockError,
        InvalidEntry,
        MockStateError,
        NetworkBlocked,
        NoSuchBus,
        NoSuchEndpoint,
        NoSuchEvent,
        NoSuchHealthCheck,
        NoSuchIntegration,
        NoSuchRequest,
        NoSuchResource,
        NoSuchRule,
        NoSuchSchedule,
        NoSuchSubscriber,
        OptionError,
        PolicyNotUnderstood,
        SchemaError,
        StrictFailure,
        TemplateError,
    )
    from eventmock.faults import Fault, Faults
    from eventmock.history.attempt import Attempt
    from eventmock.history.dead_letter import DeadLetter, DeadLetters
    from eventmock.history.delivery import Deliveries, Delivery
    from eventmock.history.event_delivery import EventDelivery
    from eventmock.history.lambda_invocation import LambdaInvocation, LambdaInvocations
    from eventmock.history.missing_permission import MissingPermission
    from eventmock.history.published_event import PublishedEvent
    from eventmock.history.raised import Raised
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.history.schedule_delivery import ScheduleDelivery
    from eventmock.history.subscriber_delivery import SubscriberDelivery
    from eventmock.history.verdict import Verdict, Verdicts
    from eventmock.lambda_functions.context import LambdaContext
    from eventmock.mock.mock_events import MockEvents, current_backend, mock_events
    from eventmock.mock.service_event import service_event
    from eventmock.schemas.violation import SchemaViolation
    from eventmock.target_kinds.http_call import HttpAnswer, HttpCall
    from eventmock.target_kinds.kind import ApiCall
    from eventmock.trace import Trace

__all__ = [
    "ApiCall",
    "Attempt",
    "AwsRefusal",
    "Clock",
    "ClockError",
    "ContractFailure",
    "DeadLetter",
    "DeadLetters",
    "Deliveries",
    "Delivery",
    "DeliveryFailed",
    "DeployedResource",
    "DeployedRule",
    "DeployedSchedule",
    "DeployedSubscriber",
    "Deployment",
    "EndlessLoop",
    "EventDelivery",
    "EventmockError",
    "EventsBackend",
    "Fault",
    "Faults",
    "FunctionTarget",
    "HttpAnswer",
    "HttpCall",
    "InvalidEntry",
    "LambdaContext",
    "LambdaFunction",
    "LambdaInvocation",
    "LambdaInvocations",
    "MissingPermission",
    "MockEvents",
    "MockStateError",
    "NetworkBlocked",
    "NoSuchBus",
    "NoSuchEndpoint",
    "NoSuchEvent",
    "NoSuchHealthCheck",
    "NoSuchIntegration",
    "NoSuchRequest",
    "NoSuchResource",
    "NoSuchRule",
    "NoSuchSchedule",
    "NoSuchSubscriber",
    "OptionError",
    "PolicyNotUnderstood",
    "PublishedEvent",
    "Raised",
    "ReceivedEvent",
    "ScheduleDelivery",
    "SchemaError",
    "SchemaViolation",
    "StrictFailure",
    "SubscriberDelivery",
    "TemplateError",
    "Trace",
    "Verdict",
    "Verdicts",
    "current_backend",
    "mock_events",
    "service_event",
]

_HOMES = {
    "clock": ("Clock",),
    "backend.deployed_schedule": ("DeployedSchedule",),
    "backend.deployed_subscriber": ("DeployedSubscriber",),
    "backend.deployment": ("DeployedResource", "DeployedRule", "Deployment"),
    "backend.events_backend": ("EventsBackend",),
    "backend.function_target": ("FunctionTarget",),
    "backend.lambda_function": ("LambdaFunction",),
    "mock.mock_events": ("MockEvents", "current_backend", "mock_events"),
    "mock.service_event": ("service_event",),
    "delivery.failures": ("DeliveryFailed",),
    "faults": ("Fault", "Faults"),
    "target_kinds.kind": ("ApiCall",),
    "target_kinds.http_call": ("HttpAnswer", "HttpCall"),
    "trace": ("Trace",),
    "history.attempt": ("Attempt",),
    "history.dead_letter": ("DeadLetter", "DeadLetters"),
    "history.delivery": ("Deliveries", "Delivery"),
    "history.event_delivery": ("EventDelivery",),
    "history.lambda_invocation": ("LambdaInvocation", "LambdaInvocations"),
    "history.missing_permission": ("MissingPermission",),
    "history.published_event": ("PublishedEvent",),
    "history.raised": ("Raised",),
    "history.received_event": ("ReceivedEvent",),
    "history.schedule_delivery": ("ScheduleDelivery",),
    "history.subscriber_delivery": ("SubscriberDelivery",),
    "history.verdict": ("Verdict", "Verdicts"),
    "lambda_functions.context": ("LambdaContext",),
    "exceptions": (
        "AwsRefusal",
        "ClockError",
        "ContractFailure",
        "EndlessLoop",
        "EventmockError",
        "InvalidEntry",
        "MockStateError",
        "NetworkBlocked",
        "NoSuchBus",
        "NoSuchEndpoint",
        "NoSuchEvent",
        "NoSuchHealthCheck",
        "NoSuchIntegration",
        "NoSuchRequest",
        "NoSuchResource",
        "NoSuchRule",
        "NoSuchSchedule",
        "NoSuchSubscriber",
        "OptionError",
        "PolicyNotUnderstood",
        "SchemaError",
        "StrictFailure",
        "TemplateError",
    ),
    "schemas.violation": ("SchemaViolation",),
}
_PACKAGES = ("pattern", "schedule", "strategies")

known_modules.install()


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return import_module(f"eventmock.{name}")
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"eventmock.{home}"), name)
    raise AttributeError(f"module 'eventmock' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
