from __future__ import annotations

import inspect
import sys
import types
from unittest.mock import DEFAULT, Mock, patch

import pytest

from eventmock.mock.patch.attributes import WrappedAttributes


class Owner:
    def method(self):
        return "original"

    @property
    def size(self):
        return 3


def louder(wrapped, _instance, args, kwargs):
    return wrapped(*args, **kwargs) + "!"


@pytest.fixture(autouse=True)
def _leaves_no_trace():
    method, code = vars(Owner)["method"], vars(Owner)["method"].__code__
    yield
    assert vars(Owner)["method"] is method
    assert (method.__code__, method.__kwdefaults__, vars(method)) == (code, None, {})


@pytest.fixture
def attributes():
    attributes = WrappedAttributes()
    yield attributes
    attributes.restore()


class TestOwnFunctions:
    """What the class or module defines itself keeps its place."""

    def test_it_is_the_same_function_all_the_time(self, attributes):
        original = vars(Owner)["method"]
        attributes.wrap(Owner, "method", louder)
        assert vars(Owner)["method"] is original
        assert Owner().method() == "original!"
        attributes.restore()
        assert vars(Owner)["method"] is original
        assert Owner().method() == "original"

    def test_twice_wrapped_is_given_back_in_reverse_order(self, attributes):
        attributes.wrap(Owner, "method", louder)
        attributes.wrap(Owner, "method", louder)
        assert Owner().method() == "original!!"

    def test_a_property_is_wrapped_by_its_getter(self, attributes):
        held = vars(Owner)["size"]
        attributes.wrap(Owner, "size", lambda wrapped, _instance, args, kwargs: -wrapped(*args, **kwargs))
        assert Owner().size == -3
        attributes.restore()
        assert vars(Owner)["size"] is held
        assert Owner().size == 3

    def test_arguments_defaults_and_the_instance_are_as_ever(self, attributes):
        class Adder:
            def add(self, one, other=2, *rest, third=3, **more):
                return self, one, other, rest, third, more

        adder, seen = Adder(), []

        def see(wrapped, instance, args, kwargs):
            seen.append((instance, args, kwargs))
            return wrapped(*args, **kwargs)

        attributes.wrap(Adder, "add", see)
        assert adder.add(1) == (adder, 1, 2, (), 3, {})
        assert adder.add(1, 5, 6, third=7, more=8) == (adder, 1, 5, (6,), 7, {"more": 8})
        assert seen == [(adder, (1,), {}), (adder, (1, 5, 6), {"third": 7, "more": 8})]
        attributes.restore()
        assert adder.add(1) == (adder, 1, 2, (), 3, {})
        assert Adder.add.__kwdefaults__ == {"third": 3}

    def test_its_signature_is_its_own(self, attributes):
        attributes.wrap(Owner, "method", louder)
        assert str(inspect.signature(Owner.method)) == "(self)"

    def test_a_coroutine_function_is_still_one(self, attributes):
        class Waiter:
            async def wait(self):
                return "waited"

        async def more(wrapped, _instance, args, kwargs):
            return await wrapped(*args, **kwargs) + "!"

        attributes.wrap(Waiter, "wait", more)
        assert inspect.iscoroutinefunction(Waiter.wait)
        with pytest.raises(StopIteration) as stopped:
            Waiter().wait().send(None)
        assert stopped.value.value == "waited!"

    def test_a_module_s_function(self, attributes, monkeypatch):
        module = types.ModuleType("made_up")
        exec("def shout():\n    return 'module'", vars(module))  # noqa: S102 - a module needs code of its own
        monkeypatch.setitem(sys.modules, "made_up", module)
        attributes.wrap(module, "shout", louder)
        assert module.shout() == "module!"

    def test_a_patch_that_is_put_over_it_and_outlives_it_gives_the_function_back(self, attributes):
        for _ in range(3):
            attributes.wrap(Owner, "method", louder)
            patching = patch.object(Owner, "method", Mock(return_value="patched"))
            patching.start()
            attributes.restore()
            assert Owner().method() == "patched"
            patching.stop()

    def test_somebody_s_wrapper_around_it_goes_on_without_ours(self, attributes, monkeypatch):
        attributes.wrap(Owner, "method", louder)
        inner = Owner.method
        monkeypatch.setattr(Owner, "method", lambda self: inner(self) + "?")
        assert Owner().method() == "original!?"
        attributes.restore()
        assert Owner().method() == "original?"
        monkeypatch.undo()

    def test_a_class_that_a_reload_has_made_anew_is_wrapped_as_well(self, attributes, monkeypatch):
        class Anew:
            def method(self):
                return "anew"

        attributes.wrap(Owner, "method", louder)
        monkeypatch.setattr(sys.modules[__name__], "Owner", Anew)
        attributes.renew()
        attributes.renew()
        assert Anew().method() == "anew!"
        attributes.restore()
        assert Anew().method() == "anew"
        monkeypatch.undo()

    def test_a_class_of_a_module_that_was_imported_again_is_wrapped_as_well(self, attributes, monkeypatch):
        class Anew:
            def method(self):
                return "anew"

        again = types.ModuleType(__name__)
        again.Owner = Anew
        attributes.wrap(Owner, "method", louder)
        attributes.renew_imported()
        monkeypatch.setitem(sys.modules, __name__, again)
        attributes.renew_imported()
        assert Anew().method() == "anew!"
        monkeypatch.undo()


