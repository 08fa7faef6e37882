"""Advice for the tester about rules on events of AWS services: names that no such event has, and rules that see none.

Only exact texts of a pattern are looked at: a prefix or a wildcard may mean a name that is not in the catalogue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.aws_events import catalogue
from eventmock.aws_events.advice import about_names, about_source, has, listed, near_path
from eventmock.aws_events.cloudtrail import API_CALL, DETAIL_TYPES, event_source, is_read_by_name
from eventmock.aws_events.sources import is_service
from eventmock.pattern.terms import Absent, ExactString

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.aws_events.catalogue import EventType
    from eventmock.pattern import Pattern
    from eventmock.pattern.matching import Field

_ENCODED: Final = ("+", "%20")
_IN_DETAIL: Final = "detail."


def about_pattern(pattern: Pattern) -> list[str]:
    """Return advice about a pattern, one sentence each; empty if it is not about events of AWS services."""
    notes = (note for wanted in _alternatives(pattern) for note in _about(wanted))
    return list(dict.fromkeys(notes))


def about_rule(pattern: Pattern, state: str, *, gets_service_events: bool) -> list[str]:
    """Return advice about a rule, one sentence each; empty if it is not about events of AWS services.

    Args:
        pattern: The pattern of the rule.
        state: The state of the rule.
        gets_service_events: Whether the bus of the rule is the default bus, or a rule forwards events to it.
    """
    alternatives = list(_alternatives(pattern))
    notes = about_pattern(pattern)
    if alternatives and not gets_service_events:
        sources = listed(sorted({source for wanted in alternatives for source in wanted.sources}))
        notes.append(
            f"AWS services send their events to the default bus, so none of {sources} comes here; "
            "put a rule on the default bus whose target is this bus"
        )
    if state == "ENABLED":
        notes += dict.fromkeys(note for wanted in alternatives for note in _about_state(wanted))
    return notes


class _Wanted(NamedTuple):
    """What one alternative of a pattern wants of events of AWS services.

    Attributes:
        sources: The sources, all of them of AWS services.
        detail_types: The detail-types; empty if the alternative has other terms, or any.
        fields: All fields.
    """

    sources: Sequence[str]
    detail_types: Sequence[str]
    fields: Sequence[Field]

    def texts(self, path: str) -> list[str]:
        """Return the texts of a field of the detail; empty if there is none, or a term is not an exact text."""
        return next((_texts(field) for field in self.fields if field.path == _IN_DETAIL + path), [])


def _alternatives(pattern: Pattern) -> Iterator[_Wanted]:
    for alternative in pattern.alternatives:
        by_path = {field.path: field for field in alternative.written}
        sources = _texts(by_path.get("source"))
        if sources and all(map(is_service, sources)):
            yield _Wanted(sources, _texts(by_path.get("detail-type")), list(by_path.values()))


def _texts(field: Field | None) -> list[str]:
    terms = () if field is None else field.terms
    texts = [term.text for term in terms if isinstance(term, ExactString)]
    return texts if len(texts) == len(terms) else []


def _about(wanted: _Wanted) -> Iterator[str]:
    unknown = [note for source in wanted.sources if (note := about_source(source)) is not None]
    yield from unknown
    for name in wanted.detail_types if not unknown else ():
        notes = [about_names(source, name) for source in wanted.sources]
        if None not in notes:
            yield from filter(None, notes)
    kinds = _kinds(wanted)
    if kinds:
        yield from _about_paths(wanted, kinds)
    yield from _about_values(wanted, kinds)


def _kinds(wanted: _Wanted) -> list[EventType]:
    """Return the types of events that may match, if all their members are known; else an empty list."""
    found = []
    for source in wanted.sources:
        for name in wanted.detail_types or catalogue.detail_types(source):
            kind = catalogue.find(source, name)
            if kind is None:
                continue
            if kind.members is None or not (kind.is_whole or name in DETAIL_TYPES):
                return []
            found.append(kind)
    return found


def _about_paths(wanted: _Wanted, kinds: list[EventType]) -> Iterator[str]:
    whose = listed(list(dict.fromkeys(f"{kind.detail_type} of {kind.source}" for kind in kinds)))
    for field in wanted.fields:
        path = field.path.removeprefix(_IN_DETAIL)
        is_wanted = not all(isinstance(term, Absent) for term in field.terms)
        if path != field.path and is_wanted and not any(has(kind, path) for kind in kinds):
            near = near_path(path, kinds)
            meant = "" if near is None else f"; did you mean {_IN_DETAIL}{near}?"
            yield f"no {whose} has {field.path}{meant}"


def _about_values(wanted: _Wanted, kinds: list[EventType]) -> Iterator[str]:
    paths = {field.path for field in wanted.fields}
    if "resources" in paths and kinds and all(kind.detail_type in DETAIL_TYPES for kind in kinds):
        yield "events that CloudTrail sends have no resources"
    if wanted.sources == ["aws.s3"]:
        for key in wanted.texts("object.key"):
            if any(code in key for code in _ENCODED):
                yield f"detail.object.key has the key as it is; if {key!r} is URL-encoded, decode it"
    given = wanted.texts("eventSource")
    if given and not {event_source(source.removeprefix("aws.")) for source in wanted.sources} & set(given):
        yield f"no event of {listed(list(wanted.sources))} has the eventSource {listed(given)}"


def _about_state(wanted: _Wanted) -> Iterator[str]:
    names = wanted.texts("eventName")
    if list(wanted.detail_types) == [API_CALL] and names and all(map(is_read_by_name, names)):
        yield (
            f"a rule in state ENABLED does not see {listed(names)}, which only reads; "
            "put the rule with State=ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
        )
