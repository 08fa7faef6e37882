"""The table of the mocked services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.services import appintegrations, custom_event_bus, events, scheduler

if TYPE_CHECKING:
    from eventmock.services.service import Service

_services: Final[list[Service]] = [
    events.SERVICE,
    appintegrations.SERVICE,
    scheduler.SERVICE,
    custom_event_bus.SERVICE,
]


def services() -> tuple[Service, ...]:
    """Return the services of the table that the installed botocore has.

    A mock answers for the services that the table has when the mock is made.
    """
    return tuple(service for service in _services if service.is_installed)


def lacking() -> tuple[Service, ...]:
    """Return the services of the table that the installed botocore lacks."""
    return tuple(service for service in _services if not service.is_installed)


def register(service: Service) -> None:
    """Add a service to the table. Mocks that exist already do not answer for it."""
    _services.append(service)


def unregister(service: Service) -> None:
    """Remove a service from the table. Mocks that exist already still answer for it."""
    _services.remove(service)
