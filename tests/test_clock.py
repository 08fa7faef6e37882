from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import time_machine
from freezegun import freeze_time

from eventmock import mock_events
from eventmock.clock import Clock
from eventmock.exceptions import ClockError, MockStateError

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
EAST = timezone(timedelta(hours=2))
MINUTE = timedelta(minutes=1)
BUSY = "the clock is moved by a target that it is calling: let the test move it"


def after(**span):
    return START + timedelta(**span)


@pytest.fixture
def clock():
    """A clock that stands."""
    return Clock(START)


@pytest.fixture
def done():
    """What was done, and when."""
    return []


@pytest.fixture
def plan(clock, done):
    """A function that has something done so many minutes after the start."""

    def plan(minutes, what="work"):
        clock.call_at(after(minutes=minutes), what, lambda: done.append((what, clock.now())))

    return plan


def fail():
    raise ZeroDivisionError


class TestNow:
    def test_the_clock_follows_the_wall_clock(self):
        before = datetime.now(UTC)
        assert before <= Clock().now() <= datetime.now(UTC)

    def test_a_clock_with_a_start_time_stands_there(self):
        start = datetime(2026, 1, 1, 12, tzinfo=EAST)
        clock = Clock(start)
        assert clock.now() == clock.now() == start
        assert clock.now().tzinfo is UTC
        assert clock.timestamp() == start.timestamp()

    def test_a_clock_that_follows_goes_on_from_where_it_was_taken(self):
        clock = Clock()
        before = datetime.now(UTC)
        clock.advance(days=1)
        assert before <= clock.now() - timedelta(days=1) <= datetime.now(UTC)

    def test_a_clock_that_stands_stands_where_it_was_taken(self, clock):
        clock.advance(days=1)
        assert clock.now() == clock.now() == after(days=1)


class TestAdvance:
    def test_by_a_timedelta(self, clock):
        clock.advance(timedelta(days=1, milliseconds=1))
        assert clock.now() == after(days=1, milliseconds=1)

    @pytest.mark.parametrize("unit", ["weeks", "days", "hours", "minutes", "seconds"])
    def test_by_words(self, clock, unit):
        clock.advance(**{unit: 1.5})
        assert clock.now() == after(**{unit: 1.5})

    def test_by_all_of_them_together(self, clock):
        clock.advance(MINUTE, weeks=1, days=2, hours=3, minutes=4, seconds=5)
        assert clock.now() == after(weeks=1, days=2, hours=3, minutes=5, seconds=5)

    def test_words_may_make_a_timedelta_shorter(self, clock):
        clock.advance(timedelta(hours=1), minutes=-15)
        assert clock.now() == after(minutes=45)

    def test_by_nothing(self, clock):
        clock.advance()
        assert clock.now() == START

    def test_by_nothing_it_does_what_is_due(self, clock, plan, done):
        plan(0)
        clock.advance()
        assert done == [("work", START)]

    @pytest.mark.parametrize("span", [{"seconds": -1}, {"delta": -MINUTE}, {"delta": MINUTE, "hours": -1}])
    def test_never_backwards(self, clock, plan, done, span):
        plan(0)
        with pytest.raises(ClockError, match="the clock only goes forward"):
            clock.advance(**span)
        assert (clock.now(), done) == (START, [])

    @pytest.mark.parametrize("span", [{"delta": "1h"}, {"days": 10**10}, {"hours": float("nan")}])
    def test_a_span_that_cannot_be(self, clock, span):
        with pytest.raises(ClockError, match="wanted a timedelta, or numbers such as"):
            clock.advance(**span)
        assert clock.now() == START

    def test_spans_add_up(self, clock):
        for _ in range(60):
            clock.advance(seconds=0.1)
        assert clock.now() == after(seconds=6)


