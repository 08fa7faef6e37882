"""What happened in a backend, as plain data for pictures: dictionaries, lists, texts and numbers, as in JSON.

The data is made of the records when it is asked for. Times are ISO 8601 in UTC, with milliseconds. Events, bodies and
values in an event are JSON texts, so that numbers keep their spelling in every view.

The parts of a request that may be secret are masked by ``***``. Of an HTTP request these are the values of headers that
AWS does not write itself, the values in the query, and a user in the URL. Of a request to an API destination these are
also the members of the body that its connection adds to the target's input. Texts that a test writes into an event or
an exception are not masked.
"""

from __future__ import annotations

import json
import math
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict, overload

from eventmock.backend.failed_attempts import notes_on
from eventmock.backend.report.firings import Alike, Firings
from eventmock.backend.report.misses import Misses
from eventmock.history import wording
from eventmock.history.delivery import Delivery
from eventmock.history.incident import Incident
from eventmock.history.received_event import ReceivedEvent
from eventmock.history.schedule_delivery import ScheduleDelivery
from eventmock.pattern.terms import json_of
from eventmock.target_kinds import ApiCall
from eventmock.target_kinds.api_destination import JSON_TYPE, SENT
from eventmock.transform.json_text import JsonText, NotJson
from eventmock.values.arn import arn_name
from eventmock.values.deep_json import copied
from eventmock.values.urls import MASK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from eventmock.history.attempt import Attempt
    from eventmock.history.dead_letter import DeadLetter
    from eventmock.history.lambda_invocation import Condition, LambdaAttempt, LambdaInvocation, Outlet
    from eventmock.history.ledger import Ledger
    from eventmock.history.missing_permission import MissingPermission
    from eventmock.history.progress import Status
    from eventmock.history.received_event import Origin
    from eventmock.history.taken_by import TakenBy
    from eventmock.history.traced_rule import TracedRule
    from eventmock.history.verdict import Verdict
    from eventmock.target_kinds.http_call import HttpCall

_WRITTEN_BY_AWS: Final = frozenset({*SENT, "Host"})
"""Headers that only AWS can write."""


class FieldFlow(TypedDict):
    """A field of a pattern, compared with an event.

    Attributes:
        path: The names joined with dots.
        held: The values of the event at the path, as JSON texts; empty if there are none.
        wanted: The terms of the field, in readable form.
        satisfied: Whether the event satisfies the field, apart from other fields.
    """

    path: str
    held: list[str]
    wanted: list[str]
    satisfied: bool


class RuleFlow(TypedDict):
    """The result of a rule for an event.

    Attributes:
        name: The name of the rule.
        arn: The ARN of the rule.
        matched: Whether the rule matched, or its schedule made the event.
        why: The reason for which the rule did not match, in one line; else ``matches``, or that its schedule made the
            event.
        fields: The fields of the alternative that matched or came nearest; empty for a rule without a pattern.
        alternatives: The number of alternatives of the pattern; 0 for a rule without a pattern.
        archive: The name of the archive that gets the event, if it is an archive's own rule; else None.
        replicates: The ARN of the global endpoint whose events are replicated, if it is an endpoint's own rule.
        is_users_own: Whether a user made the rule, not an archive, a global endpoint or another AWS service.
    """

    name: str
    arn: str
    matched: bool
    why: str
    fields: list[FieldFlow]
    alternatives: int
    archive: str | None
    replicates: str | None
    is_users_own: bool


class AttemptFlow(TypedDict):
    """An attempt.

    Attributes:
        number: The number of the attempt, from 1.
        time: The moment of the attempt.
        error: The error, in one line; None if the attempt succeeded.
        details: Lines about the exception that a function of the test raised, which the error does not have: the rest
            of its message, the lines of code, its causes. Empty if no function raised one.
    """

    number: int
    time: str
    error: str | None
    details: list[str]


class DeadLetterFlow(TypedDict):
    """A message that a dead-letter queue got.

    Attributes:
        queue_arn: The ARN of the queue.
        queue: The name of the queue for people.
        time: The moment at which the message came.
        body: The body of the message.
        attributes: The attributes of the message.
        taken_by: ``function``, ``moto`` or ``nobody``.
    """

    queue_arn: str
    queue: str
    time: str
    body: str
    attributes: dict[str, str]
    taken_by: TakenBy


