"""What the tests of a broken shop share."""

from __future__ import annotations

import re
import time

import pytest

from eventmock import mock_events
from eventmock.mock.mock_events import MOST_LINES

from .deployed import OPTIONS, deploy

HEAD = "----- eventmock (eu-west-1) -----"


@pytest.fixture
def told(monkeypatch):
    """A function that breaks a part of the shop, runs a test of the team, and gives what pytest tells of the failure.

    That is the error, after its cause, and the section of the plugin. Of places in code, only the file's name is kept.
    How often botocore has tried a request is cut, because its versions differ in that.
    """

    def told(test, part, **broken):
        for name, value in broken.items():
            monkeypatch.setattr(part, name, value)
        own = {key: value for mark in getattr(test, "pytestmark", ()) for key, value in mark.kwargs.items()}
        with pytest.raises(Exception) as caught, mock_events(**OPTIONS | own) as backend:  # noqa: PT011 - any failure is looked at whole
            test(deploy(backend))
        lines = [*_errors(caught.value), HEAD, backend.report(max_lines=MOST_LINES)]
        text = re.sub(r" \((reached max retries: \d|\d times)\)", "", "\n".join(lines))
        return re.sub(r"at \S*?(\w+\.py):\d+", r"at \1", text) + "\n"

    return told


def _errors(error):
    if error.__cause__ is not None:
        yield from _errors(error.__cause__)
        yield "The above exception was the direct cause of the following exception:"
    yield f"{type(error).__name__}: {error}"


@pytest.fixture
def new_york(monkeypatch):
    """The local time of New York, in this month five hours behind UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()
