"""What every test and example runs under: no network, no AWS configuration, no home directory.

Also runs every Python example of README.md, docs/ and the docstrings.
"""

from __future__ import annotations

import inspect
import os
import socket
from typing import TYPE_CHECKING

import boto3
import pytest
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser
from sybil.parsers.rest import DocTestParser

from eventmock import mock_events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sybil import Example

pytest_plugins = ["pytester"]


class NetworkTouched(Exception):  # noqa: N818 - it says what happened
    """A test came as far as a socket. No OSError, so that nothing takes it for an outage."""


@pytest.fixture(autouse=True, scope="session")
def _no_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    def refuse(*args: object, **_kwargs: object) -> None:
        raise NetworkTouched(f"a test tried to reach {args!r}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket.socket, "connect_ex", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        for name in list(os.environ):
            if name.startswith(("AWS_", "BOTO", "MOTO_")):
                patch.delenv(name)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        boto3.setup_default_session()
        yield


def run(example: Example) -> None:
    """Run a block of Python, then the tests it defines."""
    namespace = example.namespace
    before = set(namespace)
    code = compile("\n" * (example.line - 1) + example.parsed, example.path, "exec", dont_inherit=True)
    exec(code, namespace)  # noqa: S102 - running examples is what this is for
    for name in sorted(set(namespace) - before):
        if name.startswith("test_"):
            with mock_events() as backend:
                wanted = inspect.signature(namespace[name]).parameters
                namespace[name](**{"events_backend": backend} if wanted else {})


pytest_collect_file = (
    Sybil(parsers=[CodeBlockParser(language="python", evaluator=run)], patterns=["*.md"])
    + Sybil(parsers=[DocTestParser()], patterns=["*.py"], excludes=["tests/*", "benchmarks/*", "noxfile.py"])
).pytest()
