from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from eventmock.__main__ import EXAMPLES, main
from eventmock.wire import is_installed

ROOT = Path(__file__).parents[1]
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(*arguments, **options):
    return subprocess.run([sys.executable, "-m", "eventmock", *arguments], text=True, check=False, **options)


class TestThePages:
    @pytest.mark.parametrize(
        ("name", "commands"),
        [
            ("docs/command-line.md", {"match", "schedule", "explain", "sample"}),
            ("docs/check.md", {"check"}),
            ("docs/schema-changes.md", {"diff"}),
            pytest.param(
                "docs/migrate-to-custom-event-bus.md",
                {"compare-buses"},
                marks=pytest.mark.skipif(
                    not is_installed("eventbridgev2"), reason="this botocore has no eventbridgev2"
                ),
            ),
            ("README.md", {"match"}),
        ],
    )
    def test_what_they_show_is_so(self, capsys, monkeypatch, tmp_path, name, commands):
        monkeypatch.chdir(tmp_path)
        page = (ROOT / name).read_text(encoding="utf-8")
        code, asked = None, []
        for block in CONSOLE.findall(page):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                line, shown = part.split("\n", 1)
                words = shlex.split(line)
                if words[0] == "cat":
                    Path(words[1]).parent.mkdir(parents=True, exist_ok=True)
                    Path(words[1]).write_text(shown, encoding="utf-8")
                elif line == "echo $?":
                    assert shown == f"{code}\n", asked[-1]
                else:
                    assert words[:3] == ["python", "-m", "eventmock"]
                    asked.append(line)
                    code = main(words[3:])
                    assert "".join(capsys.readouterr()) == shown, line
        assert {line.split()[3] for line in asked} == commands

    def test_the_commands_for_builds_tell_a_match_from_a_mistake(self, tmp_path):
        page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
        step, inverse = re.findall(r"^```yaml\n- run: (.*?)^```$", page, re.MULTILINE | re.DOTALL)
        (tmp_path / "rules").mkdir()
        (tmp_path / "events").mkdir()
        (tmp_path / "rules" / "ship.json").write_text('{"detail": {"state": ["PAID"]}}', encoding="utf-8")
        (tmp_path / "events" / "paid-order.json").write_text(
            '{"detail": {"state": "PAID"}}', encoding="utf-8"
        )

        def ends_well(script):
            script = script.removeprefix("|\n").replace("python ", f"{shlex.quote(sys.executable)} ")
            done = subprocess.run(
                [shutil.which("bash"), "-e", "-c", script], cwd=tmp_path, capture_output=True, check=False
            )
            return done.returncode == 0

        new = tmp_path / "events" / "new-order.json"
        assert ends_well(step)
        assert not ends_well(inverse)
        new.write_text('{"detail": {"state": "NEW"}}', encoding="utf-8")
        assert ends_well(inverse)
        for mistaken in ('{"Entries": []}', '{"state": "NEW"}', "{}"):
            new.write_text(mistaken, encoding="utf-8")
            assert not ends_well(inverse)
        new.write_text('{"detail": {"state": "PAID"}}', encoding="utf-8")
        assert not ends_well(inverse)
        (tmp_path / "rules" / "ship.json").write_text('{"detail": {"state": ["SENT"]}}', encoding="utf-8")
        assert not ends_well(step)


