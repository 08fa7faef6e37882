"""The checks of the ``Transformer`` of a subscriber.

Source: custom-event-bus section 7.2. Documented: JSONATA needs an expression; a universal target refuses any
transformer, and a Classic event bus takes RAW only. Inferred: the texts; an expression is refused with another type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.services.custom_event_bus import errors
from eventmock.services.custom_event_bus.expressions import check
from eventmock.services.custom_event_bus.transformer import JSONATA, RAW, Transformer
from eventmock.target_kinds.universal_target import OF_SUBSCRIBERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.target_kinds import TargetKind


def transformer_of(given: Mapping[str, Any] | None, kind: TargetKind) -> Transformer:
    """Return the transformer of a ``Transformer``; None is RAW.

    Raises:
        AwsError: The target does not take it, JSONATA has no expression, or the expression does not parse.
        OptionError: There is an expression, and the package that reads it is not installed.
    """
    if given is None:
        return Transformer()
    if kind is OF_SUBSCRIBERS:
        raise errors.invalid("Transformer is not supported when TargetArn is a USI target")
    type_ = given.get("Type", RAW)
    if kind.name == "event bus" and type_ != RAW:
        raise errors.invalid(
            f"Transformer.Type {type_} is not supported for an event bus target: it takes RAW only"
        )
    expression = given.get("JsonataConfiguration", {}).get("Expression")
    if type_ != JSONATA:
        if expression is not None:
            raise errors.invalid(
                "Transformer.JsonataConfiguration must not be provided unless Type is JSONATA"
            )
        return Transformer(type_)
    if expression is None:
        raise errors.invalid("Transformer.JsonataConfiguration is required when Type is JSONATA")
    why = check(expression)
    if why is not None:
        raise errors.invalid(
            "Transformer.JsonataConfiguration.Expression is not a valid JSONata expression", hint=why
        )
    return Transformer(type_, expression)


def shown_transformer(transformer: Transformer, kind: TargetKind) -> dict[str, Any] | None:
    """Return the ``Transformer`` of a transformer; None for a universal target, which has none."""
    if kind is OF_SUBSCRIBERS:
        return None
    shown: dict[str, Any] = {"Type": transformer.type}
    if transformer.expression is not None:
        shown["JsonataConfiguration"] = {"Expression": transformer.expression}
    return shown
