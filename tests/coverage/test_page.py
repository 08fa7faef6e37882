from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from eventmock.coverage.data import CoverageData
from eventmock.coverage.page import page_of

HOSTILE = "</script><!--<img src=x onerror=alert(1)>{{title}}\u2028"


class Page(HTMLParser):
    """What a browser finds in a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.texts = {}
        self.element = "page"
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.element = dict(attributes).get("id", tag)

    def handle_endtag(self, _tag):
        self.element = "page"

    def handle_data(self, data):
        self.texts[self.element] = self.texts.get(self.element, "") + data

    @property
    def data(self):
        return json.loads(self.texts["data"])

    @property
    def policy(self):
        [policy] = [
            attributes["content"]
            for tag, attributes in self.elements
            if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
        ]
        return dict(rule.strip().split(" ", 1) for rule in policy.split(";"))


def marked(rule, mark):
    """The pieces of a rule's pattern that have a mark."""
    return [text for text, own in rule["pieces"] if own == mark]


def test_it_shows_a_value_a_branch_and_a_failure_that_were_never_tried(three_gaps):
    [rule] = Page(page_of(three_gaps)).data["rules"]
    assert marked(rule, "missed") == ['"REFUNDED"', "{", "true"]
    assert marked(rule, "tried") == ['"shop"', '"PAID"', "{", '{"numeric": [">", 0]}']
    [target] = rule["targets"]
    assert [(point["text"], point["tried"]) for point in target["points"]] == [
        ("sqs parcels gets events", True),
        ("sqs parcels fails", False),
    ]
    assert rule["missing"] == [
        'never tried: detail.state "REFUNDED"',
        "never taken: $or branch 2 (detail.free)",
        "never failed: sqs parcels",
    ]


def test_the_summary_has_the_figures_of_the_table(three_gaps):
    data = Page(page_of(three_gaps)).data
    assert data["summary"] == {"percent": "69%", "points": 13, "missed": 4}
    assert data["tests"] == ["tests/test_shop.py::test_it"]
    assert [rule["tests"] for rule in data["rules"]] == [[0]]


def test_the_rules_with_the_most_gaps_come_first(measured):
    measured.rule("covered", source=["shop"])
    measured.rule("never", source=["mars"], detail={"state": ["x"]})
    measured.rule("half", source=["shop", "office"])
    measured.put()
    measured.put("else")
    labels = [rule["label"] for rule in Page(page_of(measured.data)).data["rules"]]
    assert labels == ["default/never", "default/half", "default/covered"]


def test_nothing_of_the_data_is_markup(measured):
    measured.rule("ship", source=[HOSTILE], detail={HOSTILE: [HOSTILE]})
    measured.put(HOSTILE, **{HOSTILE: HOSTILE})
    page = Page(page_of(measured.data))
    assert page.elements == Page(page_of(CoverageData())).elements
    assert json.dumps(HOSTILE, ensure_ascii=False) in marked(page.data["rules"][0], "tried")


def test_the_policy_lets_only_the_pages_own_style_and_script_in(three_gaps):
    page = Page(page_of(three_gaps))

    def fingerprint(text):
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert page.policy == {
        "default-src": "'none'",
        "style-src": fingerprint(page.texts["style"]),
        "script-src": fingerprint(page.texts["script"]),
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_it_names_nothing_outside():
    text = page_of(CoverageData())
    assert re.findall(r"https?://[^\"' ]*", text) == []
    page = Page(text)
    assert not [one for _, attributes in page.elements for one in attributes if one in {"src", "href"}]
    assert "innerHTML" not in text
    assert "style=" not in text
    assert not re.findall(r"\{\{\w+\}\}", text)


@pytest.mark.parametrize(
    "values", [["\ud800"], ["x" * 500], list(range(300))], ids=["surrogate", "long", "many"]
)
def test_it_can_be_written(measured, values):
    measured.rule(detail={"state": values})
    text = page_of(measured.data)
    assert text == page_of(measured.data)
    assert text.encode().decode() == text
