"""How the modules of eventmock are imported while pytest runs: as they were installed.

pytest parses and compiles all modules of a package that has a plugin, to rewrite their assertions. Where Python writes
no bytecode, it does so in every run. Our modules need no rewriting, so they are found before pytest finds them.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Final

import pytest

from eventmock.known_modules import KnownModules, put_back

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

_LEFT_TO_PYTEST: Final = "eventmock.plugin"
"""pytest warns of plugins that were imported without being rewritten."""


class OwnModules(KnownModules):
    """Finds the modules of eventmock from now until pytest ends. It is a plugin of pytest."""

    def __init__(self) -> None:
        sys.meta_path.insert(0, self)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Put modules back that an earlier test has removed, before a fixture freezes the time of all modules."""
        put_back()

    def pytest_unconfigure(self) -> None:
        """Stop finding modules."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module of eventmock; None for all other modules."""
        known = super().find_spec(name, path, target)
        if known is not None or not name.startswith("eventmock.") or name.startswith(_LEFT_TO_PYTEST):
            return known
        return PathFinder.find_spec(name, path)
