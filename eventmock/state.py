"""All that a mock holds: one state, which the tester sees by `EventsBackend` and botocore by `Gate`.

The state consists of named parts. What every mock has is made at once; what only some service needs is made when it is
first asked for, by `State.part` and `State.settings`. All parts are cleared, saved and brought back in one loop.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from eventmock.clock import Clock
from eventmock.delivery.courier import Courier
from eventmock.delivery.function_targets import FunctionTargets
from eventmock.delivery.hand_over import HandOver
from eventmock.delivery.http_end import HttpEnd
from eventmock.delivery.moto import Moto
from eventmock.delivery.receivers import Receivers
from eventmock.exceptions import MockStateError
from eventmock.faults import Faults
from eventmock.history.incident import Incident
from eventmock.history.ledger import Ledger
from eventmock.options import DEFAULT_ACCOUNT, DEFAULT_REGION
from eventmock.parts.accounts import Accounts
from eventmock.parts.delays import Delays
from eventmock.parts.identifiers import Identifiers
from eventmock.parts.lifetime import Lifetime, ThreadActivity
from eventmock.parts.part import KeptDict, KeptSet, Locked
from eventmock.values.arn import is_account_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from eventmock.history.delivery import Delivery
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.options import Options
    from eventmock.parts.part import Part, Restore
    from eventmock.services.service import Service

PartT = TypeVar("PartT", bound="Part")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Snapshot:
    """The state of a mock at some moment, for `EventsBackend.restore` and `EventsBackend.check`.

    Attributes:
        time: The moment, by the clock of the mock; aware, in UTC.
    """

    time: datetime
    _state: State
    _restores: Mapping[object, Restore]
    _received: frozenset[ReceivedEvent] = field(repr=False)

    def is_of(self, state: State) -> bool:
        """Whether it was taken of that state."""
        return self._state is state

    def has(self, received: ReceivedEvent) -> bool:
        """Whether an event had arrived by then."""
        return received in self._received

    def __repr__(self) -> str:
        return f"<snapshot of {self.time:%Y-%m-%d %H:%M:%S}>"


class State:
    """All that a mock holds, with its lock and its clock.

    Args:
        options: As given to the mock.
        services: The services that the mock answers for.

    Attributes:
        lock: Held while the state is read or changed; never while code of the test or moto runs.
        lifetime: Whether the mock is active.
        clock: Tells the time, and is where what is due later waits.
        identifiers: Makes ids.
        ledger: Where everything that happens is written down.
        mentioned: The records that assertions have found.
        account_for_key: Access key ids that stand for accounts, to account ids.
        regions_out: The regions that are out of service at the moment. `services.events.outages` changes it.
        delays: How long things take that take time on AWS.
        faults: What a test made fail.
        functions: The functions of the test that are targets.
        http: Who answers HTTP requests.
        moto: Calls moto.
        accounts: What the services keep, by account and region.
        courier: Carries deliveries out.
    """

    def __init__(self, options: Options, services: Sequence[Service]) -> None:
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
        self.faults: Final = Faults(self.clock, self.services)
        self.accounts: Final = Accounts(self)
        self.courier: Final = Courier(
            clock=self.clock,
            ledger=self.ledger,
            hand_over=HandOver(
                clock=self.clock,
                functions=self.functions,
                faults=self.faults,
                http=self.http,
                moto=self.moto,
                receivers=Receivers(self),
            ),
            delays=self.delays,
            regions_out=self.regions_out,
            lifetime=self.lifetime,
            activity=activity,
            lock=self.lock,
        )
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
            "courier": self.courier,
        }

    def part(self, kind: Callable[[State], PartT]) -> PartT:
        """The part of that class, which a service needs; made when it is first asked for.

        Args:
            kind: The class, which takes the state.
        """
        part: Any = self._parts.get(kind)
        return self._parts.setdefault(kind, kind(self)) if part is None else part  # type: ignore[return-value]

    def settings(self, kind: Callable[[], PartT]) -> PartT:
        """The settings of that class; made when they are first asked for."""
        part: Any = self._parts.get(kind)
        return self._parts.setdefault(kind, kind()) if part is None else part  # type: ignore[return-value]

    def clear(self) -> None:
        """Be as in the beginning."""
        with self.lock:
            for part in list(self._parts.values()):
                part.clear()

    def save(self) -> Snapshot:
        """Keep all that there is, to be brought back by `restore`."""
        with self.lock:
            return Snapshot(
                self.clock.now(),
                self,
                {name: part.save() for name, part in list(self._parts.items())},
                frozenset(self.ledger.received),
            )

    def restore(self, snapshot: Snapshot) -> None:
        """Bring back what there was; a part that was made later is cleared."""
        with self.lock:
            for name, part in list(self._parts.items()):
                snapshot._restores.get(name, part.clear)()  # noqa: SLF001 - one concept, two classes

    @property
    def locks(self) -> list[Any]:
        """All its locks, in the order in which they are taken."""
        parts = reversed(list(self._parts.values()))
        return [self.lock, *(part.own_lock for part in parts if isinstance(part, Locked))]

    def perform(self, work: Callable[[], None]) -> None:
        """Do a piece of work with the lock, then carry out the deliveries that it caused.

        Raises:
            MockStateError: No mock of this state is active.
        """
        __tracebackhide__ = True
        if not self.lifetime.is_active:
            raise MockStateError("this backend's mock has stopped: what would be done now would call AWS")
        with self.lock:
            work()
        self.courier.deliver()

    def note(self, kind: str, text: str, region: str | None) -> None:
        """Write down something that happened to no event.

        Args:
            kind: What it is, such as ``outage``.
            text: The same in one line, for the tester.
            region: Where; None where it is in no region.
        """
        self.ledger.note(Incident(time=self.clock.now(), kind=kind, region=region, text=text))

    @property
    def is_strict(self) -> bool:
        """Whether what AWS would refuse for a reason that tests seldom care for is refused."""
        return bool(self.options.strict)

    @property
    def enforces_policies(self) -> bool:
        """Whether the policies of event buses are enforced."""
        return bool(self.options.enforce_policies)

    @property
    def default_account(self) -> str:
        """The account of callers whose credentials name none.

        The option, else an access key id of the environment that is an account id, else 123456789012.
        """
        key_id = os.environ.get("AWS_ACCESS_KEY_ID", "")
        return self.options.account or (key_id if is_account_id(key_id) else DEFAULT_ACCOUNT)

    @property
    def default_region(self) -> str:
        """The region of clients for which nothing says one: the option, else ``AWS_DEFAULT_REGION``, else us-east-1."""
        return self.options.region or os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION
