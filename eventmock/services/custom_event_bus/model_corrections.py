"""Differences of the Custom Event Bus from its public service model.

Source: custom-event-bus sections 2.1 and 3.3 (documented): the code for broken constraints, and the order of the one
enum of which AWS printed the values. The namespace is that of SDKs that are made from the Smithy model.
"""

from typing import Final

from eventmock.wire import Corrections

CORRECTIONS: Final = Corrections(
    enum_order={"InvocationType": ("REQUEST_RESPONSE", "EVENT")},
    validation_code="InvalidInputException",
    error_namespace="com.amazonaws.eventbridgev2",
)
