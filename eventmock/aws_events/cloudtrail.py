"""The events that CloudTrail sends for calls of AWS's APIs, and which rules see them.

Source: service-events section 7: the members are documented (CloudTrail record contents), as is the table of the states
of rules. Inferred: only ``readOnly`` decides whether a call reads. AWS's list of calls whose names say otherwise is not
known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

API_CALL: Final = "AWS API Call via CloudTrail"
NOT_SHOWN: Final = "not shown to a rule in state ENABLED: read-only management event"
"""The words for a rule whose pattern matches a call that the rule does not see."""


def is_read_call(event: Mapping[str, Any]) -> bool:
    """Return whether an event is that of a call that only reads, which rules in the state ``ENABLED`` do not see.

    Rules do see data events, such as those of reading an object of S3, if a trail logs them.

    Args:
        event: The event, with the members that rules match.
    """
    if event.get("detail-type") != API_CALL or not str(event.get("source")).startswith("aws."):
        return False
    detail = event.get("detail")
    members = detail if isinstance(detail, Mapping) else dict(detail or ())  # pairs, if a name repeats
    is_management = members.get("managementEvent") is not False and members.get("eventCategory") in (
        None,
        "Management",
    )
    return members.get("readOnly") is True and is_management
