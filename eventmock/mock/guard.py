"""The guard: outside any mock, a request for one of the mocked services is refused before it is signed.

It needs botocore, and imports none of it. Where botocore is imported later, the guard begins at that moment: a finder
in `sys.meta_path` sees the import. `eventmock/mock/patch/guarding.py` has the patches.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any, Final

from eventmock.exceptions import NetworkBlocked
from eventmock.mock.caller import places_of_test

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from eventmock.mock.patch.guarding import GuardPatches
    from eventmock.services.service import Service

_WATCHED: Final = ("botocore.session", "aiobotocore.session")
"""The last modules that are imported of all that the guard patches."""
_WAYS_OUT: Final = (
    "give the test the fixture events_backend, decorate it by @mock_events, or let a fixture of wider scope have "
    "eventmock_session_backend (for calls at import, and emulators, see 'The guard' in the documentation of the "
    "plugin)."
)
_guard: _Guard | None = None


def set_guard(wanted: bool) -> bool:
    """Begin or end the guard, and return whether it was on before."""
    global _guard  # noqa: PLW0603 - the process has one
    before = _guard is not None
    if wanted and _guard is None:
        _guard = _Guard()
        _guard.begin()
    elif not wanted and _guard is not None:
        _guard.end()
        _guard = None
    return before


class _Guard:
    """The patches of the guard, which are made as soon as there is something to patch."""

    def __init__(self) -> None:
        self._finder = _Finder(self._take)
        self._patches: GuardPatches | None = None
        self._has_ended = False
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Patch what has been imported, and watch for what will be."""
        sys.meta_path.insert(0, self._finder)
        self._take()

    def end(self) -> None:
        """Restore what was patched, and watch no more."""
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
        with self._lock:
            self._has_ended = True
            if self._patches is not None:
                self._patches.release()

    def _take(self) -> None:
        """Patch the watched modules that have been imported. The lock is not held while anything is imported."""
        if not hasattr(sys.modules.get("botocore.session"), "Session"):
            return
        from eventmock.mock.patch.guarding import GuardPatches

        with self._lock:
            if not self._has_ended:
                self._patches = self._patches or GuardPatches(_refusal, _note)
                self._patches.take()


class _Finder:
    """Calls a function each time that one of the watched modules has been imported. It is an entry of `sys.meta_path`.

    Args:
        then: The function.
    """

    def __init__(self, then: Callable[[], None]) -> None:
        self._then = then

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec that the other finders have for a watched module; None for all other modules."""
        if name not in _WATCHED:
            return None
        for finder in [one for one in sys.meta_path if one is not self and hasattr(one, "find_spec")]:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                spec.loader = _Loader(spec.loader, self._then) if spec.loader is not None else None  # type: ignore[assignment]  # it is a loader, but importlib.abc is slow to import
                return spec
        return None


class _Loader:
    """Loads a module by its own loader, and then calls a function.

    Args:
        loader: The loader of the module.
        then: The function.
    """

    def __init__(self, loader: Any, then: Callable[[], None]) -> None:
        self._loader = loader
        self._then = then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Return what the module's own loader creates."""
        created: ModuleType | None = self._loader.create_module(spec)
        return created

    def exec_module(self, module: ModuleType) -> None:
        """Execute the module, which has its own loader again, and call the function."""
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._then()


def _refusal(service: Service, operation: str) -> NetworkBlocked:
    """Return the exception for a request outside any mock."""
    return NetworkBlocked(
        f"{operation} of {service.title} was called outside any mock, {_at()}, and eventmock_guard lets no such "
        f"request reach AWS: {_WAYS_OUT}"
    )


def _note(service: Service) -> str:
    """Return the note to botocore's error about a client that is made without a region outside any mock."""
    return f"A client of {service.title} was made outside any mock, {_at()}. In a mock it has a region: {_WAYS_OUT}"


def _at() -> str:
    here, test = places_of_test()
    return f"at {here}" if here == test else f"at {here}, which {test} led to"
