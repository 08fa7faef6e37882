"""Replays: events of an archive put on its bus again, and the four operations on them.

Source: aws-recorded-behaviour section 13 (recorded) and schedules-archives-permissions section 3 (the order of
StartReplay's checks, new ids, the window's open end and what happens when the archive is deleted, captured by another
emulator). AWS replays minute by minute in no order inside a minute; here by time, and as archived within a second.
A replay's name is used up for good: AWS forgets it after 90 days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from eventmock.history.received_event import ReceivedEvent
from eventmock.services.events import errors
from eventmock.services.events.archives import check_one_filter
from eventmock.services.events.failed_states import FAILED, failed_state
from eventmock.services.events.ingestion import ingest
from eventmock.services.events.quotas import check_room
from eventmock.values.arn import Arn, resource_name
from eventmock.wire import AwsError, Call, operation

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import (
        CancelReplayRequestTypeDef,
        DescribeReplayRequestTypeDef,
        ListReplaysRequestTypeDef,
        StartReplayRequestTypeDef,
    )

    from eventmock.event.event import Event
    from eventmock.services.events.account import Account
    from eventmock.services.events.archives import Archive
    from eventmock.services.events.event_buses import EventBus
    from eventmock.services.events.failed_states import StateFailed

    Minutes: TypeAlias = tuple[tuple[datetime, tuple[Event, ...]], ...]

ACTIVE_STATES: Final = ("STARTING", "RUNNING")
ARCHIVE_GONE: Final = "Archive resource not found."
BUS_GONE: Final = "Event bus resource not found."  # our text
A_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replay:
    """A replay as it stands; a change makes a new one.

    Attributes:
        event_source_arn: The archive.
        destination: The bus in ``Arn``, and in ``FilterArns`` the rules that see the events; none for all.
        event_start_time: From when on events are replayed, by their time.
        event_end_time: Until when; an event of that very time is not.
        event_last_replayed_time: How far it has come.
        archive_key: Tells the archive from one made anew under its name.
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


@operation
def start_replay(call: Call[Account], request: StartReplayRequestTypeDef) -> Replay:
    """Begin a replay."""
    account, name = call.account, request["ReplayName"]
    start, end = _whole_second(request["EventStartTime"]), _whole_second(request["EventEndTime"])
    archive_arn, bus_arn = request["EventSourceArn"], request["Destination"]["Arn"]
    if not _is_of("archive", archive_arn):
        raise errors.invalid_parameter("EventSourceArn", "Must contain an archive ARN.")
    if not _is_of("event-bus", bus_arn):
        raise errors.invalid_parameter("Destination.Arn", "Must contain an event bus ARN.")
    if start >= end:
        raise errors.invalid_parameter("EventEndTime", "EventStartTime must be before EventEndTime.")
    bus = account.event_bus(bus_arn)
    if name in account.replays:
        raise errors.already_exists(f"Replay {name}")
    archive = account.archives.get(resource_name(archive_arn))
    if archive is None or archive.archive_arn != archive_arn:
        reason = f"Archive {resource_name(archive_arn)} does not exist."
        raise errors.invalid_parameter("EventSourceArn", reason)
    if archive.event_source_arn != bus.arn:
        raise errors.invalid_parameter("Destination.Arn", "Cross event bus replay is not permitted.")
    active = [replay for replay in account.replays.values() if replay.state in ACTIVE_STATES]
    check_room(active, account.shared.quotas.concurrent_replays)
    now = account.shared.clock.now()
    replay = account.replays[name] = Replay(
        replay_name=name,
        replay_arn=account.arn(f"replay/{name}"),
        event_source_arn=archive_arn,
        destination=dict(request["Destination"]),
        event_start_time=start,
        event_end_time=end,
        replay_start_time=now,
        archive_key=archive.key,
        description=request.get("Description"),
    )
    begin = partial(_begin, failed=failed_state(account, FAILED))
    account.later("replay", name, "begins", account.shared.delays.replay, begin)
    return replay


@operation
def describe_replay(call: Call[Account], request: DescribeReplayRequestTypeDef) -> Replay:
    """Show one replay."""
    return find_replay(call.account, request["ReplayName"])


