"""The time zones of EventBridge Scheduler: names of the IANA data base, such as ``Europe/Berlin``.

The data are those of Python's `zoneinfo`: the files of the platform or, where it has none, the package tzdata.
Inferred: names are taken in their exact case only, and AWS does not know what the files of a platform have beside the
names of the data base (`posixrules`, `localtime`, `right/UTC`).
"""

import re
import sys
from datetime import UTC, tzinfo
from functools import cache
from typing import Final

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
