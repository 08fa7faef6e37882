"""The occurrences of a schedule of EventBridge Scheduler, by hand and against a walk through local time."""

import pickle
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings, strategies as st

from eventmock.schedule import Occurrences, parse_for_schedule, time_zone

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


def at(*numbers):
    return datetime(*numbers, tzinfo=UTC)


CREATED = at(2026, 5, 1, 0, 0, 10)


def occurrences(expression, zone="UTC", since=CREATED, start=None, end=None):
    return Occurrences(
        timing=parse_for_schedule(expression), zone=time_zone(zone), since=since, start=start, end=end
    )


def some(found, number):
    """The first occurrences, at most so many."""
    listed, occurrence = [], found.first()
    while occurrence is not None and len(listed) < number:
        listed.append(occurrence)
        occurrence = found.next_after(occurrence)
    return listed


class TestAt:
    @pytest.mark.parametrize(
        ("expression", "zone", "moment"),
        [
            ("at(2026-11-01T10:15:30)", "UTC", at(2026, 11, 1, 10, 15, 30)),
            ("at(2026-06-20T10:15:00)", "America/New_York", at(2026, 6, 20, 14, 15)),
            ("at(2026-06-20T10:15)", "Asia/Kolkata", at(2026, 6, 20, 4, 45)),
        ],
    )
    def test_it_occurs_once_at_its_local_time(self, expression, zone, moment):
        found = occurrences(expression, zone)
        assert some(found, 2) == [moment]
        assert found.moment == moment

    def test_a_local_time_that_is_skipped_is_read_by_the_offset_before_the_shift(self):
        found = occurrences("at(2027-03-14T02:30:00)", "America/New_York")
        assert some(found, 2) == [at(2027, 3, 14, 7, 30)]

    def test_of_a_local_time_that_comes_twice_the_first_counts(self):
        found = occurrences("at(2027-11-07T01:30:00)", "America/New_York")
        assert some(found, 2) == [at(2027, 11, 7, 5, 30)]

    def test_the_dates_do_not_count(self):
        late, later = at(2030, 1, 1), at(2031, 1, 1)
        for start, end in ((late, later), (None, at(2026, 5, 2)), (at(2020, 1, 1), at(2021, 1, 1))):
            assert some(occurrences("at(2026-06-01T00:00:00)", start=start, end=end), 2) == [at(2026, 6, 1)]

    @pytest.mark.parametrize("since", [at(2026, 6, 1), at(2026, 6, 1, 0, 0, 0, 5), at(2027, 1, 1)])
    def test_a_moment_that_is_not_after_the_creation_never_occurs_but_is_told(self, since):
        found = occurrences("at(2026-06-01T00:00:00)", since=since)
        assert found.first() is None
        assert found.next_after(at(2000, 1, 1)) is None
        assert found.moment == at(2026, 6, 1)

    def test_a_moment_beyond_what_datetime_knows_is_none(self):
        assert occurrences("at(9999-12-31T23:59:59)", "America/New_York").moment is None
        assert occurrences("at(9999-12-31T23:59:59)", "America/New_York").first() is None
        assert occurrences("at(0001-01-01T00:00:00)", "Asia/Tokyo").moment is None

    def test_other_expressions_have_no_moment(self):
        assert occurrences("rate(1 hour)").moment is None
        assert occurrences("cron(0 12 * * ?)").moment is None


