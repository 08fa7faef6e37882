"""Every pattern of the installed service models is checked in linear time, and says what Python's ``re`` says."""

from __future__ import annotations

import re
import time
import unicodedata
from dataclasses import replace
from itertools import islice
from re import _compiler, _constants as constants, _parser as parser

import pytest
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from hypothesis import HealthCheck, given, settings, strategies as st

from eventmock.wire import AwsError
from eventmock.wire.service_model import Member, Shape
from eventmock.wire.validation import java_pattern, validate

SERVICES = ("events", "appintegrations", "scheduler", "eventbridgev2")
"""Those that we answer, and those that a later version may; an older botocore has not all of them."""

MOST_SECONDS = 0.05
UNLIMITED = 100_000
"""Characters of the longest text for a member whose model has no maximum."""

REPETITIONS = (constants.MAX_REPEAT, constants.MIN_REPEAT)
ENDINGS = ("", "\n", "é", "\0")
SAMPLES = "aA0_ \t\n\réß-./:%$*!~\x7f\0\u2028\U0001f600"


def patterns():
    """The patterns of the models, each with its shape's name and the longest text that a shape of it permits."""
    found = {}
    for service in SERVICES:
        try:
            model = Loader().load_service_model(service, "service-2")
        except UnknownServiceError:
            continue
        for name, shape in model["shapes"].items():
            if "pattern" in shape:
                known = found.setdefault(shape["pattern"], (f"{service}-{name}", 0))
                found[shape["pattern"]] = known[0], max(known[1], shape.get("max", UNLIMITED))
    return found


PATTERNS = patterns()


def in_python(pattern):
    """A pattern as ``re`` understands it, for texts of the sample characters."""
    text = re.sub(
        r"\\p\{(\w)\}",
        lambda found: "".join(one for one in SAMPLES if unicodedata.category(one).startswith(found[1])),
        pattern,
    )
    return re.sub(
        r"\\.|\[(?:\\.|[^\]\\])*\]|\.",
        lambda found: "[^\n\r\x85\u2028\u2029]" if found[0] == "." else found[0],
        text,
        flags=re.DOTALL,
    )


class Words:
    """Texts that are made of a pattern, not at random.

    Attributes:
        characters: One of each kind that the pattern tells apart.
    """

    def __init__(self, pattern):
        self.tree = parser.parse(in_python(pattern), re.ASCII)
        self._classes = {}
        known = sorted(set(SAMPLES) | set(self._bounds(self.tree)))
        for operation, argument in leaves(self.tree):
            one = _compiler.compile(parser.SubPattern(parser.State(), [(operation, argument)]), re.ASCII)
            self._classes[operation, str(argument)] = {text for text in known if one.fullmatch(text)}
        kinds = {tuple(text in read for read in self._classes.values()): text for text in known}
        self.characters = sorted(kinds.values())

    def _bounds(self, tree):
        for operation, argument in tree:
            if operation in (constants.LITERAL, constants.NOT_LITERAL):
                yield chr(argument)
            elif operation is constants.RANGE:
                yield from map(chr, argument)
            elif operation is constants.IN:
                yield from self._bounds(argument)
            else:
                for inner in inside(operation, argument):
                    yield from self._bounds(inner)

    def word(self, tree, wanted="a", times=0):
        """A short text that the tree reads, of the wanted character wherever that may be."""
        text = ""
        for operation, argument in tree:
            if operation in REPETITIONS:
                least, most, inner = argument
                text += self.word(inner, wanted, times) * max(least, min(times, most))
            elif operation in (constants.ASSERT, constants.ASSERT_NOT, constants.AT):
                continue
            elif operation is constants.BRANCH or operation is constants.SUBPATTERN:
                words = [self.word(inner, wanted, times) for inner in inside(operation, argument)]
                text += next((word for word in words if wanted in word), words[0])
            else:
                read = self._classes[operation, str(argument)]
                text += wanted if wanted in read else min(read, default="")
        return text

    def pumps(self, tree=None, before=""):
        """What may be repeated: (the text before a repetition, one round of it), for every repetition."""
        for operation, argument in self.tree if tree is None else tree:
            if operation in REPETITIONS and argument[1] > 1:
                rounds = dict.fromkeys(
                    self.word(argument[2], wanted, times) for times in (0, 1, 2) for wanted in self.characters
                )
                yield from ((before, one) for one in rounds if one)
            for inner in inside(operation, argument):
                yield from self.pumps(inner, before)
            before += self.word([(operation, argument)], times=1)


