from __future__ import annotations

import subprocess
import sys


def test_the_demo_shows_an_event_routed_retried_dead_lettered_and_explained(capsys):
    from eventmock.commands.demo import run

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


def test_the_demo_shows_a_region_s_outage(capsys):
    from eventmock.commands.demo import run

    run()
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    failed = "12:06:00  PutEvents of 123456789012 in us-east-1 failed: us-east-1 is out of service"
    assert lines.count(failed) >= 3
    put = '12:12:00  #3 order from shop put on "orders" of 123456789012 in us-west-2 through events endpoint/orders'
    copied = '12:21:00  #5 order from shop copied by replication to "orders" of 123456789012 in us-east-1'
    story = [failed, "12:07:00  health check orders is Unhealthy", put, "12:21:00  us-east-1 is back", copied]
    assert [line for line in lines if line in story[1:]] == story[1:]
    assert lines[-4:] == [
        "12:00:00  us-east-1",
        "12:07:00  us-west-2",
        "12:21:00  us-east-1",
        "rule refund is in us-east-1 and not in us-west-2",
    ]


def test_it_is_a_command():
    run = subprocess.run(
        [sys.executable, "-m", "eventmock", "demo"], capture_output=True, text=True, check=True
    )
    assert "eventmock tells where each went, and why not:" in run.stdout


def test_without_a_command_the_commands_are_named():
    run = subprocess.run([sys.executable, "-m", "eventmock"], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "COMMAND" in run.stderr
