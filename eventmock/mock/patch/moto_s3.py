"""The patch of moto's S3: what happens to objects comes to the default bus of eventmock, as S3 sends it.

moto calls ``moto.s3.notifications.send_event`` when an object changes, which also serves SQS, SNS and Lambda. Its own
events for EventBridge differ from AWS's, so they are made here (`eventmock.aws_events.s3`). moto makes no such call for
delete markers, nor for a version that is deleted while others remain. So deletions are seen by wrapping
``S3Backend.delete_object``.

What happens while moto answers a request is collected, by thread, and put on the bus when moto has answered: a target
that reads the object finds it, and an object that is created with tags is one event. moto's objects are read at the
moment at which they change, without any lock of ours.
"""

from __future__ import annotations

import sys
import threading
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.aws_events.s3 import DELETED, MARKED_AS_DELETED, ObjectEvent, is_known
from eventmock.mock.patch.sending import Headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.mock.gate import AnyGate, CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes

_NOT_VERSIONED: Final = "null"
"""The version id that moto has for objects without versions."""


class _Request(NamedTuple):
    """A request that moto answers.

    Attributes:
        gate: The gate of the mock that answers the caller.
        happened: What has happened to objects so far.
    """

    gate: AnyGate
    happened: list[ObjectEvent]


class _Thread(threading.local):
    """What this thread does.

    Attributes:
        request: The request that moto answers; None if it answers none.
    """

    request: _Request | None = None


