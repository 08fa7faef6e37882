"""Wraps functions of other libraries' classes and modules, and restores exactly the state before.

A function that a package itself defines stays where it is: only its ``__code__`` is exchanged. So if another library
patches the attribute meanwhile, it saves, and later restores, the package's own function, in whichever order mocks and
patches end. If the attribute was patched before the mock, the patched function is wrapped. Such a wrapper may come back
after the mock, when a later patch ends that has saved it. It then just calls the original, and it is removed when the
attribute is wrapped the next time.
"""

from __future__ import annotations

import sys
from inspect import CO_COROUTINE
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    Owner = type | ModuleType
    Wrapper = Callable[[Any, Any, tuple[Any, ...], dict[str, Any]], Any]

_HOOK: Final = "_eventmock"
_NOTHING: Final = object()
_known: Final[dict[tuple[Owner, str], FunctionType]] = {}
"""The packages' own functions, by owner and name. A patch of another library may hide one when wrapping begins."""


def _enter(*args: Any, _eventmock: Any, **kwargs: Any) -> Any:
    """Call the wrapper. A wrapped function gets the code of this one, and the wrapper as default of `_eventmock`."""
    __tracebackhide__ = True
    return _eventmock(args, kwargs)


async def _enter_async(*args: Any, _eventmock: Any, **kwargs: Any) -> Any:
    """Call the wrapper of a coroutine function, as `_enter` does."""
    __tracebackhide__ = True
    return await _eventmock(args, kwargs)


