"""The pytest plugin. It imports neither botocore nor boto3 when pytest loads it.

`settings` has the ini options, the flags and the marker. `fixtures` has the fixtures. `isolation` undoes what a test
did to a mock that outlives it, checks it, and stops mocks that were not stopped. `sections` writes the report section
of a failing test, and `run_report` the report of a whole run. `coverage` measures what the tests try of rules, where it
is asked for. `guard` refuses requests outside mocks, where it is asked for. `own_modules` says how our own modules are
imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from eventmock.plugin.own_modules import OwnModules

if TYPE_CHECKING:
    from collections.abc import Generator

pytest_plugins: Final = [
    "eventmock.plugin.settings",
    "eventmock.plugin.fixtures",
    "eventmock.plugin.isolation",
    "eventmock.plugin.sections",
]


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Begin to find our own modules. pytest calls this hook before it imports the plugins above."""
    pluginmanager.register(OwnModules(), "eventmock-own-modules")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Begin the guard, if the ini file asks for it, before pytest imports the first conftest.py."""
    from eventmock.plugin.settings import GUARD_INI

    if early_config.getini(GUARD_INI):
        from eventmock.plugin.guard import begin

        begin(early_config)
    return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the guard follow the markers of tests, if one is about it."""
    from eventmock.plugin.settings import GUARD, MARKER

    if any(GUARD in marker.kwargs for item in items for marker in item.iter_markers(MARKER)):
        from eventmock.plugin import guard

        if not config.pluginmanager.is_registered(guard):
            config.pluginmanager.register(guard, guard.__name__)
