"""What a service adds to coverage: its subjects, such as rules, and what tests have tried of them.

`Face.coverage` of a service names the module that says it. `eventmock.coverage` collects it, and knows no service.
Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence

    from eventmock.history.ledger import Entry
    from eventmock.state import State

PointKind = Literal[
    "value",
    "branch",
    "refusal",
    "delivery",
    "failure",
    "dead letter",
    "input",
    "firing",
    "end",
    "batch",
    "order",
    "replay",
]
"""What a point is about; docs/rule-coverage.md describes each."""
FIRES_AT: Final = "fires at "
"""The beginning of the text of a point about firings at some moments only, such as ``fires at UTC+02:00``."""


class Point(NamedTuple):
    """One thing about a subject that a test can try.

    Attributes:
        kind: What the point is about.
        key: A text that is unique among the points of the subject, and the same in each run. The key of a point about a
            target is its kind and the ARN of the target, without an id that AWS adds; after it more words may follow.
        text: Words for people, such as ``detail.state "PAID"``.
        where: The place in the pattern of the subject, as names and places in lists; empty if it is not about the
            pattern.
    """

    kind: PointKind
    key: str
    text: str
    where: tuple[str | int, ...] = ()


class Subject(NamedTuple):
    """A subject of coverage, such as a rule.

    Attributes:
        kind: The kind of subject, such as ``rule``.
        account: The account, 12 digits.
        region: The region.
        place: What contains the subject, such as the name of an event bus or a schedule group.
        name: The name.
        arn: The ARN, by which the template is found that has deployed the subject.
        identity: A text that differs from others of the same kind, account, region and place, such as a pattern. Names
            do not count, because many tests make them up.
        definition: The members by which AWS's API defines the subject, such as ``EventPattern``, as values of JSON.
            ``Targets`` is the list of its targets, also if the API has one ``Target`` only. A subject with filters has
            ``FilterConfiguration``, also if all events match.
        points: What a test can try.
        identity_in_template: The identity if a template has deployed the subject, without what differs from stack to
            stack; None if that is the same text.
    """

    kind: str
    account: str
    region: str
    place: str
    name: str
    arn: str
    identity: str
    definition: Mapping[str, Any]
    points: tuple[Point, ...]
    identity_in_template: str | None = None


class Tried(NamedTuple):
    """What a test has tried of a subject.

    Attributes:
        subject: The subject.
        counts: How often something happened, by its name, such as ``matched``. The name of what happened to a target
            has the ARN of the target after it, such as ``delivered arn:aws:sqs:...``.
        points: The keys of the points that were tried.
        event: The event that the subject took, as JSON text; of a schedule, the ``time`` for which it fired. None if it
            took none.
    """

    subject: Subject
    counts: Mapping[str, int] = {}
    points: Collection[str] = ()
    event: str | None = None


class ServiceCoverage(Protocol):
    """What a service adds to coverage.

    The module that `Face.coverage` names has a class ``COVERAGE`` of this protocol, which is called without arguments.
    One object serves all mocks of a run, so it may keep what it has computed.
    """

    def subjects(self, state: State) -> Iterable[Subject]:
        """Return the subjects that exist in a mock."""

    def tried(
        self, state: State, entries: Sequence[Entry], known: Callable[[Subject], Container[str]]
    ) -> Iterable[Tried]:
        """Return what was tried, as entries of the journal show it.

        Args:
            state: The state of the mock.
            entries: The entries.
            known: A function that returns the keys of the points of a subject that were tried before. They need not be
                found again.
        """
