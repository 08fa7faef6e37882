"""Operations: each is one function, which is found by its name.

``put_rule`` is the function of PutRule. It gets a `Call` and the request's members by their AWS names. It returns the
source of the output shape: a mapping by AWS names, an object whose attributes are the members' names in snake case, or
None.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

AccountT = TypeVar("AccountT")
Function = TypeVar("Function", bound="Callable[..., Any]")

_MARK = "__aws_operation__"


class Call(Generic[AccountT]):
    """The context of a request: the account that it is for, and its headers.

    Attributes:
        account: The state of the account and region that the request is for.
        headers: The values of the HTTP headers, by name in lower case.
        found: The result of the operation's ``look_up``; None if it has no ``look_up``.
    """

    __slots__ = ("account", "found", "headers")

    def __init__(self, account: AccountT, headers: Mapping[str, str]) -> None:
        self.account = account
        self.headers = headers
        self.found: Any = None


class BoundOperation(NamedTuple):
    """An operation's function, and the arguments of its mark.

    Attributes:
        function: The function.
        ordered_by: The attribute that orders a List operation's items; None if the items are plain strings.
        lacks: A text about the parts that are not implemented yet; None if there are none.
        look_up: Gets from other services what the function needs, before the lock is acquired; None if it needs
            nothing.
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
    look_up: Callable[..., Any] | None = None,
) -> Callable[[Function], Function]: ...
def operation(
    function: Function | None = None,
    /,
    *,
    ordered_by: str | None = None,
    lacks: str | None = None,
    look_up: Callable[..., Any] | None = None,
) -> Function | Callable[[Function], Function]:
    """Mark a function as the operation of its name.

    Args:
        function: The function, if the decorator is used without parentheses.
        ordered_by: For a List operation of records: the attribute or key that orders the items.
        lacks: A text about the parts that are not implemented yet, for the page on coverage.
        look_up: Called with the arguments of the function if the request breaks no constraint, without the backend's
            lock, so that it may call other services. Its result is the function's ``call.found``.
    """

    def mark(function: Function) -> Function:
        setattr(function, _MARK, BoundOperation(function, ordered_by, lacks, look_up))
        return function

    return mark if function is None else mark(function)


class Operations(Mapping[str, BoundOperation]):
    """The operations of a service, by name in snake case. The module of an operation is imported at its first use.

    Args:
        package: The name of the package that has the modules.
        names: The names of the operations, by the name of the module in the package that has their functions.
    """

    def __init__(self, package: str, names: Mapping[str, Sequence[str]]) -> None:
        self._modules = {name: f"{package}.{module}" for module, listed in names.items() for name in listed}
        self._found: dict[str, BoundOperation] = {}

    def __getitem__(self, name: str) -> BoundOperation:
        found = self._found.get(name)
        if found is None:
            function = getattr(import_module(self._modules[name]), name)
            found = self._found[name] = getattr(function, _MARK)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)

    @property
    def modules(self) -> list[str]:
        """The names of the modules, in order."""
        return list(dict.fromkeys(self._modules.values()))


def is_operation(function: object) -> bool:
    """Return whether an object is a function that is marked as an operation."""
    return hasattr(function, _MARK)
