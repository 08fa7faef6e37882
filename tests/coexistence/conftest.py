"""What the tests beside other tools share."""

from __future__ import annotations

import pytest


@pytest.fixture
def run(pytester):
    """A function that runs a test file in a pytest process of its own, whose warnings are errors."""

    def run(source, *arguments, **files):
        pytester.makepyfile(source, **files)
        return pytester.runpytest_subprocess(
            *("-p", "no:cacheprovider", "-W", "error"),
            *("-p", "no:pytest_httpx", "-p", "no:respx"),  # slow to import, and met by none of these tests
            *("-o", "asyncio_default_fixture_loop_scope=function"),
            *(() if any("randomly" in argument for argument in arguments) else ("-p", "no:randomly")),
            *arguments,
        )

    return run
