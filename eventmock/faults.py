"""Faults that a test injects: calls, deliveries and entries that fail, where and as often as it says.

A fault is a failure, a place, and a limit. It is asked for at three occasions: a request that a client sends, an entry
of PutEvents, and an attempt to deliver.
"""

from __future__ import annotations

import threading
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal, Self, cast

from eventmock.arn import Arn
from eventmock.exceptions import OptionError, holds, name_of, shown
from eventmock.moments import check_span
from eventmock.options import check_known

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime, timedelta
    from types import TracebackType

    from eventmock.clock import Clock
    from eventmock.records import Delivery

    Failure = str | int | type[Exception] | Exception

RATE_EXCEEDED: Final = "Rate exceeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Something that a fault may make fail.

    Attributes:
        what: A ``request`` of a client, an ``entry`` of PutEvents, or a ``delivery``.
        service: The service that is called, by its name in ARNs.
        operation: The operation that is called; empty for a delivery.
        region: Where it is called.
        account: Who calls, or whose target it is.
        target: The target's ARN, of a delivery.
        kind: The target's kind, of a delivery.
        subject: What a predicate gets: the request's parameters, the entry, or the `Delivery`.
    """

    what: Literal["request", "entry", "delivery"]
    service: str
    operation: str
    region: str
    account: str
    target: str | None = None
    kind: str | None = None
    subject: Any = field(repr=False)


class Fault:
    """A fault that was injected. It ends by itself, by `stop`, or with the ``with`` block that it heads.

    Attributes:
        failure: How it makes things fail.
        message: The error's text.
        hits: How often it did.
    """

    def __init__(  # noqa: PLR0913 - made by `Faults.inject` only
        self,
        failure: Failure,
        message: str | None,
        *,
        place: dict[str, str],
        only: str | None,
        holds: Callable[[Any], object] | None,
        times: int | None,
        until: datetime | None,
    ) -> None:
        self.failure = failure
        given: Any = failure
        throttles = issubclass(type(given), str) and "throttl" in given.lower()
        self.message: Final = message or (RATE_EXCEEDED if throttles else "injected by the test")
        self.hits = 0
        self._place = place
        self._only = only
        self._holds = holds
        self._times = times
        self._until = until
        self._stopped = False

    def stop(self) -> None:
        """Let things succeed again."""
        self._stopped = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        given: Any = self.failure
        failure = name_of(given) if issubclass(type(given), type) else shown(given)
        place = "".join(f", {name}={value!r}" for name, value in self._place.items())
        only = f", {self._only}s only" if self._only else ""
        return f"<fault {failure}{place}{only}, hits: {self.hits}>"

    def _is_over(self, now: datetime) -> bool:
        spent = self._times is not None and self.hits >= self._times
        return self._stopped or spent or (self._until is not None and now >= self._until)

    def _applies(self, occasion: Occasion) -> bool:
        return (
            (occasion.what == self._only if self._only else occasion.what != "entry")
            and all(getattr(occasion, name) == value for name, value in self._place.items())
            and (self._holds is None or self._is_meant(self._holds, occasion))
        )

    def _is_meant(self, predicate: Callable[[Any], object], occasion: Occasion) -> bool:
        """Whether the test's function wants it to fail; of what is no record it gets a copy, which is its own."""
        subject = occasion.subject
        own = subject if occasion.what == "delivery" else deepcopy(subject)
        return holds(f"faults.inject({self._only}=...)", predicate, own)

    def exception(self) -> Exception:
        """The exception by which it makes things fail, where that is no error code and no status."""
        failure: Any = self.failure
        return cast("Exception", failure if issubclass(type(failure), Exception) else failure(self.message))


class _Decided(threading.local):
    """The faults of the entries of the request that a thread carries out."""

    def __init__(self) -> None:
        self.faults: dict[int, Fault | None] = {}


