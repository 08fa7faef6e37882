"""Random pairs of patterns: no answer of `eventmock.pattern.algebra` is contradicted by any of many random events.

    python tests/fuzz/pattern_algebra.py --pairs 20000 --events 1000 --seed 0
    python tests/fuzz/pattern_algebra.py --on-a-bus
    python tests/fuzz/pattern_algebra.py --vectors --events 20

Half of the second patterns are mutants of the first, so that implications hold or nearly hold. Events are made of the
values that the terms of both patterns name and of values close to them, with arrays of scalars and of objects. With
`--vectors`, the pairs are the patterns of `tests/conformance/patterns`, each with the next and with a mutant. Not part
of the default run; the nox session ``fuzz`` runs it. `tests/pattern/test_algebra.py` runs a few pairs.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import json
from collections import Counter
from contextlib import suppress
from itertools import count, islice, pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from eventmock.pattern import (
    Answer,
    InvalidPattern,
    Pattern,
    compile,  # noqa: A004 - as the package names it
    equivalent,
    implies,
    is_satisfiable,
    overlaps,
    read_event,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

VECTORS = Path(__file__).parents[1] / "conformance" / "patterns"
PATHS = [
    "x",
    "y",
    "v.a",
    "v.b",
    "v.c",
    "v.w.a",
    "v.w.b",
    "v",
    "detail.a",
    "detail.v.a",
    "detail.v.b",
    "source",
]
PATHS_ON_A_BUS = [
    *("source", "detail-type", "account", "resources", "replay-name", "detail", "resources.x", "x"),
    *("detail.a", "detail.b", "detail.v.a", "detail.v.b", "detail.v.w.a", "detail.v.w.b", "detail.v"),
]
TEXTS_ON_A_BUS = ("version", "id", "detail-type", "source", "account", "time", "region")
TEXTS = [
    "",
    "a",
    "A",
    "b",
    "ab",
    "abc",
    "Ab",
    "ba",
    "straße",
    "STRASSE",
    "ß",
    "i",
    "I",
    "\u0131",
    "K",
    "\u212a",
    "😀",
    "??",
]
ADDRESSES = ["10.0.0.1", "010.0.0.1", "10.0.0.77", "10.1.0.0", "16.0.0.1", "::1", "a00::1", "::ffff:a00:1"]
NUMBERS = [0, 1, 2, 5, 5.0, 5.5, 10, 15, -1, 1e3, 300, 1000, 10000001, 0.1, 9007199254740993, 1e22]
OTHERS = [True, False, None]
WILDCARDS = ["*", "a*", "*b", "a*b", "*a*", "*a*b", "\\*a", "10.*", "A*c", ""]
BLOCKS = ["10.0.0.0/8", "10.0.0.0/24", "10.0.0.0/31", "16.0.0.0/4", "0.0.0.0/0", "::/0", "a00::/16", "::/127"]


def random_pattern(random: Random, paths: list[str]) -> dict[str, Any]:
    """A pattern of one to four fields, sometimes with an `$or`."""
    pattern: dict[str, Any] = {}
    for path in random.sample(paths, random.choice([1, 1, 2, 2, 3, 4])):
        put(pattern, path, random_list(random, path))
    if random.random() < 0.3:
        choices = []
        for _ in range(random.choice([2, 2, 3])):
            choice: dict[str, Any] = {}
            for path in random.sample(paths, random.choice([1, 1, 2])):
                put(choice, path, random_list(random, path))
            choices.append(choice)
        pattern["$or"] = choices
    return pattern


def put(pattern: dict[str, Any], path: str, terms: list[Any]) -> None:
    """Set the list of a path; where it cannot be nested, as a name with dots."""
    *names, last = path.split(".")
    reached = pattern
    for number, name in enumerate(names):
        inner = reached.setdefault(name, {})
        if isinstance(inner, list):
            reached[".".join(path.split(".")[number:])] = terms
            return
        reached = inner
    if isinstance(reached.get(last), dict):
        return
    reached[last] = terms


def random_list(random: Random, path: str) -> list[Any]:
    """One to three terms; each path has its own kinds mostly, so that fields have something in common."""
    kinds = {"x": "text", "y": "number", "source": "text", "v.a": "exists", "detail.a": "address"}
    kind = kinds.get(path, "any") if random.random() < 0.8 else "any"
    return [random_term(random, kind) for _ in range(random.choice([1, 1, 1, 2, 3]))]


def random_term(random: Random, kind: str) -> Any:
    """A term of some kind."""
    kind = random.choice(["text", "number", "address", "exists"]) if kind == "any" else kind
    some = random.random()
    if kind == "exists" or some < 0.1:
        return random.choice([{"exists": False}, {"exists": True}, {"exists": False}, 1, "a", None, True])
    if kind == "number":
        numbers = random.sample(NUMBERS, 2)
        low, high = sorted(numbers)
        comparisons: list[list[Any]] = [
            ["=", low], ["<", low], ["<=", low], [">", low], [">=", low],
            [">", low, "<", high], [">=", low, "<=", high],
        ]  # fmt: skip
        return random.choice(
            [
                low,
                high,
                {"numeric": random.choice(comparisons)},
                {"anything-but": low},
                {"anything-but": numbers},
            ]
        )
    if kind == "address":
        choices = [random.choice(ADDRESSES), {"cidr": random.choice(BLOCKS)}, {"cidr": random.choice(BLOCKS)}]
        return random.choice([*choices, random.choice(TEXTS), {"anything-but": random.choice(ADDRESSES)}])
    text, wildcard = random.choice(TEXTS), random.choice(WILDCARDS)
    affix = random.choice([text, {"equals-ignore-case": text}])
    plain: Any = random.choice(
        [text, [text], random.sample(TEXTS, 2), {"prefix": text or "a"}, {"suffix": text or "a"},
         {"equals-ignore-case": random.sample(TEXTS, 2)}, {"wildcard": wildcard}]
    )  # fmt: skip
    operators: list[Any] = [
        text, {"prefix": affix}, {"suffix": affix}, {"equals-ignore-case": text}, {"wildcard": wildcard},
        {"anything-but": plain}, {"exactly": text},
    ]  # fmt: skip
    return random.choice(operators)


def mutant(random: Random, pattern: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """A pattern that differs a little: a term or a field more, less or another, or an `$or` around it."""
    changed = copy.deepcopy(pattern)
    lists = [(around, name) for around, name in lists_of(changed)]
    around, name = random.choice(lists)
    match random.randrange(7):
        case 0:
            around[name] = [*around[name], random_term(random, "any")]
        case 1 if len(around[name]) > 1:
            del around[name][0]
        case 2:
            around[name] = [random_term(random, "any")]
        case 3 if len(around) > 1:
            del around[name]
        case 4:
            put(changed, random.choice(paths), random_list(random, "any"))
        case 5:
            return {"$or": [changed, random_pattern(random, paths)]}
        case 6:
            around[name] = [{"exists": False}, {"exists": True}]
        case _:
            around[name] = [*around[name][::-1], *around[name]]
    return changed


def lists_of(pattern: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """The lists of terms, each as the object and the name by which it has the list."""
    found = []
    for name, value in pattern.items():
        if name == "$or":
            found += [one for choice in value for one in lists_of(choice)]
        elif isinstance(value, dict):
            found += lists_of(value)
        else:
            found.append((pattern, name))
    return found


def values_near(random: Random, patterns: list[dict[str, Any]]) -> list[Any]:
    """The values that patterns name, and values close to them."""
    values: list[Any] = [
        *OTHERS,
        "other",
        7,
        random.choice(TEXTS),
        random.choice(NUMBERS),
        random.choice(ADDRESSES),
    ]
    for pattern in patterns:
        waiting: list[Any] = [around[name] for around, name in lists_of(pattern)]
        while waiting:
            one = waiting.pop()
            if isinstance(one, list):
                waiting += one
            elif isinstance(one, dict):
                waiting += one.values()
            elif isinstance(one, str):
                plain = one.replace("\\*", "\0")
                address = one.partition("/")[0]
                values += [one, address, plain.replace("*", "").replace("\0", "*"), one.swapcase(), one + "a"]
                values += [plain.replace("*", "x").replace("\0", "*"), "b" + one, one.upper()]
            elif isinstance(one, bool) or one is None:
                values.append(one)
            else:
                values += [one, one + 1, one - 1, one * 0.5 if abs(one) < 1e300 else 0]
    return values


def random_event(random: Random, paths: list[str], values: list[Any]) -> dict[str, Any]:
    """An event with leaves on some of the paths, in objects and arrays of objects."""
    shape = random.choice(["flat", "flat", "arrays"])
    names: dict[str, list[str]] = {}
    for path in paths:
        if random.random() < 0.8:
            first, _, rest = path.partition(".")
            names.setdefault(first, []).append(rest)
    return {name: random_value(random, rests, values, shape) for name, rests in names.items()}


def random_value(random: Random, rests: list[str], values: list[Any], shape: str) -> Any:
    """A value with leaves below it; `rests` are paths from here, and an empty one is the value itself."""
    below = [rest for rest in rests if rest]
    leaves = [random.choice(values) for _ in range(random.choice([1, 1, 1, 2]))] if "" in rests else []
    if not below:
        if random.random() < 0.05:
            return random.choice([[], {}, [[leaves[0]], "other"]])
        return leaves[0] if len(leaves) == 1 else leaves
    if shape == "arrays" and random.random() < 0.6:
        objects: list[Any] = []
        for _ in range(random.choice([1, 2, 2, 3])):
            some = [rest for rest in below if random.random() < 0.6]
            objects.append(random_event(random, some, values))
        return [*leaves, *objects]
    inner = random_event(random, below, values)
    return [*leaves, inner] if leaves else inner


def random_event_on_a_bus(random: Random, paths: list[str], values: list[Any]) -> dict[str, Any]:
    """An event as EventBridge delivers them to rules."""
    texts = [value for value in values if isinstance(value, str)]
    event: dict[str, Any] = {name: random.choice(texts) for name in TEXTS_ON_A_BUS}
    event["resources"] = random.choices(texts, k=random.choice([0, 1, 1, 2]))
    below = [path.removeprefix("detail.") for path in paths if path.startswith("detail.")]
    event["detail"] = random_event(random, below, values)
    if random.random() < 0.5:
        event["replay-name"] = random.choice(texts)
    return event


def may_be_on_a_bus(event: dict[str, Any]) -> bool:
    """Whether EventBridge could deliver an event, apart from the fields that it lacks."""
    kinds = {**dict.fromkeys([*TEXTS_ON_A_BUS, "replay-name"], str), "resources": list, "detail": dict}
    texts = all(isinstance(value, str) for value in event.get("resources", []))
    return texts and all(isinstance(value, kinds.get(name, ())) for name, value in event.items())


class Contradiction(AssertionError):  # noqa: N818 - it says what was found
    """An event contradicts an answer."""


class Checked:
    """A pair of patterns and the answers about it, whose witnesses were checked."""

    def __init__(self, first: dict[str, Any], second: dict[str, Any], *, on_a_bus: bool = False) -> None:
        self.on_a_bus = on_a_bus
        self.texts = json.dumps([first, second], ensure_ascii=False)
        self.a, self.b = compile(first), compile(second)
        self.satisfiable = is_satisfiable(self.a, on_a_bus=on_a_bus)
        self.overlaps = overlaps(self.a, self.b, on_a_bus=on_a_bus)
        self.implies = implies(self.a, self.b, on_a_bus=on_a_bus)
        self.implied = implies(self.b, self.a, on_a_bus=on_a_bus)
        self.equivalent = equivalent(self.a, self.b, on_a_bus=on_a_bus)
        self.expect(self.satisfiable, True, matched_by=(self.a,))
        self.expect(self.overlaps, True, matched_by=(self.a, self.b))
        self.expect(self.implies, False, matched_by=(self.a,), not_by=self.b)
        self.expect(self.implied, False, matched_by=(self.b,), not_by=self.a)
        if (self.equivalent.holds is True) != (self.implies.holds is True and self.implied.holds is True):
            raise Contradiction(f"equivalent is not both implications: {self.texts}")
        if self.equivalent.holds is False:
            assert self.equivalent.witness is not None
            if self.a.matches(self.equivalent.witness) == self.b.matches(self.equivalent.witness):
                raise Contradiction(f"a witness tells nothing apart: {self.texts} {self.equivalent}")

    def expect(
        self, answer: Answer, shown: bool, matched_by: tuple[Pattern, ...], not_by: Pattern | None = None
    ) -> None:
        """Check the witness of an answer."""
        if (answer.witness is not None) != (answer.holds is shown):
            raise Contradiction(f"an answer without its witness: {self.texts} {answer}")
        if answer.witness is None:
            return
        event = json.dumps(answer.witness)
        if not all(one.matches(event) for one in matched_by) or (not_by and not_by.matches(event)):
            raise Contradiction(f"a witness that shows nothing: {self.texts} {answer}")
        if self.on_a_bus and not may_be_on_a_bus(answer.witness):
            raise Contradiction(f"a witness that is on no bus: {self.texts} {answer}")

    def meet(self, event: dict[str, Any]) -> tuple[bool, bool]:
        """Check that an event does not contradict the answers."""
        read = read_event(event)
        by_a, by_b = self.a.matches(read), self.b.matches(read)
        for answer, contradicted in (
            (self.satisfiable, self.satisfiable.holds is False and by_a),
            (self.overlaps, self.overlaps.holds is False and by_a and by_b),
            (self.implies, self.implies.holds is True and by_a and not by_b),
            (self.implied, self.implied.holds is True and by_b and not by_a),
        ):
            if contradicted:
                raise Contradiction(f"{event} contradicts {answer} about {self.texts}")
        return by_a, by_b


def paths_of(checked: Checked) -> list[str]:
    """The paths of both patterns."""
    alternatives = (*checked.a.alternatives, *checked.b.alternatives)
    return sorted({path for alternative in alternatives for path in alternative.paths})


def random_pair(random: Random, paths: list[str] = PATHS) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two patterns that AWS accepts; half of the second ones are mutants of the first."""
    while True:
        first = random_pattern(random, paths)
        second = mutant(random, first, paths) if random.random() < 0.5 else random_pattern(random, paths)
        try:
            compile(first), compile(second)
        except InvalidPattern:
            continue
        return first, second


