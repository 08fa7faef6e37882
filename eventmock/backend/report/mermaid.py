"""What happened, as a Mermaid sequence diagram: text that GitHub and others draw in a pull request.

The participants are senders, event buses, schedule groups and targets. A message from a bus names the rule or the
subscriber that caused it, a message from a group the schedule. The HTML page has what the diagram leaves out: bodies,
requests, and other rules of an event that a rule matched.

Source: "Sequence diagrams" and "Entity codes" of Mermaid's documentation, as of version 11.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from eventmock.backend.report.firings import FEW
from eventmock.history import wording
from eventmock.values.arn import Arn, arn_name, resource_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from eventmock.backend.report.bus_flow import CustomBusFlow
    from eventmock.backend.report.flow import (
        DeliveryFlow,
        EventDeliveryFlow,
        EventFlow,
        FiringFlow,
        Flow,
        InvocationFlow,
    )

MOST_MESSAGES: Final = 60

_NEAREST: Final = 3
_LONGEST: Final = 140
_TO_SECONDS: Final = len("2026-01-01T12:00:00")
_SPECIAL: Final = re.compile(r"[^\w .,!?'()/@*+=-]|(?<!\w)e(?=nd(?!\w))", re.IGNORECASE)


def mermaid(flow: Flow, most: int = MOST_MESSAGES) -> str:
    """Return a ``sequenceDiagram`` of what happened.

    Args:
        flow: What happened, by `eventmock.backend.report.flow.flow_of`.
        most: The most messages and notes. Equal messages in a row count as one, and notes of the time do not count. If
            there are more, a last note has the number of those that are left out.
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
    """A line of the diagram.

    Attributes:
        time: The time, as in the flow.
        text: The text of the line.
        between: The sender and the receiver; for a note its participants, empty for all participants.
        arrow: Mermaid's arrow; None for a note.
    """

    time: str
    text: str
    between: tuple[_Place, ...] = ()
    arrow: str | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    """A delivery, and where it comes from.

    Attributes:
        delivery: The delivery.
        sender: The event bus or the schedule group.
        name: The name of the rule, subscriber, event source or schedule.
        calls: The number of events in each call of subscribers, by the number of the call.
    """

    delivery: DeliveryFlow
    sender: _Place
    name: str
    calls: Mapping[int, int] = field(default_factory=dict)

    @property
    def company(self) -> str:
        """Words for the other events in the last call, and for an event that a subscriber had replayed."""
        attempts = self.delivery["attempts"]
        taken_up = cast("EventDeliveryFlow", self.delivery).get("subscriber")
        number = attempts[-1].get("call") if attempts else None
        events = 1 if number is None else self.calls[number]
        replayed = ", REPLAY" if taken_up is not None and taken_up["delivery_type"] == "REPLAY" else ""
        return (f" in a call of {events} events" if events > 1 else "") + replayed

    def message(self, time: str, text: str, arrow: str | None) -> _Message:
        """Return a message from the sender to the target; without an arrow, a note beside them."""
        between = (self.sender, _target(self.delivery["target_arn"]))
        return _Message(time, f"{self.name} - {text}", between, arrow)

    def failures(self, time: str) -> Iterator[_Message]:
        """Yield messages for failed attempts. Successive attempts with the same error are a single message."""
        for error, run in groupby(self.delivery["attempts"], key=lambda attempt: attempt["error"]):
            numbers = [attempt["number"] for attempt in run]
            if error is not None:
                which = wording.which_attempts(numbers[0], numbers[-1])
                yield self.message(time, f"{which} failed: {error}", "-x")


