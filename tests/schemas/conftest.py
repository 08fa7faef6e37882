"""What the tests of schemas share."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

EXPORTS = Path(__file__).parent / "exports"


@pytest.fixture
def export():
    """A function that gives one of the documents that look as the Schema Registry exports them."""

    def export(name):
        return json.loads((EXPORTS / f"{name}.json").read_text("utf-8"))

    return export


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A function that writes files into the folder `schemas` of the working directory, JSON or text, by their paths."""
    monkeypatch.chdir(tmp_path)

    def folder(files):
        for name, content in files.items():
            path = tmp_path / "schemas" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, (str, bytes)) else json.dumps(content)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return Path("schemas")

    return folder


@pytest.fixture
def like():
    """A function that returns whether a text is as another one, in which a star stands for any characters."""

    def like(text, form):
        parts = map(re.escape, form.split("*"))
        return re.fullmatch(".*".join(parts), text, re.DOTALL) is not None or text == form

    return like
