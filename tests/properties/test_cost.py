"""Twice the event, twice the pattern or twice the rules cost about twice the time, whatever their shape."""

import json
from datetime import UTC, datetime

import pytest

from eventmock import pattern
from eventmock.event.entry import event_of
from eventmock.transform.input_shape import InputShape

TOO_SHORT = 0.002
"""Seconds: what takes less than this grows by what surrounds it."""


@pytest.fixture
def even(grows_evenly):
    """A function that sees that cost grows evenly from an eighth of a size to the size."""

    def even(function, made, size):
        grows_evenly(function, made(size // 8), made(size), too_short=TOO_SHORT)

    return even


def detail(value):
    return json.dumps({"detail": value}, separators=(",", ":"))


EVENTS = {
    "many names": lambda size: detail({f"k{index}": 1 for index in range(size // 8)}),
    "many numbers": lambda size: detail({"v": [1] * (size // 4)}),
    "long numbers": lambda size: detail({"v": [10**999 - 1] * (size // 1000)}),
    "huge exponents": lambda size: f'{{"detail":{{"v":[{",".join(["1e999999999"] * (size // 12))}]}}}}',
    "one long text": lambda size: detail({"v": "a" * size}),
    "escapes": lambda size: f'{{"detail":{{"v":"{chr(92)}n{(chr(92) + "ud800") * (size // 6)}"}}}}',
    "repeated names": lambda size: (
        f'{{"detail":{{{",".join([chr(34) + "v" + chr(34) + ":1"] * (size // 6))}}}}}'
    ),
    "names full of dots": lambda size: detail({"." * size: 1}),
    "deep, with long names": lambda size: (
        '{"detail":' + f'{{"{"n" * 60}":' * (size // 64) + "1" + "}" * (size // 64) + "}"
    ),
    "deep, and wide at the bottom": lambda size: (
        '{"detail":{"v":' + "[" * 500 + "[1]," * (size // 4) + "1" + "]" * 500 + "}}"
    ),
}
PATTERNS = {
    "one value": ["x"],
    "many prefixes": [{"prefix": "a" * length + "b"} for length in range(60)],
    "many suffixes without case": [
        {"suffix": {"equals-ignore-case": "a" * length + "b"}} for length in range(30)
    ],
    "ranges": [{"numeric": [">", low, "<", low + 2]} for low in range(2, 80)],
    "blocks": [{"cidr": f"10.{part}.0.0/16"} for part in range(100)],
    "excluded": [{"anything-but": ["a", *(f"x{number}" for number in range(300))]}],
    "stars": [{"wildcard": "*a*b*c*d"}],
}


@pytest.mark.parametrize("wanted", PATTERNS)
@pytest.mark.parametrize("shape", EVENTS)
def test_of_the_event(even, shape, wanted):
    compiled = pattern.compile({"detail": {"v": PATTERNS[wanted]}})
    patterns = pattern.PatternSet()
    patterns.add("p", compiled)

    def judge(text):
        event = pattern.read_event(text)
        compiled.matches(event)
        patterns.matching(event)
        compiled.explain(event)

    even(judge, EVENTS[shape], 50_000)


LISTS = {
    "exact": lambda count: [f"x{number}" for number in range(count)],
    "prefix": lambda count: [{"prefix": f"x{number}"} for number in range(count)],
    "suffix": lambda count: [{"suffix": f"{number}x"} for number in range(count)],
    "equals-ignore-case": lambda count: [{"equals-ignore-case": f"x{number}"} for number in range(count)],
    "numeric": lambda count: [{"numeric": [">", number, "<", number + 1]} for number in range(9, 9 + count)],
    "cidr": lambda count: [{"cidr": f"10.{number}.0.0/16"} for number in range(count)],
    "anything-but": lambda count: [{"anything-but": [f"x{number}" for number in range(count)]}],
}


@pytest.mark.parametrize("kind", LISTS)
def test_of_the_pattern(even, kind):
    event = pattern.read_event(detail({"v": ["x1", 5, "11.0.0.1", "y"] * 500}))

    def judge(terms):
        compiled = pattern.compile({"detail": {"v": terms}})
        compiled.matches(event)
        compiled.explain(event)

    even(judge, LISTS[kind], 96)


def test_of_the_rules(even):
    def judge(count):
        patterns = pattern.PatternSet()
        for number in range(count):
            patterns.add(f"r{number}", {"detail": {"v": {"a": [str(number % 50)], "b": [{"exists": False}]}}})
        patterns.matching({"detail": {"v": [{"a": str(index), "b": 1} for index in range(50)]}})

    even(judge, int, 800)


def test_of_paths_into_an_event(even, seconds):
    names = "$.detail" + ".a" * 100
    shape = InputShape.from_target(
        {
            "InputTransformer": {
                "InputPathsMap": {f"p{number}": names for number in range(100)},
                "InputTemplate": '{"x": "<p1>"}',
            }
        }
    )

    def text(size):
        return '{"detail":' + '{"a":' * 101 + json.dumps(["x"] * (size // 4)) + "}" * 101 + "}"

    even(shape.dead_ends, text, 200_000)
    assert seconds(shape.dead_ends, text(200_000), enough=0.5) <= 0.5


def test_of_an_entry(even):
    def entry(size):
        return {
            "Source": "shop",
            "DetailType": "order",
            "Detail": json.dumps({"v": [{"a": "b"}] * (size // 12)}),
        }

    def read(given):
        event_of(given, event_id="1", account="1", region="r", now=datetime(2026, 1, 1, tzinfo=UTC))

    even(read, entry, 200_000)
