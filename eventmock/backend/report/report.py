"""The report of a backend: what happened in it until now, in all its views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventmock.backend.report.flow import Flow, flow_of
from eventmock.backend.report.html import html_page
from eventmock.backend.report.mermaid import mermaid
from eventmock.backend.report.text import TextView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.backend.report.elsewhere import Elsewhere
    from eventmock.history.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What had happened in a backend when the report was made; nothing changes it later.

    Attributes:
        ledger: Copies of the records, which stay as they are.
        account: The default account.
        region: The default region.
        elsewhere: Finds the rules of other buses that would match an event which matched none.
        idle_faults: The faults that were injected and have hit nothing.
        forks: How often the process was forked inside the mock.
    """

    ledger: Ledger
    account: str
    region: str
    elsewhere: Elsewhere
    idle_faults: Sequence[str]
    forks: int

    def text(self, max_lines: int | None = None) -> str:
        """As text; see `EventsBackend.report`."""
        view = TextView(
            ledger=self.ledger,
            account=self.account,
            region=self.region,
            elsewhere=self.elsewhere.lines,
            idle_faults=self.idle_faults,
            forks=self.forks,
        )
        return view.text(max_lines)

    def flow(self) -> Flow:
        """As data that JSON can hold."""
        return flow_of(self.ledger, account=self.account, region=self.region, elsewhere=self.elsewhere.lines)

    def html(self) -> str:
        """As a page."""
        return html_page([{"name": "", "outcome": None, "why": None, "flows": [self.flow()]}], "eventmock")

    def mermaid(self) -> str:
        """As a sequence diagram."""
        return mermaid(self.flow())
