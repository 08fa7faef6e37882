"""Rules about patterns on events of AWS services, as the catalogue knows these events."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from eventmock.checks.pattern_fields import NEVER, fields_of, keys_of_path, listed, never
from eventmock.checks.subject import BUS, BUS_POLICY, DEFAULT_BUS, RULE
from eventmock.checks.table import rule
from eventmock.pattern.terms import ExactNumber, ExactString

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject
    from eventmock.deployment.stack import StackResource
    from eventmock.pattern import Pattern
    from eventmock.pattern.matching import Field

_OF_TEXTS: Final = ("prefix ", "suffix ", "wildcard ", "equals-ignore-case ", "cidr ")
"""The beginnings of the texts of operators that only texts satisfy."""


@rule(
    "no-such-aws-event",
    "warning",
    "A pattern wants of an AWS service's event what no such event has, such as a misspelt detail-type.",
)
def no_such_aws_event(subject: Subject) -> Iterator[Found]:
    """Yield what the catalogue says about patterns on events of AWS services, if it is sure."""
    for one in subject.rules:
        if one.pattern is None or "aws." not in one.pattern.text:
            continue
        from eventmock.aws_events.rule_advice import about_rule
        from eventmock.checks.known_events import cannot_have

        state = one.resource.properties.get("State", "ENABLED")
        notes = about_rule(one.pattern, state, gets_service_events=True)
        lacking = {} if notes else cannot_have(one.pattern)
        if lacking:
            yield subject.found(
                one.resource,
                *keys_of_path(one.resource, "detail"),
                what="; ".join(f'no "{name}" has {" or ".join(paths)}' for name, paths in lacking.items()),
                production="the rule deploys, and no event has all that the pattern wants",
                instead="$or, with the fields of each event in an alternative of their own; or a rule for each",
            )
        for note in notes:
            is_unknown = note.startswith("eventmock knows no") and "did you mean" not in note
            if is_unknown or "URL-encoded" in note:
                continue  # AWS adds events every month, and a key may well have such characters
            yield subject.found(
                one.resource,
                *keys_of_path(one.resource, _path_named_in(note, one.pattern)),
                what=f"{note.removeprefix('eventmock knows ')}",
                production="the rule deploys, and no event of the service matches it",
                instead=_meant(note),
            )


def _path_named_in(note: str, pattern: Pattern) -> str:
    """Return the path of the field that a note is about."""
    paths = sorted({field.path for field in fields_of(pattern)}, key=len, reverse=True)
    named = [path for path in paths if re.search(rf"(?<![\w.]){re.escape(path)}(?![\w.-])", note)]
    return named[0] if named else "source"


def _meant(note: str) -> str:
    _, found, meant = note.partition("did you mean ")
    if found:
        return meant.rstrip("?")
    return note.partition("; ")[2] or "what `eventmock sample` prints for the event"


@rule(
    "wrong-kind-of-value",
    "warning",
    "A pattern wants text where an AWS service's event has a number, or the other way round.",
)
def wrong_kind_of_value(subject: Subject) -> Iterator[Found]:
    """Yield the fields of patterns on events of AWS services that want another kind of value than the events have."""
    for one in subject.rules:
        if one.pattern is None or "aws." not in one.pattern.text:
            continue
        from eventmock.checks.known_events import kinds_for, value_kind

        kinds = [kind for kind in kinds_for(one.pattern) if kind.is_whole]
        for field in fields_of(one.pattern) if kinds else ():
            has = {value_kind(kind, field.path) for kind in kinds}
            wants = _wanted_kind(field)
            if wants is None or len(has) != 1 or not has <= {"text", "number", "flag"} - {wants}:
                continue
            kind = {"text": "a text", "number": "a number", "flag": "true or false"}[has.pop() or ""]
            yield subject.found(
                one.resource,
                *keys_of_path(one.resource, field.path),
                what=f"the pattern wants {field.path} to be {listed(field.terms)}, and the event has {kind} there",
                production=never(one.pattern, field.path),
                instead=_instead(kind, wants, field),
            )


def _instead(kind: str, wants: str, field: Field) -> str:
    if any(str(term).startswith(_OF_TEXTS) for term in field.terms):
        return f"{kind}{', or numeric' * (kind == 'a number')}"
    return f"{kind}{', without quotes' if wants == 'text' else ', in quotes'}"


def _wanted_kind(field: Field) -> str | None:
    """Return the only kind of value that a field can be satisfied by; None if there are several."""
    if all(isinstance(term, ExactString) or str(term).startswith(_OF_TEXTS) for term in field.terms):
        return "text"
    is_number = all(isinstance(one, ExactNumber) or str(one).startswith("numeric ") for one in field.terms)
    return "number" if is_number else None


@rule(
    "aws-event-on-custom-bus",
    "warning",
    "A rule waits on a bus of its own for events of an AWS service, which come to the default bus.",
)
def aws_event_on_custom_bus(subject: Subject) -> Iterator[Found]:
    """Yield the rules that wait for events of AWS services where the services do not send them."""
    for one in subject.rules:
        if one.bus == DEFAULT_BUS or one.pattern is None or "aws." not in one.pattern.text:
            continue
        bus = next((bus for bus in subject.of_type(BUS) if bus.name == one.bus), None)
        if bus is None or subject.leaves_out(RULE, BUS_POLICY) or _may_get_copies(subject, bus):
            continue
        from eventmock.aws_events.rule_advice import about_rule

        state = one.resource.properties.get("State", "ENABLED")
        known = about_rule(one.pattern, state, gets_service_events=True)
        for note in about_rule(one.pattern, state, gets_service_events=False):
            if note not in known:
                yield subject.found(
                    one.resource,
                    "EventBusName",
                    what=f'the rule waits on bus "{one.bus}", and {note.partition(";")[0]}',
                    production=NEVER,
                    instead=f"no EventBusName, or a rule on the default bus whose target is {bus.logical_id}",
                )


def _may_get_copies(subject: Subject, bus: StackResource) -> bool:
    """Return whether a bus may get events of other buses: by a rule of the template, or from elsewhere by a policy."""
    if any(target.members.get("Arn") == bus.arn for target in subject.targets):
        return True
    if bus.properties.get("Policy") or bus.properties.get("EventSourceName"):
        return True
    policies = subject.of_type(BUS_POLICY)
    return any(policy.properties.get("EventBusName") in (bus.name, bus.arn) for policy in policies)
