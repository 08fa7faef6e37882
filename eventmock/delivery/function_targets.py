"""The functions of a test that stand at the other end of targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.exceptions import is_true_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.history.delivery import Delivery
    from eventmock.parts.part import Restore

    Function = Callable[[Any], object]
    Predicate = Callable[[Delivery], object]


def record_only(_value: Any) -> None:
    """Takes whatever comes: a target that the test wants recorded and no more."""


class FunctionTargets:
    """Which function gets a delivery: the one for its ARN, else the newest whose predicate holds, else its kind's.

    A function gets the JSON value that the target receives, or the text where it is no JSON.
    """

    def __init__(self) -> None:
        self._by_arn: dict[str, Function] = {}
        self._by_predicate: list[tuple[Predicate, Function]] = []
        self._by_kind: dict[str, Function] = {}

    def for_arn(self, arn: str, function: Function) -> None:
        """Register a function for what goes to a target."""
        self._by_arn[arn] = function

    def for_kind(self, kind: str, function: Function) -> None:
        """Register a function for what goes to targets of a kind."""
        self._by_kind[kind] = function

    def where(self, predicate: Predicate, function: Function) -> None:
        """Register a function for the deliveries for which a predicate is true."""
        self._by_predicate.insert(0, (predicate, function))

    def of_arn(self, arn: str) -> Function | None:
        """The function for an ARN."""
        return self._by_arn.get(arn)

    def of(self, delivery: Delivery, kind: str | None) -> Function | None:
        """The function that gets a delivery.

        Raises:
            OptionError: A predicate raised something.
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
        """Keep the functions, to be brought back later."""
        by_arn, by_predicate, by_kind = dict(self._by_arn), list(self._by_predicate), dict(self._by_kind)

        def restore() -> None:
            self._by_arn, self._by_predicate, self._by_kind = (
                dict(by_arn),
                list(by_predicate),
                dict(by_kind),
            )

        return restore
