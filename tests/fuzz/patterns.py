"""A million random pattern texts and events: nothing but `InvalidPattern` and `InvalidEvent` is raised.

    python tests/fuzz/patterns.py --count 1000000 --seed 0

Texts are made by mutating the conformance cases: pieces are cut out, doubled, swapped between two cases, or replaced by
tokens that matter to the language. Every pattern that compiles is matched against a random event, alone and in a set,
and explained. Not part of the default run; the nox session ``fuzz`` runs it.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path
from random import Random

from eventmock.pattern import InvalidEvent, InvalidPattern, PatternSet, compile, read_event  # noqa: A004

CASES = Path(__file__).parents[1] / "conformance" / "patterns" / "patterns_dev.jsonl.gz"
TOKENS = [
    *'{}[]:,"\\/*.-+eE0 \n\t\r',
    *(
        '""',
        "null",
        "true",
        "false",
        "NaN",
        "1e309",
        "-0",
        "\\u0000",
        "\\ud83d",
        "\ud800",
        "\U0001f600",
        "\x00",
        "ß",
    ),
    *(
        '"$or"',
        '"prefix"',
        '"suffix"',
        '"wildcard"',
        '"numeric"',
        '"cidr"',
        '"exists"',
        '"anything-but"',
        '"exactly"',
    ),
    *(
        '"equals-ignore-case"',
        '">"',
        '"<="',
        '"="',
        '"10.0.0.0/8"',
        '"::/0"',
        '"*a*"',
        '"**"',
        "[{",
        "}]",
        '":[',
        '":{',
    ),
]


def mutate(random: Random, text: str, other: str) -> str:
    """The text after none to four changes."""
    for _ in range(random.choice([0, 1, 1, 2, 4])):
        at = random.randint(0, len(text))
        end = min(len(text), at + random.choice([0, 1, 1, 2, 5, 30]))
        piece = random.choice(
            ["", random.choice(TOKENS), text[at:end] * 2, other[at : at + random.randint(1, 40)]]
        )
        text = text[:at] + piece + text[end:]
    return text


def main() -> None:
    """Run, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    random = Random(arguments.seed)  # noqa: S311 - repeatable on purpose
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    seen = {"compiled": 0, "refused": 0, "matched": 0, "events refused": 0}
    for _ in range(arguments.count):
        case, other = random.choice(cases), random.choice(cases)
        try:
            pattern = compile(mutate(random, case["pattern"], other["pattern"]))
        except InvalidPattern:
            seen["refused"] += 1
            continue
        seen["compiled"] += 1
        try:
            event = read_event(random.choice([case["event"], mutate(random, case["event"], other["event"])]))
        except InvalidEvent:
            seen["events refused"] += 1
            continue
        together = PatternSet()
        together.add("it", pattern)
        matched = pattern.matches(event)
        assert matched == bool(together.matching(event)) == pattern.explain(event).matched, pattern.text
        seen["matched"] += matched
    print(f"{arguments.count} texts: {', '.join(f'{count} {what}' for what, count in seen.items())}")  # noqa: T201


if __name__ == "__main__":
    main()