class TestPatchesOfOthers:
    """What somebody has put in the place of a function before is wrapped, and left where it is."""

    def test_it_is_wrapped_and_given_back(self, attributes):
        with patch.object(Owner, "method", Mock(return_value="patched")) as patched:
            attributes.wrap(Owner, "method", louder)
            assert Owner().method() == "patched!"
            attributes.restore()
            assert vars(Owner)["method"] is patched

    def test_when_it_ends_first_the_function_under_it_is_wrapped(self, attributes):
        attributes.wrap(Owner, "method", louder)
        attributes.restore()
        with patch.object(Owner, "method", Mock(return_value="patched")):
            attributes.wrap(Owner, "method", louder)
        assert Owner().method() == "original!"

    def test_a_patch_inside_is_not_wrapped(self, attributes):
        attributes.wrap(Owner, "method", louder)
        with patch.object(Owner, "method", Mock(return_value="patched")):
            attributes.renew()
            assert Owner().method() == "patched"

    def test_what_cannot_be_called_is_left_alone(self, attributes):
        with patch.object(Owner, "size", 5):
            attributes.wrap(Owner, "size", louder)
            assert Owner().size == 5

    def test_a_wrapper_that_comes_back_does_not_stack_and_is_taken_out(self, attributes):
        with patch.object(Owner, "method", Mock(return_value="patched")) as patched:
            for _ in range(5):
                attributes.wrap(Owner, "method", louder)
                over = patch.object(Owner, "method", DEFAULT)
                over.start()
                attributes.restore()
                over.stop()
                assert vars(Owner)["method"].__wrapped__ is patched
            attributes.wrap(Owner, "method", louder)
            assert Owner().method() == "patched!"
            attributes.restore()
            assert vars(Owner)["method"] is patched


class TestReplace:
    def test_it_is_given_back(self, attributes):
        held = vars(Owner)["size"]
        attributes.replace(Owner, "size", property(lambda _self: 4))
        assert Owner().size == 4
        attributes.restore()
        assert vars(Owner)["size"] is held

    def test_what_comes_back_after_the_end_is_taken_out_and_not_kept_under_the_next(self, attributes):
        held = vars(Owner)["size"]
        for _ in range(3):
            attributes.replace(Owner, "size", property(lambda _self: 4))
            over = patch.object(Owner, "size", 5)
            over.start()
            attributes.restore()
            over.stop()
        attributes.replace(Owner, "size", property(lambda _self: 4))
        attributes.restore()
        assert vars(Owner)["size"] is held


class TestAdd:
    def test_it_is_there_for_the_while(self, attributes):
        attributes.add(Owner, "more", 1)
        assert Owner.more == 1
        attributes.restore()
        assert not hasattr(Owner, "more")


class TestFill:
    def test_a_key_that_is_not_there_is_there_for_the_while(self):
        mapping, attributes = {"a": 1}, WrappedAttributes()
        attributes.fill(mapping, "b", 2)
        assert mapping == {"a": 1, "b": 2}
        attributes.restore()
        assert mapping == {"a": 1}

    def test_a_key_that_is_there_is_left_alone(self):
        mapping, attributes = {"a": None}, WrappedAttributes()
        attributes.fill(mapping, "a", 2)
        assert mapping == {"a": None}
        attributes.restore()
        assert mapping == {"a": None}

    def test_what_somebody_else_put_there_since_is_left_in_place(self):
        mapping, attributes = {}, WrappedAttributes()
        attributes.fill(mapping, "a", 1)
        mapping["a"] = "theirs"
        attributes.restore()
        assert mapping == {"a": "theirs"}

    def test_what_somebody_else_took_away_since_stays_away(self):
        mapping, attributes = {}, WrappedAttributes()
        attributes.fill(mapping, "a", 1)
        mapping.clear()
        attributes.restore()
        assert mapping == {}