class TestMoveTo:
    @pytest.mark.parametrize(
        "moment",
        [
            after(hours=1),
            datetime(2026, 1, 1, 15, tzinfo=EAST),
            datetime(2026, 1, 1, 13),
            "2026-01-01T13:00:00Z",
            "2026-01-01T15:00:00+02:00",
            "2026-01-01 13:00",
            "20260101T130000",
        ],
    )
    def test_to_a_moment(self, clock, moment):
        clock.move_to(moment)
        assert clock.now() == after(hours=1)
        assert clock.now().tzinfo is UTC

    def test_to_a_day(self, clock):
        clock.move_to("2026-01-02")
        assert clock.now() == after(hours=12)

    def test_to_now(self, clock, plan, done):
        plan(0)
        clock.move_to(START)
        assert (clock.now(), done) == (START, [("work", START)])

    @pytest.mark.parametrize(
        "moment", [START - timedelta(microseconds=1), "2026-01-01T13:59:59+02:00", "2025-12-31"]
    )
    def test_never_backwards(self, clock, moment):
        with pytest.raises(ClockError, match=r"it is 2026-01-01 12:00:00.* the clock only goes forward"):
            clock.move_to(moment)
        assert clock.now() == START

    def test_a_text_that_is_no_moment(self, clock):
        with pytest.raises(ClockError, match="tomorrow"):
            clock.move_to("tomorrow")


class TestDueWork:
    def test_it_is_done_at_its_own_moment(self, clock, plan, done):
        plan(3)
        clock.advance(minutes=10)
        assert done == [("work", after(minutes=3))]
        assert clock.now() == after(minutes=10)

    def test_what_is_due_at_the_very_end_is_done(self, clock, plan, done):
        plan(3)
        clock.advance(minutes=3)
        assert done == [("work", after(minutes=3))]

    def test_what_is_later_waits(self, clock, plan, done):
        plan(3)
        clock.advance(minutes=3, seconds=-0.000001)
        assert done == []
        clock.advance(seconds=0.000001)
        assert done == [("work", after(minutes=3))]

    def test_it_is_done_once(self, clock, plan, done):
        plan(3)
        clock.advance(hours=1)
        clock.advance(hours=1)
        clock.run_due()
        assert len(done) == 1

    def test_it_comes_in_order_of_time(self, clock, plan, done):
        for minutes in (5, 1, 4, 2, 3):
            plan(minutes)
        clock.advance(minutes=4)
        assert [moment for _, moment in done] == [after(minutes=minutes) for minutes in (1, 2, 3, 4)]

    def test_of_equal_times_the_one_that_was_planned_first_is_first(self, clock, plan, done):
        names = [f"{number * 7 % 20}" for number in range(20)]
        for name in names:
            plan(1, name)
        clock.advance(minutes=1)
        assert [what for what, _ in done] == names

    def test_times_of_several_zones_are_compared_as_moments(self, clock, done):
        clock.call_at(datetime(2026, 1, 1, 14, 2, tzinfo=EAST), "second", lambda: done.append("second"))
        clock.call_at(after(minutes=1), "first", lambda: done.append("first"))
        clock.advance(minutes=2)
        assert done == ["first", "second"]

    def test_work_makes_work_within_the_span_and_beyond_it(self, clock, done):
        def work():
            done.append(clock.now())
            clock.call_at(clock.now() + 2 * MINUTE, "again", work)

        clock.call_at(after(minutes=1), "begin", work)
        clock.advance(minutes=6)
        assert done == [after(minutes=minutes) for minutes in (1, 3, 5)]
        assert [due.time for due in clock.pending] == [after(minutes=7)]

    def test_work_for_the_same_moment_comes_after_what_waits_for_it(self, clock, plan, done):
        clock.call_at(after(minutes=1), "first", lambda: plan(1, "third"))
        plan(1, "second")
        plan(2, "fourth")
        clock.advance(minutes=2)
        assert [what for what, _ in done] == ["second", "third", "fourth"]
        assert done[1][1] == after(minutes=1)

    def test_work_that_is_planned_into_the_past_is_done_next(self, clock, plan, done):
        clock.call_at(after(minutes=3), "first", lambda: plan(1, "late"))
        plan(4, "last")
        clock.advance(minutes=4)
        assert done == [("late", after(minutes=3)), ("last", after(minutes=4))]

    @pytest.mark.parametrize("look", [Clock.run_due, Clock.advance, lambda clock: clock.move_to(START)])
    def test_what_is_in_the_past_is_done_at_the_next_look(self, clock, plan, done, look):
        plan(-5)
        assert done == []
        look(clock)
        assert [what for what, _ in done] == ["work"]
        assert clock.now() == START

    def test_it_is_taken_from_the_list_and_done_by_way_of_the_backend(self, done):
        def perform(step):
            done.append([due.what for due in clock.pending])
            step()
            done.append([due.what for due in clock.pending])

        clock = Clock(START, perform)
        clock.call_at(after(minutes=1), "first", lambda: done.append("first"))
        clock.call_at(after(minutes=1), "second", lambda: done.append("second"))
        clock.advance(minutes=1)
        assert done == [["first", "second"], "first", ["second"], ["second"], "second", []]

    def test_what_is_not_wanted_any_more_when_its_turn_comes_is_not_done(self, done):
        wanted = [True]

        def perform(work):
            wanted.clear()
            work()

        clock = Clock(START, perform)
        clock.call_at(after(minutes=1), "work", lambda: done.append("work"), lambda: bool(wanted))
        clock.advance(minutes=1)
        assert done == []

    def test_ten_thousand_pieces_are_done_in_order(self, clock, plan, done):
        for number in range(10_000):
            plan(number * 7919 % 10_000)
        clock.advance(minutes=10_000)
        assert [moment for _, moment in done] == [after(minutes=minutes) for minutes in range(10_000)]


