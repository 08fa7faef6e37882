"""The names of time zones."""

import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones, reset_tzpath

import pytest
from hypothesis import given, strategies as st

from eventmock.exceptions import EventmockError
from eventmock.schedule import InvalidTimeZone, time_zone, time_zones
from eventmock.schedule.time_zones import shifts


def at(*numbers):
    return datetime(*numbers, tzinfo=UTC)


@pytest.fixture
def no_data(monkeypatch):
    """Python finds no data of time zones."""
    reset_tzpath(to=[])
    monkeypatch.setitem(sys.modules, "tzdata", None)
    ZoneInfo.clear_cache()
    time_zones._names.cache_clear()
    yield
    reset_tzpath()
    time_zones._names.cache_clear()


def test_every_name_of_the_data_base_is_known():
    names = available_timezones() - {"Factory", "localtime", "UTC"}
    assert len(names) > 400
    assert {name for name in names if str(time_zone(name)) != name} == set()


def test_utc_is_that_of_datetime():
    assert time_zone("UTC") is UTC


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Europe/Berln", "Europe/Berln: did you mean Europe/Berlin?"),
        ("europe/berlin", "europe/berlin: did you mean Europe/Berlin?"),
        ("EUROPE/BERLIN", "EUROPE/BERLIN: did you mean Europe/Berlin?"),
        ("America/New York", "America/New York: did you mean America/New_York?"),
        ("Berlin", "Berlin: did you mean Europe/Berlin?"),
        ("new_york", "new_york: did you mean America/New_York?"),
        ("utc", "utc: did you mean UTC?"),
        (" UTC", " UTC: did you mean UTC?"),
        ("PST", "'PST' is not a time zone of the IANA data base; wanted a name such as Europe/Berlin"),
        ("", "'' is not a time zone of the IANA data base; wanted a name such as Europe/Berlin"),
    ],
)
def test_an_unknown_name_is_refused_in_the_words_of_aws_and_in_ours(name, why):
    with pytest.raises(InvalidTimeZone) as refusal:
        time_zone(name)
    assert str(refusal.value) == f"Invalid timezone {name}."
    assert refusal.value.why == why


@pytest.mark.parametrize(
    "name",
    [
        *("Europe", "America/Argentina", "posix", "right", "posix/UTC", "right/Europe/Berlin"),
        *("Factory", "localtime", "posixrules", "leapseconds", "tzdata.zi", "zone.tab", "iso3166.tab"),
        *(".", "..", "../UTC", "Europe/../UTC", "./UTC", "/UTC", "/usr/share/zoneinfo/UTC", "/etc/passwd"),
        *(
            "Europe/",
            "Europe//Berlin",
            "Europe\\Berlin",
            "C:\\UTC",
            "UTC\n",
            "\0",
            "UTC\0",
            "\ud800",
            "\u00e9",
        ),
        *("x" * 5_000, "a/" * 5_000 + "b"),
    ],
)
def test_what_is_only_a_file_or_no_name_at_all_is_refused(name):
    with pytest.raises(InvalidTimeZone):
        time_zone(name)


@pytest.mark.parametrize("name", ["../UTC", "Europe/../../UTC", "/usr/share/zoneinfo/UTC", "Europe/.."])
def test_a_name_that_leads_outside_of_the_data_opens_no_file(name, monkeypatch):
    opened = []
    monkeypatch.setattr("zoneinfo.ZoneInfo", opened.append)
    with pytest.raises(InvalidTimeZone):
        time_zone(name)
    assert opened == []


def test_where_file_systems_ignore_case_names_are_still_exact(monkeypatch):
    monkeypatch.setattr(time_zones, "_IGNORES_CASE", True)
    monkeypatch.setattr("zoneinfo.ZoneInfo", lambda _: ZoneInfo("Europe/Berlin"))
    assert time_zone("Europe/Berlin") is ZoneInfo("Europe/Berlin")
    with pytest.raises(InvalidTimeZone):
        time_zone("europe/berlin")


def test_without_data_the_tester_is_told_what_to_install(no_data):
    assert time_zone("UTC") is UTC
    with pytest.raises(
        EventmockError, match="no data of time zones, so only UTC is known: pip install tzdata"
    ):
        time_zone("Europe/Berlin")


@given(st.text("EuropBlinUTC/._-+ \0", max_size=12) | st.text(max_size=8))
def test_any_name_is_known_or_refused(name):
    why = None
    try:
        zone = time_zone(name)
    except InvalidTimeZone as refusal:
        why = refusal.why
    assert str(zone) == name if why is None else why


@pytest.mark.parametrize(
    ("name", "year", "found"),
    [
        (
            "Europe/Berlin",
            2026,
            [
                (at(2026, 3, 29, 1), datetime(2026, 3, 29, 2), datetime(2026, 3, 29, 3), True),
                (at(2026, 10, 25, 1), datetime(2026, 10, 25, 2), datetime(2026, 10, 25, 3), False),
            ],
        ),
        (
            "Australia/Lord_Howe",
            2027,
            [
                (at(2027, 4, 3, 15), datetime(2027, 4, 4, 1, 30), datetime(2027, 4, 4, 2), False),
                (at(2027, 10, 2, 15, 30), datetime(2027, 10, 3, 2), datetime(2027, 10, 3, 2, 30), True),
            ],
        ),
        (
            "Pacific/Apia",
            2011,
            [
                (at(2011, 4, 2, 14), datetime(2011, 4, 2, 3), datetime(2011, 4, 2, 4), False),
                (at(2011, 9, 24, 14), datetime(2011, 9, 24, 3), datetime(2011, 9, 24, 4), True),
                (at(2011, 12, 30, 10), datetime(2011, 12, 30), datetime(2011, 12, 31), True),
            ],
        ),
        ("Asia/Kolkata", 2026, []),
    ],
)
def test_the_shifts_of_a_year(name, year, found):
    assert list(shifts(time_zone(name), at(year, 1, 1), 365)) == found


class WithoutFold(datetime):
    """A datetime that loses `fold`, as those of freezegun do."""

    def astimezone(self, tz):
        return super().astimezone(tz).replace(fold=0)


def test_they_are_found_without_fold():
    zone = time_zone("Europe/Berlin")
    assert list(shifts(zone, WithoutFold(2026, 1, 1, tzinfo=UTC), 365)) == list(
        shifts(zone, at(2026, 1, 1), 365)
    )


def test_utc_has_no_shifts():
    assert list(shifts(UTC, at(2026, 1, 1), 700)) == []


@pytest.mark.parametrize("name", ["Asia/Kolkata", "Etc/GMT+12"])
def test_there_are_none_where_time_ends(name):
    for moment in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        assert list(shifts(time_zone(name), moment, 20)) == []