class S3Wrapper:
    """Wraps the functions of moto's S3 that change objects, once moto has imported them.

    Args:
        attributes: Wraps attributes, and restores them later.
        current: Returns the gate of the mock that answers the caller; None while no mock is active.

    Attributes:
        unknown: Why moto's S3 cannot be wrapped, in words for the tester; None if it can.
    """

    def __init__(self, attributes: WrappedAttributes, current: CurrentGate) -> None:
        self._current = current
        self._thread = _Thread()
        models = sys.modules["moto.s3.models"]
        notifications = getattr(models, "notifications", None)
        self.unknown = _unknown(notifications, models)
        if self.unknown is not None:
            return
        assert notifications is not None
        attributes.wrap(notifications, "send_event", self._send_event)
        attributes.wrap(models.S3Backend, "delete_object", self._delete_object)
        response = getattr(sys.modules.get("moto.core.custom_responses_mock"), "CallbackResponse", None)
        if response is not None and _own(response, "get_response") is not None:
            attributes.wrap(response, "get_response", self._respond)  # it answers the library `requests`

    def answered(self, gate: AnyGate, request: Any, answer: Callable[[], Any]) -> Any:
        """Return the answer of moto to a request, after putting the events that S3 sends about it on the bus.

        Args:
            gate: The gate of the mock that answers the caller.
            request: The request, which has ``headers`` and a ``url``.
            answer: Has moto answer; returns the answer, or None.
        """
        __tracebackhide__ = True
        if not gate.bridges_s3:
            return answer()
        thread = self._thread
        outer, mine = thread.request, _Request(gate, [])
        thread.request = mine
        try:
            answered = answer()
        finally:
            thread.request = outer
        if mine.happened:
            status = getattr(answered, "status_code", None) or answered.status
            headers = Headers(request.headers)
            gate.send_s3_events(mine.happened, headers, request.url, was_refused=status >= 400)
        return answered

    def check_switch(self, gate: AnyGate, request: bytes) -> None:
        """Write a note if a request has switched EventBridge on for a bucket, and no event can come of it."""
        if self.unknown is not None and gate.bridges_s3 and b"EventBridgeConfiguration" in (request or b""):
            gate.note_no_s3_events(self.unknown)

    def _respond(self, wrapped: Any, _mock: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Answer a request of the library ``requests``, such as one by a presigned URL."""
        __tracebackhide__ = True
        gate = self._current()
        if gate is None:
            return wrapped(*args, **kwargs)
        request = args[0] if args else kwargs["request"]
        return self.answered(gate, request, lambda: wrapped(*args, **kwargs))

    def _send_event(self, wrapped: Any, _none: None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Take what has happened to an object, and call moto's function, which notifies SQS, SNS and Lambda."""
        __tracebackhide__ = True
        self._take_event(*args, **kwargs)
        return wrapped(*args, **kwargs)

    def _take_event(self, account_id: str, event_name: str, bucket: Any, key: Any) -> None:
        gate, name = self._gate(), event_name.removeprefix("s3:")
        if gate is None or not is_known(name):
            return
        if not _is_switched_on(bucket):
            gate.saw_silent_bucket(bucket.name, _owner(bucket, account_id), bucket.region_name)
        elif name != DELETED:
            self._take(gate, _object_event(name, account_id, bucket, key))

    def _delete_object(
        self, wrapped: Any, backend: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Delete an object, one of its versions, or make its delete marker."""
        __tracebackhide__ = True
        gate = self._gate()
        if gate is None:
            return wrapped(*args, **kwargs)
        bucket, name = self._bucket_and_name(backend, *args, **kwargs)
        if not _is_switched_on(bucket):
            return wrapped(*args, **kwargs)
        before = list(bucket.keys.getlist(name, []))
        events = [_object_event(DELETED, backend.account_id, bucket, version) for version in before]
        result = wrapped(*args, **kwargs)
        after = bucket.keys.getlist(name, [])
        made = [version for version in after if not _has(before, version)]
        gone = [event for version, event in zip(before, events, strict=True) if not _has(after, version)]
        if made:
            self._take(gate, _object_event(MARKED_AS_DELETED, backend.account_id, bucket, made[-1]))
        elif gone:
            self._take(gate, gone[-1])
        return result

    def _bucket_and_name(
        self, backend: Any, bucket_name: str, key_name: str, *_others: Any, **_more: Any
    ) -> tuple[Any, str]:
        """Return the bucket and the key of a deletion.

        Raises:
            S3ClientError: There is no such bucket, or another account may not use it. moto's deletion raises the same.
        """
        return backend.get_bucket(bucket_name), key_name

    def _gate(self) -> AnyGate | None:
        """Return the gate of the mock to whose bus what happens to objects comes; None if it comes to none."""
        request = self._thread.request
        gate = self._current() if request is None else request.gate
        return gate if gate is not None and gate.bridges_s3 else None

    def _take(self, gate: AnyGate, event: ObjectEvent) -> None:
        """Keep what happened until moto has answered; if moto answers no request, put it on the bus at once."""
        __tracebackhide__ = True
        request = self._thread.request
        if request is None:
            gate.send_s3_events([event], {}, "", was_refused=False)
        else:
            request.happened.append(event)


def _object_event(name: str, account_id: str, bucket: Any, key: Any) -> ObjectEvent:
    """Return what happened to an object of moto, which may be a delete marker."""
    version = str(key.version_id)
    known = {
        "name": name,
        "account": _owner(bucket, account_id),
        "region": bucket.region_name,
        "bucket": bucket.name,
        "key": key.name,
        "version_id": None if version == _NOT_VERSIONED else version,
    }
    if not hasattr(key, "etag"):  # a delete marker
        return ObjectEvent(**known)
    until = getattr(key, "_expiry", None)
    return ObjectEvent(
        **known,
        etag=key.etag.replace('"', ""),
        size=key.size,
        storage_class=key.storage_class,
        restored_until=until if until is None or until.tzinfo is not None else until.replace(tzinfo=UTC),
    )


def _owner(bucket: Any, account_id: str) -> str:
    """Return the account that owns a bucket. The account that moto gives may be that of the caller."""
    return str(getattr(bucket, "account_id", account_id))


def _is_switched_on(bucket: Any) -> bool:
    """Return whether a bucket of moto sends its events to EventBridge."""
    configuration = getattr(bucket, "notification_configuration", None)
    return getattr(configuration, "event_bridge", None) is not None


def _unknown(notifications: Any, models: Any) -> str | None:
    """Return why moto's S3 cannot be wrapped; None if it can."""
    store = getattr(models, "S3Backend", None)
    wanted = {
        "moto.s3.notifications.send_event": (
            _own(notifications, "send_event"),
            ("account_id", "event_name", "bucket", "key"),
        ),
        "moto.s3.models.S3Backend.delete_object": (
            _own(store, "delete_object"),
            ("self", "bucket_name", "key_name", "version_id", "bypass"),
        ),
        "moto.s3.models.NotificationConfiguration": (
            _own(getattr(models, "NotificationConfiguration", None), "__init__"),
            ("self", "topic", "queue", "cloud_function", "event_bridge"),
        ),
    }
    strange = [name for name, (function, parameters) in wanted.items() if _parameters(function) != parameters]
    if not strange and "request_method" not in _parameters(_own(store, "put_object")):
        strange = ["moto.s3.models.S3Backend.put_object"]  # it calls all objects those of PutObject
    if not strange:
        return None
    import moto

    return f"eventmock does not know {strange[0]} as moto {moto.__version__} has it"


def _own(owner: Any, name: str) -> Any:
    """Return an attribute that a module or class itself has; None if it has none of that name."""
    return getattr(owner, "__dict__", {}).get(name)


def _has(versions: list[Any], version: Any) -> bool:
    return any(other is version for other in versions)


def _parameters(function: Any) -> tuple[str, ...]:
    """Return the names of the parameters of a function; empty if it is not a function of Python."""
    code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
    return () if code is None else code.co_varnames[: code.co_argcount]
