"""Exceptions for the person who writes the test.

Each message says what happened, which value was given, which was expected and what to do. The errors that the code
under test sees are AWS's; they are in `eventmock.services.events.errors`.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

SubjectT = TypeVar("SubjectT")


class EventmockError(Exception):
    """Base class of all errors for the person who writes the test."""


TESTS_OWN: Final = (AssertionError, EventmockError)
"""The classes of exceptions that end a test, also if a function raises them that stands in for a target of AWS."""


class OptionError(EventmockError, ValueError):
    """An option, or an argument that the test gave to eventmock, is wrong; the text says what was wanted."""


class MockStateError(EventmockError, RuntimeError):
    """A mock is stopped twice, a backend is asked for while no mock is active, or it is used after its mock stopped."""


class ClockError(EventmockError, ValueError):
    """The clock cannot be moved so: backwards, beyond the year 9999, or by a target that is being called."""


class NetworkBlocked(EventmockError):  # noqa: N818 - it says what happened
    """A request that would have left the process was refused.

    botocore does not retry the request. This error is not a ``BotoCoreError``, so code that handles AWS's failures
    does not hide it.
    """


class NoSuchBus(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test named an event bus that does not exist."""


class NoSuchRule(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test named a rule that does not exist."""


class NoSuchEndpoint(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test named a global endpoint that does not exist."""


class NoSuchHealthCheck(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test asked for the status of a Route 53 health check that was never created and that no endpoint uses."""


class NoSuchIntegration(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test named an integration, application or association of AppIntegrations that does not exist."""


class NoSuchSchedule(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test named a schedule of EventBridge Scheduler that does not exist."""


class NoSuchSubscriber(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test named a subscriber of a custom event bus that does not exist."""


class NoSuchRequest(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test asked a delivery for a request that it does not have: none was made, or one of another kind."""


class NoSuchEvent(EventmockError, LookupError):  # noqa: N818 - it says what happened
    """The test asked a delivery for its event, but a schedule sends it, so it has none."""


class NoSuchResource(EventmockError, KeyError):  # noqa: N818 - it says what happened
    """The test asked a deployment for a resource that no stack has, or of which the condition is false."""

    __str__ = Exception.__str__  # that of KeyError would show the text in quotes


class InvalidEntry(EventmockError, ValueError):  # noqa: N818 - it says what happened
    """The test gave an entry that PutEvents would refuse, or an event that is not valid."""


class AwsRefusal(EventmockError, ValueError):  # noqa: N818 - it says what happened
    """The test asked the backend for something that AWS would refuse.

    Attributes:
        code: AWS's error code, such as ``LimitExceededException``.
        message: AWS's whole text. The text of the exception has our summary of a long one.
    """

    def __init__(self, what: str, code: str, message: str, hint: str = "", told: str | None = None) -> None:
        said = told or f"{code}: {message}"
        super().__init__(f"{what}: AWS would refuse it: {said}" + (f" ({hint})" if hint else ""))
        self.code = code
        self.message = message


class EndlessLoop(EventmockError, RecursionError):  # noqa: N818 - it says what happened
    """Events cause events without end: a target puts events that its own rule matches."""


class StrictFailure(EventmockError, AssertionError):  # noqa: N818 - it says what happened
    """The test passed, but something in it came to a bad end about which the test is strict."""


class PolicyNotUnderstood(EventmockError, ValueError):  # noqa: N818 - it says what happened
    """A policy contains an element that eventmock does not evaluate, or AWS would refuse the policy."""


class SchemaError(OptionError):
    """A schema of events cannot be read, or is not valid.

    Attributes:
        place: The file, or what else the schema was given by.
        message: What is wrong, without the place.
    """

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.message = message


class ContractFailure(EventmockError, AssertionError):  # noqa: N818 - it says what happened
    """The test passed, but an event that it put is not valid by the schema of its source and detail-type."""


class TemplateError(EventmockError, ValueError):
    """A template cannot be read, evaluated or deployed.

    Attributes:
        file: The path of the template as it was given; None if the template was given as a mapping.
        line: The number of the line, from 1; None if it is not known.
        logical_id: The logical ID of the resource; None if the error concerns no single resource.
        code: AWS's error code, such as ``InvalidEventPatternException``, if AWS would refuse a call; else None.
        message: What is wrong, without the place.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        logical_id: str | None = None,
        code: str | None = None,
    ) -> None:
        where = "template" if file is None else file
        if line is not None:
            where += f":{line}"
        super().__init__(": ".join(filter(None, (where, logical_id, message))))
        self.file = file
        self.line = line
        self.logical_id = logical_id
        self.code = code
        self.message = message


def text_of(raised: BaseException) -> str:
    """Return one line about an exception: its class, and the first line of its text if ``str`` does not fail on it."""
    try:
        text = str.partition(str(raised), "\n")[0]
    except Exception:  # noqa: BLE001 - an exception of the test may raise whatever it likes
        text = "its text cannot be made"
    return ": ".join(filter(None, (name_of(type(raised)), text)))


def name_of(kind: type) -> str:
    """Return the name of a class, also where its metaclass overrides ``__name__``."""
    return str(type.__dict__["__name__"].__get__(kind))


def repr_of(value: object) -> str:
    """Return the ``repr`` of an object of the test; its class if ``repr`` fails on it."""
    try:
        return str(repr(value))
    except Exception:  # noqa: BLE001 - an object of the test may raise whatever it likes
        return f"<{name_of(type(value))}, whose representation cannot be made>"


def is_true_of(what: str, predicate: Callable[[SubjectT], object], subject: SubjectT) -> bool:
    """Return whether a predicate of the test is true of a subject.

    Args:
        what: The call that the predicate was given to, for the error's text.
        predicate: The predicate.
        subject: The argument of the predicate.

    Raises:
        OptionError: The predicate raised an error, or ``bool`` fails on its result. An AssertionError and the errors
            of eventmock are not replaced by this one.
    """
    try:
        return bool(predicate(subject))
    except TESTS_OWN:
        raise
    except Exception as raised:  # noqa: BLE001 - becomes the cause of ours, if Python can print it
        raise OptionError(f"{what}: the function raised {text_of(raised)}") from showable(raised)


def showable(raised: BaseException) -> BaseException | None:
    """Return an exception if Python can print it as the cause of another; None if printing would raise an error."""
    try:
        traceback.format_exception(raised)
        repr(raised)
    except Exception:  # noqa: BLE001 - an exception of the test may raise whatever it likes
        return None
    return raised
