"""A module of eventmock is imported once, also if another library removes it from `sys.modules`."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from textwrap import dedent

import pytest

from eventmock.known_modules import KnownModules, install


@pytest.fixture
def run_python():
    """A function that runs a program in a process of its own, without pytest."""

    def run(program):
        process = subprocess.run(
            [sys.executable, "-c", dedent(program)], check=False, capture_output=True, text=True
        )
        assert process.returncode == 0, process.stderr

    return run


@pytest.mark.parametrize(
    "name", ["eventmock.trace", "eventmock.backend.report", "eventmock.services.events.rules"]
)
def test_a_module_that_was_removed_from_sys_modules_comes_back_as_it_was(name, monkeypatch):
    before = import_module(name)
    spec, loader = before.__spec__, before.__loader__
    monkeypatch.delitem(sys.modules, name)
    after = import_module(name)
    assert after is before
    assert (after.__spec__, after.__loader__) == (spec, loader)


def test_a_mock_keeps_what_it_has_when_modules_are_removed_in_the_middle(run_python):
    run_python(
        """
        import sys
        from unittest.mock import patch

        from eventmock import mock_events

        with mock_events() as backend:
            client = backend.client()
            with patch.dict(sys.modules, {"a_library_that_is_not_installed": object()}):
                bus = client.describe_event_bus()["Arn"]
                client.put_rule(Name="r", EventPattern='{"source": ["s"]}')
                client.create_archive(ArchiveName="a", EventSourceArn=bus)
            assert "eventmock.services.events.archives" not in sys.modules
            assert [archive["ArchiveName"] for archive in client.list_archives()["Archives"]] == ["a"]
            client.put_events(Entries=[{"Source": "s", "DetailType": "t", "Detail": "{}"}])
            assert [rule.name for rule in backend.events[0].matching] == ["Events-Archive-a", "r"]
            assert client.describe_archive(ArchiveName="a")["EventCount"] == 1
        """
    )


def test_a_module_can_be_reloaded(run_python):
    """Also while pytest finds our modules, which is shown without pytest: a reloaded module has other classes."""
    run_python(
        """
        from importlib import import_module, reload

        from eventmock.plugin.own_modules import OwnModules

        for begin in (lambda: None, OwnModules):
            begin()
            module = import_module("eventmock.history.attempt")
            loader, before = type(module.__loader__), module.Attempt
            assert reload(module) is module
            assert module.Attempt is not before
            assert type(module.__loader__) is loader
        """
    )


def test_eventmock_that_is_imported_again_as_a_whole_is_another_one(run_python):
    run_python(
        """
        import sys

        import eventmock
        import eventmock.exceptions

        before = eventmock.exceptions, list(sys.meta_path)
        for name in [name for name in sys.modules if name.partition(".")[0] == "eventmock"]:
            del sys.modules[name]
        import eventmock.exceptions

        assert eventmock.exceptions is not before[0]
        assert len(sys.meta_path) == len(before[1])
        """
    )


def test_other_modules_are_left_to_others():
    finder = KnownModules()
    assert finder.find_spec("json.decoder") is None
    assert finder.find_spec("eventmock.no_such_module") is None
    assert finder.find_spec("eventmock.no_such_package.module") is None


def test_the_finder_is_installed_once(monkeypatch):
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    install()
    install()
    assert [type(finder) for finder in sys.meta_path].count(KnownModules) == 1


def test_modules_that_were_removed_are_there_again_when_a_mock_starts(run_python):
    run_python(
        """
        import sys
        from unittest.mock import patch

        import eventmock

        with patch.dict(sys.modules):
            from eventmock import mock_events

            with mock_events():
                import eventmock.clock
        assert "eventmock.clock" not in sys.modules
        with mock_events():
            assert sys.modules["eventmock.clock"] is eventmock.clock
        assert sys.modules["eventmock.state"] is eventmock.state
        """
    )


def test_modules_that_a_test_has_removed_are_there_again_before_the_next(pytester):
    pytester.makepyfile(
        test_it="""
        import sys
        from eventmock import mock_events

        def test_that_removes():
            with mock_events():
                pass
            del sys.modules["eventmock.clock"]

        def test_that_comes_next():
            assert "eventmock.clock" in sys.modules
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=2)
