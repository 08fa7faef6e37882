"""What comes into a template from outside: parameters, exports of other stacks, secrets, custom resources.

The value of such a thing may be another one in production; if it was not given, the value here is even made up. So no
finding is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from eventmock.checks.made_up import MARK
from eventmock.templates.dynamic_references import MARK as DYNAMIC

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from eventmock.templates.template import Template

_SUBSTITUTED: Final = re.compile(r"\$\{\s*([^!${}][^${}]*?)\s*\}")
_OPAQUE: Final = ("AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Stack", "Custom::")
"""The beginnings of the types whose attributes are not known before they are deployed."""


class Outside:
    """What a template takes from outside.

    Args:
        template: The template.
        made_up: The parameters that have a made-up value.
    """

    def __init__(self, template: Template, made_up: Collection[str]) -> None:
        self._template = template
        self._parameters: Final = frozenset(template.source.parameters)
        self._made_up: Final = frozenset(made_up)

    @property
    def has_made_up(self) -> bool:
        """Whether a parameter has a made-up value."""
        return bool(self._made_up)

    def parameters_in(self, raw: Any) -> list[str]:
        """Return the parameters that a part of a template names, not evaluated."""
        return [name for name in _names_in(raw) if name in self._parameters]

    @staticmethod
    def names_in(raw: Any) -> set[str]:
        """Return the logical IDs and parameters that a part of a template names, not evaluated."""
        return set(_names_in(raw))

    def is_in(self, raw: Any) -> bool:
        """Return whether a part of a template, not evaluated, takes something from outside."""
        return self._has(raw, self._parameters)

    def is_made_up_in(self, raw: Any) -> bool:
        """Return whether a part of a template, not evaluated, takes a value from outside that was not given."""
        return self._has(raw, self._made_up)

    def _has(self, raw: Any, parameters: frozenset[str]) -> bool:
        if any(name in parameters or self._is_opaque(name) for name in _names_in(raw)):
            return True
        return any(
            DYNAMIC in part or MARK in part
            if isinstance(part, str)
            else isinstance(part, Mapping) and ("Fn::ImportValue" in part or "Fn::Transform" in part)
            for part in _parts_of(raw)
        )

    def _is_opaque(self, name: str) -> bool:
        declared = self._template.resources.get(name)
        return declared is not None and declared.type.startswith(_OPAQUE)


def _parts_of(raw: Any) -> Iterator[Any]:
    """Yield a part of a template, and all that is in it."""
    yield raw
    if isinstance(raw, Mapping | list):
        for part in raw.values() if isinstance(raw, Mapping) else raw:
            yield from _parts_of(part)


def _names_in(raw: Any) -> Iterator[str]:
    """Yield the logical IDs and parameters that the intrinsic functions in a part of a template name."""
    for part in _parts_of(raw):
        if not isinstance(part, Mapping):
            continue
        reference, attribute, text = (part.get(name) for name in ("Ref", "Fn::GetAtt", "Fn::Sub"))
        if isinstance(reference, str):
            yield reference
        if isinstance(attribute, list) and attribute:
            yield str(attribute[0])
        elif isinstance(attribute, str):
            yield attribute.partition(".")[0]
        if isinstance(text, list) and text:
            text = text[0]
        for name in _SUBSTITUTED.findall(text) if isinstance(text, str) else ():
            yield name.partition(".")[0]
