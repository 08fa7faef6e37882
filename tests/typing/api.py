"""Checked by mypy and pyright, never run: what a typed test suite writes against eventmock, with boto3's stubs."""

from __future__ import annotations

import unittest
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, assert_type

import pytest

import eventmock
from eventmock import (
    ApiCall,
    Attempt,
    DeadLetter,
    Deliveries,
    Delivery,
    DeliveryFailed,
    DeployedResource,
    DeployedRule,
    DeployedSchedule,
    DeployedSubscriber,
    Deployment,
    EventsBackend,
    Fault,
    FunctionTarget,
    HttpAnswer,
    HttpCall,
    LambdaContext,
    LambdaFunction,
    LambdaInvocation,
    LambdaInvocations,
    MissingPermission,
    MockEvents,
    Raised,
    ReceivedEvent,
    SchemaViolation,
    TemplateError,
    Trace,
    Verdict,
    Verdicts,
    current_backend,
    mock_events,
    service_event,
)
from eventmock.pattern import compile as compile_pattern
from eventmock.schedule import parse as parse_schedule

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient


# What is decorated keeps its type.


@mock_events
def bare(number: int, *, text: str = "") -> str:
    return text or str(number)


@mock_events(
    region="eu-west-1",
    account="111122223333",
    start_time=datetime(2026, 1, 1, tzinfo=UTC),
    passthrough=["localhost:4566"],
    service_events={"s3", "cloudtrail"},
    enforce_policies=True,
    target_permissions="warn",
    require_awscrt=True,
    patched_send=True,
)
def called(number: int) -> str:
    return str(number)


@mock_events
async def coroutine(number: int) -> str:
    return str(number)


@mock_events(strict=True)
def generator() -> Iterator[EventsBackend]:
    yield current_backend()


@mock_events
def two_way_generator() -> Generator[int, str, bytes]:
    return (yield 1).encode()


@mock_events()
async def async_generator() -> AsyncIterator[int]:
    yield 1


@mock_events
async def two_way_async_generator() -> AsyncGenerator[int, str]:
    yield len((yield 1))


@mock_events
class Plain:
    number: int = 1

    @classmethod
    def make(cls) -> Plain:
        return cls()


@mock_events(seed=1)
class Case(unittest.TestCase):
    def test_it(self) -> None:
        self.assertTrue(self)


@mock_events
class AsyncCase(unittest.IsolatedAsyncioTestCase):
    async def test_it(self) -> None:
        self.assertTrue(self)


class Methods:
    @mock_events
    def method(self, number: int) -> str:
        return str(number)

    @mock_events
    async def async_method(self, number: int) -> str:
        return str(number)

    @mock_events
    @classmethod
    def class_method(cls, number: int) -> str:
        return str(number)

    @classmethod
    @mock_events
    def class_method_the_other_way(cls, number: int) -> str:
        return str(number)

    @mock_events()
    @staticmethod
    def static_method(number: int) -> str:
        return str(number)


assert_type(bare(1, text="one"), str)
assert_type(called(number=1), str)
assert_type(generator(), Iterator[EventsBackend])
assert_type(two_way_generator(), Generator[int, str, bytes])
assert_type(async_generator(), AsyncIterator[int])
assert_type(two_way_async_generator(), AsyncGenerator[int, str])
assert_type(Plain, type[Plain])
assert_type(Plain.make(), Plain)
assert_type(Plain().number, int)
assert_type(Case, type[Case])
assert_type(AsyncCase, type[AsyncCase])
assert_type(Methods().method(1), str)
assert_type(Methods.class_method(1), str)
assert_type(Methods.class_method_the_other_way(1), str)
assert_type(Methods.static_method(1), str)

bare("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
mock_events(regoin="eu-west-1")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
mock_events("eu-west-1")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]


# A mock that is held.


mock = mock_events(isolated=True)
assert_type(mock, MockEvents)
assert_type(mock.start(), EventsBackend)
mock.stop()


async def with_blocks_and_awaits() -> None:
    assert_type(await coroutine(1), str)
    assert_type(await Methods().async_method(1), str)
    with mock_events() as backend:
        assert_type(backend, EventsBackend)
    async with mock_events() as backend:
        assert_type(backend, EventsBackend)


