"""Rules about patterns and input paths, and the schemas that producers promise for their events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.checks.pattern_fields import fields_of, keys_of_path, never, patterns_of
from eventmock.checks.subject import shown
from eventmock.checks.table import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject
    from eventmock.deployment.stack import StackResource
    from eventmock.pattern import Pattern
    from eventmock.schemas.consumer import InputUse
    from eventmock.schemas.consumer_problems import Problem

_LONGEST_EXAMPLE = 200


@rule(
    "term-no-schema-allows",
    "warning",
    "A term of a pattern that no event of `--schemas` can satisfy, such as a text where the schema says number.",
)
def term_no_schema_allows(subject: Subject) -> Iterator[Found]:
    """Yield the terms of patterns that no event of the schemas can satisfy, and the fields that exclude each other."""
    for resource, pattern, problem in _of_patterns(subject, "TERM", "TOGETHER"):
        all_terms = [len(field.terms) for field in fields_of(pattern) if field.path == problem.path]
        is_one_of_several = problem.term is not None and max(all_terms, default=1) > 1
        yield subject.found(
            resource,
            *keys_of_path(resource, problem.path.partition(" and ")[0]),
            what=problem.text,
            production=_with_example(
                "no event matches by this term" if is_one_of_several else never(pattern, problem.path),
                problem,
            ),
            instead=_value_instead(problem),
        )


@rule(
    "path-no-schema-has",
    "warning",
    "A path of a pattern or a target that no event of `--schemas` has.",
)
def path_no_schema_has(subject: Subject) -> Iterator[Found]:
    """Yield the paths that no event of the schemas has."""
    yield from _paths(subject, "PATH")


@rule(
    "path-schema-does-not-name",
    "warning",
    "A path of a pattern or a target that the schemas of `--schemas` do not name, although they allow it.",
)
def path_schema_does_not_name(subject: Subject) -> Iterator[Found]:
    """Yield the paths that the schemas do not name."""
    yield from _paths(subject, "UNNAMED")


@rule(
    "path-not-required",
    "note",
    "A path of a target that the schemas of `--schemas` do not require, so that some events do not have it.",
)
def path_not_required(subject: Subject) -> Iterator[Found]:
    """Yield the input paths that some events of the schemas do not have."""
    yield from _input_paths(subject, "OPTIONAL", "the target gets nothing there of some events")


def _paths(subject: Subject, kind: str) -> Iterator[Found]:
    for resource, pattern, problem in _of_patterns(subject, kind):
        never_matches = never(pattern, problem.path)
        yield subject.found(
            resource,
            *keys_of_path(resource, problem.path),
            what=problem.text,
            production=_with_example(
                f"as far as the schema says, {never_matches}" if kind == "UNNAMED" else never_matches, problem
            ),
            instead=problem.near or "a path that the schema has",
        )
    yield from _input_paths(subject, kind, "the target gets nothing there")


def _of_patterns(subject: Subject, *kinds: str) -> Iterator[tuple[StackResource, Pattern, Problem]]:
    """Yield the problems of some kinds that patterns have with the schemas."""
    if not subject.schemas:
        return
    from eventmock.schemas.consumer_problems import problems_of_pattern

    for resource, pattern in patterns_of(subject):
        for problem in problems_of_pattern(pattern, subject.schema_views):
            if problem.kind.name in kinds and not subject.is_made_up(
                resource, *keys_of_path(resource, problem.path)
            ):
                yield resource, pattern, problem


def _input_paths(subject: Subject, kind: str, production: str) -> Iterator[Found]:
    """Yield the problems of a kind that the paths of targets have with the schemas."""
    if not subject.schemas:
        return
    from eventmock.schemas.consumer import inputs_of
    from eventmock.schemas.consumer_problems import problems_of_path

    for one in subject.rules:
        for target in one.targets:
            for use in inputs_of(target.members):
                for problem in problems_of_path(use.path, one.pattern, subject.schema_views):
                    if problem.kind.name == kind:
                        yield subject.found_at(
                            target,
                            *use.keys,
                            what=f"{use.title}: {problem.text}",
                            production=_with_example(production, problem),
                            instead=_path_instead(problem, use),
                        )


def _with_example(text: str, problem: Problem) -> str:
    if problem.example is None:
        return text
    from eventmock.schemas.examples import to_show

    return f"{text}; an event of the schema: {shown(to_show(problem.example), _LONGEST_EXAMPLE)}"


def _value_instead(problem: Problem) -> str:
    place = problem.schemas[0].schema.place
    return f"what {place} promises" if problem.term is None else f"{problem.says}, as {place} promises"


def _path_instead(problem: Problem, use: InputUse) -> str:
    place = problem.schemas[0].schema.place
    if problem.kind.name == "OPTIONAL":
        names = ".".join(str(step) for step in use.path.steps)
        return f"a pattern that wants {names} present, or {place} requires it"
    return problem.near or f"a path that {place} has"
