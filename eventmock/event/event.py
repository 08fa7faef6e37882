"""Events, as rules match them and targets receive them.

The keys of the envelope, their order and the compact form are recorded (aws-recorded-behaviour section 9). The detail
keeps its own order of keys, spelling of numbers and escapes; only its white space is removed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from eventmock.pattern import read_event
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.pattern import ReadEvent

API_CALL: Final = "AWS API Call via CloudTrail"
"""The ``detail-type`` of the events that CloudTrail sends for calls. `eventmock.aws_events` has it too."""

_quoted: Final = json.encoder.encode_basestring
_STRING_OR_SPACE: Final = r'("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\r\n]+'


def compact(text: str) -> str:
    """Return JSON text without the white space between its tokens. The text must be valid JSON."""
    if "\\" in text:
        return re.sub(_STRING_OR_SPACE, r"\1", text)
    parts = text.split('"')
    parts[::2] = ["".join(between.split()) for between in parts[::2]]
    return '"'.join(parts)


@lru_cache(maxsize=64)
def _time_text(time: datetime) -> str:
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Event:
    """An event on a bus. It never changes. Its text is made once, when it is first needed.

    Attributes:
        id: The event's id, a UUID.
        detail_type: AWS's ``detail-type``.
        source: The event's source.
        account: The id of the account that put the event.
        time: The moment of the event, an aware datetime; targets receive it in whole seconds.
        region: The region in which the event was put.
        resources: ARNs, in the order in which they were given.
        detail: The detail as compact JSON text.
        detail_size: The size of the detail as it was put, with its white space, in bytes.
        trace_header: The X-Ray trace header of the event; not a part of the envelope.
        hops_in_region: The number of bus-to-bus hops since the event last came from another region.
        hops_across_regions: The number of bus-to-bus hops between regions.
        replay_name: The name of the replay that sends the event, which is then a part of the envelope; None if no
            replay does.
        passed: The ARNs of the buses, custom and Classic, that the event has been on before this one.
    """

    id: str
    detail_type: str
    source: str
    account: str
    time: datetime
    region: str
    resources: tuple[str, ...]
    detail: str = field(repr=False)
    detail_size: int = field(default=0, repr=False)
    trace_header: str | None = None
    hops_in_region: int = 0
    hops_across_regions: int = 0
    replay_name: str | None = None
    passed: frozenset[str] = frozenset()
    _detail_value: dict[str, Any] | None = field(default=None, repr=False)
    _text: str | None = field(default=None, init=False, repr=False)

    @property
    def text(self) -> str:
        """The event as a target receives it: compact JSON text."""
        text = self._text
        if text is None:
            replay = "" if self.replay_name is None else f'"replay-name":{_quoted(self.replay_name)},'
            text = (
                f'{{"version":"0","id":"{self.id}","detail-type":{_quoted(self.detail_type)},'
                f'"source":{_quoted(self.source)},"account":"{self.account}",'
                f'"time":"{_time_text(self.time)}","region":"{self.region}",{replay}'
                f'"resources":[{",".join(map(_quoted, self.resources))}],"detail":{self.detail}}}'
            )
            object.__setattr__(self, "_text", text)
        return text

    def to_match(self) -> dict[str, Any] | ReadEvent:
        """Return the event for matching by many patterns: an object of which each pattern reads the parts it needs.

        The object shares the detail with the event, so it must not be changed.

        Raises:
            InvalidEvent: The depth of the event, or a number in it, is beyond what AWS reads.
        """
        if self._detail_value is None:
            return self.for_patterns
        replay = {} if self.replay_name is None else {"replay-name": self.replay_name}
        return replay | {
            "version": "0",
            "id": self.id,
            "detail-type": self.detail_type,
            "source": self.source,
            "account": self.account,
            "time": _time_text(self.time),
            "region": self.region,
            "resources": self.resources,
            "detail": self._detail_value,
        }

    @property
    def for_patterns(self) -> ReadEvent:
        """The event for matching by a single pattern: read as a whole.

        Raises:
            InvalidEvent: The depth of the event, or a number in it, is beyond what AWS reads.
        """
        return read_event(self.text)

    @property
    def content(self) -> dict[str, Any]:
        """A copy of the event as a dictionary."""
        content: dict[str, Any] = loads(self.text)
        return content

    def shared_detail(self) -> Any:
        """Return the detail as Python values. They may be the event's own, so they must not be changed."""
        return self.content["detail"] if self._detail_value is None else self._detail_value

    @property
    def is_read_call(self) -> bool:
        """Whether CloudTrail sent the event for a call that only reads, which not all rules see."""
        if self.detail_type != API_CALL:
            return False
        from eventmock.aws_events.cloudtrail import is_read_call

        members = {"detail-type": self.detail_type, "source": self.source, "detail": self.shared_detail()}
        return is_read_call(members)

    def copied(self, **changes: Any) -> Event:
        """Return the event with some attributes changed, as it arrives after a hop to another bus."""
        return replace(self, **changes)

    def __str__(self) -> str:
        return f"{self.detail_type} from {self.source}"
