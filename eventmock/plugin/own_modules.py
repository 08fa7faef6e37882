"""How the modules of eventmock are imported while pytest runs: as they were installed, and each once.

pytest parses and compiles all modules of a package that has a plugin, to rewrite their assertions. Where Python writes
no bytecode, it does so in every run. Our modules need no rewriting, so they are found before pytest finds them.

pytest's own fixture ``pytester`` removes the modules that a run inside a test has imported. Most of our modules are
imported when a test first needs them. A second copy of one would have other classes than the first copy, so the first
copy is found again.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_PACKAGE: Final = "eventmock."
_LEFT_TO_PYTEST: Final = "eventmock.plugin"
"""pytest warns of plugins that were imported without being rewritten."""


class _KnownModule(Loader):
    """Loads a module that exists already: it is not executed again.

    Args:
        module: The module.
    """

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._spec = module.__spec__

    def create_module(self, _spec: ModuleSpec) -> ModuleType:
        """Return the module."""
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        """Restore the spec of the module, which Python has replaced."""
        module.__spec__ = self._spec


class OwnModules(MetaPathFinder):
    """Finds the modules of eventmock from now until pytest ends. It is a plugin of pytest."""

    def __init__(self) -> None:
        sys.meta_path.insert(0, self)

    def pytest_unconfigure(self) -> None:
        """Stop finding modules."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module of eventmock; None for all other modules."""
        if not name.startswith(_PACKAGE) or name.startswith(_LEFT_TO_PYTEST):
            return None
        package, _, own = name.rpartition(".")
        known = vars(sys.modules[package]).get(own)
        if isinstance(known, ModuleType) and known.__name__ == name:
            return ModuleSpec(name, _KnownModule(known))
        return PathFinder.find_spec(name, path)