class Faults:
    """The faults of a backend.

    Args:
        clock: Tells when a fault is over.
        known: Gives what may be named, by argument of `inject`: ``kind``, ``operation`` and ``service``.
    """

    def __init__(self, clock: Clock, known: Callable[[], Mapping[str, Collection[str]]]) -> None:
        self._clock = clock
        self._known = known
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._decided = _Decided()

    def inject(  # noqa: PLR0913 - each is one word of a sentence
        self,
        failure: Failure,
        *,
        message: str | None = None,
        target: str | None = None,
        kind: str | None = None,
        service: str | None = None,
        operation: str | None = None,
        region: str | None = None,
        account: str | None = None,
        request: bool | Callable[[Mapping[str, Any]], object] = False,
        entry: bool | Callable[[dict[str, Any]], object] = False,
        delivery: bool | Callable[[Delivery], object] = False,
        times: int | None = None,
        lasting: timedelta | None = None,
    ) -> Fault:
        """Make something fail: everything to which all that is named applies.

        Args:
            failure: An AWS error code such as ``"ThrottlingException"``, an HTTP status such as 503, or an exception:
                ``TimeoutError`` and ``ConnectionError`` reach a client as botocore's own, any other as it is.
            message: The error's text.
            target: The ARN of a target: deliveries to it fail.
            kind: A kind of target, such as ``"SQS queue"``: deliveries to all of that kind fail.
            service: A service by its name in ARNs: requests to it fail (``events``, ``appintegrations``), and
                deliveries to its targets (``sqs``).
            operation: An operation: requests that call it fail, such as ``PutEvents``.
            region: A region: requests sent to it and deliveries to targets in it fail.
            account: An account: its requests, and deliveries to its targets, fail.
            request: True if only requests fail, or says of a request's parameters whether it does.
            entry: True if entries of PutEvents and PutPartnerEvents fail, while the call succeeds; or says of an entry
                whether it does.
            delivery: True if only deliveries fail, or says of a `Delivery` whether it does.
            times: So often; without end unless said.
            lasting: So long on the backend's clock; without end unless said.

        Returns:
            The fault; it counts its `hits` and can be stopped.

        Raises:
            OptionError: Nothing is named, or something that there is not.
        """
        __tracebackhide__ = True
        place = {"target": target, "kind": kind, "service": service, "operation": operation, "region": region}
        place["account"] = account
        named = {name: value for name, value in place.items() if value is not None}
        _check_failure(failure, entry)
        subjects = {"request": request, "entry": entry, "delivery": delivery}
        asked = {what: said for what, said in subjects.items() if said}
        if len(asked) > 1:
            raise OptionError(f"faults.inject(): {' and '.join(asked)} do not go together")
        if not named and not asked:
            raise OptionError(
                "faults.inject(): name what fails, such as target=ARN, operation='PutEvents', region='us-east-1', "
                "service='events', entry=True or delivery=a function"
            )
        for name, held in self._known().items():
            if name in named:
                check_known(f"faults.inject({name}={named[name]!r})", named[name], held)
        if target is not None and Arn.parse(target) is None:
            raise OptionError(f"faults.inject(target={target!r}): wanted the ARN of a target")
        _check_limits(times, lasting)
        until = None if lasting is None else self._clock.later(lasting)
        only, wanted = next(iter(asked.items()), (None, None))
        fault = Fault(
            failure,
            message,
            place=named,
            only=only,
            holds=wanted if callable(wanted) else None,
            times=times,
            until=until,
        )
        with self._lock:
            self._faults.append(fault)
        return fault

    @property
    def any(self) -> bool:
        """Whether there is any at all; looked at before anything is made ready for `hit`."""
        return bool(self._faults)

    @property
    def idle(self) -> list[Fault]:
        """Those that have hit nothing."""
        return [fault for fault in self._faults if not fault.hits]

    def hit(self, occasion: Occasion) -> Fault | None:
        """The fault that makes something fail, which has one hit more; the one that was injected first.

        Raises:
            OptionError: A predicate raised something.
        """
        now = self._clock.now()
        for fault in list(self._faults):
            if fault._is_over(now) or not fault._applies(occasion):  # noqa: SLF001 - one concept, two classes
                continue
            with self._lock:
                if not fault._is_over(now):  # noqa: SLF001 - another thread may have had the last hit
                    fault.hits += 1
                    return fault
        return None

    def decide(self, entries: Iterable[dict[str, Any]], occasion: Occasion) -> None:
        """Say which entries of a request fail, before it is carried out by this thread.

        Args:
            entries: The entries.
            occasion: The request.
        """
        self._decided.faults = {
            id(entry): self.hit(replace(occasion, what="entry", subject=entry)) for entry in entries
        }

    def decided_for(self, entry: Mapping[str, Any]) -> Fault | None:
        """The fault that makes an entry fail, as `decide` has said."""
        return self._decided.faults.get(id(entry))

    def clear(self) -> None:
        """Let everything succeed again."""
        with self._lock:
            self._faults.clear()

    def snapshot(self) -> Any:
        """What is injected, to come back to."""
        with self._lock:
            return [(fault, fault.hits, fault._stopped) for fault in self._faults]  # noqa: SLF001 - one concept

    def restore(self, snapshot: Any) -> None:
        """Come back to what was injected."""
        with self._lock:
            self._faults = [fault for fault, _, _ in snapshot]
            for fault, hits, stopped in snapshot:
                fault.hits, fault._stopped = hits, stopped  # noqa: SLF001 - one concept


def _check_limits(times: Any, lasting: Any) -> None:
    __tracebackhide__ = True
    if times is not None and (not isinstance(times, int) or isinstance(times, bool) or times < 1):
        raise OptionError(f"faults.inject(times={times!r}): wanted a whole number from 1")
    if lasting is not None:
        check_span(f"faults.inject(lasting={lasting!r})", lasting, may_be_zero=False)


def _check_failure(failure: Any, entry: Any) -> None:
    __tracebackhide__ = True
    given: type = type(failure)  # its own __class__ may say anything
    is_code = issubclass(given, str) and failure != ""
    is_status = issubclass(given, int) and given is not bool and 300 <= failure < 600
    kind: type = failure if issubclass(given, type) else given
    if not (is_code or is_status or issubclass(kind, Exception)):
        raise OptionError(
            f"faults.inject({shown(failure)}): wanted an AWS error code such as 'ThrottlingException', an HTTP status "
            "from 300 to 599, or an exception such as TimeoutError or ConnectionError"
        )
    if issubclass(given, type):
        try:
            failure("injected by the test")
        except Exception as error:  # noqa: BLE001 - whatever its constructor raises
            raise OptionError(
                f"faults.inject({failure.__name__}): it cannot be made of a text alone ({type(error).__name__}); "
                f"give an instance, such as {failure.__name__}(...)"
            ) from None
    if entry and not is_code:
        raise OptionError(
            f"faults.inject({failure!r}, entry=...): an entry fails by an error code such as 'InternalFailure'"
        )