# Fixtures.


@pytest.fixture
def events(events_backend: EventsBackend) -> EventBridgeClient:
    return events_backend.client()


@pytest.fixture
@mock_events
def backend_of_its_own() -> Iterator[EventsBackend]:
    yield current_backend()


@pytest.mark.eventmock(region="eu-west-1", strict=True)
def test_fixtures(events_backend: EventsBackend, events: EventBridgeClient) -> None:
    answer = events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
    assert_type(answer["FailedEntryCount"], int)
    events.put_rules()  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]


# What the tester holds.


def clients(backend: EventsBackend, service: str) -> None:
    assert_type(backend.client(), EventBridgeClient)
    assert_type(backend.client("events", region="eu-west-1", account="111122223333"), EventBridgeClient)
    assert_type(backend.client(region="eu-west-1"), EventBridgeClient)
    assert_type(backend.client("appintegrations"), Any)
    assert_type(backend.client("sqs"), Any)
    assert_type(backend.client(service), Any)


def targets(backend: EventsBackend) -> None:
    told: list[dict[str, Any]] = []
    assert_type(backend.target("ship", told.append), FunctionTarget)
    backend.target(
        "ship", lambda event: told.append(event["detail"]), RetryPolicy={"MaximumRetryAttempts": 2}
    )
    backend.target(kind="SQS queue", function=refuse)
    shipped = backend.target(where=lambda delivery: delivery.rule_name == "ship")
    assert_type(shipped.deliveries, Deliveries)
    for delivery in shipped.deliveries.where(rule="ship", status="delivered"):
        assert_type(delivery, Delivery)
        assert_type(delivery.attempts, list[Attempt])
        assert_type(delivery.missing_permissions, list[MissingPermission])
        for attempt in delivery.attempts:
            assert_type(attempt.exception, BaseException | None)
            assert_type(attempt.raised, Raised | None)
            if attempt.raised is not None:
                assert_type(attempt.raised.lines(), list[str])
        assert_type(delivery.request, ApiCall | HttpCall | None)
        assert_type(delivery.call, ApiCall)
        assert_type(delivery.http, HttpCall)
        assert_type(delivery.dead_letter, DeadLetter | None)
    assert_type(shipped.deliveries[0].event, dict[str, Any])
    assert_type(shipped.deliveries[1:], Deliveries)
    assert_type(shipped.deliveries.details, list[Any])
    assert_type(shipped.dead_letters[0].json, Any)
    backend.deliveries.where(status="lost")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def refuse(event: dict[str, Any]) -> None:
    raise DeliveryFailed("ThrottlingException", event["id"])


def http(backend: EventsBackend, request: HttpCall) -> None:
    @backend.http("https://api.example.com/orders/*")
    def answer(call: HttpCall) -> tuple[int, dict[str, str]]:
        return 200, {"got": call.method}

    assert_type(answer(call=request), tuple[int, dict[str, str]])
    backend.http("https://api.example.com/", answer)
    backend.http("https://api.example.com/down", lambda call: 503 if call.query else HttpAnswer(201))
    backend.http("https://api.example.com/", lambda: 200)  # type: ignore[arg-type, misc]  # pyright: ignore[reportCallIssue, reportArgumentType]


def what_happened(backend: EventsBackend) -> None:
    assert_type(backend.events[0], ReceivedEvent)
    assert_type(backend.events[0].matched, list[str])
    assert_type(backend.events[-1].event, dict[str, Any] | None)
    assert_type(backend.trace, Trace)
    assert_type([fact.text for fact in backend.trace], list[str])
    verdicts = backend.explain({"Source": "shop", "DetailType": "order", "Detail": "{}"})
    assert_type(verdicts[0], Verdict)
    assert_type(verdicts.consumers, Verdicts)
    assert_type(verdicts[1:], Verdicts)
    assert_type(verdicts[0].managed_by, str | None)
    verdicts.assert_matches("ship", "audit")
    verdicts.assert_matches_only("ship")
    verdicts.assert_matches_nothing()
    eventmock.pattern.compile({"source": ["shop"]}).assert_matches({"source": "shop"})
    assert_type(backend.report(max_lines=10), str)
    backend.restore(backend.snapshot())


