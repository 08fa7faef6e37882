"""The types of events of AWS services that a pattern wants, as the catalogue knows them, and paths into them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from eventmock.aws_events import catalogue
from eventmock.aws_events.advice import has, near_path
from eventmock.aws_events.catalogue import members_of
from eventmock.aws_events.cloudtrail import DETAIL_TYPES
from eventmock.checks.dead_end import DeadEnd
from eventmock.checks.pattern_fields import fields_of, wants_absence
from eventmock.pattern import overlaps
from eventmock.pattern.terms import ExactString

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.aws_events.catalogue import EventType
    from eventmock.pattern import Pattern
    from eventmock.pattern.matching import Alternative


def dead_end(names: Sequence[str], kinds: Sequence[EventType]) -> DeadEnd | None:
    """Return that a path in the detail leads nowhere in events of some types; None if it may lead somewhere.

    Of types that the catalogue does not have as a whole, a path counts as wrong only if another one is near.

    Args:
        names: The names in the path.
        kinds: The types of events, with their members.
    """
    path = ".".join(names)
    if not kinds or not path or any(has(kind, path) for kind in kinds):
        return None
    near = near_path(path, list(kinds))
    if near is None and not all(kind.is_whole for kind in kinds):
        return None
    more = f" and {len(kinds) - 1} other types of events" if len(kinds) > 1 else ""
    return DeadEnd(f'"{kinds[0].detail_type}" of {kinds[0].source}{more}', near)


def kinds_for(pattern: Pattern) -> list[EventType]:
    """Return the types of events of AWS services that a pattern wants.

    Returns:
        The types; an empty list if the pattern may match another event too, or one whose members are not known.
    """
    found: list[EventType] = []
    for alternative in pattern.alternatives:
        sources, names = _texts(alternative, "source"), _texts(alternative, "detail-type")
        kinds = [catalogue.find(source, name) for source in sources for name in names]
        known = [kind for kind in kinds if kind is not None and kind.members is not None]
        if not kinds or len(known) < len(kinds) or any(kind.detail_type in DETAIL_TYPES for kind in known):
            return []
        found += known
    return found


def cannot_have(pattern: Pattern) -> dict[str, list[str]]:
    """Return what no event of AWS services that a pattern wants can have beside the rest, if none can match it.

    It looks at the fields of a pattern together: some may be those of one type of events, and some those of another.

    Returns:
        The paths that each type of events lacks, by ``detail-type``; empty if an event may match, or if the catalogue
        does not have all types as a whole.
    """
    kinds = kinds_for(pattern)
    if len(kinds) < 2 or not all(kind.is_whole for kind in kinds):
        return {}
    wanted = {field.path for field in fields_of(pattern) if not wants_absence(field)}
    below = sorted(path.removeprefix("detail.") for path in wanted if path.startswith("detail."))
    lacking: dict[str, list[str]] = {}
    for kind in kinds:
        missing = [f"detail.{path}" for path in below if not has(kind, path)]
        if not missing:
            return {}
        event: dict[str, object] = {path: [{"exists": False}] for path in missing}
        event |= {"source": [kind.source], "detail-type": [kind.detail_type]}
        if overlaps(pattern, event, on_a_bus=True).holds is not False:
            return {}
        lacking[kind.detail_type] = missing
    return lacking


def value_kind(kind: EventType, path: str) -> str | None:
    """Return the kind of the value on a path of a pattern, such as ``number``; None if it is not known, or several."""
    top, _, below = path.partition(".")
    shape: Any = kind.members if top == "detail" else None
    names = below.split(".")
    while names and isinstance(shape, Mapping | list):
        if isinstance(shape, list):
            shape = shape[0]
        else:
            shape = next((one.shape for one in members_of(shape) if one.name == names[0]), None)
            names = names[1:]
    while isinstance(shape, list):
        shape = shape[0]
    return shape if isinstance(shape, str) and not names else None


def _texts(alternative: Alternative, path: str) -> Sequence[str]:
    """Return the texts that a field wants; empty if it has other terms, or does not exist."""
    terms = next((field.terms for field in alternative.written if field.path == path), ())
    texts = [term.text for term in terms if isinstance(term, ExactString)]
    return texts if len(texts) == len(terms) else []
