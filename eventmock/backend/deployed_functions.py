"""The Lambda functions of a template that run the handlers of the test, with the settings of the template.

A handler is given by the function's logical ID or by the text of its ``Handler``; or all functions run the code in the
folders that the template names. Settings are those of ``AWS::Lambda::Function`` and ``AWS::Lambda::EventInvokeConfig``.
Source: lambda-and-handlers (settings), templates section 8 (names).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from eventmock.backend.lambda_function import LambdaFunction, make_function
from eventmock.deployment.stack import NESTED
from eventmock.exceptions import OptionError, TemplateError, repr_of, text_of as text_of_error
from eventmock.lambda_functions.function import LATEST
from eventmock.lambda_functions.functions import LambdaFunctions
from eventmock.lambda_functions.handler import check_handler
from eventmock.lambda_functions.local_code import LocalCode
from eventmock.options import check_known
from eventmock.templates.scalars import text_of
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventmock.deployment.stack import DeployedStack, StackResource
    from eventmock.lambda_functions.handler import Handler
    from eventmock.state import State
    from eventmock.templates.template import Declared, Template

    Handlers = Mapping[str, Handler | str]

FUNCTION: Final = "AWS::Lambda::Function"
_INVOKE_CONFIG: Final = "AWS::Lambda::EventInvokeConfig"


def check_handlers(handlers: object) -> Handlers | None:
    """Check the handlers that a test gives, and return them by logical ID or text of ``Handler``.

    Returns:
        The handlers; None if all functions run the code that the template names.

    Raises:
        OptionError: The handlers are not a mapping, or a handler cannot be one.
    """
    __tracebackhide__ = True
    if handlers is True:
        return None
    if not isinstance(handlers, Mapping):
        raise OptionError(
            f"backend.deploy(handlers={repr_of(handlers)}): wanted a mapping of logical IDs to functions, such as "
            "{'ShipFunction': ship}, or True for the code that the template names"
        )
    for name, handler in handlers.items():
        check_handler(f"backend.deploy(handlers={{{name!r}: ...}})", handler)
    return handlers


def check_functions(handlers: Handlers, templates: Sequence[Template], *, are_all: bool = False) -> None:
    """Check that templates have the functions that handlers are given for.

    Args:
        handlers: The handlers, by logical ID or text of ``Handler``.
        templates: The templates.
        are_all: Whether the templates of nested stacks are among them. If not, a function may be in one of those.

    Raises:
        OptionError: There is no such function, or several have the ``Handler``.
    """
    __tracebackhide__ = True
    declared_ones = [declared for template in templates for declared in template.resources.values()]
    if not are_all and any(declared.type == NESTED for declared in declared_ones):
        return
    functions = [declared for declared in declared_ones if declared.type == FUNCTION]
    named = {declared.logical_id for declared in functions}
    texts: dict[str, list[str]] = defaultdict(list)
    for declared in functions:
        texts[_text(declared)].append(declared.logical_id)
    texts.pop("", None)
    for name in handlers:
        call = f"backend.deploy(handlers={{{name!r}: ...}})"
        check_known(f"{call}: no function has that logical ID or Handler", name, named | set(texts))
        if name not in named and len(texts[name]) > 1:
            raise OptionError(f"{call}: {' and '.join(texts[name])} have that Handler: name the logical ID")


def run_handlers(state: State, deployed: Sequence[DeployedStack], handlers: Handlers | None) -> None:
    """Let the functions of stacks run the handlers of the test; if None, the code that the template names."""
    for stack in deployed:
        for resource in stack.resources.values():
            handler: Handler | str | None = None
            if resource.type == FUNCTION and handlers is None:
                handler = _local_code(resource, stack.template.source.file)
            elif resource.type == FUNCTION and handlers is not None:
                handler = handlers.get(resource.logical_id, handlers.get(_text(resource.declared)))
            if handler is not None:
                assert resource.arn is not None
                try:
                    settings = _settings(resource, stack.resources.values())
                except (AttributeError, LookupError, TypeError, ValueError) as error:
                    place = stack.template.place_of(resource.logical_id)
                    text = f"the settings of the function cannot be read: {text_of_error(error)}"
                    raise TemplateError(
                        text, file=place.file, line=place.line, logical_id=resource.logical_id
                    ) from None
                make_function(state, resource.arn, handler, settings)


def _local_code(function: StackResource, template: str | None) -> LocalCode | None:
    """Return the handler in the folder that a template names; None if it names none here, or the code is not Python."""
    handler, given = function.properties.get("Handler"), function.declared.metadata
    beside, code = Path(template or ".").parent, function.properties.get("Code")
    asset = given.get("aws:asset:path") if given.get("aws:asset:property", "Code") == "Code" else None
    named = given.get("eventmock", {}).get("CodeUri", asset or code)
    if isinstance(named, dict):
        from eventmock.templates.cloud_assembly import asset_path

        named = asset_path(beside, named)
    is_python = str(function.properties.get("Runtime", "python")).startswith("python")
    if not isinstance(handler, str) or not isinstance(named, str | Path) or not is_python:
        return None
    folder = (beside / named).resolve()
    return LocalCode(f"function {function.logical_id}", folder, handler) if folder.is_dir() else None


def forget_functions(
    state: State, before: Iterable[DeployedStack], after: Iterable[DeployedStack] = ()
) -> None:
    """Let no function run a handler that stacks had before, and do not have any more."""
    gone = _functions(before) - _functions(after)
    for arn in gone:
        state.part(LambdaFunctions).remove(arn)


def _functions(stacks: Iterable[DeployedStack]) -> set[str]:
    resources = (resource for deployed in stacks for resource in deployed.resources.values())
    return {str(resource.arn) for resource in resources if resource.type == FUNCTION}


def function_of(state: State, call: str, resource: StackResource) -> LambdaFunction:
    """Return the function of a resource.

    Raises:
        OptionError: The resource is not a function, or no handler was given for it.
    """
    __tracebackhide__ = True
    if resource.type != FUNCTION:
        raise OptionError(f"{call}: that is an {resource.type}, not an {FUNCTION}")
    assert resource.arn is not None
    functions = state.part(LambdaFunctions)
    found = functions.find(Arn.of(resource.arn))
    if found is None:
        raise OptionError(
            f"{call}: no handler was given for it: backend.deploy(..., handlers={{{resource.logical_id!r}: function}})"
        )
    return LambdaFunction(state, functions, found[0])


def _text(declared: Declared) -> str:
    text = declared.properties.get("Handler")
    return text if isinstance(text, str) else ""


def _settings(function: StackResource, resources: Iterable[StackResource]) -> dict[str, Any]:
    """Return the settings of `EventsBackend.lambda_function` that a template gives a function."""
    given = function.properties
    settings: dict[str, Any] = {
        "timeout": _number(given.get("Timeout")),
        "memory": _number(given.get("MemorySize")),
        "environment": _texts(given.get("Environment", {}).get("Variables")),
        "dead_letter": given.get("DeadLetterConfig", {}).get("TargetArn"),
        "reserved_concurrency": _number(given.get("ReservedConcurrentExecutions")),
    }
    aliases, version = {}, None
    for resource in resources:
        if _function_of(resource) not in (function.name, function.arn):
            continue
        if resource.type == _INVOKE_CONFIG:
            settings |= _invoke_settings(resource.properties)
        elif resource.type == "AWS::Lambda::Version":
            version = str(resource.attributes.get("Version", "1"))
        elif resource.type == "AWS::Lambda::Alias":
            aliases[str(resource.properties["Name"])] = str(
                resource.properties.get("FunctionVersion", LATEST)
            )
    if version is not None:
        settings["version"] = version
    if aliases:
        settings["aliases"] = aliases
    return {name: value for name, value in settings.items() if value is not None}


def _function_of(resource: StackResource) -> str | None:
    """Return the name or ARN of the function that a resource is about, without a qualifier."""
    name = resource.properties.get("FunctionName")
    if not isinstance(name, str):
        return None
    arn = Arn.parse(name)
    if arn is None:
        return name.partition(":")[0]
    return str(arn._replace(resource=":".join(arn.resource.split(":")[:2])))


def _invoke_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    destinations = given.get("DestinationConfig", {})
    return {
        "retries": _number(given.get("MaximumRetryAttempts")),
        "max_event_age": _number(given.get("MaximumEventAgeInSeconds")),
        "on_success": destinations.get("OnSuccess", {}).get("Destination"),
        "on_failure": destinations.get("OnFailure", {}).get("Destination"),
    }


def _number(value: Any) -> int | None:
    return None if value is None else int(cast("str", value))


def _texts(variables: Mapping[str, Any] | None) -> dict[str, str] | None:
    return None if variables is None else {name: text_of(value) or "" for name, value in variables.items()}
