"""The description of a service, so that code outside the folder of a service needs no knowledge of that service.

A service is a folder. Its ``__init__.py`` defines a `Service`, which is cheap to import: the names of the service, and
the facts that need none of its code. The rest is its `Face`, which is imported when its code is first needed.

The data of a service need no entry here. Its records are in tables of accounts (`eventmock.parts.accounts`). All other
data are in parts and settings of the state (`eventmock.state`). Both are cleared, saved and restored with the rest of
the state. For the trace and the report, a service records incidents, arrivals and deliveries (`eventmock.history`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from eventmock.wire import AwsError, Corrections, is_installed, load_service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eventmock.delivery.receivers import Receiver
    from eventmock.parts.accounts import Account
    from eventmock.services.call import Route
    from eventmock.services.managed_resources import ManagedResources
    from eventmock.state import State
    from eventmock.wire import Operations, WireModel


class Entries(NamedTuple):
    """The entries of a request, for an operation whose entries may fail one by one.

    Attributes:
        member: The name of the request's member that is the list of entries.
        are_events: Whether each entry is an event.
    """

    member: str
    are_events: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Service:
    """The names of a service, and the facts about it that need none of its code.

    Attributes:
        title: AWS's name of the service.
        name: The name of the service in boto3 and botocore, such as ``events``.
        endpoint_prefix: botocore's endpoint prefix, which says to which service a request belongs.
        event_name: The name of the service in the names of botocore's own events, such as ``eventbridge``.
        face_module: The name of the module whose ``FACE`` is the `Face` of the service.
        entries: The entries of each operation whose entries may fail one by one, by the operation's name.
        failed_states: The operations that may lead to each state of failure, such as ``CREATE_FAILED``, by its name.
        receives: The kinds of targets whose deliveries the service receives itself.
        since: The first version of botocore that has the service; empty if all versions that eventmock takes have it.
    """

    title: str
    name: str
    endpoint_prefix: str
    event_name: str
    face_module: str
    entries: Mapping[str, Entries] = field(default_factory=dict)
    failed_states: Mapping[str, Sequence[str]] = field(default_factory=dict)
    receives: frozenset[str] = frozenset()
    since: str = ""

    @cached_property
    def face(self) -> Face:
        """The face of the service, which is imported at the first use."""
        face: Face = import_module(self.face_module).FACE
        return face

    @cached_property
    def model(self) -> WireModel:
        """The model of the service from the installed botocore, with the corrections of the face."""
        return load_service(self.name, self.face.corrections)

    @property
    def is_installed(self) -> bool:
        """Whether the installed botocore has the service. Older versions lack newer services."""
        return is_installed(self.name)

    @property
    def operation_names(self) -> frozenset[str]:
        """The names of the service's operations in the installed botocore."""
        return frozenset(self.model.operation_names)


@dataclass(frozen=True, kw_only=True, eq=False)
class Face:
    """The code of a service that the rest of eventmock calls.

    Attributes:
        operations: The operations, in the order of docs/coverage.md.
        corrections: The differences of the service from its model in botocore.
        invalid_token: Makes the error for an invalid page token. Its arguments are the operation's name, and whether
            the token was valid once and has expired.
        absent: The names in snake case of the operations that have no function.
        find_route: Returns the route of a request that another region than the caller's may serve, else None. Its
            arguments are the caller's account and the request's members; it is called without the state's lock. None if
            the service has no such requests.
        receivers: For each kind of target in `Service.receives`, a function of the state that returns the receiver of
            its deliveries.
        managed_resources: A function of the state that returns the resources of the service that other services manage;
            None if there are none.
        resource_types: The names of the modules whose ``TYPE`` is a type of resources of templates
            (`eventmock.services.resource_type`), by the name of the type, such as ``AWS::Events::Rule``.
        coverage: The name of the module whose ``COVERAGE`` says what tests try of the service
            (`eventmock.services.coverage`); None if coverage has nothing to measure.
        mutants: The name of the module whose ``MUTANTS`` knows mistakes in rules (`eventmock.services.mutants`); None
            if there is none.
    """

    operations: Operations
    corrections: Corrections = field(default_factory=Corrections)
    invalid_token: Callable[[str, bool], AwsError]
    absent: frozenset[str] = frozenset()
    find_route: Callable[[Account, Mapping[str, Any]], Route | None] | None = None
    receivers: Mapping[str, Callable[[State], Receiver]] = field(default_factory=dict)
    managed_resources: Callable[[State], ManagedResources] | None = None
    resource_types: Mapping[str, str] = field(default_factory=dict)
    coverage: str | None = None
    mutants: str | None = None