class RequestFlow(TypedDict):
    """The call of AWS to a target. Secrets are masked.

    Attributes:
        service: The service, such as ``sqs``; ``https`` for an API destination.
        operation: The operation, such as ``SendMessage``; for HTTP the method and the URL without its query.
        region: The region that is called; for an API destination, the region of the caller.
        account: The account that is called; for an API destination, the account of the caller.
        parameters: The parameters as boto3 takes them, bytes as text; for HTTP ``query``, ``headers`` and ``body``.
    """

    service: str
    operation: str
    region: str
    account: str
    parameters: dict[str, Any]


class MissingPermissionFlow(TypedDict):
    """A permission that is missing. See `eventmock.history.missing_permission.MissingPermission`.

    Attributes:
        statement: The statement that is missing in a policy; None if a statement is not what is missing.
    """

    resource: str
    code: str
    message: str
    why: str
    statement: dict[str, Any] | None
    call: str
    template: str
    is_dead_letter: bool


class DeliveryFlow(TypedDict):
    """What is on its way to one target. `eventmock.history.delivery.Delivery` explains the other members.

    Attributes:
        number: The number of the delivery among all, from 1.
        target_arn: The ARN of the target.
        target: The name of the target for people.
        kind: The kind of target; None if it is not known.
        outcome: The progress so far, in one line.
        notes: Lines about the end of the delivery: the exception of a function in place of the dead-letter queue, and
            what AWS would do with the error of a Lambda function.
        request: The call of AWS, as in the last attempt; None before the first attempt, for an event bus that is the
            target of a rule, and if the call is not known.
        invocations: What Lambda did with the event, if the target is a Lambda function of the test, and with records
            about that which went to other functions.
    """

    number: int
    target_arn: str
    target: str
    kind: str | None
    status: Status
    outcome: str
    taken_by: TakenBy | None
    body: str
    attempts: list[AttemptFlow]
    next_attempt: str | None
    ended: str | None
    reason: str | None
    waits_for: str | None
    notes: list[str]
    missing_permissions: list[MissingPermissionFlow]
    dead_letter: DeadLetterFlow | None
    request: RequestFlow | None
    invocations: list[InvocationFlow]


class EventDeliveryFlow(DeliveryFlow):
    """An event on its way to one target of one rule. See `eventmock.history.event_delivery.EventDelivery`.

    Attributes:
        replicates: The ARN of the global endpoint for which the delivery copies the event; None if it is not a copy.
    """

    rule: str
    rule_arn: str
    target_id: str
    replicates: str | None


class SentFlow(TypedDict):
    """What Lambda sent to a destination or dead-letter queue. See `eventmock.history.lambda_invocation.Sent`.

    Attributes:
        outlet: ``dead-letter``, ``on success`` or ``on failure``.
        to: The name of the receiver for people.
    """

    outlet: Outlet
    arn: str
    to: str
    time: str
    body: str
    attributes: dict[str, str]
    taken_by: TakenBy | None
    error: str | None


class InvocationFlow(TypedDict):
    """An event that Lambda has accepted. See `eventmock.history.lambda_invocation.LambdaInvocation`.

    Attributes:
        number: The number of the invocation among all, from 1.
        function: The name of the function for people.
        arn: The ARN that was invoked.
        caused_by: The request id of the invocation whose record this one is about; None if a rule or a schedule invoked
            the function.
        outcome: The progress so far, in one line.
    """

    number: int
    function: str
    arn: str
    request_id: str
    caused_by: str | None
    time: str
    body: str
    outcome: str
    condition: Condition | None
    attempts: list[AttemptFlow]
    next_attempt: str | None
    ended: str | None
    sent: list[SentFlow]


