"""What tests of commands share."""

from __future__ import annotations

import io
import sys

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
