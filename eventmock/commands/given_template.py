"""A template of CloudFormation, SAM or the CDK as an argument of the command line, and the rules in it.

The template is deployed in a state of its own, and no error of a single resource stops that. What a template cannot
know is made up: exports of other stacks, parameters and secrets that AWS stores. So no error is shown that may come of
it: that a resource does not exist, which another template may have made, or an error of a resource with a made-up
value.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from eventmock.commands.documents import MANIFEST, WrongInput
from eventmock.commands.given_schedule import TemplateSchedule, schedule_of
from eventmock.commands.output import say
from eventmock.exceptions import OptionError, TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from eventmock.commands.documents import Document
    from eventmock.deployment.stack import DeployedStack, StackResource
    from eventmock.services.events.rule import Rule
    from eventmock.state import State
    from eventmock.templates.source import Place, Source

SUFFIXES: Final = (".yaml", ".yml", ".template")
"""The suffixes of files that are templates, whatever is in them."""

_RULE: Final = "AWS::Events::Rule"
_SCHEDULE: Final = "AWS::Scheduler::Schedule"
_SECTION: Final = re.compile(r"^Resources\s*:", re.MULTILINE)


class TemplateRule(NamedTuple):
    """A rule of a template.

    Attributes:
        logical_id: The logical ID.
        place: The place in the template.
        rule: The rule. It has no compiled pattern if AWS would refuse the pattern. The name of its bus is empty if the
            template does not say it, because another stack exports it.
        refused: The reason why AWS would refuse the pattern or the schedule; None if it would not.
        targets: The evaluated members of its targets.
    """

    logical_id: str
    place: Place
    rule: Rule
    refused: str | None
    targets: Sequence[Any] = ()

    @property
    def name(self) -> str:
        """The name of the rule."""
        return self.rule.name

    @property
    def expression(self) -> str:
        """The expression of the rule's schedule; empty if the rule has none."""
        return self.rule.schedule_expression or ""

    @property
    def state(self) -> str:
        """The State of the rule."""
        return self.rule.state

    @property
    def has_pattern(self) -> bool:
        """Whether the rule has a pattern, or may have one because it could not be evaluated."""
        return self.rule.event_pattern is not None or self.rule.schedule_expression is None

    @property
    def has_schedule(self) -> bool:
        """Whether the rule has a schedule, or may have one because it could not be evaluated."""
        return self.rule.schedule_expression is not None or self.rule.event_pattern is None

    @property
    def origin(self) -> dict[str, Any]:
        """The logical ID and the place, as values that JSON can express."""
        return {"logical_id": self.logical_id, "file": self.place.file, "line": self.place.line}


_OneT = TypeVar("_OneT", TemplateRule, TemplateRule | TemplateSchedule)


class GivenTemplate(NamedTuple):
    """A template, or the output of a CDK app.

    Attributes:
        title: The name of the argument in messages, such as ``PATTERN (template.yaml)``.
        rules: The rules of all its stacks, in the order of the template.
        schedules: The schedules of EventBridge Scheduler.
        errors: The errors of the resources that AWS would refuse, without those of `TemplateRule.refused`.
        subscribers: The names of the subscribers of custom event buses, which no command for rules shows.
    """

    title: str
    rules: Sequence[TemplateRule]
    schedules: Sequence[TemplateSchedule]
    errors: Sequence[TemplateError]
    subscribers: Sequence[str] = ()

    def rule(self, logical_id: str) -> TemplateRule:
        """Return the rule of a logical ID.

        Raises:
            WrongInput: There is no such rule, several stacks have one, or AWS would refuse it.
        """
        return self._only(logical_id, self.rules, "rule")

    def scheduled(self, logical_id: str) -> TemplateRule | TemplateSchedule:
        """Return the rule, or the schedule of EventBridge Scheduler, of a logical ID.

        Raises:
            WrongInput: There is no such rule or schedule, several stacks have one, or AWS would refuse it.
        """
        found: list[TemplateRule | TemplateSchedule] = [*self.rules, *self.schedules]
        return self._only(logical_id, found, "rule or schedule" if self.schedules else "rule")

    def _only(self, logical_id: str, candidates: Sequence[_OneT], word: str) -> _OneT:
        """Return the candidate of a logical ID."""
        found = [one for one in candidates if one.logical_id == logical_id]
        if not found:
            from eventmock.options import hint_for

            known = sorted({one.logical_id for one in candidates})
            raise WrongInput(
                f"{self.title} has no {word} {logical_id!r}: "
                + (hint_for(logical_id, known) if known else "it has no rules")
            )
        if len(found) > 1:
            places = ", ".join(str(one.place) for one in found)
            raise WrongInput(
                f"{self.title} has several {word}s {logical_id!r}: {places}; give one of the files"
            )
        [one] = found
        if one.refused is not None:
            raise WrongInput(f"{one.place}: {logical_id} is not valid: {one.refused}")
        return one

    def warn(self, rule: str | None = None) -> None:
        """Print the errors of the resources that AWS would refuse.

        Args:
            rule: The logical ID of a rule, if only its errors are wanted; None for all.
        """
        for error in self.errors:
            if rule in (None, error.logical_id):
                say(f"warning: {error}", sys.stderr)


