"""Mistakes in the time of schedules that no firing in a mock has shown, beside mocks that have each mistake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from hypothesis import given, settings, strategies as st

from eventmock import mock_events
from eventmock.services.mutants import mutated
from eventmock.services.scheduler.coverage import COVERAGE, firing_text
from eventmock.services.scheduler.mutants import MUTANTS

START = datetime(2027, 3, 20, 12, tzinfo=UTC)
TARGET = {
    "Arn": "arn:aws:sqs:us-east-1:123456789012:work",
    "RoleArn": "arn:aws:iam::123456789012:role/scheduler",
}
IN_TIME = {"ScheduleExpression", "ScheduleExpressionTimezone", "StartDate", "EndDate"}

EXPRESSIONS = st.one_of(
    st.builds("rate({} {})".format, st.integers(6, 30), st.sampled_from(["hours", "days"])),
    st.builds("cron({} {} * * ? *)".format, st.integers(0, 59), st.integers(0, 23)),
    st.builds("cron({} {} ? * {} *)".format, st.integers(0, 59), st.integers(0, 23), st.sampled_from(["1-5", "SUN"])),
    st.datetimes(datetime(2027, 3, 20), datetime(2027, 4, 5)).map(lambda one: f"at({one:%Y-%m-%dT%H:%M:%S})"),
)  # fmt: skip


def moments(found, days, alter=None):
    """The state of a mock in which the clock went on so many days, and the moments for which the schedule fired."""
    with mock_events(start_time=START, region="us-east-1", isolated=True) as backend:
        backend.state.alter = None if alter is None else partial(alter, backend.state)
        backend.client("scheduler").create_schedule(
            Name="s", FlexibleTimeWindow={"Mode": "OFF"}, Target=TARGET, **found
        )
        backend.clock.advance(days=days)
        return backend, [one.scheduled_time for one in backend.deliveries]


@settings(deadline=None, max_examples=30)
@given(
    EXPRESSIONS,
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]),
    st.integers(0, 12),
    st.none() | st.integers(1, 15),
)
def test_a_mistake_is_unnoticed_if_the_schedule_fires_alike_with_it(expression, timezone, days, lasts):
    members = {"ScheduleExpression": expression, "ScheduleExpressionTimezone": timezone}
    if lasts is not None:
        members["EndDate"] = START + timedelta(days=lasts)
    backend, fired = moments(members, days)
    unnoticed = [one.mutant for one in backend.unnoticed_mutants()]
    [subject] = COVERAGE().subjects(backend.state)
    known = mutated(subject, firing_text(fired[0]) if fired else None)
    for mutant in MUTANTS.mutants(known):
        if mutant.member in IN_TIME:
            _, others = moments(
                members,
                days,
                lambda state, record, mutant=mutant: MUTANTS.alter(state, record, known, mutant),
            )
            assert (fired == others) is (mutant in unnoticed), mutant
