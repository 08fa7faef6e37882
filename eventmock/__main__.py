"""The command line, ``python -m eventmock``: the arguments of each command, and the exit codes."""

from __future__ import annotations

import io
import os
import sys
from argparse import Action, ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from math import isfinite
from typing import TYPE_CHECKING, Final

from eventmock.commands.instants import WANTED, instant_of
from eventmock.commands.output import say
from eventmock.exceptions import EventmockError
from eventmock.options import check_known

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence
    from datetime import datetime

PROGRAM: Final = "python -m eventmock"
MOST_FIRINGS: Final = 1_000_000
EXAMPLES: Final = {
    "demo": "demo",
    "match": """match '{"detail": {"state": ["PAID"]}}' order.json""",
    "schedule": "schedule 'cron(0 18 ? * MON-FRI *)'",
    "explain": "explain template.yaml order.json",
    "sample": "sample aws.s3 'Object Created'",
    "check": "check template.yaml --events events/",
    "compare-buses": "compare-buses template.yaml --events events/",
    "diff": "diff schemas/main schemas/branch --rules template.yaml",
    "coverage": "coverage combine shard-1 shard-2 --fail-under 90",
    "mutate": "mutate -- pytest tests/test_orders.py",
}
"""An example of each command, by the command's name."""

WRONG_INPUT: Final = 2
INTERRUPTED: Final = 130
READER_GONE: Final = 141
_GIVEN: Final = "JSON text, the path of a file, or - for standard input"
_WANTED_COMMAND: Final = (
    f"; wanted -- and then the command that runs the tests, such as: {PROGRAM} mutate -- pytest tests"
)
_TEMPLATE: Final = "or a template of CloudFormation or SAM, in YAML or JSON, or the cdk.out of a CDK app"


