"""Wrappers of attributes that another library had patched before a mock began."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wrapt import FunctionWrapper, ObjectProxy

if TYPE_CHECKING:
    from eventmock.mock.patch.attributes import Wrapper


def wrapper_of(held: Any, wrapper: Wrapper) -> Any:
    """Return an object that calls a wrapper in place of a patched attribute, and is like the attribute otherwise.

    Args:
        held: The attribute's value.
        wrapper: Called with (wrapped, instance, args, kwargs).
    """
    around: Any = FunctionWrapper if hasattr(type(held), "__get__") else _StandInWrapper
    return around(held, wrapper)


class _StandInWrapper(ObjectProxy):  # type: ignore[type-arg]  # wrapt 1 knows no type arguments
    """A wrapper of an object in place of a method that is called without the instance, as a ``unittest.mock.Mock`` is.

    Args:
        wrapped: The object.
        wrapper: Called with (wrapped, None, args, kwargs).
    """

    def __init__(self, wrapped: Any, wrapper: Wrapper) -> None:
        super().__init__(wrapped)
        self._self_wrapper = wrapper

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        return self._self_wrapper(self.__wrapped__, None, args, kwargs)