def is_template(given: Document) -> bool:
    """Return whether a document is a template or the manifest of a CDK app, or is meant to be one."""
    return (given.path is not None and given.path.lower().endswith(SUFFIXES)) or _has_resources(given)


def _has_resources(given: Document) -> bool:
    """Return whether the text of a document is that of a template, or the manifest of a CDK app."""
    if given.text.lstrip()[:1] != "{":
        return _SECTION.search(given.text) is not None
    if _is_assembly(given):
        return True
    if '"Resources"' not in given.text:
        return False
    try:
        value = json.loads(given.text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value.get("Resources"), dict)


def read_template(
    given: Document,
    parameters: Mapping[str, str] | None,
    rule: str | None = None,
    *,
    event: Document | None = None,
    now: datetime | None = None,
) -> GivenTemplate | None:
    """Read a template.

    Args:
        given: The document that may be a template.
        parameters: The values of parameters, by name.
        rule: The logical ID of the rule that was asked for; None if none was.
        event: The document of the event; None if the command takes none.
        now: The moment at which the template is deployed, an aware datetime; the present if None.

    Returns:
        The template; None if the document is not a template.

    Raises:
        WrongInput: The template needs values of parameters. Or the document is not a template, but the event is one,
            or options are given that are for templates.
        TemplateError: The template cannot be read or evaluated.
    """
    if is_template(given):
        return _read(given, parameters or {}, now)
    if event is not None and _has_resources(event):
        raise WrongInput(f"{event.title} is a template: are the two swapped?")
    for option, value in (("--parameters", parameters), ("--rule", rule)):
        if value:
            raise WrongInput(f"{option} is for a template, but {given.title} is not one")
    return None


def _is_assembly(given: Document) -> bool:
    """Return whether a document is the folder of a CDK app's output, or the manifest in it."""
    if given.path is None:
        return False
    path = Path(given.path)
    return path.is_dir() or (path.name == MANIFEST and '"artifacts"' in given.text)


def _read(given: Document, parameters: Mapping[str, str], now: datetime | None) -> GivenTemplate:
    from eventmock.deployment.given import Given
    from eventmock.deployment.plans import plans_of
    from eventmock.deployment.stack import Stacks
    from eventmock.options import DEFAULT_ACCOUNT, DEFAULT_REGION, Options
    from eventmock.services.table import services
    from eventmock.state import State
    from eventmock.templates.parameters import MUST_HAVE_VALUES

    state = State(Options(account=DEFAULT_ACCOUNT, region=DEFAULT_REGION, start_time=now), services())
    state.lifetime.active_mocks += 1  # else the state would refuse requests, as one that has stopped
    imports = _Imports()
    failures: list[TemplateError] = []
    try:
        plans = plans_of(state, _template(given), None, Given(parameters, imports), account=None, region=None)
        for plan in plans:
            plan.deployer(state, failures=failures).deploy()
    except TemplateError as error:
        if MUST_HAVE_VALUES not in error.message:
            raise
        said = str(error).partition("; ")[0]
        names = error.message.partition("[")[2].partition("]")[0].split(", ")
        options = " ".join(f"--parameters {name}=..." for name in names)
        raise WrongInput(f"{said}\n  give them: {options}") from None
    except OptionError as error:
        raise WrongInput(f"{given.title}: {str(error).partition(': ')[2]}") from None
    read = _Reading(given.title, list(state.settings(Stacks).values()), failures, imports).template()
    return read._replace(subscribers=_subscribers(state))


def _subscribers(state: State) -> list[str]:
    """Return the names of the subscribers of custom event buses that a template has made."""
    from eventmock.backend.custom_event_buses import uses_custom_buses

    if not uses_custom_buses(state):
        return []
    from eventmock.services.custom_event_bus.subscriber import subscribers_of

    return [one.name for account in state.accounts.all for one in subscribers_of(account).values()]


