"""The checks. Python versions and the oldest boto3 are those of pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import nox

PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = [found[1] for text in PROJECT["classifiers"] if (found := re.search(r":: (3\.\d+)$", text))]
OLDEST = next(found[1] for text in PROJECT["dependencies"] if (found := re.match(r"boto3>=([\d.]+)", text)))

FAILOVER = (
    *sorted(map(str, Path("tests/events").glob("test_*endpoint*.py"))),
    "tests/events/test_health_checks.py",
    "tests/events/test_outages.py",
    "tests/patch/test_signing.py",
    "tests/properties/test_failover.py",
    "docs/global-endpoints.md",
)

nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "typing", "docs", "tests"]


def _install(session: nox.Session, *groups: str) -> None:
    """Install the project as it stands, with dependency groups."""
    session.install("--upgrade", "pip", silent=True)
    arguments = [argument for group in groups for argument in ("--group", group)]
    session.install("--editable", ".", *arguments, silent=True)


@nox.session(python=PYTHONS)
@nox.parametrize("botocore", ["oldest", "newest"])
def tests(session: nox.Session, botocore: str) -> None:
    """The whole suite, on the oldest botocore that works or the newest there is."""
    _install(session, "test")
    if botocore == "oldest":
        session.install(f"boto3=={OLDEST}.0", f"botocore=={OLDEST}.0", silent=True)
    session.run("python", "-m", "pytest", "--numprocesses", "auto", "--dist", "loadfile", *session.posargs)


@nox.session
@nox.parametrize("botocore", ["oldest", "newest"])
def awscrt(session: nox.Session, botocore: str) -> None:
    """Failover where botocore can sign by SigV4a itself; the other sessions run it where it cannot."""
    _install(session, "test")
    session.install("awscrt", silent=True)
    if botocore == "oldest":
        session.install(f"boto3=={OLDEST}.0", f"botocore=={OLDEST}.0", silent=True)
    session.run("python", "-c", "import botocore.compat; assert botocore.compat.HAS_CRT")
    session.run("python", "-m", "pytest", *FAILOVER, *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Branch coverage; started before pytest, which loads the plugin early."""
    _install(session, "test")
    session.run("coverage", "run", "-m", "pytest", *session.posargs)
    session.run("coverage", "report")


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff."""
    _install(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def typing(session: nox.Session) -> None:
    """Mypy --strict over the package and what a typed user writes."""
    _install(session, "typing")
    session.run("mypy")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation, warnings being errors."""
    _install(session, "docs")
    session.run("sphinx-build", "-W", "--keep-going", "-b", "html", "docs", "docs/_build/html")


@nox.session
def fuzz(session: nox.Session) -> None:
    """A million random patterns and events."""
    _install(session)
    session.run("python", "tests/fuzz/patterns.py", *session.posargs)
