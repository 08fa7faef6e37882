"""What happened, as one HTML page that needs nothing else: no network, no font, no library.

The page, `page.html`, holds the data as JSON and draws it as text, never as markup. Its Content-Security-Policy lets
nothing run but its own script, and nothing be fetched.
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
    """What a page tells of one test.

    Attributes:
        name: The test's id, such as ``tests/test_shop.py::test_orders``.
        outcome: How it ended; None where there is no test.
        why: Why it failed, in one line or more; None where it passed or there is no test.
        flows: What happened in each of its mocks.
    """

    name: str
    outcome: Literal["passed", "failed"] | None
    why: str | None
    flows: list[Flow]


def html_page(sections: Sequence[Section], title: str) -> str:
    """A page of what happened.

    Args:
        sections: The tests; those that failed come first. With one there is no list of them.
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
    """What a Content-Security-Policy calls the page's own style or script."""
    content = template.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"
