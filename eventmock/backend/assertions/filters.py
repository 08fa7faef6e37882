"""What an assertion asks for: the words it takes, and whether a record fits them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self, TypedDict

from eventmock.backend.assertions.differences import MISSING, Difference, differences, text_of
from eventmock.delivery.failures import PERMANENT, RETRIED
from eventmock.exceptions import OptionError
from eventmock.history.delivery import Delivery
from eventmock.history.received_event import ReceivedEvent
from eventmock.history.wording import cut, printable
from eventmock.options import check_known
from eventmock.pattern import InvalidPattern, Pattern, PatternSet, compile as compile_pattern
from eventmock.values.arn import arn_name, arn_resource
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from eventmock.event.event import Event
    from eventmock.history.traced_rule import TracedRule
    from eventmock.history.traced_target import TracedTarget

Record = Delivery | ReceivedEvent

_LONGEST_VALUE: Final = 70
"""How many characters a value has at most in the first line of a failed assertion."""


class Filters(TypedDict, total=False):
    """What an assertion may ask for; see `Assertions`."""

    target: str
    rule: str
    bus: str
    source: str
    detail_type: str
    body: object
    detail: object
    matching: Mapping[str, object] | str


class DeadLetterFilters(Filters, total=False):
    """What an assertion of dead letters may ask for; see `Assertions.assert_dead_lettered`."""

    queue: str
    error_code: str


_OF_LETTERS: Final = DeadLetterFilters.__optional_keys__ - Filters.__optional_keys__
_CLAUSES: Final = {
    "bus": ' on "{}"',
    "source": ' from source "{}"',
    "detail_type": ' of type "{}"',
    "queue": " in queue {}",
    "error_code": " with error code {}",
}
"""How the first line of a failed assertion says a filter; it has other words for rule and target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an assertion asks for, checked.

    Attributes:
        words: Names that a record must have, by the word of the assertion.
        contents: What ``body`` and ``detail`` must equal.
        pattern: What the event must match.
        matcher: The same pattern, in the form that is fast for many events.
        of_letters: Whether it asks for dead letters, so that ``body`` is theirs.
        text: All of it in English. It is made before anything is compared, because the repr of some objects tells what
            they were last compared with.
    """

    words: Mapping[str, str]
    contents: Mapping[str, object]
    pattern: Pattern | None
    matcher: PatternSet
    of_letters: bool
    text: str

    @classmethod
    def read(cls, call: str, given: Mapping[str, Any], *, of_letters: bool) -> Self:
        """Check what was given.

        Args:
            call: The name of the assertion, for the message.
            given: Its keywords.
            of_letters: Whether it asks for dead letters.

        Raises:
            OptionError: A keyword is unknown, or a value is no text, no event pattern or no error code.
        """
        __tracebackhide__ = True
        known = DeadLetterFilters.__optional_keys__ if of_letters else Filters.__optional_keys__
        for name in given:
            check_known(f"{call}({name}=...)", name, known)
        words = {name: value for name, value in given.items() if name not in {"body", "detail", "matching"}}
        for name, value in words.items():
            if not isinstance(value, str):
                raise OptionError(f"{call}({name}={value!r}): wanted text")
        if "error_code" in words:
            code = words["error_code"]
            check_known(f"{call}(error_code={code!r})", code, RETRIED | PERMANENT)
        pattern = _compiled(call, given["matching"]) if "matching" in given else None
        matcher = PatternSet()
        if pattern is not None:
            matcher.add("wanted", pattern)
        told = [_CLAUSES[name].format(arn_name(value)) for name, value in words.items() if name in _CLAUSES]
        told += [] if pattern is None else [f" matching {cut(pattern.text, _LONGEST_VALUE)}"]
        wanted = cls(
            words=words,
            contents={},
            pattern=pattern,
            matcher=matcher,
            of_letters=of_letters,
            text="".join(told),
        )
        for name in ("detail", "body"):
            wanted = wanted.with_content(name, given[name]) if name in given else wanted
        return wanted

    def with_content(self, name: str, value: object) -> Self:
        """A copy that asks for one more content."""
        joint = " and" if self.contents else " with"
        text = f"{self.text}{joint} {told_content(name, value)}"
        return replace(self, contents={**self.contents, name: value}, text=text)

    def asks_for(self, bus: str, rule: TracedRule) -> bool:
        """Whether a rule on a bus is one of those asked for."""
        return self.words.get("bus") in (None, bus) and self.words.get("rule") in (None, rule.name, rule.arn)

    def asks_for_target(self, target: TracedTarget) -> bool:
        """Whether a target is one of those asked for."""
        return self.words.get("target") in (None, target.id, target.arn)

    def names(self, delivery: Delivery) -> bool:
        """Whether a delivery has the bus, the rule and the target that are asked for."""
        return all(
            self.words[word] in _NAMES[word](delivery)
            for word in ("bus", "rule", "target")
            if word in self.words
        )

    def fits(self, record: Record) -> bool:
        """Whether a record is what was asked for; an event that became no delivery has no rule, target and body."""
        asked = {*self.words, *self.contents}
        if isinstance(record, ReceivedEvent) and not asked.isdisjoint({"rule", "target", "body"}):
            return False
        return next(self._differences(record), None) is None and self._matches(record)

    def distance(self, record: Record) -> tuple[int, int]:
        """In how many words about dead letters, then in how many places, a record is not what was asked for."""
        paths = [one.path for one in self._differences(record)]
        return sum(path in _OF_LETTERS for path in paths), len(paths) + (not self._matches(record))

    def lines(self, record: Record) -> Iterator[str]:
        """How a record is not what was asked for, a line a place; what it cannot have is left out."""
        event, matches = record.envelope, self._matches(record)
        told = [
            (str(one), one)
            for one in self._differences(record)
            if one.found is not MISSING or one.path not in {*self.words, *self.contents}
        ]
        if matches and told and all(one.wanted is MISSING and one.path[:6] == "detail" for _, one in told):
            yield "it holds what is wanted, and more; to ask for a part of it, say matching="
        for line, one in told:
            yield line
            if isinstance(one.wanted, str) and _is_meant(value_of(one.wanted), one.found):
                yield f"{one.path} is compared as JSON: give the value, not its text"
        if self.pattern is not None and event is not None and not matches:
            yield str(self.pattern.explain(event.for_patterns))

    def _matches(self, record: Record) -> bool:
        event = record.envelope
        return self.pattern is None or (event is not None and bool(self.matcher.matching(event.to_match())))

    def _differences(self, record: Record) -> Iterator[Difference]:
        for word, wanted in self.words.items():
            held = _NAMES[word](record)
            if held and wanted not in held:
                yield Difference(word, held[-1 if wanted.startswith("arn:") else 0], wanted, verb="was")
            elif not held and word in _OF_LETTERS:
                yield Difference(word, MISSING, wanted)
        for name, value in self.contents.items():
            yield from differences(self._content(record, name), value, name)

    def _content(self, record: Record, name: str) -> object:
        event = record.envelope
        if event is not None and name == "detail":
            return detail_of(event)
        return MISSING if isinstance(record, ReceivedEvent) else body_of(record, of_letter=self.of_letters)


def body_of(delivery: Delivery, *, of_letter: bool) -> object:
    """What a target received, or its dead-letter queue: the JSON value, or the text where it is no JSON."""
    letter = delivery.dead_letter if of_letter else None
    body = delivery.body if letter is None else letter.body
    return value_of(body)


def detail_of(event: Event) -> object:
    """The detail of an event."""
    return event.shared_detail()


def value_of(body: str) -> object:
    """The JSON value that a text is, or the text where it is no JSON."""
    try:
        return loads(body)
    except ValueError:
        return body


def _is_meant(value: object, found: object) -> bool:
    """Whether the test gave a JSON text as text, where it should have given the value."""
    return (isinstance(value, (dict, list)) and isinstance(found, (dict, list))) or value == found


def told_content(name: str, value: object) -> str:
    """A content, as the first line of a failed assertion says it."""
    return f"{name} {cut(text_of(value), _LONGEST_VALUE)}"


def _compiled(call: str, pattern: Any) -> Pattern:
    __tracebackhide__ = True
    try:
        return compile_pattern(pattern)
    except (InvalidPattern, TypeError) as error:
        raise OptionError(f"{call}(matching={pattern!r}): {printable(str(error))}") from None


def _names_of_queue(record: Record) -> tuple[str, ...]:
    """The queue that it came to, or would come to."""
    if isinstance(record, ReceivedEvent):
        return ()
    letter = record.dead_letter
    arn = record.target.dead_letter_queue if letter is None else letter.queue_arn
    return () if arn is None else (arn_resource(arn), arn)


def _error_code(record: Record) -> tuple[str, ...]:
    letter = None if isinstance(record, ReceivedEvent) else record.dead_letter
    return () if letter is None else (letter.attributes["ERROR_CODE"],)


def _names_of_rule(record: Record) -> tuple[str, ...]:
    return () if isinstance(record, ReceivedEvent) else (record.rule_name, record.rule_arn)


def _names_of_target(record: Record) -> tuple[str, ...]:
    return () if isinstance(record, ReceivedEvent) else (record.target_id, record.target_arn)


_NAMES: Final[dict[str, Callable[[Record], tuple[str, ...]]]] = {
    "target": _names_of_target,
    "rule": _names_of_rule,
    "bus": lambda record: (record.bus,),
    "source": lambda record: (_arrival(record).source,),
    "detail_type": lambda record: (_arrival(record).detail_type,),
    "queue": _names_of_queue,
    "error_code": _error_code,
}
"""The names and ARNs by which a filter knows a record; empty where the record has no such thing."""


def _arrival(record: Record) -> ReceivedEvent:
    return record if isinstance(record, ReceivedEvent) else record.cause
