"""Whether an event of a schema can satisfy fields of a pattern.

A field is looked for along the names of its path. Arrays on the way are passed as patterns pass them: all fields below
an array of objects have to be satisfied in the same element. Answers err to one side only: False is certain.
Members that a schema does not name count as the question wants it (`Unnamed`). A member that the schema does not name
never counts if its name has a dot; such a name would put its value on the path of another member.
Source: ours; `eventmock.pattern.matching` defines when an event matches.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from eventmock.schemas.json_values import SCALARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventmock.pattern.matching import Field
    from eventmock.schemas.alternative import Alternative, Member
    from eventmock.schemas.view import Schemas, SchemaView


class Unnamed(Enum):
    """Which members count that a schema does not name."""

    ALL = "all that it allows"
    IN_FREE_OBJECTS = "those of objects of which it names no member"
    NONE = "none"

    def allows(self, around: Alternative, member: Member) -> bool:
        """Return whether a member counts."""
        if member.schemas is None or member.is_named:
            return member.schemas is not None
        return self is Unnamed.ALL or (self is Unnamed.IN_FREE_OBJECTS and not around.names_members)


class Want(NamedTuple):
    """A field that is to be satisfied below a place.

    Attributes:
        pieces: The rest of the path, from the place on.
        field: The field.
    """

    pieces: tuple[str, ...]
    field: Field


def wants_of(fields: Iterable[Field]) -> list[Want]:
    """Return fields as they are wanted of a whole event."""
    return [Want(tuple(field.path.split(".")), field) for field in fields]


def can_satisfy(view: SchemaView, fields: Iterable[Field], unnamed: Unnamed = Unnamed.ALL) -> bool:
    """Return whether an event of a schema can satisfy some fields together; False is certain."""
    return _Question(view, unnamed).can(view.root, wants_of(fields))


def ends(view: SchemaView, path: str, unnamed: Unnamed = Unnamed.ALL) -> list[Alternative]:
    """Return the alternatives of the values on a path of a pattern, those of arrays and of their items too."""
    return _Question(view, unnamed).ends(view.root, tuple(path.split(".")))


class _Question:
    """A question about a schema.

    Args:
        view: The schema.
        unnamed: Which members count that the schema does not name.
    """

    def __init__(self, view: SchemaView, unnamed: Unnamed) -> None:
        self._view = view
        self._unnamed = unnamed

    def can(
        self, schemas: Schemas, wants: Sequence[Want], passed: frozenset[frozenset[int]] = frozenset()
    ) -> bool:
        """Return whether a value can satisfy some wants together.

        Args:
            schemas: The schemas of the value.
            wants: The wants.
            passed: The arrays that were passed since the last member; an array in itself adds nothing.
        """
        return any(self._can(one, wants, passed) for one in self._view.alternatives(schemas))

    def _can(self, one: Alternative, wants: Sequence[Want], passed: frozenset[frozenset[int]]) -> bool:
        here = [want for want in wants if not want.pieces]
        deeper = [want for want in wants if want.pieces]
        none_deeper = all(want.field.may_be_absent for want in deeper)
        if one.types & SCALARS and none_deeper and all(_may_be_satisfied(one, want.field) for want in here):
            return True
        none_here = all(want.field.may_be_absent for want in here)
        if "object" in one.types and none_here and self._can_object(one, deeper):
            return True
        return "array" in one.types and self._can_array(one, here, deeper, passed)

    def _can_array(
        self,
        one: Alternative,
        here: Sequence[Want],
        deeper: Sequence[Want],
        passed: frozenset[frozenset[int]],
    ) -> bool:
        if all(want.field.may_be_absent for want in (*here, *deeper)):
            return True  # in an empty array, or in the element of a larger one
        if one.key in passed or one.sizes[1] < 1:
            return False
        further = passed | {one.key}

        def can_item(wants: Sequence[Want]) -> bool:
            return any(self.can(item, wants, further) for item in one.items)

        return all(want.field.may_be_absent or can_item([want]) for want in here) and (
            all(want.field.may_be_absent for want in deeper) or can_item(deeper)
        )

    def _can_object(self, one: Alternative, wants: Sequence[Want]) -> bool:
        groups: dict[str, list[Want]] = {}
        for want in wants:
            if not (one.may_name_dots and self._can_with_dots(one, want)):
                groups.setdefault(want.pieces[0], []).append(Want(want.pieces[1:], want.field))
        return all(self._can_member(one, name, group) for name, group in groups.items())

    def _can_member(self, one: Alternative, name: str, wants: Sequence[Want]) -> bool:
        member = one.member(name)
        if self._unnamed.allows(one, member) and self.can(member.schemas or (), wants):
            return True
        return not member.is_required and all(want.field.may_be_absent for want in wants)

    def _can_with_dots(self, one: Alternative, want: Want) -> bool:
        """Return whether a member with dots in its name can satisfy a want by itself."""
        for length in range(2, len(want.pieces) + 1):
            member = one.member(".".join(want.pieces[:length]))
            if member.schemas is not None and member.is_named:
                rest = Want(want.pieces[length:], want.field)
                if self.can(member.schemas, [rest]):
                    return True
        return False

    def ends(
        self,
        schemas: Schemas,
        pieces: tuple[str, ...],
        passed: frozenset[frozenset[int]] = frozenset(),
    ) -> list[Alternative]:
        """Return the alternatives of the values on the rest of a path."""
        found: list[Alternative] = []
        for one in self._view.alternatives(schemas):
            if not pieces:
                found.append(one)
            if "array" in one.types and one.key not in passed and one.sizes[1] >= 1:
                for item in one.items:
                    found += self.ends(item, pieces, passed | {one.key})
            if "object" not in one.types:
                continue
            for length in range(1, len(pieces) + 1 if one.may_name_dots else min(2, len(pieces) + 1)):
                member = one.member(".".join(pieces[:length]))
                counts = member.is_named if length > 1 else self._unnamed.allows(one, member)
                if member.schemas is not None and counts:
                    found += self.ends(member.schemas, pieces[length:])
        return list({id(one): one for one in found}.values())


def _may_be_satisfied(one: Alternative, field: Field) -> bool:
    return any(one.may_satisfy(term) for term in field.terms)
