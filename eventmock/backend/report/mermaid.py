"""What happened, as a Mermaid sequence diagram: text that GitHub and others draw where it stands in a pull request.

Who sends, event buses and targets are the participants; a message from a bus names the rule that caused it. What has no
room here is in the HTML page: bodies, requests, and the rules that did not match an event which another one matched.

Source: "Sequence diagrams" and "Entity codes" of Mermaid's documentation, as of version 11.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.history.wording import printable
from eventmock.values.arn import Arn, arn_name, resource_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.backend.report.flow import DeliveryFlow, EventFlow, Flow

MOST_MESSAGES: Final = 60

_NEAREST: Final = 3
_LONGEST: Final = 140
_TO_SECONDS: Final = len("2026-01-01T12:00:00")
_SENDERS: Final = {"PutPartnerEvents": "partner"}
_SPECIAL: Final = re.compile(r"[^\w .,!?'()/@*+=-]|(?<!\w)e(?=nd(?!\w))", re.IGNORECASE)
_UNITS: Final = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_TWO_DAYS: Final = 2 * 86_400


def mermaid(flow: Flow, most: int = MOST_MESSAGES) -> str:
    """A ``sequenceDiagram`` of what happened.

    Args:
        flow: What happened, of `eventmock.backend.report.flow.flow_of`.
        most: How many messages and notes there are at most, those that repeat one another counted as one; a last
            note says how many more there would be. Notes that tell the time are not counted.
    """
    messages = [_repeated(message, len(list(run))) for message, run in groupby(_messages(flow))]
    shown = messages[:most]
    ids: dict[_Place, str] = {}
    for place in (place for message in shown for place in message.between):
        ids.setdefault(place, f"p{len(ids) + 1}")
    ids = ids or {_Place("PutEvents"): "p1"}
    everybody = "p1" if len(ids) == 1 else f"p1,p{len(ids)}"
    lines = ["sequenceDiagram"]
    lines += [f"participant {id_} as {_escaped(_label(place, flow))}" for place, id_ in ids.items()]
    time = None
    for message in shown:
        second = message.time[:_TO_SECONDS]
        if second not in ("", time):
            lines.append(f"Note over {everybody}: {_escaped(_moment(second, time))}")
            time = second
        between = [ids[place] for place in message.between]
        if message.arrow is None:
            where = f"Note over {','.join(dict.fromkeys(between)) or everybody}"
        else:
            where = message.arrow.join(between)
        lines.append(f"{where}: {_escaped(message.text)}")
    if len(shown) < len(messages):
        lines.append(f"Note over {everybody}: ... {len(messages) - len(shown)} more")
    return "\n    ".join(lines)


class _Place(NamedTuple):
    """A participant."""

    name: str
    region: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class _Message:
    """What the diagram shows in one line.

    Attributes:
        time: When, as the flow has it.
        text: What it says.
        between: Who sends it and who gets it; whom a note is about, or nobody for all.
        arrow: Mermaid's arrow; None for a note.
    """

    time: str
    text: str
    between: tuple[_Place, ...] = ()
    arrow: str | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    """A delivery, and the bus that it comes from."""

    delivery: DeliveryFlow
    bus: _Place

    @property
    def rule(self) -> str:
        """The rule; an endpoint's own has a name that tells nobody anything."""
        return self.delivery["rule"] if self.delivery["replicates"] is None else "replication"

    def message(self, time: str, text: str, arrow: str | None) -> _Message:
        """A message to the target, or a note beside the two."""
        between = (self.bus, _target(self.delivery["target_arn"]))
        return _Message(time, f"{self.rule} - {text}", between, arrow)

    def failures(self, time: str) -> Iterator[_Message]:
        """The attempts that failed; those that follow one another and failed alike are one message."""
        for error, run in groupby(self.delivery["attempts"], key=lambda attempt: attempt["error"]):
            numbers = [attempt["number"] for attempt in run]
            which = (
                f"attempt {numbers[0]}" if len(numbers) == 1 else f"attempts {numbers[0]} to {numbers[-1]}"
            )
            if error is not None:
                yield self.message(time, f"{which} failed: {error}", "-x")


