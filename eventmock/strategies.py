"""Hypothesis strategies for event patterns, and for events that match a pattern or fail it by a little.

    @given(matching_events({"detail": {"state": ["PAID"]}}))
    def test_my_handler(event): ...

    orders = st.fixed_dictionaries({"id": st.uuids().map(str), "state": st.sampled_from(["NEW", "PAID"])})
    @given(nearly_matching_events({"detail": {"state": ["PAID"]}}, detail=orders))
    def test_my_rule_leaves_others_alone(event): ...

    @given(events_of_schema("contracts", "shop.orders", "Order Paid"))
    def test_my_handler_takes_all_that_the_producer_may_send(event): ...

Every example is checked with `eventmock.pattern` before it is returned. This module needs the extra
`eventmock[hypothesis]`; no other module of eventmock imports it.
Source: ours; envelopes as in the Amazon EventBridge user guide, "Events in Amazon EventBridge".
"""

from __future__ import annotations

import copy
import ipaddress
import json
import math
from typing import TYPE_CHECKING, Any, Final, TypeAlias

try:
    from hypothesis import assume, strategies as st
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        "eventmock.strategies needs hypothesis: pip install 'eventmock[hypothesis]'"
    ) from missing

from eventmock.pattern import InvalidEvent, InvalidPattern, Pattern, compile as compile_pattern, read_event
from eventmock.pattern.leaves import leaf_of
from eventmock.pattern.letter_case import case_forms
from eventmock.pattern.operators import (
    AnythingBut,
    Cidr,
    EqualsIgnoreCase,
    ExactAddress,
    Numeric,
    Prefix,
    PrefixIgnoreCase,
    Suffix,
    SuffixIgnoreCase,
    Wildcard,
)
from eventmock.pattern.terms import Absent, Exact, ExactNumber, ExactString, Exists, Literal, Term

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from eventmock.pattern.addresses import AddressRange
    from eventmock.pattern.matching import Field
    from eventmock.schemas.event_schema import EventSchema
    from eventmock.schemas.samples import Wanted
    from eventmock.schemas.validation import EventValidator

__all__ = [
    "events",
    "events_of_schema",
    "matching_events",
    "nearly_matching_events",
    "patterns",
    "service_events",
]

JsonObject: TypeAlias = dict[str, Any]

_NAMES: Final = st.sampled_from(["amount", "customer", "id", "items", "name", "state"])
_WORDS: Final = st.sampled_from(
    ["", "A", "a", "ab", "order", "Order", "PAID", "paid-1", "straße", "10.0.0.1", "::1"]
)
_TEXTS: Final = _WORDS | st.text(st.characters(codec="utf-8"), max_size=4)
_NUMBERS: Final = st.integers(-10, 300) | st.floats(-1e6, 1e6) | st.sampled_from([0, 1, 1.0, 100, 1e3, 12.5])
_SCALARS: Final = _TEXTS | _NUMBERS | st.booleans() | st.none()
_VALUES: Final[st.SearchStrategy[Any]] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=6,
)


# Patterns


def patterns() -> st.SearchStrategy[JsonObject]:
    """Return a strategy for patterns that AWS accepts, as dictionaries, with every operator, nesting and `$or`."""
    lists = st.lists(_terms(), min_size=1, max_size=3)
    members: st.SearchStrategy[JsonObject] = st.recursive(
        st.dictionaries(_NAMES, lists, min_size=1, max_size=3),
        lambda inner: (
            st.dictionaries(_NAMES, lists | inner, min_size=1, max_size=3)
            | st.builds(
                lambda around, either: {**around, "$or": either},
                inner,
                st.lists(inner, min_size=2, max_size=3),
            )
        ),
        max_leaves=4,
    )
    parts = {"source": lists, "detail-type": lists, "detail": members}
    return st.fixed_dictionaries({}, optional=parts).filter(_is_valid)


def _is_valid(pattern: JsonObject) -> bool:
    try:
        compile_pattern(pattern)
    except InvalidPattern:
        return False
    return True