class EventFlow(TypedDict):
    """An event that came to a bus, with its outcome. See `eventmock.history.received_event.ReceivedEvent`.

    Attributes:
        number: The number of the event, from 1.
        id: The event's id; None if the entry was refused.
        content: The event as a target receives it, as JSON text; None if the entry was refused.
        problem: The problem of the event, in one line; None if there is none.
        notes: Advice for the tester, a line each: why an entry was refused, which other rules would match.
        endpoint: The ARN of the global endpoint through which the event was put; None if there is none.
        arrived_by: The number of the delivery that brought the event from another bus or from a schedule; None if none
            did.
        replica_of: The number of the event of which replication made this copy; None if it is not a copy.
        archives: The names of the archives that keep the event.
        rules: The rules that matched, in order, then at most 10 others, by name: the nearest if the event matched no
            user-made rule, else the first.
        more_rules: The number of rules that did not match and are left out.
    """

    number: int
    time: str
    bus: str
    region: str
    account: str
    origin: Origin
    source: str
    detail_type: str
    id: str | None
    content: str | None
    refused: str | None
    dropped: str | None
    problem: str | None
    notes: list[str]
    endpoint: str | None
    arrived_by: int | None
    replica_of: int | None
    archives: list[str]
    rules: list[RuleFlow]
    more_rules: int
    deliveries: list[EventDeliveryFlow]


class ExecutionFlow(TypedDict):
    """An attempt to invoke the target of a schedule. See `eventmock.history.schedule_delivery.Execution`.

    Attributes:
        attempt: The number of the attempt, from 1.
        id: The execution id, a UUID.
        request: The call of the attempt; None if it is the same as in the attempt before, and if it is not known.
    """

    attempt: int
    id: str
    request: RequestFlow | None


class FiringFlow(TypedDict):
    """A firing of a schedule of EventBridge Scheduler, or several that went alike.

    `eventmock.history.schedule_delivery.ScheduleDelivery` explains the other members. Of more than 100 firings of a
    schedule that went alike, the first 50 and the last 50 have data of their own, and one of those between, or one for
    each run if they are of several.

    Attributes:
        number: The number of the firing among all, from 1.
        time: The moment at which the schedule fired: in a flexible time window, the moment that was drawn.
        scheduled_time: The moment at which the schedule had to fire.
        local_time: `scheduled_time` in the time zone of the schedule, in ISO 8601 with the offset from UTC.
        schedule: The name of the schedule.
        group: The name of the schedule group.
        window: The length of the flexible time window in minutes; None without such a window.
        like: The number of the first firing of a run: firings that went alike, and between which nothing happened but
            other firings and the events that these caused. The firing's own number if it begins a run.
        times: The number of firings for which this one stands. All that follows is about the first of them.
        until: The moment at which the last of them fired; `time` if there is only one.
        executions: The attempts, as the input and the call are made of them.
        delivery: The delivery to the target.
    """

    number: int
    time: str
    scheduled_time: str
    local_time: str
    schedule: str
    schedule_arn: str
    group: str
    region: str
    account: str
    expression: str
    timezone: str
    window: int | None
    like: int
    times: int
    until: str
    executions: list[ExecutionFlow]
    delivery: DeliveryFlow


class IncidentFlow(TypedDict):
    """An incident, which concerns no event. See `eventmock.history.incident.Incident`.

    Attributes:
        number: The number of the incident, from 1.
        text: What happened, in one line.
    """

    number: int
    time: str
    kind: str
    region: str | None
    text: str


class StepFlow(TypedDict):
    """A step of what happened; the steps are in order.

    Attributes:
        time: The moment.
        what: An ``incident``, the arrival of an ``event``, the ``firing`` of a schedule, the ``end`` of a delivery, or
            the end of an ``invocation``.
        number: The number of that incident, event, firing, delivery or invocation.
    """

    time: str
    what: Literal["incident", "event", "firing", "end", "invocation"]
    number: int


class Flow(TypedDict):
    """All that happened in a backend.

    Attributes:
        region: The default region.
        account: The default account.
        events: The events, in the order in which they came.
        firings: The firings of schedules of EventBridge Scheduler, in order.
        incidents: The incidents, in order.
        steps: The incidents, the arrivals of events, the firings, and the ends of deliveries and invocations, in order.
        refused_requests: The requests that were not allowed to leave the process.
    """

    region: str
    account: str
    events: list[EventFlow]
    firings: list[FiringFlow]
    incidents: list[IncidentFlow]
    steps: list[StepFlow]
    refused_requests: list[str]


