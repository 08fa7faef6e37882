"""The code of a Lambda function in a folder, as a template names it: ``CodeUri`` and ``Handler``.

Lambda imports the module of a handler with the folder of the code on ``sys.path``. The functions of a template often
have modules of the same names, such as ``app``. In one process, ``sys.modules`` has those of the folder whose code ran
last; those of other folders are kept, and come back when their code runs.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import invalidate_caches
from typing import TYPE_CHECKING, Any, Final

from eventmock.lambda_functions.handler import loaded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from eventmock.lambda_functions.context import LambdaContext
    from eventmock.lambda_functions.handler import Handler


@dataclass(slots=True, eq=False)
class LocalCode:
    """A handler whose module is imported from a folder, when the function is first invoked.

    Attributes:
        call: The call of the test that named the code, for the text of errors.
        folder: The folder of the code, an absolute path.
        handler: The text of ``Handler``, such as ``app.lambda_handler`` or ``src/app.lambda_handler``.
    """

    call: str
    folder: Path
    handler: str
    _function: Handler | None = field(default=None, repr=False)

    def __call__(self, event: Any, context: LambdaContext) -> object:
        """Call the function that the text names.

        Raises:
            OptionError: There is no such module or function.
            Exception: The module or the function raises it.
        """
        with _folders.first(self.folder):
            if self._function is None:
                path = self.handler.replace("/", ".")
                _folders.clear_the_way(path.partition(".")[0], self.folder)
                self._function = loaded(self.call, path)
            return self._function(event, context)


class _Folders:
    """The folders of code in this process. The process has one ``sys.path`` and one ``sys.modules``."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._last: Path | None = None
        self._kept: dict[Path, dict[str, ModuleType]] = {}

    @contextmanager
    def first(self, folder: Path) -> Iterator[None]:
        """Have a folder first on ``sys.path``, and none of the modules of another folder in ``sys.modules``."""
        with self._lock:
            self._change_to(folder)
            sys.path.insert(0, str(folder))
        try:
            yield
        finally:
            with self._lock:
                sys.path.remove(str(folder))

    def _change_to(self, folder: Path) -> None:
        if self._last not in (None, folder):
            assert self._last is not None
            self._kept[self._last] = {
                name: module
                for name, module in list(sys.modules.items())
                if _is_in(module, self._last) and not _is_in(module, folder)
            }
            for name in self._kept[self._last]:
                del sys.modules[name]
            sys.modules.update(self._kept.pop(folder, {}))
        self._last = folder

    def clear_the_way(self, name: str, folder: Path) -> None:
        """Remove a module, and those in it, from ``sys.modules``, unless it is in a folder already."""
        with self._lock:
            known = sys.modules.get(name)
            if known is not None and not _is_in(known, folder):
                for other in [one for one in sys.modules if one == name or one.startswith(f"{name}.")]:
                    del sys.modules[other]
            invalidate_caches()


def _is_in(module: ModuleType, folder: Path) -> bool:
    """Return whether a module, or a package without a file, is in a folder."""
    files = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return any(isinstance(file, str) and file.startswith(f"{folder}{os.sep}") for file in files)


_folders: Final = _Folders()
