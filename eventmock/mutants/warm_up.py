"""What a first mock and a first client read, read before the process forks. Each child would read it again.

Source: ours.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_PACKAGES: Final = frozenset(
    ("eventmock", "botocore", "boto3", "s3transfer", "urllib3", "jmespath", "dateutil")
)
"""Packages whose import has no effect on tests but that it takes time."""


def loaded_modules() -> list[str]:
    """Return the names of the modules of these packages that the process has loaded."""
    return sorted(name for name in sys.modules if name.partition(".")[0] in _PACKAGES)


def warm_up(modules: Iterable[str]) -> None:
    """Load modules, and have one client make one request to a mock of its own. What fails here fails in the tests too.

    Args:
        modules: The names of the modules that the tests have loaded.
    """
    for name in modules:
        with suppress(Exception):
            import_module(name)
    with suppress(Exception):
        from eventmock.mock.mock_events import mock_events

        with mock_events(isolated=True) as backend:
            backend.client().list_rules()
