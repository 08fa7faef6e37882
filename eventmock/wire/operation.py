"""What an operation is to the wire: one function, found by its name.

``put_rule`` serves PutRule. It takes a `Call` and the request's members by their AWS names, and returns what
the output shape is filled from: a mapping by AWS names, an object whose attributes are the members' names in
snake case, or None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

AccountT = TypeVar("AccountT")
Function = TypeVar("Function", bound="Callable[..., Any]")

_MARK = "__aws_operation__"


@dataclass(slots=True)
class Call(Generic[AccountT]):
    """Who calls, and how the request came.

    Attributes:
        account: The state of the account and region that the request is for.
        headers: The HTTP headers, names in lower case.
        found: What the operation's ``look_up`` gave; None if it has none.
    """

    account: AccountT
    headers: Mapping[str, str]
    found: Any = None


@dataclass(frozen=True, slots=True)
class BoundOperation:
    """An operation's function, and what its mark says.

    Attributes:
        function: The function.
        ordered_by: The attribute that orders a List operation's items; None if they are plain strings.
        lacks: What it does not do yet, in words; None if nothing.
        look_up: Asks other services, before the lock is taken, what the function has to know; None if nothing.
    """

    function: Callable[..., Any]
    ordered_by: str | None
    lacks: str | None = None
    look_up: Callable[..., Any] | None = None


@overload
def operation(function: Function, /) -> Function: ...
@overload
def operation(
    *,
    ordered_by: str | None = None,
    lacks: str | None = None,
    look_up: Callable[[Call[Any], Any], Any] | None = None,
) -> Callable[[Function], Function]: ...
def operation(
    function: Function | None = None,
    /,
    *,
    ordered_by: str | None = None,
    lacks: str | None = None,
    look_up: Callable[[Call[Any], Any], Any] | None = None,
) -> Function | Callable[[Function], Function]:
    """Mark a function as the operation of its name.

    Args:
        function: The function, when used without parentheses.
        ordered_by: For a List operation of records: the attribute (or key) that orders the items.
        lacks: What it does not do yet, for the page on coverage.
        look_up: Called with what the function will be called with, but without the backend's lock, if the request
            breaks no constraint: it may ask other services. What it gives is the function's ``call.found``.
    """

    def mark(function: Function) -> Function:
        setattr(function, _MARK, BoundOperation(function, ordered_by, lacks, look_up))
        return function

    return mark if function is None else mark(function)


def operations_of(*modules: ModuleType) -> dict[str, BoundOperation]:
    """Return all marked functions of the modules, by name."""
    return {
        name: getattr(value, _MARK)
        for module in modules
        for name, value in vars(module).items()
        if hasattr(value, _MARK)
    }
