"""Where an input path leads in the events of a schema: `InputPath`, the paths of an InputTransformer, and others.

Other than patterns, such a path does not pass arrays by itself. A null counts as no value, as for targets.
Source: `eventmock.transform.json_path`, which finds the values in events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.schemas.satisfaction import Unnamed
from eventmock.transform.json_path import EVERY

if TYPE_CHECKING:
    from eventmock.schemas.alternative import Alternative
    from eventmock.schemas.view import Schemas, SchemaView
    from eventmock.transform.json_path import Every, JsonPath

    Steps = tuple[str | int | Every, ...]


def ends_of(view: SchemaView, path: JsonPath, unnamed: Unnamed = Unnamed.ALL) -> list[Alternative]:
    """Return the alternatives of the values to which a path leads; none if it leads nowhere in any event."""
    found = _ends(view, view.root, path.steps, unnamed)
    return [one for one in {id(one): one for one in found}.values() if one.types != {"null"}]


def is_certain(view: SchemaView, path: JsonPath) -> bool:
    """Return whether a path leads to a value in each event of a schema; True is certain."""
    return _is_certain(view, view.root, path.steps)


def _ends(view: SchemaView, schemas: Schemas, steps: Steps, unnamed: Unnamed) -> list[Alternative]:
    found: list[Alternative] = []
    for one in view.alternatives(schemas):
        if not steps:
            found.append(one)
            continue
        step = steps[0]
        if isinstance(step, str):
            member = one.member(step)
            if "object" in one.types and member.schemas is not None and unnamed.allows(one, member):
                found += _ends(view, member.schemas, steps[1:], unnamed)
        elif "array" in one.types and one.sizes[1] >= 1:
            if step is EVERY:
                for item in one.items:
                    found += _ends(view, item, steps[1:], unnamed)
            elif step < one.sizes[1]:
                found += _ends(view, one.item(step), steps[1:], unnamed)
    return found


def _is_certain(view: SchemaView, schemas: Schemas, steps: Steps) -> bool:
    alternatives = view.alternatives(schemas)
    if not steps:
        return all("null" not in one.types for one in alternatives)
    step = steps[0]
    for one in alternatives:
        if isinstance(step, str):
            member = one.member(step)
            if one.types != {"object"} or not member.is_required:
                return False
            if member.schemas is not None and not _is_certain(view, member.schemas, steps[1:]):
                return False
        elif (
            one.types != {"array"}
            or (isinstance(step, int) and one.sizes[0] <= step)
            or (isinstance(step, int) and not _is_certain(view, one.item(step), steps[1:]))
        ):
            return False
    return True
