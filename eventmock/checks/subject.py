"""What the rules look at: a template, its evaluated resources, and views of its rules, schedules and their targets."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.checks.finding import Found
from eventmock.checks.outside import Outside
from eventmock.delivery.permissions.given import base_of
from eventmock.delivery.permissions.senders import EVENTS, SCHEDULER, schedule
from eventmock.pattern import InvalidPattern, Pattern, compile as compile_pattern
from eventmock.services.scheduler.schedule import DEFAULT_GROUP
from eventmock.services.scheduler.target import kind_of_target
from eventmock.target_kinds import kind_of
from eventmock.templates.evaluation import EvaluatedList, EvaluatedMapping, path_of
from eventmock.values.arn import Arn, resource_name
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from eventmock.deployment.stack import StackResource
    from eventmock.exceptions import TemplateError
    from eventmock.pattern import ReadEvent
    from eventmock.schemas.event_schema import EventSchema
    from eventmock.schemas.view import SchemaView
    from eventmock.target_kinds import TargetKind
    from eventmock.templates.source import Path, Place
    from eventmock.templates.template import Template

DEFAULT_BUS: Final = "default"
RULE: Final = "AWS::Events::Rule"
BUS: Final = "AWS::Events::EventBus"
BUS_POLICY: Final = "AWS::Events::EventBusPolicy"
ARCHIVE: Final = "AWS::Events::Archive"
QUEUE: Final = "AWS::SQS::Queue"
TOPIC: Final = "AWS::SNS::Topic"
SCHEDULE: Final = "AWS::Scheduler::Schedule"
SCHEDULE_GROUP: Final = "AWS::Scheduler::ScheduleGroup"
SUBSCRIBER: Final = "AWS::EventsV2::Subscriber"


class Sample(NamedTuple):
    """An event that was given to check templates with.

    Attributes:
        file: The path of its file.
        title: The file, and the number of the event if the file has several.
        event: The event as rules see it.
        bus: The bus to which an entry of PutEvents goes; None if it is not known.
    """

    file: str
    title: str
    event: ReadEvent
    bus: str | None = None

    def comes_to(self, one: EventRule) -> bool:
        """Return whether the event may come to the bus of a rule."""
        return self.bus in (None, one.bus)


class Sender:
    """A rule, a schedule or a subscriber of a template, which sends something to targets.

    Args:
        resource: The resource.

    Attributes:
        resource: The resource.
    """

    def __init__(self, resource: StackResource) -> None:
        self.resource: Final = resource

    @property
    def is_made(self) -> bool:
        """Whether AWS takes it."""
        return bool(self.resource.members)

    @property
    def is_enabled(self) -> bool:
        """Whether it is not disabled."""
        return self.resource.properties.get("State") != "DISABLED"

    @property
    def service(self) -> str:
        """The service that makes its requests, as policies name it."""
        raise NotImplementedError

    @property
    def source(self) -> str | None:
        """The ARN that requests of the service have as ``aws:SourceArn``; None if it is not known."""
        raise NotImplementedError

    @cached_property
    def targets(self) -> Sequence[Target]:
        """The targets, in order."""
        raise NotImplementedError


class EventRule(Sender):
    """A rule of a template.

    Args:
        resource: The resource.

    Attributes:
        bus: The name of the bus, or its ARN if it is one of another account or region.
        schedule: The schedule expression; None if the rule has none.
    """

    def __init__(self, resource: StackResource) -> None:
        super().__init__(resource)
        given = resource.properties.get("EventBusName")
        self.bus: Final[str] = resource_name(given) if isinstance(given, str) and given else DEFAULT_BUS
        schedule = resource.properties.get("ScheduleExpression")
        self.schedule: Final[str | None] = schedule if isinstance(schedule, str) and schedule else None

    @property
    def service(self) -> str:
        """The service that makes its requests, as policies name it."""
        return EVENTS

    @property
    def source(self) -> str | None:
        """The ARN of the rule; None if AWS refuses it."""
        return self.resource.arn

    @cached_property
    def bus_arn(self) -> str | None:
        """The ARN of the bus; None if AWS refuses the rule."""
        arn = Arn.parse(self.resource.arn)
        return None if arn is None else str(arn._replace(resource=f"event-bus/{self.bus}"))

    @cached_property
    def pattern(self) -> Pattern | None:
        """The pattern; None if the rule has none, or if AWS refuses it."""
        try:
            return pattern_of(self.resource)
        except InvalidPattern:
            return None

    @cached_property
    def targets(self) -> Sequence[Target]:
        """The targets, in order."""
        given = self.resource.properties.get("Targets")
        listed = given if isinstance(given, list) else []
        return [
            Target(self, ("Targets", n), one)
            for n, one in enumerate(listed)
            if isinstance(one, EvaluatedMapping)
        ]


class Schedule(Sender):
    """A schedule of EventBridge Scheduler of a template."""

    @property
    def service(self) -> str:
        """The service that makes its requests, as policies name it."""
        return SCHEDULER

    @property
    def source(self) -> str | None:
        """The ARN of the schedule group; None if it is not known."""
        return None if self.resource.arn is None else schedule(self.resource.arn).source

    @property
    def group(self) -> str:
        """The name of the schedule group."""
        return str(self.resource.properties.get("GroupName") or DEFAULT_GROUP)

    @cached_property
    def targets(self) -> Sequence[Target]:
        """The only target; none if the template has none."""
        given = self.resource.properties.get("Target")
        return [Target(self, ("Target",), given)] if isinstance(given, EvaluatedMapping) else []


class Subscriber(Sender):
    """A subscriber of a custom event bus of a template."""

    @property
    def is_enabled(self) -> bool:
        """Whether it is not STOPPED."""
        return self.resource.properties.get("State") != "STOPPED"

    @property
    def service(self) -> str:
        """The service that makes its requests, as policies name it."""
        return EVENTS

    @property
    def source(self) -> str | None:
        """The ARN of the subscriber; None if it is not known."""
        return self.resource.arn

    @cached_property
    def targets(self) -> Sequence[Target]:
        """The only target, whose members are those of ``InvokeConfiguration``; none if the template has none."""
        given = self.resource.properties.get("InvokeConfiguration")
        return [Target(self, ("InvokeConfiguration",), given)] if isinstance(given, EvaluatedMapping) else []


class Target(NamedTuple):
    """A target of a rule, of a schedule or of a subscriber of a template.

    Attributes:
        sender: The rule, the schedule or the subscriber.
        keys: The keys of the target in the evaluated properties.
        members: The evaluated members.
    """

    sender: Sender
    keys: tuple[str | int, ...]
    members: EvaluatedMapping

    @property
    def rule(self) -> EventRule:
        """The rule, of a target of a rule."""
        assert isinstance(self.sender, EventRule)
        return self.sender

    @property
    def id(self) -> str:
        """The target for texts, with its id in quotes if it has one."""
        return f'target "{self.members.get("Id")}"' if len(self.keys) > 1 else "the target"

    @property
    def arn(self) -> Arn | None:
        """The ARN of the target; None if it is not known."""
        return Arn.parse(self.members.get("Arn"))

    @property
    def kind(self) -> TargetKind | None:
        """The kind of the target; None if it is not known."""
        if self.arn is None:
            return None
        return kind_of(self.arn) if isinstance(self.sender, EventRule) else kind_of_target(self.arn)


class Subject:
    """What the rules look at.

    Args:
        template: The template.
        resources: The resources with their evaluated properties, by logical ID.
        failures: What AWS refuses, in the order in which it was refused.
        account: The account of the stack.
        region: The region of the stack.
        samples: The events that were given to check the template with.
        schemas: The schemas that events are promised to have.
        buses_elsewhere: The names of the buses that other given templates make.
        groups_elsewhere: The names of the schedule groups that other given templates make.
        rules_elsewhere: The rules of other given templates.
        made_up: The parameters that have a made-up value.
        is_region_known: Whether the region was given, so that another one in the template is wrong.

    Attributes:
        template: The template.
        resources: The resources with their evaluated properties, by logical ID; those that can be evaluated.
        failures: What AWS refuses, in the order in which it was refused.
        account: The account of the stack.
        region: The region of the stack.
        samples: The events that were given to check the template with.
        schemas: The schemas that events are promised to have.
        buses_elsewhere: The names of the buses that other given templates make.
        groups_elsewhere: The names of the schedule groups that other given templates make.
        rules_elsewhere: The rules of other given templates.
        is_region_known: Whether the region was given, so that another one in the template is wrong.
        outside: What the template takes from outside.
    """

    def __init__(  # noqa: PLR0913 - a template, and what is known around it
        self,
        template: Template,
        resources: Mapping[str, StackResource],
        failures: Sequence[TemplateError] = (),
        *,
        account: str,
        region: str,
        samples: Sequence[Sample] = (),
        schemas: Sequence[EventSchema] = (),
        buses_elsewhere: frozenset[str] = frozenset(),
        groups_elsewhere: frozenset[str] = frozenset(),
        rules_elsewhere: Sequence[EventRule] = (),
        made_up: Collection[str] = (),
        is_region_known: bool = True,
    ) -> None:
        self.template: Final = template
        self.resources: Final = {name: one for name, one in resources.items() if _is_evaluated(one)}
        self.failures: Final = failures
        self.account: Final = account
        self.region: Final = region
        self.samples: Final = samples
        self.schemas: Final = schemas
        self.buses_elsewhere: Final = buses_elsewhere
        self.groups_elsewhere: Final = groups_elsewhere
        self.rules_elsewhere: Final = rules_elsewhere
        self.is_region_known: Final = is_region_known
        self.outside: Final = Outside(template, made_up)

    def of_type(self, *types: str) -> Iterator[StackResource]:
        """Yield the resources of some types, in the order of the template."""
        return (one for one in self.resources.values() if one.type in types)

    @cached_property
    def rules(self) -> Sequence[EventRule]:
        """The rules of the template."""
        return [EventRule(one) for one in self.of_type(RULE)]

    @cached_property
    def schedules(self) -> Sequence[Schedule]:
        """The schedules of EventBridge Scheduler of the template."""
        return [Schedule(one) for one in self.of_type(SCHEDULE)]

    @cached_property
    def subscribers(self) -> Sequence[Subscriber]:
        """The subscribers of custom event buses of the template."""
        return [Subscriber(one) for one in self.of_type(SUBSCRIBER)]

    @cached_property
    def schema_views(self) -> Sequence[SchemaView]:
        """The schemas, ready to be asked."""
        from eventmock.schemas.view import SchemaView

        return [SchemaView(one) for one in self.schemas]

    @property
    def targets(self) -> Iterator[Target]:
        """The targets of all rules."""
        return (target for rule in self.rules for target in rule.targets)

    @property
    def all_targets(self) -> Iterator[Target]:
        """The targets of all rules and schedules."""
        return (target for one in (*self.rules, *self.schedules) for target in one.targets)

    @cached_property
    def _by_arn(self) -> Mapping[str, StackResource]:
        found: dict[str, StackResource] = {}
        for resource in self.resources.values():
            arn = Arn.parse(resource.arn)
            if arn is not None:
                found.setdefault(base_of(arn), resource)
        return found

    def owner_of(self, arn: object) -> StackResource | None:
        """Return the resource to which an ARN belongs, without a version or alias of it; None if there is none."""
        parsed = Arn.parse(arn)
        return None if parsed is None else self._by_arn.get(base_of(parsed))

    # Places

    def place(self, resource: StackResource, *keys: str | int) -> Place:
        """Return the place of a part of a resource's properties; that of the deepest part that exists.

        Args:
            resource: The resource.
            keys: The names and indices that lead to the part in the evaluated properties; none for the resource itself.
        """
        path = self.path(resource, *keys)
        if path is None:
            return self.template.place_of(resource.logical_id)
        return self.template.place(path)

    @staticmethod
    def path(resource: StackResource, *keys: str | int) -> Path | None:
        """Return the path in the document of a part of a resource's properties; None if no part of it exists."""
        value: Any = resource.properties
        path = None
        for key in keys:
            if isinstance(value, EvaluatedMapping):
                is_there = key in value
            else:
                is_there = isinstance(value, EvaluatedList) and isinstance(key, int) and 0 <= key < len(value)
            if not is_there:
                break
            path, value = path_of(value, key), value[key]
        return path

    def readable(self, text: object) -> str:
        """Return a text with ``${LogicalId}`` in place of the names that CloudFormation makes up."""
        made = str(text)
        for resource in self.resources.values():
            if resource.logical_id in resource.name and resource.name not in map(
                str, resource.properties.values()
            ):
                made = made.replace(resource.name, f"${{{resource.logical_id}}}")
        return made

    def found(
        self, resource: StackResource, *keys: str | int, what: str, production: str, instead: str
    ) -> Found:
        """Return a finding about a part of a resource's properties."""
        return Found(self.place(resource, *keys), resource.logical_id, what, production, instead)

    def found_at(self, target: Target, *keys: str | int, what: str, production: str, instead: str) -> Found:
        """Return a finding about a part of a target."""
        resource = target.sender.resource
        return self.found(resource, *target.keys, *keys, what=what, production=production, instead=instead)

    # What is known

    def is_given(self, resource: StackResource, *keys: str | int) -> bool:
        """Return whether a part of a resource comes from outside the template, so that its value may be another one."""
        return self.outside.is_in(self.raw(resource, *keys))

    def is_made_up(self, resource: StackResource, *keys: str | int) -> bool:
        """Return whether a part of a resource comes from outside the template, and its value was not given."""
        return self.outside.is_made_up_in(self.raw(resource, *keys))

    def leaves_out(self, *types: str) -> bool:
        """Return whether a condition of the template leaves out a resource of one of some types."""
        return any(
            one.type in types for name, one in self.template.resources.items() if name not in self.resources
        )

    def raw(self, resource: StackResource, *keys: str | int) -> Any:
        """Return a part of a resource's properties as the template has it, not evaluated; None if it has none.

        Of a part that a function makes, it is the function.
        """
        path = self.path(resource, *keys)
        value: Any = None if path is None else resource.declared.properties
        for key in (path or ())[3:]:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                break
        return value


def _is_evaluated(resource: StackResource) -> bool:
    return bool(resource.properties) or not resource.declared.properties


def pattern_of(resource: StackResource) -> Pattern | None:
    """Return the pattern of a rule or archive; None if it has none.

    Raises:
        InvalidPattern: AWS refuses the pattern.
    """
    given = resource.properties.get("EventPattern")
    if given is None or given == "":
        return None
    return compile_pattern(given if isinstance(given, str) else dumps(given))


def shown(value: object, longest: int = 80) -> str:
    """Return a value as text of limited length, for findings: a text as it is, anything else as JSON."""
    text = value if isinstance(value, str) else dumps(value)
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
