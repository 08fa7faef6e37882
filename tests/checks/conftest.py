from __future__ import annotations

from textwrap import dedent

import pytest

from eventmock.checks.check import Around, check_all


@pytest.fixture
def checked(tmp_path, monkeypatch):
    """A function that checks a template of some text, in a file of that name in the working directory."""
    monkeypatch.chdir(tmp_path)

    def run(text, file="template.yaml", **around):
        (tmp_path / file).write_text(dedent(text).lstrip("\n"), "utf-8")
        return check_all([file], Around(**{"region": "us-east-1", **around}))[0]

    return run


@pytest.fixture
def found(checked):
    """A function that checks a template and returns what one rule finds in it."""

    def run(rule, text, *args, **around):
        return [one.found for one in checked(text, *args, **around).findings if one.rule == rule]

    return run
