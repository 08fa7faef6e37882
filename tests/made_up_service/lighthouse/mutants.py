"""The mistakes that a person could make in a lamp."""

from __future__ import annotations

from dataclasses import replace

from eventmock.services.mutants import Mutant
from lighthouse.lamps import Lamp


class LampMutants:
    """A lamp may be on from the beginning."""

    def mutants(self, subject):
        """Yield the mistakes."""
        if subject.kind == "lamp":
            yield Mutant("on at once", "more", "the lamp is on", "State", "OFF", "ON", {"State": "ON"})

    def alter(self, state, record, subject, mutant):
        """Return a lamp with the mistake."""
        is_subject = isinstance(record, Lamp) and record.name in subject.names
        return replace(record, state=mutant.change["State"]) if is_subject else record

    def unnoticed(self, state):
        """Return the mistakes that nothing in a mock has shown: it is not known of lamps."""
        return ()


MUTANTS = LampMutants()
