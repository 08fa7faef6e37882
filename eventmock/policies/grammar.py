"""The grammar of policies: whether AWS would store the document of a resource's policy.

Source: "Grammar of the IAM JSON policy language" of the IAM user guide. The check asks for the elements and their
types, not for what they mean: a condition key or a principal that does not exist is stored, as on AWS.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from eventmock.policies.conditions import NULL, operator_of
from eventmock.policies.principals import TYPES

VERSIONS: Final = ("2012-10-17", "2008-10-17")
ELEMENTS: Final = ("Version", "Id", "Statement")
STATEMENT_ELEMENTS: Final = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
_PAIRS: Final = (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))


class BrokenGrammar(Exception):  # noqa: N818 - it says what happened
    """AWS would not store a policy; the text says what was given, and what was wanted."""


def read_resource_policy(text: str) -> Mapping[str, Any]:
    """Return the document of the policy of a resource.

    Args:
        text: The JSON text of the document.

    Raises:
        BrokenGrammar: The text is not JSON, or not a policy of a resource.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise BrokenGrammar("it is not JSON") from None
    _check_object("the policy", document, ELEMENTS)
    if document.get("Version", VERSIONS[0]) not in VERSIONS:
        raise _wanted("Version", document["Version"], " or ".join(VERSIONS))
    statements = statements_of(document)
    if not statements:
        raise BrokenGrammar("it has no Statement")
    seen: set[str] = set()
    for statement in statements:
        _check_statement(statement)
        sid = statement.get("Sid")
        if sid in seen:
            raise BrokenGrammar(f"two statements have the Sid {sid!r}")
        seen |= set() if sid is None else {sid}
    return dict(document)


def statements_of(document: Mapping[str, Any]) -> list[Any]:
    """Return the statements of a document, which may be one object or a list."""
    return listed(document.get("Statement", []))


def listed(given: Any) -> list[Any]:
    """Return a value that may stand alone or in a list, as a list."""
    return list(given) if isinstance(given, list | tuple) else [given]


def _check_statement(statement: Any) -> None:
    _check_object("a statement", statement, STATEMENT_ELEMENTS)
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise _wanted("Effect", statement.get("Effect"), "Allow or Deny")
    if not isinstance(statement.get("Sid", ""), str):
        raise _wanted("Sid", statement["Sid"], "text")
    for pair in _PAIRS:
        given = [name for name in pair if name in statement]
        if len(given) != 1:
            raise BrokenGrammar(
                f"a statement has {' and '.join(given) or 'neither'}, wanted {' or '.join(pair)}"
            )
        (name,) = given
        if pair is _PAIRS[0]:
            _check_principal(name, statement[name])
        else:
            _check_texts(name, statement[name])
    _check_condition(statement.get("Condition", {}))


def _check_principal(name: str, given: Any) -> None:
    if given == "*":
        return
    _check_object(name, given, TYPES)
    if not given:
        raise _wanted(name, given, 'a principal such as {"AWS": "arn:aws:iam::111122223333:root"}, or "*"')
    for kind, texts in given.items():
        _check_texts(f"{name} of {kind}", texts)


def _check_condition(given: Any) -> None:
    _check_object("Condition", given)
    for operator, keys in given.items():
        if operator != NULL and operator_of(operator) is None:
            raise BrokenGrammar(f"Condition has the operator {operator!r}, which does not exist")
        _check_object(operator, keys)
        for key, values in keys.items():
            if not all(isinstance(value, (str, int, float)) for value in listed(values)):
                raise _wanted(f"{operator} of {key}", values, "text or a list of it")


def _check_texts(name: str, given: Any) -> None:
    texts = listed(given)
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise _wanted(name, given, "text or a list of it")


def _check_object(name: str, given: Any, elements: Sequence[str] | None = None) -> None:
    if not isinstance(given, Mapping):
        raise _wanted(name, given, "an object")
    if elements is not None and (unknown := [one for one in given if one not in elements]):
        raise BrokenGrammar(f"{name} has {unknown[0]!r}; there are {', '.join(elements)}")


def _wanted(name: str, given: object, wanted: str) -> BrokenGrammar:
    held = "is missing" if given is None else f"is {json.dumps(given)}"
    return BrokenGrammar(f"{name} {held}, wanted {wanted}")
