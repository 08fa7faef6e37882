"""What a consumer wants of events that the producers' schemas do not promise: in its pattern, and in its input paths.

Only what is certain is a problem: a term that no event of any schema can satisfy that the pattern is about, a path that
none of them has or names. What the schemas leave open is not a problem.
Source: ours.
"""

from __future__ import annotations

from enum import Enum
from itertools import combinations, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from eventmock.pattern.matching import Field
from eventmock.pattern.operators import ExactAddress
from eventmock.pattern.terms import Absent, ExactNumber, ExactString, Exists
from eventmock.schemas.about import judged_fields, pairs, views_for
from eventmock.schemas.declared_paths import near_input_path, near_path
from eventmock.schemas.examples import Wish, exactly, example, matching_event
from eventmock.schemas.input_paths import ends_of, is_certain
from eventmock.schemas.satisfaction import Unnamed, can_satisfy, ends
from eventmock.schemas.words import said_about
from eventmock.transform.json_path import MISSING
from eventmock.transform.json_text import JsonText
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eventmock.pattern import Pattern
    from eventmock.pattern.terms import Term
    from eventmock.schemas.view import SchemaView
    from eventmock.transform.json_path import JsonPath


class Kind(Enum):
    """The kinds of problems."""

    TERM = "no event satisfies the term"
    PATH = "no event has the path"
    TOGETHER = "no event satisfies the fields together"
    UNNAMED = "the schema does not name the path"
    OPTIONAL = "the schema does not require the path"


class Problem(NamedTuple):
    """A problem.

    Attributes:
        kind: The kind.
        path: The path of the field of the pattern, or the input path.
        term: The text of the term; None if the problem is not about one term.
        schemas: The schemas that say so; at least one.
        says: What the first of them says about the path, in words.
        near: The path that may be meant; None if none is near.
        example: An event of the first schema, which the pattern does not match, or in which the path leads nowhere;
            None if none was found.
    """

    kind: Kind
    path: str
    term: str | None
    schemas: Sequence[SchemaView]
    says: str
    near: str | None
    example: dict[str, Any] | None

    @property
    def text(self) -> str:
        """The problem in one sentence, without a dot."""
        where = self.schemas[0].schema.name
        where += f" and {len(self.schemas) - 1} more" if len(self.schemas) > 1 else ""
        meant = f"; did you mean {self.near}?" if self.near else ""
        match self.kind:
            case Kind.TERM:
                return f"{self.path} wanted {self.term}; the schema of {where} says {self.says}{meant}"
            case Kind.PATH:
                return f"no event of {where} has {self.path}{meant}"
            case Kind.TOGETHER:
                return f"no event of {where} has what {self.path} want together"
            case Kind.UNNAMED:
                return f"the schema of {where} does not name {self.path}{meant}"
            case _:
                return f"the schema of {where} does not require {self.path}"


def problems_of_pattern(pattern: Pattern, views: Sequence[SchemaView]) -> list[Problem]:
    """Return the problems of a pattern with the schemas that it is about; none if it is about none."""
    about: dict[tuple[str, tuple[Term, ...]], tuple[Field, list[SchemaView]]] = {}
    for alternative, view in pairs(pattern, views):
        for field in judged_fields(alternative):
            _, found = about.setdefault((field.path, field.terms), (field, []))
            if view not in found:
                found.append(view)
    problems = [
        problem for field, found in about.values() for problem in _problems_of_field(pattern, field, found)
    ]
    return problems or list(_problems_together(pattern, views))


def _problems_of_field(pattern: Pattern, field: Field, views: Sequence[SchemaView]) -> Iterator[Problem]:
    wanted = [term for term in field.terms if not isinstance(term, Absent)]
    kind = _kind_of(Field(field.path, (Exists(),)), views) if wanted else None
    if kind is not None:
        near = near_path(views, field.path)
        yield Problem(kind, field.path, None, views, "", near, _refused(pattern, field, views[0]))
        return
    for term in field.terms:
        alone = Field(field.path, (term,))
        if _kind_of(alone, views) is not None:
            says = said_about(ends(views[0], field.path, Unnamed.NONE), only_scalars=True)
            if isinstance(term, Absent):
                says = f"it is always there: {says}"
            wanted_text = f"{term}{_type_of(term)}"
            refused = _refused(pattern, alone, views[0])
            yield Problem(Kind.TERM, field.path, wanted_text, views, says, None, refused)


def _type_of(term: Term) -> str:
    """Return the type of the value that a term wants, in words, since quotes are easily overlooked."""
    if isinstance(term, ExactNumber):
        return " (number)"
    return " (text)" if isinstance(term, (ExactString, ExactAddress)) else ""


