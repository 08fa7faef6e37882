"""What tests try of lamps: whether they shine, and whether they burn out."""

from __future__ import annotations

from eventmock.history.incident import Incident
from eventmock.services.coverage import Point, Subject, Tried
from lighthouse.lamps import Lamp

POINTS = (Point("value", "ON", "shines"), Point("firing", "burns out", "burns out"))


class LampCoverage:
    """Reads in the journal what happened to lamps."""

    def subjects(self, state):
        """Return the lamps."""
        return [
            _subject(account.id, account.region, lamp.name)
            for account in state.accounts.all
            for lamp in account.table(Lamp).values()
        ]

    def tried(self, state, entries, known):
        """Return what was tried."""
        for record, _ in entries:
            if isinstance(record, Incident) and record.kind == "lamp":
                _, name, *words = record.text.split()
                key = "ON" if words == ["is", "ON"] else " ".join(words)
                subject = _subject(state.default_account, record.region, name)
                yield Tried(subject, {key: 1}, [point.key for point in POINTS if point.key == key])


def _subject(account, region, name):
    arn = f"arn:aws:lighthouse:{region}:{account}:lamp/{name}"
    return Subject("lamp", account, region, "", name, arn, name, {"Name": name}, POINTS)


COVERAGE = LampCoverage