def _template(given: Document) -> str | Source:
    """Return the template as `plans_of` takes it: the path of a CDK app's output, else what was read already."""
    from eventmock.templates.source import source_of

    if given.path is None:
        return source_of(given.text, given.title)
    return given.path if _is_assembly(given) else source_of(given.text, given.path)


class _Imports(dict[str, str]):
    """The values of exports of other stacks that were asked for. Each is made up."""

    def __missing__(self, name: str) -> str:
        self[name] = value = f"import-{re.sub('[^-A-Za-z0-9_]', '-', name)}"
        return value


class _Reading:
    """What is read of the stacks of a template.

    Args:
        title: The name of the argument in messages.
        stacks: The stacks.
        failures: The errors of resources that AWS would refuse.
        imports: The values of imports that were made up.
    """

    def __init__(
        self,
        title: str,
        stacks: Sequence[DeployedStack],
        failures: Sequence[TemplateError],
        imports: Mapping[str, str],
    ) -> None:
        self._title = title
        self._stacks = stacks
        self._failures = {(failure.file, failure.logical_id): failure for failure in failures}
        self._imports = imports

    def template(self) -> GivenTemplate:
        """Return the template."""
        rules = [self._rule(*one) for one in self._resources() if one[1].type == _RULE]
        silent = {
            (place.file, resource.logical_id)
            for stack, resource, place in self._resources()
            if self._is_made_up(stack, json.dumps(resource.properties, default=str))
        }
        schedules = [
            schedule_of(resource, place, self._failures.get((place.file, resource.logical_id)))
            for _, resource, place in self._resources()
            if resource.type == _SCHEDULE
        ]
        silent |= {(rule.place.file, rule.logical_id) for rule in rules if rule.refused is not None}
        silent |= {(one.place.file, one.logical_id) for one in schedules if one.refused is not None}
        return GivenTemplate(
            self._title,
            rules,
            schedules,
            [
                failure
                for key, failure in self._failures.items()
                if key not in silent and failure.code != "ResourceNotFoundException"
            ],
        )

    def _resources(self) -> Iterator[tuple[DeployedStack, StackResource, Place]]:
        """Yield each resource that is made, with its stack and its place, in the order of the template."""
        for stack in self._stacks:
            for logical_id in stack.template.resources:
                if logical_id in stack.resources:
                    yield stack, stack.resources[logical_id], stack.template.place_of(logical_id)

    def _rule(self, stack: DeployedStack, resource: StackResource, place: Place) -> TemplateRule:
        from eventmock.commands.given_rules import STATES, pattern_or_reason, rule_of
        from eventmock.services.resource_properties import json_text
        from eventmock.services.resource_type import InvalidProperty
        from eventmock.values.arn import resource_name

        properties = resource.properties
        refused = None
        try:
            text = json_text(properties.get("EventPattern", ""), ("EventPattern",))
        except InvalidProperty as invalid:
            text, refused = "", invalid.message
        compiled = pattern_or_reason(text or None)
        if isinstance(compiled, str):
            refused, compiled = compiled, None
        bus = resource_name(str(properties.get("EventBusName") or "default"))
        schedule = str(properties.get("ScheduleExpression") or "")
        if not text and not schedule and refused is None:
            failure = self._failures.get((place.file, resource.logical_id))
            refused = None if failure is None else failure.message
        members = {
            "Name": resource.name,
            "Arn": resource.arn or "",
            "EventBusName": "" if self._is_made_up(stack, bus) else bus,
            "State": properties.get("State") if properties.get("State") in STATES else STATES[0],
            "EventPattern": text,
            "ScheduleExpression": schedule,
        }
        targets = properties.get("Targets")
        return TemplateRule(
            resource.logical_id,
            place,
            rule_of(members, compiled),
            refused or _why_no_schedule(schedule),
            targets if isinstance(targets, list) else (),
        )

    def _is_made_up(self, stack: DeployedStack, text: str) -> bool:
        """Return whether there is a value in a text that stands for one which the template cannot know."""
        from eventmock.templates.dynamic_references import made_up

        values = {*self._imports.values(), *(made_up(one) for one in stack.unresolved)}
        return any(value in text for value in values)


def _why_no_schedule(expression: str) -> str | None:
    """Return the reason why AWS would refuse a schedule; None if it would not."""
    from eventmock.schedule import InvalidSchedule, parse_for_rule

    if not expression:
        return None
    try:
        parse_for_rule(expression)
    except InvalidSchedule as refusal:
        return f"{refusal} ({refusal.why})"
    return None
