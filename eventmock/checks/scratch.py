"""Templates, each deployed into a scratch mock of its own, which goes on after what AWS refuses.

What a template takes from outside is made up if it was not given: parameters, exports of other stacks, and event buses
and schedule groups that it does not make.
"""

from __future__ import annotations

import pathlib
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.checks.made_up import MARK, Imports, mentions, parameters_of
from eventmock.checks.stand_ins import paths_of, without_attribute, without_circle, without_reference
from eventmock.deployment.deploy import stack_named
from eventmock.deployment.given import Given
from eventmock.deployment.plans import MANIFEST, Plan
from eventmock.deployment.resources import find_type
from eventmock.deployment.stack import Stacks, key_of
from eventmock.exceptions import TemplateError
from eventmock.options import Options
from eventmock.services.requests import Requests
from eventmock.services.resource_type import Caller
from eventmock.services.table import services
from eventmock.state import State
from eventmock.templates.source import read_source
from eventmock.templates.template import Template, expand
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.deployment.stack import DeployedStack, StackResource
    from eventmock.templates.evaluation import Stack
    from eventmock.templates.source import Source

STACK: Final = "stack"
"""The name of a stack, which is not known: it is short, so that no name that is made of it is too long."""
_SUPPLIED: Final = {
    "AWS::Events::EventBus": ("CreateEventBus", re.compile(r"Event bus (\S+) does not exist\.")),
    "AWS::Scheduler::ScheduleGroup": (
        "CreateScheduleGroup",
        re.compile(r"Schedule group (\S+) does not exist\."),
    ),
}
"""What is made if the template does not make it: by type, the operation, and AWS's text if it does not exist."""
_NOTHING: Final = re.compile(r"Unresolved resource dependencies \[(?P<names>[^\]]+)\]")
_NO_ATTRIBUTE: Final = re.compile(r"(?P<type>[\w:]+) has no attribute '?(?P<name>[\w.]*\w)")
_MOST_ATTEMPTS: Final = 20
"""The most references to nothing that are found in one template."""


class Where(NamedTuple):
    """Where stacks are.

    Attributes:
        account: The account; None for that of the CDK app's environment, else the default account.
        region: The region; None for that of the CDK app's environment, else the default region.
    """

    account: str | None
    region: str | None


class Scratch(NamedTuple):
    """A template that was deployed into a scratch mock.

    Attributes:
        file: The path of the template.
        source: The template as it was given.
        template: The template, expanded; without resources if it cannot be.
        stack: The stack.
        resources: The resources that are made, and stand-ins for those that AWS refuses, by logical ID.
        failures: What AWS refuses, without what is refused because of a made-up value.
        made_up: The parameters that have a made-up value.
        unknown: What has a made-up value, in words.
        secrets: The values of parameters with NoEcho.
        is_region_known: Whether the region was given, or is that of the CDK app's environment.
        state: The state of the scratch mock, which all templates of a CDK app's output share.
    """

    file: str
    source: Source
    template: Template
    stack: Stack
    resources: Mapping[str, StackResource]
    failures: Sequence[TemplateError]
    made_up: frozenset[str]
    unknown: tuple[str, ...]
    secrets: tuple[str, ...]
    is_region_known: bool
    state: State


class _Input(NamedTuple):
    """A template to deploy.

    Attributes:
        file: The path of the template.
        name: The name of the stack.
        parameters: The values of parameters that the CDK app gives.
        where: Where the stack is.
    """

    file: str
    name: str
    parameters: Mapping[str, str]
    where: Where


def deploy(file: str, parameters: Mapping[str, Any], where: Where) -> list[Scratch]:
    """Deploy a template, or all stacks of a CDK app's output.

    Args:
        file: The path of the template, or of the output.
        parameters: The values of parameters, as they were given. A template gets those that it has.
        where: Where the stacks are.

    Raises:
        TemplateError: The file cannot be read, or is not a template; or a package is missing that reads it.
    """
    state = _new_state(where)
    return [scratch for one in _inputs(file, where) for scratch in _deployed(state, one, parameters)]


