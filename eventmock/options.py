"""The options of a mock, which have the same names in the decorator, context manager, marker and ini file."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, get_args

from eventmock.exceptions import OptionError
from eventmock.values.arn import is_account_id
from eventmock.values.moments import MOMENT_WANTED, read_moment

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.schemas.reading import SchemasGiven

DEFAULT_ACCOUNT: Final = "123456789012"
DEFAULT_REGION: Final = "us-east-1"
MOST_NAMED: Final = 60
"""The most known names in the text of an error about an unknown one."""

TargetPermissions = Literal["off", "warn", "enforce"]
"""Whether the permissions to deliver are judged; see `eventmock.mock_events`."""

StrictPart = Literal[
    "refused", "dropped", "unmatched", "nobody", "handlers", "services", "awscrt", "permissions"
]
"""What a test may be strict about. `docs/mock.md` has a row for each part."""
STRICT_PARTS: Final[tuple[StrictPart, ...]] = get_args(StrictPart)
PARTS_OF_TRUE: Final = frozenset[StrictPart]({"refused", "dropped", "unmatched", "nobody"})
"""The parts that ``strict=True`` means. The others are given by name only."""

ServiceEvent = Literal["s3", "cloudtrail"]
"""Whose events come of calls that moto answers. `docs/service-events.md` says more."""
SERVICE_EVENTS: Final[tuple[ServiceEvent, ...]] = get_args(ServiceEvent)


class ServiceEvents(frozenset[ServiceEvent]):
    """The services whose events come of calls that moto answers."""

    __slots__ = ()

    def __repr__(self) -> str:
        names = ", ".join(repr(name) for name in SERVICE_EVENTS if name in self)
        return f"{{{names}}}" if names else "set()"


class StrictParts(frozenset[StrictPart]):
    """The parts that a test is strict about. It is equal to True or False if that means the same parts."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        same = PARTS_OF_TRUE if other is True else frozenset() if other is False else other
        return frozenset.__eq__(self, same)

    __hash__ = frozenset.__hash__

    def __repr__(self) -> str:
        if self in (True, False):
            return str(bool(self))
        return "{" + ", ".join(repr(part) for part in STRICT_PARTS if part in self) + "}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of a mock as they were given; None where an option was not given.

    `eventmock.mock_events` describes each. Here ``start_time`` is an aware datetime in UTC.
    """

    region: str | None = None
    account: str | None = None
    start_time: datetime | None = None
    seed: int | None = None
    strict: StrictParts | None = None
    passthrough: tuple[str, ...] | None = None
    isolated: bool | None = None
    service_events: ServiceEvents | None = None
    schemas: SchemasGiven | None = None
    enforce_policies: bool | None = None
    target_permissions: TargetPermissions | None = None
    require_awscrt: bool | None = None
    patched_send: bool | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any], where: str) -> Options:
        """Check the values of options and convert them to their types.

        Args:
            given: Values by option name; None for an option that is not given.
            where: The place where the options were given, for the error's text, such as ``mock_events()``.

        Raises:
            OptionError: There is no option of that name, or its value is of the wrong type or form.
        """
        __tracebackhide__ = True
        known = [field.name for field in fields(cls)]
        for name in given:
            if name not in known:
                raise OptionError(f"{where} has no option {name!r}; {hint_for(name, known)}")
        values = {}
        for name, value in given.items():  # pytest would show the frame of a comprehension
            if value is not None:
                values[name] = _READERS[name](value, f"{where}: {name}={value!r}")
        return cls(**values)

    def over(self, other: Options) -> Options:
        """Return these options, with those of `other` where an option was not given here."""
        return replace(other, **self.given())

    def in_force(self) -> Options:
        """Return these options, with the default where an option was not given.

        The region and the account have no default here: sessions and credentials decide about them.
        """
        defaults = Options(
            seed=0,
            passthrough=(),
            isolated=False,
            service_events=ServiceEvents({"s3"}),
            enforce_policies=False,
            target_permissions=self.judgement,
            patched_send=False,
        )
        parts: frozenset[StrictPart] = self.strict or frozenset()
        if self.require_awscrt is not None:
            parts = parts | {"awscrt"} if self.require_awscrt else parts - {"awscrt"}
        return replace(self.over(defaults), strict=StrictParts(parts), require_awscrt="awscrt" in parts)

    @property
    def judgement(self) -> TargetPermissions:
        """``target_permissions`` if it was given; else ``warn`` if ``strict`` has ``permissions``; else ``off``."""
        return self.target_permissions or ("warn" if "permissions" in (self.strict or ()) else "off")

    def given(self) -> dict[str, Any]:
        """Return the values of the options that were given, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


def check_known(what: str, name: object, known: Collection[str], note: str = "") -> None:
    """Check that a name is one of the known names.

    Args:
        what: The argument and its value, for the error's text.
        name: The name.
        known: The known names.
        note: What the error's text has at its end.

    Raises:
        OptionError: The name is not known; the error's text has the known name that is most similar.
    """
    __tracebackhide__ = True
    if not isinstance(name, str) or name not in known:
        raise OptionError(f"{what}: {hint_for(name, sorted(known))}{note}")


def refuse_misspelt(call: str, misspelt: Iterable[str], method: Callable[..., object]) -> None:
    """Refuse keywords that a method does not have.

    Python's own error for them does not have the keyword that is meant, so such a method takes ``**misspelt: Never``.

    Args:
        call: The call of the test, for the error's text.
        misspelt: The keywords.
        method: The method. All its keywords have defaults.

    Raises:
        OptionError: There is such a keyword; the error's text has the keyword that is most similar.
    """
    __tracebackhide__ = True
    for name in misspelt:
        check_known(f"{call}({name}=...)", name, getattr(method, "__kwdefaults__", {}))


