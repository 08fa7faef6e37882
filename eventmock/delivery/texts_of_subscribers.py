"""AWS's texts for deliveries of subscribers that fail, by what has failed.

Source: custom-event-bus section 10 (documented).
"""

from typing import Final

GENERIC: Final = (
    "The delivery failed. Use this record's error code and request id when investigating, and contact AWS Support if "
    "the failure persists."
)
NOT_ASSUMED: Final = (
    "EventBridge could not assume {role}. Check that the role exists and that its trust policy allows the EventBridge "
    "service principal to assume it."
)
NOT_ACCESSED: Final = (
    "EventBridge could not access {resource}. Check that it exists and that its policy allows the EventBridge service "
    "principal access."
)
