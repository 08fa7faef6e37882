"""New sessions while a mock is active, which share what an earlier session has read from botocore's files.

A new session costs botocore tens of milliseconds. Most of the time goes into reading its own JSON files and registering
its own handlers. Here, later sessions use what the first session has read and registered. Only loaders that find no
other files than those of botocore and boto3 share their data, and what clients make of it: the models, and the
functions of the clients' methods. Each session has its own copy of the handlers, and each client its own class. The
handlers are registered again if botocore's list of them changes. Aliasers share their look-ups only for botocore's own
aliases. Whether a handler accepts any keyword is read from its code, without building its signature.
"""

from __future__ import annotations

import copy
import sys
from inspect import CO_VARKEYWORDS
from pathlib import Path
from types import FunctionType, MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from botocore import handlers, hooks, regions
from botocore.client import ClientCreator
from botocore.endpoint_provider import EndpointProvider
from botocore.hooks import HierarchicalEmitter
from botocore.httpsession import URLLib3Session
from botocore.loaders import JSONFileLoader, Loader
from botocore.session import Session

from eventmock.mock.patch.handler_tree import HandlerTree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.mock.gate import CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes, Wrapper

    Read = dict[Any, Any]

MOST_PROVIDERS: Final = 64

_names_by_alias: Final[dict[str, str]] = {}
_providers: Final[dict[tuple[int, int], tuple[Any, object]]] = {}
"""Endpoint providers, by the `id` of the data that they were made of. The data is kept with them, so its id stays."""


class _Handlers:
    """botocore's own handlers, registered once."""

    def __init__(self) -> None:
        self._registered_for: list[Any] = []
        self._emitter: Any = None

    def copied(self) -> Any:
        """Return an emitter with a copy of all handlers, for one session."""
        wanted = handlers.BUILTIN_HANDLERS
        if self._emitter is None or self._registered_for != wanted:
            emitter: Any = HierarchicalEmitter()
            registered_for = list(wanted)
            Session(event_hooks=emitter)
            emitter._handlers = HandlerTree(emitter._handlers._root)
            self._emitter, self._registered_for = emitter, registered_for
        return copy.copy(self._emitter)


class _OwnRead(dict[Any, Any]):
    """The data that a loader reads after the mock. A key that it lacks is taken from the data shared in the mock.

    So a look-up that begins in the mock and ends after it still finds its data.
    """

    shared: Mapping[Any, Any] = MappingProxyType({})

    def __missing__(self, key: Any) -> Any:
        return self.shared[key]


class _Data:
    """The data that loaders have read."""

    def __init__(self) -> None:
        self._by_places: dict[object, Read] = {}
        self._by_loader: WeakKeyDictionary[Loader, tuple[list[str], tuple[str, ...], Read]] = (
            WeakKeyDictionary()
        )

    def of(self, loader: Loader) -> Read:
        """Return the data of a loader, which it shares with all loaders that look in the same directories."""
        own: Read = vars(loader)["_cache"]
        if own or type(loader) is not Loader or type(loader.file_loader) is not JSONFileLoader:
            return own
        known = self._by_loader.get(loader)
        if known is None or known[0] != loader.search_paths:
            packaged = _packaged_places()
            key = (
                frozenset(packaged.intersection(loader.search_paths)),
                str(vars(loader).get("_extras_types")),
            )
            elsewhere = tuple(path for path in loader.search_paths if path not in packaged)
            shared = self._by_places.setdefault(key, {})
            known = self._by_loader[loader] = (list(loader.search_paths), elsewhere, shared)
        if any(Path(path).is_dir() for path in known[1]):
            return own
        if isinstance(own, _OwnRead):
            own.shared = known[2]
        return known[2]


_handlers: Final = _Handlers()
_data: Final = _Data()


def _packaged_places() -> set[str]:
    """Return the directories of the data files of botocore and boto3."""
    boto3 = sys.modules.get("boto3")
    places = {Loader.BUILTIN_DATA_PATH}
    return places if boto3 is None else places | {str(Path(str(boto3.__file__)).parent / "data")}


def wrap(
    attributes: WrappedAttributes, current: CurrentGate, before_every_session: Callable[[], None]
) -> None:
    """Wrap how sessions and clients get their handlers, and where loaders keep their data.

    Args:
        attributes: Wraps attributes, and restores them later.
        current: Returns the gate of the mock that answers the caller; None while no mock is active.
        before_every_session: Called while a mock is active, before a session of any class begins.
    """
    _wrap_handlers(attributes, current, before_every_session)
    _wrap_loading(attributes, current)
    _wrap_endpoints(attributes, current)
    attributes.wrap(URLLib3Session, "_get_ssl_context", _only_where_something_is_let_out(current))


