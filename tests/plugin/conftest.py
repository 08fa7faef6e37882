"""What the plugin's tests share: pytest run inside pytest, on a file whose beginning is always the same."""

from __future__ import annotations

import re

import pytest

TEST_FILE = """
import boto3
import pytest

ORDER = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "NEW"}'}


def put(**more):
    return boto3.client("events").put_events(Entries=[ORDER | more])


def rule(name="ship", state="PAID", **more):
    boto3.client("events").put_rule(Name=name, EventPattern='{"detail": {"state": ["%s"]}}' % state, **more)

"""


@pytest.fixture
def run(pytester):
    """Run a test file in a pytest of its own."""

    def run(source, *arguments, **files):
        for name, text in files.items():
            pytester.makefile(f".{name}", pytest=text)
        pytester.makepyfile(TEST_FILE + source)
        return pytester.runpytest_inprocess(
            *("-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function"),
            *("-p", "no:pytest_httpx", "-p", "no:respx"),  # workers would import them, which is slow
            *arguments,
        )

    return run


@pytest.fixture
def section_of():
    """Gives the report section of the one failing test of a run, with the times masked."""

    def section_of(result, region="us-east-1"):
        text = result.stdout.str()
        found = re.search(rf"-+ eventmock \({region}\) -+\n(.*?)\n(?:=|-----|_____)", text, re.DOTALL)
        assert found, text
        return re.sub(r"\d\d:\d\d:\d\d", "12:00:00", found[1])

    return section_of
