"""The shop deployed in a mock, as the team's conftest.py does it for their tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import handlers, infrastructure, publisher
from .infrastructure import AUDIT, AUDIT_QUEUE, CARRIER, PAYMENTS, REGION, RESTOCK_QUEUE

if TYPE_CHECKING:
    from eventmock import EventsBackend, HttpCall
    from eventmock.backend.lambda_function import LambdaFunction
    from eventmock.services.events.partner_integration import PartnerEventSource

OPTIONS = {
    "region": REGION,
    "start_time": "2026-03-06T16:00:00Z",
    "strict": {"refused", "dropped", "unmatched", "nobody", "handlers"},
    "enforce_policies": True,
}
"""The options of the team's tests. 6 March 2026 is a Friday."""


@dataclass(frozen=True)
class Deployed:
    """What a test of the shop works with.

    Attributes:
        backend: The backend of the mock.
        publisher: The shop's publisher.
        ship: The function that ships orders.
        review: The function that asks for a review of large orders.
        report: The function that writes the daily report.
        stop: The function that stops orders whose payment has failed.
        payments: The payment provider's event source.
        parcels: The requests that the carrier got.
    """

    backend: EventsBackend
    publisher: publisher.Publisher
    ship: LambdaFunction
    review: LambdaFunction
    report: LambdaFunction
    stop: LambdaFunction
    payments: PartnerEventSource
    parcels: list[HttpCall]


def deploy(backend: EventsBackend) -> Deployed:
    """Deploy the shop in a mock, and answer for the targets that are no code of the shop."""
    payments = backend.partner_event_source(PAYMENTS, accepted=False)
    infrastructure.deploy_audit(backend.client(account=AUDIT))
    infrastructure.deploy(backend.client())
    backend.target(AUDIT_QUEUE)
    backend.target(RESTOCK_QUEUE)
    parcels: list[HttpCall] = []
    backend.http(CARRIER, parcels.append)
    return Deployed(
        backend=backend,
        publisher=publisher.Publisher("shop", REGION),
        ship=backend.lambda_function("ship", handlers.ship),
        review=backend.lambda_function("review", handlers.review),
        report=backend.lambda_function("report", handlers.report),
        stop=backend.lambda_function("stop", handlers.stop),
        payments=payments,
        parcels=parcels,
    )
