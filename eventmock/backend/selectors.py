"""Selectors of the targets that an assertion is about: by ARN, by kind, by a predicate, or all.

A selector is an immutable value. It decides whether a delivery is selected, and has words for the text of a failed
assertion.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eventmock.exceptions import OptionError
from eventmock.options import check_known
from eventmock.values.arn import arn_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from eventmock.history.delivery import Delivery
    from eventmock.history.progress import Status
    from eventmock.history.traced_target import TracedTarget


class Selector(ABC):
    """The base of all selectors.

    The methods that have a body are for a selector that reads deliveries only, so that any target may be selected.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def words(self) -> str:
        """The words after ``was delivered`` in a sentence, such as `` to any SQS queue``; empty for all targets."""

    @property
    def is_whole(self) -> bool:
        """Whether all targets are selected, and with them the events that went to no target."""
        return False

    @property
    def is_one_target(self) -> bool:
        """Whether a single target, or dead-letter queue, is selected."""
        return False

    @property
    def rule_arn(self) -> str | None:
        """The ARN of the rule for which the target was made; None if it was made for no rule."""
        return None

    @abstractmethod
    def takes(self, delivery: Delivery) -> bool:
        """Return whether the target of a delivery is selected."""

    def holds(self, delivery: Delivery) -> bool:
        """Return whether the target of a delivery, or the queue that got its dead letter, is selected."""
        return self.takes(delivery)

    def may_hold(self, delivery: Delivery) -> bool:
        """Return whether `holds` is true, or would be if the target's dead-letter queue got the event."""
        return self.holds(delivery)

    def may_mean(self, target: TracedTarget) -> bool:  # noqa: ARG002 - a selector may look at it
        """Return whether a delivery to a target, or its dead letter, may be selected."""
        return True

    def may_mean_rule(self, rule_arn: str) -> bool:  # noqa: ARG002 - a selector may look at it
        """Return whether deliveries by a rule may be selected, whichever targets the rule has now."""
        return True

    def check(self, call: str, targets: Iterable[TracedTarget], status: Status | None) -> None:  # noqa: B027 - a selector may have nothing to check
        """Check that a selected target exists, or has existed.

        Args:
            call: The name of the assertion, for the error's text.
            targets: All targets that exist or have existed.
            status: The status of the deliveries that the assertion is about; None for any status.

        Raises:
            OptionError: No such target has ever existed; or the ARN is that of a dead-letter queue only, and the
                assertion is about delivered events.
        """


@dataclass(frozen=True, slots=True)
class AllTargets(Selector):
    """All targets."""

    @property
    def words(self) -> str:  # noqa: D102 - inherited
        return ""

    @property
    def is_whole(self) -> bool:  # noqa: D102 - inherited
        return True

    def takes(self, delivery: Delivery) -> bool:  # noqa: ARG002, D102 - inherited
        return True


ALL_TARGETS: Final = AllTargets()


@dataclass(frozen=True, slots=True)
class ByArn(Selector):
    """The target, or the dead-letter queue, that has an ARN.

    Attributes:
        arn: The ARN.
        rule_arn: The ARN of the rule for which the target was made; None if it was made for no rule.
    """

    arn: str
    rule_arn: str | None = None

    @property
    def words(self) -> str:  # noqa: D102 - inherited
        return f" to {arn_name(self.arn)}"

    @property
    def is_one_target(self) -> bool:  # noqa: D102 - inherited
        return True

    def takes(self, delivery: Delivery) -> bool:  # noqa: D102 - inherited
        return delivery.target_arn == self.arn

    def holds(self, delivery: Delivery) -> bool:  # noqa: D102 - inherited
        letter = delivery.dead_letter
        return self.takes(delivery) or (letter is not None and letter.queue_arn == self.arn)

    def may_hold(self, delivery: Delivery) -> bool:  # noqa: D102 - inherited
        return self.holds(delivery) or delivery.target.dead_letter_queue == self.arn

    def may_mean(self, target: TracedTarget) -> bool:  # noqa: D102 - inherited
        return self.arn in (target.arn, target.dead_letter_queue)

    def may_mean_rule(self, rule_arn: str) -> bool:  # noqa: D102 - inherited
        return rule_arn == self.rule_arn

    def check(self, call: str, targets: Iterable[TracedTarget], status: Status | None) -> None:  # noqa: D102 - inherited
        __tracebackhide__ = True
        if self.rule_arn is not None:
            return
        pairs = [(target.arn, target.dead_letter_queue) for target in targets]
        arns = {arn for arn, _ in pairs}
        if self.arn not in {queue for _, queue in pairs}:
            check_is_there(f"{call}() of {self.arn}", "target", self.arn, arns)
        elif status == "delivered" and self.arn not in arns:
            raise OptionError(
                f"{call}() of {self.arn}: that is a dead-letter queue: say assert_dead_lettered()"
            )