def _messages(flow: Flow) -> Iterator[_Message]:
    runs = {run[0]["number"]: run for run in _runs(flow["firings"])}
    left_out = {firing["delivery"]["number"] for run in runs.values() for firing in run[1:]}
    buses = flow.get("custom_buses", [])
    sources = {one["rule"]: one["name"] for bus in buses for one in bus["event_sources"]}
    calls = {call["number"]: len(call["deliveries"]) for call in flow.get("calls", [])}
    ways = {
        delivery["number"]: _Way(delivery, _bus_of(event), _rule_of(delivery, sources), calls)
        for event in flow["events"]
        for delivery in event["deliveries"]
    } | {
        firing["delivery"]["number"]: _Way(firing["delivery"], _group_of(firing), firing["schedule"])
        for firing in flow["firings"]
    }
    shown = [way for number, way in ways.items() if number not in left_out]
    invocations = {
        invocation["number"]: invocation for way in shown for invocation in way.delivery["invocations"]
    }
    without_end = left_out | {event["arrived_by"] for event in flow["events"]}
    time = ""
    for step in flow["steps"]:
        time, number = step["time"], step["number"]
        if step["what"] == "incident":
            yield _Message(time, flow["incidents"][number - 1]["text"])
        elif step["what"] == "event":
            event = flow["events"][number - 1]
            way = None if event["arrived_by"] is None else ways[event["arrived_by"]]
            yield from _arrival(event, way)
        elif step["what"] == "firing":
            if number in runs:
                yield _firing(runs[number])
        elif step["what"] == "invocation":
            if number in invocations:
                yield from _end_of_invocation(invocations[number], time)
        elif number not in without_end:
            yield from _end(ways[number], time)
    yield from _pending(shown, invocations.values(), time)
    yield from (message for bus in buses for message in _backlogs(bus, time))
    for request in flow["refused_requests"]:
        yield _Message(time, wording.not_let_out(request))


def _pending(ways: Iterable[_Way], invocations: Iterable[InvocationFlow], time: str) -> Iterator[_Message]:
    """Yield the messages of the deliveries, and of the invocations, that have not ended."""
    for way in ways:
        if way.delivery["status"] == "pending":
            yield from way.failures(time)
            yield way.message(time, way.delivery["outcome"], "--)")
    for invocation in invocations:
        if invocation["ended"] is None:
            yield _Message(time, invocation["outcome"], (_target(invocation["arn"]),))


def _backlogs(bus: CustomBusFlow, time: str) -> Iterator[_Message]:
    """Yield the notes on what subscribers take and have not read."""
    place = _Place(f"custom bus {bus['name']}", bus["region"], bus["account"])
    for subscriber in bus["subscribers"]:
        if subscriber["backlog"]:
            events = wording.counted(subscriber["backlog"], "event")
            why = f": {subscriber['halted']}" if subscriber["halted"] else ""
            yield _Message(time, f"{subscriber['name']} - {events} in its backlog{why}", (place,))


def _repeated(message: _Message, times: int) -> _Message:
    return message if times == 1 else replace(message, text=f"{message.text} ({times} times)")


def _arrival(event: EventFlow, way: _Way | None) -> Iterator[_Message]:
    """Yield the messages of an arrival: failed attempts of the delivery that brought it, the event, its problem."""
    time, bus = event["time"], _bus_of(event)
    text = f"no. {event['number']}, {_what(event)}"
    sender = _Place(wording.arrival(event["origin"], is_copy=event["replica_of"] is not None).sender)
    if way is not None:
        yield from way.failures(time)
        sender, text = way.sender, f"{way.name} - {text}"
    if event["replica_of"] is not None:
        text += f", a copy of no. {event['replica_of']}"
    published = event.get("published")
    if published is not None and published["duplicate_of"] is not None:
        yield _Message(time, text, (sender, bus), "-x")
        yield _Message(time, f"a duplicate of no. {published['duplicate_of']}, not published again", (bus,))
        return
    if event["refused"] is not None or event["dropped"] is not None:
        yield _Message(time, text, (sender, bus), "-x")
        is_refused = event["dropped"] is None
        why = f"refused: {event['refused']}" if is_refused else wording.lost(event["dropped"])
        yield _Message(time, why, (bus,))
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


def _runs(firings: Iterable[FiringFlow]) -> Iterator[list[FiringFlow]]:
    """Yield the firings, each alone, but those of a run together if they are three or more."""
    runs: dict[int, list[FiringFlow]] = {}
    for firing in firings:
        runs.setdefault(firing["like"], []).append(firing)
    for run in runs.values():
        is_long = sum(firing["times"] for firing in run) >= FEW
        yield from [run] if is_long else [[firing] for firing in run]


def _firing(run: list[FiringFlow]) -> _Message:
    """Return the note about a firing, or about those of a run."""
    first = run[0]
    local, fired = (datetime.fromisoformat(first[name]) for name in ("local_time", "time"))
    text = (
        f"{first['schedule']} fires{wording.scheduled_for(local, first['timezone'], fired, first['window'])}"
    )
    more = sum(firing["times"] for firing in run) - 1
    if more:
        text += f", and {more:,} times more until {datetime.fromisoformat(run[-1]['until']):{wording.DATE_AND_TIME}}"
    return _Message(first["time"], text, (_group_of(first),))


