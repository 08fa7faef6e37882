"""Archives: events of a bus that are kept, and the five operations on them.

Source: aws-recorded-behaviour section 12 (recorded; the managed rule as moto's tests saw it on AWS) and
schedules-archives-permissions section 2. The size of an event is inferred from four recordings; AWS counts some
minutes late, eventmock at once. Inferred, as nothing was recorded: an update brings back a rule that was deleted by
force; an archive that is being created keeps no events yet; an update takes effect when it is finished, and one that
fails changes nothing; an archive that is changing cannot be changed or deleted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from eventmock.event.event import compact
from eventmock.services.events import errors
from eventmock.services.events.event_patterns import compile_pattern, compile_within_quota
from eventmock.services.events.failed_states import CREATE_FAILED, UPDATE_FAILED, failed_state
from eventmock.services.events.rules import Rule, check_room_for_rule, check_room_for_wildcard, rule_arn
from eventmock.services.events.targets import Target
from eventmock.values.arn import partition_of, resource_name
from eventmock.wire import AwsError, Call, operation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_events.type_defs import (
        CreateArchiveRequestTypeDef,
        DeleteArchiveRequestTypeDef,
        DescribeArchiveRequestTypeDef,
        ListArchivesRequestTypeDef,
        UpdateArchiveRequestTypeDef,
    )

    from eventmock.event.event import Event
    from eventmock.pattern import Pattern
    from eventmock.services.events.account import Account
    from eventmock.services.events.event_buses import EventBus
    from eventmock.services.events.failed_states import StateFailed

RULE_PREFIX: Final = "Events-Archive-"
MANAGED_BY: Final = "prod.vhs.events.aws.internal"
NOT_REPLAYED: Final = '"replay-name":[{"exists":false}]}'
SIZE_OF_TIME: Final = 20
CHANGEABLE: Final = {
    "EventPattern": "event_pattern",
    "RetentionDays": "retention_days",
    "Description": "description",
    "KmsKeyIdentifier": "kms_key_identifier",
}
CHANGING_STATES: Final = ("CREATING", "UPDATING")


@dataclass(frozen=True, slots=True)
class ArchivedEvent:
    """An event in an archive, and when it came there."""

    event: Event
    ingested: datetime


@dataclass(slots=True, kw_only=True, eq=False)
class Archive:
    """An archive and what is in it.

    Attributes:
        archive_name: Its name.
        archive_arn: Its ARN.
        event_source_arn: The event bus.
        event_pattern: Which events it keeps, as JSON text; None for all.
        retention_days: For how long; 0 for ever.
        state: ``ENABLED``, or ``DISABLED`` once its rule was deleted by force; ``CREATING`` and ``UPDATING`` for
            `Delays.archive`, ``CREATE_FAILED`` and ``UPDATE_FAILED`` by a fault.
        state_reason: Why it is in that state, where there is something to say.
        events: What it keeps, in the order in which it came.
        key: Tells it from a later archive of the same name.
    """

    archive_name: str
    archive_arn: str
    event_source_arn: str
    creation_time: datetime
    description: str | None = None
    event_pattern: str | None = None
    retention_days: int = 0
    kms_key_identifier: str | None = None
    state: str = "ENABLED"
    state_reason: str | None = None
    events: list[ArchivedEvent] = field(default_factory=list, repr=False)
    key: object = field(default_factory=object, repr=False)

    @property
    def event_count(self) -> int:
        """How many events it keeps."""
        return len(self.events)

    @property
    def size_bytes(self) -> int:
        """Their size in bytes."""
        return sum(_size_of(archived.event) for archived in self.events)

    @property
    def rule_name(self) -> str:
        """The name of the managed rule that feeds it."""
        return RULE_PREFIX + self.archive_name

    def take(self, event: Event, now: datetime) -> None:
        """Keep an event that came just now."""
        self.events.append(ArchivedEvent(event, now))

    def expire(self, now: datetime) -> None:
        """Let go of what has been kept for longer than the retention, counted from when it came."""
        if self.retention_days:
            self.events = [
                archived for archived in self.events if (now - archived.ingested).days < self.retention_days
            ]

    def copied(self) -> Archive:
        """An archive that holds the same and goes its own way."""
        return replace(self, events=list(self.events))


@operation
def create_archive(call: Call[Account], request: CreateArchiveRequestTypeDef) -> Archive:
    """Make an archive, and the managed rule that feeds it."""
    account, name = call.account, request["ArchiveName"]
    bus = _own_bus(account, request["EventSourceArn"])
    pattern = _pattern(account, name, request.get("EventPattern"))
    if name in account.archives:
        raise errors.already_exists(f"Archive {name}")
    if RULE_PREFIX + name in bus.rules:
        raise errors.already_exists(f"Rule {RULE_PREFIX}{name}")
    check_room_for_rule(account, bus)
    check_room_for_wildcard(account, bus, RULE_PREFIX + name, pattern)
    archive = Archive(
        archive_name=name,
        archive_arn=account.arn(f"archive/{name}"),
        event_source_arn=request["EventSourceArn"],
        creation_time=account.shared.clock.now(),
        description=request.get("Description"),
        event_pattern=request.get("EventPattern"),
        retention_days=request.get("RetentionDays", 0),
        kms_key_identifier=request.get("KmsKeyIdentifier"),
        state="CREATING",
    )
    account.archives[name] = archive
    create = partial(_create, failed=failed_state(account, CREATE_FAILED))
    account.soon("archive", name, "is created", account.shared.delays.archive, create)
    return archive


@operation
def update_archive(call: Call[Account], request: UpdateArchiveRequestTypeDef) -> Archive:
    """Change what is named, and the managed rule with it."""
    account, given = call.account, dict(request)
    if not CHANGEABLE.keys() & given.keys():
        raise errors.invalid("At least one of EventPattern, RetentionDays or Description must be provided.")
    archive = _settled(account, request["ArchiveName"])
    pattern = _pattern(account, archive.archive_name, request.get("EventPattern", archive.event_pattern))
    bus, held = _fed_by(account, archive)
    if bus is not None and held is None:
        check_room_for_rule(account, bus)
    if bus is not None:
        check_room_for_wildcard(account, bus, archive.rule_name, pattern)
    update = partial(
        _update,
        changes={name: given[member] for member, name in CHANGEABLE.items() if member in given},
        before=(archive.state, archive.state_reason),
        failed=failed_state(account, UPDATE_FAILED),
    )
    archive.state, archive.state_reason = "UPDATING", None
    account.soon("archive", archive.archive_name, "is updated", account.shared.delays.archive, update)
    return archive


@operation
def describe_archive(call: Call[Account], request: DescribeArchiveRequestTypeDef) -> Archive:
    """Show one archive."""
    return find_archive(call.account, request["ArchiveName"])


@operation(ordered_by="archive_name")
def list_archives(call: Call[Account], request: ListArchivesRequestTypeDef) -> list[Archive]:
    """Show the archives that one filter lets through."""
    check_one_filter("ListArchives", request)
    source = request.get("EventSourceArn")
    if source is not None:
        _own_bus(call.account, source)
    prefix, state = request.get("NamePrefix", ""), request.get("State")
    for archive in call.account.archives.values():
        archive.expire(call.account.shared.clock.now())
    return [
        archive
        for name, archive in call.account.archives.items()
        if name.startswith(prefix)
        and state in (None, archive.state)
        and source in (None, archive.event_source_arn)
    ]


@operation
def delete_archive(call: Call[Account], request: DeleteArchiveRequestTypeDef) -> None:
    """Remove an archive with what it keeps and its managed rule."""
    account = call.account
    archive = _settled(account, request["ArchiveName"])
    del account.archives[archive.archive_name]
    bus, held = _fed_by(account, archive)
    if bus is not None and held is not None and held.archive_name is not None:
        bus.remove_rule(archive.rule_name)


def find_archive(account: Account, name: str) -> Archive:
    """The archive of that name.

    Raises:
        AwsError: There is none.
    """
    archive = account.archives.get(name)
    if archive is None:
        raise errors.not_found(f"Archive {name}")
    archive.expire(account.shared.clock.now())
    return archive


def _settled(account: Account, name: str) -> Archive:
    """The archive of that name, if it is not changing at the moment."""
    archive = find_archive(account, name)
    if archive.state in CHANGING_STATES:
        text = f"Archive {name} is in state {archive.state}."
        raise AwsError("ConcurrentModificationException", text)
    return archive


def _fed_by(account: Account, archive: Archive) -> tuple[EventBus | None, Rule | None]:
    """The bus of an archive and the rule of its managed rule's name, as far as they are there."""
    bus = account.event_buses.get(resource_name(archive.event_source_arn))
    return bus, None if bus is None else bus.rules.get(archive.rule_name)


