"""Which stacks a template stands for: one, or those of a CDK app, and where each of them is deployed."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.deployment.deploy import Deployer, stack_named
from eventmock.deployment.stack import Stacks, key_of
from eventmock.exceptions import OptionError
from eventmock.options import check_known
from eventmock.templates.source import Source, read_source
from eventmock.templates.template import expand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.given import Given
    from eventmock.exceptions import TemplateError
    from eventmock.state import State
    from eventmock.templates.cloud_assembly import AssemblyStack
    from eventmock.templates.evaluation import Stack
    from eventmock.templates.template import Template

MANIFEST: Final = "manifest.json"
_NAME: Final = re.compile(r"[A-Za-z][-A-Za-z0-9]{0,127}")


class Plan(NamedTuple):
    """A stack that is to be deployed.

    Attributes:
        stack: The stack.
        template: The template.
        given: What the test gives beside the template, as far as it concerns the stack.
    """

    stack: Stack
    template: Template
    given: Given

    def deployer(self, state: State, *, failures: list[TemplateError] | None = None) -> Deployer:
        """Return the deployer of the stack; see `Deployer` for the arguments."""
        return Deployer(state, self.stack, self.template, self.given, failures=failures)


def plans_of(  # noqa: PLR0913 - which template, and where it is deployed
    state: State,
    template: str | os.PathLike[str] | Mapping[str, Any] | Source,
    name: str | None,
    given: Given,
    *,
    account: str | None,
    region: str | None,
) -> list[Plan]:
    """Return the stacks of a template, in the order in which they have to be deployed.

    Args:
        state: The state of the mock.
        template: The path of a template or of a CDK app's output, or a template as a mapping, or a template
            that was read already.
        name: The name of the stack; None for one after the file. Of a CDK app, the stack to deploy with those that it
            depends on; None for all.
        given: What the test gives beside the template.
        account: The account id; None for that of the CDK app's environment, else the default account.
        region: The region; None for that of the CDK app's environment, else the default region.

    Raises:
        TemplateError: The template cannot be read or expanded.
        OptionError: The name is not valid for a stack, or no stack of the CDK app has it.
    """
    __tracebackhide__ = True
    folder = _assembly_folder(template)
    if folder is not None:
        return _of_assembly(state, folder, name, given, account=account, region=region)
    stack: Any = _stack_name(template) if name is None else name
    if name is None:
        _check_is_that_stack(state, stack, template, account=account, region=region)
    if not isinstance(stack, str) or not _NAME.fullmatch(stack):
        raise OptionError(
            f"backend.deploy(stack={stack!r}): wanted a name of letters, digits and '-' that begins with a letter"
        )
    where = stack_named(
        state, stack, account=account or state.default_account, region=region or state.default_region
    )
    source = template if isinstance(template, Source) else read_source(template)
    return [_plan(state, where, source, given)]


def _assembly_folder(template: object) -> Path | None:
    """Return the folder of a CDK app's output; None if the template is not one."""
    __tracebackhide__ = True
    if not isinstance(template, str | os.PathLike):
        return None
    text = str(template)
    if "\n" in text or text.lstrip().startswith("{"):
        raise OptionError(
            "backend.deploy(): wanted the path of a template, or a mapping; this is the text of one: "
            "write it to a file, or give json.loads(text)"
        )
    path = Path(template)
    if path.is_dir():
        return path
    return path.parent if path.name == MANIFEST and path.is_file() else None


def _stack_name(template: str | os.PathLike[str] | Mapping[str, Any] | Source) -> str:
    if isinstance(template, Source):
        return _stack_name(template.file or {})
    if not isinstance(template, str | os.PathLike):
        return "stack"
    stem = Path(template).name.partition(".")[0]
    name = re.sub("[^-A-Za-z0-9]+", "-", stem).lstrip("-0123456789")[:100]
    return name or "stack"


def _check_is_that_stack(
    state: State,
    name: str,
    template: str | os.PathLike[str] | Mapping[str, Any] | Source,
    *,
    account: str | None,
    region: str | None,
) -> None:
    """Check that a stack whose name was not given is not deployed from another file: it would replace all of it.

    Raises:
        OptionError: It is.
    """
    __tracebackhide__ = True
    key = account or state.default_account, region or state.default_region, name
    deployed = state.settings(Stacks).get(key)
    if deployed is None:
        return
    other = deployed.template.source.file
    file = template.file if isinstance(template, Source) else None
    if isinstance(template, str | os.PathLike):
        file = os.fspath(template)
    if (other is None) != (file is None) or (
        other and file and Path(other).resolve() != Path(file).resolve()
    ):
        given, before = (repr(one) if one else "a mapping" for one in (file, other))
        raise OptionError(
            f"backend.deploy({given}): the stack {name!r} was deployed from {before}; "
            f"name another stack by stack=..., or say stack={name!r} to change that one"
        )


def _of_assembly(  # noqa: PLR0913 - which app, and where it is deployed
    state: State, folder: Path, name: str | None, given: Given, *, account: str | None, region: str | None
) -> list[Plan]:
    __tracebackhide__ = True
    from eventmock.templates.cloud_assembly import read_assembly

    stacks = list(read_assembly(folder).stacks)
    if name is not None:
        stacks = _with_dependencies(stacks, name)
    plans: list[Plan] = []
    declared: set[str] = set()
    for one in stacks:
        where = stack_named(
            state,
            one.name,
            account=account or one.account or state.default_account,
            region=region or one.region or state.default_region,
        )
        source = read_source(one.template_file)
        known = source.parameters
        declared |= set(known)
        own = {key: value for key, value in given.parameters.items() if key in known}
        plans.append(_plan(state, where, source, given._replace(parameters={**one.parameters, **own})))
    for key in given.parameters:
        check_known(f"backend.deploy(parameters=...): no stack has a parameter {key!r}", key, declared)
    return plans


def _plan(state: State, stack: Stack, source: Source, given: Given) -> Plan:
    """Return the plan of a stack. What is not given stays as it was given before, as parameters do in the AWS CLI."""
    before = state.settings(Stacks).get(key_of(stack))
    if before is not None:
        known = source.parameters
        kept = {name: value for name, value in before.given.parameters.items() if name in known}
        given = given._replace(
            parameters={**kept, **given.parameters},
            imports={**before.given.imports, **given.imports},
            resolve={**before.given.resolve, **given.resolve},
        )
    return Plan(stack, expand(source, given.parameters, account=stack.account, region=stack.region), given)


def _with_dependencies(stacks: list[AssemblyStack], name: str) -> list[AssemblyStack]:
    """Return the stack of a name, and those that it depends on, in order."""
    __tracebackhide__ = True
    by_name = {word: one for one in stacks for word in (one.display_name, one.name)}
    check_known(f"backend.deploy(stack={name!r}): the CDK app has no such stack", name, by_name)
    wanted: set[str] = set()
    waiting = [by_name[name].name]
    while waiting:
        one = waiting.pop()
        if one not in wanted:
            wanted.add(one)
            waiting += [by_name[other].name for other in by_name[one].dependencies if other in by_name]
    return [one for one in stacks if one.name in wanted]
