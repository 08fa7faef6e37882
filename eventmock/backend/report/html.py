"""What happened, as a single HTML page, `page.html`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypedDict

from eventmock.backend.report.mermaid import mermaid
from eventmock.backend.report.self_contained import self_contained_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.backend.report.flow import Flow

_PAGE: Final = Path(__file__).with_name("page.html")


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
    ordered = sorted(sections, key=lambda section: section["outcome"] != "failed")
    data = [
        {**section, "flows": [{**flow, "mermaid": mermaid(flow)} for flow in section["flows"]]}
        for section in ordered
    ]
    return self_contained_page(_PAGE, title=title, data=data)