class TestPending:
    def test_at_first_there_is_nothing(self, clock):
        assert clock.pending == []

    def test_it_is_in_order(self, clock, plan):
        for minutes, what in ((2, "b"), (1, "z"), (2, "a"), (3, "c")):
            plan(minutes, what)
        assert [due.what for due in clock.pending] == ["z", "b", "a", "c"]
        assert [due.time for due in clock.pending] == [after(minutes=minutes) for minutes in (1, 2, 2, 3)]

    def test_each_reads_as_a_line(self, clock, plan):
        plan(1, "replay 'r' ends")
        assert [str(due) for due in clock.pending] == ["2026-01-01 12:01:00 replay 'r' ends"]

    def test_its_form_says_when_and_what(self, clock, plan):
        plan(1, "replay 'r' ends")
        assert "what=\"replay 'r' ends\"" in repr(clock.pending)

    def test_what_is_done_has_gone(self, clock, plan):
        plan(1, "first")
        plan(2, "second")
        clock.advance(minutes=1)
        assert [due.what for due in clock.pending] == ["second"]

    def test_a_caller_may_change_the_list(self, clock, plan, done):
        plan(1)
        clock.pending.clear()
        clock.advance(minutes=1)
        assert len(done) == 1


class TestWorkThatRaises:
    @pytest.fixture(autouse=True)
    def _plan(self, clock, plan):
        plan(1, "before")
        clock.call_at(after(minutes=2), "fails", fail)
        plan(2, "beside")
        plan(3, "behind")

    def test_the_time_it_had_is_kept_and_the_rest_still_waits(self, clock, done):
        with pytest.raises(ZeroDivisionError):
            clock.advance(minutes=10)
        assert clock.now() == after(minutes=2)
        assert done == [("before", after(minutes=1))]
        clock.run_due()
        assert done[1:] == [("beside", after(minutes=2))]
        assert [due.what for due in clock.pending] == ["behind"]

    def test_the_clock_goes_on_from_there(self, clock, done):
        with pytest.raises(ZeroDivisionError):
            clock.move_to(after(minutes=10))
        clock.move_to(after(minutes=10))
        assert clock.now() == after(minutes=10)
        assert done[1:] == [("beside", after(minutes=2)), ("behind", after(minutes=3))]

    def test_a_clock_that_follows_the_wall_clock_is_not_behind_it(self):
        with freeze_time(START) as frozen:
            clock = Clock()
            clock.call_at(after(minutes=2), "fails", fail)
            frozen.move_to(after(minutes=10))
            with pytest.raises(ZeroDivisionError):
                clock.run_due()
            assert clock.now() == after(minutes=10)


