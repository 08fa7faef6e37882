"""An application with a nightly job: which mistakes in its schedule the tests would not notice."""

from __future__ import annotations

APPLICATION = """
from eventmock import mock_events

CLEAN_UP = "arn:aws:lambda:eu-central-1:123456789012:function:clean-up"

def deploy():
    boto3.client("scheduler", "eu-central-1").create_schedule(
        Name="nightly",
        ScheduleExpression="cron(30 3 * * ? *)",
        ScheduleExpressionTimezone="Europe/Berlin",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": CLEAN_UP,
            "RoleArn": "arn:aws:iam::123456789012:role/scheduler",
            "Input": '{"until": "<aws.scheduler.scheduled-time>"}',
        },
    )

def test_it_cleans_up_each_night():
    with mock_events(start_time="2027-02-05T12:00:00Z") as backend:  # a Friday
        cleaned = []
        backend.target(CLEAN_UP, cleaned.append)
        deploy()
        backend.clock.move_to("2027-02-06T02:30:00Z")
        assert cleaned == [{"until": "2027-02-06T02:30:00Z"}]
"""
IN_SUMMER = """
def test_it_cleans_up_at_half_past_three_in_summer():
    with mock_events(start_time="2027-07-01T00:00:00Z") as backend:
        cleaned = []
        backend.target(CLEAN_UP, cleaned.append)
        deploy()
        backend.clock.move_to("2027-07-01T01:30:00Z")
        assert cleaned == [{"until": "2027-07-01T01:30:00Z"}]
"""


def test_a_mistake_that_shows_in_summer_only_goes_unnoticed_until_a_test_is_in_summer(mutate):
    done = mutate(APPLICATION, own_mistakes=False)
    assert done.code == 0, done.errors
    verdicts = [(one["kind"], one["verdict"]) for one in done.data["mutants"]]
    assert [kind for kind, verdict in verdicts if verdict != "noticed"] == ["fixed offset"]
    assert {"another day", "another hour", "another time zone", "schedule disabled"} < dict(verdicts).keys()
    assert done.report.startswith(
        """\
schedule default/nightly
  fixed offset: UTC+01:00 all year (Etc/GMT-1) instead of Europe/Berlin
  in production: the target gets something else, or at other times
    - "ScheduleExpressionTimezone": "Europe/Berlin"
    + "ScheduleExpressionTimezone": "Etc/GMT-1"
    a moment that shows it: Sun 2027-03-28 03:30 Europe/Berlin (2027-03-28T01:30:00Z), when it does not fire
    1 test ran with it, and passed
    to add: a test in which the clock passes such a moment, which asserts what the target gets, and when

"""
    )
    done = mutate(APPLICATION + IN_SUMMER, own_mistakes=False)
    assert done.data["counts"]["unnoticed"] == 0
