"""Handlers: how they are given, and how they are called."""

from __future__ import annotations

import os
import sys
import threading
from types import ModuleType

import pytest

from eventmock import OptionError
from eventmock.lambda_functions import handler as handlers

SHIP = "arn:aws:lambda:us-east-1:123456789012:function:ship"


class Callable:
    """A callable object."""

    def __call__(self, event, context):
        return [event["detail"]["n"], context.function_name]

    def method(self, event, context):
        return self(event, context)


class TestWhatIsAHandler:
    @pytest.mark.parametrize(
        "handler",
        [
            lambda event, context: [event["detail"]["n"], context.function_name],
            lambda event, context=None: [event["detail"]["n"], context.function_name],
            lambda *given: [given[0]["detail"]["n"], given[1].function_name],
            Callable(),
            Callable().method,
        ],
    )
    def test_whatever_can_be_called_with_an_event_and_a_context(self, shop, handler):
        ship = shop.backend.lambda_function("ship", handler)
        shop.put(n=7)
        assert ship.results == [[7, "ship"]]

    def test_a_decorated_function_stays_what_it_is(self, shop):
        @shop.backend.lambda_function("ship", retries=0)
        def ship(event, _context):
            return event["detail"]["n"]

        shop.put(n=7)
        assert ship({"detail": {"n": 1}}, None) == 1
        assert shop.backend.state.ledger.invocations[0].result == 7

    def test_18_a_function_of_the_event_alone_is_refused_and_told_where_it_goes(self, shop):
        def ship(event):
            return event

        with pytest.raises(OptionError) as refused:
            shop.backend.lambda_function("ship", ship)
        assert str(refused.value) == (
            "backend.lambda_function('ship'): ship(event) is called with two arguments, event and context; "
            "for a function of the event alone use backend.target(ARN, function)"
        )

    def test_18_coroutines_and_generators_are_refused(self, shop):
        async def coroutine(_event, _context): ...

        def generator(_event, _context):
            yield

        async def both(_event, _context):
            yield

        with pytest.raises(OptionError) as refused:
            shop.backend.lambda_function("ship", coroutine)
        assert str(refused.value) == (
            "backend.lambda_function('ship'): Lambda does not await what the coroutine function coroutine returns: "
            "give a plain function that runs it, as production needs one too: "
            "lambda event, context: asyncio.run(coroutine(event, context))"
        )
        for handler in (generator, both):
            with pytest.raises(OptionError) as refused:
                shop.backend.lambda_function("ship", handler)
            assert str(refused.value) == (
                "backend.lambda_function('ship'): Lambda does not iterate what the generator function "
                f"{handler.__name__} returns: have it return a value"
            )

    def test_a_decorator_without_a_name_is_refused(self, shop):
        with pytest.raises(OptionError, match=r"@backend.lambda_function\('ship'\)$"):

            @shop.backend.lambda_function
            def ship(_event, _context): ...

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            (("a b",), "wanted the name"),
            (("ship", {"retrys": 1}), "did you mean 'retries'"),
            (("ship", {"retries": 3}), "from 0 to 2"),
        ],
    )
    def test_a_decorator_is_checked_when_it_is_made(self, shop, given, why):
        name, *settings = given
        with pytest.raises(OptionError, match=why):
            shop.backend.lambda_function(name, **dict(*settings))

    @pytest.mark.parametrize("handler", [3, "ship", "shop ship", "shop..ship", ""])
    def test_anything_else_is_refused(self, shop, handler):
        with pytest.raises(OptionError, match=r"wanted a function"):
            shop.backend.lambda_function("ship", handler)


