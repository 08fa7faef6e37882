"""Replays: events of an archive put on its bus again, and the four operations on them.

Source: aws-recorded-behaviour section 13 (recorded) and schedules-archives-permissions section 3 (the order of
StartReplay's checks, new ids, the window's open end and what happens when the archive is deleted, captured by another
emulator). AWS replays minute by minute, without an order inside a minute; eventmock replays in the order of the events'
times, and events of the same second in the order in which they were archived. The name of a replay cannot be used
again; AWS forgets the name after 90 days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from eventmock.history import wording
from eventmock.services.events import errors
from eventmock.services.events.archive import Archive
from eventmock.services.events.archives import check_one_filter
from eventmock.services.events.event_bus import buses_of, find_event_bus
from eventmock.services.events.ingestion import arrive, ingest
from eventmock.services.events.quotas import check_room
from eventmock.services.failed_states import FAILED, failed_state
from eventmock.values.arn import Arn, resource_name
from eventmock.values.moments import NAIVE_MOMENTS, offset_of
from eventmock.wire import AwsError, operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_events.type_defs import (
        CancelReplayRequestTypeDef,
        DescribeReplayRequestTypeDef,
        ListReplaysRequestTypeDef,
        StartReplayRequestTypeDef,
    )

    from eventmock.event.event import Event
    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call
    from eventmock.services.events.event_bus import EventBus
    from eventmock.services.failed_states import StateFailed

    Minutes: TypeAlias = tuple[tuple[datetime, tuple[Event, ...]], ...]

ACTIVE_STATES: Final = ("STARTING", "RUNNING")
ARCHIVE_GONE: Final = "Archive resource not found."
BUS_GONE: Final = "Event bus resource not found."  # our text
A_MINUTE: Final = timedelta(minutes=1)
MOST_SHOWN: Final = 3
"""The most archived events that are named if none of them is in the window."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replay:
    """A replay.

    A record is immutable. A change of the replay replaces its record by a new one. All times are aware, in UTC.

    Attributes:
        replay_name: The name of the replay, unique in its account and region.
        replay_arn: The ARN of the replay.
        event_source_arn: The ARN of the archive.
        destination: The ARN of the bus as ``Arn``, and as ``FilterArns`` the ARNs of the rules that get the events. If
            it is missing or empty, all rules of the bus get them.
        event_start_time: The time of an event from which on events are replayed.
        event_end_time: The time of an event up to which events are replayed. An event of exactly this time is not.
        replay_start_time: The moment of StartReplay.
        archive_key: The key of the archive, which a later archive of the same name does not have.
        state: The state, such as ``RUNNING``.
        state_reason: The reason of the state; None if the state has no reason.
        description: The description; None if there is none.
        event_last_replayed_time: The last minute whose events have been replayed; None if there is none yet.
        replay_end_time: The moment at which the replay ended; None if it has not ended.
        replayed: The number of events that were replayed so far.
        nothing: Why the replay has nothing to replay, in words for the tester; None if it has events.
    """

    replay_name: str
    replay_arn: str
    event_source_arn: str
    destination: dict[str, Any]
    event_start_time: datetime
    event_end_time: datetime
    replay_start_time: datetime
    archive_key: object
    state: str = "STARTING"
    state_reason: str | None = None
    description: str | None = None
    event_last_replayed_time: datetime | None = None
    replay_end_time: datetime | None = None
    replayed: int = 0
    nothing: str | None = None


@operation
def start_replay(call: Call, request: StartReplayRequestTypeDef) -> Replay:
    """Start a replay."""
    account, name = call.account, request["ReplayName"]
    start, end = _whole_second(request["EventStartTime"]), _whole_second(request["EventEndTime"])
    archive_arn, bus_arn = request["EventSourceArn"], request["Destination"]["Arn"]
    if not _is_of("archive", archive_arn):
        raise errors.invalid_parameter("EventSourceArn", "Must contain an archive ARN.")
    if not _is_of("event-bus", bus_arn):
        raise errors.invalid_parameter("Destination.Arn", "Must contain an event bus ARN.")
    if start >= end:
        raise errors.invalid_parameter("EventEndTime", "EventStartTime must be before EventEndTime.")
    bus = find_event_bus(account, bus_arn)
    if name in account.table(Replay):
        raise errors.already_exists(f"Replay {name}")
    archive = account.table(Archive).get(resource_name(archive_arn))
    if archive is None or archive.archive_arn != archive_arn:
        reason = f"Archive {resource_name(archive_arn)} does not exist."
        raise errors.invalid_parameter("EventSourceArn", reason)
    if archive.event_source_arn != bus.arn:
        raise errors.invalid_parameter("Destination.Arn", "Cross event bus replay is not permitted.")
    active = [replay for replay in account.table(Replay).values() if replay.state in ACTIVE_STATES]
    check_room(account, active, "concurrent_replays")
    now = account.state.clock.now()
    replay = account.table(Replay)[name] = Replay(
        replay_name=name,
        replay_arn=account.arn("events", f"replay/{name}"),
        event_source_arn=archive_arn,
        destination=dict(request["Destination"]),
        event_start_time=start,
        event_end_time=end,
        replay_start_time=now,
        archive_key=archive.key,
        description=request.get("Description"),
    )
    begin = partial(_begin, failed=failed_state(call, FAILED))
    account.later(Replay, name, "begins", account.state.delays.replay, begin)
    naive = NAIVE_MOMENTS.take()
    is_naive = any(offset_of(moment, naive) is not None for moment in (start, end))
    taken = "; the window was given in naive datetimes, which botocore takes as UTC" if is_naive else ""
    _note(
        account, replay, f"begins{_among_rules(bus, replay)}: the events with a Time {_window(replay)}{taken}"
    )
    return replay


