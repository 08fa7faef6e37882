"""What tests have tried of schedules, as the journal of a mock shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventmock.coverage.collector import Collector
from eventmock.coverage.data import read_text
from eventmock.coverage.listing import listing_of
from eventmock.coverage.missing import missing_of
from eventmock.coverage.page import page_of
from eventmock.coverage.table import table_of

QUEUE = "arn:aws:sqs:us-east-1:123456789012:work"
LETTERS = "arn:aws:sqs:us-east-1:123456789012:letters"
ROLE = "arn:aws:iam::123456789012:role/scheduler"
NIGHTLY = "cron(30 3 * * ? *)"


@pytest.fixture
def collector(backend):
    collector = Collector(Path.cwd())
    collector.watch(backend)
    collector.test = "a test"
    return collector


def target(**members):
    return {"Arn": QUEUE, "RoleArn": ROLE, **members}


def read(collector):
    collector.read()
    return list(collector.data)


def only(collector):
    """The only subject of the data, after the journal was read."""
    [covered] = read(collector)
    return covered


def missed(covered):
    return [point.text for point in covered.missed]


def test_a_schedule_that_did_not_fire_is_a_subject_of_which_nothing_was_tried(collector, create):
    create("nightly", NIGHTLY, EndDate="2027-02-01T00:00:00Z")
    covered = only(collector)
    assert (covered.kind, covered.place, covered.names) == ("schedule", "default", {"nightly"})
    assert covered.definition == {
        "GroupName": "default",
        "ScheduleExpression": NIGHTLY,
        "ScheduleExpressionTimezone": "UTC",
        "State": "ENABLED",
        "EndDate": "2027-02-01T00:00:00+00:00",
        "ActionAfterCompletion": "NONE",
    }
    assert [one["Arn"] for one in covered.targets.values()] == [QUEUE]
    assert not covered.tried
    assert missed(covered) == [
        "sqs work is invoked",
        "fires for the last time",
        "sqs work fails",
        "fires",
    ]
    assert missing_of(covered) == ["never fired"]


def test_firings_and_deliveries_are_counted(collector, create, backend):
    create("nightly", NIGHTLY)
    backend.clock.advance(days=3)
    covered = only(collector)
    assert covered.counts == {"fired": 3, f"delivered {QUEUE}": 3}
    assert missed(covered) == ["sqs work fails"]
    assert covered.tests == {"a test"}


def test_the_first_firing_is_kept(collector, create, backend):
    create("nightly", NIGHTLY)
    backend.clock.advance(days=3)
    assert only(collector).event == '{"time": "2027-01-01T03:30:00Z"}'


def test_a_disabled_schedule_tries_nothing(collector, create, backend):
    create("nightly", NIGHTLY, State="DISABLED")
    backend.clock.advance(days=3)
    covered = only(collector)
    assert (covered.tried, covered.counts) == (set(), {})
    assert missing_of(covered) == ["disabled, and never fired"]


def test_a_failure_and_a_dead_letter_are_tried(collector, create, backend):
    create("nightly", NIGHTLY, Target=target(DeadLetterConfig={"Arn": LETTERS}))
    backend.faults.inject("AccessDeniedException", target=QUEUE)
    backend.clock.advance(days=1)
    covered = only(collector)
    assert missed(covered) == ["sqs work is invoked"]
    assert covered.counts[f"dead-lettered {QUEUE}"] == 1


def test_the_number_of_the_attempt_is_tried_by_a_retry(collector, create, backend):
    text = '{"at": "<aws.scheduler.scheduled-time>", "attempt": "<aws.scheduler.attempt-number>"}'
    create("nightly", NIGHTLY, Target=target(Input=text))
    backend.clock.advance(days=1)
    assert missing_of(only(collector)) == [
        "never failed: sqs work",
        "no value for <aws.scheduler.attempt-number> above 1 in the input of sqs work",
    ]
    backend.faults.inject("ThrottlingException", target=QUEUE, times=1)
    backend.clock.advance(days=1)
    assert missing_of(only(collector)) == []


def test_the_end_is_tried_by_the_last_firing(collector, create, backend):
    create("hourly", "rate(1 hour)", EndDate="2027-01-01T02:30:00Z")
    backend.clock.advance(hours=1)
    assert missing_of(only(collector)) == ["never failed: sqs work", "never reached its end"]
    backend.clock.advance(hours=1)
    assert missing_of(only(collector)) == ["never failed: sqs work"]


def test_a_cron_in_a_time_zone_is_to_fire_at_each_offset_from_utc(collector, create, backend):
    create("nightly", NIGHTLY, ScheduleExpressionTimezone="Europe/Berlin")
    backend.clock.advance(days=3)
    assert missing_of(only(collector)) == ["never failed: sqs work", "never fired at UTC+02:00"]
    backend.clock.move_to("2027-03-29T00:00:00Z")
    assert missing_of(only(collector)) == ["never failed: sqs work"]


@pytest.mark.parametrize(
    ("expression", "timezone"),
    [
        (NIGHTLY, "UTC"),
        (NIGHTLY, "Asia/Tokyo"),
        ("cron(0 9 1 1 ? *)", "Europe/Berlin"),
        ("rate(1 day)", "Europe/Berlin"),
        ("at(2027-07-01T00:00:00)", "Europe/Berlin"),
    ],
)
def test_a_schedule_that_fires_at_one_offset_is_to_fire(collector, create, expression, timezone):
    create("it", expression, ScheduleExpressionTimezone=timezone)
    assert [point.text for point in only(collector).points.values() if point.kind == "firing"] == ["fires"]


def test_one_time_schedules_with_one_target_are_one_subject(collector, create, backend):
    for number in range(1000):
        create(f"remind-{number}", f"at(2027-01-02T{number % 24:02}:{number % 60:02}:00)")
    backend.clock.advance(days=3)
    assert only(collector).counts["fired"] == 1000
    assert table_of(collector.data, 100).splitlines()[2].startswith("schedule default/remind-0 and 999 more ")


def test_schedules_differ_by_expression_zone_target_and_group(collector, create, client):
    client.create_schedule_group(Name="other")
    for name, more in (
        ("a", {}),
        ("b", {}),
        ("c", {"ScheduleExpressionTimezone": "Europe/Berlin"}),
        ("d", {"Target": target(Arn=f"{QUEUE}-2")}),
        ("e", {"GroupName": "other"}),
    ):
        create(name, NIGHTLY, **more)
    create("f", "rate(1 day)")
    assert sorted(tuple(sorted(one.names)) for one in read(collector)) == [
        ("a", "b"),
        ("c",),
        ("d",),
        ("e",),
        ("f",),
    ]


def test_a_schedule_that_was_deleted_counts_too(collector, create, client):
    create("nightly", NIGHTLY)
    client.delete_schedule(Name="nightly")
    assert missing_of(only(collector)) == ["never fired"]


def test_the_schedules_of_a_group_that_was_deleted_count_too(collector, create, client, backend):
    client.create_schedule_group(Name="jobs")
    create("nightly", NIGHTLY, GroupName="jobs")
    client.delete_schedule_group(Name="jobs")
    backend.clock.advance(minutes=1)
    assert only(collector).place == "jobs"


def test_a_schedule_that_was_deleted_after_its_completion_counts_too(collector, create, backend):
    create("once", "at(2027-01-02T00:00:00)", ActionAfterCompletion="DELETE")
    backend.clock.advance(days=2)
    assert only(collector).counts["fired"] == 1


def test_what_is_forgotten_by_a_reset_counts(collector, create, backend):
    create("nightly", NIGHTLY)
    backend.clock.advance(days=1)
    backend.reset()
    assert only(collector).counts["fired"] == 1


def test_the_data_and_the_listing_have_schedules_beside_rules(collector, create, backend):
    create("nightly", NIGHTLY, ScheduleExpressionTimezone="Europe/Berlin")
    backend.client().put_rule(Name="shop", EventPattern='{"source": ["shop"]}')
    backend.clock.advance(days=1)
    collector.read()
    copy = read_text(collector.data.text(), "here")
    assert listing_of(copy) == listing_of(collector.data)
    rule, schedule = listing_of(copy)["rules"]
    assert (rule["kind"], rule["timezone"]) == ("rule", None)
    assert (schedule["label"], schedule["kind"]) == ("schedule default/nightly", "schedule")
    assert (schedule["schedule"], schedule["timezone"]) == (NIGHTLY, "Europe/Berlin")
    assert table_of(copy, 100).startswith("Rule or schedule ")
    assert '"timezone":"Europe/Berlin"' in page_of(copy)


def test_a_schedule_of_a_template_is_named_by_it(collector, backend, tmp_path):
    queue = '"Work": {"Type": "AWS::SQS::Queue"}'
    template = tmp_path / "template.json"
    template.write_text(
        f'{{"Resources": {{{queue},\n"Nightly": {{"Type": "AWS::Scheduler::Schedule", "Properties": {{'
        f'"ScheduleExpression": "{NIGHTLY}", "FlexibleTimeWindow": {{"Mode": "OFF"}}, '
        f'"Target": {{"Arn": {{"Fn::GetAtt": "Work.Arn"}}, "RoleArn": "{ROLE}"}}}}}}}}}}'
    )
    backend.deploy(template, stack="one")
    backend.deploy(template, stack="two", region="eu-west-1")
    covered = only(collector)  # one in both stacks, which have another queue each
    assert (covered.origin.logical_id, covered.origin.line) == ("Nightly", 2)