class Order:
    pass


SCHEMAS = {
    ("shop.orders", "Order Paid"): {"type": "object"},
    ("shop.orders", "Order Sent"): {"required": ["id"]},
}


@mock_events(schemas=SCHEMAS)
def schemas(backend: EventsBackend) -> None:
    mock_events(schemas="contracts")
    mock_events(schemas=Path("contracts"))
    mock_events(schemas=["contracts"])  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    backend.schemas.load(SCHEMAS)
    backend.schemas.load(
        {("shop", "Paid"): Order, (None, "Sent"): "contracts/sent.json", ("shop", "Lost"): Path("x")}
    )
    backend.schemas.add("shop", "Paid", Order)
    backend.schemas.add(None, "Paid", {"type": "object"})
    backend.schemas.required = True
    backend.schemas.require = True  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    with backend.schemas.expect_violation() as violations:
        assert_type(violations, list[SchemaViolation])
    assert_type(backend.schemas.violations[0].path, str)
    assert_type(backend.events[0].violations, tuple[SchemaViolation, ...])


def assertions(backend: EventsBackend) -> None:
    assert_type(backend.assert_delivered(rule="ship", detail={"state": "PAID"}, times=2), Deliveries)
    assert_type(backend.assert_delivered_once(source="shop", matching={"source": ["shop"]}), Delivery)
    shipped = backend.target("ship")
    assert_type(shipped.assert_delivered_once().event, dict[str, Any])
    shipped.assert_not_delivered(detail_type="refund")
    assert_type(shipped.assert_dead_lettered(error_code="THROTTLING")[0], DeadLetter)
    fired = backend.assert_delivered_once(schedule="nightly", body={"job": "night"})
    assert_type(fired.schedule_name, str | None)
    assert_type(fired.cause, ReceivedEvent | None)
    assert_type(backend.deliveries.where(schedule="nightly"), Deliveries)
    assert_type(backend.events[0].put_by, str | None)
    backend.assert_delivered(schedules="nightly")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    backend.assert_nothing_else_happened()
    backend.assert_delivered(rules="ship")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    backend.assert_delivered({"n": 1})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def settings(backend: EventsBackend) -> None:
    backend.quotas.rules_per_event_bus = 5
    backend.delays.first_retry = timedelta(seconds=5)
    backend.organizations = {"111122223333": "o-1"}
    backend.quotas.rules_per_bus = 5  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    backend.quotas.endpoints = "5"  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    backend.delays.first_retri = timedelta(1)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    backend.delays.first_retry = 5  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    backend.organisations = {}  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    backend.appintegrations.checks_event_busses = True  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


