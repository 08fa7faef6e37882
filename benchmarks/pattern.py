"""How fast event patterns are matched: many at once, one by one, and by moto's matcher, all in one run.

    python benchmarks/pattern.py [--data DIR]

Rules and events are the citylots files (DIR, else ../shared/vectors beside the repository). Every match count is
checked against the expected one first. Times are of one core; a set's time and another's it is compared with are taken
in turns, the best of several each. Loading is measured in a process of its own.

Who is given what: sets and patterns are given events already parsed, but in columns and rows that say `text` they are
given JSON text, which they parse and check themselves. moto's matcher takes only parsed events, and is given those.
`json.loads` is what parsing the text costs whoever does it before.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import hashlib
import importlib.util
import json
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from eventmock.pattern import PatternSet, compile as compile_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eventmock.pattern import Pattern

DATA: Final = Path(__file__).resolve().parent.parent.parent / "shared" / "vectors"
SIZES: Final = (1, 100, 10_000, 100_000)
TIMED_EVENTS: Final = 2_000
TURNS: Final = 7
MATCHED_SLOWLY: Final = 60

Event = dict[str, Any]
Rules = dict[str, str]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--load", choices=["exact", "mixed"], help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.load:
        print(json.dumps(loading(rules_of(given.data, given.load))))
        return
    lines = lines_of(given.data)
    events = [json.loads(line) for line in lines]
    expected = json.loads((given.data / "citylots_rules.json").read_text())
    gc.freeze()
    targets = Targets()
    kinds(expected["kinds"], events)
    scale(given.data, expected["scale"], lines, events, targets)
    texts(given.data, lines, events, targets)
    growth(events, targets)
    loads(given.data, targets)
    targets.report()


class Targets:
    """What was to be reached, and what was."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def check(self, target: str, measured: str, *, met: bool) -> None:
        self._lines.append(f"{'met    ' if met else 'NOT MET'}  {target:<62} {measured}")

    def report(self) -> None:
        heading("Targets")
        print("\n".join(self._lines))


# Data


def read(path: Path) -> str:
    try:
        return gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
    except OSError:
        sys.exit(f"{path} is not there: give the directory of the citylots files with --data")


def lines_of(data: Path) -> list[str]:
    return read(data / "citylots_20k.jsonl.gz").splitlines()


def rules_of(data: Path, kind: str) -> Rules:
    rules: Rules = json.loads(read(data / f"citylots_{kind}_100000.json.gz"))
    return rules


def set_of(rules: Mapping[str, str]) -> PatternSet:
    patterns = PatternSet()
    for name, rule in rules.items():
        patterns.add(name, rule)
    return patterns


