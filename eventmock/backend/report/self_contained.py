"""A page that is a single HTML file, which needs no network, font or library.

A page contains its data as JSON and inserts the data as text, never as markup. Its Content-Security-Policy allows only
its own script to run, and forbids all fetches. `base.css` and `base.js` have what all pages share.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eventmock.history.wording import printable
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Mapping

_STYLE: Final = Path(__file__).with_name("base.css")
_SCRIPT: Final = Path(__file__).with_name("base.js")
_PLACEHOLDER: Final = re.compile(r"\{\{(\w+)\}\}")


def self_contained_page(template: Path, *, title: str, data: object) -> str:
    """Return a page.

    Args:
        template: The file of the page, with ``{{title}}``, ``{{data}}`` and so on where something is inserted.
        title: The page's title.
        data: The data, as a value of JSON.
    """
    shared = {"base_style": _read(_STYLE), "base_script": _read(_SCRIPT)}
    page = _filled(_read(template), shared)
    return _filled(
        page,
        {
            "title": escape(printable(title)),
            "style_hash": _hash(page, "style"),
            "script_hash": _hash(page, "script"),
            "data": dumps(data, separators=(",", ":")).replace("<", r"\u003c"),
        },
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").removesuffix("\n")


def _filled(text: str, parts: Mapping[str, str]) -> str:
    """Return a text with the parts in their places. Other places are left as they are."""
    return _PLACEHOLDER.sub(lambda found: parts.get(found[1], found[0]), text)


def _hash(page: str, tag: str) -> str:
    """Return the hash by which a Content-Security-Policy allows the page's own style or script."""
    content = page.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"
