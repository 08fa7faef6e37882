"""``compare-buses``: the rules of a template as subscribers of a custom event bus, and what differs for some events."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from eventmock.checks.scratch import Where, deploy
from eventmock.checks.subject import RULE
from eventmock.commands.documents import Document, WrongInput, read_file
from eventmock.commands.given_event import read_event
from eventmock.commands.output import say, say_json
from eventmock.migration.plan import migrations_of
from eventmock.options import Options, check_known
from eventmock.transform.json_text import JsonText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eventmock.checks.scratch import Scratch
    from eventmock.migration.comparison import Comparison, Difference, Outcome
    from eventmock.migration.plan import Migration
    from eventmock.migration.proposal import Proposal


class _Given(NamedTuple):
    """An event of a file.

    Attributes:
        title: The file, and the number of the event if the file has several.
        text: The event, or the entry, as JSON text.
        bus: The bus that an entry names; None if it names none, and for an event.
    """

    title: str
    text: str
    bus: str | None


def run(  # noqa: PLR0913 - the options of the command
    template: str,
    *,
    events: Sequence[str],
    bus: str | None,
    role: str | None,
    parameters: Mapping[str, str],
    account: str | None,
    region: str | None,
    as_json: bool,
) -> int:
    """Print the subscribers that are proposed for the rules of a template, and what differs for some events.

    Args:
        template: The path of a template, or of the output of the CDK.
        events: The paths of files or folders of events. Without any, the plan is printed.
        bus: The name of the bus whose rules are meant; None for each bus.
        role: The ARN of the role of subscribers whose targets have none.
        parameters: The values of parameters, by name.
        account: The account of the stacks; None for 123456789012.
        region: The region of the stacks; None for us-east-1.
        as_json: Whether to print JSON.

    Returns:
        1 if an event is lost, a difference is not announced by the plan, or AWS refuses a proposed subscriber; without
        events, 1 if a target has no counterpart. Else 0.

    Raises:
        WrongInput: The events cannot be read, or the template has no rules.
        TemplateError: The template cannot be read.
        OptionError: The account, the region or the bus is not valid, or the installed botocore has no Custom Event Bus.
    """
    given = Options.read({"account": account, "region": region}, "compare-buses")
    read = [one for path in events for one in _events_of(path)]
    scratches = deploy(template, parameters, Where(given.account, given.region))
    for failure in [failure for scratch in scratches for failure in scratch.failures]:
        say(f"warning: {failure}", sys.stderr)
    migrations = _migrations(scratches, bus, role)
    if not migrations:
        raise WrongInput(f"{template} has no rules" if bus is None else f"{template} has no rules on {bus}")
    told = [(one, _compared(one, read) if read else None) for one in migrations]
    if as_json:
        say_json({"buses": [_data(one, compared) for one, compared in told]})
    else:
        say("\n\n".join(f'on "{one.bus}": {compared or one}' for one, compared in told))
    return int(any(not _is_safe(*one) for one in told))


def _is_safe(migration: Migration, compared: Comparison | None) -> bool:
    if compared is None:
        return all(one.request is not None for one in migration.proposals)
    return compared.is_safe


def _events_of(path: str) -> Iterator[_Given]:
    """Yield the events of a file, or of the files of a folder.

    Raises:
        WrongInput: There is no such file, it has no events, or something else.
    """
    given = Path(path)
    files = sorted(given.rglob("*.json")) if given.is_dir() else [given]
    if not files:
        raise WrongInput(f"--events: {path} has no events: wanted files that end in .json")
    for file in files:
        document = read_file("--events", str(file))
        document.value()
        whole = JsonText.parse(document.text)
        texts = whole.items() if whole.is_array else [whole]
        for number, one in enumerate(texts, 1):
            name = f"{file.name}, event {number}" if whole.is_array else file.name
            bus = read_event(Document(f"--events ({name})", one.text, str(file))).bus
            yield _Given(name, one.text, bus)


def _migrations(scratches: Sequence[Scratch], bus: str | None, role: str | None) -> list[Migration]:
    """Return a migration for each bus that has rules.

    Raises:
        OptionError: No template has a bus of that name.
    """
    if not scratches:
        return []
    labels = {
        str(resource.arn): name
        for scratch in scratches
        for name, resource in scratch.resources.items()
        if resource.type == RULE and "Name" not in resource.properties
    }
    found = migrations_of(scratches[0].state, role, labels)
    if bus is not None:
        check_known(f"--bus {bus}", bus, {one.bus for one in found})
    return [one for one in found if bus in (None, one.bus)]


def _compared(migration: Migration, events: Sequence[_Given]) -> Comparison:
    """Return the comparison of the events that may come to the bus.

    Raises:
        WrongInput: All events name another bus.
    """
    own = [one for one in events if one.bus in (None, migration.bus)]
    if not own:
        raise WrongInput(f"--events: all entries name another bus than {migration.bus}")
    return migration.compare([one.text for one in own], titles=[one.title for one in own])


def _data(migration: Migration, compared: Comparison | None) -> dict[str, Any]:
    return {
        "bus": migration.bus,
        "account": migration.account,
        "region": migration.region,
        "safe": _is_safe(migration, compared),
        "verdict": migration.verdict if compared is None else compared.verdict,
        "event_sources": list(migration.event_sources),
        "notes": [note._asdict() for note in migration.notes],
        "targets": [_target(one, compared) for one in migration.proposals],
    }


def _target(proposal: Proposal, compared: Comparison | None) -> dict[str, Any]:
    outcomes = [] if compared is None else [one for one in compared.outcomes if one.proposal is proposal]
    return {
        "rule": proposal.rule_name,
        "target": proposal.target_id,
        "arn": proposal.target_arn,
        "request": proposal.request,
        "notes": [note._asdict() for note in proposal.notes],
        "delivered": sum(one.is_delivered for one in outcomes),
        "lost": sum(any(each.is_loss for each in one.differences) for one in outcomes),
        "differences": [_difference(one, each) for one in outcomes for each in one.differences],
    }


def _difference(outcome: Outcome, one: Difference) -> dict[str, Any]:
    return {
        "event": outcome.event,
        "aspect": one.aspect,
        "text": one.text,
        "rule": one.classic,
        "subscriber": one.subscriber,
        "announced": one.is_announced,
        "lost": one.is_loss,
    }