class _ShowVersion(Action):
    """Shows the version, which is looked up only when it is asked for, because that takes long."""

    def __call__(self, parser: ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        say(f"eventmock {version('eventmock')}")
        parser.exit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: The arguments; those of the command line if None.

    Returns:
        The exit code: 0 or 1 as the command decides, 2 if an argument or a file is wrong.

    Raises:
        SystemExit: The arguments ask for help or the version, or argparse refuses them.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            return _run(sys.argv[1:] if arguments is None else arguments)
        finally:
            sys.stdout.flush()
    except EventmockError as error:
        say("error: " + str(error), sys.stderr)
        return WRONG_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # otherwise Python prints an error when it flushes at its end
        return READER_GONE


def _run(arguments: Sequence[str]) -> int:
    parser = _parser()
    if not arguments:
        say(parser.format_help().rstrip(), sys.stderr)
        return WRONG_INPUT
    if not arguments[0].startswith("-"):
        check_known(f"there is no command {arguments[0]!r}", arguments[0], EXAMPLES)
    own, command = _split(arguments)
    options, unknown = parser.parse_known_args(own)
    if unknown:
        hint = "" if command or arguments[0] != "mutate" else _WANTED_COMMAND
        options.parser.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
    options.of_tests = command
    answer: int = options.run(options)
    return answer


def _split(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the arguments of ours, and the command of the user after ``--``."""
    if arguments[0] != "mutate" or "--" not in arguments:
        return arguments, ()
    dashes = arguments.index("--")
    return arguments[:dashes], arguments[dashes + 1 :]


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog=PROGRAM,
        description="Amazon EventBridge, in-process: what the tests know, on the terminal.",
        epilog=_examples(*EXAMPLES.values()),
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="show the version")
    parser.set_defaults(parser=parser)
    commands = parser.add_subparsers(metavar="COMMAND")

    def add(name: str, run: Callable[[Namespace], int], text: str) -> ArgumentParser:
        command: ArgumentParser = commands.add_parser(
            name,
            help=text,
            description=text,
            epilog=_examples(EXAMPLES[name]),
            formatter_class=RawDescriptionHelpFormatter,
        )
        command.set_defaults(run=run, parser=command)
        return command

    add("demo", _demo, "show events being routed, delivered and explained")
    match = add(
        "match", _match, "say whether an event matches a pattern, or rules of a template, and why not"
    )
    match.add_argument("pattern", metavar="PATTERN", help=f"an event pattern: {_GIVEN}; {_TEMPLATE}")
    match.add_argument(
        "--scope",
        choices=("DATA", "METADATA", "SYSTEM_METADATA"),
        help="the pattern is the filter of a subscriber of a custom event bus, and EVENT what the scope has",
    )
    schedule = add(
        "schedule", _schedule, "say when a schedule, or the rules and schedules of a template, fire next"
    )
    schedule.add_argument(
        "expression", metavar="EXPRESSION", help=f"rate(...), cron(...) or at(...); {_TEMPLATE}"
    )
    schedule.add_argument(
        "--count", type=_count, default=5, metavar="N", help="how many firings; 5 unless said"
    )
    schedule.add_argument(
        "--after",
        type=_instant,
        metavar="ISO-8601",
        help="after which moment; for a rate, when its rule or schedule was made; now unless said",
    )
    schedule.add_argument(
        "--timezone",
        metavar="NAME",
        help="the time zone, such as Europe/Berlin, of a schedule of EventBridge Scheduler; UTC unless said",
    )
    for date in ("start", "end"):
        schedule.add_argument(
            f"--{date}-date",
            type=_instant,
            metavar="ISO-8601",
            help=f"{date.title()}Date of a schedule of EventBridge Scheduler",
        )
    schedule.add_argument(
        "--for",
        dest="reader",
        choices=("rule", "schedule"),
        help="whether it is for a rule, or a schedule of EventBridge Scheduler; whichever takes it unless said",
    )
    explain = add(
        "explain",
        _explain,
        "say which rules of a bus or a template match an event, and why the others do not",
    )
    explain.add_argument(
        "rules",
        metavar="RULES",
        help=f"what 'aws events list-rules --output json' prints: {_GIVEN}; {_TEMPLATE}",
    )
    sample = add("sample", _sample, "print a sample of an event of an AWS service, or list which there are")
    sample.add_argument(
        "source", metavar="SOURCE", nargs="?", help="the source, such as aws.s3; else all are listed"
    )
    sample.add_argument(
        "detail_type",
        metavar="DETAIL-TYPE",
        nargs="?",
        help="the detail-type; else those of the source are listed",
    )
    sample.add_argument("--account", metavar="ID", help="the account of the event; 123456789012 unless said")
    sample.add_argument("--region", metavar="NAME", help="the region of the event; us-east-1 unless said")
    check = add("check", _check, "say what is wrong in templates of CloudFormation, SAM and the CDK")
    check.add_argument(
        "templates", metavar="TEMPLATE", nargs="+", help="the path of a template, or of a cdk.out"
    )
    check.add_argument(
        "--events", metavar="DIR", help="JSON files of events that the rules should match, or one such file"
    )
    check.add_argument(
        "--schemas", metavar="DIR", help="a folder of schemas, which the events are promised to have"
    )
    check.add_argument("--account", metavar="ID", help="the account of the stacks; 123456789012 unless said")
    check.add_argument("--region", metavar="NAME", help="the region of the stacks; us-east-1 unless said")
    check.add_argument(
        "--format",
        choices=("text", "json", "sarif", "github"),
        default="text",
        help="how findings are printed; sarif is for code scanning, github for pull requests",
    )
    check.add_argument(
        "--fail-on",
        choices=("error", "warning", "note", "never"),
        default="error",
        help="from which severity on the exit code is 1; error unless said",
    )
    diff = add("diff", _diff, "say which rules and targets a change of schemas of events breaks")
    diff.add_argument("old", metavar="OLD", help="the folder of the old schemas")
    diff.add_argument("new", metavar="NEW", help="the folder of the new schemas")
    diff.add_argument(
        "--rules",
        action="extend",
        nargs="+",
        default=[],
        metavar="RULES",
        help="rules that consume the events: what 'aws events list-rules --output json' prints, or a template; "
        "without rules, the changes of the schemas are listed",
    )
    diff.add_argument(
        "--fail-on",
        choices=("error", "warning", "note", "never"),
        default="error",
        help="from which severity on the exit code is 1; error unless said",
    )
    buses = add(
        "compare-buses",
        _compare_buses,
        "say which subscribers of a custom event bus would do what the rules of a template do, and what differs",
    )
    _add_compare_buses(buses)
    coverage = add(
        "coverage", _coverage, "combine and show what tests tried of rules (pytest --eventmock-coverage)"
    )
    _add_coverage(coverage)
    _add_mutate(
        add(
            "mutate",
            _mutate,
            "run the tests with a mistake in one rule or schedule after the other, and list the unnoticed",
        )
    )
    for command in (match, explain):
        command.add_argument(
            "event", metavar="EVENT", help=f"an event, or an entry of PutEvents, which becomes one: {_GIVEN}"
        )
    for command in (match, schedule, explain, check, diff, buses):
        command.add_argument(
            "--parameters",
            type=_parameter,
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="the value of a parameter of the template; may be given several times",
        )
    for command in (match, schedule, explain, diff, buses):
        command.add_argument("--json", action="store_true", help="answer as JSON")
    for command in (match, schedule):
        command.add_argument(
            "--rule",
            metavar="LOGICAL-ID",
            help=f"the rule {'or schedule ' * (command is schedule)}of the template that is meant; else all",
        )
    return parser


def _add_compare_buses(buses: ArgumentParser) -> None:
    buses.add_argument("template", metavar="TEMPLATE", help="the path of a template, or of a cdk.out")
    buses.add_argument(
        "--events",
        action="extend",
        nargs="+",
        default=[],
        metavar="FILE",
        help="JSON files of events, or folders of them, that run through both; without any, the plan is shown",
    )
    buses.add_argument("--bus", metavar="NAME", help="the bus whose rules are meant; each bus unless said")
    buses.add_argument("--role", metavar="ARN", help="the role of subscribers whose targets have none")
    buses.add_argument("--account", metavar="ID", help="the account of the stacks; 123456789012 unless said")
    buses.add_argument("--region", metavar="NAME", help="the region of the stacks; us-east-1 unless said")


def _add_coverage(coverage: ArgumentParser) -> None:
    """Add the commands of ``coverage``."""
    commands = coverage.add_subparsers(metavar="COMMAND", dest="command", required=True)
    text = "combine the data of several runs, and print the table"
    combine = commands.add_parser("combine", help=text, description=text)
    combine.add_argument(
        "paths", metavar="DIR", nargs="+", help="a directory that a run has written, or its coverage.json"
    )
    combine.add_argument(
        "--dir",
        metavar="DIR",
        help="where the data and the page are written; .eventmock-coverage unless said",
    )
    text = "print the table of a run, or of combined runs"
    report = commands.add_parser("report", help=text, description=text)
    report.add_argument(
        "path",
        metavar="DIR",
        nargs="?",
        help="the directory, or its coverage.json; .eventmock-coverage unless said",
    )
    report.add_argument(
        "--format",
        choices=("text", "markdown", "json"),
        default="text",
        help="how it is printed; markdown is for the summary of a job",
    )
    report.add_argument("--all", action="store_true", help="list rules that are covered fully, too")
    for command in (combine, report):
        command.set_defaults(parser=command)
        command.add_argument(
            "--fail-under", metavar="N", help="exit with 1 if less than N percent of the points was tried"
        )
        command.add_argument(
            "--omit",
            action="append",
            default=[],
            metavar="PATTERN",
            help="rules that do not count, such as 'shop/legacy-*'; may be given several times",
        )
        command.add_argument(
            "--points",
            metavar="KINDS",
            help="the kinds of points that count, such as value,branch; all unless said",
        )


def _add_mutate(mutate: ArgumentParser) -> None:
    mutate.usage = f"{PROGRAM} mutate [options] -- COMMAND THAT RUNS PYTEST"
    mutate.add_argument(
        "--jobs",
        type=_count,
        metavar="N",
        help="how many mutants at the same time; one for each CPU unless said",
    )
    mutate.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="GLOB",
        help="only rules and schedules of such a label, name or logical ID; * stands for anything; "
        "may be given several times",
    )
    mutate.add_argument(
        "--kinds",
        type=_words,
        default=(),
        metavar="GLOB,...",
        help="only mistakes of these kinds, such as 'field dropped,wrong *'",
    )
    mutate.add_argument(
        "--timeout",
        type=_seconds,
        metavar="SECONDS",
        help="the most time for one mutant; unless said 10 seconds and five times that of its tests",
    )
    mutate.add_argument(
        "--no-fork", action="store_true", help="start the command anew for each mutant, as on Windows; slow"
    )
    mutate.add_argument(
        "--json", nargs="?", const="-", metavar="FILE", help="write the result to FILE, or print it, as JSON"
    )
    mutate.add_argument(
        "--equivalent", action="store_true", help="list the mutants too that are proven to change nothing"
    )
    mutate.add_argument(
        "--fail-on-unnoticed", action="store_true", help="the exit code is 1 if a mutant is unnoticed"
    )
    mutate.add_argument(
        "--min-score",
        metavar="PERCENT",
        help="the exit code is 1 if a smaller share of the mutants is noticed",
    )


def _examples(*commands: str) -> str:
    return "\n".join([f"example{'s' * (len(commands) > 1)}:", *(f"  {PROGRAM} {one}" for one in commands)])


def _count(text: str) -> int:
    if not text.isdecimal() or not text.strip("0"):
        raise ArgumentTypeError(f"{text!r}: wanted a whole number from 1 on")
    if len(text) > len(str(MOST_FIRINGS)) or int(text) > MOST_FIRINGS:
        raise ArgumentTypeError(f"{text!r}: wanted at most {MOST_FIRINGS:,}")
    return int(text)


def _instant(text: str) -> datetime:
    try:
        return instant_of(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r}: {WANTED}") from None


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise ArgumentTypeError(f"{text!r}: wanted NAME=VALUE")
    return name, value


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if number <= 0 or not isfinite(number):
        raise ArgumentTypeError(f"{text!r}: wanted a number of seconds above 0")
    return number


def _demo(_: Namespace) -> int:
    from eventmock.commands.demo import run

    run()
    return 0


def _match(options: Namespace) -> int:
    if options.scope is not None:
        from eventmock.commands.filter_match import run as run_filter

        return run_filter(options.pattern, options.event, scope=options.scope, as_json=options.json)
    from eventmock.commands.match import run

    parameters = dict(options.parameters)
    return run(options.pattern, options.event, rule=options.rule, parameters=parameters, as_json=options.json)


def _schedule(options: Namespace) -> int:
    from eventmock.commands.schedule import AsSchedule, run

    parameters = dict(options.parameters)
    return run(
        options.expression,
        options.count,
        options.after,
        given=AsSchedule(options.reader, options.timezone, options.start_date, options.end_date),
        rule=options.rule,
        parameters=parameters,
        as_json=options.json,
    )


def _explain(options: Namespace) -> int:
    from eventmock.commands.explain import run

    return run(options.rules, options.event, parameters=dict(options.parameters), as_json=options.json)


def _sample(options: Namespace) -> int:
    from eventmock.commands.sample import run

    return run(options.source, options.detail_type, options.account, options.region)


def _check(options: Namespace) -> int:
    from eventmock.commands.check import run

    return run(
        options.templates,
        events=options.events,
        schemas=options.schemas,
        parameters=dict(options.parameters),
        account=options.account,
        region=options.region,
        form=options.format,
        fail_on=options.fail_on,
    )


def _diff(options: Namespace) -> int:
    from eventmock.commands.diff import run

    return run(
        options.old,
        options.new,
        rules=options.rules,
        parameters=dict(options.parameters),
        as_json=options.json,
        fail_on=options.fail_on,
    )


def _compare_buses(options: Namespace) -> int:
    from eventmock.commands.compare_buses import run

    return run(
        options.template,
        events=options.events,
        bus=options.bus,
        role=options.role,
        parameters=dict(options.parameters),
        account=options.account,
        region=options.region,
        as_json=options.json,
    )


def _coverage(options: Namespace) -> int:
    from eventmock.commands import coverage
    from eventmock.coverage.selection import KINDS, Selection, read_kinds, read_omitted, read_percent

    kinds = frozenset(KINDS) if options.points is None else read_kinds(options.points, "--points")
    selection = Selection(read_omitted(options.omit), kinds)
    least = None if options.fail_under is None else read_percent(options.fail_under, "--fail-under")
    if options.command == "combine":
        return coverage.combine(options.paths, directory=options.dir, selection=selection, fail_under=least)
    return coverage.report(
        options.path, form=options.format, shows_covered=options.all, selection=selection, fail_under=least
    )


def _mutate(options: Namespace) -> int:
    if not options.of_tests:
        options.parser.error(f"the command that runs the tests is missing{_WANTED_COMMAND}")
    from eventmock.commands.mutate import run
    from eventmock.coverage.selection import read_percent

    return run(
        options.of_tests,
        jobs=options.jobs,
        rules=options.rule,
        kinds=options.kinds,
        timeout=options.timeout,
        no_fork=options.no_fork,
        json_file=options.json,
        equivalent=options.equivalent,
        fail_on_unnoticed=options.fail_on_unnoticed,
        min_score=None if options.min_score is None else read_percent(options.min_score, "--min-score"),
    )


if __name__ == "__main__":
    sys.exit(main())