def _inputs(file: str, where: Where) -> Iterator[_Input]:
    path = pathlib.Path(file)
    if not (path.is_dir() or path.name == MANIFEST):
        yield _Input(file, STACK, {}, where)
        return
    from eventmock.templates.cloud_assembly import read_assembly

    for one in read_assembly(path).stacks:
        there = Where(where.account or one.account, where.region or one.region)
        yield _Input(str(one.template_file), one.name, one.parameters, there)


def _new_state(where: Where) -> State:
    state = State(Options(account=where.account, region=where.region), services())
    state.lifetime.active_mocks = 1
    return state


def _deployed(state: State, one: _Input, parameters: Mapping[str, Any]) -> Iterator[Scratch]:
    """Yield a stack that was deployed, and its nested stacks."""
    source = read_source(one.file)
    stack = stack_named(
        state,
        one.name,
        account=one.where.account or state.default_account,
        region=one.where.region or state.default_region,
    )
    given = {
        **one.parameters,
        **{name: value for name, value in parameters.items() if name in source.parameters},
    }
    made_up = parameters_of(source, given, account=stack.account, region=stack.region)
    before = set(state.settings(Stacks))
    attempt = _Attempt(state, stack, source, {**given, **made_up})
    attempt.deploy()
    failures = [one for one in attempt.failures if not mentions(one.message, attempt.unresolved)]
    nested = [
        deployed for key, deployed in state.settings(Stacks).items() if key not in {*before, key_of(stack)}
    ]
    files = {deployed.template.source.file for deployed in nested}
    scratch = Scratch(
        file=one.file,
        source=source,
        template=attempt.template,
        stack=stack,
        resources=attempt.resources,
        failures=[failure for failure in failures if failure.file not in files],
        made_up=frozenset(made_up),
        unknown=(
            *(f"parameter {name}" for name in made_up),
            *(f"export {name}" for name in attempt.imports.made_up),
        ),
        secrets=tuple(_secrets(source.parameters, given)),
        is_region_known=one.where.region is not None,
        state=state,
    )
    yield scratch
    for deployed in nested:
        yield _of_nested(scratch, deployed, failures)


def _of_nested(parent: Scratch, deployed: DeployedStack, failures: Sequence[TemplateError]) -> Scratch:
    """Return a nested stack. Its parameters are as unknown as what the parent gives them."""
    source = deployed.template.source
    return parent._replace(
        file=str(source.file),
        source=source,
        template=deployed.template,
        stack=deployed.stack,
        resources=deployed.resources,
        failures=[failure for failure in failures if failure.file == source.file],
        made_up=frozenset(name for name, value in deployed.parameters.items() if MARK in str(value)),
        unknown=(),
    )


