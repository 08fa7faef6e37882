"""The account, event bus, rule or endpoint that a test names. An error names other places that have it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from eventmock.exceptions import AwsRefusal, NoSuchBus, NoSuchEndpoint, NoSuchRule, OptionError
from eventmock.history.wording import listed
from eventmock.options import Options
from eventmock.services.events.endpoint import Endpoint
from eventmock.services.events.event_bus import buses_of, find_event_bus, find_rule
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventmock.parts.accounts import Account
    from eventmock.services.custom_event_bus.event_bus import CustomEventBus
    from eventmock.services.events.event_bus import EventBus
    from eventmock.services.events.rule import Rule
    from eventmock.state import State


def account_named(state: State, call: str, region: str | None, account: str | None) -> Account:
    """Return the account in the region that a test names, or the default ones.

    Args:
        state: The state of the mock.
        call: The call of the test, for the error's text.
        region: The region; None for the default region.
        account: The account id; None for the default account.

    Raises:
        OptionError: The region or the account id is not valid.
    """
    __tracebackhide__ = True
    given = Options.read({"region": region, "account": account}, call)
    return state.accounts.get(given.account or state.default_account, given.region or state.default_region)


def bus_named(account: Account, call: str, name: str | None) -> EventBus:
    """Return the event bus that a test names, or the default bus.

    Args:
        account: The account of the bus.
        call: The call of the test, for the error's text.
        name: The name or ARN; None for the default bus.

    Raises:
        OptionError: The name is not a text.
        NoSuchBus: The account has no such bus; the error's text has the places that have one.
    """
    __tracebackhide__ = True
    if not isinstance(name, str | None):
        raise OptionError(f"{call}: bus={name!r}: wanted the name or ARN of an event bus")
    try:
        return find_event_bus(account, name)
    except AwsError:
        names = listed(sorted(buses_of(account)))
        places = [
            f"region={holder.region!r}, account={holder.id!r}"
            for holder in account.state.accounts.all
            if name in buses_of(holder)
        ]
        custom = _custom_buses(account)
        is_custom = name in {*custom, *custom.values()}
        advice = (
            _there_is_one(places)
            or ("That is a custom event bus, which has no rules" if is_custom else "")
            or _did_you_mean(str(name), [*buses_of(account), *custom])
        )
        others = f"; custom event buses: {listed(sorted(custom))}" if custom else ""
        raise NoSuchBus(
            f"there is no event bus {name!r} in {account.id}, {account.region}; there are {names}{others}"
            + (f". {advice}" if advice else "")
        ) from None


def _custom_buses(account: Account) -> dict[str, str]:
    """Return the ARNs of the custom event buses of an account, by name."""
    from eventmock.backend.custom_event_buses import uses_custom_buses

    if not uses_custom_buses(account.state):
        return {}
    from eventmock.services.custom_event_bus.event_bus import custom_buses_of

    return {bus.name: bus.arn for bus in custom_buses_of(account).values()}


def custom_bus_named(account: Account, call: str, name: str) -> CustomEventBus:
    """Return the custom event bus that a test names.

    Args:
        account: The account of the bus. It does not count for an ARN.
        call: The call of the test, for the error's text.
        name: The name or ARN.

    Raises:
        OptionError: The name is not a text.
        NoSuchBus: There is no such bus; the error's text has the places that have one.
    """
    __tracebackhide__ = True
    from eventmock.services.custom_event_bus.event_bus import bus_of_arn, custom_buses_of

    if not isinstance(name, str):
        raise OptionError(f"{call}: {name!r}: wanted the name or ARN of a custom event bus")
    known = custom_buses_of(account)
    found = known.get(name) or bus_of_arn(account.state, name)
    if found is not None:
        return found
    arns = {bus.arn for holder in account.state.accounts.all for bus in custom_buses_of(holder).values()}
    places = [
        f"region={holder.region!r}, account={holder.id!r}"
        for holder in account.state.accounts.all
        if name in custom_buses_of(holder)
    ]
    classic = (
        "The event bus of that name is a Classic one, which keeps no events"
        if name in buses_of(account)
        else ""
    )
    advice = _there_is_one(places) or _did_you_mean(name, [*known, *sorted(arns)]) or classic
    names = listed(sorted(known)) or "none"
    raise NoSuchBus(
        f"there is no custom event bus {name!r} in {account.id}, {account.region}; custom event buses there: {names}"
        + (f". {advice}" if advice else "")
    )


def rule_named(account: Account, bus: EventBus, name: str) -> Rule:
    """Return the rule that a test names.

    Raises:
        NoSuchRule: There is no such rule on the bus; the error's text has the buses that have one.
    """
    __tracebackhide__ = True
    try:
        return find_rule(bus, name)
    except AwsError:
        names = listed(sorted(bus.rules)) or "none"
        advice = (
            rule_elsewhere(account.state, name)
            or _schedule_of_name(account, name)
            or _subscriber_of_name(account, name)
            or _did_you_mean(str(name), bus.rules)
            or "Put the rule first"
        )
        raise NoSuchRule(
            f"there is no rule {name!r} on event bus {bus.name!r} in {account.id}, {account.region}; "
            f"rules there: {names}. {advice}"
        ) from None


def rule_elsewhere(state: State, name: str) -> str:
    """Return words for the buses that have a rule of a name; empty if there are none."""
    return _there_is_one(
        f"bus={bus!r}, region={holder.region!r}, account={holder.id!r}"
        for holder in state.accounts.all
        for bus, found in buses_of(holder).items()
        if name in found.rules
    )


def subscriber_elsewhere(state: State, name: str) -> str:
    """Return words for the custom event bus that has a subscriber of a name; empty if there is none."""
    from eventmock.backend.custom_event_buses import uses_custom_buses

    if not uses_custom_buses(state):
        return ""
    from eventmock.services.custom_event_bus.subscriber import subscribers_of

    buses = (
        one.bus_name
        for account in state.accounts.all
        for one in subscribers_of(account).values()
        if name in {one.name, one.arn}
    )
    return next((f"There is a subscriber of that name: say bus={bus!r}" for bus in buses), "")


def _schedule_of_name(account: Account, name: str) -> str:
    """Return advice for a test that names a schedule in place of a rule; empty if there is no such schedule."""
    from eventmock.services.scheduler.schedule import schedules_of

    targets = [one.target.arn for one in schedules_of(account).values() if name in (one.name, one.arn)]
    return (
        f"There is a schedule of that name: for what its target gets, say target({targets[0]!r})"
        if targets
        else ""
    )


def _subscriber_of_name(account: Account, name: str) -> str:
    """Return advice for a test that names a subscriber in place of a rule; empty if there is no such subscriber."""
    from eventmock.services.custom_event_bus.subscriber import subscribers_of

    found = [one for one in subscribers_of(account).values() if name in (one.name, one.arn)]
    return (
        f"There is a subscriber of that name on the custom event bus {found[0].bus_name!r}: for what its target gets, "
        f"say target({found[0].target.arn!r})"
        if found
        else ""
    )


def endpoint_named(account: Account, name: str) -> Endpoint:
    """Return the global endpoint that a test names.

    Raises:
        NoSuchEndpoint: There is no such endpoint; the error's text has the places that have one.
    """
    __tracebackhide__ = True
    record = account.table(Endpoint).get(name)
    if record is None:
        names = listed(sorted(account.table(Endpoint))) or "none"
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


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``Did you mean 'NAME'?`` with the known name that is near; empty if none is."""
    from eventmock.values.near_names import nearest_name

    near = nearest_name(name, known)
    return "" if near is None else f"Did you mean {near!r}?"


def _there_is_one(places: Iterable[str]) -> str:
    """Return words for the other places that have the name; empty if there are none."""
    joined = " and with ".join(places)
    return f"There is one with {joined}" if joined else ""


@contextmanager
def refusals_to_the_tester(call: str) -> Iterator[None]:
    """Replace an error of AWS by an error of eventmock, because the tester does not call AWS.

    Args:
        call: The call of the test, for the error's text.

    Raises:
        AwsRefusal: AWS would refuse the call.
    """
    __tracebackhide__ = True
    try:
        yield
    except AwsError as error:
        raise AwsRefusal(call, error.code, error.message, error.hint, told=error.told) from None
