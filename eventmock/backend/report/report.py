"""The report of a backend, in all its views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.backend.report.elsewhere import Elsewhere
    from eventmock.backend.report.flow import Flow
    from eventmock.history.ledger import Ledger
    from eventmock.services.custom_event_bus.bus_standing import BusStanding
    from eventmock.services.custom_event_bus.outlook import Outlook


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What had happened in a backend when the report was made. It never changes.

    Attributes:
        ledger: Copies of the records.
        account: The default account.
        region: The default region.
        elsewhere: Copies of the buses, for rules that would match an event of another bus.
        idle_faults: The faults of the test that have hit nothing.
        forks: The number of times that the process was forked inside the mock.
        notes: Notes about rules and schedules, a line each.
        outlook: What waits for subscribers of custom event buses; None if there never was such a bus.
        buses: The custom event buses; None if there never was one.
    """

    ledger: Ledger
    account: str
    region: str
    elsewhere: Elsewhere
    idle_faults: Sequence[str]
    forks: int
    notes: Sequence[str]
    outlook: Outlook | None = None
    buses: Sequence[BusStanding] | None = None

    def text(self, max_lines: int | None = None) -> str:
        """Return the report as text; see `EventsBackend.report`."""
        from eventmock.backend.report.text import TextView

        view = TextView(
            ledger=self.ledger,
            account=self.account,
            region=self.region,
            elsewhere=self.elsewhere.lines,
            idle_faults=self.idle_faults,
            forks=self.forks,
            notes=self.notes,
            outlook=self.outlook,
        )
        return view.text(max_lines)

    def flow(self) -> Flow:
        """Return the report as data for JSON."""
        from eventmock.backend.report.flow import flow_of

        return flow_of(
            self.ledger,
            account=self.account,
            region=self.region,
            elsewhere=self.elsewhere.lines,
            buses=self.buses,
            outlook=self.outlook,
        )

    def html(self) -> str:
        """Return the report as an HTML page."""
        from eventmock.backend.report.html import html_page

        return html_page([{"name": "", "outcome": None, "why": None, "flows": [self.flow()]}], "eventmock")

    def mermaid(self) -> str:
        """Return the report as a sequence diagram."""
        from eventmock.backend.report.mermaid import mermaid

        return mermaid(self.flow())
