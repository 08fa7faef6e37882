"""The guard during a run of pytest: from before the first conftest.py to the end, and as the markers of tests say.

It is imported only if the ini file or a marker asks for the guard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eventmock.exceptions import OptionError
from eventmock.mock.guard import set_guard
from eventmock.plugin.settings import GUARD, MARKER

if TYPE_CHECKING:
    from collections.abc import Generator


def begin(config: pytest.Config) -> None:
    """Begin the guard. It ends when pytest does."""
    before = set_guard(True)

    def restore() -> None:
        set_guard(before)

    config.add_cleanup(restore)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Begin or end the guard for a test whose marker says so, from its set-up to its tear-down."""
    try:
        wanted = _wanted(item)
    except OptionError:
        wanted = None  # the set-up of the test fails
    if wanted is None:
        return (yield)
    before = set_guard(wanted)
    try:
        return (yield)
    finally:
        set_guard(before)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail the set-up of a test whose marker has a wrong value."""
    try:
        _wanted(item)
    except OptionError as error:
        pytest.fail(str(error), pytrace=False)


def _wanted(item: pytest.Item) -> bool | None:
    """Return the guard that the markers of a test ask for, the marker nearest to the test first; None if none does.

    Raises:
        OptionError: The value is neither True nor False.
    """
    for marker in item.iter_markers(MARKER):
        if GUARD in marker.kwargs:
            wanted = marker.kwargs[GUARD]
            if not isinstance(wanted, bool):
                raise OptionError(f"@pytest.mark.{MARKER}: {GUARD}={wanted!r}: wanted True or False")
            return wanted
    return None
