"""While pytest runs, the modules of eventmock are imported as they were installed."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import SourceFileLoader

import pytest

from eventmock.plugin.own_modules import OwnModules


def test_a_run_inside_a_test_leaves_the_classes_of_the_mock_outside(pytester):
    """In a process of its own, in which the run inside is the first to import the code of an operation."""
    pytester.makepyfile(
        """
        import pytest

        pytest_plugins = "pytester"
        PUT_A_RULE = '''
        import boto3

        def test_it(events_backend):
            boto3.client("events", region_name="us-east-1").put_rule(Name="r", EventPattern='{"source": ["s"]}')
        '''

        def test_it(pytester, events_backend):
            pytester.makepyfile(PUT_A_RULE)
            pytester.inline_run().assertoutcome(passed=1)
            events_backend.quotas.rules_per_event_bus = 0
            client = events_backend.client()
            with pytest.raises(client.exceptions.LimitExceededException):
                client.put_rule(Name="another", EventPattern='{"source": ["s"]}')
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_modules_are_not_rewritten_by_pytest():
    assert type(import_module("eventmock.clock").__loader__) is SourceFileLoader


def test_other_modules_are_left_to_others(monkeypatch):
    finder = OwnModules()
    monkeypatch.delattr("eventmock.plugin.settings")
    try:
        assert sys.meta_path[0] is finder
        assert finder.find_spec("json.decoder") is None
        assert finder.find_spec("eventmock.plugin.settings") is None
    finally:
        finder.pytest_unconfigure()
    assert finder not in sys.meta_path


def test_a_module_that_does_not_exist_is_not_found():
    with pytest.raises(ModuleNotFoundError, match=r"eventmock\.no_such_module"):
        import_module("eventmock.no_such_module")
