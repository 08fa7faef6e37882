"""Examples of aiobotocore, which pins botocore and so is not in the test group; `nox -s coexistence` has it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

DOCS = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip them where it is not installed."""
    if find_spec("aiobotocore") is not None:
        return
    for item in items:
        if item.path.parent == DOCS and "from aiobotocore" in str(item.example.parsed):
            item.add_marker(pytest.mark.skip(reason="aiobotocore is not installed"))
