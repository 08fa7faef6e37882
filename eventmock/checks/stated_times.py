"""What a comment or description states about the days and hours of a schedule, in English.

Only what is clear is read: a text with an exception, an ordinal, a time zone or another schedule states nothing here,
because a wrong finding is worse than a missing one.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERY_DAY: Final = frozenset(range(7))
_WEEKDAYS: Final = frozenset(range(5))

_ABBREVIATED: Final = "mon|tues?|wed|thur?s?|fri|sat|sun"
_DAY: Final = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_RANGE: Final = re.compile(
    rf"\b({_DAY}|{_ABBREVIATED})s?\s*(?:-|–|to|through|thru|until)\s*({_DAY}|{_ABBREVIATED})s?\b"  # noqa: RUF001 - people write this dash
)
_NAMED: Final = re.compile(rf"\b({_DAY})s?\b")
_LOOSELY: Final = re.compile(r"\b(daily|nightly|every (night|morning|evening))\b")
"""What people also say of a schedule that rests at the weekend."""
_GROUPS: Final = (
    (re.compile(rf"\b(every|each|all) days?\b|{_LOOSELY.pattern}"), EVERY_DAY),
    (re.compile(r"\b(weekdays?|workdays?|(working|business) days?)\b"), _WEEKDAYS),
    (re.compile(r"\bweekends?\b"), frozenset({5, 6})),
)
_UNCLEAR: Final = re.compile(
    r"\b(except|excluding|exclude[sd]?|without|not|no|never|skip\w*|but|unless|before|after|by|due|if|other than"
    r"|every other|other|alternate|bi-?weekly|fortnight\w*|first|second|third|fourth|fifth|last|1st|2nd|3rd|4th"
    r"|\d+(st|nd|rd|th)|month\w*|quarter\w*|year\w*|annual\w*|holidays?|todo|fixme|was|were|previously|formerly)\b"
    r"|day of (the )?week|\b(cron|rate) ?\("
)
_ELSEWHERE: Final = re.compile(
    r"\b([ECMP][SD]?T|A[EC][SD]T|CES?T|BST|IST|JST|KST|NZ[SD]T|SGT|HKT|BRT|MSK|local|eastern|pacific|central|mountain"
    r"|[a-z]+/[a-z_]+|(utc|gmt) ?[+-] ?\d+|time ?zone)\b",
    re.IGNORECASE,
)
_UTC: Final = re.compile(r"\b(utc|gmt|zulu)\b|\b\d\d:?\d\dz\b")
_HOUR: Final = re.compile(
    r"\b(?P<hour>1[0-2]|0?[1-9])(?::?(?P<minute>[0-5]\d))?\s*(?P<half>[ap])\.?m\b"
    r"|\b(?P<clock>[01]?\d|2[0-3]):(?P<past>[0-5]\d)\b"
    r"|\b(?P<name>midnight|noon)\b"
)
_EACH: Final = re.compile(
    r"\bevery (?:(?P<number>\d+|an?|one|two|three|four|five|six|ten|twelve|fifteen|twenty|thirty)[ -])?"
    r"(?P<unit>minute|min|hour|day|week)s?\b|\b(?P<adverb>hourly|daily|weekly)\b"
)
_NUMBERS: Final = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
}
_SECONDS: Final = {
    "minute": 60,
    "min": 60,
    "hour": 3600,
    "hourly": 3600,
    "day": 86400,
    "daily": 86400,
    "week": 604800,
    "weekly": 604800,
}


class Stated(NamedTuple):
    """What a text states.

    Attributes:
        days: The days of the week, 0 is Monday; None if the text states none, or not clearly.
        hours: The hours of the day, from 0 to 23.
        is_utc: Whether the text says that its hours are in UTC.
        is_loose: Whether it says every day in a word that is also used of schedules that rest at the weekend.
    """

    days: frozenset[int] | None
    hours: frozenset[int]
    is_utc: bool
    is_loose: bool


def stated(text: str) -> Stated | None:
    """Return what a text states about days and hours; None if it states nothing that is clear."""
    if _ELSEWHERE.search(text):
        return None
    plain = text.lower()
    if _UNCLEAR.search(plain):
        return None
    days, hours = _days(plain), _hours(plain)
    if days is None and not hours:
        return None
    return Stated(
        days, hours, is_utc=_UTC.search(plain) is not None, is_loose=_LOOSELY.search(plain) is not None
    )


def period(text: str) -> int | None:
    """Return the period that a text states, in seconds; None if it states none, several, or not clearly."""
    plain = text.lower()
    if _UNCLEAR.search(plain):
        return None
    periods = {_seconds(found) for found in _EACH.finditer(plain)}
    return periods.pop() if len(periods) == 1 else None


def _seconds(found: re.Match[str]) -> int:
    number = found["number"] or "one"
    count = int(number) if number.isdigit() else _NUMBERS[number]
    return count * _SECONDS[found["unit"] or found["adverb"]]


def words(days: frozenset[int]) -> str:
    """Return days of the week in words, such as ``Monday to Friday``."""
    if days == EVERY_DAY:
        return "every day"
    ordered = sorted(days)
    for first in range(7):
        row = [(first + offset) % 7 for offset in range(len(days))]
        if len(days) > 2 and set(row) == days:
            return f"{DAYS[row[0]]} to {DAYS[row[-1]]}"
    return " and ".join(filter(None, (", ".join(DAYS[one] for one in ordered[:-1]), DAYS[ordered[-1]])))


def _days(plain: str) -> frozenset[int] | None:
    """Return the days that a text states. Several groups of days, such as daily and on Mondays, are not clear."""
    found = [days for form, days in _GROUPS if form.search(plain)]
    rest = plain
    named: set[int] = set()
    for pair in _RANGE.finditer(plain):
        first, last = _number(pair[1]), _number(pair[2])
        named |= {(first + offset) % 7 for offset in range((last - first) % 7 + 1)}
        rest = rest.replace(pair[0], " ")
    named |= {_number(one[1]) for one in _NAMED.finditer(rest)}
    found += [frozenset(named)] if named else []
    return found[0] if len(set(found)) == 1 else None


def _number(day: str) -> int:
    return next(number for number, name in enumerate(DAYS) if name.lower().startswith(day[:3]))


def _hours(plain: str) -> frozenset[int]:
    hours = set()
    for found in _HOUR.finditer(plain):
        if found["half"]:
            hours.add(int(found["hour"]) % 12 + 12 * (found["half"] == "p"))
        elif found["name"]:
            hours.add(0 if found["name"] == "midnight" else 12)
        else:
            hours.add(int(found["clock"]))
    return frozenset(hours)
