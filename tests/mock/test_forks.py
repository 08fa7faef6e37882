"""A process that is forked while mocks are active."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import boto3
import pytest

import eventmock
from eventmock import mock_events
from eventmock.deployment.stack import Stacks
from eventmock.mock import forks
from eventmock.mock.mock_events import _lock as lock_of_mocks

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning"),
]

LONGEST = 60
"""Seconds until a child that waits for ever is ended, and has failed."""


def in_child(work, meanwhile=lambda: None):
    """Run something in a forked child, and give what it says to the standard error; it fails if it hangs or raises.

    The parent does something meanwhile.
    """
    end, begin = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(LONGEST)
        os.dup2(begin, 2)
        os.close(end)
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told to the parent
            os.write(2, f"{error!r}".encode())
            os._exit(1)
        os._exit(0)
    os.close(begin)
    meanwhile()
    with os.fdopen(end, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, said
    return said


class BusyThreads:
    """Threads that do something again and again, but for times of rest."""

    def __init__(self, work, count):
        self._work = work
        self._may_work, self._done, self._over = threading.Event(), threading.Semaphore(0), False
        self._failed = []
        self._threads = [threading.Thread(target=self._repeat) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def _repeat(self):
        try:
            while self._may_work.wait() and not self._over:
                self._work()
                self._done.release()
        except BaseException as error:  # noqa: BLE001 - told by the test
            self._failed.append(error)
            self._done.release()

    def work(self):
        """Have them work, and return when they are in the midst of it."""
        self._done = threading.Semaphore(0)
        self._may_work.set()
        for _ in range(3 * len(self._threads)):
            assert self._done.acquire(timeout=LONGEST)

    def rest(self):
        self._may_work.clear()

    def end(self):
        self._over = True
        self._may_work.set()
        for thread in self._threads:
            thread.join()
        assert self._failed == []


@contextmanager
def threads_that(work, count=3):
    threads = BusyThreads(work, count)
    try:
        yield threads
    finally:
        threads.end()


def in_children(child, count, threads):
    """Run something in some children, each forked while the threads work. Nobody needs these while the child runs."""
    for _ in range(count):
        threads.work()
        in_child(child, meanwhile=threads.rest)


def put_and_see(backend, order):
    """Put an event in a child and see that it, and only it, was added and delivered."""
    before = {event.event_id for event in backend.events}
    backend.client().put_events(Entries=[order])
    [new] = [event for event in backend.events if event.event_id not in before]
    assert [delivery.status for delivery in new.deliveries] == ["delivered"]


LOCKS = {
    "mocks": lambda _state: lock_of_mocks,
    "a state": lambda state: state.lock,
    "a clock": lambda state: state.clock.own_lock,
    "faults": lambda state: state.faults.own_lock,
}


@pytest.mark.parametrize("lock_of", LOCKS.values(), ids=LOCKS)
def test_a_fork_waits_for_the_thread_that_has_a_lock(events_backend, monkeypatch, lock_of):
    lock, fork = lock_of(events_backend.state), os.fork
    has_it, about_to_fork, done = threading.Event(), threading.Event(), []

    def hold():
        with lock:
            has_it.set()
            assert about_to_fork.wait(LONGEST)
            done.append("what a child must not see half done")

    def tell_and_fork():
        about_to_fork.set()
        return fork()

    def child():
        assert done == ["what a child must not see half done"]
        assert lock.acquire(timeout=LONGEST)

    forks._import_all(eventmock)  # or it would give the other thread the time that it needs
    monkeypatch.setattr(os, "fork", tell_and_fork)
    holder = threading.Thread(target=hold)
    holder.start()
    assert has_it.wait(LONGEST)
    in_child(child)
    holder.join()


def test_no_child_hangs_while_other_threads_are_inside_the_mock(events, events_backend, order):
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    events_backend.target("r")

    def child():
        for event in events_backend.events:
            assert event.envelope is not None  # no request is half done
            assert len(event.deliveries) == 1
        put_and_see(events_backend, order)

    with threads_that(lambda: events.put_events(Entries=[order])) as threads:
        in_children(child, 50, threads)


def test_a_child_may_start_and_stop_mocks_while_other_threads_do(order):
    def use():
        with mock_events(isolated=True) as backend:
            backend.client().put_events(Entries=[order])

    with threads_that(use) as threads:
        in_children(use, 20, threads)


def test_a_child_may_move_the_clock_while_another_thread_moves_it(order):
    with mock_events(start_time="2026-01-01") as backend:
        events = backend.client()
        events.put_rule(Name="r", ScheduleExpression="rate(1 minute)")
        backend.target("r")

        def child():
            before = len(backend.events)
            backend.clock.advance(minutes=5)
            assert len(backend.events) >= before + 5

        with threads_that(lambda: backend.clock.advance(minutes=1), count=1) as threads:
            in_children(child, 20, threads)


def test_a_move_of_another_thread_ends_in_the_child_at_the_moment_that_it_has_reached():
    with mock_events(start_time="2026-01-01") as backend:
        called, may_go_on = threading.Event(), threading.Event()

        def wait(_event):
            called.set()
            assert may_go_on.wait(LONGEST)

        backend.client().put_rule(Name="r", ScheduleExpression="rate(1 hour)")
        backend.target("r", wait)
        mover = threading.Thread(target=backend.clock.advance, kwargs={"hours": 3})
        mover.start()
        assert called.wait(LONGEST)

        def child():
            may_go_on.set()
            assert backend.clock.now().hour == 1
            backend.clock.advance(hours=2)
            assert [one.status for one in backend.deliveries] == ["pending", "delivered", "delivered"]

        try:
            in_child(child)
        finally:
            may_go_on.set()
            mover.join()
        assert [one.status for one in backend.deliveries] == ["delivered"] * 3


def test_a_target_may_fork_and_the_child_goes_on_from_there(events, events_backend, order):
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    events_backend.target("r", lambda _event: in_child(events.list_rules))
    events.put_events(Entries=[order])
    assert events_backend.deliveries[0].status == "delivered"


def test_what_a_child_puts_stays_in_it_and_it_says_so_once(events, events_backend, order):
    def child():
        events.put_events(Entries=[order])
        events.put_events(Entries=[order])

    said = in_child(child)
    assert said.count("eventmock:") == said.count("\n") == 1
    assert f"was forked from process {os.getpid()} inside a mock, and uses a copy of it" in said
    assert f"what it puts stays in it, and process {os.getpid()} never sees it" in said
    assert events_backend.events == []


def test_a_child_that_does_not_use_the_mock_says_nothing(events_backend):
    assert in_child(lambda: None) == ""


def test_a_mock_that_the_child_starts_itself_is_its_own_and_says_nothing(events_backend, order):
    def child():
        with mock_events(isolated=True) as backend:
            backend.client().put_events(Entries=[order])

    assert in_child(child) == ""


def test_the_parent_s_report_says_how_many_there_were(events_backend):
    assert "forked" not in events_backend.report()
    in_child(lambda: None)
    in_child(lambda: None)
    assert "processes forked inside the mock: 2; what they put stays in them" in events_backend.report()


def test_a_child_s_child_says_so_too(events, order):
    def child():
        assert "was forked from process" in in_child(lambda: events.put_events(Entries=[order]))

    in_child(child)


def test_multiprocessing_by_fork(events_backend, order):
    with threads_that(lambda: events_backend.client().list_rules()) as threads:
        threads.work()
        context = multiprocessing.get_context("fork")
        child = context.Process(target=_put, args=[order])
        child.start()
        child.join(LONGEST)
    assert child.exitcode == 0


def _put(order):
    signal.alarm(LONGEST)
    boto3.client("events").put_events(Entries=[order])


def test_a_subprocess_is_none_of_its_affairs(events_backend):
    done = subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("1\n", "")
    assert "forked" not in events_backend.report()


def test_without_a_mock_a_fork_is_as_ever():
    with mock_events() as backend:
        pass
    in_child(lambda: None)
    assert backend.state.lifetime.forks == 0


IN_THE_MIDDLE_OF_AN_IMPORT = """
import os
import signal
import sys
import threading
from importlib.machinery import PathFinder

