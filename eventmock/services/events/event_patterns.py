"""Event patterns as the service takes them: TestEventPattern, and the errors of `eventmock.pattern` in AWS's code.

Source: aws-recorded-behaviour section 11 (recorded) and pattern-matching section 8. When both pattern and event
are bad, which error comes first is not known; the pattern's does here.
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
    hint_for,
    read_event,
)
from eventmock.services.events import errors
from eventmock.wire import AwsError, operation

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import TestEventPatternRequestTypeDef

    from eventmock.services.call import Call
    from eventmock.services.events.quotas import Quotas

REQUIRED_MEMBERS: Final = ("id", "detail-type", "source", "account", "time", "region")
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)", re.IGNORECASE | re.ASCII
)


@operation
def test_event_pattern(call: Call, request: TestEventPatternRequestTypeDef) -> dict[str, bool]:
    """Say whether a pattern matches an event."""
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
        AwsError: ``InvalidEventPatternException`` with the engine's text, or ``InternalFailure`` where AWS's
            engine breaks.
    """
    try:
        return _compiled(text)
    except EngineFailure:
        raise AwsError("InternalFailure", "", status=500) from None
    except InvalidPattern as error:
        raise AwsError("InvalidEventPatternException", str(error), hint=hint_for(error)) from None


@lru_cache(maxsize=256)
def _compiled(text: str) -> Pattern:
    """The pattern, which never changes: a suite puts the same rules in test after test."""
    return compile_text(text)


def compile_within_quota(text: str, owner: str, quotas: Quotas) -> Pattern:
    """Compile the pattern of a rule or an archive (the text was measured for rules).

    Args:
        text: The pattern.
        owner: Whose it is, such as ``rule NAME``.
        quotas: Say how long it may be.

    Raises:
        AwsError: It is too long, or as `compile_pattern`.
    """
    most = quotas.event_pattern_characters
    if len(text) > most:
        raise errors.invalid(f"Parameter EventPattern for {owner} exceeds limit of {most}.")
    return compile_pattern(text)


def _is_instant(value: Any) -> bool:
    """Whether it is RFC 3339 with an offset; AWS accepts at least that (inferred beyond ``...Z``)."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value.upper().replace(",", "."))
    except ValueError:
        return False
    return True
