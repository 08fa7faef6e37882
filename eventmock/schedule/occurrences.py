"""The moments at which a schedule of EventBridge Scheduler fires, in UTC.

`Occurrences` knows what of a schedule decides about them: the expression, the time zone, the moment of the creation,
StartDate and EndDate. It never reads a clock.

- ``at(...)``: one occurrence. StartDate and EndDate do not count (documented). Inferred: none if the moment is not
  after the creation.
- ``rate(...)``: the first at the creation, or at StartDate, then one each period (documented). The time zone does not
  count. Inferred: with a StartDate before the creation, the first is the next point of the grid.
- ``cron(...)``: local times, the first not before StartDate (documented). Inferred: a local time at StartDate counts,
  also if that is the moment of the creation; without StartDate, the first is strictly after the creation.
- An occurrence at EndDate counts (inferred), one after it does not (documented).

When clocks are shifted: a local time of cron that is skipped has no occurrence, and one that comes twice has one, at
the first of the two (documented). Inferred: for ``at(...)``, a local time that is skipped is read by the offset before
the shift, and of two the first counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from eventmock.schedule.at import At
from eventmock.schedule.cron import Cron
from eventmock.schedule.rate import Rate
from eventmock.schedule.utc import as_utc
from eventmock.values.moments import later

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrences:
    """The occurrences of one schedule, all in UTC and in whole seconds.

    Attributes:
        timing: The expression of the schedule.
        zone: The time zone of ``at(...)`` and ``cron(...)``.
        since: The moment of the creation, or of the update after which the schedule counts anew; an aware datetime.
        start: StartDate, an aware datetime; None if the schedule has none.
        end: EndDate, an aware datetime; None if the schedule has none.

    Fractions of a second of these moments do not count.

    Raises:
        ValueError: A datetime is naive.
    """

    timing: At | Rate | Cron
    zone: tzinfo
    since: datetime
    start: datetime | None = None
    end: datetime | None = None
    _first: datetime | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_first", self._find_first())

    @property
    def moment(self) -> datetime | None:
        """The moment of ``at(...)`` in UTC, also if it is past.

        None for another expression, and for a moment outside of the years 1 to 9999 in UTC.
        """
        return _in_utc(self.timing.local, self.zone) if isinstance(self.timing, At) else None

    def local(self, moment: datetime) -> datetime:
        """Return a moment in the time zone; in UTC if its local time is outside of the years 1 to 9999."""
        try:
            return moment.astimezone(self.zone)
        except OverflowError:
            return as_utc(moment)

    def first(self) -> datetime | None:
        """Return the first occurrence; None if there is none."""
        return self._first

    def next_after(self, instant: datetime) -> datetime | None:
        """Return the first occurrence strictly after an instant.

        Returns:
            The occurrence, or None if there is none before the year 10000.

        Raises:
            ValueError: The datetime is naive.
        """
        after, first, timing = as_utc(instant), self._first, self.timing
        if first is None or after < first:
            return first
        if isinstance(timing, At):
            return None
        if isinstance(timing, Rate):
            return self._not_after_end(timing.next_after(after, start=first))
        return self._not_after_end(_next_of_cron(timing, self.zone, after))

    def between(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Yield the occurrences after `after`, up to and including `until`, in order.

        So no occurrence is in two adjacent intervals, and none is lost between them.

        Raises:
            ValueError: A datetime is naive.
        """
        last = as_utc(until)
        return self._up_to(last, self.next_after(after))

    def _up_to(self, last: datetime, occurrence: datetime | None) -> Iterator[datetime]:
        while occurrence is not None and occurrence <= last:
            yield occurrence
            occurrence = self.next_after(occurrence)

    def _find_first(self) -> datetime | None:
        timing, since = self.timing, _whole_second(self.since)
        start = None if self.start is None else _whole_second(self.start)
        if self.end is not None:
            as_utc(self.end)  # refuses a naive datetime
        if isinstance(timing, At):
            moment = self.moment
            return moment if moment is not None and moment > since else None
        if isinstance(timing, Rate):
            origin = since if start is None else start
            first = origin if origin >= since else timing.next_after(since - _SECOND, start=origin)
        else:
            after = since if start is None or start < since else later(start, -_SECOND)
            first = _next_of_cron(timing, self.zone, after)
        return self._not_after_end(first)

    def _not_after_end(self, occurrence: datetime | None) -> datetime | None:
        if occurrence is None or self.end is None or occurrence <= as_utc(self.end):
            return occurrence
        return None


def _next_of_cron(cron: Cron, zone: tzinfo, instant: datetime) -> datetime | None:
    """Return the first moment strictly after an instant at which the local time is one that cron selects.

    `Cron` finds the next local time. It is passed over if clocks skip it, or if it came before the instant already.
    """
    if zone is UTC:
        return cron.next_after(instant)
    try:
        local: datetime | None = instant.astimezone(zone).replace(tzinfo=UTC)
    except OverflowError:  # the local time is in the year 0 or 10000
        local = datetime.min.replace(tzinfo=UTC) if instant.year == 1 else None
    while local is not None and (local := cron.next_after(local)) is not None:
        moment = _in_utc(local, zone)
        if moment is not None and moment > instant and _is_local_time(moment, local, zone):
            return moment
    return None


def _in_utc(local: datetime, zone: tzinfo) -> datetime | None:
    """Return the moment of a local time; None if it is outside of the years 1 to 9999 in UTC.

    Of a local time that comes twice, this is the first moment. One that is skipped is read by the offset before the
    shift. Both are what `datetime` does with ``fold=0``.
    """
    try:
        return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    except OverflowError:
        return None


def _is_local_time(moment: datetime, local: datetime, zone: tzinfo) -> bool:
    """Return whether clocks in a zone show a local time at a moment. They do not if they skip the local time."""
    return moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)


def _whole_second(instant: datetime) -> datetime:
    return as_utc(instant).replace(microsecond=0)