class TestWhileItWorks:
    @pytest.mark.parametrize(
        "move",
        [Clock.advance, lambda clock: clock.advance(minutes=1), lambda clock: clock.move_to(after(hours=1))],
    )
    def test_it_is_not_moved(self, clock, done, move):
        def work():
            with pytest.raises(ClockError, match=BUSY):
                move(clock)
            done.append(clock.now())

        clock.call_at(after(minutes=1), "work", work)
        clock.advance(minutes=2)
        assert done == [after(minutes=1)]
        assert clock.now() == after(minutes=2)

    def test_it_is_not_moved_by_another_thread(self, clock, done, monkeypatch):
        monkeypatch.setattr("eventmock.clock.PATIENCE", 0)

        def move():
            try:
                clock.advance(minutes=1)
            except ClockError as error:
                done.append(str(error))

        def work():
            thread = threading.Thread(target=move)
            thread.start()
            thread.join()

        clock.call_at(after(minutes=1), "work", work)
        clock.advance(minutes=2)
        assert done == ["another thread has been moving the clock for more than 0 seconds"]
        assert clock.now() == after(minutes=2)

    def test_the_moves_of_two_threads_add_up(self, clock):
        begun = threading.Event()

        def move():
            begun.set()
            clock.advance(minutes=5)

        thread = threading.Thread(target=move)

        def work():
            thread.start()
            assert begun.wait(10)

        clock.call_at(after(minutes=1), "work", work)
        clock.advance(minutes=2)
        thread.join(10)
        assert clock.now() == after(minutes=7)

    def test_another_thread_sees_the_moment_of_the_work(self, clock, done):
        def work():
            thread = threading.Thread(target=lambda: done.append(clock.now()))
            thread.start()
            thread.join()

        clock.call_at(after(minutes=1), "work", work)
        clock.advance(minutes=2)
        assert done == [after(minutes=1)]

    def test_a_look_does_nothing(self, clock, plan, done):
        def work():
            clock.run_due()
            done.append("work")

        clock.call_at(after(minutes=1), "work", work)
        plan(1, "beside")
        clock.advance(minutes=2)
        assert done == ["work", ("beside", after(minutes=1))]

    def test_afterwards_it_is_moved_again(self, clock, plan):
        clock.call_at(after(minutes=1), "fails", fail)
        with pytest.raises(ZeroDivisionError):
            clock.advance(minutes=2)
        clock.advance(minutes=2)
        assert clock.now() == after(minutes=3)


class TestSnapshot:
    def test_the_time_comes_back_and_what_was_to_come(self, clock, plan, done):
        clock.advance(hours=1)
        plan(61)
        restore = clock.save()
        clock.advance(minutes=2)
        plan(90)
        restore()
        assert [due.time for due in clock.pending] == [after(minutes=61)]
        assert clock.now() == after(hours=1)
        clock.advance(minutes=1)
        assert done == [("work", after(minutes=61))] * 2

    def test_it_may_be_used_again(self, clock, plan, done):
        plan(1)
        plan(2)
        restore = clock.save()
        for _ in range(3):
            restore()
            plan(9)
            clock.advance(minutes=2)
        assert len(done) == 6

    def test_a_reset_leads_back_to_the_beginning(self, clock, plan):
        clock.advance(hours=1)
        plan(90)
        clock.clear()
        assert (clock.now(), clock.pending) == (START, [])


