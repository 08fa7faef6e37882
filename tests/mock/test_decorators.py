"""`mock_events` on everything it can decorate."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import subprocess
import sys
import unittest

import boto3
import pytest

from eventmock import MockStateError, OptionError, current_backend, mock_events
from eventmock.mock.active_mocks import active_backends


def is_mocked():
    return bool(active_backends()) and boto3.client("events").list_rules()["Rules"] == []


@mock_events
def bare(number, *, factor=1):
    """Doc."""
    assert is_mocked()
    return number * factor


@mock_events()
def with_parentheses():
    return is_mocked()


@mock_events(region="eu-west-1")
def with_options():
    return boto3.client("events").meta.region_name


@mock_events
async def coroutine():
    await asyncio.sleep(0)
    return is_mocked()


@mock_events
def generator():
    sent = yield is_mocked()
    while sent != "stop":
        sent = yield sent
    return is_mocked()


@mock_events
async def async_generator():
    try:
        sent = yield is_mocked()
        while sent != "stop":
            sent = yield sent
    except KeyError:
        yield is_mocked()


class Holder:
    @mock_events
    def method(self):
        return self, is_mocked()

    @mock_events
    @classmethod
    def class_method(cls):
        return cls, is_mocked()

    @mock_events
    @staticmethod
    def static_method():
        return is_mocked()

    @classmethod
    @mock_events
    def class_method_above(cls):
        return cls, is_mocked()

    @staticmethod
    @mock_events
    def static_method_above():
        return is_mocked()


@pytest.fixture(autouse=True)
def _nothing_stays_active():
    before = active_backends()
    yield
    assert active_backends() == before


def test_a_function_without_parentheses():
    assert bare(3, factor=2) == 6


def test_a_function_with_parentheses():
    assert with_parentheses()


def test_a_function_with_options():
    assert with_options() == "eu-west-1"


def test_a_decorated_function_still_looks_like_itself():
    assert bare.__name__ == "bare"
    assert bare.__doc__ == "Doc."
    assert str(inspect.signature(bare)) == "(number, *, factor=1)"


def test_an_exception_of_the_function_stops_the_mock():
    @mock_events
    def fail():
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        fail()


def test_each_call_has_a_backend_of_its_own():
    @mock_events
    def backend():
        return current_backend()

    assert backend() is not backend()


def test_a_recursive_function_joins_itself():
    @mock_events
    def deep(level):
        backends = [current_backend()]
        return backends + deep(level - 1) if level else backends

    assert len(set(map(id, deep(3)))) == 1


def test_a_coroutine_function_stays_one():
    assert inspect.iscoroutinefunction(coroutine)
    made = coroutine()
    assert active_backends() == []
    assert asyncio.run(made)


def test_coroutines_side_by_side_are_mocked():
    async def both():
        return await asyncio.gather(coroutine(), coroutine())

    assert asyncio.run(both()) == [True, True]


def test_a_generator_keeps_the_mock_until_its_end():
    assert inspect.isgeneratorfunction(generator)
    made = generator()
    assert active_backends() == []
    assert next(made) is True
    assert active_backends() != []
    assert made.send("echo") == "echo"
    with pytest.raises(StopIteration) as stopped:
        made.send("stop")
    assert stopped.value.value is True
    assert active_backends() == []


def test_a_generator_that_is_closed_stops_the_mock():
    made = generator()
    next(made)
    made.close()
    assert active_backends() == []


def test_an_async_generator_keeps_the_mock_until_its_end():
    assert inspect.isasyncgenfunction(async_generator)

    async def use():
        made = async_generator()
        assert await anext(made) is True
        assert active_backends() != []
        assert await made.asend("echo") == "echo"
        with pytest.raises(StopAsyncIteration):
            await made.asend("stop")
        assert active_backends() == []

    asyncio.run(use())


def test_an_async_generator_that_is_closed_stops_the_mock():
    async def use():
        made = async_generator()
        await anext(made)
        await made.aclose()
        assert active_backends() == []

    asyncio.run(use())


def test_an_exception_thrown_into_an_async_generator_reaches_it():
    async def use():
        made = async_generator()
        await anext(made)
        assert await made.athrow(KeyError()) is True
        await made.aclose()

    asyncio.run(use())


def test_an_async_context_manager():
    @contextlib.asynccontextmanager
    @mock_events
    async def managed():
        yield current_backend()

    async def use():
        async with managed() as backend:
            assert current_backend() is backend

    asyncio.run(use())


def test_methods():
    holder = Holder()
    assert holder.method() == (holder, True)
    assert Holder.class_method() == (Holder, True)
    assert holder.class_method() == (Holder, True)
    assert Holder.static_method()
    assert holder.static_method()
    assert Holder.class_method_above() == (Holder, True)
    assert Holder.static_method_above()


@pytest.mark.parametrize("number", [1, 2])
@mock_events
def test_a_parametrized_test(number, order):
    assert is_mocked()
    assert number in (1, 2)
    assert order["Source"] == "shop"


@pytest.fixture
@mock_events
def client_from_a_fixture_that_yields():
    yield boto3.client("events")


def test_a_fixture_that_yields_keeps_the_mock(client_from_a_fixture_that_yields):
    assert client_from_a_fixture_that_yields.list_rules()["Rules"] == []


@pytest.mark.asyncio
@mock_events
async def test_an_async_test():
    assert is_mocked()


def test_above_a_fixture_it_is_refused():
    with pytest.raises(OptionError, match=r"goes below @pytest\.fixture"):

        @mock_events
        @pytest.fixture
        def fixture():
            pass


def test_what_is_no_function_is_refused():
    with pytest.raises(OptionError, match="decorates functions and classes, not 'text'"):
        mock_events()("text")


@mock_events
class Service:
    """No test class."""

    region = "untouched"

    def __init__(self):
        self.made_outside = not active_backends()

    def call(self):
        return is_mocked()

    @classmethod
    def make(cls):
        return cls, is_mocked()

    @staticmethod
    def static():
        return is_mocked()

    async def call_async(self):
        return is_mocked()

    @property
    def made(self):
        return self.made_outside


def test_a_plain_class_has_its_methods_mocked_one_by_one():
    service = Service()
    assert isinstance(service, Service)
    assert service.made
    assert service.call()
    assert Service.make() == (Service, True)
    assert Service.static()
    assert asyncio.run(service.call_async())
    assert Service.region == "untouched"


def run_case(case, *names):
    result = unittest.TestResult()
    unittest.TestSuite(map(case, names)).run(result)
    assert not result.errors, result.errors[0][1]
    assert not result.failures, result.failures[0][1]
    return result


def buses():
    return [bus["Name"] for bus in boto3.client("events").list_event_buses()["EventBuses"]]


class TestUnittest:
    def test_a_test_case_is_mocked_from_class_set_up_to_class_tear_down(self):
        seen = []

        @mock_events
        class Case(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                boto3.client("events").create_event_bus(Name="class")

            def setUp(self):
                boto3.client("events").create_event_bus(Name="method")

            def test_one(self):
                seen.append(buses())
                boto3.client("events").create_event_bus(Name="one")

            def test_two(self):
                seen.append(buses())

            def tearDown(self):
                seen.append("torn down" if is_mocked() else "not mocked")

            @classmethod
            def tearDownClass(cls):
                seen.append(buses()[0])

        run_case(Case, "test_one", "test_two")
        assert seen == [
            ["class", "default", "method"],
            "torn down",
            ["class", "default", "method"],
            "torn down",
            "class",
        ]

    def test_an_async_test_case(self):
        seen = []

        @mock_events
        class Case(unittest.IsolatedAsyncioTestCase):
            async def asyncSetUp(self):
                boto3.client("events").create_event_bus(Name="set-up")

            async def test_one(self):
                seen.append(buses())

            async def test_two(self):
                seen.append(buses())

        run_case(Case, "test_one", "test_two")
        assert seen == [["default", "set-up"], ["default", "set-up"]]

    def test_a_failing_class_set_up_stops_the_mock(self):
        @mock_events
        class Case(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                raise KeyError

            def test_one(self):
                pass

        result = unittest.TestResult()
        unittest.TestSuite([Case("test_one")]).run(result)
        assert len(result.errors) == 1
        assert active_backends() == []

    def test_a_subclass_that_forgets_super_is_mocked_test_by_test(self):
        seen = []

        @mock_events
        class Base(unittest.TestCase):
            pass

        class Case(Base):
            @classmethod
            def setUpClass(cls):
                pass

            def test_one(self):
                seen.append(is_mocked())

        run_case(Case, "test_one")
        assert seen == [True]

    def test_debugging_a_test_case_is_mocked(self):
        seen = []

        @mock_events
        class Case(unittest.TestCase):
            def test_one(self):
                seen.append(is_mocked())

        Case("test_one").debug()
        assert seen == [True]

    def test_a_test_method_alone(self):
        class Case(unittest.TestCase):
            @mock_events
            def test_one(self):
                assert is_mocked()

        run_case(Case, "test_one")


@mock_events
class TestPlainClass:
    """A decorated class that pytest collects: the tests below run in this order."""

    made_in_class_set_up = None

    @classmethod
    def setup_class(cls):
        cls.made_in_class_set_up = boto3.client("events").create_event_bus(Name="class")["EventBusArn"]

    def setup_method(self):
        boto3.client("events").create_event_bus(Name="method")

    @pytest.fixture
    def bus(self):
        boto3.client("events").create_event_bus(Name="fixture")
        return "fixture"

    def test_set_up_code_is_inside(self, bus):
        assert buses() == ["class", "default", "fixture", "method"]
        boto3.client("events").create_event_bus(Name="left-behind")

    def test_what_a_test_did_is_undone(self):
        assert buses() == ["class", "default", "method"]

    @mock_events
    def test_a_decorated_method_joins(self):
        assert buses() == ["class", "default", "method"]

    @classmethod
    def teardown_class(cls):
        assert "class" in buses()


class TestSubclass(TestPlainClass):
    """Inherited set-up and tests are mocked too."""


@mock_events
class TestClassWithoutSetUp:
    def test_one(self):
        assert buses() == ["default"]
        boto3.client("events").create_event_bus(Name="left-behind")

    def test_two(self):
        assert buses() == ["default"]


def test_outside_there_is_no_backend():
    with pytest.raises(MockStateError):
        current_backend()


class TestStrictClasses:
    ORDER = {"Source": "shop", "DetailType": "order", "Detail": "{}"}  # noqa: RUF012 - never changed

    def test_each_test_of_a_test_case_is_checked(self):
        @mock_events(strict=True)
        class Case(unittest.TestCase):
            def test_a(self):
                boto3.client("events").put_events(Entries=[TestStrictClasses.ORDER])

            def test_b(self):
                pass

            def test_c(self):
                boto3.client("events").put_events(Entries=[TestStrictClasses.ORDER])
                self.fail("by itself")

        result = unittest.TestResult()
        unittest.TestSuite(map(Case, ["test_a", "test_b", "test_c"])).run(result)
        assert [case.id().split(".")[-1] for case, _ in result.errors + result.failures] == [
            "test_a",
            "test_c",
        ]
        assert "matched nothing: there are no rules" in str(result.errors + result.failures)
        assert result.testsRun == 3


def test_a_wrapper_that_runs_a_coroutine_is_still_called():
    import functools

    ran = []

    def run_sync(function):
        @functools.wraps(function)
        def inner():
            return asyncio.run(function())

        return inner

    @mock_events
    @run_sync
    async def test():
        ran.append(is_mocked())

    test()
    assert ran == [True]


def test_a_context_manager_keeps_the_mock():
    @mock_events
    @contextlib.contextmanager
    def managed():
        yield is_mocked()

    with managed():
        pass


def test_an_object_that_is_called_as_a_coroutine():
    class Callable:
        async def __call__(self):
            await asyncio.sleep(0)
            return is_mocked()

    assert asyncio.run(mock_events(Callable())())


@mock_events
class TestStaticSetUp:
    @staticmethod
    def setup_class():
        boto3.client("events").create_event_bus(Name="class")

    def test_it_is_inside(self):
        assert buses() == ["class", "default"]


@mock_events
class TestBase:
    pass


class TestSubclassThatForgetsSuper(TestBase):
    @classmethod
    def setup_class(cls):
        boto3.client("events").create_event_bus(Name="class")

    def test_it_is_mocked(self):
        assert buses() == ["class", "default"]
        boto3.client("events").create_event_bus(Name="left-behind")

    def test_what_a_test_did_is_undone(self):
        assert buses() == ["class", "default"]


class TestSubclassThatCallsSuper(TestPlainClass):
    @classmethod
    def setup_class(cls):
        super().setup_class()
        boto3.client("events").create_event_bus(Name="sub")

    def test_set_up_code_is_inside(self, bus):
        assert buses() == ["class", "default", "fixture", "method", "sub"]

    def test_what_a_test_did_is_undone(self):
        assert buses() == ["class", "default", "method", "sub"]

    def test_a_decorated_method_joins(self):
        assert buses() == ["class", "default", "method", "sub"]


def run_unittest(directory, source):
    (directory / "test_it.py").write_text(source)
    return subprocess.run(
        [sys.executable, "-m", "unittest", "test_it"],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )


def test_unittest_without_pytest_is_mocked(tmp_path):
    run = run_unittest(
        tmp_path,
        """
