"""Partner event sources, as the partner sees them: offered to the accounts of customers.

CreatePartnerEventSource, DescribePartnerEventSource, ListPartnerEventSources, ListPartnerEventSourceAccounts,
DeletePartnerEventSource. The only record of an offered source is in the customer's account (`event_sources`).

Source: partner-events part 1. Documented: each call offers a source to one account, a name belongs to one partner, and
only partners may call (onboarding guide); an account that still has a bus for a deleted source is shown as ``DELETED``
(service model). Inferred: the texts; the account is shown so as long as the bus exists; a source exists for the partner
as long as it is offered to an account, so all other operations do not find a source that was deleted or has expired;
only a strict mock checks that the caller is a partner, and that the partition has partners: AWS's and AWS China's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.parts.part import KeptSet
from eventmock.services.events import errors
from eventmock.services.events.event_sources import EventSource, offer, withdraw
from eventmock.values.arn import partition_of
from eventmock.wire import AwsError, operation

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import (
        CreatePartnerEventSourceRequestTypeDef,
        DeletePartnerEventSourceRequestTypeDef,
        DescribePartnerEventSourceRequestTypeDef,
        ListPartnerEventSourceAccountsRequestTypeDef,
        ListPartnerEventSourcesRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call

    Offer = tuple[Account, EventSource]


class Partners(KeptSet[str]):
    """The ids of the accounts that are partners of AWS. Only a strict mock checks them."""


@operation
def create_partner_event_source(
    call: Call, request: CreatePartnerEventSourceRequestTypeDef
) -> dict[str, str]:
    """Offer an event source to an account. A source may be offered to many accounts."""
    account, name, customer = call.account, request["Name"], request["Account"]
    check_partner(account)
    for holder, source in _offers(account):
        if source.name == name and (source.partner != account.id or holder.id == customer):
            raise errors.already_exists(f"Event source {name}")
    offered = offer(account.state.accounts.get(customer, account.region), name, account.id)
    return {"EventSourceArn": offered.arn}


@operation
def describe_partner_event_source(
    call: Call, request: DescribePartnerEventSourceRequestTypeDef
) -> EventSource:
    """Return one event source of the caller."""
    check_partner(call.account)
    offers = offers_of(call.account, request["Name"])
    if not offers:
        raise _unknown(request["Name"])
    return offers[0][1]


@operation(ordered_by="name")
def list_partner_event_sources(
    call: Call, request: ListPartnerEventSourcesRequestTypeDef
) -> list[EventSource]:
    """List the event sources of the caller, filtered by the prefix of the name."""
    check_partner(call.account)
    own = {source.name: source for _, source in _offers(call.account) if source.partner == call.account.id}
    return [source for name, source in own.items() if name.startswith(request["NamePrefix"])]


@operation(ordered_by="Account")
def list_partner_event_source_accounts(
    call: Call, request: ListPartnerEventSourceAccountsRequestTypeDef
) -> list[dict[str, Any]]:
    """List the accounts to which a source is offered, with its state: ``DELETED`` if only its bus still exists."""
    check_partner(call.account)
    name = request["EventSourceName"]
    offers = [*offers_of(call.account, name), *_deleted_offers(call.account, name)]
    if not offers:
        raise _unknown(name)
    return [
        {
            "Account": customer.id,
            "CreationTime": source.creation_time,
            "ExpirationTime": source.expiration_time,
            "State": source.state,
        }
        for customer, source in offers
    ]


@operation
def delete_partner_event_source(call: Call, request: DeletePartnerEventSourceRequestTypeDef) -> None:
    """Withdraw a source from an account. If it is not offered, do nothing (the model has no error for that)."""
    check_partner(call.account)
    for customer, source in offers_of(call.account, request["Name"]):
        if customer.id == request["Account"]:
            withdraw(customer, source.name)


def check_partner(account: Account) -> None:
    """Check that an account may call the operations of partners. Only a strict mock checks.

    Raises:
        AwsError: The account is not a partner's, or the region's partition has no partners.
    """
    state = account.state
    if not state.is_strict_about("refused"):
        return
    if partition_of(account.region) not in ("aws", "aws-cn"):
        raise _disabled(f"in {account.region}")
    if account.id not in state.settings(Partners):
        raise _disabled(f"for account {account.id}")


def offers_of(partner: Account, name: str) -> list[Offer]:
    """Return the accounts to which a partner offers a source, each with its record; empty if it offers none."""
    return [
        (customer, source)
        for customer, source in _offers(partner)
        if source.name == name and source.partner == partner.id
    ]


def _deleted_offers(partner: Account, name: str) -> list[Offer]:
    """Return the accounts that still have the bus of a partner's deleted source, each with the source's record."""
    return [
        (customer, source)
        for customer in partner.state.accounts.in_region(partner.region)
        if (source := customer.table(EventSource).get(name)) is not None
        and (source.state, source.partner) == ("DELETED", partner.id)
    ]


def _offers(account: Account) -> list[Offer]:
    """Return all offers of all partners in the account's region, without those that were deleted."""
    return [
        (customer, source)
        for customer in account.state.accounts.in_region(account.region)
        for source in customer.table(EventSource).values()
        if source.state != "DELETED"
    ]


def _unknown(name: str) -> AwsError:
    return errors.not_found(f"Event source {name}")


def _disabled(where: str) -> AwsError:
    return AwsError(
        "OperationDisabledException", f"The operation you are attempting is not available {where}."
    )
