"""Replays: events of an archive put on its bus again, and the four operations on them.

Source: aws-recorded-behaviour section 13 (recorded) and schedules-archives-permissions section 3 (the order of
StartReplay's checks, captured by another emulator). A replay's name is used up for good: AWS forgets it after 90
days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from eventmock.arn import Arn, resource_name
from eventmock.events import errors
from eventmock.events.archives import check_one_filter
from eventmock.events.quotas import check_room
from eventmock.wire import AwsError, Call, operation

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_events.type_defs import (
        CancelReplayRequestTypeDef,
        DescribeReplayRequestTypeDef,
        ListReplaysRequestTypeDef,
        StartReplayRequestTypeDef,
    )

    from eventmock.events.account import Account

ACTIVE_STATES: Final = ("STARTING", "RUNNING")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replay:
    """A replay as it stands; a change makes a new one.

    Attributes:
        event_source_arn: The archive.
        destination: The bus in ``Arn``, and in ``FilterArns`` the rules that see the events; none for all.
        event_start_time: From when on events are replayed, by their time.
        event_end_time: Until when; an event of that very time is not.
        event_last_replayed_time: How far it has come.
    """

    replay_name: str
    replay_arn: str
    event_source_arn: str
    destination: dict[str, Any]
    event_start_time: datetime
    event_end_time: datetime
    replay_start_time: datetime
    state: str = "STARTING"
    state_reason: str | None = None
    description: str | None = None
    event_last_replayed_time: datetime | None = None
    replay_end_time: datetime | None = None


@operation(lacks="replaying: the replay is checked and kept, but no event is put")
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
    replay = account.replays[name] = Replay(
        replay_name=name,
        replay_arn=account.arn(f"replay/{name}"),
        event_source_arn=archive_arn,
        destination=dict(request["Destination"]),
        event_start_time=start,
        event_end_time=end,
        replay_start_time=account.shared.clock.now(),
        description=request.get("Description"),
    )
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
    cancelled = call.account.replays[replay.replay_name] = replace(replay, state="CANCELLING")
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


def _is_of(kind: str, arn: str) -> bool:
    parsed = Arn.parse(arn)
    return parsed is not None and parsed.service == "events" and parsed.resource.startswith(f"{kind}/")


def _whole_second(moment: Any) -> datetime:
    whole: datetime = moment.replace(microsecond=0)
    return whole
