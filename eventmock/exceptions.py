"""What eventmock tells the person testing, as exceptions.

Each message says what happened, what was given, what was wanted and what to do. The errors that the code
under test sees are AWS's and live in `eventmock.services.events.errors`.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

SubjectT = TypeVar("SubjectT")


class EventmockError(Exception):
    """Base of all errors that are addressed to the person testing."""


class OptionError(EventmockError, ValueError):
    """An option of the mock, the marker or the ini file is wrong."""


class MockStateError(EventmockError, RuntimeError):
    """The mock is used out of turn: stopped twice, or asked for a backend while none is active."""


class ClockError(EventmockError, ValueError):
    """The clock was to go backwards, or was moved by what it was doing."""


class NetworkBlocked(EventmockError):  # noqa: N818 - it says what happened
    """A request that would have left the process was refused.

    botocore does not retry it, and it is no ``BotoCoreError``, so code that handles AWS's failures does not
    hide it.
    """


class NoSuchBus(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test named an event bus that is not there."""


class NoSuchRule(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test named a rule that is not there."""


class NoSuchEndpoint(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test named a global endpoint that is not there."""


class NoSuchHealthCheck(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test asked for the status of a Route 53 health check that nobody made and nobody named."""


class NoSuchIntegration(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test named an integration, application or association of AppIntegrations that is not there."""


class InvalidEntry(EventmockError, ValueError):  # noqa: N818 - it says what happened
    """The test gave an entry that PutEvents would refuse, or an event that is not valid."""


class AwsRefusal(EventmockError, ValueError):  # noqa: N818 - it says what happened
    """The test asked the backend for something that AWS would refuse.

    Attributes:
        code: AWS's error code, such as ``LimitExceededException``.
        message: AWS's text.
    """

    def __init__(self, what: str, code: str, message: str, hint: str = "") -> None:
        super().__init__(f"{what}: AWS would refuse it: {code}: {message}" + (f" ({hint})" if hint else ""))
        self.code = code
        self.message = message


class EndlessLoop(EventmockError, RecursionError):  # noqa: N818 - it says what happened
    """Events cause events without end: a target puts events that its own rule matches."""


class StrictFailure(EventmockError, AssertionError):  # noqa: N818 - it says what happened
    """With ``strict=True``: something happened that a passing test should not leave unsaid."""


class PolicyNotUnderstood(EventmockError, ValueError):  # noqa: N818 - it says what happened
    """The policy of a bus holds an element that eventmock does not evaluate."""


def told(raised: BaseException) -> str:
    """An exception in one line: its class, and the first line of its text, if that can be made."""
    try:
        text = str.partition(str(raised), "\n")[0]
    except Exception:  # noqa: BLE001 - an exception of the test may raise whatever it likes
        text = "its text cannot be made"
    return ": ".join(filter(None, (name_of(type(raised)), text)))


def name_of(kind: type) -> str:
    """The name of a class, also where its metaclass overrides ``__name__``."""
    return str(type.__dict__["__name__"].__get__(kind))


def shown(value: object) -> str:
    """The representation of an object of the test, or its class where that cannot be made."""
    try:
        return str(repr(value))
    except Exception:  # noqa: BLE001 - an object of the test may raise whatever it likes
        return f"<{name_of(type(value))}, whose representation cannot be made>"


def holds(what: str, predicate: Callable[[SubjectT], object], subject: SubjectT) -> bool:
    """Ask a predicate of the test.

    Args:
        what: Where it was given, for the message.
        predicate: The predicate.
        subject: What it is asked about.

    Raises:
        OptionError: It raised something, or its answer has no truth value.
    """
    try:
        return bool(predicate(subject))
    except (AssertionError, EventmockError):
        raise
    except Exception as raised:  # noqa: BLE001 - named as the cause where that can be shown
        raise OptionError(f"{what}: the function raised {told(raised)}") from showable(raised)


def showable(raised: Exception) -> Exception | None:
    """An exception that can be shown as a cause; None if showing it would raise another one."""
    try:
        traceback.format_exception(raised)
        repr(raised)
    except Exception:  # noqa: BLE001 - an exception of the test may raise whatever it likes
        return None
    return raised