@dataclass(frozen=True, slots=True)
class ByFunction(Selector):
    """The targets that are a Lambda function, with any qualifier or with a certain one.

    Attributes:
        arn: The ARN of the function without a qualifier.
        qualifier: The qualifier; None for all.
    """

    arn: str
    qualifier: str | None = None

    @property
    def words(self) -> str:  # noqa: D102 - inherited
        return f" to {arn_name(self.arn)}" + ("" if self.qualifier is None else f":{self.qualifier}")

    @property
    def is_one_target(self) -> bool:  # noqa: D102 - inherited
        return True

    def takes(self, delivery: Delivery) -> bool:  # noqa: D102 - inherited
        return self._is_this(delivery.target_arn)

    def may_mean(self, target: TracedTarget) -> bool:  # noqa: D102 - inherited
        return self._is_this(target.arn)

    def may_mean_rule(self, rule_arn: str) -> bool:  # noqa: ARG002, D102 - inherited
        return False

    def check(self, call: str, targets: Iterable[TracedTarget], status: Status | None) -> None:  # noqa: ARG002, D102 - inherited
        __tracebackhide__ = True
        arns = {target.arn for target in targets}
        if not any(map(self._is_this, arns)):
            check_is_there(f"{call}() of {self.arn}", "target", self.arn, arns)

    def _is_this(self, arn: str) -> bool:
        if self.qualifier is not None:
            return arn == f"{self.arn}:{self.qualifier}"
        return arn == self.arn or arn.startswith(f"{self.arn}:")


@dataclass(frozen=True, slots=True)
class ByKind(Selector):
    """The targets of a kind.

    Attributes:
        kind: The name of the kind, such as ``SQS queue``.
    """

    kind: str

    @property
    def words(self) -> str:  # noqa: D102 - inherited
        return f" to any {self.kind}"

    def takes(self, delivery: Delivery) -> bool:  # noqa: D102 - inherited
        return self.may_mean(delivery.target)

    def may_mean(self, target: TracedTarget) -> bool:  # noqa: D102 - inherited
        return target.kind is not None and target.kind.name == self.kind

    def may_mean_rule(self, rule_arn: str) -> bool:  # noqa: ARG002, D102 - inherited
        return False

    def check(self, call: str, targets: Iterable[TracedTarget], status: Status | None) -> None:  # noqa: ARG002, D102 - inherited
        __tracebackhide__ = True
        if not any(map(self.may_mean, targets)):
            raise OptionError(f"{call}(): no rule has a target of the kind {self.kind!r}")


@dataclass(frozen=True, slots=True)
class ByPredicate(Selector):
    """The targets of the deliveries for which a predicate is true.

    Attributes:
        predicate: The predicate of a delivery. An exception that it raises is not caught.
    """

    predicate: Callable[[Delivery], object]

    @property
    def words(self) -> str:  # noqa: D102 - inherited
        return " to the targets that where= picks"

    def takes(self, delivery: Delivery) -> bool:  # noqa: D102 - inherited
        return bool(self.predicate(delivery))


def check_is_there(call: str, what: str, name: str, known: set[str]) -> None:
    """Check that a name or ARN that a test gives exists.

    Args:
        call: The call of the test, with the name, for the error's text.
        what: A noun for the named thing, such as ``rule``, for the error's text.
        name: The name or ARN that the test gives.
        known: All names or ARNs that exist.

    Raises:
        OptionError: The name or ARN does not exist.
    """
    __tracebackhide__ = True
    if not known:
        raise OptionError(f"{call}: there is no {what} at all")
    check_known(f"{call}: there is no such {what}", name, known)
