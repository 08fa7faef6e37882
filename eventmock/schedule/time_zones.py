"""The time zones of EventBridge Scheduler: names of the IANA data base, such as ``Europe/Berlin``.

`shifts` finds the moments at which clocks are set forward or back.

The data are those of Python's `zoneinfo`: the files of the platform or, where it has none, the package tzdata.
Inferred: names are taken in their exact case only, and AWS does not know what the files of a platform have beside the
names of the data base (`posixrules`, `localtime`, `right/UTC`).
"""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import Final, NamedTuple

from eventmock.exceptions import EventmockError
from eventmock.schedule.invalid_schedule import InvalidTimeZone
from eventmock.values.near_names import nearest_name

_WORD: Final = "[A-Za-z0-9_+-]+"
_FORM: Final = re.compile(f"{_WORD}(/{_WORD}){{0,2}}")
_NOT_A_ZONE: Final = re.compile("Factory|localtime|posixrules|(posix|right)/.*")
_SHORT: Final = 5
"""The number of letters below which one other letter makes another name."""
_IGNORES_CASE: Final = sys.platform in {"darwin", "win32"}
"""Whether the file system may find ``europe/berlin``."""
_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


class Shift(NamedTuple):
    """A change of a zone's offset: clocks are set forward, and skip local times, or set back, and repeat them.

    Attributes:
        moment: The moment, an aware datetime in UTC.
        begin: The first local time that is skipped or comes twice, a naive datetime.
        end: The first local time after these, a naive datetime.
        is_forward: Whether clocks are set forward.
    """

    moment: datetime
    begin: datetime
    end: datetime
    is_forward: bool


def time_zone(name: str) -> tzinfo:
    """Return a time zone by its name.

    Args:
        name: The value of ScheduleExpressionTimezone.

    Returns:
        The zone: a ZoneInfo; for ``UTC``, `datetime.UTC`, which needs no data.

    Raises:
        InvalidTimeZone: AWS would not know the name; the error's ``why`` has a name that is similar.
        EventmockError: There are no data of time zones on this machine.
    """
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if _FORM.fullmatch(name) and not _NOT_A_ZONE.fullmatch(name):
        try:
            zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass  # there is no such file, or it is a folder, or its content is something else
        else:
            if not _IGNORES_CASE or name in _names():
                return zone
    raise InvalidTimeZone(name, _why(name))


def shifts(zone: tzinfo, after: datetime, days: int) -> Iterator[Shift]:
    """Yield the shifts of a zone, in order. Two on one day that cancel each other are not found.

    Args:
        zone: The zone.
        after: The beginning of the time that is searched, an aware datetime in UTC.
        days: How many days are searched; fewer where the years 1 to 9999 end.
    """
    moment, before = after.replace(microsecond=0), _offset(zone, after)
    for _ in range(days):
        try:
            earlier, moment = moment, moment + _DAY
        except OverflowError:
            return
        now = _offset(zone, moment)
        if now == before:
            continue
        later = moment
        while later - earlier > _SECOND:
            middle = earlier + (later - earlier) // _SECOND // 2 * _SECOND
            earlier, later = (middle, later) if _offset(zone, middle) == before else (earlier, middle)
        begin, end = sorted(later.replace(tzinfo=None) + one for one in (before, now))
        yield Shift(later, begin, end, now > before)
        before = now


def _offset(zone: tzinfo, moment: datetime) -> timedelta:
    """Return the offset of a zone from UTC; that of the nearest day where the years 1 to 9999 end.

    `utcoffset` is not asked, since the datetimes of freezegun lose `fold` and so have the other offset of two.
    """
    try:
        local = moment.astimezone(zone)
    except OverflowError:
        return _offset(zone, moment + (_DAY if moment.year == 1 else -_DAY))
    return local.replace(tzinfo=None) - moment.replace(tzinfo=None)


@cache
def _names() -> frozenset[str]:
    """Return all names of time zones. To find them takes some 50 ms, since each file is opened.

    Raises:
        EventmockError: There are no data of time zones on this machine.
    """
    from zoneinfo import available_timezones

    names = frozenset(name for name in available_timezones() if not _NOT_A_ZONE.fullmatch(name))
    if not names:
        raise EventmockError(
            "Python finds no data of time zones, so only UTC is known: pip install tzdata "
            "(or, if the test replaces the file system, add the folder of zoneinfo.TZPATH to it)"
        )
    return names


def _why(name: str) -> str:
    known = sorted(_names())
    by_city = {one.rpartition("/")[2]: one for one in known}
    near = nearest_name(name, known) or by_city.get(name) or by_city.get(nearest_name(name, by_city) or "")
    if near is not None and len(name) < _SHORT and near.casefold() != name.strip().casefold():
        near = None  # PST is not EST
    if near is None:
        return f"{name!r} is not a time zone of the IANA data base; wanted a name such as Europe/Berlin"
    return f"{name}: did you mean {near}?"