class TestRate:
    def test_the_first_is_at_the_creation(self):
        assert some(occurrences("rate(5 minutes)"), 3) == [CREATED + n * 5 * MINUTE for n in range(3)]

    def test_a_fraction_of_the_second_of_the_creation_does_not_count(self):
        found = occurrences("rate(5 minutes)", since=CREATED + SECOND / 3)
        assert some(found, 2) == [CREATED, CREATED + 5 * MINUTE]

    def test_with_a_start_date_the_first_is_at_it(self):
        start = at(2026, 5, 1, 1)
        assert some(occurrences("rate(1 minutes)", start=start), 3) == [start + n * MINUTE for n in range(3)]

    @pytest.mark.parametrize(
        ("since", "first"),
        [
            (at(2026, 5, 1, 0, 3), at(2026, 5, 1, 0, 5)),
            (at(2026, 5, 1, 0, 5), at(2026, 5, 1, 0, 5)),
            (at(2026, 5, 1, 0, 5, 1), at(2026, 5, 1, 0, 10)),
            (at(2026, 5, 1, 0, 0), at(2026, 5, 1, 0, 0)),
        ],
    )
    def test_with_a_start_date_before_the_creation_the_first_is_the_next_of_the_grid(self, since, first):
        assert occurrences("rate(5 minutes)", since=since, start=at(2026, 5, 1)).first() == first

    def test_a_day_is_24_hours_whatever_the_zone(self):
        found = occurrences("rate(1 day)", "America/New_York", start=at(2026, 10, 31, 16))
        assert some(found, 3) == [at(2026, 10, 31, 16), at(2026, 11, 1, 16), at(2026, 11, 2, 16)]

    def test_an_occurrence_at_the_end_date_counts(self):
        assert len(some(occurrences("rate(5 minutes)", end=CREATED + 10 * MINUTE), 9)) == 3
        assert len(some(occurrences("rate(5 minutes)", end=CREATED + 10 * MINUTE - SECOND), 9)) == 2
        assert some(occurrences("rate(5 minutes)", end=CREATED - SECOND), 9) == []


class TestCron:
    @pytest.mark.parametrize(
        ("since", "first"),
        [
            (at(2026, 5, 1, 11, 59, 59), at(2026, 5, 1, 12)),
            (at(2026, 5, 1, 11, 59, 59, 999999), at(2026, 5, 1, 12)),
            (at(2026, 5, 1, 12), at(2026, 5, 2, 12)),
            (at(2026, 5, 1, 12, 0, 0, 1), at(2026, 5, 2, 12)),
        ],
    )
    def test_the_first_is_strictly_after_the_creation(self, since, first):
        assert occurrences("cron(0 12 * * ? *)", since=since).first() == first

    @pytest.mark.parametrize(
        ("start", "first"),
        [
            (at(2026, 5, 3, 12), at(2026, 5, 3, 12)),
            (at(2026, 5, 3, 12, 0, 0, 5), at(2026, 5, 3, 12)),
            (at(2026, 5, 3, 12, 0, 1), at(2026, 5, 4, 12)),
            (at(2026, 4, 3), at(2026, 5, 1, 12)),
        ],
    )
    def test_the_first_is_not_before_the_start_date(self, start, first):
        assert occurrences("cron(0 12 * * ? *)", start=start).first() == first

    def test_a_start_date_at_the_creation_is_an_occurrence_if_it_is_selected(self):
        noon = at(2026, 5, 1, 12)
        assert occurrences("cron(0 12 * * ? *)", since=noon, start=noon).first() == noon
        assert occurrences("cron(0 12 * * ? *)", since=noon, start=noon - SECOND).first() == noon + DAY

    def test_an_occurrence_at_the_end_date_counts(self):
        last = at(2026, 5, 3, 12)
        assert some(occurrences("cron(0 12 * * ? *)", end=last), 9)[-1] == last
        assert len(some(occurrences("cron(0 12 * * ? *)", end=last - SECOND), 9)) == 2

    def test_the_local_hour_stays_when_clocks_are_shifted(self):
        found = occurrences("cron(0 12 * * ? *)", "America/New_York", since=at(2027, 3, 13))
        assert some(found, 3) == [at(2027, 3, 13, 17), at(2027, 3, 14, 16), at(2027, 3, 15, 16)]

    @pytest.mark.parametrize(
        ("expression", "zone", "since", "found"),
        [
            (
                "cron(15 2 * * ? *)",
                "Europe/Berlin",
                at(2027, 3, 27),
                [at(2027, 3, 27, 1, 15), at(2027, 3, 29, 0, 15)],
            ),
            (
                "cron(15 2 * * ? *)",
                "Australia/Lord_Howe",  # shifted by half an hour
                at(2026, 10, 2),
                [at(2026, 10, 2, 15, 45), at(2026, 10, 4, 15, 15)],
            ),
            (
                "cron(0/30 * * * ? *)",
                "America/New_York",
                at(2027, 3, 14, 6),
                [at(2027, 3, 14, 6, 30), at(2027, 3, 14, 7), at(2027, 3, 14, 7, 30)],
            ),
            (
                "cron(0 12 * * ? *)",
                "Pacific/Apia",  # went over to the other side of the date line, and skipped 30 December
                at(2011, 12, 29),
                [at(2011, 12, 29, 22), at(2011, 12, 30, 22)],
            ),
        ],
    )
    def test_a_local_time_that_is_skipped_does_not_occur(self, expression, zone, since, found):
        assert some(occurrences(expression, zone, since), len(found)) == found

    @pytest.mark.parametrize(
        ("expression", "zone", "since", "found"),
        [
            (
                "cron(30 2 * * ? *)",
                "Europe/Berlin",
                at(2026, 10, 24),
                [at(2026, 10, 24, 0, 30), at(2026, 10, 25, 0, 30), at(2026, 10, 26, 1, 30)],
            ),
            (
                "cron(0/30 * * * ? *)",
                "America/New_York",
                at(2027, 11, 7, 4, 50),
                [at(2027, 11, 7, 5), at(2027, 11, 7, 5, 30), at(2027, 11, 7, 7), at(2027, 11, 7, 7, 30)],
            ),
        ],
    )
    def test_of_a_local_time_that_comes_twice_the_first_counts(self, expression, zone, since, found):
        assert some(occurrences(expression, zone, since), len(found)) == found

    def test_created_between_the_two_it_occurs_on_the_next_day(self):
        found = occurrences("cron(30 2 * * ? *)", "Europe/Berlin", since=at(2026, 10, 25, 1, 10))
        assert found.first() == at(2026, 10, 26, 1, 30)

    def test_what_clocks_skip_every_year_never_occurs(self):
        assert occurrences("cron(30 2 ? 3 1L *)", "Europe/Berlin").first() is None

    def test_a_zone_with_seconds_in_its_offset(self):
        found = occurrences("cron(0 12 * * ? *)", "Africa/Monrovia", since=at(1971, 1, 1))
        assert found.first() == at(1971, 1, 1, 12, 44, 30)

    def test_a_year_that_is_over_has_no_occurrence(self):
        assert occurrences("cron(0 0 1 1 ? 2020)").first() is None


