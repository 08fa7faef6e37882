"""Archives: events of a bus that are kept, and the five operations on them.

Source: aws-recorded-behaviour section 12 (recorded; the managed rule as moto's tests saw it on AWS) and
schedules-archives-permissions section 2. The size of an event is inferred from four recordings; AWS counts an event
some minutes late, eventmock at once. Inferred, as nothing was recorded: an update makes a rule anew that was deleted by
force; an archive that is being created archives no events yet; an update takes effect when it is finished, and an
update that fails changes nothing; an archive that is changing cannot be changed or deleted.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.events import errors
from eventmock.services.events.archive import RULE_PREFIX, Archive
from eventmock.services.events.event_bus import advice_about_bus, buses_of
from eventmock.services.events.event_patterns import compile_within_quota
from eventmock.services.events.managed_rules import put_rule_of_archive
from eventmock.services.events.quotas import Quotas
from eventmock.services.events.rules import check_room_for_rule, check_room_for_wildcard
from eventmock.services.failed_states import CREATE_FAILED, UPDATE_FAILED, failed_state
from eventmock.values.arn import resource_name
from eventmock.wire import AwsError, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_events.type_defs import (
        CreateArchiveRequestTypeDef,
        DeleteArchiveRequestTypeDef,
        DescribeArchiveRequestTypeDef,
        ListArchivesRequestTypeDef,
        UpdateArchiveRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.pattern import Pattern
    from eventmock.services.call import Call
    from eventmock.services.events.event_bus import EventBus
    from eventmock.services.events.rule import Rule
    from eventmock.services.failed_states import StateFailed

CHANGEABLE: Final = {
    "EventPattern": "event_pattern",
    "RetentionDays": "retention_days",
    "Description": "description",
    "KmsKeyIdentifier": "kms_key_identifier",
}
CHANGING_STATES: Final = ("CREATING", "UPDATING")


@operation
def create_archive(call: Call, request: CreateArchiveRequestTypeDef) -> Archive:
    """Make an archive, and the managed rule that sends events to it."""
    account, name = call.account, request["ArchiveName"]
    bus = _own_bus(account, request["EventSourceArn"])
    pattern = _pattern(account, name, request.get("EventPattern"))
    if name in account.table(Archive):
        raise errors.already_exists(f"Archive {name}")
    if RULE_PREFIX + name in bus.rules:
        raise errors.already_exists(f"Rule {RULE_PREFIX}{name}")
    check_room_for_rule(account, bus)
    check_room_for_wildcard(account, bus, RULE_PREFIX + name, pattern)
    archive = Archive(
        archive_name=name,
        archive_arn=account.arn("events", f"archive/{name}"),
        event_source_arn=request["EventSourceArn"],
        creation_time=account.state.clock.now(),
        description=request.get("Description"),
        event_pattern=request.get("EventPattern"),
        retention_days=request.get("RetentionDays", 0),
        kms_key_identifier=request.get("KmsKeyIdentifier"),
        state="CREATING",
    )
    account.table(Archive)[name] = archive
    create = partial(_create, failed=failed_state(call, CREATE_FAILED))
    account.soon(Archive, name, "is created", account.state.delays.archive, create)
    return archive


@operation
def update_archive(call: Call, request: UpdateArchiveRequestTypeDef) -> Archive:
    """Change the members of an archive that the request names, and its managed rule."""
    account, given = call.account, dict(request)
    if not CHANGEABLE.keys() & given.keys():
        raise errors.invalid("At least one of EventPattern, RetentionDays or Description must be provided.")
    archive = _settled(account, request["ArchiveName"])
    pattern = _pattern(account, archive.archive_name, request.get("EventPattern", archive.event_pattern))
    bus, rule = _bus_and_rule(account, archive)
    if bus is not None and rule is None:
        check_room_for_rule(account, bus)
    if bus is not None:
        check_room_for_wildcard(account, bus, archive.rule_name, pattern)
    update = partial(
        _update,
        changes={name: given[member] for member, name in CHANGEABLE.items() if member in given},
        before=(archive.state, archive.state_reason),
        failed=failed_state(call, UPDATE_FAILED),
    )
    archive.state, archive.state_reason = "UPDATING", None
    account.soon(Archive, archive.archive_name, "is updated", account.state.delays.archive, update)
    return archive


@operation
def describe_archive(call: Call, request: DescribeArchiveRequestTypeDef) -> Archive:
    """Return one archive."""
    return find_archive(call.account, request["ArchiveName"])


@operation(ordered_by="archive_name")
def list_archives(call: Call, request: ListArchivesRequestTypeDef) -> list[Archive]:
    """List the archives, filtered by the prefix of the name, by the event bus or by the state."""
    check_one_filter("ListArchives", request)
    source = request.get("EventSourceArn")
    if source is not None:
        _own_bus(call.account, source)
    prefix, state = request.get("NamePrefix", ""), request.get("State")
    for archive in call.account.table(Archive).values():
        archive.expire(call.account.state.clock.now())
    return [
        archive
        for name, archive in call.account.table(Archive).items()
        if name.startswith(prefix)
        and state in (None, archive.state)
        and source in (None, archive.event_source_arn)
    ]


@operation
def delete_archive(call: Call, request: DeleteArchiveRequestTypeDef) -> None:
    """Remove an archive, its events and its managed rule."""
    account = call.account
    archive = _settled(account, request["ArchiveName"])
    del account.table(Archive)[archive.archive_name]
    bus, rule = _bus_and_rule(account, archive)
    if bus is not None and rule is not None and rule.archive_name is not None:
        bus.remove_rule(archive.rule_name)


def find_archive(account: Account, name: str) -> Archive:
    """Return the archive of that name, without expired events.

    Raises:
        AwsError: The account has no archive of that name.
    """
    archive = account.table(Archive).get(name)
    if archive is None:
        raise errors.not_found(f"Archive {name}")
    archive.expire(account.state.clock.now())
    return archive


def _settled(account: Account, name: str) -> Archive:
    """Return the archive of that name, without expired events.

    Raises:
        AwsError: The account has no archive of that name, or the archive is being created or updated.
    """
    archive = find_archive(account, name)
    if archive.state in CHANGING_STATES:
        text = f"Archive {name} is in state {archive.state}."
        raise AwsError("ConcurrentModificationException", text)
    return archive


def _bus_and_rule(account: Account, archive: Archive) -> tuple[EventBus | None, Rule | None]:
    """Return the bus of an archive, and the rule that has the name of its managed rule; None if it does not exist."""
    bus = buses_of(account).get(resource_name(archive.event_source_arn))
    return bus, None if bus is None else bus.rules.get(archive.rule_name)


def _create(account: Account, archive: Archive, failed: StateFailed | None) -> None:
    if failed is not None:
        archive.state, archive.state_reason = failed
        return
    archive.state = "ENABLED"
    bus, _ = _bus_and_rule(account, archive)
    if bus is not None:
        put_rule_of_archive(account, bus, archive)


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
    bus, rule = _bus_and_rule(account, archive)
    if bus is not None and (rule is None or rule.archive_name is not None):
        archive.state, archive.state_reason = "ENABLED", None
        put_rule_of_archive(account, bus, archive)


def _own_bus(account: Account, arn: str) -> EventBus:
    """Return the event bus of that ARN in this account and region.

    Raises:
        AwsError: There is no such bus, or the ARN is that of another kind of resource (inferred).
    """
    bus = buses_of(account).get(resource_name(arn))
    if bus is None or bus.arn != arn:
        name = resource_name(arn)
        raise errors.event_bus_not_found(name, advice_about_bus(account, name))
    return bus


def check_one_filter(operation_name: str, request: Mapping[str, Any]) -> None:
    """Check that a request of ListArchives or ListReplays has one filter at most.

    Raises:
        AwsError: The request has two or three filters.
    """
    if sum(name in request for name in ("NamePrefix", "EventSourceArn", "State")) > 1:
        raise errors.invalid(
            f"At most one filter is allowed for {operation_name}. "
            "Use either : State, EventSourceArn, or NamePrefix."
        )


def _pattern(account: Account, archive: str, text: str | None) -> Pattern | None:
    return (
        None
        if text is None
        else compile_within_quota(text, f"archive {archive}", account.state.settings(Quotas))
    )
