"""What EventBridge does that its public service model does not tell.

Source: aws-recorded-behaviour section 1 (the order of enum values and the members of an entry, recorded);
schedules-archives-permissions, last section (the method of an OAuth connection in lower case, recorded; in any other
mixture, inferred); pattern-matching section 2 (that a pattern is not printed, inferred).
"""

from typing import Final

from eventmock.wire import Corrections

CORRECTIONS: Final = Corrections(
    enum_order={
        "ApiDestinationHttpMethod": ("HEAD", "POST", "PATCH", "DELETE", "PUT", "GET", "OPTIONS"),
    },
    any_case=frozenset({"ConnectionOAuthHttpMethod"}),
    hidden_members={"PutEventsRequestEntry": ("kmsKeyIdentifier", "internalMetadata")},
    unprinted=frozenset({"EventPattern"}),
)
