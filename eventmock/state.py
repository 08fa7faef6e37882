"""The state of a mock, which the tester reaches by `EventsBackend` and botocore by `Gate`.

The state consists of named parts. The parts that every mock has are made at once. The parts of services are made by
`State.part` and `State.settings` when they are first needed. One loop clears, saves or restores all parts.
"""

from __future__ import annotations

import os
import threading
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from eventmock.clock import Clock
from eventmock.delivery.courier import Courier
from eventmock.delivery.failures import OF_SUBSCRIBERS, PERMANENT, RETRIED
from eventmock.delivery.function_targets import FunctionTargets
from eventmock.delivery.hand_over import HandOver
from eventmock.delivery.http_end import HttpEnd
from eventmock.delivery.moto import Moto
from eventmock.delivery.outbox import Outbox
from eventmock.delivery.receivers import Receivers
from eventmock.exceptions import MockStateError
from eventmock.faults import Faults
from eventmock.history.ledger import Ledger
from eventmock.options import DEFAULT_ACCOUNT, DEFAULT_REGION
from eventmock.parts.accounts import Accounts
from eventmock.parts.delays import Delays
from eventmock.parts.identifiers import Identifiers
from eventmock.parts.lifetime import Lifetime, ThreadActivity
from eventmock.parts.part import KeptDict, KeptSet, Locked, WaitsForRegions
from eventmock.values.arn import is_account_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from eventmock.delivery.permissions.judge import Judge
    from eventmock.history.delivery import Delivery
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.options import Options, ServiceEvent, StrictPart
    from eventmock.parts.contract import Contract
    from eventmock.parts.part import Part, Restore
    from eventmock.services.service import Service

PartT = TypeVar("PartT", bound="Part")
RecordT = TypeVar("RecordT")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Snapshot:
    """The state of a mock at some moment, for `EventsBackend.restore` and `EventsBackend.check`.

    Attributes:
        time: The moment by the clock of the mock, an aware datetime in UTC.
    """

    time: datetime
    _state: State
    _restores: Mapping[object, Restore]
    _records: frozenset[ReceivedEvent | Delivery] = field(repr=False)

    def is_of(self, state: State) -> bool:
        """Return whether the snapshot was taken of a state."""
        return self._state is state

    def has(self, record: ReceivedEvent | Delivery) -> bool:
        """Return whether an event had come, or a schedule had fired, when the snapshot was taken."""
        return record in self._records

    def __repr__(self) -> str:
        return f"<snapshot of {self.time:%Y-%m-%d %H:%M:%S}>"


