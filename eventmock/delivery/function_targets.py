"""The functions of a test that receive deliveries in place of targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.exceptions import is_true_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.history.delivery import Delivery
    from eventmock.parts.part import Restore

    Function = Callable[[Any], object]
    Predicate = Callable[[Delivery], object]


MADE_UP_ID: Final = "function-"
"""The beginning of the id of a target that a rule got for a function; the end of the target's ARN is the id."""


def is_made_up(arn: str, target_id: str) -> bool:
    """Return whether the ARN of a target was made up for a function of the test."""
    return target_id.startswith(MADE_UP_ID) and arn.endswith(f"-{target_id}")


def record_only(_value: Any) -> None:
    """Receive a delivery and do nothing: for a target whose deliveries are recorded only."""


class FunctionTargets:
    """The functions that receive deliveries.

    The function for the target's ARN has precedence; then the newest whose predicate is true of the delivery; then the
    function for the target's kind. A function gets the JSON value that the target receives, or the text if that is not
    JSON.
    """

    def __init__(self) -> None:
        self._by_arn: dict[str, Function] = {}
        self._by_predicate: list[tuple[Predicate, Function]] = []
        self._by_kind: dict[str, Function] = {}

    def for_arn(self, arn: str, function: Function) -> None:
        """Register a function for the deliveries to a target."""
        self._by_arn[arn] = function

    def for_kind(self, kind: str, function: Function) -> None:
        """Register a function for the deliveries to all targets of a kind."""
        self._by_kind[kind] = function

    def where(self, predicate: Predicate, function: Function) -> None:
        """Register a function for the deliveries for which a predicate is true."""
        self._by_predicate.insert(0, (predicate, function))

    def of_arn(self, arn: str) -> Function | None:
        """Return the function for an ARN; None if there is none."""
        return self._by_arn.get(arn)

    def of(self, delivery: Delivery, kind: str | None) -> Function | None:
        """Return the function that gets a delivery; None if no function does.

        Args:
            delivery: The delivery.
            kind: The name of the target's kind; None if the target is of no kind that eventmock knows.

        Raises:
            OptionError: A predicate of the test raised an error.
        """
        found = self._by_arn.get(delivery.target_arn)
        if found is not None:
            return found
        for predicate, function in self._by_predicate:
            if is_true_of("backend.target(where=...)", predicate, delivery):
                return function
        return None if kind is None else self._by_kind.get(kind)

    def clear(self) -> None:
        """Forget all functions."""
        self._by_arn, self._by_predicate, self._by_kind = {}, [], {}

    def save(self) -> Restore:
        """Return a function that restores the present functions."""
        by_arn, by_predicate, by_kind = dict(self._by_arn), list(self._by_predicate), dict(self._by_kind)

        def restore() -> None:
            self._by_arn, self._by_predicate, self._by_kind = (
                dict(by_arn),
                list(by_predicate),
                dict(by_kind),
            )

        return restore
