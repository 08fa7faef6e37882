from __future__ import annotations

import sys
import textwrap
from contextlib import ExitStack

from eventmock.mock.caller import place_of_caller, places_of_test

HERE = __file__


def line():
    """The line of the caller."""
    return sys._getframe(1).f_lineno


def test_it_is_the_innermost_line_of_the_tester_s_own_code():
    assert place_of_caller() == f"{HERE}:{line()}"


def test_the_standard_library_is_passed_over():
    found = []
    with ExitStack() as stack:
        stack.callback(lambda: found.append(place_of_caller()))
        within = line()
    assert found == [f"{HERE}:{within - 1}"]


def test_the_line_of_the_test_is_the_outermost_one():
    def application():
        return places_of_test(), line()

    ((here, test), at), called_at = application(), line()
    assert (here, test) == (f"{HERE}:{at}", f"{HERE}:{called_at}")


def test_both_are_the_same_without_anything_between():
    here, test = places_of_test()
    assert here == test


def test_code_that_is_installed_is_passed_over_unless_there_is_no_other(tmp_path):
    code = "def call(function):\n    return function()\n"
    installed: dict = {}
    exec(compile(code, str(tmp_path / "site-packages" / "library.py"), "exec"), installed)  # noqa: S102 - a file of this name
    assert installed["call"](place_of_caller) == f"{HERE}:{line()}"


def test_where_there_is_only_installed_code_it_is_named(tmp_path, pytester):
    pytester.makepyfile(
        helper=textwrap.dedent("""
            from eventmock.mock.caller import place_of_caller

            source = "def pytest_runtest_setup(item):\\n    item.config.found = place_of_caller()\\n"
            names = {"place_of_caller": place_of_caller}
            exec(compile(source, "/x/site-packages/library.py", "exec"), names)
            pytest_runtest_setup = names["pytest_runtest_setup"]
        """)
    )
    pytester.makepyfile("""
        def test_it(request):
            assert request.config.found == "/x/site-packages/library.py:2"
    """)
    pytester.syspathinsert()
    options = ("-p", "helper", "-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function")
    pytester.runpytest_inprocess(*options).assert_outcomes(passed=1)
