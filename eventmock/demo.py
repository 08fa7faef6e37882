"""PLACEHOLDER"""


def run() -> None:
    """X."""
