"""Each module of eventmock is imported once, also if another library removes it from `sys.modules`.

``unittest.mock.patch.dict("sys.modules", ...)``, pyfakefs and pytest's own fixture ``pytester`` remove the modules that
were imported meanwhile when they end. Most of our modules are imported when a test first needs them, so they would be
removed in the middle of a mock. A second copy of a module would have other classes than the first copy, and would not
find what the first copy has kept. So the first copy is found again, as an attribute of its package.

Libraries such as freezegun look through `sys.modules` for the modules whose time they freeze. So the modules are also
put back before a test and when a mock starts.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_PACKAGE: Final = "eventmock."


class _KnownModule:
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


class KnownModules:
    """Finds the modules of eventmock that have been imported before. It is an entry of `sys.meta_path`."""

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module that has been imported; None for others, and if a module is to be reloaded."""
        if target is not None or not name.startswith(_PACKAGE):
            return None
        package, _, own = name.rpartition(".")
        # pytest asks for a test module in a folder named eventmock, whose package has not been imported
        parent = sys.modules.get(package)
        known = None if parent is None else vars(parent).get(own)
        if isinstance(known, ModuleType) and known.__name__ == name:
            loader: Any = _KnownModule(known)  # not a subclass of Loader: importlib.abc is slow to import
            return ModuleSpec(name, loader)
        return None


def put_back() -> None:
    """Put the modules that another library has removed from `sys.modules` back, if the clock's is one of them."""
    package = sys.modules.get("eventmock")
    if package is not None and "clock" in vars(package) and f"{_PACKAGE}clock" not in sys.modules:
        _put_back(package)


def _put_back(package: ModuleType) -> None:
    for name, module in list(vars(package).items()):
        if isinstance(module, ModuleType) and module.__name__ == f"{package.__name__}.{name}":
            sys.modules.setdefault(module.__name__, module)
            _put_back(module)


def install() -> None:
    """Find the modules that have been imported from now on. If eventmock itself is imported again, begin anew."""
    sys.meta_path[:] = [
        KnownModules(),
        *(finder for finder in sys.meta_path if type(finder).__module__ != __name__),
    ]