class TestPaths:
    @pytest.fixture(autouse=True)
    def module(self, monkeypatch):
        module = ModuleType("our_handlers")
        module.ship = lambda event, _context: event["detail"]["n"]
        module.old = lambda event: event
        monkeypatch.setitem(sys.modules, "our_handlers", module)

    @pytest.mark.parametrize("path", ["our_handlers.ship", "our_handlers:ship"])
    def test_the_function_is_imported_when_it_is_first_invoked(self, shop, path):
        ship = shop.backend.lambda_function("ship", path)
        shop.put(n=7)
        assert ship.results == [7]

    @pytest.mark.parametrize(
        ("path", "why"),
        [
            (
                "no_such_module.ship",
                "there is no module 'no_such_module'; sys.path of the test decides where modules are found",
            ),
            ("our_handlers.shipp", "our_handlers has no function 'shipp': did you mean 'ship'?"),
        ],
    )
    def test_a_path_that_leads_nowhere_fails_the_test(self, shop, path, why):
        shop.backend.lambda_function("ship", path)
        shop.put()
        with pytest.raises(OptionError) as error:
            shop.backend.check()
        assert str(error.value) == f"backend.lambda_function('ship'): handler={path!r}: {why}"

    def test_a_module_that_fails_while_it_is_imported_is_an_error_of_the_function(
        self, shop, tmp_path, monkeypatch
    ):
        (tmp_path / "broken_handlers.py").write_text("import no_such_library\n")
        monkeypatch.syspath_prepend(tmp_path)
        ship = shop.backend.lambda_function("ship", "broken_handlers.ship", retries=0)
        shop.put()
        assert ship.invocations[0].attempts[0].error == (
            "ModuleNotFoundError: No module named 'no_such_library'"
        )

    def test_a_handler_that_a_path_names_is_checked_when_it_is_found(self, shop):
        shop.backend.lambda_function("ship", "our_handlers.old")
        shop.put()
        with pytest.raises(OptionError, match="called with two arguments"):
            shop.backend.check()


class TestEnvironment:
    def test_it_is_left_alone_by_default(self, shop):
        before, seen = dict(os.environ), []
        shop.backend.lambda_function("ship", lambda _event, _context: seen.append(dict(os.environ)))
        shop.put()
        assert seen == [before]

    def test_a_mapping_and_the_variables_of_the_runtime_are_set_for_the_call_and_put_back(
        self, shop, monkeypatch
    ):
        monkeypatch.setenv("TABLE", "real")
        before, seen = dict(os.environ), {}
        ship = shop.backend.lambda_function(
            "ship",
            lambda _event, _context: seen.update(os.environ),
            environment={"TABLE": "orders", "MODE": "test"},
            region="eu-west-1",
            memory=256,
            aliases={"live": "3"},
        )
        shop.route(f"{ship.arn}:live")
        shop.put()
        added = {name: value for name, value in seen.items() if before.get(name) != value}
        stream = added.pop("AWS_LAMBDA_LOG_STREAM_NAME")
        assert stream.startswith("2026/01/01/[3]")
        assert added == {
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_FUNCTION_NAME": "ship",
            "AWS_LAMBDA_FUNCTION_VERSION": "3",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/ship",
            "AWS_REGION": "eu-west-1",
            "LAMBDA_TASK_ROOT": "/var/task",
            "MODE": "test",
            "TABLE": "orders",
        }
        assert dict(os.environ) == before

    def test_it_is_put_back_after_an_error(self, shop):
        before = dict(os.environ)

        def fail(_event, _context):
            os.environ["MODE"] = "other"
            raise ValueError("no stock")

        shop.backend.lambda_function("ship", fail, environment={"MODE": "test"}, retries=0)
        shop.put()
        assert dict(os.environ) == before

    def test_clients_that_the_handler_makes_are_in_the_region_of_the_function(self, shop):
        import boto3

        regions = []
        ship = shop.backend.lambda_function(
            "ship",
            lambda _event, _context: regions.append(boto3.client("events").meta.region_name),
            environment={},
            region="eu-west-1",
        )
        shop.route(ship.arn)
        shop.put()
        assert regions == ["eu-west-1"]

    def test_handlers_of_several_threads_never_see_each_others(self, shop):
        seen = []

        def note(event, _context):
            seen.append((event["detail"]["n"], os.environ["N"]))

        for n in range(3):
            arn = shop.backend.lambda_function(f"f{n}", note, environment={"N": str(n)}).arn
            shop.events.put_rule(Name=f"r{n}", EventPattern=f'{{"detail": {{"n": [{n}]}}}}')
            shop.events.put_targets(Rule=f"r{n}", Targets=[{"Id": "1", "Arn": arn}])
        threads = [threading.Thread(target=lambda n=n: [shop.put(n=n) for _ in range(20)]) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(seen) == 60
        assert all(str(n) == value for n, value in seen)

    def test_a_handler_does_not_wait_for_ever_for_another_threads(self, shop, monkeypatch):
        monkeypatch.setattr(handlers, "PATIENCE", 0.01)
        shop.backend.lambda_function("ship", lambda _event, _context: None, environment={"N": "1"})
        taken, done = threading.Event(), threading.Event()

        def hold():
            with handlers.environment({}):
                taken.set()
                done.wait(10)

        thread = threading.Thread(target=hold)
        thread.start()
        taken.wait(10)
        shop.put()
        done.set()
        thread.join()
        with pytest.raises(Exception, match=r"waited 0.01 seconds for a handler of another thread"):
            shop.backend.check()
