"""Parts of a mock's state, which can all be cleared, saved and restored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from eventmock.exceptions import OptionError
from eventmock.options import KnownAttributes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")

Restore = Callable[[], None]
"""A function that restores what was saved; it may be called any number of times."""


class Part(Protocol):
    """A part of a mock's state."""

    def clear(self) -> None:
        """Return to the state at the beginning."""

    def save(self) -> Restore:
        """Return a function that restores the present state of the part."""


@runtime_checkable
class Locked(Protocol):
    """A part with its own lock, which is taken before the process is forked."""

    @property
    def own_lock(self) -> AbstractContextManager[Any]:
        """The lock."""


@runtime_checkable
class WaitsForRegions(Protocol):
    """A part with work that waits while a region is out of service."""

    def release(self, region: str) -> None:
        """Go on with what waits for a region, which is back in service. The caller holds no lock, or the state's."""


class Settings(KnownAttributes):
    """The base of dataclasses of settings of a test. Cleared, each setting has its default."""

    __slots__ = ()

    def check(self, name: str, value: Any) -> None:
        """Check the value of a setting.

        Raises:
            OptionError: The value is not valid.
        """

    if not TYPE_CHECKING:  # for a type checker, this method would make any name a setting

        def __setattr__(self, name: str, value: Any) -> None:
            __tracebackhide__ = True
            if hasattr(type(self), name):
                self.check(name, value)
            super().__setattr__(name, value)

    def clear(self) -> None:
        """Set each setting to its default."""
        self._set(vars_of(type(self)()))

    def save(self) -> Restore:
        """Return a function that restores the present settings."""
        kept = vars_of(self)
        return lambda: self._set(kept)

    def _set(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            setattr(self, name, value)


class Quotas(Settings):
    """The base of dataclasses of quotas. A quota is a whole number; None, for any number, if that is its default."""

    __slots__ = ()

    def check(self, name: str, value: Any) -> None:
        """Check a quota.

        Raises:
            OptionError: The value is not a whole number, or is negative.
        """
        __tracebackhide__ = True
        default = next(each.default for each in fields(self) if each.name == name)  # type: ignore[arg-type]  # a dataclass
        may_be_none = default is None and value is None
        if not may_be_none and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise OptionError(
                f"{self.said_as}.{name} = {value!r}: wanted a whole number that is not negative"
            )


def vars_of(settings: Settings) -> dict[str, Any]:
    """Return the settings by name."""
    return {each.name: getattr(settings, each.name) for each in fields(settings)}  # type: ignore[arg-type]  # a dataclass


class KeptDict(dict[KeyT, ValueT]):
    """A dictionary that is a part of a mock's state."""

    def save(self) -> Restore:
        """Return a function that restores the present contents."""
        return partial(self.become, dict(self))

    def become(self, given: Mapping[KeyT, ValueT]) -> None:
        """Replace the contents."""
        wanted = dict(given)
        self.update(wanted)  # first, so that another thread finds what stays at any time
        for key in self.keys() - wanted.keys():
            del self[key]


class KeptSet(set[ValueT]):
    """A set that is a part of a mock's state; a tester sees it as any set."""

    def __repr__(self) -> str:
        return repr(set(self))

    def save(self) -> Restore:
        """Return a function that restores the present contents."""
        kept = frozenset(self)

        def restore() -> None:
            self.update(kept)  # first, so that another thread finds what stays at any time
            self.intersection_update(kept)

        return restore
