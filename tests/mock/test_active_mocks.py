"""Which mock answers a caller: each line of the rule in docs/mock.md."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest

from eventmock import MockStateError, NetworkBlocked, current_backend, mock_events
from eventmock.mock.active_mocks import active_backends

UNCLEAR = r"2 mocks are active, started at .*:\d+, and the caller \(a thread or task\) is inside none of them"


def in_new_thread(function):
    """What a function returns or raises in a thread that begins with an empty context."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(contextvars.Context().run, function).result()


def make_bus(name):
    """Make a bus, by a client of boto3's own, and tell which there are."""
    client = boto3.Session().client("events", region_name="us-east-1")
    client.create_event_bus(Name=name)
    return sorted(bus["Name"] for bus in client.list_event_buses()["EventBuses"])


class Meanwhile:
    """A thread of its own that is inside a mock until the block ends."""

    def __init__(self, mock):
        self._mock = mock
        self._is_inside, self._may_end = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=contextvars.Context().run, args=[self._run])

    def _run(self):
        with self._mock as self._backend:
            self._is_inside.set()
            self._may_end.wait(30)

    def __enter__(self):
        self._thread.start()
        assert self._is_inside.wait(30)
        return self._backend

    def __exit__(self, *_):
        self._may_end.set()
        self._thread.join()


class TestThreads:
    def test_each_has_the_backend_of_its_own_isolated_mock(self):
        barrier = threading.Barrier(4)

        def work(name):
            with mock_events(isolated=True):
                barrier.wait(30)
                buses = make_bus(name)
                barrier.wait(30)
                return buses

        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(work, "abcd"))
        assert found == [[name, "default"] for name in "abcd"]
        assert active_backends() == []

    def test_a_decorated_function_that_runs_in_several_has_a_backend_in_each(self):
        barrier = threading.Barrier(4)

        @mock_events(isolated=True)
        def work(name):
            barrier.wait(30)
            buses = make_bus(name)
            barrier.wait(30)
            return buses

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(work, "abcd")) == [[name, "default"] for name in "abcd"]

    def test_one_mock_that_several_enter_stops_for_each_what_it_started(self):
        shared, inside, ended = mock_events(isolated=True), threading.Barrier(2), threading.Event()

        def leave_first():
            with shared:
                inside.wait(30)
            ended.set()

        def leave_last():
            with shared as backend:
                inside.wait(30)
                ended.wait(30)
                return current_backend() is backend and make_bus("still")

        with ThreadPoolExecutor(2) as pool:
            last = pool.submit(leave_last)
            pool.submit(leave_first).result()
            assert last.result() == ["default", "still"]

    def test_one_that_is_in_none_is_answered_by_the_only_mock_plain_or_isolated(self):
        for isolated in (False, True):
            with mock_events(isolated=isolated) as backend:
                assert in_new_thread(current_backend) is backend

    def test_one_that_is_in_none_is_answered_by_the_innermost_of_mocks_inside_one_another(self):
        with mock_events(), mock_events(isolated=True) as inner, mock_events():
            assert in_new_thread(current_backend) is inner

    def test_one_that_is_in_none_of_several_is_refused(self):
        with mock_events(isolated=True), Meanwhile(mock_events(isolated=True)):
            for ask in (current_backend, lambda: make_bus("lost"), mock_events().start):
                with pytest.raises(MockStateError, match=UNCLEAR):
                    in_new_thread(ask)
            assert active_backends()[0].state.accounts.all == active_backends()[1].state.accounts.all == []

    def test_neither_is_one_whose_starter_may_be_in_a_plain_mock_or_in_another_s_isolated_one(self):
        with (
            mock_events(),
            Meanwhile(mock_events(isolated=True)),
            pytest.raises(MockStateError, match=UNCLEAR),
        ):
            in_new_thread(current_backend)

    def test_one_that_is_refused_may_have_a_mock_of_its_own(self):
        def work():
            with mock_events(isolated=True) as backend:
                return current_backend() is backend and make_bus("own")

        with mock_events(isolated=True), Meanwhile(mock_events(isolated=True)):
            assert in_new_thread(work) == ["default", "own"]

    def test_one_that_carries_the_context_along_is_inside(self):
        with mock_events(isolated=True) as backend, Meanwhile(mock_events(isolated=True)):
            assert in_new_thread(lambda: None) is None
            copied = contextvars.copy_context()
            assert in_new_thread(lambda: copied.run(current_backend)) is backend

    def test_nothing_of_a_refused_one_leaves(self):
        with mock_events(isolated=True), Meanwhile(mock_events(isolated=True)):
            client = boto3.client("sqs", region_name="us-east-1")
            with pytest.raises(NetworkBlocked, match="was about to leave the process: 2 mocks are active"):
                in_new_thread(client.list_queues)

    def test_a_region_that_no_mock_can_say_is_refused(self):
        with (
            mock_events(isolated=True),
            Meanwhile(mock_events(isolated=True)),
            pytest.raises(MockStateError, match=UNCLEAR),
        ):
            in_new_thread(lambda: boto3.Session().client("sqs"))

    def test_the_isolated_mock_of_one_thread_does_not_answer_another_that_is_in_a_mock(self):
        with mock_events() as own, Meanwhile(mock_events(isolated=True)) as other:
            assert current_backend() is own
            assert make_bus("own") == ["default", "own"]
            assert other.state.accounts.all == []

    def test_a_plain_mock_started_in_another_thread_joins_the_process_s(self):
        with mock_events() as own, Meanwhile(mock_events()) as other:
            assert other is own

    def test_a_context_of_its_own_without_a_mock_is_answered_by_the_mock_of_its_thread(self):
        # as that of unittest's IsolatedAsyncioTestCase, which is copied before the class begins
        early = contextvars.copy_context()
        with mock_events(isolated=True) as backend, Meanwhile(mock_events(isolated=True)):
            assert early.run(current_backend) is backend

    def test_a_mock_may_be_stopped_in_another_context_than_it_was_started_in(self):
        mock, other = mock_events(isolated=True), contextvars.copy_context()
        backend = other.run(mock.start)
        assert current_backend() is backend
        mock.stop()
        assert active_backends() == []
        with pytest.raises(MockStateError, match="no mock is active"):
            other.run(current_backend)