import sys, unittest, boto3
from eventmock import mock_events

@mock_events
class CaseTest(unittest.TestCase):
    def test_it(self):
        self.assertEqual(boto3.client("events").list_rules()["Rules"], [])
        self.assertNotIn("pytest", sys.modules)
""",
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    "test",
    [
        "@mock_events\nclass ItTest(unittest.TestCase):\n    def test_it(self):\n        put()\n        self.fail()",
        "@mock_events\nclass ItTest(unittest.IsolatedAsyncioTestCase):\n"
        "    async def test_it(self):\n        put()\n        self.fail()",
        "class ItTest(unittest.TestCase):\n    @mock_events\n    def test_it(self):\n"
        "        put()\n        with mock_events():\n            self.fail()",
        "class ItTest(unittest.IsolatedAsyncioTestCase):\n    async def test_it(self):\n"
        "        async with mock_events():\n            put()\n            self.fail()",
    ],
)
def test_unittest_without_pytest_is_told_what_happened_once(tmp_path, test):
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
    beginning = (
        "import unittest, boto3\nfrom eventmock import mock_events\n\n"
        f"def put():\n    boto3.client('events').put_events(Entries=[{entry}])\n\n"
    )
    run = run_unittest(tmp_path, beginning + test)
    assert run.returncode == 1
    assert run.stderr.count("\neventmock (us-east-1)\n") == 1
    assert run.stderr.count('PutEvents  order from shop on "default"   no rules') == 1


def test_an_error_that_is_no_failed_assertion_is_left_as_it_is():
    with pytest.raises(ZeroDivisionError) as caught, mock_events():
        _ = 1 / 0
    assert not hasattr(caught.value, "__notes__")


def test_a_test_case_is_as_it_was_after_its_run():
    @mock_events
    class Case(unittest.TestCase):
        def test_it(self):
            assert is_mocked()

    case = Case("test_it")
    before = set(vars(case))
    assert case.run().wasSuccessful()
    assert set(vars(case)) <= before | {"_outcome"}


class TestIsolatedClasses:
    """A class that is decorated with isolated=True has one backend, which its tests join."""

    def test_a_test_case_s_tests_see_what_its_class_set_up_made(self):
        @mock_events(isolated=True)
        class Case(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                boto3.client("events").create_event_bus(Name="shared")

            def test_it(self):
                assert boto3.client("events").describe_event_bus(Name="shared")

        result = unittest.TestResult()
        with mock_events():
            unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
        assert (result.testsRun, result.failures, result.errors) == (1, [], [])

    def test_a_pytest_class_s_methods_share_a_backend_while_the_class_runs(self):
        @mock_events(isolated=True)
        class TestIt:
            @classmethod
            def setup_class(cls):
                boto3.client("events").create_event_bus(Name="shared")

            def test_it(self):
                return boto3.client("events").describe_event_bus(Name="shared")

        with mock_events():
            TestIt.setup_class()
            assert TestIt().test_it()["Name"] == "shared"
            TestIt.teardown_class()

    def test_each_call_of_another_class_s_method_has_its_own(self):
        @mock_events(isolated=True)
        class Helper:
            def make(self):
                boto3.client("events").create_event_bus(Name="again")
                return True

        assert Helper().make()
        assert Helper().make()
