from __future__ import annotations

from eventmock.checks.formats.text import text_of


def test_each_finding_is_a_paragraph_and_each_template_has_a_last_line(reports):
    assert text_of(reports) == (
        "stacks/shop.yaml:7: error: Nightly: cron(71 * * * ? *): minutes: 71 is outside 0-59 [refused-schedule]\n"
        "  in production: the deployment fails: Parameter ScheduleExpression is not valid.\n"
        "  instead: cron(0 9 ? * MON-FRI *)\n"
        "\n"
        "stacks/shop.yaml:9: warning: the key A, twice [repeated-key]\n"
        "  in production: only the last counts\n"
        "100%\n"
        "  instead: one key\n"
        "\n"
        "stacks/shop.yaml: note: Ship: no DeadLetterConfig [missing-dead-letter-queue]\n"
        "  in production: events are lost\n"
        "  instead: a queue\n"
        "\n"
        "1 error, 1 warning, 1 note in stacks/shop.yaml\n"
        "  made-up values stand for parameter Stage: --parameters gives real ones\n"
        "nothing found in stacks/pay.yaml"
    )


def test_several_of_a_severity_are_counted(reports):
    error = reports[0].findings[0]
    assert text_of([reports[1]._replace(findings=[error, error])]).endswith("2 errors in stacks/pay.yaml")
