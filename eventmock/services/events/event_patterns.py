"""Event patterns as the service takes them: TestEventPattern, and the errors of `eventmock.pattern` with AWS's codes.

Source: aws-recorded-behaviour section 11 (recorded) and pattern-matching section 8. Which error AWS answers if both the
pattern and the event are invalid is not known; eventmock answers the pattern's.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from eventmock.pattern import (
    DEEPEST,
    EngineFailure,
    InvalidEvent,
    InvalidPattern,
    Pattern,
    compile as compile_text,
    read_event,
)
from eventmock.services.events import errors
from eventmock.wire import AwsError, operation

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import TestEventPatternRequestTypeDef

    from eventmock.services.call import Call
    from eventmock.services.events.quotas import Quotas

REQUIRED_MEMBERS: Final = ("id", "detail-type", "source", "account", "time", "region")
_INSTANT: Final = r"(?ai)\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)"


@operation
def test_event_pattern(call: Call, request: TestEventPatternRequestTypeDef) -> dict[str, bool]:
    """Return whether a pattern matches an event."""
    compiled = compile_pattern(request["EventPattern"])
    try:
        event = read_event(request["Event"], deepest=DEEPEST)
    except InvalidEvent:
        raise errors.invalid_parameter("Event") from None
    if any(member not in event.members for member in REQUIRED_MEMBERS):
        raise errors.invalid_parameter("Event")
    if not _is_instant(event.members["time"]):
        raise errors.invalid_parameter("Event", "Invalid time.")
    return {"Result": compiled.matches(event)}


def compile_pattern(text: str) -> Pattern:
    """Compile a pattern.

    Raises:
        AwsError: The pattern is invalid (``InvalidEventPatternException`` with the engine's text), or AWS's engine
            fails on it (``InternalFailure``).
    """
    try:
        return _compiled(text)
    except EngineFailure:
        raise AwsError("InternalFailure", "", status=500) from None
    except InvalidPattern as error:
        from eventmock.pattern import hint_for

        raise AwsError("InvalidEventPatternException", str(error), hint=hint_for(error)) from None


@lru_cache(maxsize=256)
def _compiled(text: str) -> Pattern:
    """Compile a pattern, or return the compiled one of an earlier call: many tests of a suite put the same rules."""
    return compile_text(text)


def compile_within_quota(text: str, owner: str, quotas: Quotas) -> Pattern:
    """Compile the pattern of a rule or an archive (the text was measured for rules).

    Args:
        text: The pattern.
        owner: The owner of the pattern in the error text, such as ``rule NAME``.
        quotas: The quotas, which have the highest number of characters of a pattern.

    Raises:
        AwsError: The pattern is too long, or `compile_pattern` refuses the pattern.
    """
    most = quotas.event_pattern_characters
    if len(text) > most:
        hint = f"it has {len(text):,} characters; see backend.quotas.event_pattern_characters"
        raise errors.invalid(f"Parameter EventPattern for {owner} exceeds limit of {most}.", hint=hint)
    return compile_pattern(text)


def _is_instant(value: Any) -> bool:
    """Return whether a value is a time of RFC 3339 with an offset.

    AWS accepts at least these (inferred for other offsets than ``Z``).
    """
    if not isinstance(value, str) or not re.fullmatch(_INSTANT, value):
        return False
    try:
        datetime.fromisoformat(value.upper().replace(",", "."))
    except ValueError:
        return False
    return True
