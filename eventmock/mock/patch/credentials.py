"""Credentials while a mock is active. Credentials that may be real are neither looked for nor readable.

Credentials that the code under test makes while a mock is active stay as they are. All others may be real: those made
before the mock, and those that a provider would find. A reader of such an object gets made-up keys (moto's, if moto is
active), and nothing is refreshed. Only the key id stays if it names an account of the mock: an account id of 12 digits,
or a key id of ``backend.account_for_key``. Keys made by moto are not secret and stay too.

Real credentials are looked for only to sign a request to a host that passthrough allows.

botocore's classes of credentials are wrapped, not the code that reads them, because clients, presigners and the code
under test all read the same objects. aiobotocore's classes are wrapped by the same functions.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from inspect import CO_COROUTINE
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

from botocore import credentials as credentials_module, tokens as tokens_module
from botocore.credentials import (
    CachedCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    Credentials,
    ReadOnlyCredentials,
    RefreshableCredentials,
)
from botocore.exceptions import NoCredentialsError
from botocore.session import Session
from botocore.tokens import DeferredRefreshableToken, FrozenAuthToken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from eventmock.mock.gate import AnyGate, CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes

MADE_UP_TOKEN: Final = "eventmock"  # noqa: S105 - not a secret
_AS_IT_IS: Final = object()
_KEYS: Final = ("access_key", "secret_key", "token", "account_id")
_REAL_KEY_ID: Final = re.compile(r"A[KS]IA[A-Z2-7]{16}(?<!EXAMPLE)")
"""The form of AWS's access key ids; those in its documentation end in EXAMPLE and are not real."""

_classes: Final[dict[ModuleType, tuple[list[Any], list[tuple[type, list[int]]]]]] = {}
"""For each module: its contents when it was searched, and its classes to wrap, each with the answers of its methods."""
_may_look: Final[ContextVar[bool]] = ContextVar("may_look", default=False)


@contextmanager
def looking(permitted: bool) -> Iterator[None]:
    """Permit, or do not permit, to look for real credentials inside the ``with`` block."""
    token = _may_look.set(permitted)
    try:
        yield
    finally:
        _may_look.reset(token)


class ShownKeys:
    """Decides which keys a reader of credentials gets.

    Args:
        current: Returns the gate of the mock that answers the caller; None while no mock is active.
    """

    def __init__(self, current: CurrentGate) -> None:
        self._current = current
        # by id, because different credentials may be equal
        self._of_the_test: WeakValueDictionary[int, Any] = WeakValueDictionary()

    @property
    def hides(self) -> bool:
        """Whether credentials that may be real are hidden now."""
        return self._current() is not None and not _may_look.get()

    def note(self, credentials: Any) -> None:
        """Remember new credentials as those of the test, unless a provider makes them."""
        if self.hides:
            self._of_the_test[id(credentials)] = credentials

    def instead_of(self, credentials: Any) -> ReadOnlyCredentials | None:
        """Return the keys that a reader gets instead of those of credentials; None if it gets their own."""
        gate = self._current()
        if gate is None or _may_look.get() or self._of_the_test.get(id(credentials)) is credentials:
            return None
        stored = _stored(credentials, "access_key")
        return None if gate.is_of_moto(stored) else _made_up(gate, credentials)

    def to_sign_with(self, credentials: Any) -> Any:
        """Return the credentials that sign a request which does not leave the process: made-up ones, or the test's own.

        A key that looks real never signs, not even if the test itself has given it inside the mock.
        """
        shown = self.instead_of(credentials)
        gate = self._current()
        if shown is not None or gate is None:
            return shown
        stored = _stored(credentials, "access_key")
        looks_real = _REAL_KEY_ID.fullmatch(stored) is not None and not gate.is_of_moto(stored)
        return _made_up(gate, credentials) if looks_real else credentials

    def key_id(self, credentials: Any) -> str:
        """Return the key id for the headers of a request, without refreshing the credentials."""
        shown = self.to_sign_with(credentials)
        if isinstance(shown, ReadOnlyCredentials):
            return str(shown.access_key)
        return _stored(shown, "access_key") or "none"


