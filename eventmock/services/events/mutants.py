"""The mistakes that a person could make in a rule: its pattern, state, bus, schedule, targets and their inputs.

`altered_rule` gives a mock a rule with one of them. What only some rules have is left alone in others: a rule with a
schedule has no other bus, as only the default bus has schedules.
Source: ours.
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.pattern import compile as compile_pattern, is_satisfiable
from eventmock.pattern.difference import difference, share_no_event
from eventmock.pattern.mutations import mutations as pattern_mutations
from eventmock.pattern.points import read_pattern
from eventmock.schedule import Cron, parse_for_rule
from eventmock.schedule.mutations import fire_alike, first_difference, mutations as schedule_mutations
from eventmock.services.events.altered_rule import Change, altered_rule, altered_target
from eventmock.services.events.event_bus import DEFAULT_BUS
from eventmock.services.events.rule import Rule
from eventmock.services.events.scheduled_rules import DETAIL_TYPE, SOURCE
from eventmock.services.mutants import Mutant
from eventmock.target_kinds import kind_of
from eventmock.transform.input_shape import InputShape
from eventmock.transform.json_path import MISSING
from eventmock.transform.json_text import JsonText
from eventmock.transform.refusals import InvalidInput, InvalidJson
from eventmock.values.arn import Arn, arn_name, arn_without_id, partition_of, resource_name
from eventmock.values.deep_json import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from eventmock.schedule import Rate
    from eventmock.services.coverage import Subject
    from eventmock.services.mutants import Harm, Mutated
    from eventmock.state import State

DISABLED: Final = "rule disabled"
ENABLED: Final = "rule enabled"
WRONG_BUS: Final = "wrong bus"
TARGET_REMOVED: Final = "target removed"
DLQ_REMOVED: Final = "dead-letter queue removed"
NO_RETRIES: Final = "no retries"
PATH_FOR_TRANSFORMER: Final = "InputPath for transformer"
INPUT_DROPPED: Final = "input dropped"
ANOTHER_PATH: Final = "another path"

_NEW_YEAR: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The moment from which the firings of schedules are compared, if no event of the rule is known."""
_MUST_FAIL: Final = "an event shows it if the target fails"
_INPUTS: Final = ("Input", "InputPath", "InputTransformer")


class RuleMutants:
    """The mistakes in rules."""

    def mutants(self, subject: Mutated) -> Iterator[Mutant]:
        """Yield the mistakes that a person could make in a rule."""
        if subject.kind == "rule":
            yield from _Mutants(subject).all()

    def alter(self, state: State, record: Any, subject: Mutated, mutant: Mutant) -> Any:
        """Return the record of a mock with the mistake, if it is the subject; else the record as it is."""
        if subject.kind != "rule" or not isinstance(record, Rule):
            return record
        return altered_rule(state, record, subject, mutant.change)

    def unnoticed(self, state: State) -> Iterable[tuple[Subject, Mutant]]:
        """Return the mistakes in patterns that no event in a mock has shown, each with its rule."""
        from eventmock.services.events.unnoticed import unnoticed

        return unnoticed(state, self.mutants)


MUTANTS: Final = RuleMutants()


class _Mistake(NamedTuple):
    """A mistake in a target.

    Attributes:
        kind: The kind of mistake.
        harm: What it would do in production.
        text: The mistake in words, after the name of the target.
        change: The members of the change besides the target.
    """

    kind: str
    harm: Harm
    text: str
    change: Change


