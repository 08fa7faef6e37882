"""Wrapping attributes of other people's classes and modules, and giving back exactly what was there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from wrapt import FunctionWrapper

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    Wrapper = Callable[[Any, Any, tuple[Any, ...], dict[str, Any]], Any]

_NOTHING: Final = object()


@dataclass(slots=True)
class WrappedAttributes:
    """Attributes that are wrapped, in the order in which it was done."""

    _taken: list[tuple[Any, str, Any, Any]] = field(default_factory=list)
    _filled: list[tuple[dict[str, Any], str, Any]] = field(default_factory=list)

    def wrap(self, owner: type, name: str, wrapper: Wrapper) -> None:
        """Put a wrapper around a method that the class itself defines.

        Args:
            owner: The class.
            name: The method's name.
            wrapper: Called with (wrapped, instance, args, kwargs).
        """
        self.replace(owner, name, FunctionWrapper(vars(owner)[name], wrapper))

    def replace(self, owner: type | ModuleType, name: str, ours: Any) -> None:
        """Put something in the place of an attribute that the class or module itself defines."""
        self._taken.append((owner, name, vars(owner)[name], ours))
        setattr(owner, name, ours)

    def add(self, owner: type, name: str, ours: Any) -> None:
        """Give a class an attribute that it has not."""
        self._taken.append((owner, name, _NOTHING, ours))
        setattr(owner, name, ours)

    def fill(self, mapping: dict[str, Any], key: str, ours: Any) -> None:
        """Give a dictionary a key that it has not; one that it has is left alone."""
        if key not in mapping:
            self._filled.append((mapping, key, ours))
            mapping[key] = ours

    def restore(self) -> None:
        """Give back what was there, in reverse order.

        A wrapper that somebody else has wrapped since is left where it is: taking it out would take theirs
        out too. It does nothing while no mock is active.
        """
        while self._filled:
            mapping, key, ours = self._filled.pop()
            if mapping.get(key) is ours:
                del mapping[key]
        while self._taken:
            owner, name, original, ours = self._taken.pop()
            if vars(owner).get(name) is not ours:
                continue
            if original is _NOTHING:
                delattr(owner, name)
            else:
                setattr(owner, name, original)
