from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from botocore.loaders import Loader

DOCS = Path(__file__).parents[1] / "docs"


def test_the_page_on_coverage_is_what_the_code_says():
    if "UpdateEventBus" not in Loader().load_service_model("events", "service-2")["operations"]:
        pytest.skip("the page counts the operations of a newer botocore")
    written = runpy.run_path(str(DOCS / "write_coverage.py"))
    text = (DOCS / "coverage.md").read_text("utf-8")
    assert text == written["page"](), "run: python docs/write_coverage.py"