class _Mutants:
    """The mutants of one rule.

    Args:
        subject: The rule.
    """

    def __init__(self, subject: Mutated) -> None:
        self._subject = subject
        self._pattern: str | None = subject.definition.get("EventPattern")
        self._schedule: str | None = subject.definition.get("ScheduleExpression")
        self._known: dict[str, Any] | None = None if subject.event is None else loads(subject.event)
        self._proof: str | None = None
        self._event = self._made_up_event() if self._known is None else self._known

    def all(self) -> Iterator[Mutant]:
        """Yield the mutants in the order of the members of a rule."""
        if self._pattern is not None:
            yield from self._in_pattern(self._pattern)
        yield from self._in_state()
        yield from self._on_another_bus()
        if self._schedule is not None:
            yield from self._in_schedule(self._schedule)
        for target in self._subject.targets:
            yield from self._in_target(target)

    def _in_pattern(self, text: str) -> Iterator[Mutant]:
        pattern, before = compile_pattern(text), read_pattern(text)
        for mutation in pattern_mutations(text, self._known):
            mistaken = compile_pattern(mutation.pattern)
            found = difference(pattern, mistaken, self._event)
            harm: Harm = "more"
            if found.matched_by_first:
                harm = "silence" if share_no_event(pattern, mistaken) else "less"
            yield Mutant(
                kind=mutation.kind,
                harm=harm,
                text=mutation.text,
                member="EventPattern",
                before=before,
                after=read_pattern(mutation.pattern),
                change={"EventPattern": mutation.pattern},
                event=found.event,
                equivalent=found.proof,
            )

    def _in_state(self) -> Iterator[Mutant]:
        event, proof = self._event, self._proof
        state = self._subject.definition.get("State", "ENABLED")
        if state == "DISABLED" and self._subject.event is None:
            yield Mutant(
                ENABLED,
                "more",
                "the rule is enabled",
                "State",
                state,
                "ENABLED",
                {"State": "ENABLED"},
                event,
                proof,
            )
            return
        after = "DISABLED"
        before = "ENABLED" if state == after else state  # some test has disabled it
        yield Mutant(
            DISABLED,
            "silence",
            "the rule is disabled",
            "State",
            before,
            after,
            {"State": after},
            event,
            proof,
        )

    def _on_another_bus(self) -> Iterator[Mutant]:
        """Yield the mutant that is on another bus: the default bus, if `EventBusName` may have been forgotten."""
        place = self._subject.place
        taken = {place, *(resource_name(target["Arn"]) for target in self._subject.targets)}
        known = [*self._subject.places] if place == DEFAULT_BUS else [*self._subject.places, DEFAULT_BUS]
        others = sorted(set(known) - taken, key=lambda name: (name != DEFAULT_BUS, name))
        if others and self._schedule is None:
            other = others[0]
            event, proof = self._event, self._proof
            text = f'the rule is on the bus "{other}" instead of "{place}"'
            change = {"EventBusName": other}
            yield Mutant(WRONG_BUS, "silence", text, "EventBusName", place, other, change, event, proof)

    def _in_schedule(self, expression: str) -> Iterator[Mutant]:
        schedule = parse_for_rule(expression)
        for kind, mistaken in schedule_mutations(expression):
            other = parse_for_rule(mistaken)
            found = self._telling_firing(schedule, other)
            proof = "both expressions have the same firings" if fire_alike(schedule, other) else None
            words, event = ("", None) if found is None else found
            yield Mutant(
                kind=kind,
                harm="changed",
                text=f"schedule: {mistaken} instead of {expression}{words}",
                member="ScheduleExpression",
                before=expression,
                after=mistaken,
                change={"ScheduleExpression": mistaken},
                event=event,
                equivalent=proof,
            )

    def _in_target(self, target: Mapping[str, Any]) -> Iterator[Mutant]:
        arn = target["Arn"]
        for mistake in self._mistakes_in_target(target):
            change = {"Target": arn_without_id(arn), **mistake.change}
            after = altered_target(target, change)
            event, proof = self._event, self._proof
            if after is not None and any(target.get(name) != after.get(name) for name in _INPUTS):
                try:
                    one, other = InputShape.from_target(target), InputShape.from_target(after)
                except InvalidInput:  # AWS refuses the target
                    continue
                if one == other:
                    proof = "the template does not use this variable"
                event = next(
                    (seen for seen in self._events_with(one, event) if self._differ(one, other, seen)), None
                )
            text = f"target {arn_name(arn)}{mistake.text}"
            yield Mutant(
                mistake.kind, mistake.harm, text, "Targets", dict(target), after, change, event, proof
            )

    def _mistakes_in_target(self, target: Mapping[str, Any]) -> Iterator[_Mistake]:
        fewer: Harm = "silence" if len(self._subject.targets) == 1 else "less"
        yield _Mistake(TARGET_REMOVED, fewer, " is missing", {"Removed": True})
        if "DeadLetterConfig" in target:
            queue = arn_name(target["DeadLetterConfig"].get("Arn", ""))
            text = f": no dead-letter queue instead of {queue}; {_MUST_FAIL}"
            yield _Mistake(DLQ_REMOVED, "lost", text, {"Drop": ["DeadLetterConfig"]})
        policy = target.get("RetryPolicy")
        if policy and policy.get("MaximumRetryAttempts") != 0:
            none = {"RetryPolicy": {**policy, "MaximumRetryAttempts": 0}}
            text = f": no retries instead of {policy.get('MaximumRetryAttempts', 185)}; {_MUST_FAIL}"
            yield _Mistake(NO_RETRIES, "lost", text, {"Drop": ["RetryPolicy"], "Set": none})
        for name in _INPUTS:
            if name in target:
                yield from _mistakes_in_input(target, name)

    def _events_with(self, shape: InputShape, event: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
        """Yield an event that the rule takes, then the same with values on the paths of an input that lead nowhere."""
        if event is None:
            return
        yield event
        more = copy.deepcopy(event)
        paths = [shape.path] if shape.path is not None else []
        paths += [] if shape.template is None else shape.template.paths.values()
        for path in paths:
            found = path.find(JsonText.parse(dumps(more, (",", ":"))))
            if found is MISSING or found.is_null:
                _set(more, path.steps, f"value of {path.text}")
        if self._pattern is None or compile_pattern(self._pattern).matches(more):
            yield more

    def _differ(self, one: InputShape, other: InputShape, event: Mapping[str, Any]) -> bool:
        return self._rendered(one, event) != self._rendered(other, event)

    def _rendered(self, shape: InputShape, event: Mapping[str, Any]) -> str | None:
        """Return what a target gets of an event; None if AWS delivers nothing."""
        try:
            return shape.render(
                dumps(event, (",", ":")),
                rule_arn=self._arn,
                rule_name=self._name,
                ingestion_time=_NEW_YEAR,
            )
        except InvalidJson:
            return None

    def _made_up_event(self) -> dict[str, Any] | None:
        """Return an event that the rule takes; None if none is known."""
        whole = self._fired(_NEW_YEAR)
        if self._pattern is None:
            return whole
        answer = is_satisfiable(self._pattern, on_a_bus=True)
        if answer.holds is False:
            self._proof = "no event matches the pattern"
        if answer.witness is None:
            return None
        event = {**whole, "detail-type": "example", "source": "example", "resources": [], **answer.witness}
        return event if compile_pattern(self._pattern).matches(event) else answer.witness

    def _telling_firing(self, one: Rate | Cron, other: Rate | Cron) -> tuple[str, dict[str, Any]] | None:
        """Return the first firing that only one of two schedules has, in words and as an event; None if not known."""
        after = _NEW_YEAR if self._known is None else datetime.fromisoformat(self._known["time"])
        found = first_difference(one, other, after)
        if found is None:
            return None
        moment, is_lost = found
        verb = "does not fire" if is_lost else "fires"
        # a rate counts from the moment at which its rule is put, which differs from test to test
        is_dated = isinstance(one, Cron) and isinstance(other, Cron)
        return f": {verb} on {moment:%a %Y-%m-%d %H:%M} UTC" if is_dated else "", self._fired(moment)

    def _fired(self, moment: datetime) -> dict[str, Any]:
        """Return the event of a firing."""
        known = self._known if self._known and self._known["source"] == SOURCE else {}
        return {
            "version": "0",
            "id": "00000000-0000-0000-0000-000000000000",
            "detail-type": DETAIL_TYPE,
            "source": SOURCE,
            "account": self._subject.account,
            "region": self._subject.region,
            "resources": [self._arn],
            "detail": {},
            **known,
            "time": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        }

    @property
    def _name(self) -> str:
        return min(self._subject.names, default="rule")

    @property
    def _arn(self) -> str:
        subject = self._subject
        on_bus = "" if subject.place == DEFAULT_BUS else f"{subject.place}/"
        partition = partition_of(subject.region)
        return str(Arn(partition, "events", subject.region, subject.account, f"rule/{on_bus}{self._name}"))


def _set(event: dict[str, Any], steps: Sequence[object], value: str) -> None:
    """Set a value in an event, if the path has names only and all around it are objects."""
    *outer, last = steps
    around = event
    for step in outer:
        inner = around.setdefault(step, {}) if isinstance(step, str) else None
        if not isinstance(inner, dict):
            return
        around = inner
    if isinstance(last, str):
        around[last] = value


def _mistakes_in_input(target: Mapping[str, Any], name: str) -> Iterator[_Mistake]:
    """Yield the mistakes in a target's Input, InputPath or InputTransformer."""
    dropped = {"Drop": [name]}
    given = target[name]
    if name == "InputPath":
        for path in _paths_nearby(given):
            if path == "$":  # the event, as without InputPath
                continue
            text = f": InputPath {path} instead of {given}"
            yield _Mistake(ANOTHER_PATH, "changed", text, {**dropped, "Set": {name: path}})
    elif name == "InputTransformer":
        if not _takes_only_transformers(target):
            text = ": InputPath $.detail instead of its InputTransformer"
            instead = {**dropped, "Set": {"InputPath": "$.detail"}}
            yield _Mistake(PATH_FOR_TRANSFORMER, "changed", text, instead)
        for variable, old in sorted(given.get("InputPathsMap", {}).items()):
            for path in _paths_nearby(old):
                text = f": <{variable}> is {path} instead of {old}"
                yield _Mistake(ANOTHER_PATH, "changed", text, {"InputPathsMap": {variable: path}})
    yield _Mistake(INPUT_DROPPED, "changed", f": the event instead of its {name}", dropped)


def _takes_only_transformers(target: Mapping[str, Any]) -> bool:
    """Return whether AWS refuses the InputPath of a target: of a log group, or of a task of ECS."""
    arn = Arn.parse(target["Arn"])
    kind = None if arn is None else kind_of(arn)
    return "EcsParameters" in target or (kind is not None and kind.service == "logs")


def _paths_nearby(path: str) -> list[str]:
    """Return the paths that a person could write for a path: one level less, at its end or its beginning."""
    outer, _, last = path.rpartition(".")
    inner = path.removeprefix("$.detail.")
    found = [outer] if last and outer.startswith("$") else []
    if inner != path:
        found.append(f"$.{inner}")
    return found
