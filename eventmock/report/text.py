"""What happened, as text: one line a fact, AWS's names, the value found before the value wanted.

The text is the same in every run but for the times, so a test may compare it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.arn import arn_name
from eventmock.records import Incident, ReceivedEvent, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.ledger import Ledger
    from eventmock.records import Delivery, TracedRule

_INDENT: Final = " " * 12
_ACTIONS: Final = {
    "PutEvents": "PutEvents",
    "PutPartnerEvents": "PutPartnerEvents",
    "bus": "forwarded",
    "schedule": "fired",
    "replay": "replayed",
}
_CALLS: Final = {
    name: f"{name} still reported success, as AWS does" for name in ("PutEvents", "PutPartnerEvents")
}


def render(ledger: Ledger, account: str, region: str, max_lines: int | None = None) -> str:
    """Tell what happened.

    Args:
        ledger: The records.
        account: The default account, which is not told.
        region: The default region, which is not told.
        max_lines: Keep the last so many lines, and say that there are more; None for all.
    """
    lines = [printable(line) for line in _lines(ledger, account, region)]
    if max_lines is not None and len(lines) > max_lines:
        left_out = len(lines) - max_lines + 1
        lines = [f"... {left_out} earlier lines: print(events_backend.report())", *lines[-max_lines + 1 :]]
    return "\n".join(lines)


def _lines(ledger: Ledger, account: str, region: str) -> Iterator[str]:
    told = [
        one
        for one, attempt in ledger.journal
        if attempt is None and isinstance(one, (ReceivedEvent, Incident))
    ]
    if not ledger.received:
        yield "no event was put"
    days = {one.time.date() for one in told}
    moment = "%H:%M:%S" if len(days) < 2 else "%Y-%m-%d %H:%M:%S"
    for one in told:
        if isinstance(one, Incident):
            yield f"{one.time:{moment}}  {one}"
        else:
            yield from _event_lines(one, account, region, moment)
    for request in ledger.refused_requests:
        yield f"{_INDENT}refused to let out {request}"


def _event_lines(event: ReceivedEvent, account: str, region: str, moment: str) -> Iterator[str]:
    place = "" if event.region == region else f" in {event.region}"
    if event.account != account:
        place += f" of {event.account}"
    count = len(event.rules)
    rules = "" if event.received is None or event.dropped else f"   {count} rule{'' if count == 1 else 's'}"
    yield f'{event.time:{moment}}  {_ACTIONS[event.origin]:<9}  {event} on "{event.bus}"{place}{rules}'
    if event.refused is not None:
        yield f"{_INDENT}refused: {event.refused}"
        return
    if event.dropped is not None:
        yield f"{_INDENT}dropped: {event.dropped}"
        if event.origin in _CALLS:
            yield f"{_INDENT}{_CALLS[event.origin]}"
        return
    unmatched = event.unmatched
    width = max((len(rule.name) for rule in event.rules), default=0)
    for rule in event.matching:
        deliveries = [delivery for delivery in event.deliveries if delivery.rule_arn == rule.arn]
        facts = [_delivery_text(delivery) for delivery in deliveries] or [_no_delivery_text(rule)]
        for fact in facts:
            yield f"{_INDENT}{rule.name:<{width}}  match      {fact}"
    for verdict in unmatched:
        yield f"{_INDENT}{verdict.rule_name:<{width}}  no match   {verdict.why}"
    if not event.deliveries and event.origin in _CALLS:
        yield f"{_INDENT}nothing was delivered; {_CALLS[event.origin]}"


def _no_delivery_text(rule: TracedRule) -> str:
    return "but the rule has no targets" if rule.feeds is None else f"-> archive {rule.feeds}"


def _delivery_text(delivery: Delivery) -> str:
    return f"-> {arn_name(delivery.target_arn)}   {delivery.outcome}"