def flow_of(
    ledger: Ledger,
    *,
    account: str,
    region: str,
    elsewhere: Callable[[ReceivedEvent], Iterable[str]] = lambda _event: (),
) -> Flow:
    """Return all that happened, as data. Equal records give equal data.

    Args:
        ledger: The records.
        account: The default account.
        region: The default region.
        elsewhere: A function that returns, for an event, a line for each other bus that has rules that would match.
    """
    journal, received = list(ledger.journal), list(ledger.received)
    all_firings = Firings(ledger)
    shown = all_firings.shown()
    events = {event: number for number, event in enumerate(received, 1)}
    firings = {firing: number for number, firing in enumerate(all_firings.all, 1)}
    of_events = (delivery for event in received for delivery in event.deliveries)
    deliveries: dict[Delivery, int] = {one: number for number, one in enumerate([*of_events, *shown], 1)}
    invocations = {invocation: number for number, invocation in enumerate(ledger.invocations, 1)}
    rules = _Rules()
    incidents: list[IncidentFlow] = []
    steps: list[StepFlow] = []
    for subject, progress in journal:
        if isinstance(subject, Incident):
            incidents.append(_incident(subject, len(incidents) + 1))
            steps.append({"time": _time(subject.time), "what": "incident", "number": len(incidents)})
        elif isinstance(subject, ReceivedEvent):
            steps.append({"time": _time(subject.time), "what": "event", "number": events[subject]})
        elif isinstance(subject, ScheduleDelivery) and progress is None:
            if subject in shown:
                steps.append({"time": _time(subject.time), "what": "firing", "number": firings[subject]})
        elif progress is None or progress.ended is None:
            continue
        elif isinstance(subject, Delivery):
            if subject in deliveries:
                steps.append({"time": _time(progress.ended), "what": "end", "number": deliveries[subject]})
        elif subject.delivery in deliveries:
            number = invocations[subject]
            steps.append({"time": _time(progress.ended), "what": "invocation", "number": number})
    of_deliveries = {
        delivery: [_invocation(one, invocations[one]) for one in all_firings.invocations.get(delivery, ())]
        for delivery in deliveries
    }
    return {
        "region": region,
        "account": account,
        "events": [
            _event(event, events, deliveries, of_deliveries, elsewhere(event), rules) for event in received
        ],
        "firings": [
            _firing(
                alike,
                firings[firing],
                firings[all_firings.run_of(firing)[0]],
                _delivery(firing, deliveries[firing], of_deliveries[firing]),
            )
            for firing, alike in shown.items()
        ],
        "incidents": incidents,
        "steps": steps,
        "refused_requests": list(ledger.refused_requests),
    }


def _incident(incident: Incident, number: int) -> IncidentFlow:
    return {
        "number": number,
        "time": _time(incident.time),
        "kind": incident.kind,
        "region": incident.region,
        "text": _message(incident.text),
    }


def _event(  # noqa: PLR0913, PLR0917 - what an event leads to, each by the record that it belongs to
    event: ReceivedEvent,
    events: Mapping[ReceivedEvent, int],
    deliveries: Mapping[Delivery, int],
    invocations: Mapping[Delivery, list[InvocationFlow]],
    elsewhere: Iterable[str],
    all_rules: _Rules,
) -> EventFlow:
    rules = all_rules.of(event)
    return {
        "number": events[event],
        "time": _time(event.time),
        "bus": event.bus,
        "region": event.region,
        "account": event.account,
        "origin": event.origin,
        "source": event.source,
        "detail_type": event.detail_type,
        "id": event.event_id,
        "content": None if event.envelope is None else event.envelope.text,
        "refused": _message(event.refused),
        "dropped": _message(event.dropped),
        "problem": _message(event.problem),
        "notes": [*event.hints, *elsewhere],
        "endpoint": event.endpoint,
        "arrived_by": None if event.arrived_by is None else deliveries.get(event.arrived_by),
        "replica_of": None if event.replica_of is None else events[event.replica_of],
        "archives": event.archived,
        "rules": rules,
        "more_rules": len(event.rules) - len(rules),
        "deliveries": [
            {
                **_delivery(delivery, deliveries[delivery], invocations[delivery]),
                "rule": delivery.sender_name,
                "rule_arn": delivery.sender_arn,
                "target_id": delivery.target_id,
                "replicates": delivery.replicates,
            }
            for delivery in event.deliveries
        ],
    }


