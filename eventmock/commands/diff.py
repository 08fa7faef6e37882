"""``diff``: what a change of schemas does to the rules and targets that consume the events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from eventmock.checks.finding import is_at_least
from eventmock.commands.documents import WrongInput
from eventmock.commands.given_schemas import read_given_schemas
from eventmock.commands.output import say, say_json
from eventmock.schemas.change import SEVERITIES
from eventmock.schemas.examples import to_show
from eventmock.schemas.schema_changes import schema_changes
from eventmock.schemas.schema_pairs import SchemaPairs
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.schemas.change import Change, Severity

NEVER: Final = "never"


def run(  # noqa: PLR0913 - the options of the command
    old: str,
    new: str,
    *,
    rules: Sequence[str],
    parameters: Mapping[str, str],
    as_json: bool,
    fail_on: Severity | Literal["never"],
) -> int:
    """Print what a change of schemas breaks.

    Args:
        old: The path of the folder with the old schemas.
        new: The path of the folder with the new schemas.
        rules: Templates or lists of rules, whose rules consume the events. Without any, the changes of the schemas
            themselves are printed.
        parameters: The values of parameters of the templates, by name.
        as_json: Whether to print JSON.
        fail_on: The least severity for which the exit code is 1.

    Returns:
        1 if there is a change of that severity or a worse one, else 0.

    Raises:
        WrongInput: A folder does not exist, the rules cannot be read, or parameters are given without rules.
        TemplateError: A template cannot be read or evaluated.
        EventmockError: A file of a folder is not a schema.
    """
    if parameters and not rules:
        raise WrongInput("--parameters is for the templates of --rules, and there are none")
    compared = SchemaPairs(read_given_schemas("OLD", old), read_given_schemas("NEW", new))
    if rules:
        from eventmock.commands.given_consumers import read_consumers
        from eventmock.schemas.broken_consumers import broken_consumers

        consumers = read_consumers(rules, parameters)
        changes = broken_consumers(consumers, compared)
    else:
        consumers = []
        changes = schema_changes(compared)
    if as_json:
        say_json(_data(changes))
    else:
        for change in changes:
            say(_paragraph(change))
        say(_summary(changes, compared, len(consumers) if rules else None))
    return int(fail_on != NEVER and any(is_at_least(one.severity, fail_on) for one in changes))


def _paragraph(change: Change) -> str:
    consumer = change.consumer
    start = f"{consumer.place}: " if consumer is not None else f"{change.schema.place}: "
    name = f"{consumer.name}: " if consumer is not None else ""
    lines = [f"{start}{change.severity}: {name}{change.path}: {change.what} [{change.kind.value}]"]
    if consumer is not None:
        lines.append(f"  schema:  {change.schema.place}")
    lines += [f"  was:     {change.was}", f"  is:      {change.now}"]
    if change.example is not None:
        lines.append(f"  example: {dumps(to_show(change.example))}")
    elif change.before is not None:
        lines.append(f"  example: {dumps(to_show(change.before))}, by the old schema")
    elif consumer is not None:
        lines.append("  example: none could be made")
    return "\n".join([*lines, ""])


def _summary(changes: Sequence[Change], compared: SchemaPairs, rules: int | None) -> str:
    numbers = {one: sum(change.severity == one for change in changes) for one in SEVERITIES}
    counted = ", ".join(f"{n} {one}{'s' * (n > 1)}" for one, n in numbers.items() if n)
    if rules is None:
        return counted or f"nothing changed in {_counted(len(compared.new), 'schema')}"
    where = f"{_counted(rules, 'rule')} and {_counted(len(compared.new), 'schema')}"
    return f"{counted or 'nothing breaks'} in {where}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _data(changes: Sequence[Change]) -> Any:
    return {
        "counts": {one: sum(change.severity == one for change in changes) for one in SEVERITIES},
        "changes": [_members(change) for change in changes],
    }


def _members(change: Change) -> dict[str, Any]:
    consumer = change.consumer
    return {
        "severity": change.severity,
        "kind": change.kind.value,
        "rule": None if consumer is None else consumer.name,
        "file": None if consumer is None else consumer.file,
        "line": None if consumer is None else consumer.line,
        "target": change.target,
        "path": change.path,
        "what": change.what,
        "was": change.was,
        "is": change.now,
        "source": change.schema.source,
        "detail_type": change.schema.detail_type,
        "schema": change.schema.place,
        "example": change.example,
        "before": change.before,
    }
