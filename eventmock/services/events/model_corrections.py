"""Differences of EventBridge from its public service model, and from older versions of that model.

Source: aws-recorded-behaviour section 1 (the order of enum values and the members of an entry, recorded);
schedules-archives-permissions, last section (the method of an OAuth connection in lower case, recorded; in any other
mixture, inferred); pattern-matching section 2 (that a pattern is not printed, inferred); the service models of botocore
from 1.34.0 on.
"""

from typing import Final

from eventmock.wire import Corrections, Loosened

_CONNECTION_STATES: Final = (
    "CREATING",
    "UPDATING",
    "DELETING",
    "AUTHORIZED",
    "DEAUTHORIZED",
    "AUTHORIZING",
    "DEAUTHORIZING",
)

CORRECTIONS: Final = Corrections(
    enum_order={
        "ApiDestinationHttpMethod": ("HEAD", "POST", "PATCH", "DELETE", "PUT", "GET", "OPTIONS"),
    },
    any_case=frozenset({"ConnectionOAuthHttpMethod"}),
    hidden_members={"PutEventsRequestEntry": ("kmsKeyIdentifier", "internalMetadata")},
    unprinted=frozenset({"EventPattern"}),
    loosened=(
        Loosened(
            shape="ConnectionState",
            constraint="enum",
            old=_CONNECTION_STATES,
            last="1.35.0",
            new=(*_CONNECTION_STATES, "ACTIVE", "FAILED_CONNECTIVITY"),
            first="1.36.0",
        ),
        Loosened(
            shape="EventBusNameOrArn",
            constraint="pattern",
            old=r"(arn:aws[\w-]*:events:[a-z]{2}-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[/\.\-_A-Za-z0-9]+",
            last="1.38.0",
            new=r"(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[/\.\-_A-Za-z0-9]+",
            first="1.40.0",
        ),
        Loosened(
            shape="NonPartnerEventBusArn",
            constraint="pattern",
            old=r"^arn:aws[a-z-]*:events:[a-z]{2}-[a-z-]+-\d+:\d{12}:event-bus/[\w.-]+$",
            last="1.38.0",
            new=r"^arn:aws[a-z-]*:events:[a-z]+-[a-z-]+-\d+:\d{12}:event-bus/[\w.-]+$",
            first="1.40.0",
        ),
        Loosened(
            shape="NonPartnerEventBusNameOrArn",
            constraint="pattern",
            old=r"(arn:aws[\w-]*:events:[a-z]{2}-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[\.\-_A-Za-z0-9]+",
            last="1.38.0",
            new=r"(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[\.\-_A-Za-z0-9]+",
            first="1.40.0",
        ),
    ),
)