class TestHelp:
    def test_without_a_command_there_is_an_example_of_each(self, capsys):
        assert main([]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.split("examples:\n")[1].splitlines() == [
            "  python -m eventmock demo",
            """  python -m eventmock match '{"detail": {"state": ["PAID"]}}' order.json""",
            "  python -m eventmock schedule 'cron(0 18 ? * MON-FRI *)'",
            "  python -m eventmock explain template.yaml order.json",
            "  python -m eventmock sample aws.s3 'Object Created'",
            "  python -m eventmock check template.yaml --events events/",
            "  python -m eventmock compare-buses template.yaml --events events/",
            "  python -m eventmock diff schemas/main schemas/branch --rules template.yaml",
            "  python -m eventmock coverage combine shard-1 shard-2 --fail-under 90",
            "  python -m eventmock mutate -- pytest tests/test_orders.py",
        ]

    @pytest.mark.parametrize("command", EXAMPLES)
    def test_each_command_has_an_example(self, capsys, command):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert capsys.readouterr().out.endswith(f"\nexample:\n  python -m eventmock {EXAMPLES[command]}\n")

    def test_the_version_is_shown(self, capsys):
        with pytest.raises(SystemExit) as ended:
            main(["--version"])
        assert ended.value.code == 0
        assert capsys.readouterr() == (f"eventmock {version('eventmock')}\n", "")


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("mach", "error: there is no command 'mach': did you mean 'match'?\n"),
            (
                "q",
                (
                    "error: there is no command 'q': there are check, compare-buses, coverage, demo, diff, explain, "
                    "match, mutate, sample, schedule\n"
                ),
            ),
        ],
    )
    def test_there_is_no_such_command(self, capsys, name, said):
        assert main([name, "{}", "{}"]) == 2
        assert capsys.readouterr() == ("", said)

    def test_a_command_is_missing(self, capsys):
        with pytest.raises(SystemExit) as ended:
            main(["--"])
        assert ended.value.code == 2
        assert "COMMAND" in capsys.readouterr().err

    def test_an_argument_is_missing(self, capsys):
        with pytest.raises(SystemExit) as ended:
            main(["match", "{}"])
        assert ended.value.code == 2
        assert capsys.readouterr().err.endswith(
            "python -m eventmock match: error: the following arguments are required: EVENT\n"
        )

    @pytest.mark.parametrize("command", ["match", "schedule", "explain"])
    def test_an_option_that_a_command_has_not_is_told_with_the_command_s_usage(self, capsys, command):
        with pytest.raises(SystemExit) as ended:
            main([command, "{}", *["{}"] * (command != "schedule"), "--bus", "x"])
        assert ended.value.code == 2
        err = capsys.readouterr().err
        assert err.startswith(f"usage: python -m eventmock {command} ")
        assert err.endswith(f"python -m eventmock {command}: error: unrecognized arguments: --bus x\n")

    def test_an_option_without_a_command_is_told_with_all_of_them(self, capsys):
        with pytest.raises(SystemExit) as ended:
            main(["--bus"])
        assert ended.value.code == 2
        assert capsys.readouterr().err.startswith("usage: python -m eventmock [-h] [--version] COMMAND")

    def test_ctrl_c_is_quiet(self, capsys, monkeypatch):
        def interrupted():
            raise KeyboardInterrupt

        monkeypatch.setattr("eventmock.commands.demo.run", interrupted)
        assert main(["demo"]) == 130
        assert capsys.readouterr() == ("", "")

    @pytest.mark.parametrize("count", ["1", "9999"])
    def test_an_output_that_nobody_reads_is_quiet(self, monkeypatch, count):
        monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
        reader, writer = os.pipe()
        os.close(reader)
        with open(writer, "wb") as output:  # noqa: PTH123 - a descriptor
            done = run("schedule", "rate(1 minute)", "--count", count, stdout=output, stderr=subprocess.PIPE)
        assert (done.returncode, done.stderr) == (141, "")


class TestOutput:
    def test_any_encoding_takes_it(self, monkeypatch):
        monkeypatch.setenv("PYTHONIOENCODING", "ascii")
        done = run("match", '{"a": ["ü"]}', '{"source": "s", "a": "\\ud83d\\ude00"}', capture_output=True)
        assert (done.returncode, done.stderr) == (1, "")
        assert done.stdout == 'no match\n  a held "\\U0001f600", wanted one of ["\\xfc"]\n'

    def test_it_may_go_to_any_stream(self):
        with contextlib.redirect_stdout(io.StringIO()) as output:
            assert main(["match", '{"a": [1]}', '{"source": "s", "a": 1}']) == 0
        assert output.getvalue() == "match\n"

    def test_the_exit_code_is_the_process_s(self):
        assert run("match", '{"a": [1]}', '{"source": "s", "a": 1}').returncode == 0
        assert run("match", '{"a": [1]}', "-", input='{"source": "s", "a": 2}').returncode == 1

    def test_the_demo_ends_well(self, capsys):
        assert main(["demo"]) == 0
        assert "eventmock tells where each went, and why not:" in capsys.readouterr().out