def vector_pairs(random: Random) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the recorded and generated patterns that AWS accepts, each with the next and with a mutant, shuffled."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(VECTORS.glob("*.jsonl*")):
        text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        for case in map(json.loads, text.decode().splitlines()):
            for given in (*case.get("rules", {}).values(), case.get("pattern", "")):
                with suppress(InvalidPattern, ValueError):
                    read = json.loads(given)
                    found.setdefault(compile(read).text, read)
    pairs = list(pairwise(found.values()))
    random.shuffle(pairs)
    for first, second in pairs:
        yield first, second
        changed = mutant(random, first, PATHS)
        with suppress(InvalidPattern):
            compile(changed)
            yield first, changed


def main() -> None:
    """Run, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--on-a-bus", action="store_true")
    parser.add_argument("--vectors", action="store_true")
    arguments = parser.parse_args()
    random = Random(arguments.seed)  # noqa: S311 - repeatable on purpose
    seen: Counter[str] = Counter()
    make = random_event_on_a_bus if arguments.on_a_bus else random_event
    pairs = (
        vector_pairs(random)
        if arguments.vectors
        else (random_pair(random, PATHS_ON_A_BUS if arguments.on_a_bus else PATHS) for _ in count())
    )
    with suppress(KeyboardInterrupt):  # a long run that is stopped says what it has seen
        for first, second in islice(pairs, arguments.pairs):
            checked = Checked(first, second, on_a_bus=arguments.on_a_bus)
            for name in ("satisfiable", "overlaps", "implies", "implied", "equivalent"):
                seen[f"{name} {getattr(checked, name).holds}"] += 1
                if getattr(checked, name).holds is None:
                    seen[getattr(checked, name).reason] += 1
            values = values_near(random, [first, second])
            paths = paths_of(checked)
            for _ in range(arguments.events):
                by_a, by_b = checked.meet(make(random, paths, values))
                seen[f"events matched by {by_a + by_b} of the two"] += 1
            seen["pairs"] += 1
    for what, number in sorted(seen.items()):
        print(f"{number:>10} {what}")  # noqa: T201 - it is a program


if __name__ == "__main__":
    main()
