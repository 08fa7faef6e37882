"""What happened, as a single HTML page, which needs no network, font or library.

The page, `page.html`, contains the data as JSON and inserts it as text, never as markup. Its Content-Security-Policy
allows only its own script to run, and forbids all fetches.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypedDict

from eventmock.backend.report.mermaid import mermaid
from eventmock.history.wording import printable
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.backend.report.flow import Flow

_PAGE: Final = Path(__file__).with_name("page.html")
_PLACEHOLDER: Final = re.compile(r"\{\{(\w+)\}\}")


class Section(TypedDict):
    """A test on a page.

    Attributes:
        name: The test's id, such as ``tests/test_shop.py::test_orders``.
        outcome: The outcome of the test; None if there is no test.
        why: The reason of the failure, in one or more lines; None if the test passed or there is no test.
        flows: What happened in each mock of the test.
    """

    name: str
    outcome: Literal["passed", "failed"] | None
    why: str | None
    flows: list[Flow]


def html_page(sections: Sequence[Section], title: str) -> str:
    """Return a page of what happened.

    Args:
        sections: The tests. Failed tests come first on the page. For a single test the page has no list.
        title: The page's title.
    """
    template = _PAGE.read_text(encoding="utf-8")
    ordered = sorted(sections, key=lambda section: section["outcome"] != "failed")
    data = [
        {**section, "flows": [{**flow, "mermaid": mermaid(flow)} for flow in section["flows"]]}
        for section in ordered
    ]
    parts = {
        "title": escape(printable(title)),
        "style_hash": _hash(template, "style"),
        "script_hash": _hash(template, "script"),
        "data": dumps(data, separators=(",", ":")).replace("<", r"\u003c"),
    }
    return _PLACEHOLDER.sub(lambda found: parts[found[1]], template)


def _hash(template: str, tag: str) -> str:
    """Return the hash by which a Content-Security-Policy allows the page's own style or script."""
    content = template.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"