def _secrets(declared: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    """Yield the values of the parameters with NoEcho."""
    for name, one in declared.items():
        if isinstance(one, Mapping) and str(one.get("NoEcho")).lower() == "true":
            yield str(given.get(name, one.get("Default", "")))


class _Attempt:
    """The deployment of a template, which is repeated without what stops it as a whole.

    Args:
        state: The state of the scratch mock.
        stack: The stack.
        source: The template as it was given.
        parameters: The values of parameters.

    Attributes:
        imports: The values of exports.
        template: The template, expanded; without resources if it cannot be.
        resources: The resources, by logical ID.
        failures: What AWS refuses.
        unresolved: The dynamic references whose values are made up.
    """

    def __init__(self, state: State, stack: Stack, source: Source, parameters: Mapping[str, Any]) -> None:
        self._state = state
        self._stack = stack
        imports = Imports({})
        self._given = Given(parameters, imports=imports)
        self._source = source
        self.imports: Final = imports
        self.template = Template(source, ())
        self.resources: Mapping[str, StackResource] = {}
        self.failures: list[TemplateError] = []
        self.unresolved: Sequence[str] = ()
        self._supplied: set[tuple[str, str]] = set()
        self._users: dict[str, str] = {}

    def deploy(self) -> None:
        """Deploy the template."""
        source, before = self._source, self._state.save()
        as_a_whole: list[TemplateError] = []
        for _ in range(_MOST_ATTEMPTS):
            self._state.restore(before)
            self.failures = []
            try:
                self._try(source)
            except TemplateError as error:
                if "pip install" in error.message:
                    raise
                opened = without_circle(source, error.message)
                if opened is not None:
                    as_a_whole.append(error)
                    source = opened
                    continue
                lacking = _NOTHING.search(error.message)
                if lacking is None:
                    as_a_whole.append(error)
                    break
                for name in lacking["names"].split(", "):
                    as_a_whole.append(self._about(name, error))
                    source = without_reference(source, name)
                continue
            lacking_attributes = [one for one in self.failures if _NO_ATTRIBUTE.search(one.message)]
            for failure in lacking_attributes:
                found = _NO_ATTRIBUTE.search(failure.message)
                assert found is not None
                source = without_attribute(source, found["type"], found["name"])
            as_a_whole += lacking_attributes
            if not lacking_attributes and not self._supplies():
                break
        self.failures = [*as_a_whole, *self.failures]

    def _supplies(self) -> bool:
        """Return whether buses and groups that were missing are there in the next attempt.

        One that the template does not make is made before. One that it makes, but that its users name by a text, is
        made before its users, which is a matter of luck on AWS.
        """
        own = {
            (one.type, str(one.properties.get("Name"))): name
            for name, one in self.resources.items()
            if one.type in _SUPPLIED
        }
        before = len(self._supplied) + len(self._users)
        for failure in self.failures:
            for kind, (_, text) in _SUPPLIED.items():
                found = text.search(failure.message)
                if found is not None and (kind, found[1]) in own and failure.logical_id is not None:
                    self._users[failure.logical_id] = own[kind, found[1]]
                elif found is not None:
                    self._supplied.add((kind, found[1]))
        return len(self._supplied) + len(self._users) > before

    def _about(self, name: str, error: TemplateError) -> TemplateError:
        """Return the error about one of the references to nothing that an error lists."""
        path = next(paths_of(self.template.document, name), None)
        if path is None:
            return error
        is_left_out = name in self.template.resources
        why = (
            f"; the condition {self.template.resources[name].condition} of it is false" if is_left_out else ""
        )
        return self.template.error(
            f"Template format error: Unresolved resource dependencies [{name}] in the {path[0]} block of the "
            f"template{why}",
            path,
        )

    def _try(self, source: Source) -> None:
        """Deploy the template of a source once.

        Raises:
            TemplateError: The template cannot be expanded, or it cannot be evaluated as a whole.
        """
        for kind, name in self._supplied:
            self._supply(kind, name)
        account, region = self._stack.account, self._stack.region
        template = expand(source, self._given.parameters, account=account, region=region)
        if not self.template.resources:
            self.template = template
        template.resources = {
            name: one._replace(depends_on=(*one.depends_on, self._users[name]))
            if name in self._users
            else one
            for name, one in template.resources.items()
        }
        plan = Plan(self._stack, template, self._given)
        deployed = plan.deployer(self._state, failures=self.failures).deploy()
        self.resources, self.unresolved = deployed.resources, deployed.unresolved

    def _supply(self, kind: str, name: str) -> None:
        """Make a bus or a group that the template does not make, if AWS takes its name."""
        found = find_type(self._state, kind)
        assert found is not None
        account = self._state.accounts.get(self._stack.account, self._stack.region)
        with suppress(AwsError):
            Caller(Requests(self._state), found[0], account).call(_SUPPLIED[kind][0], {"Name": name})
