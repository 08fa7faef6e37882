from __future__ import annotations

from dataclasses import dataclass

import pytest

from eventmock.parts.part import KeptDict, KeptSet, Settings


@dataclass(slots=True, kw_only=True)
class Weather(Settings):
    """Settings."""

    wind: int = 3
    rain: bool = False


@pytest.mark.parametrize(
    ("kept", "change"),
    [
        (KeptDict(a=1), lambda kept: kept.update(a=2, b=3)),
        (KeptSet("a"), lambda kept: kept.add("b")),
        (Weather(wind=5), lambda weather: setattr(weather, "wind", 9)),
    ],
    ids=["dict", "set", "settings"],
)
def test_what_is_kept_comes_back_as_often_as_wanted(kept, change):
    before = repr(kept)
    restore = kept.save()
    for _ in range(2):
        change(kept)
        assert repr(kept) != before
        restore()
        assert repr(kept) == before


def test_settings_that_are_cleared_have_their_defaults():
    weather = Weather(wind=9, rain=True)
    weather.clear()
    assert weather == Weather()


class Watched(KeptDict[str, int]):
    """Looks at itself whenever it is changed, as another thread may."""

    seen: bool = True

    def update(self, *args, **kwargs):
        super().update(*args, **kwargs)
        self.seen = self.seen and "stays" in self

    def __delitem__(self, key):
        super().__delitem__(key)
        self.seen = self.seen and "stays" in self

    def clear(self):
        super().clear()
        self.seen = False


def test_what_stays_is_there_at_any_time():
    watched = Watched(stays=1, goes=2)
    restore = watched.save()
    del watched["goes"]
    watched["new"] = 3
    restore()
    assert watched == {"stays": 1, "goes": 2}
    assert watched.seen


@pytest.mark.parametrize("kept", [KeptDict(a=1), KeptSet("a")])
def test_what_was_saved_is_brought_back_again_and_again(kept):
    before = kept.copy()
    restore = kept.save()
    for _ in range(2):
        kept.clear()
        restore()
        assert kept == before


def test_a_dictionary_may_become_itself():
    kept = KeptDict(a=1)
    kept.become(kept)
    assert kept == {"a": 1}


def test_a_setting_that_does_not_exist_is_refused_before_its_value_is_looked_at():
    weather = Weather()
    with pytest.raises(AttributeError) as caught:
        weather.wnd = object()
    assert str(caught.value) == "settings.wnd: did you mean 'wind'?"