class TestTheEndsOfTime:
    BEGINNING, END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

    @pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo", "Etc/GMT+12", "Etc/GMT-14"])
    @pytest.mark.parametrize(
        "expression",
        ["at(9999-12-31T23:59:59)", "rate(2147483647 days)", "cron(* * * * ? 9999)", "cron(* * * * ? 1)"],
    )
    def test_nothing_is_raised_at_them(self, zone, expression):
        for since in (self.BEGINNING, self.END, CREATED):
            for start in (None, self.BEGINNING, self.END):
                found = occurrences(expression, zone, since, start=start)
                for instant in (self.BEGINNING, self.END, self.BEGINNING + DAY, self.END - DAY):
                    following = found.next_after(instant)
                    assert following is None or following > instant
                assert found.next_after(self.END) is None
                assert list(found.between(self.END - MINUTE, self.END))[1:] == []

    def test_a_rate_that_was_created_at_the_beginning_has_its_first_there(self):
        assert occurrences("rate(1 day)", since=self.BEGINNING).first() == self.BEGINNING

    def test_the_last_local_minute_occurs_where_utc_still_has_it(self):
        found = occurrences("cron(* * * * ? 9999)", "Asia/Tokyo", since=self.END - DAY)
        assert list(found.between(self.END - DAY, self.END))[-1] == at(9999, 12, 31, 14, 59)


