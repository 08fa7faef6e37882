"""The project of docs/conftest-of-a-project.md passes, is independent of the order of its tests, and fails as shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1].joinpath("docs", "conftest-of-a-project.md").read_text("utf-8")
FILES = dict(
    re.findall(r"^```\{code-block\} \w+\n:caption: (\S+)\n\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
)
MISSPELT_BUS, NOBODY = re.findall(r"^```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def run(pytester):
    """Runs the project with flags, after a change of one of its files, and returns what pytest printed."""

    def run_project(*flags, changed=None, old="", new=""):
        for name, text in FILES.items():
            assert name != changed or text.count(old) == 1
            file = pytester.path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text.replace(old, new) if name == changed else text, encoding="utf-8")
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", *flags)

    return run_project


def test_the_page_shows_seven_files():
    assert len(FILES) == 7
    assert "seven small files" in PAGE


def test_the_project_passes_as_the_page_says(run):
    result = run()
    [said] = re.findall(r"^(\d+) passed$", PAGE, re.MULTILINE)
    result.assert_outcomes(passed=int(said))


def test_the_project_passes_in_reverse_order_and_in_processes(run):
    run("tests/test_refunds.py", "tests/test_orders.py", "--numprocesses", "2").assert_outcomes(passed=9)


def test_a_misspelt_bus_is_told_below_the_assertion(run):
    result = run(changed="shop/orders.py", old='"EventBusName": "shop"', new='"EventBusName": "shpo"')
    assert MISSPELT_BUS in f"{result.stdout.str()}\n"
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_strict_asks_who_takes_a_delivery(run):
    line = "    eventmock_session_backend.target(LABELS)\n"
    result = run(changed="tests/conftest.py", old=line, new="")
    told = "\n".join(text.removeprefix("E   ") for text in result.stdout.str().splitlines())
    assert f"StrictFailure: {NOBODY.rstrip()}" in told
    result.assert_outcomes(passed=9, errors=7)