def _create(account: Account, archive: Archive, failed: StateFailed | None) -> None:
    if failed is not None:
        archive.state, archive.state_reason = failed
        return
    archive.state = "ENABLED"
    bus, _ = _fed_by(account, archive)
    if bus is not None:
        _put_rule(account, bus, archive)


def _update(
    account: Account,
    archive: Archive,
    changes: dict[str, Any],
    before: tuple[str, str | None],
    failed: StateFailed | None,
) -> None:
    archive.state, archive.state_reason = failed or before
    if failed is not None:
        return
    for name, value in changes.items():
        setattr(archive, name, value)
    bus, held = _fed_by(account, archive)
    if bus is not None and (held is None or held.archive_name is not None):
        archive.state, archive.state_reason = "ENABLED", None
        _put_rule(account, bus, archive)


def _own_bus(account: Account, arn: str) -> EventBus:
    """The bus of that ARN in this account and region; an ARN of another kind names none (inferred)."""
    bus = account.event_buses.get(resource_name(arn))
    if bus is None or bus.arn != arn:
        raise errors.event_bus_not_found(resource_name(arn))
    return bus


def check_one_filter(operation_name: str, request: Mapping[str, Any]) -> None:
    """See that a List operation of archives or replays is given one filter at most.

    Raises:
        AwsError: There are two or three.
    """
    if sum(name in request for name in ("NamePrefix", "EventSourceArn", "State")) > 1:
        raise errors.invalid(
            f"At most one filter is allowed for {operation_name}. "
            "Use either : State, EventSourceArn, or NamePrefix."
        )


