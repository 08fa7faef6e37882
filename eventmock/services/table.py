"""The table of the services that are mocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.services import appintegrations, events

if TYPE_CHECKING:
    from eventmock.services.service import Service

_services: Final[list[Service]] = [events.SERVICE, appintegrations.SERVICE]


def services() -> tuple[Service, ...]:
    """All services; a mock answers for those that are there when it is made."""
    return tuple(_services)


def register(service: Service) -> None:
    """Add a service, for mocks that are made from now on."""
    _services.append(service)


def unregister(service: Service) -> None:
    """Take a service out, for mocks that are made from now on."""
    _services.remove(service)
