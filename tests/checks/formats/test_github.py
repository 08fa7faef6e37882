from __future__ import annotations

from eventmock.checks.formats.github import github_of


def test_each_finding_is_one_command_and_what_is_special_is_escaped(reports):
    assert github_of(reports).splitlines() == [
        "::error file=stacks/shop.yaml,line=7,title=refused-schedule::"
        "Nightly: cron(71 * * * ? *): minutes: 71 is outside 0-59. "
        "In production: the deployment fails: Parameter ScheduleExpression is not valid. "
        "Instead: cron(0 9 ? * MON-FRI *).",
        "::warning file=stacks/shop.yaml,line=9,title=repeated-key::"
        "the key A, twice. In production: only the last counts%0A100%25. Instead: one key.",
        "::notice file=stacks/shop.yaml,line=1,title=missing-dead-letter-queue::"
        "Ship: no DeadLetterConfig. In production: events are lost. Instead: a queue.",
    ]


def test_a_path_with_a_comma_or_a_colon_stays_one_property(reports):
    found = reports[0].findings[0].found
    moved = found._replace(place=found.place._replace(file="a,b:c.yaml"))
    [report, _] = reports
    report = report._replace(findings=[report.findings[0]._replace(found=moved)])
    assert github_of([report]).startswith("::error file=a%2Cb%3Ac.yaml,line=7,")
