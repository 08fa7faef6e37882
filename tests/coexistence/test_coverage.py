"""coverage.py measures code that uses the mock and, where it begins before pytest, what the plugin loads early."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from eventmock import options

pytest.importorskip("coverage")

SHOP = """\
import boto3


def sell(state):
    entry = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "%s"}' % state}
    return boto3.client("events").put_events(Entries=[entry])


def ship(event):
    return event["detail"]


def never():
    return None
"""

TEST = """
import shop

def test_it(events_backend):
    events_backend.client().put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
    events_backend.target("ship", shop.ship)
    assert shop.sell("PAID")["FailedEntryCount"] == 0
"""


def test_code_and_plugin_are_measured(tmp_path):
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "test_shop.py").write_text(TEST)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    for command in (
        ["run", "--source=shop,eventmock", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        ["json", "-q", "-o", "measured.json", "--include=shop.py,*/eventmock/options.py"],
    ):
        run = [sys.executable, "-m", "coverage", *command]
        subprocess.run(run, cwd=tmp_path, env=environment, check=True, capture_output=True)
    files = json.loads((tmp_path / "measured.json").read_text())["files"]
    lines = {Path(name).name: set(found["executed_lines"]) for name, found in files.items()}
    assert lines["shop.py"] == {1, 4, 5, 6, 9, 10, 13}
    assert _line_of("from __future__ import annotations", options.__file__) in lines["options.py"]


def _line_of(text, file):
    return Path(file).read_text(encoding="utf-8").splitlines().index(text) + 1