@operation(ordered_by="replay_name")
def list_replays(call: Call[Account], request: ListReplaysRequestTypeDef) -> list[Replay]:
    """Show the replays that one filter lets through."""
    check_one_filter("ListReplays", request)
    prefix, state, source = request.get("NamePrefix", ""), request.get("State"), request.get("EventSourceArn")
    return [
        replay
        for name, replay in call.account.replays.items()
        if name.startswith(prefix)
        and state in (None, replay.state)
        and source in (None, replay.event_source_arn)
    ]


@operation
def cancel_replay(call: Call[Account], request: CancelReplayRequestTypeDef) -> Replay:
    """Stop a replay."""
    replay = find_replay(call.account, request["ReplayName"])
    if replay.state not in ACTIVE_STATES:
        raise AwsError(
            "IllegalStatusException",
            f"Replay {replay.replay_name} is not in a valid state for this operation.",
        )
    account, name = call.account, replay.replay_name
    cancelled = account.replays[name] = replace(replay, state="CANCELLING")
    account.later("replay", name, "is cancelled", account.shared.delays.replay, _cancel)
    return cancelled


def find_replay(account: Account, name: str) -> Replay:
    """The replay of that name.

    Raises:
        AwsError: There is none.
    """
    replay = account.replays.get(name)
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
    archive.expire(account.shared.clock.now())
    held = [archived.event for archived in archive.events]
    window = [event for event in held if replay.event_start_time <= event.time < replay.event_end_time]
    minutes = [
        (minute, tuple(events))
        for minute, events in groupby(sorted(window, key=attrgetter("time")), key=_minute_of)
    ]
    replay = account.replays[replay.replay_name] = replace(replay, state="RUNNING")
    _wait_for_minute(account, replay, tuple(minutes), _minute(replay.event_start_time))


def _wait_for_minute(account: Account, replay: Replay, minutes: Minutes, reached: datetime) -> None:
    """Replay the next minute that holds events, or come to the end of the window."""
    following = minutes[0][0] if minutes else replay.event_end_time
    try:
        pause = account.shared.delays.replay_minute * ((following - reached) / A_MINUTE)
    except OverflowError:
        pause = timedelta.max
    what = f"comes to {following:%Y-%m-%d %H:%M}" if minutes else "ends"
    work = partial(_replay_minute, minutes=minutes)
    account.later("replay", replay.replay_name, what, pause, work)


def _replay_minute(account: Account, replay: Replay, minutes: Minutes) -> None:
    bus = account.event_buses.get(resource_name(replay.destination["Arn"]))
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
        replay = account.replays[replay.replay_name] = replace(replay, event_last_replayed_time=minute)
        _wait_for_minute(account, replay, tuple(later), minute)


def _replay_event(account: Account, replay: Replay, bus: EventBus, event: Event) -> None:
    """Put an event on its bus again: with an id of its own and the replay's name, else as it was."""
    shared = account.shared
    again = event.copied(
        id=shared.identifiers.uuid(), replay_name=replay.replay_name, hops_in_region=0, hops_across_regions=0
    )
    received = ReceivedEvent(
        detail_type=event.detail_type,
        source=event.source,
        bus=bus.name,
        time=shared.clock.now(),
        account=account.id,
        region=account.region,
        origin="replay",
    )
    shared.ledger.receive(received)
    filters = replay.destination.get("FilterArns")
    ingest(shared, received, again, bus, only=frozenset(filters) if filters else None)


def _cancel(account: Account, replay: Replay) -> None:
    _end(account, replay, "CANCELLED")


def _end(account: Account, replay: Replay, state: str, reason: str | None = None) -> None:
    account.replays[replay.replay_name] = replace(
        replay, state=state, state_reason=reason, replay_end_time=account.shared.clock.now()
    )


def _archive_of(account: Account, replay: Replay) -> Archive | None:
    """The archive, unless it is gone; one made anew under its name is another."""
    archive = account.archives.get(resource_name(replay.event_source_arn))
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
