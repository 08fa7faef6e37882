"""The resource policies of a custom event bus: their records, and which of them would grant public access.

Source: custom-event-bus section 13 and the service model. Documented: an event bus has two policies, ``default``, which
its owner writes, and ``AWS_RAM``, which AWS Resource Access Manager writes; a statement grants public access if its
principal is a wildcard and no condition limits the callers to accounts or principals; conditions on the content of
events do not.
Inferred: which condition keys limit the callers, beside those that AWS names; that the operator has to be one that
fails without a value; that a value with a wildcard or a variable in the place of the account limits nothing; that an
Allow with NotPrincipal is public, as it allows all callers but the named ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from eventmock.policies.grammar import listed, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT: Final = "default"
"""The policy that the owner of an event bus writes."""
AWS_RAM: Final = "AWS_RAM"
"""The policy that AWS Resource Access Manager writes."""
NAMES: Final = (DEFAULT, AWS_RAM)

LIMITING_KEYS: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:userid",
    }
)
"""The condition keys that tell who calls, in lower case."""
_EXACT: Final = re.compile(r"(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase)")
_PATTERNS: Final = re.compile(r"(ForAnyValue:)?(StringLike|ArnEquals|ArnLike)")
_WILDCARD: Final = re.compile(r"[*?]")


@dataclass(frozen=True, slots=True)
class ResourcePolicy:
    """A resource policy of a custom event bus.

    Attributes:
        name: The name, ``default`` or ``AWS_RAM``.
        document: The JSON text, as it was given.
        revision: The id of the revision, another one after each write.
    """

    name: str
    document: str
    revision: str


def public_statement(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the first statement of a policy that grants public access; None if none does.

    Args:
        document: The document of the policy, of the right grammar.
    """
    return next((one for one in statements_of(document) if _is_public(one)), None)


def _is_public(statement: Mapping[str, Any]) -> bool:
    if statement["Effect"] != "Allow" or not _is_for_everybody(statement):
        return False
    return not any(_limits(*line) for line in _lines(statement))


def _is_for_everybody(statement: Mapping[str, Any]) -> bool:
    if "NotPrincipal" in statement:
        return True
    principal = statement["Principal"]
    texts = (
        [principal] if isinstance(principal, str) else [t for one in principal.values() for t in listed(one)]
    )
    return any(_WILDCARD.search(text) for text in texts)


def _lines(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, list[Any]]]:
    """Yield the operator, the key and the wanted values of each line of a condition."""
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            yield operator, key, listed(values)


def _limits(operator: str, key: str, values: list[Any]) -> bool:
    """Return whether a line of a condition limits the callers to accounts or principals."""
    if key.lower() not in LIMITING_KEYS or any("${" in str(value) for value in values):
        return False
    if _EXACT.fullmatch(operator):
        return True
    return bool(_PATTERNS.fullmatch(operator)) and all(_names_owner(str(value)) for value in values)


def _names_owner(pattern: str) -> bool:
    """Return whether the values that fit a pattern are all of one account, resource or organization."""
    if pattern.startswith("arn:"):
        parts = pattern.split(":", 5)
        owner = parts[4] if len(parts) == 6 and parts[4] else pattern
    else:  # a path in an organization begins with its id, and the id of a session with that of its role
        owner = re.split("[/:]", pattern, maxsplit=1)[0]
    return not _WILDCARD.search(owner)
