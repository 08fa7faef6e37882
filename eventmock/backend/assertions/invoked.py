"""What `LambdaFunction.assert_invoked` wants, and its error: a sentence, the nearest invocations, how they differ."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Self, get_args

from eventmock.backend.assertions.differences import MISSING, differences, text_of
from eventmock.backend.assertions.filters import (
    NO_INPUT,
    Wanted,
    compiled,
    is_meant,
    is_notification,
    value_of,
    words_for_content,
)
from eventmock.history import wording
from eventmock.history.lambda_invocation import Condition
from eventmock.options import check_known, hint_for
from eventmock.values.arn import Arn, arn_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.backend.assertions.scope import Scope
    from eventmock.history.lambda_invocation import LambdaInvocation
    from eventmock.pattern import Pattern

MOST_LISTED: Final = 5
"""The most invocations in the text."""
MOST_LINES: Final = 5
"""The most lines about the differences of an invocation."""
_LONGEST_BODY: Final = 200
_LONGEST_PATTERN: Final = 70
_OF_ENVELOPES: Final = {"detail-type", "source", "detail"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedInvocation:
    """The checked arguments of `LambdaFunction.assert_invoked`.

    Attributes:
        event: The wanted event of the handler; ``...`` for any event.
        pattern: The pattern that the event must match; None for any event.
        condition: The wanted end of the invocation; None for any.
        text: The arguments in English, made before the first comparison; see `Wanted.text`.
    """

    event: object
    pattern: Pattern | None
    condition: str | None
    text: str

    @classmethod
    def read(
        cls, call: str, event: object, matching: Mapping[str, Any] | str | None, condition: str | None
    ) -> Self:
        """Check the arguments that a test gives.

        Raises:
            OptionError: ``matching`` is not a valid event pattern, or there is no such condition.
        """
        __tracebackhide__ = True
        if condition is not None:
            check_known(f"{call}(condition={condition!r})", condition, get_args(Condition))
        pattern = None if matching is None else compiled(call, matching)
        words = [] if event is ... else [f"with {words_for_content('event', event)}"]
        words += [] if pattern is None else [f"matching {wording.cut(pattern.text, _LONGEST_PATTERN)}"]
        words += [] if condition is None else [f"with condition {condition}"]
        text = f" {' and '.join(words)}" if words else ""
        return cls(event=event, pattern=pattern, condition=condition, text=text)

    def fits(self, invocation: LambdaInvocation) -> bool:
        """Return whether an invocation is as wanted."""
        if self.condition not in {None, invocation.condition}:
            return False
        if self.event is not ... and not self.event == invocation.event:  # noqa: SIM201 - the test's object compares, as ANY does
            return False
        return self.pattern is None or (
            isinstance(invocation.event, dict) and self.pattern.matches(invocation.body)
        )

    def lines(self, invocation: LambdaInvocation) -> list[str]:
        """Return a line for each difference of the event of an invocation from what is wanted."""
        found = invocation.event
        lines = [] if self.event is ... else list(_event_lines(found, self.event))
        if self.pattern is not None and isinstance(found, dict):
            explanation = self.pattern.explain(invocation.body)
            lines += [] if explanation.matched else [str(explanation)]
        elif self.pattern is not None:
            lines.append(
                f"event held {wording.cut(text_of(found), _LONGEST_PATTERN)}; a pattern matches an object"
            )
        return lines


def _event_lines(found: object, wanted: object) -> Iterator[str]:
    """Yield how the event of a handler differs from the wanted one."""
    if isinstance(wanted, Mapping) and _is_envelope(found) and not _OF_ENVELOPES.intersection(wanted):
        if is_notification(found):
            yield NO_INPUT
            return
        yield "the handler got the whole event: what PutEvents takes as Detail stands in event['detail']"
        return
    different = list(differences(found, wanted, "event"))
    if different and all(one.wanted is MISSING for one in different):
        yield "it holds what is wanted, and more; to ask for a part of it, say matching="
    for one in different:
        yield str(one)
        if isinstance(one.wanted, str) and is_meant(value_of(one.wanted), one.found):
            yield f"{one.path} is compared as JSON: give the value, not its text"


def not_as_often(
    scope: Scope,
    function_arn: str,
    wanted: WantedInvocation,
    times: int | None,
    everything: Sequence[LambdaInvocation],
) -> AssertionError:
    """Return the error about a function that was not invoked as often as is wanted.

    Args:
        scope: The scope of the assertion: the deliveries to the function.
        function_arn: The ARN of the function, with the qualifier if the test has made only a version or an alias.
        wanted: What the assertion wants.
        times: The wanted number of invocations; None for at least one.
        everything: All invocations of the function.
    """
    found = [one for one in everything if wanted.fits(one)]
    was = f"was invoked {wording.how_often(len(found or everything))}" if everything else "was never invoked"
    was += ", never" if everything and not found else ""
    how_often = "at least once" if times is None else "never" if times == 0 else wording.how_often(times)
    first = f"{arn_name(function_arn)} {was}{wanted.text}, wanted {how_often}"
    if not everything:
        return _never(first, scope, function_arn)
    others = [one for one in everything if one not in found]
    is_too_many = times is not None and len(found) > times
    shown = found if is_too_many or not others else sorted(others, key=lambda one: len(wanted.lines(one)))
    lines = [first]
    for invocation in shown[:MOST_LISTED]:
        lines += _block(invocation, () if invocation in found else wanted.lines(invocation), scope)
    if len(shown) > MOST_LISTED:
        lines.append(f"  and {len(shown) - MOST_LISTED} more")
    error = AssertionError("\n".join(map(wording.printable, lines)))
    last = next((one for one in reversed(everything) if one.exception is not None), None)
    raised = None if last is None else last.attempts[-1].raised
    error.__cause__ = None if raised is None else raised.chainable
    return error


def _block(invocation: LambdaInvocation, differing: Sequence[str], scope: Scope) -> Iterator[str]:
    """Yield a line for an invocation, lines about its differences, and what became of it."""
    yield f"  {invocation.time:{wording.DATE_AND_TIME}}  {_subject(invocation)}"
    yield from (f"      {line}" for line in islice(differing, MOST_LINES))
    if len(differing) > MOST_LINES:
        yield f"      and {len(differing) - MOST_LINES} more"
    yield from (f"      {line}" for line in invocation.lines())
    if invocation.next_attempt is not None:
        seconds = math.ceil((invocation.next_attempt - scope.state.clock.now()).total_seconds())
        yield f"      to have it tried: backend.clock.advance(seconds={max(seconds, 1)})"


def _subject(invocation: LambdaInvocation) -> str:
    """Return words for the event of an invocation: of a whole event its detail, because the rest would hide it."""
    event = invocation.event
    if not _is_envelope(event):
        return wording.cut(invocation.body, _LONGEST_BODY)
    start = f"{event['detail-type']} from {event['source']}: detail "
    return start + wording.cut(text_of(event["detail"]), max(_LONGEST_BODY - len(start), MOST_LINES))


def _is_envelope(event: Any) -> bool:
    """Return whether the event of a handler is a whole event of EventBridge."""
    return isinstance(event, dict) and event.keys() >= _OF_ENVELOPES


def _never(first: str, scope: Scope, function_arn: str) -> AssertionError:
    """Return the error about a function that was never invoked: why no event came to it."""
    from eventmock.backend.assertions.failure import too_few

    anything = Wanted.read("assert_invoked", {}, of_letters=False)
    if scope.rules(anything) or scope.schedules(anything) or scope.subscribers(anything):
        return too_few(first, scope, anything, "delivered", ())
    arns = {
        target.arn
        for target in scope.targets()
        if target.parsed is not None and target.parsed.service == "lambda"
    }
    name, nouns = _name(function_arn), ["rule"]
    nouns += ["schedule"] if scope.ever_schedules else []
    nouns += ["subscriber"] if scope.ever_subscribers else []
    senders = wording.in_words([f"{noun}s" for noun in nouns])
    lines = [
        f"  {senders} deliver to {arn}, which is another function: this one is {function_arn}"
        for arn in sorted(arns)
        if f"{_name(arn)}:".startswith(f"{name.partition(':')[0]}:")
    ]
    if not lines:
        names, sender = sorted(map(_name, arns)), " or ".join(nouns)
        hint = hint_for(name, names) if names else f"no {sender} has a Lambda function"
        lines = [f"  no {sender} has it as a target: {hint}"]
    return AssertionError("\n".join(map(wording.printable, [first, *lines])))


def _name(arn: str) -> str:
    """Return the name of a function with the qualifier, if the ARN has one."""
    return Arn.of(arn).resource.removeprefix("function:")
