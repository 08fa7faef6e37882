"""Samples of the events of AWS services: of each type in the catalogue whose members are known.

The detail of a sample was written for this project, or it is made from the shape of the detail: the kind of a value
decides what it is, and the name of the member what it looks like. An account, region or moment in it becomes that of
the event.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from eventmock.aws_events.catalogue import ANY_NAME, EventType, members_of
from eventmock.aws_events.cloudtrail import DETAIL_TYPES, sample_detail, text_of
from eventmock.aws_events.resources import resources_of
from eventmock.values.arn import partition_of
from eventmock.values.near_names import nearest_name

ACCOUNT: Final = "123456789012"
"""The account in the samples of the catalogue."""
REGION: Final = "us-east-1"
"""The region in the samples of the catalogue."""
MOMENT: Final = datetime(2026, 1, 15, 10, tzinfo=UTC)
"""The moment of the samples of the catalogue."""
EVENT_ID: Final = "a1b2c3d4-5678-90ab-cdef-111122223333"
"""The id of a sample that no mock has made."""

_MOMENTS: Final = re.compile(
    r"(?P<text>2026-01-1\d[T ]\d\d:\d\d:\d\d)"
    r"|(?P<http>\w{3}, \d\d Jan 2026 \d\d:\d\d:\d\d GMT)"
    r"|\b(?P<seconds>17684\d{5})(?P<milli>\d{3})?\b"
)
"""The forms of moments in the samples of the catalogue."""
_TEXTS: Final[dict[str, str]] = {
    "accountid": ACCOUNT,
    "account": ACCOUNT,
    "awsaccountid": ACCOUNT,
    "availabilityzone": f"{REGION}a",
    "awsregion": REGION,
    "region": REGION,
    "bucketname": "amzn-s3-demo-bucket",
    "clientip": "192.0.2.10",
    "sourceipaddress": "192.0.2.10",
    "instanceid": "i-0123456789abcdef0",
    "ec2instanceid": "i-0123456789abcdef0",
    "volumeid": "vol-0123456789abcdef0",
    "snapshotid": "snap-0123456789abcdef0",
    "subnetid": "subnet-0123456789abcdef0",
    "vpcid": "vpc-0123456789abcdef0",
    "severity": "INFO",
    "partition": "aws",
    "version": "1",
}
"""The values of members, by their names in lower case without separators."""
_TIME_NAMES: Final = re.compile(r"(time|date|timestamp|At|Time|Date|Timestamp|_at|-at)$")
_ARN_NAMES: Final = re.compile(r"(arn|Arn|ARN)$")
_ID_NAMES: Final = re.compile(r"(^id|[-_]id|Id|ID|uuid|UUID)$")


def sample_event(  # noqa: PLR0913 - where and when an event happens
    kind: EventType,
    changes: Mapping[str, Any],
    *,
    account: str = ACCOUNT,
    region: str = REGION,
    time: datetime = MOMENT,
    event_id: str = EVENT_ID,
) -> dict[str, Any]:
    """Return a sample of a type of events, with all members that rules match.

    Args:
        kind: The type, whose members are known.
        changes: The changes of the detail; see `changed`.
        account: The id of the account in which the event happens.
        region: The region in which the event happens.
        time: The moment of the event, an aware datetime in UTC.
        event_id: The id of the event.

    Raises:
        ValueError: A change names a member that the sample does not have, but has under nearly the same name.
    """
    whole = {"detail": _detail_of(kind), "resources": kind.resources}
    placed = json.loads(_placed(json.dumps(whole), account, region, time))
    detail = changed(placed["detail"], changes)
    resources = resources_of(kind.source, kind.detail_type, detail, account=account, region=region)
    return {
        "version": "0",
        "id": event_id,
        "detail-type": kind.detail_type,
        "source": kind.source,
        "account": account,
        "time": text_of(time),
        "region": region,
        "resources": resources or placed["resources"] or [],
        "detail": detail,
    }


def changed(detail: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a detail with some members changed.

    Args:
        detail: The detail.
        changes: The new values by name or dotted path, such as ``object.key``. A number in a path counts the elements
            of a list from 0. An object is merged into the object of that name. `...` in place of a value removes the
            member.

    Raises:
        ValueError: A change names a member that the detail does not have, but has under nearly the same name.
    """
    result: dict[str, Any] = json.loads(json.dumps(detail))
    for path, value in changes.items():
        *around, last = [path] if path in result else path.split(".")
        place: Any = result
        for name in around:
            place = _below(place, name, path)
        _set(place, last, value, path)
    return result


def _below(place: Any, name: str, path: str) -> Any:
    """Return the object or list below a place. An object that does not exist is made."""
    if isinstance(place, list):
        return place[_index(place, name, path)]
    _check_near(place, name, path)
    inner = place.get(name)
    if not isinstance(inner, dict | list):
        inner = place[name] = {}
    return inner


def _set(place: Any, name: str, value: Any, path: str) -> None:
    if isinstance(place, list):
        index = _index(place, name, path)
        if value is ...:
            del place[index]
        else:
            place[index] = value
        return
    _check_near(place, name, path)
    if value is ...:
        place.pop(name, None)
    elif isinstance(value, Mapping) and isinstance(place.get(name), dict):
        for inner, new in value.items():
            _set(place[name], inner, new, f"{path}.{inner}")
    else:
        place[name] = value


def _index(place: list[Any], name: str, path: str) -> int:
    if not name.isdecimal() or int(name) >= len(place):
        raise ValueError(f"{path!r}: {name!r} is not the number of an element: the list has {len(place)}")
    return int(name)


def _check_near(place: Mapping[str, Any], name: str, path: str) -> None:
    near = None if name in place else nearest_name(name, place)
    if near is not None:
        raise ValueError(f"the sample has no {path!r}; did you mean {near!r}?")


# Samples


def _detail_of(kind: EventType) -> Mapping[str, Any]:
    if kind.detail_type in DETAIL_TYPES:
        return sample_detail(kind.source, kind.detail_type)
    if kind.sample is not None:
        return kind.sample
    made: dict[str, Any] = _made(kind.members or {}, "", kind.source)
    merged: dict[str, Any] = _merged(made, kind.values)
    return merged


def _merged(made: Any, values: Any) -> Any:
    """Return a value that was made from a shape, with the values of the catalogue in place of some of it."""
    if isinstance(made, dict) and isinstance(values, Mapping):
        return {**made, **{name: _merged(made.get(name), value) for name, value in values.items()}}
    return values


def _made(shape: Any, name: str, source: str) -> Any:
    """Return a value of a shape."""
    if isinstance(shape, list):
        return [_made(shape[0], name, source)]
    if isinstance(shape, Mapping):
        return dict(_made_members(shape, source))
    return {"text": _text(name, source), "number": _number(name), "flag": False}.get(shape)


def _made_members(shape: Mapping[str, Any], source: str) -> Iterator[tuple[str, Any]]:
    for member in members_of(shape):
        if member.name != ANY_NAME:
            yield member.name, _made(member.shape, member.name, source)


def _text(name: str, source: str) -> str:
    known = _TEXTS.get(re.sub("[-_ ]", "", name).lower())
    if known is not None:
        return known
    if _ARN_NAMES.search(name):
        service, thing = source.removeprefix("aws."), _ARN_NAMES.sub("", name).strip("-_")
        return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{thing or 'example'}/example"
    if _TIME_NAMES.search(name):
        return text_of(MOMENT)
    return EVENT_ID if _ID_NAMES.search(name) else "example"


def _number(name: str) -> int:
    return int(MOMENT.timestamp() * 1000) if _TIME_NAMES.search(name) else 1


def _placed(text: str, account: str, region: str, time: datetime) -> str:
    """Return the JSON of a sample with another account, region and moment."""
    shift = time.replace(microsecond=0) - MOMENT
    partition = partition_of(region)
    text = text.replace("arn:aws:", f"arn:{partition}:") if partition != "aws" else text
    text = text.replace(ACCOUNT, account).replace(REGION, region)
    return _MOMENTS.sub(lambda found: _shifted(found, shift), text)


def _shifted(found: re.Match[str], shift: timedelta) -> str:
    text, http = found["text"], found["http"]
    try:
        if text is not None:
            moment = datetime.fromisoformat(text) + shift
            return moment.isoformat(text[10], "seconds")
        if http is not None:
            from email.utils import format_datetime, parsedate_to_datetime

            return format_datetime(parsedate_to_datetime(http) + shift, usegmt=True)
        seconds = int(found["seconds"]) + int(shift.total_seconds())
        return f"{seconds}{found['milli'] or ''}"
    except OverflowError:  # the end of the calendar
        return found[0]
