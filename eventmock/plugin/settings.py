"""The settings of the plugin: ini options, flags and the marker."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest

from eventmock.exceptions import OptionError
from eventmock.mock.mock_events import set_defaults
from eventmock.options import Options, hint_for

MARKER: Final = "eventmock"
TRACE_FLAG: Final = "--eventmock-trace"
REPORT_FLAG: Final = "--eventmock-report"
COVERAGE_FLAG: Final = "--eventmock-coverage"
COVERAGE_OPTIONS: Final = {
    "dir": ("string", "DIR", "the directory of the data and the page; .eventmock-coverage if none is given"),
    "fail_under": ("string", "N", "the run fails if less than N percent of the points was tried"),
    "omit": ("args", "PATTERN", "rules that do not count, such as shop/legacy-* or template.yaml:*"),
    "points": (
        "args",
        "KINDS",
        (
            "the kinds of points that count: some of value, branch, refusal, delivery, failure, dead-letter, input, "
            "firing; all if none is given"
        ),
    ),
}
"""The options of coverage: for each the type in the ini file, the name of its value, and what it does."""
INI_OPTIONS: Final = {
    "region": ("string", "the region of clients that name none"),
    "account": ("string", "the account that calls, 12 digits"),
    "start_time": ("string", "where the clock stands, ISO 8601"),
    "seed": ("string", "seeds the identifiers"),
    "strict": (
        "string",
        (
            "what fails the test: true, false, or some of refused, dropped, unmatched, nobody, handlers, services, "
            "awscrt, permissions"
        ),
    ),
    "passthrough": ("linelist", "hosts that requests of other services may go to"),
    "service_events": (
        "string",
        "whose events come to the default bus when moto answers calls: some of s3, cloudtrail; empty for none",
    ),
    "enforce_policies": ("bool", "the policies of event buses are enforced"),
    "target_permissions": ("string", "whether AWS may deliver: off, warn or enforce"),
    "require_awscrt": ("bool", "calls that need SigV4a fail where awscrt is not installed"),
    "patched_send": (
        "bool",
        "requests of other services may go to a URLLib3Session.send that the test has patched",
    ),
}

GUARD: Final = "guard"
"""The ini option, and the argument of the marker, about the guard. It is not an option of a mock."""
GUARD_INI: Final = f"eventmock_{GUARD}"
_INI_PREFIX: Final = "eventmock_"
_COVERAGE_INI: Final = "eventmock_coverage"
_BOOLEANS: Final = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}
_ini_key: Final = pytest.StashKey[Options]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini options and the flags."""
    of_type: Any
    for name, (kind, text) in INI_OPTIONS.items():
        of_type = bool | str if name == "strict" and pytest.version_tuple >= (9, 2) else kind
        parser.addini(f"eventmock_{name}", f"eventmock: {text}", type=of_type, default=None)
    parser.addini(
        GUARD_INI,
        "eventmock: outside any mock, requests for the mocked services fail at once",
        type="bool",
        default=False,
    )
    group = parser.getgroup("eventmock")
    group.addoption(
        TRACE_FLAG,
        choices=("fail", "all", "none"),
        help="tell what happened in EventBridge: of tests that fail, in at most 40 lines (fail, the default), of all "
        "tests, and all of it (all), of no test (none)",
    )
    group.addoption(
        REPORT_FLAG, metavar="DIR", help="write a report of the run's events, HTML and Mermaid, to DIR"
    )
    text = "measure what the tests try of each rule, and print and write what they never tried"
    group.addoption(COVERAGE_FLAG, action="store_true", help=text)
    parser.addini(_COVERAGE_INI, f"eventmock: {text}", type="bool", default=False)
    for name, (kind, value, text) in COVERAGE_OPTIONS.items():
        several = "append" if kind == "args" else "store"
        group.addoption(_coverage_flag(name), metavar=value, action=several, help=f"with coverage: {text}")
        of_type = float | str if name == "fail_under" and pytest.version_tuple >= (9, 2) else kind
        parser.addini(f"{_COVERAGE_INI}_{name}", f"eventmock: {text}", type=of_type, default=None)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, check the ini options, and begin the report of the run if a flag asks for it.

    Raises:
        UsageError: An ini option is wrong or does not exist, or the directory of the report is a file.
    """
    config.addinivalue_line(
        "markers",
        f"{MARKER}(region, account, start_time, seed, strict, passthrough, isolated, service_events, enforce_policies, "
        "target_permissions, require_awscrt, patched_send): "
        "mock Amazon EventBridge while the test runs, with these options. "
        f"{MARKER}({GUARD}): begin or end the guard for the test.",
    )
    given = {name: config.getini(f"eventmock_{name}") for name in INI_OPTIONS}
    if given["seed"] is not None and re.fullmatch(r"-?\d+", given["seed"]):
        given["seed"] = int(given["seed"])
    if isinstance(given["strict"], str):
        given["strict"] = _BOOLEANS.get(given["strict"].strip().lower(), _words(given["strict"]))
    if given["service_events"] is not None:
        given["service_events"] = _words(given["service_events"])
    try:
        _check_ini_names(config)
        options = config.stash[_ini_key] = Options.read(given, "ini file, eventmock_*")
    except OptionError as error:
        raise pytest.UsageError(str(error)) from None
    before = set_defaults(options)

    def restore() -> None:
        set_defaults(before)

    config.add_cleanup(restore)
    directory = config.getoption(REPORT_FLAG)
    if directory is not None and not config.option.collectonly:
        if Path(directory).exists() and not Path(directory).is_dir():
            raise pytest.UsageError(f"{REPORT_FLAG}={directory}: wanted a directory, and that is a file")
        from eventmock.plugin.run_report import RunReport

        report = RunReport(directory, is_worker=hasattr(config, "workerinput"))
        config.pluginmanager.register(report, "eventmock-run-report")
    coverage = _coverage_options(config)
    if coverage is not None and not config.option.collectonly:
        from eventmock.plugin.coverage import RunCoverage

        try:
            config.pluginmanager.register(RunCoverage(config, coverage), "eventmock-coverage")
        except OptionError as error:
            raise pytest.UsageError(str(error)) from None


def _coverage_flag(name: str) -> str:
    """Return the flag of an option of coverage, such as ``--eventmock-coverage-fail-under``."""
    return f"{COVERAGE_FLAG}-{name.replace('_', '-')}"


def _coverage_options(config: pytest.Config) -> dict[str, tuple[Any, str]] | None:
    """Return the options of coverage that are given; None if neither the ini file nor a flag asks for coverage.

    Returns:
        By the name of the option, its value, and the flag or the ini option that has the value. The flag counts before
        the ini option.
    """
    flags = {
        name: (config.getoption(_coverage_flag(name)), _coverage_flag(name)) for name in COVERAGE_OPTIONS
    }
    flags = {name: given for name, given in flags.items() if given[0] is not None}
    if not (flags or config.getoption(COVERAGE_FLAG) or config.getini(_COVERAGE_INI)):
        return None
    inis = {name: f"{_COVERAGE_INI}_{name}" for name in COVERAGE_OPTIONS}
    values = {name: (config.getini(ini), ini) for name, ini in inis.items()}
    return {name: given for name, given in values.items() if given[0] is not None} | flags


def _check_ini_names(config: pytest.Config) -> None:
    """Check that the ini file has no misspelt option of eventmock.

    pytest only warns of an option that no plugin has declared. A suite whose ``eventmock_guard`` is misspelt would have
    no guard, and reach AWS.

    Raises:
        OptionError: There is no such option; the error's text has the option that is most similar.
    """
    known = [*INI_OPTIONS, GUARD, "coverage", *(f"coverage_{name}" for name in COVERAGE_OPTIONS)]
    # pytest has no public function for the names in the ini file. Version 9 keeps them in the first of these.
    names = vars(config).get("_inicfg") or vars(config).get("inicfg", ())
    for name in names:
        if name.startswith(_INI_PREFIX) and name.removeprefix(_INI_PREFIX) not in known:
            wrong = name.removeprefix(_INI_PREFIX)
            raise OptionError(f"ini file: there is no option {name}: {hint_for(wrong, known)}")


def _words(text: str) -> list[str]:
    """Return the words of an ini option, between which there are commas or blanks."""
    return text.replace(",", " ").split()


def pytest_report_header(config: pytest.Config) -> str | None:
    """Return a line with the ini options and flags that were set; None if none was."""
    options = config.stash[_ini_key].given()
    if "start_time" in options:
        options["start_time"] = options["start_time"].isoformat()
    said = [f"{name}={value!r}" for name, value in options.items()]
    said += [f"{GUARD}=True"] if config.getini(GUARD_INI) else []
    said += [f"{flag}={value}" for flag in (TRACE_FLAG, REPORT_FLAG) if (value := config.getoption(flag))]
    coverage = _coverage_options(config)
    if coverage is not None:
        said += ["coverage=True", *(f"coverage_{name}={value!r}" for name, (value, _) in coverage.items())]
    return "eventmock: " + ", ".join(said) if said else None


def options_of(node: pytest.Item) -> Options:
    """Return the options of a test's markers. A marker of the function counts before the class and the module.

    Those of the ini file are not among them: every mock has them where no other value is given.

    Raises:
        OptionError: A marker has an option that does not exist, or whose value is wrong.
    """
    given: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers(MARKER))):
        if marker.args:
            raise OptionError(
                f"@pytest.mark.{MARKER}{marker.args!r}: options are given by name, such as region='us-east-1'"
            )
        given.update(marker.kwargs)
    given.pop(GUARD, None)
    return Options.read(given, f"@pytest.mark.{MARKER}")


def asks_for_mock(item: pytest.Item) -> bool:
    """Return whether a test has a marker that mocks it: one that has not only an argument about the guard."""
    return any(marker.kwargs.keys() != {GUARD} for marker in item.iter_markers(MARKER))