def _wrap_endpoints(attributes: WrappedAttributes, current: CurrentGate) -> None:
    """Wrap the constructors of endpoint providers: equal rules make one provider, which looks up an endpoint once."""

    def begin_provider(wrapped: Any, provider: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if args or current() is None or not {"ruleset_data", "partition_data"} <= kwargs.keys():
            wrapped(*args, **kwargs)
            return
        data = kwargs["ruleset_data"], kwargs["partition_data"]
        key = id(data[0]), id(data[1])
        if key in _providers:
            vars(provider).update(vars(_providers[key][0]))
            return
        wrapped(**kwargs)
        if len(_providers) >= MOST_PROVIDERS:
            _providers.clear()
        _providers[key] = provider, data

    def begin_resolver(wrapped: Any, resolver: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        wrapped(*args, **kwargs)
        if current() is not None:
            own = resolver._provider
            alike = (one for one, _ in list(_providers.values()) if one.ruleset is own.ruleset)
            resolver._provider = next(alike, own)

    attributes.wrap(EndpointProvider, "__init__", begin_provider)
    attributes.wrap(regions.EndpointRulesetResolver, "__init__", begin_resolver)


def _only_where_something_is_let_out(current: CurrentGate) -> Wrapper:
    """Return a wrapper of the function that makes the TLS context of a client, which takes much of a client's time.

    If passthrough allows no host, the client opens no connection and gets no context. If the client is used after the
    mock, urllib3 makes a context itself.
    """

    def get_ssl_context(wrapped: Any, _session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        gate = current()
        return wrapped(*args, **kwargs) if gate is None or gate.has_passthrough else None

    return get_ssl_context


def _wrap_handlers(
    attributes: WrappedAttributes, current: CurrentGate, before_every_session: Callable[[], None]
) -> None:
    registering = vars(Session)["_register_builtin_handlers"]

    def begin_session(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if current() is None:
            return wrapped(*args, **kwargs)
        before_every_session()
        is_plain = getattr(type(session), "_register_builtin_handlers", None) is registering
        is_asked = len(args) < 2 and kwargs.keys() <= {"session_vars", "profile"}
        if is_plain and is_asked:
            kwargs = {**kwargs, "event_hooks": _handlers.copied(), "include_builtin_handlers": False}
        return wrapped(*args, **kwargs)

    def begin_aliaser(wrapped: Any, aliaser: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        wrapped(*args, **kwargs)
        if current() is not None and aliaser._event_aliases == hooks.EVENT_ALIASES:
            aliaser._alias_name_cache = _names_by_alias

    def accepts_kwargs(wrapped: Any, _module: None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        function = args[0] if args else kwargs["func"]
        plain = getattr(function, "__func__", function)
        if type(plain) is FunctionType and not vars(plain):
            return bool(plain.__code__.co_flags & CO_VARKEYWORDS)
        return bool(wrapped(function))

    attributes.wrap(Session, "__init__", begin_session)
    attributes.wrap(hooks.EventAliaser, "__init__", begin_aliaser)
    attributes.wrap(hooks, "accepts_kwargs", accepts_kwargs)


def _wrap_loading(attributes: WrappedAttributes, current: CurrentGate) -> None:
    def read(loader: Any) -> Read:
        own: Read = vars(loader)["_cache"]
        return own if current() is None else _data.of(loader)

    def keep(loader: Any, own: Read) -> None:
        vars(loader)["_cache"] = _OwnRead(own)

    def load_service_model(wrapped: Any, creator: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if current() is None:
            return wrapped(*args, **kwargs)
        held = read(creator._loader)
        key = ("the model of a client's service", args, *sorted(kwargs.items()))
        if key not in held:
            held[key] = wrapped(*args, **kwargs)
        return held[key]

    def create_methods(wrapped: Any, creator: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        held = read(creator._loader)
        model = args[0] if args else kwargs["service_model"]
        if current() is None or model not in held.values():
            return wrapped(*args, **kwargs)
        key = ("the methods of a client", model, type(creator)._create_api_method)
        if key not in held:
            held[key] = wrapped(*args, **kwargs)
        return dict(held[key])

    attributes.add(Loader, "_cache", property(read, keep))
    attributes.wrap(ClientCreator, "_load_service_model", load_service_model)
    attributes.wrap(ClientCreator, "_create_methods", create_methods)