class _Exchanged:
    """A function whose code is exchanged, until `restore`.

    Args:
        owner: The class or module of the function.
        function: The function.
        wrapper: Called with (wrapped, instance, args, kwargs).
    """

    def __init__(self, owner: Owner, function: FunctionType, wrapper: Wrapper) -> None:
        self._function = function
        self._code, self._defaults = function.__code__, function.__kwdefaults__
        self._wrapped = vars(function).get("__wrapped__", _NOTHING)
        original = FunctionType(
            self._code, function.__globals__, function.__name__, function.__defaults__, function.__closure__
        )
        original.__kwdefaults__ = self._defaults

        def call_method(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            __tracebackhide__ = True
            return wrapper(MethodType(original, args[0]), args[0], args[1:], kwargs)

        def call_function(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            __tracebackhide__ = True
            return wrapper(original, None, args, kwargs)

        hook = call_method if isinstance(owner, type) else call_function
        entry = _enter_async if self._code.co_flags & CO_COROUTINE else _enter
        function.__kwdefaults__ = {**(self._defaults or {}), _HOOK: hook}
        function.__code__ = entry.__code__
        vars(function)["__wrapped__"] = original  # `inspect.signature` follows it

    def restore(self) -> None:
        """Restore the function's own code."""
        function = self._function
        function.__code__ = self._code
        function.__kwdefaults__ = self._defaults
        if self._wrapped is _NOTHING:
            vars(function).pop("__wrapped__", None)
        else:
            vars(function)["__wrapped__"] = self._wrapped


class _Replaced:
    """An attribute that was replaced or added."""

    def __init__(self, owner: Owner, name: str, original: Any, ours: Any) -> None:
        self.owner = owner
        self.name = name
        self.original = original
        self.ours = ours

    def restore(self) -> None:
        """Restore the attribute, unless a later patch of another library is there, which may bring our value back."""
        if vars(self.owner).get(self.name) is not self.ours:
            _left.append(self)
        elif self.original is _NOTHING:
            delattr(self.owner, self.name)
        else:
            setattr(self.owner, self.name, self.original)


class _Filled:
    """A key that was added to a dictionary."""

    def __init__(self, mapping: dict[str, Any], key: str, ours: Any) -> None:
        self.mapping = mapping
        self.key = key
        self.ours = ours

    def restore(self) -> None:
        """Remove the key, unless its value is not ours any more."""
        if self.mapping.get(self.key) is self.ours:
            del self.mapping[self.key]


_left: Final[list[_Replaced]] = []
"""The attributes that could not be restored yet, because a patch of another library was over ours."""


class WrappedAttributes:
    """The attributes that are wrapped, in the order in which they were wrapped."""

    def __init__(self) -> None:
        self._taken: list[_Exchanged | _Replaced | _Filled] = []
        self._places: list[tuple[Owner, str, Wrapper]] = []
        self._hidden: list[tuple[Owner, str, Wrapper]] = []
        self._modules: dict[str, Any] = {}

    def wrap(self, owner: Owner, name: str, wrapper: Wrapper) -> None:
        """Wrap a function, method or property that the module or class itself defines.

        Args:
            owner: The class or module.
            name: The name of the attribute.
            wrapper: Called with (wrapped, instance, args, kwargs); the instance is None for a function of a module.
        """
        self._places.append((owner, name, wrapper))
        module = _module(owner)
        self._modules[module] = sys.modules.get(module)
        held = _without_ours(owner, name)
        function = _own_function(owner, held)
        if function is not None:
            _known[owner, name] = function
        elif callable(held):
            from eventmock.mock.patch.wrappers import wrapper_of

            self._put(owner, name, held, wrapper_of(held, wrapper))
        known = _known.get((owner, name))
        if known is not None:
            self._taken.append(_Exchanged(owner, known, wrapper))
        else:
            self._hidden.append((owner, name, wrapper))
        now = _as_imported(owner)
        if now is not owner:
            self._renew(now, name, wrapper)

    def renew_imported(self) -> None:
        """Wrap also the functions of modules that have been imported again since."""
        if any(sys.modules.get(name) is not module for name, module in self._modules.items()):
            self.renew()

    def renew(self) -> None:
        """Wrap also the functions of modules that have been reloaded or imported again since."""
        self._modules = {name: sys.modules.get(name) for name in self._modules}
        imported = {owner: _as_imported(owner) for owner in {owner for owner, _, _ in self._places}}
        for owner, name, wrapper in self._places:
            self._renew(imported[owner], name, wrapper)

    def wrap_hidden(self) -> None:
        """Wrap the functions that a patch of another library has hidden so far, if they are back."""
        for owner, name, wrapper in self._hidden:
            self._renew(owner, name, wrapper)

    def _renew(self, now: Owner, name: str, wrapper: Wrapper) -> None:
        held = vars(now).get(name)
        if _HOOK in (getattr(held, "__kwdefaults__", None) or ()):
            return
        function = _own_function(now, held)
        if function is not None and _HOOK not in (function.__kwdefaults__ or ()):
            self._taken.append(_Exchanged(now, function, wrapper))

    def replace(self, owner: Owner, name: str, ours: Any) -> None:
        """Replace an attribute that the class or module itself defines."""
        self._put(owner, name, _without_ours(owner, name), ours)

    def add(self, owner: Owner, name: str, ours: Any) -> None:
        """Add an attribute to a class that does not have it."""
        self._put(owner, name, _NOTHING, ours)

    def fill(self, mapping: dict[str, Any], key: str, ours: Any) -> None:
        """Add a key to a dictionary, unless the dictionary has it."""
        if mapping.setdefault(key, ours) is ours:
            self._taken.append(_Filled(mapping, key, ours))

    def restore(self) -> None:
        """Restore all attributes, in reverse order."""
        self._places.clear()
        self._modules.clear()
        self._hidden.clear()
        while self._taken:
            self._taken.pop().restore()

    def _put(self, owner: Owner, name: str, original: Any, ours: Any) -> None:
        self._taken.append(_Replaced(owner, name, original, ours))
        setattr(owner, name, ours)


def _without_ours(owner: Owner, name: str) -> Any:
    """Return an attribute's value without a wrapper of ours, which a patch may have brought back when it ended."""
    held = vars(owner)[name]
    for one in reversed(_left.copy()) if _left else ():
        if one.ours is held and one.owner is owner and one.name == name:
            _left.remove(one)
            held = one.original
            setattr(owner, name, held)
    return held


def _own_function(owner: Owner, held: Any) -> FunctionType | None:
    """Return an attribute's value if it is a function that the owner's package defines, not a patch; else None."""
    function = held.fget if type(held) is property else held
    if type(function) is not FunctionType or function.__closure__ is not None:
        return None
    package, name = _package(_module(owner)), function.__globals__.get("__name__", "")
    return function if name == package or name.startswith(f"{package}.") else None


def _as_imported(owner: Owner) -> Owner:
    """Return the class or module that is now imported by the owner's name."""
    module = sys.modules.get(_module(owner))
    now = module if isinstance(owner, ModuleType) else getattr(module, owner.__name__, None)
    return now if isinstance(now, (type, ModuleType)) else owner


def _module(owner: Owner) -> str:
    return owner.__name__ if isinstance(owner, ModuleType) else owner.__module__


def _package(module_name: str) -> str:
    return module_name.partition(".")[0]
