"""A schedule with each mistake in a mock, as the clock shows it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given, settings, strategies as st

from eventmock import mock_events
from eventmock.services.mutants import mutated
from eventmock.services.scheduler.coverage import COVERAGE
from eventmock.services.scheduler.mutants import MUTANTS

QUEUE = "arn:aws:sqs:us-east-1:123456789012:work"
LETTERS = "arn:aws:sqs:us-east-1:123456789012:letters"
ROLE = "arn:aws:iam::123456789012:role/scheduler"
NIGHTLY = "cron(30 3 * * ? *)"
BERLIN = {"ScheduleExpressionTimezone": "Europe/Berlin"}


def target(**members):
    return {"Arn": QUEUE, "RoleArn": ROLE, **members}


@pytest.fixture
def backend():
    """A mock whose clock stands at the beginning of 2026, from which mistakes are looked for."""
    with mock_events(start_time="2026-01-01T00:00:00Z", region="us-east-1") as backend:
        yield backend


@pytest.fixture
def subject(backend, create):
    """A function that makes a schedule, and gives what the runner of mutants knows of it."""

    def subject(expression=NIGHTLY, event=None, name="s", **more):
        create(name, expression, **more)
        [found] = [one for one in COVERAGE().subjects(backend.state) if one.name == name]
        backend.client("scheduler").delete_schedule(Name=name)
        return mutated(found, event)

    return subject


@pytest.fixture
def alter(backend):
    """A function that gives a mock the schedule with a mistake."""

    def alter(subject, mutant):
        mutant = type(mutant)(**json.loads(json.dumps(mutant._asdict())))  # as another process gets it
        backend.state.alter = partial(
            lambda record, state: MUTANTS.alter(state, record, subject, mutant), state=backend.state
        )

    return alter


def of_kind(subject, kind):
    return [mutant for mutant in MUTANTS.mutants(subject) if mutant.kind == kind]


def only(subject, kind):
    [mutant] = of_kind(subject, kind)
    return mutant


def kinds(subject):
    return {mutant.kind for mutant in MUTANTS.mutants(subject)}


def fired(backend):
    return [f"{one.scheduled_time:%Y-%m-%dT%H:%M}" for one in backend.deliveries]


def test_a_cron_has_the_mistakes_that_a_person_could_make(subject):
    assert kinds(subject(**BERLIN, Target=target(Input="{}"))) == {
        "another day",
        "another hour",
        "another time zone",
        "fixed offset",
        "schedule disabled",
        "target missing",
        "input dropped",
    }


def test_another_subject_has_no_mistakes_here(subject):
    assert not list(MUTANTS.mutants(subject()._replace(kind="rule")))


@pytest.mark.parametrize("kind", ["another day", "another hour", "another time zone", "fixed offset"])
def test_a_mistake_in_the_time_shows_at_the_moment_that_it_names(subject, alter, create, backend, kind):
    known = subject(**BERLIN)
    for mutant in of_kind(known, kind):
        moment = datetime.fromisoformat(mutant.event["time"])
        assert f"{moment:%H:%M}Z" in mutant.moment or f"{moment:%H:%M:%S}Z" in mutant.moment
        backend.reset()
        backend.clock.move_to(moment - timedelta(minutes=1))
        alter(known, mutant)
        create("s", NIGHTLY, **BERLIN)
        backend.clock.move_to(moment)
        assert bool(fired(backend)) is mutant.moment.endswith("fires by mistake")
        backend.state.alter = None


def test_a_fixed_offset_shows_when_clocks_are_shifted(subject):
    mutant = only(subject(**BERLIN, event='{"time": "2027-03-26T02:30:00Z"}'), "fixed offset")
    assert mutant.text == "UTC+01:00 all year (Etc/GMT-1) instead of Europe/Berlin"
    assert mutant.moment == "Sun 2027-03-28 03:30 Europe/Berlin (2027-03-28T01:30:00Z), when it does not fire"
    assert mutant.event == {"time": "2027-03-28T01:30:00Z"}


@pytest.mark.parametrize("timezone", ["UTC", "Asia/Tokyo", "Australia/Adelaide", "Europe/London"])
def test_a_zone_of_which_the_offset_stays_or_is_that_of_utc_has_no_fixed_offset(subject, timezone):
    assert "fixed offset" not in kinds(subject(ScheduleExpressionTimezone=timezone))


def test_moments_are_looked_for_after_a_firing_that_is_known(subject):
    known = subject(**BERLIN, event='{"time": "2031-07-03T01:30:00Z"}')
    assert only(known, "schedule disabled").moment == (
        "Thu 2031-07-03 03:30 Europe/Berlin (2031-07-03T01:30:00Z), when it does not fire"
    )


def test_in_utc_a_moment_is_said_once(subject):
    assert only(subject(), "schedule disabled").moment == "Thu 2026-01-01 03:30 UTC, when it does not fire"


def test_the_moments_of_a_rate_count_from_a_firing(subject):
    first, second = of_kind(subject("rate(1 hour)", event='{"time": "2026-01-01T00:00:00Z"}'), "another rate")
    assert (first.after, first.moment) == ("rate(1 day)", "1 hour after a firing, when it does not fire")
    assert (second.after, second.moment) == ("rate(2 hours)", "1 hour after a firing, when it does not fire")
    assert (first.event, second.event) == (None, None)


def test_one_time_schedules_are_all_too_late(subject, alter, create, backend):
    known = subject("at(2026-01-05T12:00:00)")
    late, early = of_kind(known, "another hour")
    assert late.text == "1 hour too late: at(2026-01-05T13:00:00) instead of at(2026-01-05T12:00:00)"
    assert late.moment == (
        "the moment of the schedule, such as Mon 2026-01-05 12:00 UTC, when it does not fire"
    )
    assert early.text.startswith("1 hour too early")
    alter(known, late)
    create("a", "at(2026-01-02T10:00:00)")
    create("b", "at(2026-01-03T10:30)")
    backend.clock.advance(days=9)
    assert fired(backend) == ["2026-01-02T11:00", "2026-01-03T11:30"]


def test_an_update_that_leaves_the_time_does_not_let_a_mistake_fire_again(
    subject, alter, create, client, members, backend
):
    known = subject("at(2026-01-05T12:00:00)")
    alter(known, of_kind(known, "another hour")[0])
    create("a", "at(2026-01-02T10:00:00)")
    backend.clock.advance(days=3)
    client.update_schedule(**members("a", "at(2026-01-02T10:00:00)", Description="new"))
    backend.clock.advance(days=3)
    assert fired(backend) == ["2026-01-02T11:00"]


def test_the_grid_of_a_rate_with_a_mistake_stays_when_an_update_leaves_it(
    subject, alter, client, create, members, backend
):
    known = subject("rate(1 hour)")
    alter(known, of_kind(known, "another rate")[1])
    create("a", "rate(1 hour)")
    backend.clock.advance(minutes=30)
    client.update_schedule(**members("a", "rate(1 hour)", Description="new"))
    backend.clock.advance(hours=3)
    _, *after_that_of_the_subject = fired(backend)
    assert after_that_of_the_subject == ["2026-01-01T00:00", "2026-01-01T02:00"]


def test_a_disabled_schedule_does_not_fire(subject, alter, create, client, backend):
    known = subject()
    mutant = only(known, "schedule disabled")
    assert (mutant.harm, mutant.before, mutant.after) == ("silence", "ENABLED", "DISABLED")
    alter(known, mutant)
    create("s", NIGHTLY)
    backend.clock.advance(days=3)
    assert fired(backend) == []
    assert client.get_schedule(Name="s")["State"] == "DISABLED"


def test_a_schedule_that_is_disabled_in_all_tests_is_enabled(subject, alter, create, backend):
    known = subject(State="DISABLED")
    mutant = only(known, "schedule enabled")
    assert (mutant.harm, mutant.before, mutant.after) == ("more", "DISABLED", "ENABLED")
    assert "schedule disabled" not in kinds(known)
    alter(known, mutant)
    create("s", NIGHTLY, State="DISABLED")
    backend.clock.advance(days=1)
    assert fired(backend) == ["2026-01-01T03:30"]


def test_without_its_start_date_a_schedule_fires_before(subject, alter, create, backend):
    start = datetime(2026, 1, 3, tzinfo=UTC)
    known = subject(StartDate=start)
    alter(known, only(known, "StartDate dropped"))
    create("s", NIGHTLY, StartDate=start)
    backend.clock.advance(days=1)
    assert fired(backend) == ["2026-01-01T03:30"]


def test_without_its_end_date_a_schedule_fires_after(subject, alter, create, backend):
    end = datetime(2026, 1, 2, tzinfo=UTC)
    known = subject(EndDate=end)
    mutant = only(known, "EndDate dropped")
    assert mutant.moment == "Fri 2026-01-02 03:30 UTC, when it fires by mistake"
    alter(known, mutant)
    create("s", NIGHTLY, EndDate=end)
    backend.clock.advance(days=2)
    assert fired(backend) == ["2026-01-01T03:30", "2026-01-02T03:30"]


def test_an_end_date_after_all_firings_is_not_dropped(subject):
    known = subject("cron(0 12 1 1 ? 2026)", EndDate=datetime(2026, 2, 1, tzinfo=UTC))
    assert "EndDate dropped" not in kinds(known)


def test_a_one_time_schedule_has_no_mistakes_in_dates_that_it_ignores(subject):
    known = subject("at(2026-01-05T12:00:00)", StartDate=datetime(2026, 2, 1, tzinfo=UTC))
    assert "StartDate dropped" not in kinds(known)


def test_without_its_window_a_schedule_fires_at_once(subject, alter, create, backend):
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60}
    known = subject(FlexibleTimeWindow=window)
    mutant = only(known, "window dropped")
    assert (mutant.before, mutant.after) == (window, {"Mode": "OFF"})
    alter(known, mutant)
    create("s", NIGHTLY, FlexibleTimeWindow=window)
    backend.clock.advance(days=1)
    [delivery] = backend.deliveries
    assert delivery.time == delivery.scheduled_time


@pytest.mark.parametrize(("action", "becomes"), [("NONE", "is gone"), ("DELETE", "is still there")])
def test_the_action_after_completion_is_the_other_one(
    subject, alter, create, names, backend, action, becomes
):
    known = subject("at(2026-01-05T12:00:00)", ActionAfterCompletion=action)
    mutant = only(known, "another action after completion")
    assert (mutant.harm, mutant.moment) == (
        "ended",
        f"after its last firing, when the schedule {becomes}",
    )
    alter(known, mutant)
    create("s", "at(2026-01-05T12:00:00)", ActionAfterCompletion=action)
    backend.clock.advance(days=9)
    assert bool(names()) is (action == "DELETE")


def test_a_schedule_that_never_ends_has_no_action_to_mistake(subject):
    assert "another action after completion" not in kinds(subject())


@pytest.mark.parametrize(
    ("arn", "missing"),
    [
        (QUEUE, f"{QUEUE}-missing"),
        (f"{QUEUE}.fifo", f"{QUEUE}-missing.fifo"),
    ],
)
def test_a_target_that_is_missing_gets_nothing(subject, alter, create, backend, arn, missing):
    given = target(Arn=arn, **({"SqsParameters": {"MessageGroupId": "g"}} if arn != QUEUE else {}))
    known = subject(Target=given)
    alter(known, only(known, "target missing"))
    create("s", NIGHTLY, Target=given)
    backend.clock.advance(days=1)
    assert [one.target_arn for one in backend.deliveries] == [missing]


def test_a_universal_target_names_an_action_and_is_not_missing(subject):
    arn = "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"
    known = subject(Target=target(Arn=arn, Input='{"QueueUrl": "q", "MessageBody": "m"}'))
    assert not {"target missing", "input dropped"} & kinds(known)  # AWS wants an Input


def test_without_its_queue_a_failure_leaves_no_dead_letter(subject, alter, create, backend):
    given = target(DeadLetterConfig={"Arn": LETTERS})
    known = subject(Target=given)
    mutant = only(known, "dead-letter queue removed")
    assert (mutant.harm, mutant.member) == ("lost", "Target")
    alter(known, mutant)
    create("s", NIGHTLY, Target=given)
    backend.faults.inject("AccessDeniedException", target=QUEUE)
    backend.clock.advance(days=1)
    assert [one.status for one in backend.deliveries] == ["dropped"]


@pytest.mark.parametrize(
    ("retries", "kind", "attempts"), [(3, "no retries", 1), (0, "retries added", 2)], ids=["some", "none"]
)
def test_retries_are_missing_or_too_many(subject, alter, create, backend, retries, kind, attempts):
    given = target(RetryPolicy={"MaximumRetryAttempts": retries})
    known = subject(Target=given)
    alter(known, only(known, kind))
    create("s", NIGHTLY, Target=given)
    backend.faults.inject("ThrottlingException", target=QUEUE, times=1)
    backend.clock.advance(days=1)
    assert [len(one.attempts) for one in backend.deliveries] == [attempts]


def test_retries_that_nobody_asked_for_are_not_mistaken(subject):
    assert not {"no retries", "retries added"} & kinds(subject())


def test_without_its_input_a_target_gets_the_notification(subject, alter, create, backend):
    given = target(Input='{"job": 1}')
    known = subject(Target=given)
    alter(known, only(known, "input dropped"))
    create("s", NIGHTLY, Target=given)
    backend.clock.advance(days=1)
    assert json.loads(backend.deliveries[0].body)["source"] == "aws.scheduler"


def test_another_attribute_stands_in_the_input(subject, alter, create, backend):
    given = target(Input='{"id": "<aws.scheduler.execution-id>"}')
    known = subject(Target=given)
    mutant = only(known, "another attribute")
    assert mutant.text == "<aws.scheduler.schedule-arn> instead of <aws.scheduler.execution-id>"
    alter(known, mutant)
    arn = create("s", NIGHTLY, Target=given)
    backend.clock.advance(days=1)
    assert json.loads(backend.deliveries[0].body) == {"id": arn}


def test_an_input_of_which_a_target_gets_nothing_changes_nothing(subject):
    pipeline = target(Arn="arn:aws:codepipeline:us-east-1:123456789012:release", Input="{}")
    assert (
        only(subject(Target=pipeline), "input dropped").equivalent == "the target gets nothing of its Input"
    )


def test_only_the_subject_has_the_mistake(subject, alter, create, client, backend):
    known = subject()
    alter(known, only(known, "schedule disabled"))
    client.create_schedule_group(Name="jobs")
    create("same", NIGHTLY)
    create("other", "cron(30 4 * * ? *)")
    create("elsewhere", NIGHTLY, GroupName="jobs")
    assert client.get_schedule(Name="same")["State"] == "DISABLED"
    assert client.get_schedule(Name="other")["State"] == "ENABLED"
    assert client.get_schedule(Name="elsewhere", GroupName="jobs")["State"] == "ENABLED"


def test_of_a_template_only_the_schedule_of_that_name_has_the_mistake(subject, alter, create, client):
    known = subject(name="one")._replace(is_deployed=True, region="elsewhere", identity=f"{NIGHTLY} UTC")
    alter(known, only(known, "schedule disabled"))
    create("one", NIGHTLY)
    create("two", NIGHTLY)
    assert client.get_schedule(Name="one")["State"] == "DISABLED"
    assert client.get_schedule(Name="two")["State"] == "ENABLED"


def test_rules_have_no_mistake_of_a_schedule(subject, alter, backend):
    known = subject()
    alter(known, only(known, "schedule disabled"))
    backend.client().put_rule(Name="r", ScheduleExpression="rate(1 hour)")
    assert backend.client().describe_rule(Name="r")["State"] == "ENABLED"


EXPRESSIONS = st.one_of(
    st.builds("rate({} {})".format, st.integers(1, 90), st.sampled_from(["minutes", "hours", "days"])),
    st.builds("cron({} {} * * ? *)".format, st.integers(0, 59), st.integers(0, 23)),
    st.builds("cron({} {} ? * MON-FRI)".format, st.integers(0, 59), st.integers(0, 23)),
    st.datetimes(datetime(2026, 1, 10), datetime(2029, 1, 1)).map(lambda one: f"at({one:%Y-%m-%dT%H:%M:%S})"),
)


@settings(deadline=None, max_examples=30)
@given(
    EXPRESSIONS,
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Adelaide"]),
    st.sampled_from(["NONE", "DELETE"]),
)
def test_each_mistake_is_made_in_the_schedule_that_has_it(expression, timezone, action):
    with mock_events(start_time="2026-01-01T00:00:00Z", region="us-east-1", isolated=True) as backend:
        client = backend.client("scheduler")

        def create():
            client.create_schedule(
                Name="s",
                ScheduleExpression=expression,
                ScheduleExpressionTimezone=timezone,
                FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
                ActionAfterCompletion=action,
                Target=target(Input="<aws.scheduler.execution-id>"),
            )
            shown = client.get_schedule(Name="s")
            client.delete_schedule(Name="s")
            return {name: shown[name] for name in shown if not name.endswith(("Date", "Metadata"))}

        right = create()
        [found] = COVERAGE().subjects(backend.state)
        known = mutated(found, None)
        for mutant in MUTANTS.mutants(known):
            backend.state.alter = partial(
                lambda record, mutant: MUTANTS.alter(backend.state, record, known, mutant), mutant=mutant
            )
            wrong = create()
            assert {name for name in right if right[name] != wrong[name]} == {mutant.member}
            assert wrong[mutant.member] == mutant.after
            assert mutant.moment
