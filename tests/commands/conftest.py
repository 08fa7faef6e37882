"""What tests of commands share."""

from __future__ import annotations

import io
import json
import sys
from textwrap import dedent

import pytest

from eventmock.__main__ import main


@pytest.fixture
def command(capsys, monkeypatch, tmp_path):
    """A function that runs a command in an empty directory and gives its exit code, its output and its errors."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments, standard_input=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(standard_input)))
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = ended.code
        return code, *capsys.readouterr()

    return command


@pytest.fixture
def template(command, tmp_path):
    """A function that writes a template as JSON, and returns the name of the file."""

    def write(name="template.json", *, parameters=None, **resources):
        document = {"Parameters": parameters or {}, "Resources": resources}
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
        return name

    return write


@pytest.fixture
def yaml(command, tmp_path):
    """A function that writes a file, and returns its name."""
    pytest.importorskip("yaml")

    def write(text, name="template.yaml"):
        (tmp_path / name).write_text(dedent(text), encoding="utf-8")
        return name

    return write