def _end(way: _Way, time: str) -> Iterator[_Message]:
    """Yield the messages of the end of a delivery: its failed attempts, then its outcome."""
    yield from way.failures(time)
    delivery, letter = way.delivery, way.delivery["dead_letter"]
    if letter is not None:
        text = f"{way.name} - DEAD LETTER: {delivery['reason']}"
        yield _Message(time, text, (way.sender, _target(letter["queue_arn"])), "->>")
    elif delivery["status"] == "dropped":
        yield way.message(time, wording.lost(delivery["reason"]), None)
    else:
        recorded = wording.RECORDED_IN_SHORT if delivery["taken_by"] == "nobody" else ""
        yield way.message(time, wording.delivered(len(delivery["attempts"])) + recorded + way.company, "->>")


def _end_of_invocation(invocation: InvocationFlow, time: str) -> Iterator[_Message]:
    """Yield the messages of the end of an invocation: what became of it, and what Lambda sent."""
    function = _target(invocation["arn"])
    if invocation["condition"] != "Success":
        yield _Message(time, invocation["outcome"].partition("; ")[0], (function,))
    elif len(invocation["attempts"]) > 1:
        yield _Message(time, wording.succeeded(len(invocation["attempts"])), (function,))
    for sent in invocation["sent"]:
        what = "dead letter" if sent["outlet"] == "dead-letter" else f"record {sent['outlet']}"
        recorded = wording.RECORDED_IN_SHORT if sent["taken_by"] == "nobody" else ""
        lost = recorded if sent["error"] is None else f", not taken: {sent['error']}"
        arrow = "->>" if sent["error"] is None else "-x"
        yield _Message(time, what + lost, (function, _target(sent["arn"])), arrow)


def _what(event: EventFlow) -> str:
    published = event.get("published")
    if published is not None and not event["source"] and not event["detail_type"]:
        return published["content_type"]
    return f"{event['detail_type']} from {event['source']}"


def _rule_of(delivery: EventDeliveryFlow, sources: Mapping[str | None, str]) -> str:
    """Return the name of a rule or subscriber.

    The names of some rules are made up by AWS: ``replication`` stands for that of a global endpoint, and the event
    source for its own rule.

    Args:
        delivery: The delivery.
        sources: The names of the event sources, by the name of the rule.
    """
    if delivery["replicates"] is not None:
        return "replication"
    source = sources.get(delivery["rule"])
    return delivery["rule"] if source is None else f"event source {source}"


def _group_of(firing: FiringFlow) -> _Place:
    return _Place(f"schedule group {firing['group']}", firing["region"], firing["account"])


def _bus_of(event: EventFlow) -> _Place:
    kind = "custom bus" if "published" in event else "bus"
    return _Place(f"{kind} {resource_name(event['bus'])}", event["region"], event["account"])


def _target(arn: str) -> _Place:
    parsed = Arn.parse(arn)
    if parsed is None:
        return _Place(arn)
    if parsed.service == "events" and parsed.resource.startswith("event-busv2/"):
        return _Place(f"custom bus {parsed.resource.split('/')[1]}", parsed.region, parsed.account)
    is_bus = parsed.service == "events" and parsed.resource.startswith("event-bus/")
    return _Place(f"bus {resource_name(arn)}" if is_bus else arn_name(arn), parsed.region, parsed.account)


def _label(place: _Place, flow: Flow) -> str:
    where = wording.where_outside(
        place.region, place.account, default_region=flow["region"], default_account=flow["account"]
    )
    return f"{place.name}{where}"


def _moment(time: str, before: str | None) -> str:
    """Return words for a moment, with the time since the moment before."""
    moment = datetime.fromisoformat(time)
    if before is None:
        return f"{moment}"
    later = wording.lasting(moment - datetime.fromisoformat(before))
    return f"{later} later, {moment}" if later else f"{moment}"


def _escaped(text: str) -> str:
    """Return a text in which the characters and words that have a meaning in Mermaid are escaped."""
    shown = wording.beginning(wording.printable(text), _LONGEST)
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", shown)