def _stored(credentials: Any, name: str) -> str:
    """Return the stored value of a key, without refreshing the credentials by a provider; empty if there is none."""
    stored = getattr(credentials, "__dict__", {})
    return str(stored.get(name) or stored.get(f"_{name}") or "")


def _made_up(gate: AnyGate, credentials: Any) -> ReadOnlyCredentials:
    """Return made-up keys in place of credentials, with a token if the credentials have one."""
    key_id, secret = gate.made_up_keys()
    stored = _stored(credentials, "access_key")
    token = MADE_UP_TOKEN if _stored(credentials, "token") else None
    return ReadOnlyCredentials(stored if gate.names_account(stored) else key_id, secret, token)


class StandIn(Credentials):
    """The credentials of a session in a mock, which looks for the real ones only when that is permitted.

    Args:
        keys: Decides which keys a reader gets.
        find: Returns the session's own credentials, or None.
    """

    method = "eventmock"

    def __init__(self, keys: ShownKeys, find: Callable[[], Any]) -> None:
        self._keys = keys
        self._find = find

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Return the keys that a reader gets.

        Raises:
            NoCredentialsError: Looking for real credentials is permitted, and there are none.
        """
        shown = self._keys.instead_of(self)
        if shown is None:
            found = self._find()
            if found is None:
                raise NoCredentialsError
            shown = found.get_frozen_credentials()
        return shown

    def __getattr__(self, name: str) -> Any:
        if name in _KEYS:
            return getattr(self.get_frozen_credentials(), name, None)
        raise AttributeError(name)


class StandInToken:
    """The bearer token of a session in a mock, as `StandIn` for credentials."""

    def __init__(self, keys: ShownKeys, find: Callable[[], Any]) -> None:
        self._keys = keys
        self._find = find

    def get_frozen_token(self) -> Any:
        """Return the token that a reader gets; None if looking for a real token is permitted and there is none."""
        if self._keys.hides:
            return FrozenAuthToken(MADE_UP_TOKEN)
        found = self._find()
        return found if found is None or isinstance(found, FrozenAuthToken) else found.get_frozen_token()


def wrap(attributes: WrappedAttributes, keys: ShownKeys) -> None:
    """Wrap the functions that look for credentials and tokens, and the attributes by which they are read."""

    def get_credentials(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if not keys.hides or session._credentials is not None:
            return wrapped(*args, **kwargs)
        return StandIn(keys, wrapped)

    def get_auth_token(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if not keys.hides or session._auth_token is not None:
            return wrapped(*args, **kwargs)
        return StandInToken(keys, lambda: wrapped(*args, **kwargs))

    attributes.wrap(Session, "get_credentials", get_credentials)
    attributes.wrap(Session, "get_auth_token", get_auth_token)
    wrap_module(attributes, keys, credentials_module, StandIn)
    wrap_module(attributes, keys, tokens_module, StandIn)


def wrap_module(
    attributes: WrappedAttributes, keys: ShownKeys, module: ModuleType, stand_in: Callable[..., Any]
) -> None:
    """Wrap the classes of a module for credentials and tokens, and the classes that look for them.

    Args:
        attributes: Wraps attributes, and restores them later.
        keys: Decides which keys a reader gets.
        module: A module of botocore or aiobotocore.
        stand_in: Makes the stand-in that is used instead of looking for credentials.
    """

    def frozen(_wrapped: Any, credentials: Any) -> Any:
        return keys.instead_of(credentials) or _AS_IT_IS

    def found_nothing(_wrapped: Any, _provider_or_cache: Any) -> Any:
        return None if keys.hides else _AS_IT_IS

    def found_stand_in(wrapped: Any, _resolver: Any) -> Any:
        return stand_in(keys, wrapped) if keys.hides else _AS_IT_IS

    def frozen_token(_wrapped: Any, _token: Any) -> Any:
        return FrozenAuthToken(MADE_UP_TOKEN) if keys.hides else _AS_IT_IS

    answers = (
        (CachedCredentialFetcher, "_load_from_cache", found_nothing),
        (CachedCredentialFetcher, "_write_to_cache", found_nothing),
        (Credentials, "get_frozen_credentials", frozen),
        (CredentialProvider, "load", found_nothing),
        (CredentialResolver, "load_credentials", found_stand_in),
        (DeferredRefreshableToken, "get_frozen_token", frozen_token),
    )
    contents = list(vars(module).values())
    found = _classes.get(module)
    if (
        found is None or found[0] != contents
    ):  # the module has other classes than before: it was reloaded, or a class was added
        classes = [one for one in contents if isinstance(one, type) and one.__module__ == module.__name__]
        kinds = [
            (one, [number for number, row in enumerate(answers) if issubclass(one, row[0])])
            for one in classes
        ]
        found = _classes[module] = (
            contents,
            [one for one in kinds if one[1] or issubclass(one[0], Credentials)],
        )
    for owner, numbers in found[1]:
        if issubclass(owner, Credentials):
            _wrap_reading(attributes, keys, owner)
        for number in numbers:
            _, name, instead = answers[number]
            _replace_answer(attributes, owner, name, instead)


def _replace_answer(
    attributes: WrappedAttributes, owner: type, name: str, instead: Callable[[Any, Any], Any]
) -> None:
    """Make a method or coroutine of a class return the result of ``instead``, which gets the method and its object."""
    if name not in vars(owner):
        return

    def method(wrapped: Any, one: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        answer = instead(wrapped, one)
        return wrapped(*args, **kwargs) if answer is _AS_IT_IS else answer

    async def coroutine(wrapped: Any, one: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        answer = instead(wrapped, one)
        return await wrapped(*args, **kwargs) if answer is _AS_IT_IS else answer

    code = getattr(vars(owner)[name], "__code__", None)
    is_coroutine = code is not None and code.co_flags & CO_COROUTINE
    attributes.wrap(owner, name, coroutine if is_coroutine else method)


def _wrap_reading(attributes: WrappedAttributes, keys: ShownKeys, owner: type) -> None:
    """Make the attributes of a class of credentials return the keys that a reader may get."""

    def begin(wrapped: Any, credentials: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        keys.note(credentials)
        return wrapped(*args, **kwargs)

    if "__init__" in vars(owner):
        attributes.wrap(owner, "__init__", begin)
    for name in _KEYS:
        _replace_answer(attributes, owner, f"get_{name}", partial(_answer_of_getter, keys, name))
        if isinstance(vars(owner).get(name), property):
            attributes.replace(owner, name, _shown(keys, name, vars(owner)[name]))
        elif owner is Credentials and hasattr(RefreshableCredentials, name):
            attributes.add(owner, name, _shown(keys, name, None))


def _answer_of_getter(keys: ShownKeys, name: str, _wrapped: Any, credentials: Any) -> Any:
    """Return the result of a getter of a key, such as aiobotocore's credentials have for each key."""
    shown = keys.instead_of(credentials)
    return _AS_IT_IS if shown is None else getattr(shown, name, None)


def _shown(keys: ShownKeys, name: str, original: property | None) -> property:
    """Return the property for a key: the made-up key, or the value of the original property or of the object itself."""

    def read(credentials: Any) -> Any:
        shown = keys.instead_of(credentials)
        if shown is not None:
            return getattr(shown, name, None)
        if original is not None:
            return original.__get__(credentials)
        try:
            return vars(credentials)[name]
        except KeyError:
            raise AttributeError(name) from None

    def write(credentials: Any, value: Any) -> None:
        if original is None:
            vars(credentials)[name] = value
        else:
            original.__set__(credentials, value)

    return property(read, write)
