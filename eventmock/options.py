"""The options of a mock: the same words in decorator, context manager, marker and ini file."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from eventmock.exceptions import OptionError
from eventmock.values.arn import is_account_id
from eventmock.values.moments import MOMENT_WANTED, read_moment

if TYPE_CHECKING:
    from datetime import datetime

DEFAULT_ACCOUNT: Final = "123456789012"
DEFAULT_REGION: Final = "us-east-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of a mock as they were given; None where an option was not given.

    Attributes:
        region: The region of clients that name none.
        account: The 12-digit id of the account that calls unless its credentials say otherwise.
        start_time: Where the clock stands at first: an aware datetime, a naive one (UTC), or ISO 8601 text.
        seed: An integer that the identifiers are made from; equal seeds give equal ids.
        strict: Whether the test fails if an event matches no rule, is dropped, refused, not delivered, or delivered to
            nobody.
        passthrough: Hosts that requests of other services may go to, such as ``localhost:4566`` or
            ``*.internal``.
        isolated: Whether the mock has a backend of its own, for the threads and tasks inside, and joins no other mock.
        enforce_policies: Whether the policies of event buses are enforced.
        require_awscrt: Whether calls that need SigV4a fail where awscrt is not installed, as they do without a mock.
        patched_send: Whether requests of other services may go to a ``URLLib3Session.send`` that the test has patched.
    """

    region: str | None = None
    account: str | None = None
    start_time: datetime | None = None
    seed: int | None = None
    strict: bool | None = None
    passthrough: tuple[str, ...] | None = None
    isolated: bool | None = None
    enforce_policies: bool | None = None
    require_awscrt: bool | None = None
    patched_send: bool | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any], where: str) -> Options:
        """Check options and make them uniform.

        Args:
            given: Option names to values; a value of None says nothing.
            where: Who gives them, for the message, such as ``mock_events()``.

        Raises:
            OptionError: One line that names the option, what was given and what is wanted.
        """
        known = [field.name for field in fields(cls)]
        for name in given:
            if name not in known:
                raise OptionError(f"{where} has no option {name!r}; {_hint(name, known)}")
        return cls(
            **{
                name: _READERS[name](value, f"{where}: {name}={value!r}")
                for name, value in given.items()
                if value is not None
            }
        )

    def over(self, other: Options) -> Options:
        """These options, filled up with those of the other where nothing was said."""
        return replace(other, **self.said())

    def in_force(self) -> Options:
        """These options with the defaults where nothing was said; but for region and account, which others decide."""
        return self.over(
            Options(
                seed=0,
                strict=False,
                passthrough=(),
                isolated=False,
                enforce_policies=False,
                require_awscrt=False,
                patched_send=False,
            )
        )

    def said(self) -> dict[str, Any]:
        """The options something was said about."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


def check_known(what: str, name: object, known: Collection[str]) -> None:
    """See that a name is one of those there are.

    Args:
        what: What was given, for the message.
        name: The name.
        known: Those there are.

    Raises:
        OptionError: It is none; the message has the nearest one.
    """
    __tracebackhide__ = True
    if not isinstance(name, str) or name not in known:
        raise OptionError(f"{what}: {_hint(name, sorted(known))}")


def check_takes_one(what: str, function: Callable[..., object], argument: str) -> None:
    """See that a function can be called with one argument.

    Args:
        what: What was called, for the message.
        function: The function.
        argument: What it will be given, for the message.

    Raises:
        OptionError: It cannot.
    """
    __tracebackhide__ = True
    try:
        taken = inspect.signature(function)
    except (TypeError, ValueError):  # of functions that do not tell
        return
    try:
        taken.bind(None)
    except TypeError:
        name = getattr(function, "__name__", repr(function))
        raise OptionError(
            f"{what}: {name}{taken} is called with one argument, {argument}; "
            f"for another number give a function around it, such as lambda event: {name}(event, None)"
        ) from None


def _hint(name: object, known: Collection[str]) -> str:
    near = get_close_matches(name, known, 1) if isinstance(name, str) else []
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"


def _region(value: Any, what: str) -> str:
    if isinstance(value, str) and re.fullmatch(r"[a-z]{2,}(-[a-z0-9]+)+-\d+", value):
        return value
    raise OptionError(f"{what}: wanted a region such as 'us-east-1'")


def _account(value: Any, what: str) -> str:
    if isinstance(value, str) and is_account_id(value):
        return value
    raise OptionError(f"{what}: wanted an account id, text of 12 digits such as '{DEFAULT_ACCOUNT}'")


def _start_time(value: Any, what: str) -> datetime:
    moment = read_moment(value)
    if moment is None:
        raise OptionError(f"{what}: {MOMENT_WANTED}")
    return moment


def _seed(value: Any, what: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise OptionError(f"{what}: wanted a whole number")


def _flag(value: Any, what: str) -> bool:
    if isinstance(value, bool):
        return value
    raise OptionError(f"{what}: wanted True or False")


def _hosts(value: Any, what: str) -> tuple[str, ...]:
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        hosts = tuple(value)
        if all(isinstance(host, str) and host and "/" not in host for host in hosts):
            return hosts
    raise OptionError(f"{what}: wanted a list of hosts such as ['localhost:4566', '*.internal']")


_READERS: Final[dict[str, Callable[[Any, str], Any]]] = {
    "region": _region,
    "account": _account,
    "start_time": _start_time,
    "seed": _seed,
    "strict": _flag,
    "passthrough": _hosts,
    "isolated": _flag,
    "enforce_policies": _flag,
    "require_awscrt": _flag,
    "patched_send": _flag,
}