def run_tasks(*tasks):
    async def run():
        return await asyncio.gather(*(task() for task in tasks))

    return asyncio.run(run())


class TestTasks:
    def test_each_decorated_coroutine_has_the_backend_of_its_own_isolated_mock(self):
        @mock_events(isolated=True)
        async def work(name):
            await asyncio.sleep(0)
            buses = make_bus(name)
            await asyncio.sleep(0)
            return buses, current_backend()

        (one, first), (other, second) = run_tasks(lambda: work("a"), lambda: work("b"))
        assert (one, other) == (["a", "default"], ["b", "default"])
        assert first is not second

    def test_decorated_coroutines_that_overlap_share_a_plain_mock(self):
        @mock_events
        async def work():
            await asyncio.sleep(0)
            return current_backend()

        first, second = run_tasks(work, work)
        assert first is second

    def test_async_generators_of_tasks_keep_their_own(self):
        @mock_events(isolated=True)
        async def generate(name):
            yield make_bus(name)
            yield make_bus(f"{name}2")

        async def consume(name):
            found = []
            async for buses in generate(name):
                await asyncio.sleep(0)
                found.append(buses)
            return found[-1]

        assert run_tasks(lambda: consume("a"), lambda: consume("b")) == [
            ["a", "a2", "default"],
            ["b", "b2", "default"],
        ]
        assert active_backends() == []

    def test_a_task_and_to_thread_are_inside_the_mock_that_they_were_begun_in(self):
        async def work():
            async with mock_events(isolated=True) as backend:
                await asyncio.sleep(0)
                task = asyncio.create_task(ask())
                assert await asyncio.to_thread(current_backend) is backend
                return await task is backend

        async def ask():
            return current_backend()

        assert run_tasks(work, work) == [True, True]

    def test_a_thread_without_context_is_refused_where_tasks_are_in_several(self):
        async def stay_inside(entered, ended):
            async with mock_events(isolated=True):
                entered.set()
                await ended.wait()

        async def run():
            entered, ended = [asyncio.Event(), asyncio.Event()], asyncio.Event()
            tasks = [asyncio.create_task(stay_inside(one, ended)) for one in entered]
            for one in entered:
                await one.wait()
            try:
                with pytest.raises(MockStateError, match=UNCLEAR):
                    await asyncio.get_running_loop().run_in_executor(None, current_backend)
                with pytest.raises(MockStateError, match=UNCLEAR):
                    current_backend()
            finally:
                ended.set()
                await asyncio.gather(*tasks)

        asyncio.run(run())

    def test_a_plain_mock_of_one_task_is_not_covered_by_an_isolated_one_of_another(self):
        async def isolated(inside, ended):
            async with mock_events(isolated=True):
                inside.set()
                await ended.wait()

        async def run():
            inside, ended = asyncio.Event(), asyncio.Event()
            async with mock_events():
                other = asyncio.create_task(isolated(inside, ended))
                await inside.wait()
                try:
                    with pytest.raises(MockStateError, match=UNCLEAR):
                        await asyncio.get_running_loop().run_in_executor(None, current_backend)
                finally:
                    ended.set()
                    await other

        asyncio.run(run())

    def test_a_mock_around_the_loop_is_covered_by_that_of_the_only_task(self):
        async def run():
            async with mock_events(isolated=True) as inner:
                return await asyncio.get_running_loop().run_in_executor(None, current_backend) is inner

        with mock_events():
            assert asyncio.run(run())

    def test_a_fixture_whose_task_is_over_is_covered_too(self):
        mock = mock_events(isolated=True)

        async def start():
            mock.start()

        async def run():
            await asyncio.create_task(start())
            async with mock_events(isolated=True) as inner:
                return await asyncio.get_running_loop().run_in_executor(None, current_backend) is inner

        try:
            assert asyncio.run(run())
        finally:
            mock.stop()


def test_no_context_keeps_a_backend_alive(monkeypatch):
    monkeypatch.setattr("eventmock.mock.mock_events.observers", [])
    contexts = []
    with mock_events(isolated=True) as backend:
        contexts.append(contextvars.copy_context())
        held = weakref.ref(backend)
    del backend
    gc.collect()
    assert held() is None
    assert len(contexts) == 1
