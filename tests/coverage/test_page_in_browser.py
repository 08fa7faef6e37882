"""The page of coverage in a browser: what is drawn, by mouse and by keyboard, without a network."""

from __future__ import annotations

import shutil

import pytest

from eventmock.coverage.page import page_of

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytestmark = pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no chromium")

HOSTILE = "</script><img src=x onerror=alert(1)>"


def rules_of(page):
    """The labels of the rules that are shown."""
    return [one.inner_text() for one in page.locator("details:not([hidden]) summary b").all()]


def test_a_rule_opens_by_the_keyboard_and_shows_what_was_never_tried(open_page, three_gaps):
    page = open_page(page_of(three_gaps))
    page.locator("summary").press("Enter")
    assert "REFUNDED" in page.locator("pre").first.inner_text()  # waits until the rule is drawn
    shown = page.locator("details").inner_text()
    for words in (
        'never tried: detail.state "REFUNDED"',
        "never taken: $or branch 2",
        "never failed: sqs parcels",
    ):
        assert words in shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_was_tried_and_what_was_not_differ_by_more_than_the_colour(open_page, three_gaps, scheme):
    page = open_page(page_of(three_gaps), color_scheme=scheme)
    page.locator("summary").click()
    pattern = page.locator("pre").first.inner_text()
    assert [mark in pattern for mark in "\u2713\u2715"] == [True, True]


def test_the_filter_leaves_the_rules_that_have_the_words(open_page, measured):
    for name in ("ship", "bill"):
        measured.rule(name, source=[name])
    page = open_page(page_of(measured.data))
    assert len(rules_of(page)) == 2
    page.keyboard.press("/")
    page.keyboard.type("bill")
    assert [label.endswith("/bill") for label in rules_of(page)] == [True]
    page.locator("#query").fill("neither")
    assert rules_of(page) == []
    assert page.locator("#empty").is_visible()


def test_a_link_to_a_rule_opens_it(open_page, three_gaps):
    page = open_page(page_of(three_gaps), fragment="#rule-1")
    assert page.locator("details").get_attribute("open") is not None


def test_hostile_texts_stay_texts(open_page, measured):
    measured.rule("ship", source=[HOSTILE], detail={HOSTILE: [HOSTILE]})
    measured.put(HOSTILE, **{HOSTILE: HOSTILE})
    page = open_page(page_of(measured.data))
    page.locator("summary").click()
    assert HOSTILE in page.locator("pre").first.inner_text()
    assert page.locator("img").count() == 0
