"""Advice for the tester about an event of an AWS service: what no such event has, and what each has.

Advice never refuses anything: the catalogue does not have all events, and AWS's schemas change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from eventmock.aws_events import catalogue
from eventmock.aws_events.catalogue import ANY_NAME, EventType, members_of
from eventmock.aws_events.cloudtrail import DETAIL_TYPES, event_source
from eventmock.aws_events.sources import GLOBAL_REGION, is_from_elsewhere
from eventmock.values.near_names import nearest_name

MOST_NAMED: Final = 5
"""The most names that one piece of advice lists; the others are counted."""
_KINDS: Final = {"text": "a text", "number": "a number", "flag": "true or false"}
_EXPRESS: Final = ":express:"


def advice_about(source: str, detail_type: str, region: str, detail: Any) -> list[str]:
    """Return advice about an event, one sentence each; empty if there is none.

    Args:
        source: The source of the event.
        detail_type: The ``detail-type`` of the event.
        region: The region in which the event happens.
        detail: The detail of the event, as Python values.
    """
    found = []
    if is_from_elsewhere(source, region):
        found.append(f"{source} sends its events in {GLOBAL_REGION} only, and this one is in {region}")
    unknown = about_names(source, detail_type)
    if unknown is not None:
        return [*found, unknown]
    kind = catalogue.find(source, detail_type)
    if kind is not None and kind.members is not None and isinstance(detail, Mapping):
        found += _about_detail(kind, detail)
    return found


def about_names(source: str, detail_type: str) -> str | None:
    """Return advice about a source and a detail-type; None if both are known. Each source has CloudTrail's types."""
    known = catalogue.detail_types(source)
    if detail_type in DETAIL_TYPES or detail_type in known:
        return None
    if not known:
        return about_source(source)
    near = nearest_name(detail_type, (*known, *DETAIL_TYPES))
    own = [name for name in known if name not in DETAIL_TYPES]
    there_are = f"; it knows {listed(own)}" if near is None and own else ""
    return f"eventmock knows no detail-type {detail_type!r} of {source}{_did_you_mean(near)}{there_are}"


def about_source(source: str) -> str | None:
    """Return advice about a source; None if it is known."""
    if source in catalogue.sources():
        return None
    near = nearest_name(source, catalogue.sources())
    return f"eventmock knows no AWS service with the source {source!r}{_did_you_mean(near)}"


def listed(names: list[str]) -> str:
    """Return names in a list of limited length, with the number of those that are left out."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _did_you_mean(near: str | None) -> str:
    return "" if near is None else f"; did you mean {near!r}?"


# The detail


def _about_detail(kind: EventType, detail: Mapping[str, Any]) -> Iterator[str]:
    unknown = [path for path in paths_of(detail) if not has(kind, path)]
    meant = {path: near_path(path, [kind]) for path in unknown}
    for path, near in meant.items():
        if near is not None:
            yield f"the detail has {path}; did you mean {near}?"
        elif kind.is_whole and not any(path.startswith(f"{other}.") for other in unknown):
            yield f"the detail has {path}, which AWS's schema of this event does not have"
    assert kind.members is not None
    named = {near for near in meant.values() if near is not None}
    missing = [
        path
        for path in _missing(kind.members, detail, "")
        if not any(near == path or near.startswith(f"{path}.") for near in named)
    ]
    if missing:
        yield f"the detail has no {listed(missing)}, which AWS's schema requires; emit_sample has all members"
    yield from _about_kinds(kind.members, detail, "")
    if kind.detail_type in DETAIL_TYPES:
        yield from _about_call(kind, detail)
    elif kind.source == "aws.states" and _EXPRESS in str(detail.get("executionArn")):
        yield "executionArn is that of an Express workflow, of which Step Functions sends no events"


def _about_call(kind: EventType, detail: Mapping[str, Any]) -> Iterator[str]:
    given, own = detail.get("eventSource"), event_source(kind.source.removeprefix("aws."))
    if given not in (None, own):
        yield f"eventSource is {given}, and CloudTrail sends that of {kind.source} with {own}"


def paths_of(detail: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """Yield the path of each member of a detail: names joined with dots, through lists as well."""
    for name, value in detail.items():
        path = f"{before}{name}"
        yield path
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, Mapping):
                yield from paths_of(inner, f"{path}.")


def has(kind: EventType, path: str) -> bool:
    """Return whether events of a type may have a path in their detail, as far as the catalogue says."""
    return _reaches(kind.members, path)


def _reaches(shape: Any, path: str) -> bool:
    while isinstance(shape, list):
        shape = shape[0]
    if shape == "any":
        return True
    if not isinstance(shape, Mapping):
        return False
    return any(
        member.name in (ANY_NAME, path)
        or (path.startswith(f"{member.name}.") and _reaches(member.shape, path[len(member.name) + 1 :]))
        for member in members_of(shape)
    )


def near_path(path: str, kinds: list[EventType]) -> str | None:
    """Return the path that a person may have meant by a path that no event of some types has; None for none.

    It has a name that is nearly the same at the same place, or the same names otherwise divided: ``bucketName`` for
    ``bucket.name``.
    """
    around, _, last = path.rpartition(".")
    known = sorted({known for kind in kinds for known in _known_paths(kind.members, "")})
    siblings = [other for other in known if other.rpartition(".")[0] == around]
    near = nearest_name(last, [other.rpartition(".")[2] for other in siblings])
    if near is not None:
        return f"{around}.{near}" if around else near
    return next((other for other in known if _letters(other) == _letters(path)), None)


def _letters(path: str) -> str:
    return re.sub(r"[-_. ]", "", path).casefold()


def _known_paths(shape: Any, before: str) -> Iterator[str]:
    while isinstance(shape, list):
        shape = shape[0]
    for member in members_of(shape) if isinstance(shape, Mapping) else ():
        if member.name != ANY_NAME:
            yield f"{before}{member.name}"
            yield from _known_paths(member.shape, f"{before}{member.name}.")


def _missing(shape: Mapping[str, Any], detail: Mapping[str, Any], before: str) -> Iterator[str]:
    """Yield the paths that AWS's schema requires and the detail does not have, without those below a missing one."""
    for member in members_of(shape):
        path, value = f"{before}{member.name}", detail.get(member.name)
        if member.is_required and member.name not in detail:
            yield path
        elif isinstance(member.shape, Mapping) and isinstance(value, Mapping):
            yield from _missing(member.shape, value, f"{path}.")


def _about_kinds(shape: Mapping[str, Any], detail: Mapping[str, Any], before: str) -> Iterator[str]:
    for member in members_of(shape):
        value, path = detail.get(member.name), f"{before}{member.name}"
        if isinstance(member.shape, Mapping) and isinstance(value, Mapping):
            yield from _about_kinds(member.shape, value, f"{path}.")
        elif isinstance(member.shape, str) and value is not None and not _is_of(member.shape, value):
            yield f"{path} is {_words_for(value)}, and AWS's schema has {_KINDS[member.shape]}"


def _is_of(kind: str, value: Any) -> bool:
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return kind == "any" or isinstance(value, {"text": str, "flag": bool}[kind])


def _words_for(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return "a list" if isinstance(value, list) else "an object"
    return "true or false" if isinstance(value, bool) else "a text" if isinstance(value, str) else "a number"