@operation
def describe_replay(call: Call, request: DescribeReplayRequestTypeDef) -> Replay:
    """Return one replay."""
    return find_replay(call.account, request["ReplayName"])


@operation(ordered_by="replay_name")
def list_replays(call: Call, request: ListReplaysRequestTypeDef) -> list[Replay]:
    """List the replays, filtered by the prefix of the name, by the archive or by the state."""
    check_one_filter("ListReplays", request)
    prefix, state, source = request.get("NamePrefix", ""), request.get("State"), request.get("EventSourceArn")
    return [
        replay
        for name, replay in call.account.table(Replay).items()
        if name.startswith(prefix)
        and state in (None, replay.state)
        and source in (None, replay.event_source_arn)
    ]


@operation
def cancel_replay(call: Call, request: CancelReplayRequestTypeDef) -> Replay:
    """Cancel a replay that is starting or running."""
    replay = find_replay(call.account, request["ReplayName"])
    if replay.state not in ACTIVE_STATES:
        raise AwsError(
            "IllegalStatusException",
            f"Replay {replay.replay_name} is not in a valid state for this operation.",
        )
    account, name = call.account, replay.replay_name
    cancelled = account.table(Replay)[name] = replace(replay, state="CANCELLING")
    account.later(Replay, name, "is cancelled", account.state.delays.replay, _cancel)
    return cancelled


def find_replay(account: Account, name: str) -> Replay:
    """Return the replay of that name.

    Raises:
        AwsError: The account has no replay of that name.
    """
    replay = account.table(Replay).get(name)
    if replay is None:
        raise errors.not_found(f"Replay {name}")
    return replay


def _begin(account: Account, replay: Replay, *, failed: StateFailed | None) -> None:
    archive = _archive_of(account, replay)
    if failed is not None:
        _end(account, replay, failed.state, failed.reason)
        return
    if archive is None:
        _end(account, replay, FAILED, ARCHIVE_GONE)
        return
    archive.expire(account.state.clock.now())
    events = [archived.event for archived in archive.events]
    window = [event for event in events if replay.event_start_time <= event.time < replay.event_end_time]
    minutes = [
        (minute, tuple(group))
        for minute, group in groupby(sorted(window, key=attrgetter("time")), key=_minute_of)
    ]
    nothing = None if window else _why_nothing(archive, events, replay)
    replay = account.table(Replay)[replay.replay_name] = replace(replay, state="RUNNING", nothing=nothing)
    _wait_for_minute(account, replay, tuple(minutes), _minute(replay.event_start_time))


def _wait_for_minute(account: Account, replay: Replay, minutes: Minutes, reached: datetime) -> None:
    """Put on the clock the replay of the next minute that has events, or the end of the replay if there is none.

    Args:
        account: The account of the replay.
        replay: The replay.
        minutes: The minutes that are not replayed yet, in order, each with its events.
        reached: The last minute that was replayed, or the start of the window.
    """
    following = minutes[0][0] if minutes else replay.event_end_time
    try:
        pause = account.state.delays.replay_minute * ((following - reached) / A_MINUTE)
    except OverflowError:
        pause = timedelta.max
    what = f"comes to {following:%Y-%m-%d %H:%M}" if minutes else "ends"
    work = partial(_replay_minute, minutes=minutes)
    account.later(Replay, replay.replay_name, what, pause, work)


def _replay_minute(account: Account, replay: Replay, minutes: Minutes) -> None:
    bus = buses_of(account).get(resource_name(replay.destination["Arn"]))
    if _archive_of(account, replay) is None:
        _end(account, replay, FAILED, ARCHIVE_GONE)
    elif bus is None:
        _end(account, replay, FAILED, BUS_GONE)
    elif not minutes:
        _end(account, replay, "COMPLETED")
    else:
        (minute, events), *later = minutes
        for event in events:
            _replay_event(account, replay, bus, event)
        replay = account.table(Replay)[replay.replay_name] = replace(
            replay, event_last_replayed_time=minute, replayed=replay.replayed + len(events)
        )
        _wait_for_minute(account, replay, tuple(later), minute)


