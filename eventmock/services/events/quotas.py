"""Quotas: how many resources of each kind an account may have.

Source: "Amazon EventBridge quotas" of the user guide; the error texts stand with the operations. A request that
exceeds a quota is a ``LimitExceededException`` unless an operation says otherwise (recorded for targets and replays).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from eventmock.parts import part
from eventmock.services.events import errors

if TYPE_CHECKING:
    from collections.abc import Sized

    from eventmock.parts.accounts import Account
    from eventmock.services.events.event_bus import EventBus

REGIONS_OF_FEWER_RULES: Final = frozenset({"af-south-1", "eu-south-1"})


@dataclass(slots=True, kw_only=True)
class Quotas(part.Quotas):
    """The quotas of EventBridge: AWS's defaults. Set an attribute to change a quota.

    Attributes:
        event_buses: The number of event buses of an account in a region, including the default bus.
        rules_per_event_bus: The number of rules of a bus, including managed rules; None for AWS's default of the
            region, which is 300, or 100 in af-south-1 and eu-south-1.
        wildcard_rules_per_event_bus: The number of rules of a bus whose pattern has a ``wildcard``, also within an
            ``anything-but``. AWS does not raise this quota on request. AWS's error is not known; the text is ours.
        targets_per_rule: The number of targets of a rule.
        tags_per_resource: The number of tags of a rule or bus.
        event_pattern_characters: The number of characters of the pattern of a rule or archive.
        policy_characters: The number of characters of the policy of a bus.
        put_events_bytes: The number of bytes of all entries of a PutEvents request together: 1 MiB since 2026-01-29,
            256 KiB before (AWS Compute blog).
        connections: The number of connections of an account in a region.
        api_destinations: The number of API destinations of an account in a region.
        endpoints: The number of global endpoints of an account in their home region.
        concurrent_replays: The number of replays of an account in a region that are starting or running.
    """

    said_as: ClassVar[str] = "quotas"

    event_buses: int = 100
    rules_per_event_bus: int | None = None
    wildcard_rules_per_event_bus: int = 30
    targets_per_rule: int = 5
    tags_per_resource: int = 50
    event_pattern_characters: int = 2048
    policy_characters: int = 10_240
    put_events_bytes: int = 1024 * 1024
    connections: int = 3000
    api_destinations: int = 3000
    endpoints: int = 100
    concurrent_replays: int = 10

    def rules_in(self, region: str) -> int:
        """Return the number of rules that a bus of the region may have."""
        if self.rules_per_event_bus is not None:
            return self.rules_per_event_bus
        return 100 if region in REGIONS_OF_FEWER_RULES else 300


def check_room(account: Account, existing: Sized, quota: str, bus: EventBus | None = None) -> None:
    """Check that a resource may be added to the existing ones.

    Args:
        account: The account of the request.
        existing: The existing resources.
        quota: The name of the quota, an attribute of `Quotas`.
        bus: The bus of the resources; None if they belong to the account in its region.

    Raises:
        AwsError: There are as many resources as the quota allows (``LimitExceededException``).
    """
    quotas = account.state.settings(Quotas)
    most = quotas.rules_in(account.region) if quota == "rules_per_event_bus" else getattr(quotas, quota)
    if len(existing) >= most:
        where = f"account {account.id}" if bus is None else f'bus "{bus.name}" of account {bus.account_id}'
        wanted = len(existing) + 1
        raise errors.limit_exceeded(over_quota(quota, most, f"{where} in {account.region}", wanted))


def over_quota(quota: str, most: int, where: str, wanted: int) -> str:
    """Return words for the tester about a quota that a request would exceed.

    Args:
        quota: The name of the quota, an attribute of `Quotas`.
        most: The value of the quota.
        where: What the quota is about, such as ``account 123456789012 in us-east-1``.
        wanted: The number that there would be.
    """
    return (
        f"the quota {quota} is {most:,}, and {where} would have {wanted:,}; a test that wants more says "
        f"backend.quotas.{quota} = {wanted}"
    )
