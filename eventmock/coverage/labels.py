"""The labels of subjects: what people call a rule in a table, on a page and in a pattern that leaves rules out."""

from __future__ import annotations

from collections import Counter, defaultdict
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from eventmock.history.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventmock.coverage.data import Covered


class Labelled(NamedTuple):
    """A subject with its label.

    Attributes:
        label: The label, such as ``shop/ship-paid-orders`` or ``template.yaml:ShipRule (line 12)``. It is unique in the
            data.
        covered: The data of the subject.
    """

    label: str
    covered: Covered


def labelled(data: Iterable[Covered]) -> list[Labelled]:
    """Return all subjects with their labels: those of templates by file and line, then the others by place and name.

    The account or the region is in a label if it is not that of most subjects. Subjects that have the same label,
    because tests gave one name to several patterns, are numbered.
    """
    subjects = list(data)
    own = [one for one in subjects if one.origin is None]
    usual = (_most_frequent(one.account for one in own), _most_frequent(one.region for one in own))
    by_label: dict[str, list[Covered]] = defaultdict(list)
    for one in sorted(subjects, key=_order):
        by_label[_label(one, usual)].append(one)
    found = []
    for label, group in by_label.items():
        if len(group) == 1:
            found.append(Labelled(label, group[0]))
        else:
            found += [Labelled(f"{label} #{number}", one) for number, one in enumerate(group, start=1)]
    return found


def is_named(covered: Covered, patterns: Iterable[str]) -> bool:
    """Return whether a subject has a label that one of some patterns of `fnmatch` matches.

    A subject with several names counts if all its names do.
    """
    labels = (
        [_in_template(covered)]
        if covered.origin is not None
        else [_at(covered, one) for one in covered.names]
    )
    return all(any(fnmatchcase(label, pattern) for pattern in patterns) for label in labels)


def counted_subjects(subjects: Iterable[Covered]) -> str:
    """Return the number of subjects in words, such as ``2 rules and 1 schedule``."""
    kinds = Counter(one.kind for one in subjects)
    return " and ".join(counted(number, kind) for kind, number in sorted(kinds.items()))


def kinds_of(subjects: Iterable[Covered]) -> str:
    """Return the kinds of subjects in words, such as ``rule or schedule``."""
    return " or ".join(sorted({one.kind for one in subjects}))


def _order(covered: Covered) -> tuple[object, ...]:
    origin = covered.origin
    if origin is not None:
        return (0, origin.template, origin.line or 0, origin.logical_id, covered.identity)
    return (
        1,
        covered.kind,
        covered.place,
        min(covered.names),
        covered.account,
        covered.region,
        covered.identity,
    )


def _most_frequent(texts: Iterable[str]) -> str | None:
    return max(sorted(Counter(texts).items()), key=lambda item: item[1], default=(None, 0))[0]


def _label(covered: Covered, usual: tuple[str | None, str | None]) -> str:
    origin = covered.origin
    if origin is not None:
        return _in_template(covered) + ("" if origin.line is None else f" (line {origin.line})")
    name, *others = sorted(covered.names)
    label = _at(covered, name) + (f" and {len(others)} more" if others else "")
    where = [one for one, most in zip((covered.account, covered.region), usual, strict=True) if one != most]
    return f"{label} ({', '.join(where)})" if where else label


def _in_template(covered: Covered) -> str:
    assert covered.origin is not None
    return f"{covered.origin.template}:{covered.origin.logical_id}"


def _at(covered: Covered, name: str) -> str:
    label = f"{covered.place}/{name}" if covered.place else name
    return label if covered.kind == "rule" else f"{covered.kind} {label}"