def leaves(tree):
    """The operations of a parse tree that read one character."""
    for operation, argument in tree:
        if operation in (constants.LITERAL, constants.NOT_LITERAL, constants.IN, constants.ANY):
            yield operation, argument
        for inner in inside(operation, argument):
            yield from leaves(inner)


def inside(operation, argument):
    """The trees inside an operation of a parse tree."""
    if operation in REPETITIONS:
        return [argument[2]]
    if operation is constants.BRANCH:
        return argument[1]
    if operation is constants.SUBPATTERN:
        return [argument[3]]
    return [argument[1]] if operation in (constants.ASSERT, constants.ASSERT_NOT) else []


def request_of_one(pattern, most):
    """The shape of a request that has one member, with the pattern."""
    unconstrained = Shape(
        name="Text",
        kind="string",
        pattern=None,
        minimum=None,
        maximum=None,
        enum=(),
        enum_in_any_case=False,
        sensitive=False,
        members=(),
        hidden_members=(),
        item=None,
        key=None,
    )
    text = replace(unconstrained, pattern=pattern, maximum=most)
    member = Member("Text", "Text", "text", "text", text, required=True, location="body")
    return replace(unconstrained, kind="structure", members=(member,))


def seconds_of(function, *arguments):
    start = time.thread_time()
    try:
        function(*arguments)
    except AwsError as error:
        assert "at 'text' failed to satisfy constraint" in error.message  # noqa: PT017 - both answers are right
    return time.thread_time() - start


@pytest.mark.parametrize(("pattern", "known"), PATTERNS.items(), ids=[name for name, _ in PATTERNS.values()])
def test_no_text_makes_a_pattern_slow(pattern, known):
    """Each repetition's rounds, repeated up to the longest permitted text, and then something that does not match."""
    _, longest = known
    shape = request_of_one(pattern, longest)
    java_pattern.cache_clear()
    for before, one in Words(pattern).pumps():
        pumped = (before + one * (longest // len(one)))[:longest]
        for ending in ENDINGS:
            request = {"Text": pumped[: longest - len(ending)] + ending}
            assert any(seconds_of(validate, shape, request) <= MOST_SECONDS for _ in range(3)), (
                f"{before!r} + {one!r}... + {ending!r}"
            )


@pytest.mark.parametrize(("pattern", "known"), PATTERNS.items(), ids=[name for name, _ in PATTERNS.values()])
def test_the_first_text_waits_for_no_long_preparation(pattern, known):
    def first():
        re.purge()
        java_pattern.cache_clear()
        return seconds_of(validate, request_of_one(pattern, known[1]), {"Text": "a"})

    assert any(first() <= MOST_SECONDS for _ in range(3))


@pytest.mark.parametrize(("pattern", "known"), PATTERNS.items(), ids=[name for name, _ in PATTERNS.values()])
def test_a_text_twice_as_long_takes_twice_the_time(pattern, known):
    """Over three doublings, for texts that are too long as well: they are matched, since all constraints are told."""
    match = java_pattern(pattern).fullmatch
    for before, one in islice(Words(pattern).pumps(), 0, None, 8):
        short, long = (before + one * (length // len(one)) + "\n" for length in (4_000, 32_000))
        assert any(
            seconds_of(match, long) < max(2.5**3 * seconds_of(match, short), 0.005) for _ in range(5)
        ), f"{before!r} + {one!r}..."


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_pattern_says_what_re_says(data):
    pattern = data.draw(st.sampled_from(sorted(PATTERNS)))
    words = WORDS.get(pattern) or WORDS.setdefault(pattern, fragments_of(pattern))
    text = "".join(data.draw(st.lists(st.sampled_from(words), max_size=4)))
    assert bool(java_pattern(pattern).fullmatch(text)) == bool(
        re.fullmatch(in_python(pattern), text, re.ASCII)
    )


WORDS = {}


def fragments_of(pattern):
    """Parts of which texts are made: whole words of the pattern, beginnings and rounds of it, single characters."""
    words = Words(pattern)
    whole = {words.word(words.tree, wanted, times) for wanted in words.characters for times in (0, 1, 2)}
    pumps = {part for pump in words.pumps() for part in pump}
    return sorted(whole | pumps | set(words.characters), key=len)
