"""The functions of expressions that AWS adds to JSONata, and those that depend on the mock's time and chance.

Source: custom-event-bus section 14. Documented: the names, the arguments, the algorithms, the lower-case digest, the
most items of ``$range``, and that ``$eval`` is not available. Inferred: ``$range`` includes its end, as the intrinsic
function of Step Functions does; ``$hash`` of a value that is not a text is the hash of its JSON; a missing first
argument gives nothing, as with JSONata's own functions.
"""

from __future__ import annotations

import hashlib
from random import Random
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.custom_event_bus.expression_engine import ExpressionFailed, engine, json_of, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.services.custom_event_bus.expressions import Sources

ALGORITHMS: Final = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}
LONGEST_RANGE: Final = 10_000_000
"""The most numbers that ``$range`` returns."""

_BITS: Final = 53
"""The bits of a number of JavaScript."""


def functions(sources: Sources) -> Mapping[str, Callable[..., Any]]:
    """Return the functions by name, for one evaluation."""
    millis = round(sources.now.timestamp() * 1000)
    moments: Any = engine().Functions

    def now(picture: str | None = None, timezone: str | None = None) -> Any:
        return moments.datetime_from_millis(millis, picture, timezone)

    def random(seed: Any = None) -> float:
        if seed is not None:
            return Random(json_of(seed)).random()  # noqa: S311 - repeatable on purpose; nothing here is a secret
        drawn = int.from_bytes(sources.identifiers.random_bytes(8))
        return (drawn >> (64 - _BITS)) / (1 << _BITS)

    def shuffle(items: Any) -> Any:
        if items is None:
            return None
        mixed = list(items) if isinstance(items, list) else [items]
        Random(sources.identifiers.random_bytes(8)).shuffle(mixed)  # noqa: S311 - repeatable on purpose
        return mixed

    return {
        "eval": _refuse_eval,
        "hash": digest,
        "millis": lambda: millis,
        "now": now,
        "parse": parse,
        "partition": partition,
        "random": random,
        "range": numbers,
        "shuffle": shuffle,
        "uuid": sources.identifiers.uuid,
    }


def _refuse_eval(*_arguments: Any) -> None:
    raise ExpressionFailed("The function $eval is not available")


def digest(given: Any = None, algorithm: Any = None) -> str | None:
    """Return the digest of a text, or of the JSON of another value: ``$hash``.

    Raises:
        ExpressionFailed: The algorithm is not one of `ALGORITHMS`, or JSON cannot express the value.
    """
    if given is None:
        return None
    if algorithm not in ALGORITHMS:
        raise ExpressionFailed(f"$hash wants an algorithm of {', '.join(ALGORITHMS)}")
    text = given if isinstance(given, str) else json_of(given)
    return hashlib.new(ALGORITHMS[algorithm], text.encode(), usedforsecurity=False).hexdigest()


def parse(text: Any = None) -> Any:
    """Return the value of a JSON text: ``$parse``.

    Raises:
        ExpressionFailed: The argument is not a JSON text.
    """
    if text is None:
        return None
    if not isinstance(text, str):
        raise ExpressionFailed("$parse wants a text")
    try:
        return value_of(text)
    except ValueError as error:
        raise ExpressionFailed(f"$parse wants a JSON text: {error}") from None


def partition(items: Any = None, size: Any = None) -> Any:
    """Return an array in arrays of a size: ``$partition``.

    Raises:
        ExpressionFailed: The size is not a whole number above 0.
    """
    if items is None:
        return None
    if not isinstance(items, list):
        items = [items]
    if not _is_whole(size) or size < 1:
        raise ExpressionFailed("$partition wants an array, and a whole number above 0")
    step = int(size)
    return [items[start : start + step] for start in range(0, len(items), step)]


def numbers(start: Any = None, end: Any = None, delta: Any = None) -> list[int]:
    """Return whole numbers from the first to the second argument, by steps of the third: ``$range``.

    Raises:
        ExpressionFailed: An argument is missing or is not a whole number, the step is 0, or the numbers are more than
            `LONGEST_RANGE`.
    """
    if not (_is_whole(start) and _is_whole(end) and _is_whole(delta)) or not delta:
        raise ExpressionFailed("$range wants three whole numbers: start, end and a step that is not 0")
    first, last, step = int(start), int(end), int(delta)
    found = range(first, last + (1 if step > 0 else -1), step)
    if len(found) > LONGEST_RANGE:
        raise ExpressionFailed(f"$range gives at most {LONGEST_RANGE} numbers")
    return list(found)


def _is_whole(value: Any) -> bool:
    return not isinstance(value, bool) and (
        isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    )
