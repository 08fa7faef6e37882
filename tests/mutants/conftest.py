"""What tests of mutants share: mistakes and outcomes that are made up, and a test-suite that is run with mistakes."""

from __future__ import annotations

import json
import sys
from textwrap import dedent
from typing import NamedTuple

import pytest

from eventmock.mutants.outcome import Outcome
from eventmock.mutants.trials import Rule
from eventmock.services.mutants import Mutant

RULE = Rule(
    kind="rule",
    label="shop/ship",
    place="shop",
    account="123456789012",
    region="us-east-1",
    names=("ship",),
    template=None,
    logical_id=None,
    line=None,
    targets=("sqs parcels",),
    is_active=True,
)
MUTANT = Mutant(
    kind="field dropped",
    harm="more",
    text="detail-type is missing",
    member="EventPattern",
    before='{"source": ["shop"], "detail-type": ["order"]}',
    after='{"source": ["shop"]}',
    change={},
    event={"source": "shop", "detail-type": "another"},
)
CONFTEST = """
from eventmock.services import events

object.__setattr__(events.SERVICE.face, "mutants", "mistakes")
"""
MISTAKES = """
import json
import os
import sys
import threading
import time
from dataclasses import replace

from eventmock.pattern import Pattern
from eventmock.services.mutants import Mutant

def disabled(record):
    return replace(record, state="DISABLED")

def takes_all(record):
    text = '{"source": [{"prefix": ""}]}'
    return replace(record, event_pattern=text, pattern=Pattern(text))

def hangs(record):
    threading.Event().wait()

def dies(record):
    os._exit(3)

def crashes(record):
    os.kill(os.getpid(), 9)

def raises(record):
    raise RuntimeError("a bug")

def proven(record):
    raise AssertionError("never tried")

class Mistakes:
    def mutants(self, subject):
        for function in (disabled, takes_all, hangs, dies, crashes, raises, proven):
            kind, harm = function.__name__, "silence" if function is disabled else "more"
            why = "nothing differs" if function is proven else None
            event = {"source": "other"} if function is takes_all else json.loads(subject.event or "null")
            yield Mutant(kind, harm, f"it {kind}", "State", None, kind, {"does": kind}, event, why)

    def alter(self, state, record, subject, mutant):
        return globals()[mutant.change["does"]](record) if record.name in subject.names else record

MUTANTS = Mistakes()
"""
"""A service's knowledge of mistakes, made up."""
TESTS = """
import boto3
import pytest

def rule(name="ship", source="shop"):
    boto3.client("events", "us-east-1").put_rule(Name=name, EventPattern='{"source": ["%s"]}' % source)

def put(source="shop"):
    entry = {"Source": source, "DetailType": "order", "Detail": "{}"}
    boto3.client("events", "us-east-1").put_events(Entries=[entry])

def matched(backend):
    return len(backend.deliveries)

"""
"""The beginning of each test file."""


class Done(NamedTuple):
    """A run of the command: its exit code, its JSON, its report, and all that it has printed."""

    code: int
    data: dict | None
    text: str
    errors: str

    @property
    def verdicts(self):
        """What became of each mutant, by rule and kind."""
        return {(one["rule"]["names"][0], one["kind"]): one["verdict"] for one in self.data["mutants"]}

    @property
    def report(self):
        """What is printed after pytest's own output."""
        return self.text.split("\n\n", 1)[1] if "\n\n" in self.text else ""


@pytest.fixture
def mutate(pytester, monkeypatch):
    """A function that writes a test file and searches for mutants that it does not notice."""

    def mutate(source, *options, pytest_options=(), own_mistakes=True, **files):
        if own_mistakes:
            files = {"conftest": CONFTEST + files.pop("conftest", ""), "mistakes": MISTAKES, **files}
        pytester.makepyfile(test_it=TESTS + dedent(source), **files)
        monkeypatch.setenv("PYTHONPATH", str(pytester.path))
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # the plugins of others take long to load
        done = pytester.run(
            *(sys.executable, "-m", "eventmock", "mutate", "--json", "out.json", *options, "--"),
            *(sys.executable, "-m", "pytest", "-q", "-p", "eventmock.plugin", "-p", "no:cacheprovider"),
            *pytest_options,
        )
        written = pytester.path / "out.json"
        data = json.loads(written.read_text("utf-8")) if written.exists() else None
        return Done(done.ret, data, done.stdout.str(), done.stderr.str())

    return mutate


@pytest.fixture
def mutant():
    """A function that makes up a mistake."""
    return MUTANT._replace


@pytest.fixture
def outcome():
    """A function that makes up what became of a mistake."""

    def outcome(verdict="unnoticed", *, rule=RULE, mutant=MUTANT, **members):
        return Outcome(rule, mutant, verdict, **{"tests": 2} | members)

    return outcome


@pytest.fixture
def rule():
    """A function that makes up a rule."""
    return RULE._replace
