"""The check of names in ``where(...)``: a name that nothing has ever had, but nearly, is a misspelt one.

A name that is not near to any is not refused: a test may ask for a rule before it is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.exceptions import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.backend.assertions.scope import Scope
    from eventmock.state import State

_NOUNS = {
    "rule": "rule",
    "schedule": "schedule",
    "subscriber": "subscriber",
    "target": "target",
    "bus": "event bus",
    "queue": "dead-letter queue",
    "function": "function",
}


def check_names(state: State, call: str, words: Mapping[str, str]) -> None:
    """Check that names are not misspelt ones.

    Args:
        state: The state of the mock, which has all that exists and existed.
        call: The call of the test, for the error's text.
        words: The names, by the argument of the call.

    Raises:
        OptionError: A name is misspelt; the error's text has the nearest name, and what there is.
    """
    __tracebackhide__ = True
    if not words:
        return
    from eventmock.delivery.failures import PERMANENT, RETRIED
    from eventmock.options import check_known

    if (
        "error_code" in words and not _scope(state).ever_schedules and not _scope(state).ever_subscribers
    ):  # dead letters of schedules and subscribers have codes of their own
        code = words["error_code"]
        check_known(f"{call}(error_code={code!r})", code, RETRIED | PERMANENT)
    for word in _NOUNS.keys() & words.keys():
        _check_one(call, word, words[word], _known(state, word))


def _check_one(call: str, word: str, name: str, known: set[str]) -> None:
    __tracebackhide__ = True
    from eventmock.history.wording import in_words
    from eventmock.values.near_names import nearest_name

    if name in known or not isinstance(name, str):
        return
    of_its_kind = sorted(other for other in known if _form(word, other) == _form(word, name))
    near = nearest_name(name, of_its_kind)
    if near is not None:
        raise OptionError(
            f"{call}({word}={name!r}): there is no such {_NOUNS[word]}, and there never was: did you mean {near!r}? "
            f"There are {in_words(of_its_kind)}"
        )


def _form(word: str, name: str) -> str:
    """Return whether a name is an ``ARN``, a ``place`` such as ``GROUP/NAME`` of a schedule, or a ``name``."""
    if name.startswith("arn:"):
        return "ARN"
    return "place" if word == "schedule" and "/" in name else "name"


def _known(state: State, word: str) -> set[str]:
    """Return all names and ARNs that the rules, schedules, subscribers and others of a word have, or had."""
    if word == "function":
        from eventmock.lambda_functions.functions import LambdaFunctions

        return state.part(LambdaFunctions).names
    with state.lock:
        scope = _scope(state)
        if word == "bus":
            return scope.buses | {event.bus for event in state.ledger.received}
        if word == "queue":
            return {name for pair in scope.dead_letter_queues() for name in pair}
        if word == "schedule":
            return {name for schedule in scope.ever_schedules for name in schedule.names}
        if word == "subscriber":
            return {name for one in scope.ever_subscribers for name in (one.name, one.arn)}
        if word == "target":
            return {name for target in scope.targets() for name in (target.id, target.arn) if name}
        return {name for one in scope.ever for name in (one.rule.name, one.rule.arn)}


def _scope(state: State) -> Scope:
    from eventmock.backend.assertions.scope import Scope

    return Scope(state)
