"""The data of coverage: what tests tried of each subject. Data of several runs can be combined.

What was tried of a subject is a set, and what was counted is a sum. So the order in which data is combined makes no
difference, and the data of two halves of a test-suite, combined, equals that of one run.
Source: ours.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.exceptions import OptionError
from eventmock.services.coverage import Point
from eventmock.values.arn import arn_without_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from eventmock.services.coverage import Subject, Tried

FORMAT: Final = 1
"""The number of the file's format. A file of another format is refused."""
FILE_NAME: Final = "coverage.json"


class Origin(NamedTuple):
    """The template that has deployed a subject.

    Attributes:
        template: The path of the template.
        logical_id: The logical ID of the resource.
        line: The line of the resource in the template; None if it is not known.
    """

    template: str
    logical_id: str
    line: int | None


class Covered:
    """What tests tried of one subject.

    Attributes:
        kind: The kind of subject, such as ``rule``.
        account: The account, 12 digits.
        region: The region.
        place: What contains the subject, such as the name of an event bus.
        identity: A text that differs from others of the same kind, account, region and place, such as a pattern.
        origin: The template that has deployed the subject; None if none has.
        names: The names that tests have given to the subject.
        definition: The members by which AWS's API defines the subject, such as ``EventPattern``; without ``Targets``.
        targets: The members of the targets, by ARN without an id that AWS adds.
        points: What a test can try, by key.
        tried: The keys of the points that were tried.
        counts: How often something happened, by its name, such as ``matched``.
        tests: The ids of the tests that had the subject and did something in its mock.
        event: An event that the subject took, as JSON text: the shortest; None if it took none.
    """

    def __init__(  # noqa: PLR0913 - what tells subjects apart
        self, *, kind: str, account: str, region: str, place: str, identity: str, origin: Origin | None
    ) -> None:
        self.kind = kind
        self.account = account
        self.region = region
        self.place = place
        self.identity = identity
        self.origin = origin
        self.names: set[str] = set()
        self.definition: dict[str, Any] = {}
        self.targets: dict[str, Mapping[str, Any]] = {}
        self.points: dict[str, Point] = {}
        self.tried: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.tests: set[str] = set()
        self.event: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """The values by which subjects differ.

        A subject of a template is the same in each account and region in which the template is deployed.
        """
        if self.origin is None:
            return (self.kind, self.account, self.region, self.place, self.identity)
        return (self.kind, self.origin.template, self.origin.logical_id, self.identity)

    @property
    def missed(self) -> list[Point]:
        """The points that no test tried, in the order of the definition."""
        return [point for point in self.ordered_points if point.key not in self.tried]

    @property
    def ordered_points(self) -> list[Point]:
        """The points in the order of the pattern, then those of targets and schedules.

        Tests may make the same rule with other targets, so the order of these does not depend on that of the tests.
        """
        return sorted(self.points.values(), key=lambda point: "" if point.where else point.key)

    def add_subject(self, subject: Subject) -> None:
        """Add what a subject of a mock is."""
        self.names.add(subject.name)
        definition = dict(subject.definition)
        for target in definition.pop("Targets", ()):
            self._add_target(target)
        self.definition = min(self.definition or definition, definition, key=_text)
        self._add_points(subject.points)

    def add_tried(self, tried: Tried) -> None:
        """Add what was tried."""
        for name, times in tried.counts.items():  # a third of the time of `Counter.update`
            self.counts[name] += times
        self.tried.update(tried.points)
        self._add_event(tried.event)

    def combine(self, other: Covered) -> None:
        """Add what other tests tried of the same subject."""
        self.names |= other.names
        for target in other.targets.values():
            self._add_target(target)
        self.definition = min(self.definition or other.definition, other.definition, key=_text)
        self._add_points(other.points.values())
        self.tried |= other.tried
        self.counts.update(other.counts)
        self.tests |= other.tests
        self._add_event(other.event)

    def keep(self, kinds: Collection[str]) -> None:
        """Keep the points of some kinds only."""
        self.points = {key: point for key, point in self.points.items() if point.kind in kinds}

    def _add_target(self, target: Mapping[str, Any]) -> None:
        arn = arn_without_id(target["Arn"])
        self.targets[arn] = min(self.targets.get(arn, target), target, key=_text)

    def _add_points(self, points: Iterable[Point]) -> None:
        for point in points:
            self.points[point.key] = min(self.points.get(point.key, point), point)

    def _add_event(self, event: str | None) -> None:
        if event is not None and (self.event is None or (len(event), event) < (len(self.event), self.event)):
            self.event = event

    def as_json(self) -> dict[str, Any]:
        """Return the data as a value of JSON."""
        return {
            "kind": self.kind,
            "account": self.account,
            "region": self.region,
            "place": self.place,
            "identity": self.identity,
            "origin": None if self.origin is None else list(self.origin),
            "names": sorted(self.names),
            "definition": self.definition,
            "targets": [target for _, target in sorted(self.targets.items())],
            "points": [list(point) for point in self.ordered_points],
            "tried": sorted(self.tried),
            "counts": dict(sorted(self.counts.items())),
            "tests": sorted(self.tests),
            "event": self.event,
        }

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Covered:
        """Return the data of a value that `as_json` has made."""
        origin = value["origin"]
        covered = cls(
            kind=value["kind"],
            account=value["account"],
            region=value["region"],
            place=value["place"],
            identity=value["identity"],
            origin=None if origin is None else Origin(*origin),
        )
        covered.names = set(value["names"])
        covered.definition = value["definition"]
        covered.targets = {arn_without_id(target["Arn"]): target for target in value["targets"]}
        points = (Point(kind, key, text, tuple(where)) for kind, key, text, where in value["points"])
        covered.points = {point.key: point for point in points}
        covered.tried = set(value["tried"])
        covered.counts = Counter(value["counts"])
        covered.tests = set(value["tests"])
        covered.event = value["event"]
        return covered