def strictness() -> None:
    mock_events(strict=True)
    mock_events(strict={"dropped", "nobody"})
    mock_events(strict=["handlers", "services", "awscrt"])
    mock_events(strict={"droped"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def faults(backend: EventsBackend) -> None:
    with backend.faults.inject(TimeoutError, operation="PutEvents", times=2) as fault:
        assert_type(fault, Fault)
        assert_type(fault.hits, int)
    backend.faults.inject("ThrottlingException", entry=lambda entry: entry["Source"] == "shop")
    failing = backend.faults.inject("the key is disabled", state="CREATE_FAILED", operation="CreateArchive")
    assert_type(failing.state, str | None)
    backend.faults.inject(503, delivery=lambda delivery: delivery.rule_name == "ship")
    backend.faults.inject(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def time(backend: EventsBackend) -> None:
    assert_type(backend.clock.now(), datetime)
    backend.clock.advance(hours=24)
    backend.clock.move_to("2026-01-01T00:00:00Z")
    with backend.region("us-east-1").outage(lasting=timedelta(hours=1)) as outage:
        assert_type(outage.is_on, bool)


# What is usable alone, and modules by their names.


assert_type(compile_pattern({"source": ["shop"]}).matches({"source": "shop"}), bool)
assert_type(parse_schedule("rate(5 minutes)").next_after(datetime(2026, 1, 1, tzinfo=UTC)), datetime | None)
assert_type(eventmock.current_backend(), EventsBackend)


# A partner integration


def partner_integration(backend: EventsBackend) -> None:
    source = backend.partner_event_source(
        "aws.partner/example.com/orders", accepted=False, account="222222222222"
    )
    assert_type(source.state, str | None)
    assert_type(source.put("order", {"state": "PAID"}, resources=["a"]), ReceivedEvent)


# Handlers of Lambda functions are taken as they are written.


def ship(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:
    return {"order": str(event["detail"]["id"]), "by": context.aws_request_id}


class OwnContext(Protocol):
    function_name: str

    def get_remaining_time_in_millis(self) -> int: ...


def audit(event: Mapping[str, object], context: OwnContext) -> None:
    pass


def templates(backend: EventsBackend, path: Path) -> None:
    deployment = backend.deploy(
        path,
        stack="shop",
        parameters={"Stage": "test", "Count": 3},
        imports={"bus": "orders"},
        resolve={"ssm:/shop/table": "orders"},
        handlers={"Ship": ship, "Bill": "shop.handlers.bill"},
        in_moto=True,
    )
    assert_type(deployment, Deployment)
    assert_type(deployment["Queue"], DeployedResource)
    assert_type(deployment["Queue"].arn, str | None)
    rule = deployment.rule("Paid")
    assert_type(rule, DeployedRule)
    assert_type(rule.assert_delivered_once(detail={"number": 7}), Delivery)
    assert_type(rule.explain({"source": "shop"}), Verdict)
    schedule = deployment.schedule("Nightly")
    assert_type(schedule, DeployedSchedule)
    assert_type(schedule.assert_delivered_once(body={"number": 7}), Delivery)
    assert_type(schedule.explain(), str)
    subscriber = deployment.subscriber("Receipts")
    assert_type(subscriber, DeployedSubscriber)
    assert_type(subscriber.assert_delivered_once(body={"number": 7}), Delivery)
    assert_type(subscriber.deliveries, Deliveries)
    assert_type(deployment.function("Ship"), LambdaFunction)
    assert_type(deployment.outputs, dict[str, Any])
    backend.deploy("cdk.out", handlers=True)
    backend.deploy({"Resources": {}})
    try:
        deployment.delete()
    except TemplateError as error:
        assert_type((error.file, error.line, error.logical_id), tuple[str | None, int | None, str | None])
    backend.deploy(path, stak="shop")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def lambda_functions(backend: EventsBackend) -> None:
    function = backend.lambda_function("ship", ship, retries=0, timeout=timedelta(seconds=10))
    assert_type(function, LambdaFunction)
    assert_type(backend.lambda_function("audit", audit), LambdaFunction)
    assert_type(backend.lambda_function("bill", "shop.handlers.bill"), LambdaFunction)

    @backend.lambda_function("pay", environment={"TABLE": "orders"})
    def pay(event: dict[str, Any], context: LambdaContext) -> int:
        return context.get_remaining_time_in_millis()

    assert_type(pay({}, backend.lambda_context("pay")), int)
    assert_type(function.assert_invoked(1, matching={"source": ["shop"]}), LambdaInvocations)
    assert_type(function.invocations[0], LambdaInvocation)
    assert_type(function.errors, list[BaseException])
    with function.throttled():
        backend.clock.advance(minutes=1)
    backend.lambda_function("ship", ship, retrys=0)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]


def service_events(backend: EventsBackend, now: datetime) -> None:
    received = backend.emit(
        "aws.s3", "Object Created", {"bucket": {"name": "in"}}, resources=["arn"], time=now
    )
    assert_type(received, ReceivedEvent)
    assert_type(received.notes, list[str])
    assert_type(backend.emit("aws.s3", "Object Created", "{}"), ReceivedEvent)
    assert_type(
        backend.emit_sample("aws.s3", "Object Created", {"object.key": "a"}, reason="x"), ReceivedEvent
    )
    assert_type(backend.emit_api_call("ec2", "RunInstances", {"a": 1}, read_only=False), ReceivedEvent)
    assert_type(service_event("aws.s3", "Object Created", region="eu-west-1"), dict[str, Any])
    backend.emit("aws.s3", "Object Created", bus="orders")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