def _messages(flow: Flow) -> Iterator[_Message]:
    ways = {
        delivery["number"]: _Way(delivery, _bus_of(event))
        for event in flow["events"]
        for delivery in event["deliveries"]
    }
    arrived = {event["arrived_by"] for event in flow["events"]}
    time = ""
    for step in flow["steps"]:
        time, number = step["time"], step["number"]
        if step["what"] == "incident":
            yield _Message(time, flow["incidents"][number - 1]["text"])
        elif step["what"] == "event":
            event = flow["events"][number - 1]
            way = None if event["arrived_by"] is None else ways[event["arrived_by"]]
            yield from _arrival(event, way)
        elif number not in arrived:
            yield from _end(ways[number], time)
    for way in ways.values():
        if way.delivery["status"] == "pending":
            yield from way.failures(time)
            yield way.message(time, way.delivery["outcome"], "--)")
    for request in flow["refused_requests"]:
        yield _Message(time, f"refused to let out {request}")


def _repeated(message: _Message, times: int) -> _Message:
    return message if times == 1 else replace(message, text=f"{message.text} ({times} times)")


def _arrival(event: EventFlow, way: _Way | None) -> Iterator[_Message]:
    """How an event came to a bus, after the attempts of the delivery that brought it; and whether it went on."""
    time, bus = event["time"], _bus_of(event)
    text = f"no. {event['number']}, {event['detail_type']} from {event['source']}"
    sender = _Place(_SENDERS.get(event["origin"], event["origin"]))
    if way is not None:
        yield from way.failures(time)
        sender, text = way.bus, f"{way.rule} - {text}"
    if event["replica_of"] is not None:
        text += f", a copy of no. {event['replica_of']}"
    if event["refused"] is not None or event["dropped"] is not None:
        yield _Message(time, text, (sender, bus), "-x")
        what = f"refused: {event['refused']}" if event["dropped"] is None else f"LOST: {event['dropped']}"
        yield _Message(time, what, (bus,))
        return
    yield _Message(time, text, (sender, bus), "->>")
    for archive in event["archives"]:
        where = _Place(f"archive {archive}", event["region"], event["account"])
        yield _Message(time, "kept", (bus, where), "->>")
    if event["problem"] is not None:
        missed = [
            rule for rule in event["rules"] if rule["fields"] and rule["is_users_own"] and not rule["matched"]
        ]
        yield _Message(time, event["problem"], (bus,))
        for rule in missed[:_NEAREST]:
            yield _Message(time, f"{rule['name']} - {rule['why']}", (bus,))


def _end(way: _Way, time: str) -> Iterator[_Message]:
    """How a delivery ended, after the attempts that failed."""
    yield from way.failures(time)
    delivery, letter = way.delivery, way.delivery["dead_letter"]
    if letter is not None:
        text = f"{way.rule} - DEAD LETTER: {delivery['reason']}"
        yield _Message(time, text, (way.bus, _target(letter["queue_arn"])), "->>")
    elif delivery["status"] == "dropped":
        yield way.message(time, f"LOST: {delivery['reason']}", None)
    else:
        tried = len(delivery["attempts"])
        outcome = "delivered" if tried == 1 else f"delivered at attempt {tried}"
        yield way.message(time, outcome + " (recorded)" * (delivery["taken_by"] == "nobody"), "->>")


def _bus_of(event: EventFlow) -> _Place:
    return _Place(f"bus {resource_name(event['bus'])}", event["region"], event["account"])


def _target(arn: str) -> _Place:
    parsed = Arn.parse(arn)
    if parsed is None:
        return _Place(arn)
    is_bus = parsed.service == "events" and parsed.resource.startswith("event-bus/")
    return _Place(f"bus {resource_name(arn)}" if is_bus else arn_name(arn), parsed.region, parsed.account)


def _label(place: _Place, flow: Flow) -> str:
    region = "" if place.region in ("", flow["region"]) else f" in {place.region}"
    account = "" if place.account in ("", flow["account"]) else f" of {place.account}"
    return f"{place.name}{region}{account}"


def _moment(time: str, before: str | None) -> str:
    """A moment, and how long it is after the one before."""
    moment = datetime.fromisoformat(time)
    if before is None:
        return f"{moment}"
    left = max(int((moment - datetime.fromisoformat(before)).total_seconds()), 0)
    parts = []
    for name, size in _UNITS if left >= _TWO_DAYS else _UNITS[1:]:
        count, left = divmod(left, size)
        parts += [f"{count} {name}"] * (count > 0)
    return f"{' '.join(parts[:2])} later, {moment}" if parts else f"{moment}"


def _escaped(text: str) -> str:
    """A text in which nothing means anything to Mermaid."""
    line = printable(text)
    shown = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", shown)