class State:
    """The state of a mock, with its lock and its clock.

    Args:
        options: The options of the mock.
        services: The services that the mock answers for.

    Attributes:
        options: The options of the mock.
        services: The services that the mock answers for.
        lock: The lock under which the state is read or changed. It is never held while code of the test or moto runs.
        lifetime: Whether the mock is active.
        clock: The clock, with the work that is due later.
        identifiers: The source of ids.
        ledger: The record of all that happens.
        mentioned: The records that assertions have found.
        account_for_key: The accounts for which access key ids stand, by key id.
        regions_out: The regions that are out of service. `services.events.outages` changes it.
        delays: The durations of what takes time on AWS.
        faults: The faults that the test injects.
        functions: The functions of the test that are targets.
        http: The functions and mocks of the test that answer HTTP requests.
        moto: The client of moto.
        accounts: The records of the services, by account and region.
        receivers: The receivers of deliveries to services of this mock.
        hand_over: The hand-over of deliveries to targets.
        outbox: The work that threads have on hand, such as deliveries.
        courier: The courier, which carries deliveries out.
        contract: The schemas of events that the test has registered; None until it asks for them.
        epoch: The number of times that the state was cleared or restored.
        while_forgetting: A function that returns a context manager, which is entered while records are cleared or
            restored. Coverage reads them before that.
        alter: A function that is given each record, such as a rule, before a service keeps it, and returns the record
            to keep; None if nothing is altered. Mutants are made by it.
    """

    def __init__(self, options: Options, services: Sequence[Service]) -> None:
        __tracebackhide__ = True
        self.options: Final = options
        self.services: Final = tuple(services)
        self.lock: Final = threading.RLock()
        self.lifetime: Final = Lifetime()
        self.regions_out: Final[set[str]] = set()
        self.delays: Final = Delays()
        self.identifiers: Final = Identifiers(options.seed or 0)
        self.ledger: Final = Ledger()
        self.mentioned: Final[KeptSet[Delivery | ReceivedEvent]] = KeptSet()
        self.account_for_key: Final[KeptDict[str, str]] = KeptDict()
        self.functions: Final = FunctionTargets()
        self.http: Final = HttpEnd()
        self.moto: Final = Moto()
        activity = ThreadActivity()
        self.clock: Final = Clock(options.start_time, self.perform, self.lifetime, activity)
        self.faults: Final = Faults(self.clock, self.services, RETRIED | PERMANENT | OF_SUBSCRIBERS)
        self.accounts: Final = Accounts(self)
        self.outbox: Final = Outbox(
            clock=self.clock, lifetime=self.lifetime, activity=activity, lock=self.lock
        )
        self.receivers: Final = Receivers(self)
        self.hand_over: Final = HandOver(
            clock=self.clock,
            functions=self.functions,
            faults=self.faults,
            http=self.http,
            moto=self.moto,
            receivers=self.receivers,
            judge=self._judge(),
        )
        self.courier: Final = Courier(
            clock=self.clock,
            ledger=self.ledger,
            hand_over=self.hand_over,
            delays=self.delays,
            regions_out=self.regions_out,
            outbox=self.outbox,
            lock=self.lock,
        )
        self.contract: Contract | None = None
        self.epoch = 0
        self.while_forgetting: Callable[[], AbstractContextManager[object]] = nullcontext
        self.alter: Callable[[Any], Any] | None = None
        self._parts: dict[object, Part] = {
            "clock": self.clock,
            "delays": self.delays,
            "identifiers": self.identifiers,
            "accounts": self.accounts,
            "ledger": self.ledger,
            "mentioned": self.mentioned,
            "account for key": self.account_for_key,
            "functions": self.functions,
            "http": self.http,
            "faults": self.faults,
            "outbox": self.outbox,
            "courier": self.courier,
        }
        if options.schemas is not None:
            from eventmock.parts.contract import Contract

            self.part(Contract)

    def _judge(self) -> Judge | None:
        """Return the judge of permissions to deliver; None if they are not judged."""
        if self.options.judgement == "off":
            return None
        from eventmock.delivery.permissions.judge import Judge

        return Judge(self)

    def part(self, kind: Callable[[State], PartT]) -> PartT:
        """Return the part of a class that a service needs, made when it is first needed.

        Args:
            kind: The class, which is called with the state.
        """
        __tracebackhide__ = True
        part: Any = self._parts.get(kind)
        return self._parts.setdefault(kind, kind(self)) if part is None else part  # type: ignore[return-value]  # of that class

    def settings(self, kind: Callable[[], PartT]) -> PartT:
        """Return the settings of a class, made when they are first needed."""
        part: Any = self._parts.get(kind)
        return self._parts.setdefault(kind, kind()) if part is None else part  # type: ignore[return-value]  # of that class

    def altered(self, record: RecordT) -> RecordT:
        """Return a record as it is to be kept; see `alter`."""
        if self.alter is None:
            return record
        altered: RecordT = self.alter(record)
        return altered

    def clear(self) -> None:
        """Clear all parts."""
        with self.lock, self.while_forgetting():
            self.epoch += 1
            for part in list(self._parts.values()):
                part.clear()

    def save(self) -> Snapshot:
        """Return a snapshot of all parts."""
        with self.lock:
            return Snapshot(
                self.clock.now(),
                self,
                {name: part.save() for name, part in list(self._parts.items())},
                frozenset([*self.ledger.received, *self.ledger.fired]),
            )

    def restore(self, snapshot: Snapshot) -> None:
        """Restore all parts of a snapshot; a part that was made after it is cleared."""
        with self.lock, self.while_forgetting():
            self.epoch += 1
            for name, part in list(self._parts.items()):
                snapshot._restores.get(name, part.clear)()  # noqa: SLF001 - one concept, two classes

    def release(self, region: str) -> None:
        """Go on with the deliveries that wait for a region, which is back in service."""
        for part in list(self._parts.values()):
            if isinstance(part, WaitsForRegions):
                part.release(region)

    @property
    def locks(self) -> list[Any]:
        """All locks of the state, in the order in which they are taken."""
        parts = reversed(list(self._parts.values()))
        return [self.lock, *(part.own_lock for part in parts if isinstance(part, Locked))]

    def perform(self, work: Callable[[], None]) -> None:
        """Do a piece of work under the lock, then carry out the deliveries that it caused.

        Raises:
            MockStateError: No mock of this state is active.
        """
        __tracebackhide__ = True
        if not self.lifetime.is_active:
            raise MockStateError("this backend's mock has stopped: what would be done now would call AWS")
        with self.lock:
            work()
        self.outbox.empty()

    def note(self, kind: str, text: str, region: str | None) -> None:
        """Write down an incident, which concerns no event.

        Args:
            kind: The kind of incident, such as ``outage``.
            text: What happened, in one line, for the tester.
            region: The region of the incident; None if it has none.
        """
        from eventmock.history.incident import Incident

        self.ledger.note(Incident(time=self.clock.now(), kind=kind, region=region, text=text))

    def is_strict_about(self, part: StrictPart) -> bool:
        """Return whether the test is strict about a part.

        With ``refused``, requests are refused that AWS would refuse for a reason about which most tests do not care.
        """
        return part in (self.options.strict or ())

    @property
    def service_events(self) -> frozenset[ServiceEvent]:
        """The services whose events come of calls that moto answers."""
        return self.options.in_force().service_events or frozenset()

    @property
    def enforces_policies(self) -> bool:
        """Whether the policies of event buses are enforced."""
        return bool(self.options.enforce_policies)

    @property
    def default_account(self) -> str:
        """The account of callers whose credentials name no account.

        The option, else the environment's access key id if that is an account id, else 123456789012.
        """
        key_id = os.environ.get("AWS_ACCESS_KEY_ID", "")
        return self.options.account or (key_id if is_account_id(key_id) else DEFAULT_ACCOUNT)

    @property
    def default_region(self) -> str:
        """The region of clients without one: the option, else ``AWS_DEFAULT_REGION``, else ``us-east-1``."""
        return self.options.region or os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION
