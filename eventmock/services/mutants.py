"""What a service adds to mutants: the mistakes that a person could make in a rule, and how a mock has one of them.

A mutant is a rule with one mistake. `Face.mutants` of a service names the module that knows them. `eventmock.mutants`
runs the tests with each mutant, and knows no service.
Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventmock.services.coverage import Subject
    from eventmock.state import State

Harm = Literal["silence", "less", "lost", "changed", "ended", "more"]
"""What a mutant would do in production, the worst first.

``silence``: no event is delivered that should be. ``less``: some events are not delivered. ``lost``: events are lost
when a target fails. ``changed``: targets get something else, or at other times. ``ended``: a schedule exists longer, or
not as long, as it should. ``more``: targets get events that they should not get. Of a schedule, read *firing* for
*event*.
"""


class Mutated(NamedTuple):
    """A rule, or another subject of coverage, as the tests have defined it.

    Attributes:
        kind: The kind of subject, such as ``rule``.
        account: The account, 12 digits.
        region: The region.
        place: What contains the subject, such as the name of an event bus.
        places: The names of all places of the same account and region that the tests have, such as all event buses.
        names: The names that tests have given to the subject.
        identity: As in `eventmock.services.coverage.Subject`.
        definition: The members by which AWS's API defines the subject, without ``Targets``.
        targets: The members of its targets, as PutTargets takes them.
        event: An event that the subject took in the tests, as JSON text; of a schedule, the ``time`` for which it
            fired. None if it took none.
        is_deployed: Whether a template has deployed the subject. Then account, region and place are those of one
            deployment of several, and the names tell it from other resources of the template.
    """

    kind: str
    account: str
    region: str
    place: str
    places: tuple[str, ...]
    names: tuple[str, ...]
    identity: str
    definition: Mapping[str, Any]
    targets: tuple[Mapping[str, Any], ...]
    event: str | None
    is_deployed: bool = False


def mutated(subject: Subject, event: str | None) -> Mutated:
    """Return a subject of coverage as one mock has it.

    Args:
        subject: The subject.
        event: What it took, as JSON text; None if it took nothing.
    """
    definition = dict(subject.definition)
    targets = definition.pop("Targets", ())
    return Mutated(
        kind=subject.kind,
        account=subject.account,
        region=subject.region,
        place=subject.place,
        places=(subject.place,),
        names=(subject.name,),
        identity=subject.identity,
        definition=definition,
        targets=tuple(targets),
        event=event,
    )


class Mutant(NamedTuple):
    """A mistake in a rule, or in another subject of coverage.

    Attributes:
        kind: The kind of mistake, such as ``prefix for equality``.
        harm: What it would do in production.
        text: The mistake in one line, such as ``detail.state: prefix "PAID" instead of "PAID"``.
        member: The member of the API that differs, such as ``EventPattern``.
        before: The member as it is, a value of JSON; None if it is absent.
        after: The member with the mistake.
        change: What the service needs to have the mistake in a mock, as values of JSON.
        event: An event that shows the difference; of a schedule, the ``time`` for which it fires, or should fire. None
            if none is known.
        equivalent: Why no event shows a difference, if that is proven; None if it is not.
        moment: In words, the moment at which a schedule shows the difference, and how; None if none is known, or if the
            subject is not a schedule of EventBridge Scheduler.
    """

    kind: str
    harm: Harm
    text: str
    member: str
    before: Any
    after: Any
    change: Mapping[str, Any]
    event: Mapping[str, Any] | None = None
    equivalent: str | None = None
    moment: str | None = None


class ServiceMutants(Protocol):
    """What a service knows of mutants. The module that `Face.mutants` names has a ``MUTANTS`` of this protocol."""

    def mutants(self, subject: Mutated) -> Iterable[Mutant]:
        """Return the mistakes that a person could make in a subject, also those that are proven to change nothing."""

    def alter(self, state: State, record: Any, subject: Mutated, mutant: Mutant) -> Any:
        """Return the record of a mock with the mistake, if it is the subject; else the record as it is.

        `State.altered` calls it whenever the service keeps a record, such as a rule, so it is called for each change of
        the same rule, also with a record that it has altered before.
        """

    def unnoticed(self, state: State) -> Iterable[tuple[Subject, Mutant]]:
        """Return the mistakes that nothing in a mock has shown so far, each with its subject, without running a test.

        `EventsBackend.unnoticed_mutants` returns them. A service that cannot tell returns none.
        """