@pytest.mark.eventmock(start_time=START)
class TestOfABackend:
    @pytest.fixture
    def ticks(self, events, events_backend):
        """What a rule delivers that fires each minute."""
        events.put_rule(Name="tick", ScheduleExpression="rate(1 minute)")
        return events_backend.target("tick")

    def test_its_work_tells_what_and_where(self, events_backend, ticks):
        assert [str(due) for due in events_backend.clock.pending] == [
            "2026-01-01 12:01:00 rule 'tick' of 123456789012, us-east-1 fires: rate(1 minute)"
        ]

    def test_a_target_puts_events_while_the_clock_is_moved(self, events, events_backend, ticks, order):
        events.put_rule(Name="orders", EventPattern='{"source": ["shop"]}')
        orders = events_backend.target("orders")
        moments = []

        def put(event):
            moments.append(events_backend.clock.now())
            events.put_events(Entries=[order])

        events_backend.target("tick", put)
        events_backend.clock.advance(minutes=3)
        assert moments == [after(minutes=minutes) for minutes in (1, 2, 3)]
        assert [delivery.time for delivery in orders.deliveries] == moments
        assert [delivery.attempts[0].time for delivery in orders.deliveries] == moments

    def test_a_target_that_moves_the_clock_fails_the_test(self, events_backend, ticks):
        events_backend.target("tick", lambda _: events_backend.clock.advance(minutes=1))
        events_backend.clock.advance(minutes=1)
        assert [delivery.status for delivery in events_backend.deliveries] == ["delivered", "dropped"]
        with pytest.raises(ClockError, match=BUSY):
            events_backend.check()

    def test_a_reset_leads_back_to_the_beginning(self, events_backend, ticks):
        events_backend.clock.advance(minutes=1)
        events_backend.reset()
        assert events_backend.clock.pending == []
        assert events_backend.clock.now() == START
        events_backend.clock.advance(hours=1)
        assert events_backend.deliveries == events_backend.events == []

    def test_a_snapshot_keeps_what_is_to_come(self, events, events_backend, ticks):
        snapshot = events_backend.snapshot()
        for _ in range(2):
            events.remove_targets(Rule="tick", Ids=["function-1"])
            events.delete_rule(Name="tick")
            events.put_rule(Name="other", ScheduleExpression="rate(1 minute)")
            events_backend.restore(snapshot)
            assert ["rule 'tick'" in due.what for due in events_backend.clock.pending] == [True]
        events_backend.clock.advance(minutes=2)
        assert [delivery.rule_name for delivery in events_backend.deliveries] == ["tick", "tick"]

    def test_what_came_after_a_snapshot_is_not_made_up_for(self, events_backend, ticks):
        snapshot = events_backend.snapshot()
        events_backend.clock.advance(hours=1)
        events_backend.restore(snapshot)
        assert (events_backend.clock.now(), ticks.deliveries) == (START, [])

    def test_what_is_no_longer_wanted_is_not_pending(self, events, events_backend, ticks):
        events.disable_rule(Name="tick")
        assert events_backend.clock.pending == []
        events.enable_rule(Name="tick")
        assert len(events_backend.clock.pending) == 1

    def test_after_the_mock_nothing_is_done(self):
        with mock_events(isolated=True, start_time=START) as backend:
            put_tick(backend.client())
        with pytest.raises(MockStateError, match="this backend's mock has stopped"):
            backend.clock.advance(minutes=1)
        assert (backend.clock.now(), backend.deliveries) == (START, [])

    def test_what_is_changed_after_a_restore_does_not_fire_as_before(self, events, events_backend, ticks):
        snapshot = events_backend.snapshot()
        events.disable_rule(Name="tick")
        events_backend.restore(snapshot)
        events.put_rule(Name="tick", ScheduleExpression="rate(2 minutes)")
        events_backend.clock.advance(minutes=4)
        assert [delivery.time for delivery in ticks.deliveries] == [after(minutes=2), after(minutes=4)]


def put_tick(client):
    """Have a rule fire each minute."""
    client.put_rule(Name="tick", ScheduleExpression="rate(1 minute)")
    client.put_targets(Rule="tick", Targets=[{"Id": "t", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}])


def times(backend):
    return [delivery.event["time"] for delivery in backend.deliveries]


class Freezegun:
    """Frozen time, by freezegun."""

    def __init__(self):
        self.frozen = freeze_time(START)

    def __enter__(self):
        self.factory = self.frozen.start()
        return self

    def __exit__(self, *_):
        self.frozen.stop()

    def shift(self, span):
        self.factory.tick(span)


class TimeMachine(Freezegun):
    """Frozen time, by time-machine."""

    def __init__(self):
        self.frozen = time_machine.travel(START, tick=False)

    def shift(self, span):
        self.factory.shift(span)


