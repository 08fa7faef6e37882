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
