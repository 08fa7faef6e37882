"""Probes: simple conditions that a leaf has to meet so that a field can be satisfied.

Here are their kinds. `handles` has the probes of exact terms, and `operator_probes` those of operators.
Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from eventmock.pattern.leaves import Key

EXACT: Final = "exact"
FOLDED: Final = "folded"
PREFIX: Final = "prefix"
SUFFIX: Final = "suffix"
FOLDED_PREFIX: Final = "folded prefix"
FOLDED_SUFFIX: Final = "folded suffix"
PART: Final = "part"
BITS: Final = "bits"
RANGE: Final = "range"
PRESENT: Final = "present"

Probe: TypeAlias = "tuple[str, Key | tuple[float, float] | None]"
"""A probe: its kind, and its operand (the key of a leaf, a text, or the ends of a range)."""

Handle: TypeAlias = tuple[Probe, ...]
"""Probes of which a leaf has to hit one, see `handles`."""

ANY_LEAF: Final[Probe] = (PRESENT, None)
"""A probe that any leaf hits."""
