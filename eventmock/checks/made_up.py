"""Made-up values for what a template wants from outside, if it was not given: parameters and exports of other stacks.

They can be recognized, so that no finding is made of one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from eventmock.templates.dynamic_references import made_up as made_up_reference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventmock.templates.source import Source

MARK: Final = "made-up"
_MARKS: Final = (MARK, "madeup", "MADEUP")
_CANDIDATES: Final = (
    "{mark}-{name}",
    "{mark}",
    "madeup",
    "MADEUP",
    "{name}",
    "arn:aws:iam::{account}:role/{mark}-{name}",
    "{account}",
    "{mark}@example.com",
    "https://{mark}.example.com",
    "10.0.0.0/16",
    "vpc-0123456789abcdef0",
    "{region}",
    "true",
    "1",
    "a",
)


def parameters_of(source: Source, given: Mapping[str, Any], *, account: str, region: str) -> dict[str, str]:
    """Return made-up values for the parameters that have neither a value nor a default.

    Args:
        source: The template.
        given: The values of parameters, as they were given.
        account: The account of the stack.
        region: The region of the stack.
    """
    return {
        name: _value(name, one, account, region)
        for name, one in source.parameters.items()
        if isinstance(one, Mapping) and name not in given and "Default" not in one
    }


def _value(name: str, declared: Mapping[str, Any], account: str, region: str) -> str:
    allowed = declared.get("AllowedValues")
    if isinstance(allowed, list) and allowed:
        return str(allowed[0]).lower() if isinstance(allowed[0], bool) else str(allowed[0])
    if "Number" in str(declared.get("Type")):
        return str(declared.get("MinValue", 1))
    texts = [one.format(mark=MARK, name=name, account=account, region=region) for one in _CANDIDATES]
    return next((text for text in texts if _fits(text, declared)), texts[0])


def _fits(text: str, declared: Mapping[str, Any]) -> bool:
    pattern = declared.get("AllowedPattern")
    try:
        is_of_pattern = not isinstance(pattern, str) or re.fullmatch(pattern, text) is not None
    except re.error:
        is_of_pattern = True
    least, most = declared.get("MinLength", 0), declared.get("MaxLength", len(text))
    return is_of_pattern and int(least) <= len(text) <= int(most)


class Imports(dict[str, Any]):
    """The values of exports: those that were given, and made-up ones for all others.

    Attributes:
        made_up: The names for which a value was made up, in order.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__(given)
        self.made_up: dict[str, str] = {}

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return self.made_up.setdefault(name, f"{MARK}-{re.sub('[^A-Za-z0-9]+', '-', name)}")


def mentions(text: str, references: Iterable[str]) -> bool:
    """Return whether a text has a made-up value, of a kind that cannot be taken for another one.

    Args:
        text: The text.
        references: The dynamic references whose values are made up.
    """
    return any(one in text for one in (*_MARKS, *map(made_up_reference, references)))