def _firing(alike: Alike, number: int, like: int, delivery: DeliveryFlow) -> FiringFlow:
    firing, schedule = alike.first, alike.first.schedule
    return {
        "number": number,
        "time": _time(firing.time),
        "scheduled_time": _time(firing.scheduled_time),
        "local_time": firing.local_time.isoformat(),
        "schedule": schedule.name,
        "schedule_arn": schedule.arn,
        "group": schedule.group,
        "region": schedule.region,
        "account": schedule.account,
        "expression": schedule.expression,
        "timezone": schedule.timezone,
        "window": schedule.window,
        "like": like,
        "times": alike.times,
        "until": _time(alike.last.time),
        "executions": list(_executions(firing)),
        "delivery": delivery,
    }


def _executions(firing: ScheduleDelivery) -> Iterator[ExecutionFlow]:
    before = None
    for attempt in firing.attempts:
        request = _request(firing, attempt.request)
        is_same, before = request == before, request
        execution = firing.execution_of(attempt.number)
        yield {"attempt": attempt.number, "id": execution.id, "request": None if is_same else request}


class _Rules:
    """The rules of events, as data. Equal parts of many events are computed once; each event has its own copy."""

    def __init__(self) -> None:
        self._misses = Misses()
        self._fields: dict[int, tuple[Verdict, list[FieldFlow]]] = {}

    def of(self, event: ReceivedEvent) -> list[RuleFlow]:
        """Return the rules of an event's bus: those that matched, then some of the others."""
        if event.envelope is None:
            return []
        matched, missed = self._misses.judge(event)
        return [
            *(self._rule(rule, verdict, matched=True) for rule, verdict in matched),
            *(self._rule(rule, verdict, matched=False) for rule, verdict in missed),
        ]

    def _rule(self, rule: TracedRule, verdict: Verdict, *, matched: bool) -> RuleFlow:
        known = self._fields.get(id(verdict))
        if known is None:
            known = self._fields[id(verdict)] = verdict, _fields(verdict)
        return {
            "name": rule.name,
            "arn": rule.arn,
            "matched": matched,
            "why": "its schedule made the event" if matched and not verdict.matched else verdict.why,
            "fields": [
                {
                    "path": field["path"],
                    "held": [*field["held"]],
                    "wanted": [*field["wanted"]],
                    "satisfied": field["satisfied"],
                }
                for field in known[1]
            ],
            "alternatives": 0 if verdict.explanation is None else verdict.explanation.alternatives,
            "archive": rule.feeds,
            "replicates": rule.replicates,
            "is_users_own": rule.is_users_own,
        }


def _fields(verdict: Verdict) -> list[FieldFlow]:
    return [
        {
            "path": field.path,
            "held": list(map(json_of, field.held)),
            "wanted": list(field.wanted),
            "satisfied": field.satisfied,
        }
        for field in (() if verdict.explanation is None else verdict.explanation.fields)
    ]


def _delivery(delivery: Delivery, number: int, invocations: list[InvocationFlow]) -> DeliveryFlow:
    kind, letter = delivery.target.kind, delivery.dead_letter
    return {
        "number": number,
        "target_arn": delivery.target_arn,
        "target": arn_name(delivery.target_arn),
        "kind": None if kind is None else kind.name,
        "status": delivery.status,
        "outcome": _message(delivery.outcome),
        "taken_by": delivery.taken_by,
        "body": delivery.body,
        "attempts": [_attempt(attempt) for attempt in delivery.attempts],
        "next_attempt": None if delivery.next_attempt is None else _time(delivery.next_attempt),
        "ended": None if delivery.ended is None else _time(delivery.ended),
        "reason": _message(delivery.reason),
        "waits_for": delivery.waits_for,
        "notes": notes_on(delivery),
        "missing_permissions": [_missing_permission(one) for one in delivery.missing_permissions],
        "dead_letter": None if letter is None else _dead_letter(letter),
        "request": _request(delivery, delivery.request),
        "invocations": invocations,
    }


