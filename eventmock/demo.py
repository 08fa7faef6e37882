"""PLACEHOLDER"""


def run() -> None:
    """x."""
