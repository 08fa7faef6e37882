"""Where something is that a test names: the account, the event bus, the rule; and where else it could be."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from eventmock.exceptions import AwsRefusal, NoSuchBus, NoSuchEndpoint, NoSuchRule, OptionError
from eventmock.options import Options
from eventmock.services.events.endpoint import Endpoint
from eventmock.services.events.event_bus import event_buses, find_event_bus, find_rule
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventmock.parts.accounts import Account
    from eventmock.services.events.event_bus import EventBus
    from eventmock.services.events.rule import Rule
    from eventmock.state import State


def account_named(state: State, call: str, region: str | None, account: str | None) -> Account:
    """The account and region that a test names, or the default ones.

    Args:
        state: All that the mock holds.
        call: What the test has called, for the message.
        region: The region; the default region if None.
        account: The account id; the default account if None.

    Raises:
        OptionError: One of them is no region or account.
    """
    __tracebackhide__ = True
    given = Options.read({"region": region, "account": account}, call)
    return state.accounts.get(given.account or state.default_account, given.region or state.default_region)


def bus_named(account: Account, call: str, name: str | None) -> EventBus:
    """The event bus that a test names, or the default one.

    Args:
        account: Where it is.
        call: What the test has called, for the message.
        name: The name or ARN; the default bus if None.

    Raises:
        OptionError: That is no text.
        NoSuchBus: There is no such bus.
    """
    __tracebackhide__ = True
    if not isinstance(name, str | None):
        raise OptionError(f"{call}: bus={name!r}: wanted the name or ARN of an event bus")
    try:
        return find_event_bus(account, name)
    except AwsError:
        names = ", ".join(sorted(event_buses(account)))
        raise NoSuchBus(
            f"there is no event bus {name!r} in {account.id}, {account.region}; there are {names}"
        ) from None


def rule_named(account: Account, bus: EventBus, name: str) -> Rule:
    """The rule that a test names.

    Raises:
        NoSuchRule: There is no such rule on the bus; the message says where there is one.
    """
    __tracebackhide__ = True
    try:
        return find_rule(bus, name)
    except AwsError:
        names = ", ".join(sorted(bus.rules)) or "none"
        places = [
            f"bus={other!r}, region={holder.region!r}, account={holder.id!r}"
            for holder in account.state.accounts.all
            for other, held in event_buses(holder).items()
            if name in held.rules
        ]
        raise NoSuchRule(
            f"there is no rule {name!r} on event bus {bus.name!r} in {account.id}, {account.region}; "
            f"rules there: {names}. {_there_is_one(places) or 'Put the rule first'}"
        ) from None


def endpoint_named(account: Account, name: str) -> Endpoint:
    """The global endpoint that a test names.

    Raises:
        NoSuchEndpoint: There is no such endpoint; the message says where there is one.
    """
    __tracebackhide__ = True
    record = account.table(Endpoint).get(name)
    if record is None:
        names = ", ".join(sorted(account.table(Endpoint))) or "none"
        places = [
            f"region={holder.region!r}, account={holder.id!r}"
            for holder in account.state.accounts.all
            if name in holder.table(Endpoint)
        ]
        hint = f". {_there_is_one(places)}" if places else ""
        raise NoSuchEndpoint(
            f"there is no endpoint {name!r} in {account.id}, {account.region}; endpoints there: {names}{hint}"
        )
    return record


def _there_is_one(places: Iterable[str]) -> str:
    """Where there is something of the name that was not found here; empty if there is nothing."""
    joined = " and with ".join(places)
    return f"There is one with {joined}" if joined else ""


@contextmanager
def refusals_to_the_tester(call: str) -> Iterator[None]:
    """Turn what AWS would answer into an error of ours: the tester calls no AWS.

    Args:
        call: What the test has called, for the message.

    Raises:
        AwsRefusal: AWS would refuse it.
    """
    __tracebackhide__ = True
    try:
        yield
    except AwsError as error:
        raise AwsRefusal(call, error.code, error.message, error.hint) from None