from eventmock import mock_events

NAME = "eventmock.backend.report.mermaid"
is_importing, may_go_on = threading.Event(), threading.Event()


class Waiting:
    def find_spec(self, name, path=None, target=None):
        if name == NAME:
            spec = PathFinder.find_spec(name, path)
            load = spec.loader.exec_module

            def load_later(module):
                is_importing.set()
                may_go_on.wait()
                load(module)

            spec.loader.exec_module = load_later
            return spec
        if name.startswith("eventmock.") and threading.current_thread() is threading.main_thread():
            may_go_on.set()


with mock_events() as backend:
    sys.meta_path.insert(0, Waiting())
    thread = threading.Thread(target=backend.report, args=["mermaid"])
    thread.start()
    is_importing.wait()
    child = os.fork()
    if child == 0:
        signal.alarm(LONGEST)
        backend.report("mermaid")
        os._exit(0)
    may_go_on.set()
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""


def test_a_child_can_import_what_another_thread_is_importing():
    """Python never unlocks, in the child, a module that another thread of the parent is importing."""
    program = IN_THE_MIDDLE_OF_AN_IMPORT.replace("LONGEST", str(LONGEST))
    subprocess.run([sys.executable, "-c", program], check=True)


ONCE = """
import os
hooks = []
os.register_at_fork = lambda **given: hooks.extend(
    name for name, hook in given.items() if hook.__module__.startswith("eventmock")
)
import eventmock.mock.mock_events
from eventmock import mock_events
assert hooks == []
for _ in range(3):
    with mock_events():
        pass
assert sorted(hooks) == ["after_in_child", "after_in_parent", "before"], hooks
"""


def test_the_hooks_are_registered_once_when_the_first_mock_starts():
    subprocess.run([sys.executable, "-c", ONCE], check=True)


TEMPLATE = {"Resources": {"Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}}}}


def test_a_child_deploys_a_template_while_its_parent_was_deploying(events_backend):
    stacks = events_backend.state.settings(Stacks)
    with stacks.lock:
        in_child(lambda: events_backend.deploy(TEMPLATE, stack="shop"))
    assert events_backend.deploy(TEMPLATE, stack="shop")["Bus"].name == "orders"


def test_a_fork_without_pyyaml_imports_what_a_thread_that_deploys_may_need(monkeypatch, events_backend):
    events_backend.deploy(TEMPLATE, stack="shop")
    for name in ("yaml", "eventmock.templates.yaml_reader"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "yaml", None)
    monkeypatch.setattr(forks, "_has_imported_all", False)
    resting = threading.Event()
    thread = threading.Thread(target=resting.wait)
    thread.start()
    try:
        in_child(lambda: events_backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}'))
    finally:
        resting.set()
        thread.join()
    assert forks._has_imported_all
