"""The shop's event buses, rules and targets. The deployment and the tests make them by the same functions."""

from __future__ import annotations

import json
from typing import Any

from .orders import PAID, SHIPPED
from .publisher import SOURCE

REGION = "eu-west-1"
SHOP, WAREHOUSE, AUDIT = "123456789012", "222222222222", "333333333333"
"""The accounts: the shop's own, that of the warehouse, which puts events too, and that of the auditors."""
ROLE = f"arn:aws:iam::{SHOP}:role/deliver"

BUS = "shop"
STATE = "ENABLED"
PAID_ORDERS = {"source": [SOURCE], "detail-type": [PAID], "detail": {"state": ["PAID"]}}
LARGE_ORDERS = {"source": [SOURCE], "detail-type": [PAID], "detail": {"total": [{"numeric": [">=", 1000]}]}}
PARCELS = {"source": [SOURCE], "detail-type": [SHIPPED]}
ALL_ORDERS = {"detail-type": [PAID]}

DEAD_LETTERS = {"Arn": f"arn:aws:sqs:{REGION}:{SHOP}:dead-letters"}
TITLE_AND_ORDER = {
    "InputPathsMap": {"order": "$.detail", "number": "$.detail.number", "by": "$.detail.customer"},
    "InputTemplate": '{"title": "Order <number> of <by>", "order": <order>}',
}
CARRIER = "https://api.carrier.example/parcels/*"
CARRIER_PATH = ["$.detail.number"]

ARTICLES = ("tea",)
"""What is ordered again when the warehouse has counted few."""
RESTOCK_QUEUE = f"arn:aws:sqs:{REGION}:{SHOP}:restock"
END_OF_WORK = "cron(0 17 ? * MON-FRI *)"
PAYMENTS = "aws.partner/payments.example/shop/events"
AUDIT_BUS = f"arn:aws:events:{REGION}:{AUDIT}:event-bus/audit"
AUDIT_QUEUE = f"arn:aws:sqs:{REGION}:{AUDIT}:audit"


def deploy(events: Any) -> None:
    """Make the shop, with a client of its account."""
    events.create_event_bus(Name=BUS)
    make_rule(events, "ship-paid-orders", PAID_ORDERS, function("ship") | dead_letters())
    make_rule(events, "review-large-orders", LARGE_ORDERS, function("review") | transformer())
    make_rule(events, "tell-the-carrier", PARCELS, carrier(events))
    make_rule(events, "audit", ALL_ORDERS, {"Id": "audit", "Arn": AUDIT_BUS, "RoleArn": ROLE})
    for article in ARTICLES:
        few = {"source": ["warehouse"], "detail": {"article": [article], "count": [{"numeric": ["<", 10]}]}}
        make_rule(events, f"restock-{article}", few, {"Id": "queue", "Arn": RESTOCK_QUEUE})
    allow(events, BUS, WAREHOUSE)
    make_schedule(events)
    accept_payments(events)


def deploy_audit(events: Any) -> None:
    """Make the auditors' part, with a client of their account."""
    events.create_event_bus(Name="audit")
    allow(events, "audit", SHOP)
    events.put_rule(Name="keep", EventBusName="audit", EventPattern=json.dumps(ALL_ORDERS))
    events.put_targets(Rule="keep", EventBusName="audit", Targets=[{"Id": "queue", "Arn": AUDIT_QUEUE}])


def make_rule(events: Any, name: str, pattern: dict[str, Any], target: dict[str, Any]) -> None:
    """Make a rule of the shop's bus, with one target."""
    events.put_rule(Name=name, EventBusName=BUS, EventPattern=json.dumps(pattern), State=STATE)
    events.put_targets(Rule=name, EventBusName=BUS, Targets=[target])


def make_schedule(events: Any) -> None:
    """Write a report at the end of each working day."""
    events.put_rule(Name="daily-report", ScheduleExpression=END_OF_WORK)
    events.put_targets(Rule="daily-report", Targets=[function("report")])


def accept_payments(events: Any) -> None:
    """Accept the payment provider's events, and stop the orders whose payment has failed."""
    failed = {"detail-type": ["payment"], "detail": {"state": ["failed"]}}
    events.create_event_bus(Name=PAYMENTS, EventSourceName=PAYMENTS)
    events.put_rule(Name="stop-unpaid", EventBusName=PAYMENTS, EventPattern=json.dumps(failed))
    events.put_targets(Rule="stop-unpaid", EventBusName=PAYMENTS, Targets=[function("stop")])


def allow(events: Any, bus: str, account: str) -> None:
    """Let another account put events on a bus."""
    events.put_permission(
        EventBusName=bus, Action="events:PutEvents", Principal=account, StatementId=f"from-{account}"
    )


def function(name: str) -> dict[str, Any]:
    """A Lambda function of the shop as a target."""
    return {"Id": name, "Arn": f"arn:aws:lambda:{REGION}:{SHOP}:function:{name}"}


def dead_letters() -> dict[str, Any]:
    """The member of a target that keeps what cannot be delivered."""
    return {"DeadLetterConfig": DEAD_LETTERS} if DEAD_LETTERS else {}


def transformer() -> dict[str, Any]:
    """The member of a target that gets a title and the order."""
    return {"InputTransformer": TITLE_AND_ORDER}


def carrier(events: Any) -> dict[str, Any]:
    """The API of the carrier as a target."""
    key = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "s3cret"}}
    connection = events.create_connection(Name="carrier", AuthorizationType="API_KEY", AuthParameters=key)
    destination = events.create_api_destination(
        Name="carrier",
        ConnectionArn=connection["ConnectionArn"],
        HttpMethod="PUT",
        InvocationEndpoint=CARRIER,
    )
    path = {"HttpParameters": {"PathParameterValues": CARRIER_PATH}} if CARRIER_PATH else {}
    return {"Id": "carrier", "Arn": destination["ApiDestinationArn"], "RoleArn": ROLE} | path
