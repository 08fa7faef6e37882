"""A proposed subscriber, and notes on what it cannot do as the target of the rule did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.services.events.rule import Rule
    from eventmock.services.events.target import Target

Aspect = Literal["nothing", "matching", "body", "call", "failure", "do"]

WORDS: Final[Mapping[Aspect, str]] = {
    "nothing": "no subscriber",
    "matching": "other events",
    "body": "another body",
    "call": "another call",
    "failure": "if it fails",
    "do": "to do",
}
"""What each aspect is called in reports."""


class Note(NamedTuple):
    """What a person must know of a proposal.

    Attributes:
        aspect: What it is about: ``nothing``, why no subscriber is proposed; ``matching``, which events come;
            ``body``, what the target gets; ``call``, how it is called; ``failure``, what happens when it fails; ``do``,
            what has to be done or decided besides.
        text: The note, in a sentence.
    """

    aspect: Aspect
    text: str

    def __str__(self) -> str:
        return f"{WORDS[self.aspect]}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed for one target of a rule, or for a rule without targets or that only a schedule starts.

    Attributes:
        request: The parameters of CreateSubscriber but its ``EventBusArn``; None if no subscriber does the same.
        notes: What a person must know.
        label: What a person calls the rule: its name, or its logical ID if the template gives it no name.
    """

    request: Mapping[str, Any] | None
    notes: Sequence[Note]
    label: str
    _rule: Rule = field(repr=False)
    _target: Target | None = field(repr=False)

    @property
    def rule_name(self) -> str:
        """The name of the rule."""
        return self._rule.name

    @property
    def target_id(self) -> str | None:
        """The id of the target in the rule; None if the proposal is about the rule as a whole."""
        return None if self._target is None else self._target.id

    @property
    def target_arn(self) -> str | None:
        """The ARN of the rule's target; None if the proposal is about the rule as a whole."""
        return None if self._target is None else self._target.arn

    @property
    def name(self) -> str:
        """The rule and its target in words, such as ``ship -> sqs parcels``."""
        if self._target is None:
            return self.label
        from eventmock.values.arn import arn_name

        return f"{self.label} -> {arn_name(self._target.arn)}"

    def announces(self, aspect: Aspect) -> bool:
        """Return whether a note says that something of this aspect differs."""
        return any(note.aspect == aspect for note in self.notes)

    def __str__(self) -> str:
        head = self.name if self.request is None else f"{self.name}: subscriber {self.request['Name']}"
        return "\n".join([head, *(f"  {note}" for note in self.notes)])
