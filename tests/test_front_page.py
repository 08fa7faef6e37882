"""The first test that README.md and docs/index.md show fails as they show it; the picture is of what its text says."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ["README.md", "docs/index.md"]


def blocks(page, language):
    text = (ROOT / page).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_the_first_test_fails_as_the_page_shows_it(page, pytester, monkeypatch):
    [test, *_] = blocks(page, "python")
    assert test.count('"Detail": \'{"state": "PAID"}\'') == 1
    pytester.makepyfile(test.replace('"Detail": \'{"state": "PAID"}\'', '"Detail": \'{"state": "NEW"}\''))
    pytester.makeini(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\neventmock_start_time = 2026-01-01T12:00:00Z\n"
    )
    monkeypatch.setenv("COLUMNS", "81")  # the width of the title of the section on the pages
    printed = pytester.runpytest_subprocess("-p", "no:cacheprovider").stdout.str()
    shown = blocks(page, "text")
    assert len(shown) == 2
    for block in shown:
        assert block in f"{printed}\n"


def test_the_test_of_the_front_page_has_twelve_lines():
    [test, *_] = blocks("docs/index.md", "python")
    assert test.count("\n") == 12


def test_the_picture_is_described_as_the_report_has_it():
    picture = runpy.run_path(str(ROOT / "docs" / "write_picture.py"))
    page = (ROOT / "docs" / "index.md").read_text("utf-8")
    [light] = re.findall(r"^alt: >-\n(.*?)\nclass: only-light$", page, re.DOTALL | re.MULTILINE)
    told = " ".join(light.split())
    backend = picture["run"]()
    first, second, third, fourth = backend.events
    assert [delivery.status for delivery in first.deliveries] == ["delivered", "delivered"]
    to_queue, to_labels = second.deliveries
    assert [attempt.error is None for attempt in to_queue.attempts] == [False, False, True]
    assert to_labels.status == "dead-lettered"
    assert [third.problem is None, third.unmatched[0].why in told] == [False, True]
    assert fourth.dropped.startswith("there is no event bus 'ordres'")
    report = backend.report()
    for words in ("sqs orders", "firehose deliverystream/labels", "there is no event bus 'ordres'"):
        assert words in told
        assert words in report
