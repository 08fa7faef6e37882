"""Partner event sources, as the partner sees them: offered to the accounts of customers.

CreatePartnerEventSource, DescribePartnerEventSource, ListPartnerEventSources, ListPartnerEventSourceAccounts,
DeletePartnerEventSource. The customer's side is `event_sources`; what a customer holds is in the customer's account.
Source: partner-events part 1 (the service model and its documentation); the texts are inferred.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from eventmock.arn import Arn, partition_of
from eventmock.events import errors
from eventmock.events.event_sources import EventSource, offer, withdraw
from eventmock.wire import Call, operation

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import (
        CreatePartnerEventSourceRequestTypeDef,
        DeletePartnerEventSourceRequestTypeDef,
        DescribePartnerEventSourceRequestTypeDef,
        ListPartnerEventSourceAccountsRequestTypeDef,
        ListPartnerEventSourcesRequestTypeDef,
    )

    from eventmock.events.account import Account


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartnerEventSource:
    """A source that a partner offers; a change makes a new one.

    Attributes:
        name: ``aws.partner/PARTNER/...``.
        arn: Its ARN, which names no account.
        customers: The ids of the accounts that it is offered to.
    """

    name: str
    arn: str
    customers: tuple[str, ...] = ()


@operation(lacks="the expiry of an offer after 14 days")
def create_partner_event_source(
    call: Call[Account], request: CreatePartnerEventSourceRequestTypeDef
) -> dict[str, str]:
    """Offer a source to an account; one source may be offered to many."""
    account, name, customer = call.account, request["Name"], request["Account"]
    source = account.partner_event_sources.get(name)
    taken = any(
        name in other.partner_event_sources
        for other in account.shared.in_region(account.region)
        if other is not account
    )
    if taken or (source is not None and customer in source.customers):
        raise errors.already_exists(f"Event source {name}")
    if source is None:
        arn = Arn(partition_of(account.region), "events", account.region, "", f"event-source/{name}")
        source = PartnerEventSource(name=name, arn=str(arn))
    account.partner_event_sources[name] = replace(source, customers=(*source.customers, customer))
    offer(account.shared.get(customer, account.region), name, source.arn)
    return {"EventSourceArn": source.arn}


@operation
def describe_partner_event_source(
    call: Call[Account], request: DescribePartnerEventSourceRequestTypeDef
) -> PartnerEventSource:
    """Show one source of the caller's."""
    return find_partner_event_source(call.account, request["Name"])


@operation(ordered_by="name")
def list_partner_event_sources(
    call: Call[Account], request: ListPartnerEventSourcesRequestTypeDef
) -> list[PartnerEventSource]:
    """Show the caller's sources whose name begins as asked."""
    sources = call.account.partner_event_sources
    return [source for name, source in sources.items() if name.startswith(request["NamePrefix"])]


@operation(ordered_by="Account")
def list_partner_event_source_accounts(
    call: Call[Account], request: ListPartnerEventSourceAccountsRequestTypeDef
) -> list[dict[str, Any]]:
    """Show the accounts that a source is offered to, and what they made of it."""
    account = call.account
    source = find_partner_event_source(account, request["EventSourceName"])
    held = [
        (customer, account.shared.get(customer, account.region).event_sources.get(source.name))
        for customer in source.customers
    ]
    return [_customer(customer, theirs) for customer, theirs in held if theirs is not None]


@operation
def delete_partner_event_source(call: Call[Account], request: DeletePartnerEventSourceRequestTypeDef) -> None:
    """Take a source back from an account; one that was not offered is no error (none is modelled)."""
    account, name, customer = call.account, request["Name"], request["Account"]
    source = account.partner_event_sources.get(name)
    if source is None or customer not in source.customers:
        return
    withdraw(account.shared.get(customer, account.region), name)
    others = tuple(other for other in source.customers if other != customer)
    if others:
        account.partner_event_sources[name] = replace(source, customers=others)
    else:
        del account.partner_event_sources[name]


def find_partner_event_source(account: Account, name: str) -> PartnerEventSource:
    """The partner's source of that name.

    Raises:
        AwsError: There is none.
    """
    source = account.partner_event_sources.get(name)
    if source is None:
        raise errors.not_found(f"Event source {name}")
    return source


def _customer(account_id: str, source: EventSource) -> dict[str, Any]:
    return {
        "Account": account_id,
        "CreationTime": source.creation_time,
        "ExpirationTime": source.expiration_time,
        "State": source.state,
    }
