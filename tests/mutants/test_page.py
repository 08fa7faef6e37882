"""What docs/mutants.md shows is so."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from eventmock.pattern import mutations as of_patterns
from eventmock.schedule import mutations as of_schedules
from eventmock.services.custom_event_bus import mutants as of_subscribers
from eventmock.services.events import mutants as of_rules
from eventmock.services.scheduler import mutants as of_schedules_of_scheduler

PAGE = Path(__file__).parents[2] / "docs" / "mutants.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)

KIND = re.compile(r'^[A-Z][A-Z_]+: Final = "(.+)"$', re.MULTILINE)


def masked(text):
    return re.sub(r"\d+\.\d+(s| seconds)\b", r"0.0\1", text)


def test_what_its_commands_print_is_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # the plugins of others take long to load
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p eventmock.plugin -p no:cacheprovider")
    for block in CONSOLE.findall(PAGE.read_text("utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, shown = part.split("\n", 1)
            words = shlex.split(line)
            if words[0] == "cat":
                (tmp_path / words[1]).write_text(shown, encoding="utf-8")
            else:
                assert words[:4] == ["python", "-m", "eventmock", "mutate"]
                done = subprocess.run(
                    [sys.executable, *words[1:]], cwd=tmp_path, capture_output=True, text=True, check=False
                )
                assert (done.returncode, done.stderr) == (0, "")
                assert masked(done.stdout) == masked(shown)


def test_its_table_has_all_kinds_of_mistakes():
    table = PAGE.read_text("utf-8").split("| --- | --- |\n")[1].split("\n\n")[0]
    shown = {kind for row in table.splitlines() for kind in re.findall(r"`([^`]+)`", row.split("|")[1])}
    modules = (of_patterns, of_schedules, of_rules, of_schedules_of_scheduler, of_subscribers)
    sources = [Path(module.__file__).read_text("utf-8") for module in modules]
    assert shown == {kind for code in sources for kind in KIND.findall(code)}


@pytest.mark.skipif(shutil.which("bash") is None, reason="the system has no bash")
def test_its_step_for_pull_requests_tries_the_templates_that_have_changed(tmp_path):
    [step] = re.findall(r"^```yaml\n- run: \|\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    said = 'git() { printf "%s" "$CHANGED"; }\npython() { printf "%s\\n" "$@"; }\n'

    def asked(changed):
        done = subprocess.run(
            [shutil.which("bash"), "-e", "-c", said + dedent(step)],
            env=os.environ | {"CHANGED": changed},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()

    words = asked("orders.template.yaml\nstacks/bill.template.yaml\n")
    assert words[:3] == ["-m", "eventmock", "mutate"]
    options = words[3 : words.index("--")]
    assert options == [
        *("--rule", "orders.template.yaml:*", "--rule", "stacks/bill.template.yaml:*", "--min-score", "80"),
    ]
    assert asked("") == []