def _kind_of(field: Field, views: Sequence[SchemaView]) -> Kind | None:
    """Return the problem of a field of one term with some schemas; None if an event of one of them may satisfy it."""
    if any(can_satisfy(view, [field], Unnamed.IN_FREE_OBJECTS) for view in views):
        return None
    if any(can_satisfy(view, [field], Unnamed.ALL) for view in views):
        return Kind.UNNAMED
    return Kind.PATH if isinstance(field.terms[0], Exists) else Kind.TERM


def _refused(pattern: Pattern, field: Field, view: SchemaView) -> dict[str, Any] | None:
    """Return an event of a schema that a pattern does not match, near to what it wants otherwise."""
    present = Wish.of(Field(field.path, (Exists(),)))
    for alternative, _ in pairs(pattern, [view]):
        others = [one for one in judged_fields(alternative) if one.path != field.path]
        wishes = [Wish.of(one) for one in others if can_satisfy(view, [one], Unnamed.IN_FREE_OBJECTS)]
        for more in ([present], []):
            found = example(view, [*wishes, *more], is_wanted=lambda event: not pattern.matches(event))
            if found is not None:
                return found
    return example(view, is_wanted=lambda event: not pattern.matches(event))


def _problems_together(pattern: Pattern, views: Sequence[SchemaView]) -> Iterator[Problem]:
    """Yield the alternatives whose fields no event satisfies together, although it can satisfy each of them."""
    for alternative in pattern.alternatives:
        about = [view for one, view in pairs(pattern, views) if one is alternative]
        fields = judged_fields(alternative)
        if not about or any(can_satisfy(view, fields) for view in about):
            continue
        apart: Sequence[Field] = fields
        for pair in combinations(fields, 2):
            if not any(can_satisfy(view, pair) for view in about):
                apart = pair
                break
        names = " and ".join(field.path for field in apart)
        found = example(about[0], is_wanted=lambda event: not pattern.matches(event))
        yield Problem(Kind.TOGETHER, names, None, about, "", None, found)


def problems_of_path(
    path: JsonPath, pattern: Pattern | None, views: Sequence[SchemaView]
) -> Iterator[Problem]:
    """Yield the problem of an input path with the schemas that a rule's pattern is about; none if it is about none."""
    about = [] if pattern is None else views_for(pattern, views)
    if pattern is None or not about or not path.steps or path.steps[0] != "detail":
        return
    if not any(ends_of(view, path, Unnamed.IN_FREE_OBJECTS) for view in about):
        is_open = any(ends_of(view, path) for view in about)
        kind = Kind.UNNAMED if is_open else Kind.PATH
        near = near_input_path(about, path)
        yield Problem(kind, path.text, None, about, "", near, matching_event(pattern, about[0]))
        return
    for view in about if all(isinstance(step, str) for step in path.steps) else ():
        lacking = without(path, pattern, view, matching_event(pattern, view))
        if lacking is not None:
            says = said_about(ends_of(view, path, Unnamed.IN_FREE_OBJECTS))
            yield Problem(Kind.OPTIONAL, path.text, None, [view], says, None, lacking)
            return


def without(
    path: JsonPath, pattern: Pattern, view: SchemaView, near: Mapping[str, Any] | None = None
) -> dict[str, Any] | None:
    """Return an event of a schema that a pattern matches and in which an input path leads nowhere; None if unknown.

    Args:
        path: The input path.
        pattern: The pattern.
        view: The schema.
        near: An event to which the answer is to be similar.
    """
    if is_certain(view, path):
        return None

    def is_wanted(event: dict[str, Any]) -> bool:
        return pattern.matches(event) and not _leads(path, event)

    names = list(takewhile(lambda step: isinstance(step, str), path.steps))
    pieces = [".".join(map(str, names[:length])) for length in range(len(names), 1, -1)]
    for alternative, _ in pairs(pattern, [view]):
        fields = judged_fields(alternative)
        wishes = [Wish.of(field) for field in fields]
        if len(names) < len(path.steps):
            found = example(view, wishes, near=_emptied(near or {}, names), is_wanted=is_wanted)
            if found is not None:
                return found
        for piece in pieces:
            if any(field.path == piece and not field.may_be_absent for field in fields):
                break
            absent = Wish.of(Field(piece, (Absent(),)), is_absent=True)
            for wish in (absent, Wish.of(exactly(piece, None))):
                found = example(view, [*wishes, wish], near=near, is_wanted=is_wanted)
                if found is not None:
                    return found
    return None


def _leads(path: JsonPath, event: dict[str, Any]) -> bool:
    """Return whether a path leads to a value of an event that is not null."""
    found = path.find(JsonText.parse(dumps(event)))
    return found is not MISSING and not found.is_null


def _emptied(event: Mapping[str, Any], names: Sequence[object]) -> dict[str, Any]:
    """Return an event in which an array is empty."""
    first, *others = names
    inside = event.get(str(first))
    below = _emptied(inside if isinstance(inside, dict) else {}, others) if others else []
    return {**event, str(first): below}
