from __future__ import annotations

from eventmock.patch.attributes import WrappedAttributes


class Owner:
    def method(self):
        return "original"


def louder(wrapped, _instance, args, kwargs):
    return wrapped(*args, **kwargs) + "!"


def test_what_was_there_is_given_back():
    original = vars(Owner)["method"]
    attributes = WrappedAttributes()
    attributes.wrap(Owner, "method", louder)
    assert Owner().method() == "original!"
    attributes.restore()
    assert vars(Owner)["method"] is original


def test_twice_wrapped_is_given_back_in_reverse_order():
    original = vars(Owner)["method"]
    attributes = WrappedAttributes()
    attributes.wrap(Owner, "method", louder)
    attributes.wrap(Owner, "method", louder)
    assert Owner().method() == "original!!"
    attributes.restore()
    assert vars(Owner)["method"] is original


def test_somebody_else_s_wrapper_around_ours_is_left_in_place(monkeypatch):
    attributes = WrappedAttributes()
    original = vars(Owner)["method"]
    attributes.wrap(Owner, "method", louder)
    ours = Owner.method
    monkeypatch.setattr(Owner, "method", lambda self: ours(self) + "?")
    theirs = vars(Owner)["method"]
    attributes.restore()
    assert vars(Owner)["method"] is theirs
    assert Owner().method() == "original!?"
    Owner.method = original


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