@pytest.mark.parametrize("frozen_time", [Freezegun, TimeMachine])
class TestBesideFrozenTime:
    def test_a_mock_inside_follows_it(self, frozen_time):
        with frozen_time() as frozen, mock_events() as backend:
            assert backend.clock.now() == START
            put_tick(backend.client())
            assert times(backend) == []
            frozen.shift(2 * MINUTE)
            assert backend.clock.now() == after(minutes=2)
            assert times(backend) == ["2026-01-01T12:01:00Z", "2026-01-01T12:02:00Z"]

    def test_a_mock_outside_follows_it(self, frozen_time):
        with mock_events() as backend, frozen_time() as frozen:
            assert backend.clock.now() == START
            put_tick(backend.client())
            frozen.shift(2 * MINUTE)
            assert times(backend) == ["2026-01-01T12:01:00Z", "2026-01-01T12:02:00Z"]
            backend.reset()

    def test_a_jump_past_more_than_a_test_can_mean_is_told(self, frozen_time):
        with mock_events() as backend, frozen_time() as frozen:
            put_tick(backend.client())
            frozen.shift(30 * 24 * 60 * MINUTE)
            with pytest.raises(ClockError, match=r"past more than 10,000 pieces of work; .* rule 'tick' of"):
                backend.client().list_rules()
            assert len(backend.deliveries) == 10_000
            assert backend.clock.pending == []

    def test_what_it_passed_is_done_by_the_next_call(self, frozen_time):
        moments = []
        with mock_events() as backend, frozen_time() as frozen:
            client = backend.client()
            client.put_rule(Name="tick", ScheduleExpression="rate(1 minute)")
            backend.target("tick", lambda _: moments.append(backend.clock.now()))
            frozen.shift(3 * MINUTE)
            assert moments == []
            client.list_event_buses()
            assert moments == [after(minutes=minutes) for minutes in (1, 2, 3)]
            backend.reset()

    def test_the_clock_can_be_moved_and_the_process_s_time_stays(self, frozen_time):
        with frozen_time(), mock_events() as backend:
            put_tick(backend.client())
            backend.clock.advance(minutes=2)
            backend.clock.move_to(after(minutes=3))
            assert (backend.clock.now(), len(times(backend))) == (after(minutes=3), 3)
            assert datetime.now(UTC) == START
            assert time.time() == START.timestamp()
            assert date.today() == START.date()  # noqa: DTZ011 - the process's own date is asked for

    def test_what_both_moved_adds_up(self, frozen_time):
        with frozen_time() as frozen, mock_events() as backend:
            put_tick(backend.client())
            backend.clock.advance(minutes=2)
            frozen.shift(MINUTE)
            assert (backend.clock.now(), len(times(backend))) == (after(minutes=3), 3)

    def test_a_start_time_stands_in_it(self, frozen_time):
        with frozen_time() as frozen, mock_events(start_time=after(days=1)) as backend:
            put_tick(backend.client())
            frozen.shift(timedelta(hours=1))
            assert (backend.clock.now(), times(backend)) == (after(days=1), [])

    def test_while_work_is_done_the_process_s_time_stays(self, frozen_time):
        seen = []
        with frozen_time(), mock_events() as backend:
            backend.client().put_rule(Name="tick", ScheduleExpression="rate(1 minute)")
            backend.target("tick", lambda _: seen.append(datetime.now(UTC)))
            backend.clock.advance(minutes=2)
        assert seen == [START, START]

    def test_time_that_was_frozen_for_a_while_is_forgotten(self, frozen_time):
        with mock_events() as backend:
            with frozen_time():
                assert backend.clock.now() == START
            before = datetime.now(UTC)
            assert before <= backend.clock.now() <= datetime.now(UTC)


class TestStartAt:
    def test_it_stands_at_a_later_moment_and_does_the_work_on_the_way(self, clock):
        done = []
        clock.call_later(MINUTE, "work", lambda: done.append(clock.now()))
        clock.start_at(after(hours=1))
        assert (clock.now(), done) == (after(hours=1), [after(minutes=1)])

    def test_it_goes_back_if_no_work_waits(self, clock):
        clock.call_later(MINUTE, "not wanted", lambda: None, lambda: False)
        clock.start_at(after(days=-400))
        clock.advance(minutes=1)
        assert clock.now() == after(days=-400, minutes=1)

    def test_else_it_says_which_work_waits(self, clock):
        clock.call_later(MINUTE, "work", lambda: None)
        with pytest.raises(ClockError) as caught:
            clock.start_at(after(seconds=-1))
        assert str(caught.value) == (
            "the clock cannot go back from 2026-01-01 12:00:00 to 2026-01-01 11:59:59, because work waits for its "
            "moment: 2026-01-01 12:01:00 work"
        )
        assert clock.now() == START

    def test_a_clock_that_follows_the_wall_clock_stands_until_it_is_restored(self):
        clock = Clock()
        restore = clock.save()
        for moment in (START, after(days=40_000)):
            clock.start_at(moment)
            assert clock.now() == clock.now() == moment
            restore()
            assert abs(clock.now() - datetime.now(UTC)) < MINUTE

    def test_cleared_it_has_its_own_start_time(self, clock):
        clock.start_at(after(hours=1))
        clock.clear()
        assert clock.now() == START


def test_the_mock_leaves_the_process_s_time_alone():
    ours = (time.time, time.monotonic, time.sleep, datetime, datetime.now)
    with mock_events(start_time=START) as backend:
        put_tick(backend.client())
        before = datetime.now(UTC)
        backend.clock.advance(hours=1)
        assert datetime.now(UTC) - before < timedelta(hours=1)
        assert (time.time, time.monotonic, time.sleep, datetime, datetime.now) == ours