def _terms() -> st.SearchStrategy[Any]:
    affix = _TEXTS | _TEXTS.map(lambda text: {"equals-ignore-case": text})
    plain = _TEXTS.filter(bool)
    return (
        _SCALARS
        | affix.map(lambda text: {"prefix": text})
        | affix.map(lambda text: {"suffix": text})
        | _TEXTS.map(lambda text: {"equals-ignore-case": text})
        | _wildcards().map(lambda text: {"wildcard": text})
        | _comparisons().map(lambda comparison: {"numeric": comparison})
        | st.builds(
            lambda host, bits: {"cidr": f"10.0.{host}.0/{bits}"}, st.integers(0, 3), st.integers(8, 31)
        )
        | st.booleans().map(lambda exists: {"exists": exists})
        | st.one_of(
            _one_or_list(_TEXTS),
            _one_or_list(_NUMBERS),
            _one_or_list(plain).map(lambda text: {"prefix": text}),
            _one_or_list(plain).map(lambda text: {"suffix": text}),
            _one_or_list(_TEXTS).map(lambda text: {"equals-ignore-case": text}),
            _one_or_list(_wildcards()).map(lambda text: {"wildcard": text}),
        ).map(lambda excluded: {"anything-but": excluded})
    )


def _one_or_list(members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return members | st.lists(members, min_size=1, max_size=3)


def _wildcards() -> st.SearchStrategy[str]:
    pieces = st.lists(st.sampled_from(["a", "A", "d", "or", "1", "\\*", "\\\\"]), min_size=1, max_size=3)
    ends = st.sampled_from(["", "*"])
    return st.builds(lambda first, middle, last: first + "*".join(middle) + last, ends, pieces, ends)


def _comparisons() -> st.SearchStrategy[list[Any]]:
    one = st.tuples(st.sampled_from(["=", "<", "<=", ">", ">="]), _NUMBERS).map(list)
    ends = st.lists(_NUMBERS, min_size=2, max_size=2, unique=True).map(sorted)
    two = st.builds(
        lambda above, below, ends: [above, ends[0], below, ends[1]],
        st.sampled_from([">", ">="]),
        st.sampled_from(["<", "<="]),
        ends,
    )
    return one | two


# Events


def events(detail: st.SearchStrategy[JsonObject] | None = None) -> st.SearchStrategy[JsonObject]:
    """Return a strategy for events with all fields of the envelope.

    Args:
        detail: The strategy for the event's `detail`; without it, `detail` is any small object.
    """
    return st.fixed_dictionaries(
        {
            "version": st.just("0"),
            "id": st.uuids().map(str),
            "detail-type": _TEXTS,
            "source": _TEXTS,
            "account": st.just("123456789012"),
            "time": st.just("2024-01-01T00:00:00Z"),
            "region": st.just("us-east-1"),
            "resources": st.lists(_TEXTS, max_size=2),
            "detail": st.dictionaries(_NAMES, _VALUES, max_size=4) if detail is None else detail,
        }
    )


def service_events(source: str, detail_type: str) -> st.SearchStrategy[JsonObject]:
    """Return a strategy for events that an AWS service sends, by the members that AWS's schema has.

    A member that the schema requires is in each event, and others are in some. A text is that of the sample which
    `eventmock.service_event` returns, such as a state, or any other text.

    Args:
        source: The source of the service, such as ``aws.s3``.
        detail_type: The ``detail-type``, such as ``Object Created``.

    Raises:
        ValueError: There is no such event, or its members are not known.
    """
    from eventmock.aws_events.advice import about_names
    from eventmock.aws_events.catalogue import find
    from eventmock.aws_events.resources import resources_of
    from eventmock.aws_events.samples import ACCOUNT, REGION, sample_event

    kind = find(source, detail_type)
    if kind is None or kind.members is None:
        unknown = (
            about_names(source, detail_type) or f"eventmock knows no members of {detail_type!r} of {source}"
        )
        raise ValueError(f"service_events(): {unknown}")
    sample = sample_event(kind, {})
    detail = _of_shape(kind.members, sample["detail"])
    return st.builds(
        lambda event, detail: {
            **event,
            "detail-type": detail_type,
            "source": source,
            "resources": resources_of(source, detail_type, detail, account=ACCOUNT, region=REGION)
            or sample["resources"],
            "detail": detail,
        },
        events(st.just({})),
        detail,
    )


def _of_shape(shape: Any, sample: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for values of a shape of `eventmock.aws_events.catalogue`, the value of a sample among them."""
    if isinstance(shape, list):
        inner = sample[0] if isinstance(sample, list) and sample else None
        return st.lists(_of_shape(shape[0], inner), max_size=2)
    if isinstance(shape, dict):
        return _of_members(shape, sample if isinstance(sample, dict) else {})
    values = {"text": st.text(st.characters(codec="utf-8"), max_size=8), "flag": st.booleans()}
    others = values.get(shape, st.integers(0, 10**6))
    return others if sample is None else st.just(sample) | others


def _of_members(shape: Mapping[str, Any], sample: JsonObject) -> st.SearchStrategy[JsonObject]:
    from eventmock.aws_events.catalogue import ANY_NAME, members_of

    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for member in members_of(shape):
        if member.name == ANY_NAME:
            return st.just(sample) | st.dictionaries(_NAMES, _of_shape(member.shape, None), max_size=2)
        into = required if member.is_required else optional
        into[member.name] = _of_shape(member.shape, sample.get(member.name))
    return st.fixed_dictionaries(required, optional=optional)


# Events of a schema


def events_of_schema(
    schema: EventSchema | Mapping[str, Any] | type | str | os.PathLike[str],
    source: str | None = None,
    detail_type: str | None = None,
    *,
    pattern: str | Mapping[str, object] | Pattern | None = None,
) -> st.SearchStrategy[JsonObject]:
    """Return a strategy for events that are valid by a schema.

    They have all fields of the envelope. If there is no such event, the test fails with
    `hypothesis.errors.Unsatisfiable`.

    Args:
        schema: JSON Schema as a dictionary; or a pydantic model; or the path of a file with a schema, or of a folder
            with schemas.
        source: The source of the events. A file may state it itself, or by its place.
        detail_type: The ``detail-type`` of the events. A file may state it itself, or by its place.
        pattern: A pattern that the events also match, as a dictionary, as JSON text or compiled; None for all events.

    Raises:
        SchemaError: The schema cannot be read, or is not valid, or jsonschema is not installed; or the folder has no
            schema of the source and the detail-type.
    """
    from eventmock.schemas.reading import find_schema
    from eventmock.schemas.validation import EventValidator

    validator = EventValidator(find_schema(schema, source, detail_type))
    return _events_of_schema(validator, None if pattern is None else _compiled(pattern))


@st.composite
def _events_of_schema(draw: st.DrawFn, validator: EventValidator, pattern: Pattern | None) -> JsonObject:
    from eventmock.schemas.samples import Sampler

    fields = () if pattern is None else draw(st.sampled_from(pattern.alternatives)).written
    usual = {**draw(events(st.just({}))), "time": "2024-01-01T00:00:00Z"}
    event = Sampler(draw, validator).event(usual, list(map(_wanted_of, fields)))
    assume(validator.is_valid(event))
    try:
        assume(pattern is None or pattern.matches(event))
    except InvalidEvent:
        assume(False)
    return event


def _wanted_of(field: Field) -> Wanted:
    """Return what a field of a pattern wants, as the samples of schemas take it."""
    from eventmock.schemas.samples import Wanted

    exact = [term for term in field.terms if isinstance(term, Exact | ExactAddress)]
    numeric = [term for term in field.terms if isinstance(term, Numeric)]
    others = [term for term in field.terms if not isinstance(term, Exact | ExactAddress | Numeric | Absent)]
    return Wanted(
        path=field.path,
        exact=[json.loads(str(term)) for term in exact],
        ranges=list(map(_as_schema, numeric)),
        others=[_satisfying(term) for term in others if not isinstance(term, Exists | AnythingBut)],
        is_open=any(isinstance(term, Exists | AnythingBut) for term in others),
        may_be_absent=field.may_be_absent,
        accepts=lambda value: _wants(field, value),
    )


def _as_schema(term: Numeric) -> JsonObject:
    """Return a range of numbers as a schema."""
    words = {"<": "exclusiveMaximum", "<=": "maximum", ">": "exclusiveMinimum", ">=": "minimum"}
    schema: JsonObject = {}
    for bound in term.bounds:
        for word in ["minimum", "maximum"] if bound.operator == "=" else [words[bound.operator]]:
            schema[word] = bound.value
    return schema


@st.composite
def matching_events(
    draw: st.DrawFn,
    pattern: str | Mapping[str, object] | Pattern,
    *,
    detail: st.SearchStrategy[JsonObject] | None = None,
) -> JsonObject:
    """Return a strategy for events that match a pattern.

    A field of the envelope that the pattern wants absent is left out. If no event matches the pattern, the test fails
    with `hypothesis.errors.Unsatisfiable`.

    Args:
        draw: Given by Hypothesis.
        pattern: The pattern, as a dictionary, as JSON text or compiled.
        detail: The strategy for the event's `detail`, such as one for the model of the handler. Of the drawn detail,
            only values that do not satisfy the pattern are replaced. Without it, the detail is any small object in
            which values may also stand in arrays, as AWS matches them.
    """
    compiled = _compiled(pattern)
    event = copy.deepcopy(draw(events(detail)))
    for field in draw(st.sampled_from(compiled.alternatives)).written:
        if detail is not None and field.may_hold(read_event(event).leaves):
            continue
        term = draw(st.sampled_from(field.terms))
        _remove(event, field.path)
        if not isinstance(term, Absent):
            value = draw(_satisfying(term))
            assume(_wants(field, value))
            forms = [value] if detail is not None else [value, [value], [value, "another"]]
            _put(event, field.path, draw(st.sampled_from(forms)))
    if detail is None and draw(st.booleans()):
        spread = _with_an_array(event, draw(_VALUES), behind=draw(st.booleans()))
        event = spread if compiled.matches(spread) else event
    assume(compiled.matches(event))
    return event


@st.composite
def nearly_matching_events(
    draw: st.DrawFn,
    pattern: str | Mapping[str, object] | Pattern,
    *,
    detail: st.SearchStrategy[JsonObject] | None = None,
) -> JsonObject:
    """Return a strategy for events that differ in one place from an event that matches, and therefore do not match.

    A value is changed, removed or added, or is moved to another element of an array. If a pattern has no such events,
    the test fails with `hypothesis.errors.Unsatisfiable`.

    Args:
        draw: Given by Hypothesis.
        pattern: The pattern, as a dictionary, as JSON text or compiled.
        detail: The strategy for the `detail` of the event that matches; see `matching_events`.
    """
    compiled = _compiled(pattern)
    event = draw(matching_events(compiled, detail=detail))
    field = draw(st.sampled_from([field for one in compiled.alternatives for field in one.written]))
    match draw(st.sampled_from(["another", "absent", "elsewhere"])):
        case "absent":
            _remove(event, field.path)
        case "elsewhere":
            _split(event, field.path)
        case _:
            _remove(event, field.path)
            _put(event, field.path, draw(_SCALARS))
    assume(not compiled.matches(event))
    return event


def _compiled(pattern: str | Mapping[str, object] | Pattern) -> Pattern:
    return pattern if isinstance(pattern, Pattern) else compile_pattern(pattern)


def _wants(field: Field, value: object) -> bool:
    leaf = leaf_of(value, None)
    return leaf is not None and field.wants(leaf)


# Values that satisfy a term


def _satisfying(term: Term) -> st.SearchStrategy[Any]:
    """Return a strategy for values of which nearly all satisfy a term."""
    match term:
        case ExactString(text) | ExactAddress(text):
            return st.just(text)
        case ExactNumber(text) | Literal(text):
            return st.just(json.loads(text))
        case Prefix(text):
            return _TEXTS.map(lambda more: text + more)
        case Suffix(text):
            return _TEXTS.map(lambda more: more + text)
        case EqualsIgnoreCase(text):
            return _in_any_case(text)
        case PrefixIgnoreCase(text):
            return st.builds(lambda form, more: form + more, _in_any_case(text), _TEXTS)
        case SuffixIgnoreCase(text):
            return st.builds(lambda form, more: more + form, _in_any_case(text), _TEXTS)
        case _:
            return _satisfying_loosely(term)


def _satisfying_loosely(term: Term) -> st.SearchStrategy[Any]:
    match term:
        case Wildcard():
            gaps = st.lists(_TEXTS, min_size=len(term.parts) - 1, max_size=len(term.parts) - 1)
            return gaps.map(lambda gaps: "".join(map(str.__add__, term.parts, [*gaps, ""])))
        case Numeric():
            return _in_range(term)
        case Cidr(block=block):
            return _in_block(block)
        case _:
            return _SCALARS


def _in_any_case(text: str) -> st.SearchStrategy[str]:
    return st.tuples(*(st.sampled_from(case_forms(character)) for character in text)).map("".join)


def _in_range(term: Numeric) -> st.SearchStrategy[float]:
    low, high = -math.inf, math.inf
    for bound in term.bounds:
        if bound.operator in ("=", ">", ">="):
            low = bound.value
        if bound.operator in ("=", "<", "<="):
            high = bound.value
    at_low = any(bound.operator in ("=", ">=") for bound in term.bounds)
    at_high = any(bound.operator in ("=", "<=") for bound in term.bounds)
    return st.floats(
        low if math.isfinite(low) else None,
        high if math.isfinite(high) else None,
        exclude_min=math.isfinite(low) and not at_low,
        exclude_max=math.isfinite(high) and not at_high,
        allow_nan=False,
        allow_infinity=False,
    )


def _in_block(block: AddressRange) -> st.SearchStrategy[str]:
    kind = ipaddress.IPv4Address if len(block.lowest) == 8 else ipaddress.IPv6Address
    return st.integers(int(block.lowest, 16), int(block.highest, 16)).map(lambda address: str(kind(address)))


# Changes to an event, along a path of names joined with dots


def _put(event: JsonObject, path: str, value: object) -> None:
    """Set the value on a path, and keep the other values of the event."""
    *names, last = path.split(".")
    reached: Any = event
    for name in names:
        inner = reached.get(name)
        if not isinstance(inner, dict):
            below: JsonObject = {}
            reached[name] = [inner, below] if name in reached and not isinstance(inner, list) else below
            inner = below
        reached = inner
    if isinstance(reached.get(last), dict) and reached[last]:
        reached[last] = [value, reached[last]]
    else:
        reached[last] = value


def _remove(container: Any, path: str) -> None:
    """Remove all leaves on a path, also those inside arrays."""
    if isinstance(container, list):
        for element in container:
            _remove(element, path)
    elif isinstance(container, dict):
        for name in [name for name in container if path == name or path.startswith(f"{name}.")]:
            if path != name:
                _remove(container[name], path[len(name) + 1 :])
                continue
            kept = _without_leaves(container[name])
            if kept is None:
                del container[name]
            else:
                container[name] = kept


def _without_leaves(value: Any) -> Any:
    if isinstance(value, dict):
        return value
    kept = [_without_leaves(element) for element in value] if isinstance(value, list) else []
    return [element for element in kept if element is not None] or None


def _with_an_array(event: JsonObject, another: object, *, behind: bool) -> JsonObject:
    """Return a copy of the event in which `detail` is one element of an array of two."""
    spread = copy.deepcopy(event)
    if "detail" in spread:
        spread["detail"] = [spread["detail"], another] if behind else [another, spread["detail"]]
    return spread


def _split(event: JsonObject, path: str) -> None:
    """Replace the object around a path's last name by an array of two: that name's member, and the other members."""
    *names, last = path.split(".")
    around: Any = event
    for name in names[:-1]:
        around = around.get(name) if isinstance(around, dict) else None
    whole = around.get(names[-1]) if names and isinstance(around, dict) else None
    if isinstance(whole, dict) and last in whole:
        others = {name: value for name, value in whole.items() if name != last}
        around[names[-1]] = [{last: whole[last]}, others]
