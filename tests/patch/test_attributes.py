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