class TestTheValue:
    def test_equal_parts_make_equal_occurrences_which_are_hashable_and_can_be_pickled(self):
        one, other = (occurrences("cron(0 12 * * ?)", "Europe/Berlin") for _ in range(2))
        assert one == other
        assert len({one, other}) == 1
        assert pickle.loads(pickle.dumps(one)).first() == one.first()  # noqa: S301 - made on this line

    @pytest.mark.parametrize("expression", ["at(2030-01-01T00:00)", "rate(1 day)", "cron(0 12 * * ?)"])
    def test_naive_datetimes_are_refused(self, expression):
        naive = datetime(2026, 1, 1)
        found = occurrences(expression)
        for call in (
            lambda: occurrences(expression, since=naive),
            lambda: occurrences(expression, start=naive),
            lambda: occurrences(expression, end=naive),
            lambda: found.next_after(naive),
            lambda: found.between(naive, CREATED),
            lambda: found.between(CREATED, naive),
        ):
            with pytest.raises(ValueError, match="schedules need aware datetimes"):
                call()

    def test_other_zones_are_read_and_utc_is_answered(self):
        elsewhere = CREATED.astimezone(timezone(-9 * HOUR))
        for expression in ("at(2030-01-01T00:00)", "rate(1 day)", "cron(0 12 * * ?)"):
            found = occurrences(expression, since=elsewhere, start=elsewhere, end=at(2040, 1, 1))
            assert found.first() == occurrences(expression, start=CREATED).first()
            assert found.first().tzinfo is UTC


# The walk: from one moment of UTC to the next, and what the clock shows then. It shares nothing with eventmock but the
# local times that cron selects, which tests/properties/test_cron.py checks.

NO_CLOCK_IS_SET_BACK_FURTHER = 26 * HOUR
ZONES = sorted(available_timezones() - {"Factory", "localtime"})
FIRST_INSTANT, LAST_INSTANT = at(1970, 1, 2), at(2199, 12, 28)


def shown(moment, zone):
    return moment.astimezone(zone).replace(tzinfo=None)


def minutes_shown_first(zone, begin, end):
    """Each moment after `begin`, up to `end`, at which a minute begins that the clock never showed, and the minute."""
    seen, found = set(), []
    moment = begin.replace(microsecond=0) - NO_CLOCK_IS_SET_BACK_FURTHER
    clock = shown(moment, zone)
    while moment <= end:
        if clock.second == 0 and clock not in seen:
            seen.add(clock)
            if moment > begin:
                found.append((moment, clock))
        step = timedelta(seconds=60 - clock.second)
        following = shown(moment + step, zone)
        if following != clock + step:  # the clock is set within this minute
            step = SECOND
            following = shown(moment + step, zone)
        moment, clock = moment + step, following
    return found


def walk_cron(expression, zone, since, start, end, after, until):
    """The occurrences after `after` and up to `until`."""
    minutes = minutes_shown_first(zone, after, until)
    if not minutes:
        return []
    lowest, highest = minutes[0][1].replace(tzinfo=UTC), minutes[-1][1].replace(tzinfo=UTC)
    since = since.replace(microsecond=0)
    starts_then = start is not None and start.replace(microsecond=0) == since
    selected = set(parse_for_schedule(expression).between(lowest - SECOND, highest))
    return [
        moment
        for moment, clock in minutes
        if clock.replace(tzinfo=UTC) in selected
        and after < moment <= until
        and (moment > since or (starts_then and moment == since))
        and (start is None or moment >= start.replace(microsecond=0))
        and (end is None or moment <= end)
    ]


def walk_at(local, zone, around):
    """The moment of a local time that is at most some hours away from an instant."""
    before = None
    for moment, clock in minutes_shown_first(zone, around - 30 * HOUR, around + 30 * HOUR):
        if clock + MINUTE > local:  # of a local time that is skipped: as if the clock had not been set
            return moment + (local - clock) if clock <= local else before[0] + (local - before[1])
        before = moment, clock
    return None


def walk_rate(period, since, start, end, after, until):
    since = since.replace(microsecond=0)
    moment, found = (start or since).replace(microsecond=0), []
    while moment <= until and (end is None or moment <= end):
        if moment > after and moment >= since:
            found.append(moment)
        moment += period
    return found