def _pattern(account: Account, archive: str, text: str | None) -> Pattern | None:
    return None if text is None else compile_within_quota(text, f"archive {archive}", account.shared.quotas)


def _put_rule(account: Account, bus: EventBus, archive: Archive) -> None:
    """The managed rule: the archive's pattern, but for events that come from a replay."""
    name = archive.rule_name
    wanted = "{}" if archive.event_pattern is None else compact(archive.event_pattern)
    pattern = f"{wanted[:-1]}{'' if wanted == '{}' else ','}{NOT_REPLAYED}"
    members: dict[str, Any] = {
        "Id": name,
        "Arn": f"arn:{partition_of(account.region)}:events:{account.region}:::",
        "InputTransformer": {
            "InputPathsMap": {},
            "InputTemplate": (
                f'{{"archive-arn": "{archive.archive_arn}:{account.shared.identifiers.uuid()}", '
                '"event": <aws.events.event.json>, "ingestion-time": <aws.events.event.ingestion-time>}'
            ),
        },
    }
    target = Target.of(members)
    bus.put_rule(
        Rule(
            name=name,
            arn=rule_arn(bus, name),
            event_bus_name=bus.name,
            created_by=account.id,
            event_pattern=pattern,
            pattern=compile_pattern(pattern),
            managed_by=MANAGED_BY,
            archive_name=archive.archive_name,
            feeds=archive.archive_name,
            targets={name: target},
        )
    )


def _size_of(event: Event) -> int:
    return len(event.source) + len(event.detail_type) + event.detail_size + SIZE_OF_TIME