def _missing_permission(missing: MissingPermission) -> MissingPermissionFlow:
    return {
        "resource": missing.resource,
        "code": missing.code,
        "message": missing.message,
        "why": missing.why,
        "statement": missing.statement,
        "call": missing.call,
        "template": missing.template,
        "is_dead_letter": missing.is_dead_letter,
    }


def _invocation(invocation: LambdaInvocation, number: int) -> InvocationFlow:
    next_attempt, ended = invocation.next_attempt, invocation.ended
    return {
        "number": number,
        "function": arn_name(invocation.invoked_arn),
        "arn": invocation.invoked_arn,
        "request_id": invocation.request_id,
        "caused_by": None if invocation.cause is None else invocation.cause.request_id,
        "time": _time(invocation.time),
        "body": invocation.body,
        "outcome": invocation.outcome,
        "condition": invocation.condition,
        "attempts": [_attempt(attempt) for attempt in invocation.attempts],
        "next_attempt": None if next_attempt is None else _time(next_attempt),
        "ended": None if ended is None else _time(ended),
        "sent": [
            {
                "outlet": one.outlet,
                "arn": one.arn,
                "to": arn_name(one.arn),
                "time": _time(one.time),
                "body": one.body,
                "attributes": one.attributes,
                "taken_by": one.taken_by,
                "error": one.error,
            }
            for one in invocation.sent
        ],
    }


def _attempt(attempt: Attempt | LambdaAttempt) -> AttemptFlow:
    return {
        "number": attempt.number,
        "time": _time(attempt.time),
        "error": _message(attempt.error),
        "details": list(attempt.details),
    }


def _dead_letter(letter: DeadLetter) -> DeadLetterFlow:
    return {
        "queue_arn": letter.queue_arn,
        "queue": arn_name(letter.queue_arn),
        "time": _time(letter.time),
        "body": letter.body,
        "attributes": dict(letter.attributes),
        "taken_by": letter.taken_by,
    }


def _request(delivery: Delivery, call: ApiCall | HttpCall | None) -> RequestFlow | None:
    if call is None:
        return None
    return {
        "service": call.service,
        "operation": call.operation,
        "region": call.region,
        "account": call.account,
        "parameters": _plain(call.parameters) if isinstance(call, ApiCall) else _masked(call, delivery),
    }


def _masked(call: HttpCall, delivery: Delivery) -> dict[str, Any]:
    """Return the parts of an HTTP request, with those masked that may be secret."""
    return {
        "query": dict.fromkeys(call.query, MASK),
        "headers": {
            name: value if _is_written_by_aws(name, value, delivery) else MASK
            for name, value in call.headers.items()
        },
        "body": _masked_body(call.text, delivery.body) if call.service == "https" else call.text,
    }


def _is_written_by_aws(name: str, value: str, delivery: Delivery) -> bool:
    """Return whether AWS writes a header itself, or its value is in the report in any case."""
    known = (JSON_TYPE, "application/json", delivery.account, delivery.sender_arn, delivery.trace_header)
    return name in _WRITTEN_BY_AWS or value in known


def _masked_body(sent: str, given: str) -> str:
    """Return a body in which the members are masked that are not in the target's input."""
    try:
        sent_members, given_members = JsonText.parse(sent).members(), JsonText.parse(given).members()
    except NotJson:
        return sent
    members = (
        f"{JsonText.of_string(name).text}:{value.text if given_members.get(name) == value else json.dumps(MASK)}"
        for name, value in sent_members.items()
    )
    return f"{{{','.join(members)}}}" if sent_members != given_members else sent


def _plain(value: Any) -> Any:
    """Return a value as data for JSON."""
    return copied(value, _plain_scalar)


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode(errors="backslashreplace")
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


@overload
def _message(text: str) -> str: ...
@overload
def _message(text: None) -> None: ...
@overload
def _message(text: str | None) -> str | None: ...
def _message(text: str | None) -> str | None:
    """Return a message of limited length; what a message quotes may be of any length."""
    if text is None or len(text) <= wording.LONGEST_LINE:
        return text
    return f"{text[: wording.LONGEST_LINE]}... ({len(text):,} characters)"


def _time(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