def shift_after(zone, instant):
    """The next moment at which the clock of a zone is set, or another moment if it is not set within 400 days."""
    before, days = instant, 0
    while before.astimezone(zone).utcoffset() == (before + DAY).astimezone(zone).utcoffset():
        before, days = before + DAY, days + 1
        if days == 400:
            return instant
    low, high = before, before + DAY
    while high - low > SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
            low = middle
        else:
            high = middle
    return high


def an_instant(random, zone):
    """Any instant of 1970 to 2199, or as often one about which the clock is set."""
    instant = FIRST_INSTANT + SECOND * random.randrange((LAST_INSTANT - FIRST_INSTANT) // SECOND)
    return min(shift_after(zone, instant), LAST_INSTANT) if random.random() < 0.5 else instant


def near(random, instant, most):
    """An instant near another one, at most so many seconds away, often on a whole minute, or with a fraction."""
    other = instant + timedelta(seconds=random.randint(-most, most))
    return random.choice([other, other.replace(second=0), other + SECOND / 3])


def a_cron(random, clock):
    """An expression that often selects times near one that a clock shows."""
    minute, hour, day = clock.minute, clock.hour, clock.day
    weekday = clock.isoweekday() % 7 + 1
    minutes = random.choice(
        ["*", "*/15", "0/30", "0", f"{minute}", f"{minute}/7", f"{random.randrange(60)},{minute}"]
    )
    hours = random.choice(
        ["*", "*", f"{hour}", f"{(hour + random.choice([-2, -1, 1, 2])) % 24}", "0-3", "*/2"]
    )
    days = random.choice(
        [
            *["* * ?", "? * *"] * 6,
            *(f"{day} * ?", f"{day}W * ?", "L * ?", "LW * ?", "1,L * ?", f"{day}-31 {clock.month} ?"),
            *(f"? * {weekday}", f"? * {weekday}#{(day - 1) // 7 + 1}", f"? * {weekday}L", "? * SUN-MON"),
        ]
    )
    years = random.choice(["", " *", f" {clock.year}", f" {clock.year}-{clock.year + 1}", " *"])
    return f"cron({minutes} {hours} {days}{years})"


def check(seed):
    """Compare the occurrences of one schedule with those of the walk."""
    random = Random(seed)  # noqa: S311 - nothing is secret
    zone = ZoneInfo(random.choice(ZONES))
    instant = an_instant(random, zone)
    since, after = near(random, instant - 8 * HOUR, 40_000), near(random, instant - 2 * HOUR, 20_000)
    until = after + timedelta(seconds=random.choice([7_200, 20_000, 90_000, 180_000]))
    start = random.choice([None, None, near(random, instant, 90_000)])
    end = random.choice([None, None, near(random, instant + DAY, 90_000)])
    match random.choice(["cron", "cron", "cron", "rate", "at"]):
        case "cron":
            expression = a_cron(random, shown(instant, zone))
            wanted = walk_cron(expression, zone, since, start, end, after, until)
        case "rate":
            minutes = random.choice([1, 7, 60, 1440])
            expression = f"rate({minutes} minute)"
            wanted = walk_rate(minutes * MINUTE, since, start, end, after, until)
        case _:
            local = near(random, shown(instant, zone), 7_200).replace(microsecond=0)
            expression = f"at({local:%Y-%m-%dT%H:%M:%S})"
            moment = walk_at(local, zone, instant)
            wanted = [moment] if since < moment and after < moment <= until else []
    found = Occurrences(timing=parse_for_schedule(expression), zone=zone, since=since, start=start, end=end)
    context = seed, expression, zone, since, start, end, after, until
    assert list(found.between(after, until)) == wanted, context
    cuts = sorted([after, until, *(near(random, instant, 90_000) for _ in range(3))])
    whole = list(found.between(cuts[0], cuts[-1]))
    assert [one for begin, end in pairwise(cuts) for one in found.between(begin, end)] == whole, context
    return len(wanted)


@settings(max_examples=300)
@given(st.integers(0, 2**24 - 1))
def test_occurrences_are_what_a_walk_through_local_time_finds_however_an_interval_is_cut(seed):
    check(seed)