class KnownAttributes:
    """The base of classes whose attributes a test uses. A name that the class does not have is refused.

    Attributes:
        said_as: How a test reaches the object, for the texts of errors, such as ``backend``.
    """

    __slots__ = ()
    said_as: ClassVar[str] = "settings"

    if not TYPE_CHECKING:  # for a type checker, these methods would make any name an attribute

        def __setattr__(self, name: str, value: Any) -> None:
            __tracebackhide__ = True
            if not hasattr(type(self), name):
                raise self._unknown(name)
            object.__setattr__(self, name, value)

        def __getattr__(self, name: str) -> Any:
            __tracebackhide__ = True
            if name.startswith("_") or hasattr(type(self), name):
                return object.__getattribute__(self, name)  # raises the error that led here
            raise self._unknown(name)

    def _unknown(self, name: str) -> AttributeError:
        """Return the error for a name that the class does not have, with the name that is most similar."""
        known = [each for each in dir(type(self)) if not each.startswith("_") and each != "said_as"]
        return AttributeError(f"{self.said_as}.{name}: {hint_for(name, known)}", name=name, obj=self)


def check_takes_one_argument(what: str, function: Callable[..., object], argument: str) -> None:
    """Check that a function can be called with one argument.

    Args:
        what: The call of eventmock that the function was given to, for the error's text.
        function: The function.
        argument: The name of the argument that the function will get, for the error's text.

    Raises:
        OptionError: The function needs more arguments than one, or takes none.
    """
    __tracebackhide__ = True
    try:
        taken = inspect.signature(function)
    except (TypeError, ValueError):  # some functions of C have no signature
        return
    try:
        taken.bind(None)
    except TypeError:
        name = getattr(function, "__name__", repr(function))
        raise OptionError(
            f"{what}: {name}{taken} is called with one argument, {argument}; "
            f"for another number give a function around it, such as lambda event: {name}(event, None)"
        ) from None


def hint_for(name: object, known: Collection[str]) -> str:
    """Return words about a name that is not known: the known name that is most similar, else all known names.

    Upper and lower case are the same. A name that is a word of a known name, such as ``lambda`` of ``Lambda function``,
    is similar to it.
    """
    from difflib import get_close_matches

    if isinstance(name, str):
        meant = name.casefold()
        folded = {one.casefold(): one for one in reversed(list(known))}
        near = get_close_matches(meant, folded, 1) or [
            one for one in reversed(folded) if meant in one.split()
        ]
        if near:
            return f"did you mean {folded[near[0]]!r}?"
    names = list(known)
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"there are {', '.join(names[:MOST_NAMED])}{more}"


def _region(value: Any, what: str) -> str:
    __tracebackhide__ = True
    if isinstance(value, str) and re.fullmatch(r"[a-z]{2,}(-[a-z0-9]+)+-\d+", value):
        return value
    raise OptionError(f"{what}: wanted a region such as 'us-east-1'")


def _account(value: Any, what: str) -> str:
    __tracebackhide__ = True
    if isinstance(value, str) and is_account_id(value):
        return value
    raise OptionError(f"{what}: wanted an account id, text of 12 digits such as '{DEFAULT_ACCOUNT}'")


def _start_time(value: Any, what: str) -> datetime:
    __tracebackhide__ = True
    moment = read_moment(value)
    if moment is None:
        raise OptionError(f"{what}: {MOMENT_WANTED}")
    return moment


def _seed(value: Any, what: str) -> int:
    __tracebackhide__ = True
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise OptionError(f"{what}: wanted a whole number")


def _flag(value: Any, what: str) -> bool:
    __tracebackhide__ = True
    if isinstance(value, bool):
        return value
    raise OptionError(f"{what}: wanted True or False")


def _target_permissions(value: Any, what: str) -> TargetPermissions:
    if value in get_args(TargetPermissions):
        return value  # type: ignore[no-any-return]  # one of its words
    raise OptionError(f"{what}: wanted 'off', 'warn' or 'enforce'")


def _strict(value: Any, what: str) -> StrictParts:
    __tracebackhide__ = True
    if isinstance(value, bool):
        return StrictParts(PARTS_OF_TRUE if value else ())
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        parts = tuple(value)
        for part in parts:
            check_known(f"{what}: {part!r}", part, STRICT_PARTS)
        return StrictParts(parts)
    raise OptionError(f"{what}: wanted True, False, or parts such as {{'dropped', 'nobody'}}")


def _service_events(value: Any, what: str) -> ServiceEvents:
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        names = tuple(value)
        for name in names:
            check_known(f"{what}: {name!r}", name, SERVICE_EVENTS)
        return ServiceEvents(names)
    raise OptionError(f"{what}: wanted some of 's3' and 'cloudtrail', such as {{'s3'}}, or set() for none")


def _schemas(value: Any, what: str) -> SchemasGiven:
    if isinstance(value, Mapping):
        return value
    if isinstance(value, (str, os.PathLike)):
        from pathlib import Path

        if value and Path(value).is_dir():
            return value
        raise OptionError(f"{what}: there is no such folder; the working directory is {Path.cwd()}")
    raise OptionError(
        f"{what}: wanted the folder of the schemas, or a mapping such as {{('shop.orders', 'Order Paid'): schema}}"
    )


def _hosts(value: Any, what: str) -> tuple[str, ...]:
    __tracebackhide__ = True
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
    "strict": _strict,
    "passthrough": _hosts,
    "isolated": _flag,
    "service_events": _service_events,
    "schemas": _schemas,
    "enforce_policies": _flag,
    "target_permissions": _target_permissions,
    "require_awscrt": _flag,
    "patched_send": _flag,
}
