"""The first test of docs/custom-event-bus.md fails as the page shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eventmock.wire import is_installed

PAGE = Path(__file__).parents[1].joinpath("docs", "custom-event-bus.md").read_text("utf-8")
FIRST = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)[0]
ASSERTION, REPORT = re.findall(r"^```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)[:2]
PLACED = 'place(bus, {"order": 7, "state": "PAID"})'

pytestmark = pytest.mark.skipif(not is_installed("eventbridgev2"), reason="the installed botocore lacks it")


def test_the_first_test_fails_as_the_page_shows_it(pytester, monkeypatch):
    assert FIRST.count(PLACED) == 1
    pytester.makepyfile(FIRST.replace(PLACED, PLACED.replace("PAID", "NEW")))
    pytester.makeini(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\neventmock_start_time = 2026-01-01T12:00:00Z\n"
    )
    monkeypatch.setenv("COLUMNS", "81")  # the width of the title of the section on the page
    printed = pytester.runpytest_subprocess("-p", "no:cacheprovider").stdout.str()
    for block in (ASSERTION, REPORT):
        assert block in f"{printed}\n"
