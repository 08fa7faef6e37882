"""What a service tells of itself, so that nothing outside its folder has to know it.

A service is a folder. Its ``__init__.py`` has a `Service`, which costs nothing to import: its names, and what may be
said of it without its code. The rest is its `Face`, which is imported when a request to the service first comes.

What a service keeps needs no entry here: records are kept in tables of accounts (`eventmock.parts.accounts`), all else
in parts and settings of the state (`eventmock.state`), and both are cleared, saved and brought back with the rest. What
it has to tell in the trace and the report it writes down as incidents, arrivals and deliveries (`eventmock.history`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from eventmock.wire import AwsError, Corrections, load_service, operations_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import ModuleType

    from eventmock.delivery.receivers import Receiver
    from eventmock.parts.accounts import Account
    from eventmock.services.call import Route
    from eventmock.state import State
    from eventmock.wire import Service as Model
    from eventmock.wire.operation import BoundOperation


@dataclass(frozen=True, slots=True)
class Entries:
    """What the entries of a request are, for an operation whose entries may fail one by one.

    Attributes:
        member: The member of the request that holds them.
        are_events: Whether they are events.
    """

    member: str
    are_events: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Service:
    """A service, as far as that can be said without its code.

    Attributes:
        title: AWS's name of the service.
        name: boto3's and botocore's name, such as ``events``.
        endpoint_prefix: botocore's endpoint prefix, by which requests are known.
        event_name: What botocore calls the service in the names of its own events, such as ``eventbridge``.
        face_module: The module that holds its `Face` as ``FACE``.
        entries: The operations whose entries may fail one by one, and what these entries are.
        failed_states: The states that say that something failed, and the operations that may lead to each.
        receives: The kinds of targets of rules that the service is itself: it takes their deliveries.
    """

    title: str
    name: str
    endpoint_prefix: str
    event_name: str
    face_module: str
    entries: Mapping[str, Entries] = field(default_factory=dict)
    failed_states: Mapping[str, Sequence[str]] = field(default_factory=dict)
    receives: frozenset[str] = frozenset()

    @cached_property
    def face(self) -> Face:
        """Its face, imported when it is first asked for."""
        face: Face = import_module(self.face_module).FACE
        return face

    @cached_property
    def model(self) -> Model:
        """Its model as the installed botocore has it, with its corrections."""
        return load_service(self.name, self.face.corrections)

    @property
    def operation_names(self) -> frozenset[str]:
        """The names of its operations in the installed botocore."""
        return frozenset(self.model.operation_names)


@dataclass(frozen=True, kw_only=True, eq=False)
class Face:
    """What the code of a service offers.

    Attributes:
        modules: The modules that hold its operations, in the order of docs/coverage.md.
        corrections: What the service does beyond its model.
        invalid_token: The error for a page token that is not ours, given the operation's name and whether the token
            was ours once and has expired.
        absent: The operations without a function, in snake case.
        route: Finds where a request is carried out that may be for another region than its caller's; called with the
            account and the request's members, without the lock. None where no request is.
        receivers: For each kind of target in `Service.receives`: makes what takes its deliveries, of the state.
    """

    modules: tuple[ModuleType, ...]
    corrections: Corrections = field(default_factory=Corrections)
    invalid_token: Callable[[str, bool], AwsError]
    absent: frozenset[str] = frozenset()
    route: Callable[[Account, Mapping[str, Any]], Route | None] | None = None
    receivers: Mapping[str, Callable[[State], Receiver]] = field(default_factory=dict)

    @cached_property
    def operations(self) -> Mapping[str, BoundOperation]:
        """Its operations by name in snake case."""
        return operations_of(*self.modules)
