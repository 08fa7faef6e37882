"""The events that S3 sends about objects.

Source: service-events sections 5 and 10: the types, the members and their values are documented (S3 user guide, "Event
message structure" of EventBridge). Inferred: the objects that one request changes have one request id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

SOURCE: Final = "aws.s3"
DELETED: Final = "ObjectRemoved:Delete"
MARKED_AS_DELETED: Final = "ObjectRemoved:DeleteMarkerCreated"
_CREATED: Final = "ObjectCreated:"
_OF_S3_ITSELF: Final = "ObjectRestore:Completed"
"""The event that is not caused by the request of a caller, but by S3, some hours after such a request."""
ETAG_OF_NOTHING: Final = "d41d8cd98f00b204e9800998ecf8427e"
"""The ETag of an empty object, which a delete marker has."""
SOURCE_IP: Final = "192.0.2.10"
"""The address of all callers, which is reserved for documentation."""


class ObjectEvent(NamedTuple):
    """What happened to an object.

    Attributes:
        name: The name that S3 has for it in the configuration of a bucket, without ``s3:``: ``ObjectCreated:Put``.
        account: The id of the account that owns the bucket.
        region: The region of the bucket.
        bucket: The name of the bucket.
        key: The key of the object, as it is: not encoded for URLs.
        etag: The ETag of the object, without quotes.
        size: The size of the object in bytes.
        version_id: The version of the object; None if it has none.
        storage_class: The storage class of the object.
        restored_until: The moment until which a restored copy exists, an aware datetime; None if there is none.
    """

    name: str
    account: str
    region: str
    bucket: str
    key: str
    etag: str = ETAG_OF_NOTHING
    size: int = 0
    version_id: str | None = None
    storage_class: str = "STANDARD"
    restored_until: datetime | None = None


class _Type(NamedTuple):
    """The type of the events of a name.

    Attributes:
        detail_type: The ``detail-type``.
        members: The members of the detail that not all types have.
        has_size: Whether the detail has the size of the object.
        has_sequencer: Whether the detail has a sequencer.
        has_class: Whether the detail has the storage class that the object had.
    """

    detail_type: str
    members: dict[str, str]
    has_size: bool = False
    has_sequencer: bool = False
    has_class: bool = False


def _created(reason: str) -> _Type:
    return _Type("Object Created", {"reason": reason}, has_size=True, has_sequencer=True)


def _deleted(how: str) -> _Type:
    return _Type("Object Deleted", {"reason": "DeleteObject", "deletion-type": how}, has_sequencer=True)


_TYPES: Final = {
    "ObjectCreated:Put": _created("PutObject"),
    "ObjectCreated:Post": _created("POST Object"),
    "ObjectCreated:Copy": _created("CopyObject"),
    "ObjectCreated:CompleteMultipartUpload": _created("CompleteMultipartUpload"),
    DELETED: _deleted("Permanently Deleted"),
    MARKED_AS_DELETED: _deleted("Delete Marker Created"),
    "ObjectTagging:Put": _Type("Object Tags Added", {}),
    "ObjectTagging:Delete": _Type("Object Tags Deleted", {}),
    "ObjectAcl:Put": _Type("Object ACL Updated", {}),
    "ObjectRestore:Post": _Type("Object Restore Initiated", {}, has_size=True, has_class=True),
    _OF_S3_ITSELF: _Type("Object Restore Completed", {}, has_size=True, has_class=True),
}


def is_known(name: str) -> bool:
    """Return whether the type of the events of a name is known here."""
    return name in _TYPES


def of_one_request(events: Iterable[ObjectEvent], *, was_refused: bool) -> list[ObjectEvent]:
    """Return the events that S3 sends about what a request did.

    A created object is one event: the parts, tags and access list that the request gave it are no events of their own.
    S3 sends nothing about a request that it refuses.

    Args:
        events: All that happened to objects while the request was answered, in order.
        was_refused: Whether the answer is an error.
    """
    if was_refused:
        return [event for event in events if event.name == _OF_S3_ITSELF]
    happened = list(events)
    created = {_object(event): event for event in happened if event.name.startswith(_CREATED)}
    return [event for event in happened if created.get(_object(event), event) is event]


def _object(event: ObjectEvent) -> tuple[str, str, str | None]:
    return event.bucket, event.key, event.version_id


def detail_of(
    event: ObjectEvent, *, request_id: str, requester: str, sequencer: Callable[[], str]
) -> tuple[str, dict[str, Any]]:
    """Return the ``detail-type`` and the detail of the event that S3 sends.

    Args:
        event: What happened.
        request_id: The id of the request that caused it.
        requester: The id of the account that made the request.
        sequencer: Returns the next sequencer, if the detail has one.
    """
    kind, is_of_s3_itself = _TYPES[event.name], event.name == _OF_S3_ITSELF
    of_object: dict[str, Any] = {"key": event.key}
    if kind.has_size:
        of_object["size"] = event.size
    of_object["etag"] = event.etag
    if event.version_id is not None:
        of_object["version-id"] = event.version_id
    if kind.has_sequencer:
        of_object["sequencer"] = sequencer()
    detail: dict[str, Any] = {
        "version": "0",
        "bucket": {"name": event.bucket},
        "object": of_object,
        "request-id": request_id,
        "requester": "s3.amazonaws.com" if is_of_s3_itself else requester,
    }
    if not is_of_s3_itself:
        detail["source-ip-address"] = SOURCE_IP
    elif event.restored_until is not None:
        detail["restore-expiry-time"] = f"{event.restored_until:%Y-%m-%dT%H:%M:%SZ}"
    if kind.has_class:
        detail["source-storage-class"] = event.storage_class
    return kind.detail_type, detail | kind.members
