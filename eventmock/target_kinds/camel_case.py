"""Conversion of EventBridge's names of members, which begin with a capital, to those of ECS and Batch, which do not."""

from __future__ import annotations

from typing import Any


def camel_case(value: Any) -> Any:
    """Return a value in which the names of all members begin with a small letter."""
    if isinstance(value, dict):
        return {f"{name[:1].lower()}{name[1:]}": camel_case(member) for name, member in value.items()}
    if isinstance(value, list):
        return [camel_case(item) for item in value]
    return value
