"""Handles of fields, by which an index finds them.

A handle is a tuple of probes. If no leaf on the field's path hits one of them, the field cannot be satisfied. If a leaf
does, the field may be satisfied; `matching` decides. A field that may be absent has no handle.
Source: ours; `terms` and `operators` define the meaning of terms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.pattern import probes
from eventmock.pattern.terms import ExactNumber, ExactString, Exists, Literal

if TYPE_CHECKING:
    from eventmock.pattern.matching import Field
    from eventmock.pattern.probes import Handle, Probe
    from eventmock.pattern.terms import Term


def handles_of(field: Field) -> list[Handle]:
    """Return the handles of a field, the cheapest to look up first."""
    if field.may_be_absent:
        return []
    if len(field.terms) == 1:
        return [(probe,) for probe in _probes(field.terms[0])]
    first = dict.fromkeys(_probes(term)[0] for term in field.terms)
    return [(probes.ANY_LEAF,)] if probes.ANY_LEAF in first else [tuple(first)]


def _probes(term: Term) -> list[Probe]:
    """Return the probes of a term. A leaf that satisfies the term hits all of them, not only one as in a handle."""
    match term:
        case ExactString(text):
            return [(probes.EXACT, text)]
        case ExactNumber() | Literal():
            return [(probes.EXACT, term.key)]
        case Exists():
            return [probes.ANY_LEAF]
    from eventmock.pattern.operator_probes import probes_of

    return probes_of(term)
