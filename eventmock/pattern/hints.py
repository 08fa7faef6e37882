"""Advice for the tester about a pattern that AWS refuses, in addition to AWS's error text. The advice is ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from eventmock.pattern.refusals import InvalidPattern

OPERATORS: Final = (
    "prefix",
    "suffix",
    "equals-ignore-case",
    "wildcard",
    "anything-but",
    "numeric",
    "exists",
    "cidr",
)
"""The operators, as AWS's user guide names them."""

_UNKNOWN_OPERATOR: Final = "Unrecognized match type "
_HINTS: Final = {
    r'"(?P<name>.*)" must be an object or an array': 'wanted values stand in a list: "{name}": ["..."]',
    "Empty arrays are not allowed": 'an empty list matches nothing; for any value say [{{"exists": true}}]',
    "Empty objects are not allowed": 'wanted at least one field, such as "source": [{{"prefix": ""}}]',
    "Filter is not an object": 'wanted an object, such as {{"source": ["shop"]}}',
    "Match value must be .*": "inside a list stand values and operators; fields are nested without lists",
}


def hint_for(refusal: InvalidPattern) -> str:
    """Return our advice about a refusal; empty if there is none."""
    if refusal.reason.startswith(_UNKNOWN_OPERATOR):
        from difflib import get_close_matches

        near = get_close_matches(refusal.reason.removeprefix(_UNKNOWN_OPERATOR), OPERATORS, 1)
        return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(OPERATORS)}"
    for reason, hint in _HINTS.items():
        found = re.fullmatch(reason, refusal.reason)
        if found is not None:
            return hint.format(**found.groupdict())
    return ""
