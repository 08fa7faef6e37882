"""The pytest plugin. It imports neither botocore nor boto3 when pytest loads it.

`settings` has the ini options, the flags and the marker. `fixtures` has the fixtures. `isolation` undoes what a test
did to a mock that outlives it, checks it, and stops mocks that were not stopped. `sections` writes the report section
of a failing test, and `run_report` the report of a whole run. `own_modules` says how our own modules are imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.plugin.own_modules import OwnModules

if TYPE_CHECKING:
    import pytest

pytest_plugins: Final = [
    "eventmock.plugin.settings",
    "eventmock.plugin.fixtures",
    "eventmock.plugin.isolation",
    "eventmock.plugin.sections",
]


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Begin to find our own modules. pytest calls this hook before it imports the plugins above."""
    pluginmanager.register(OwnModules(), "eventmock-own-modules")