class CoverageData:
    """What tests tried of all subjects."""

    def __init__(self) -> None:
        self._covered: dict[tuple[str, ...], Covered] = {}

    def __iter__(self) -> Iterator[Covered]:
        """Yield the subjects in an order that does not depend on the order of the tests."""
        yield from (covered for _, covered in sorted(self._covered.items()))

    def __len__(self) -> int:
        return len(self._covered)

    def of(self, subject: Subject, origin: Origin | None) -> Covered:
        """Return the data of a subject, which is added if it is new."""
        in_template = None if origin is None else subject.identity_in_template
        covered = Covered(
            kind=subject.kind,
            account=subject.account,
            region=subject.region,
            place=subject.place,
            identity=in_template or subject.identity,
            origin=origin,
        )
        return self._covered.setdefault(covered.key, covered)

    def remove(self, covered: Covered) -> None:
        """Remove a subject."""
        del self._covered[covered.key]

    def combine(self, other: CoverageData) -> None:
        """Add what other tests tried."""
        for covered in other:
            own = self._covered.get(covered.key)
            if own is None:
                self._covered[covered.key] = Covered.of_json(covered.as_json())
            else:
                own.combine(covered)

    def text(self) -> str:
        """Return the data as JSON text, from which `read_text` makes it again.

        The ids of tests are written once, and have numbers in the subjects: many tests may have many rules.
        """
        tests = sorted({test for one in self for test in one.tests})
        numbers = {test: number for number, test in enumerate(tests)}
        subjects = [one.as_json() | {"tests": sorted(map(numbers.__getitem__, one.tests))} for one in self]
        return json.dumps({"format": FORMAT, "tests": tests, "subjects": subjects})


def read_text(text: str, place: str) -> CoverageData:
    """Return the data of a text.

    Args:
        text: The text, as `CoverageData.text` has made it.
        place: The file that has the text, for the error's text.

    Raises:
        OptionError: The text is not data of coverage, or is of another version of eventmock.
    """
    try:
        value = json.loads(text)
        form = value["format"]
        if form == FORMAT:
            data = CoverageData()
            for subject in value["subjects"]:
                one = Covered.of_json(
                    subject | {"tests": [value["tests"][number] for number in subject["tests"]]}
                )
                data._covered[one.key] = one  # noqa: SLF001 - of the same file
            return data
    except (ValueError, LookupError, TypeError, AttributeError):
        raise OptionError(
            f"{place} is not data of eventmock's coverage, wanted what --eventmock-coverage writes"
        ) from None
    raise OptionError(
        f"{place} was written by another version of eventmock (format {form}, wanted {FORMAT}): run the tests again"
    )


def read_file(path: Path) -> CoverageData:
    """Return the data of a file.

    Raises:
        OptionError: There is no such file, or it is not data of coverage.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise OptionError(
            f"{path}: {error.strerror}; wanted a file that --eventmock-coverage has written"
        ) from None
    return read_text(text, str(path))


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)