def _replay_event(account: Account, replay: Replay, bus: EventBus, event: Event) -> None:
    """Put a copy of an event on the bus, with a new id and the name of the replay."""
    state = account.state
    again = event.copied(
        id=state.identifiers.uuid(),
        replay_name=replay.replay_name,
        hops_in_region=0,
        hops_across_regions=0,
        passed=frozenset(),
    )
    received = arrive(
        state,
        detail_type=event.detail_type,
        source=event.source,
        bus=bus.name,
        account=account.id,
        region=account.region,
        origin="replay",
    )
    filters = replay.destination.get("FilterArns")
    ingest(state, received, again, bus, only=frozenset(filters) if filters else None)


def _cancel(account: Account, replay: Replay) -> None:
    _end(account, replay, "CANCELLED")


def _end(account: Account, replay: Replay, state: str, reason: str | None = None) -> None:
    account.table(Replay)[replay.replay_name] = replace(
        replay, state=state, state_reason=reason, replay_end_time=account.state.clock.now()
    )
    count = wording.counted(replay.replayed, "event") if replay.replayed else "nothing"
    why = "" if reason is None else f", {reason}"
    nothing = "" if replay.nothing is None or replay.replayed else f": {replay.nothing}"
    _note(account, replay, f"ended, {state}{why}; it replayed {count}{nothing}")


# Words for the tester


def _note(account: Account, replay: Replay, what: str) -> None:
    """Write down the beginning or the end of a replay."""
    archive, bus = resource_name(replay.event_source_arn), resource_name(replay.destination["Arn"])
    account.state.note(
        "replay", f'replay {replay.replay_name} of archive {archive} on "{bus}" {what}', account.region
    )


def _window(replay: Replay) -> str:
    return f"from {_moment(replay.event_start_time)} to before {_moment(replay.event_end_time)}"


def _among_rules(bus: EventBus, replay: Replay) -> str:
    """Return words for the rules that FilterArns names, and for names of no rule; empty if all rules get the events."""
    filters = replay.destination.get("FilterArns")
    if not filters:
        return ""
    names = {rule.arn: rule.name for rule in bus.rules.values()}
    found = [names[arn] for arn in filters if arn in names]
    missing = wording.in_words([arn for arn in filters if arn not in names])
    there = wording.in_words(sorted(rule.name for rule in bus.rules.values() if rule.is_users_own)) or "none"
    lost = f" (FilterArns names no rule of the bus by {missing}; its rules: {there})" if missing else ""
    return f" for {wording.in_words(found) or 'no rule'}{lost}"


def _why_nothing(archive: Archive, events: Sequence[Event], replay: Replay) -> str:
    """Return why a replay has nothing to replay: the archive is empty, or no event's own time is in the window."""
    if not events:
        kept = (
            f"its pattern is {wording.beginning(archive.event_pattern, 200)}" if archive.event_pattern else ""
        )
        old = (
            f"it keeps events for {wording.counted(archive.retention_days, 'day')}"
            if archive.retention_days
            else ""
        )
        why = " and ".join(filter(None, (kept, old)))
        return "the archive has no events" + (f" ({why})" if why else "")
    first = sorted(events, key=attrgetter("time"))[:MOST_SHOWN]
    shown = ", ".join(f"{_moment(event.time)} ({event})" for event in first)
    more = f" and {len(events) - MOST_SHOWN} more" if len(events) > MOST_SHOWN else ""
    at_end = any(event.time == replay.event_end_time for event in events)
    end = "; an event of exactly EventEndTime is not replayed" if at_end else ""
    what = f"{wording.counted(len(events), 'event')}, none with a Time {_window(replay)}"
    return f"the archive has {what}: {shown}{more}{end}; an event's own Time counts, not its arrival"


def _moment(time: datetime) -> str:
    return f"{time:{wording.DATE_AND_TIME}}"


def _archive_of(account: Account, replay: Replay) -> Archive | None:
    """Return the archive of a replay; None if it was deleted, also if there is a new archive of the same name."""
    archive = account.table(Archive).get(resource_name(replay.event_source_arn))
    return archive if archive is not None and archive.key is replay.archive_key else None


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _minute_of(event: Event) -> datetime:
    return _minute(event.time)


def _is_of(kind: str, arn: str) -> bool:
    parsed = Arn.parse(arn)
    return parsed is not None and parsed.service == "events" and parsed.resource.startswith(f"{kind}/")


def _whole_second(moment: Any) -> datetime:
    whole: datetime = moment.replace(microsecond=0)
    return whole