def counts_of(patterns: PatternSet, events: Sequence[Event]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for event in events:
        counts.update(patterns.matching(event))
    return counts


# Time


def in_turns(*calls: tuple[Callable[[Any], object], Sequence[Any]]) -> list[float]:
    """Seconds for one item of each of some calls, the best of several turns."""
    best = [float("inf")] * len(calls)
    for _ in range(TURNS):
        for place, (call, items) in enumerate(calls):
            begun = time.perf_counter()
            for item in items:
                call(item)
            best[place] = min(best[place], (time.perf_counter() - begun) / len(items))
    return best


def heading(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}", flush=True)


def row(label: str, *cells: str) -> None:
    print(f"{label:<28}" + "".join(f"{cell:>15}" for cell in cells), flush=True)


def rate(seconds: float) -> str:
    return f"{1 / seconds:,.0f}/s"


# The parts of the run


def kinds(expected: Mapping[str, Any], events: Sequence[Event]) -> None:
    heading("Rule kinds, a few rules each (events/s; match counts checked)")
    row("kind", "rules", "together", "one by one")
    timed = events[:TIMED_EVENTS]
    for kind, case in expected.items():
        rules = {str(number): rule for number, rule in enumerate(case["rules"])}
        patterns = set_of(rules)
        counts = counts_of(patterns, events)
        assert [counts[name] for name in rules] == case["matches"], kind
        compiled = [compile_pattern(rule) for rule in rules.values()]
        together, single = in_turns(
            (patterns.matching, timed),
            (one_by_one(compiled), timed[:MATCHED_SLOWLY]),
        )
        row(kind, str(len(rules)), rate(together), rate(single))


def scale(
    data: Path, expected: Mapping[str, Any], lines: Sequence[str], events: Sequence[Event], targets: Targets
) -> None:
    heading("One event against many rules (events/s; match counts checked)")
    row("rules", "together", "times 1 rule", "one by one", "moto", "times moto", "json.loads")
    timed = events[:TIMED_EVENTS]
    for kind in ("exact", "mixed"):
        rules = rules_of(data, kind)
        sets = {size: set_of(dict(list(rules.items())[:size])) for size in SIZES}
        gc.freeze()
        for size, patterns in sets.items():
            check_counts(counts_of(patterns, events), expected[f"{kind}_{size}"], f"{kind}_{size}")
            first = [rule for _, rule in zip(range(min(size, 100)), rules.values(), strict=False)]
            compiled = [compile_pattern(rule) for rule in first]
            slowly = timed[: max(MATCHED_SLOWLY // len(first), 3)] if size > 1 else timed[:500]
            parsing, one, together, single, moto = in_turns(
                (json.loads, lines[:TIMED_EVENTS]),
                (sets[1].matching, timed),
                (patterns.matching, timed),
                (one_by_one(compiled), slowly),
                (moto_matcher(first), slowly),
            )
            more = size / len(first)  # the others would take as long
            single, moto = single * more, moto * more
            has_moto = moto_is_installed()
            row(
                f"{kind} {size:,}",
                rate(together),
                f"{together / one:.2f}",
                rate(single),
                rate(moto) if has_moto else "-",
                f"{moto / together:,.1f}" if has_moto else "-",
                rate(parsing),
            )
            if kind == "exact" and size == SIZES[-1]:
                ratio = together / one
                targets.check("100,000 exact rules: at most 3 times 1 rule", f"{ratio:.2f}", met=ratio <= 3)
            if kind == "mixed" and size == SIZES[-1]:
                targets.check(
                    "100,000 mixed rules: 8,000 events/s", rate(together), met=1 / together >= 8_000
                )
            if has_moto and size in (1, 100):
                wanted, times = (1.7 if size == 1 else 50), moto / together
                targets.check(
                    f"{kind} rules, {size}: at least {wanted} times moto", f"{times:.1f}", met=times >= wanted
                )


def texts(data: Path, lines: Sequence[str], events: Sequence[Event], targets: Targets) -> None:
    heading("Events given as JSON text (microseconds an event; the same matches as of parsed events)")
    row("rules", "json.loads", "parsed", "text", "times loads", "alone, text", "explain, text")
    timed, parsed = lines[:TIMED_EVENTS], events[:TIMED_EVENTS]
    for kind in ("exact", "mixed"):
        rules = rules_of(data, kind)
        for size in (1, 100):
            first = dict(list(rules.items())[:size])
            patterns, single = set_of(first), compile_pattern(next(iter(first.values())))
            assert [*map(patterns.matching, timed)] == [*map(patterns.matching, parsed)]
            loading, together, text, alone, explained = in_turns(
                (json.loads, timed),
                (patterns.matching, parsed),
                (patterns.matching, timed),
                (single.matches, timed),
                (single.explain, timed),
            )
            times = text / loading
            row(
                f"{kind} {size:,}",
                *(f"{seconds * 1e6:.1f}" for seconds in (loading, together, text)),
                f"{times:.2f}",
                *(f"{seconds * 1e6:.1f}" for seconds in (alone, explained)),
            )
            if kind == "exact" and size == 1:
                targets.check(
                    "text, 1 exact rule: at most 3 times json.loads", f"{times:.2f}", met=times <= 3
                )


def one_by_one(compiled: Sequence[Pattern]) -> Callable[[Event], object]:
    """Our own matcher of one pattern, asked for each."""
    return lambda event: [each.matches(event) for each in compiled]


def check_counts(counts: Counter[str], expected: Mapping[str, Any], label: str) -> None:
    text = "".join(f"{name} {counts[name]}\n" for name in sorted(counts))
    assert hashlib.sha256(text.encode()).hexdigest() == expected["sha256_of_counts"], label
    assert counts.total() == expected["total_matches"], label


def moto_is_installed() -> bool:
    return importlib.util.find_spec("moto") is not None


def moto_matcher(rules: Sequence[str]) -> Callable[[Event], object]:
    """What moto does for each event: ask every rule's matcher; does nothing if moto is not installed."""
    if not moto_is_installed():
        return lambda event: None  # noqa: ARG005
    from moto.events.models import EventPattern

    matchers = [EventPattern(rule, json.loads(rule)) for rule in rules]
    return lambda event: [matcher.matches_event(event) for matcher in matchers]  # type: ignore[arg-type]


def growth(events: Sequence[Event], targets: Targets) -> None:
    heading("From 1 rule to 10,000 of one kind (microseconds an event)")
    row("kind", "1", "10,000", "times", "matched", "less matched", "at most")
    timed = [{**event, "ip": Made(number).address()} for number, event in enumerate(events[:TIMED_EVENTS])]
    for kind, (most, make) in KINDS.items():
        rules = {str(number): json.dumps(make(Made(number), events[number])) for number in range(10_000)}
        one, many = set_of({"0": rules["0"]}), set_of(rules)
        listing = Listing(many, timed)
        gc.freeze()
        alone, together, listed = in_turns((one.matching, timed), (many.matching, timed), (listing, timed))
        beyond = max(together - listed, 0) / alone
        row(
            kind,
            f"{alone * 1e6:.1f}",
            f"{together * 1e6:.1f}",
            f"{together / alone:.2f}",
            f"{listing.matched:.2f}",
            f"{beyond:.2f}",
            str(most) if most else "-",
        )
        if most:
            targets.check(
                f"10,000 {kind}: at most {most} times 1",
                f"{beyond:.2f} ({together / alone:.2f})",
                met=beyond <= most,
            )


class Listing:
    """What listing the matches takes, at the least: sorting and copying their names."""

    def __init__(self, patterns: PatternSet, events: Sequence[Event]) -> None:
        self._names = {id(event): set(patterns.matching(event)) for event in events}
        self.matched = sum(map(len, self._names.values())) / len(events)

    def __call__(self, event: Event) -> list[str]:
        names: set[str] = set()
        for name in self._names[id(event)]:
            names.update([name])
        return sorted(names)


class Made:
    """Values for a rule, the same in every run."""

    def __init__(self, number: int) -> None:
        self.random = random.Random(number)  # noqa: S311 - not for secrets

    def address(self) -> str:
        return ".".join(str(self.random.randrange(256)) for _ in range(4))

    def digits(self, length: int) -> str:
        return "".join(self.random.choices("0123456789", k=length))

    def letters(self, length: int) -> str:
        return "".join(self.random.choices("abcdeiklmnorstu", k=length))

    def range(self) -> list[Any]:
        low = -122.47 + 0.08 * self.random.random()
        return [">=", round(low, 7), "<", round(low + 1e-5 * (1 + self.random.random()), 7)]


def selective(made: Made, *, street: Any) -> Event:
    """A rule of a field that few events have so, and another that many have."""
    return {"properties": {"BLOCK_NUM": [made.digits(4)], "STREET": [street]}}


KINDS: Final[Mapping[str, tuple[int | None, Callable[[Made, Event], Event]]]] = {
    "prefix": (
        3,
        lambda made, _: {"properties": {"MAPBLKLOT": [{"prefix": made.digits(made.random.randint(3, 6))}]}},
    ),
    "suffix": (
        3,
        lambda made, _: {"properties": {"MAPBLKLOT": [{"suffix": made.digits(made.random.randint(3, 6))}]}},
    ),
    "numeric": (3, lambda made, _: {"geometry": {"firstCoordinates": {"x": [{"numeric": made.range()}]}}}),
    "equals-ignore-case": (
        3,
        lambda made, event: {
            "properties": {
                "STREET": [{"equals-ignore-case": event["properties"]["STREET"].title() + made.letters(1)}]
            }
        },
    ),
    "prefix ignoring case": (
        3,
        lambda made, _: {"properties": {"STREET": [{"prefix": {"equals-ignore-case": made.letters(4)}}]}},
    ),
    "suffix ignoring case": (
        3,
        lambda made, _: {"properties": {"STREET": [{"suffix": {"equals-ignore-case": made.letters(4)}}]}},
    ),
    "cidr": (3, lambda made, _: {"ip": [{"cidr": f"{made.address()}/{made.random.randint(12, 31)}"}]}),
    "wildcard beside": (
        5,
        lambda made, _: selective(made, street={"wildcard": f"*{made.letters(1).upper()}*"}),
    ),
    "anything-but beside": (
        5,
        lambda made, event: selective(made, street={"anything-but": event["properties"]["STREET"]}),
    ),
    "exists beside": (5, lambda made, _: selective(made, street={"exists": made.random.random() < 0.9})),
    "wildcard alone, *1234*": (
        None,
        lambda made, _: {"properties": {"MAPBLKLOT": [{"wildcard": f"*{made.digits(4)}*"}]}},
    ),
    "wildcard alone, 12*34": (
        None,
        lambda made, _: {"properties": {"MAPBLKLOT": [{"wildcard": f"{made.digits(2)}*{made.digits(2)}"}]}},
    ),
    "wildcard alone, 1*2*3*4": (
        None,
        lambda made, _: {"properties": {"MAPBLKLOT": [{"wildcard": "*".join(made.digits(4))}]}},
    ),
}
"""How many times the cost of one rule 10,000 may have (beyond listing what matches), and how a rule is made."""


def loading(rules: Mapping[str, str]) -> dict[str, float]:
    """Seconds and megabytes that loading rules takes, in this process."""
    before = resident()
    begun = time.perf_counter()
    patterns = set_of(rules)
    seconds = time.perf_counter() - begun
    return {"rules": len(patterns), "seconds": seconds, "megabytes": resident() - before}


def resident() -> float:
    """Megabytes of memory this process has."""
    import resource

    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 2**20
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def loads(data: Path, targets: Targets) -> None:
    heading("Loading 100,000 rules, in a process of its own")
    row("rules", "seconds", "megabytes")
    for kind in ("exact", "mixed"):
        command = [sys.executable, __file__, "--data", str(data), "--load", kind]
        found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603
        seconds, megabytes = found["seconds"], found["megabytes"]
        row(kind, f"{seconds:.1f}", f"{megabytes:.0f}")
        targets.check(f"100,000 {kind} rules loaded in under 20 s", f"{seconds:.1f} s", met=seconds < 20)
        targets.check(f"100,000 {kind} rules in under 500 MB", f"{megabytes:.0f} MB", met=megabytes < 500)


if __name__ == "__main__":
    main()
