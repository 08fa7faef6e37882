from __future__ import annotations

import subprocess
import sys


def test_the_demo_shows_an_event_routed_retried_dead_lettered_and_explained(capsys):
    from eventmock.demo import run

    run()
    shown = capsys.readouterr().out
    assert "[{'state': 'PAID', 'total': 30}]" in shown
    assert 'ship   no match   detail.state held "NEW", wanted one of ["PAID"]' in shown
    assert "dropped: there is no event bus 'ordres' in 123456789012, us-east-1; there are default" in shown
    assert 'sqs SendMessage: {"version":"0","id":"' in shown
    assert "#1 rule audit -> sqs audit-log: attempts 2 to 30 failed the same way" in shown
    assert (
        "2026-11-22 12:00:00      #1 rule audit -> sqs audit-log: DEAD LETTER to sqs dead-letters: " in shown
    )
    assert "    EXHAUSTED_RETRY_CONDITION   MaximumEventAgeInSeconds\n" in shown


def test_it_is_a_command():
    run = subprocess.run(
        [sys.executable, "-m", "eventmock", "demo"], capture_output=True, text=True, check=True
    )
    assert "eventmock tells where each went, and why not:" in run.stdout


def test_without_a_command_the_commands_are_named():
    run = subprocess.run([sys.executable, "-m", "eventmock"], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "COMMAND" in run.stderr
