"""``check``: what is wrong in templates, before they are deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from eventmock.checks.check import Around, check_all
from eventmock.checks.finding import is_at_least
from eventmock.commands.output import say, say_json
from eventmock.options import Options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.checks.finding import Severity
    from eventmock.checks.report import Checked

Format = Literal["text", "json", "sarif", "github"]
NEVER: Final = "never"


def run(  # noqa: PLR0913 - the options of the command
    templates: Sequence[str],
    *,
    events: str | None,
    schemas: str | None = None,
    parameters: Mapping[str, str],
    account: str | None,
    region: str | None,
    form: Format,
    fail_on: Severity | Literal["never"],
) -> int:
    """Print what is wrong in some templates.

    Args:
        templates: The paths of templates, or of outputs of the CDK.
        events: The path of a folder of events, or of a file; None for none.
        schemas: The path of a folder of schemas; None for none.
        parameters: The values of parameters, by name.
        account: The account of the stacks; None for 123456789012.
        region: The region of the stacks; None for us-east-1.
        form: The format in which findings are printed.
        fail_on: The least severity for which the exit code is 1.

    Returns:
        1 if there is a finding of that severity or a worse one, else 0.

    Raises:
        TemplateError: A file is missing, or is not a template.
        WrongInput: The events or the schemas cannot be read.
        OptionError: The account or the region is not valid, or no template has a parameter.
    """
    given = Options.read({"account": account, "region": region}, "check")
    samples = []
    if events is not None:
        from eventmock.commands.given_samples import read_samples

        samples = read_samples(events)
    promised = []
    if schemas is not None:
        from eventmock.commands.given_schemas import read_given_schemas

        promised = read_given_schemas("--schemas", schemas)
    around = Around(given.account, given.region, parameters, samples, promised)
    reports = check_all(templates, around)
    _print(reports, form)
    worst = [finding.severity for report in reports for finding in report.findings]
    return int(fail_on != NEVER and any(is_at_least(one, fail_on) for one in worst))


def _print(reports: Sequence[Checked], form: Format) -> None:
    if form == "text":
        from eventmock.checks.formats.text import text_of

        say(text_of(reports))
    elif form == "json":
        from eventmock.checks.formats.json_list import json_of

        say_json(json_of(reports))
    elif form == "sarif":
        from importlib.metadata import version

        from eventmock.checks.formats.sarif import sarif_of
        from eventmock.checks.rules import all_rules

        say_json(sarif_of(reports, all_rules(), version("eventmock")))
    else:
        from eventmock.checks.formats.github import github_of

        commands = github_of(reports)
        if commands:
            say(commands)
