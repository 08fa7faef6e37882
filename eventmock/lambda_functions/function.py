"""A Lambda function of the test: its handler, its settings, its versions and aliases."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from eventmock.exceptions import OptionError
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.lambda_functions.handler import Handler

LATEST: Final = "$LATEST"

_DESTINATIONS: Final = {
    "dead_letter": ("sqs", "sns"),
    "on_success": ("sqs", "sns", "lambda", "events"),
    "on_failure": ("sqs", "sns", "lambda", "events", "s3"),
}
"""The services to which Lambda sends what became of an invocation (documented)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a function; None where a test has not given one.

    Attributes:
        timeout: The longest time that the handler may run, 1 second to 15 minutes.
        memory: The memory in MB, 128 to 10,240.
        environment: The environment variables of the function.
        retries: The most retries after an error of the function, 0 to 2.
        max_event_age: The longest time that Lambda keeps an event, 1 minute to 6 hours.
        dead_letter: The ARN of the dead-letter queue or topic of the function.
        on_success: The ARN of the destination for what the handler returned.
        on_failure: The ARN of the destination for events that Lambda has given up.
        reserved_concurrency: The reserved concurrency. Only 0 has an effect: Lambda gives up each event at once.
    """

    timeout: timedelta | None = None
    memory: int | None = None
    environment: Mapping[str, str] | None = None
    retries: int | None = None
    max_event_age: timedelta | None = None
    dead_letter: str | None = None
    on_success: str | None = None
    on_failure: str | None = None
    reserved_concurrency: int | None = None

    @classmethod
    def read(cls, call: str, given: Mapping[str, Any]) -> Settings:
        """Check the settings that a test gives.

        Args:
            call: The call of the test, for the error's text.
            given: The settings by name; durations are timedeltas, or numbers of seconds.

        Raises:
            OptionError: A setting is not of the right type, or outside the limits of AWS.
        """
        __tracebackhide__ = True
        read = dict(given)
        for name, least, most in (("timeout", 1, 900), ("max_event_age", 60, 21_600)):
            read[name] = _span(f"{call}: {name}={given[name]!r}", given[name], least, most)
        for name, least, most in (
            ("memory", 128, 10_240),
            ("retries", 0, 2),
            ("reserved_concurrency", 0, 1_000_000),
        ):
            _check_number(f"{call}: {name}={given[name]!r}", given[name], least, most)
        for name, services in _DESTINATIONS.items():
            _check_destination(f"{call}: {name}={given[name]!r}", given[name], services)
        read["environment"] = _variables(
            f"{call}: environment={given['environment']!r}", given["environment"]
        )
        return cls(**read)

    def over(self, other: Settings) -> Settings:
        """Return these settings, with those of `other` where one was not given here."""
        return replace(
            other,
            **{each.name: value for each in fields(self) if (value := getattr(self, each.name)) is not None},
        )


DEFAULTS: Final = Settings(
    timeout=timedelta(seconds=3), memory=128, retries=2, max_event_age=timedelta(hours=6)
)
"""AWS's defaults of what a function must have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What changes in a function of the test.

    Attributes:
        aliases: The versions that the aliases stand for, by the names of the aliases.
        is_deleted: Whether the function was deleted.
        throttles: How many ``with function.throttled()`` blocks are open.
        time_outs: How many of the next attempts time out.
        may_fail: Whether the test expects invocations to be given up.
    """

    aliases: Mapping[str, str] = field(default_factory=dict)
    is_deleted: bool = False
    throttles: int = 0
    time_outs: int = 0
    may_fail: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Function:
    """A function of the test.

    Attributes:
        arn: The ARN of the function without a qualifier.
        qualifier: The only version or alias that the test has made; None if the test has made the whole function.
        handler: The handler, or the path of one as text.
        settings: The settings that the test has given.
        version: The number of the published version that the handler is; None if there is none.
        condition: What changes.
    """

    arn: Arn
    qualifier: str | None
    handler: Handler | str
    settings: Settings
    version: str | None
    condition: Condition

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.arn.resource.removeprefix("function:")

    def version_of(self, qualifier: str) -> str | None:
        """Return the version that a qualifier stands for; None if the function has no such version or alias.

        Args:
            qualifier: An alias, a version, or ``$LATEST``.
        """
        if self.qualifier is not None:
            return (self.version or qualifier) if qualifier == self.qualifier else None
        if qualifier == LATEST:
            return LATEST
        aliases = self.condition.aliases
        if qualifier in aliases:
            return aliases[qualifier]
        return qualifier if qualifier == self.version or qualifier in aliases.values() else None

    @property
    def qualifiers(self) -> list[str]:
        """The versions and aliases that the function has."""
        if self.qualifier is not None:
            return [self.qualifier]
        versions = {*self.condition.aliases.values(), *filter(None, [self.version])} - {LATEST}
        return [LATEST, *sorted(versions), *sorted(self.condition.aliases)]


def split(arn: Arn) -> tuple[str, str]:
    """Return the ARN of a function without a qualifier, and the qualifier; ``$LATEST`` if there is none."""
    name, _, qualifier = arn.resource.removeprefix("function:").partition(":")
    return str(arn._replace(resource=f"function:{name}")), qualifier or LATEST


def _span(what: str, value: Any, least: int, most: int) -> timedelta | None:
    __tracebackhide__ = True
    if value is None:
        return None
    span = (
        timedelta(seconds=value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    )
    if not isinstance(span, timedelta) or not timedelta(seconds=least) <= span <= timedelta(seconds=most):
        raise OptionError(
            f"{what}: wanted a timedelta, or a number of seconds, from {least} to {most:,} seconds"
        )
    return span


def _check_number(what: str, value: Any, least: int, most: int) -> None:
    __tracebackhide__ = True
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise OptionError(f"{what}: wanted a whole number from {least} to {most:,}")


def _check_destination(what: str, value: Any, services: tuple[str, ...]) -> None:
    __tracebackhide__ = True
    if value is None:
        return
    arn = Arn.parse(value)
    kinds = {
        "sqs": "an SQS queue",
        "sns": "an SNS topic",
        "lambda": "a function",
        "events": "an event bus",
        "s3": "a bucket",
    }
    if arn is None or arn.service not in services:
        raise OptionError(f"{what}: wanted the ARN of {' or '.join(kinds[one] for one in services)}")
    if arn.resource.endswith(".fifo"):
        raise OptionError(f"{what}: Lambda sends to standard queues and topics only, not to FIFO ones")
    if arn.service == "events" and not arn.resource.startswith("event-bus/"):
        raise OptionError(
            f"{what}: wanted the ARN of an event bus, arn:aws:events:REGION:ACCOUNT:event-bus/NAME"
        )


def _variables(what: str, value: Any) -> dict[str, str] | None:
    __tracebackhide__ = True
    if value is None:
        return None
    try:
        variables = dict(value)
    except (TypeError, ValueError):
        variables = {None: None}
    if not all(isinstance(name, str) and isinstance(text, str) for name, text in variables.items()):
        raise OptionError(
            f"{what}: wanted a mapping of texts to texts, or None to leave the environment alone"
        )
    return variables
