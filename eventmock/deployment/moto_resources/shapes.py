"""Properties of a template as the parameters of a call, by botocore's shape of the parameters.

Inferred: CloudFormation and the APIs spell most members alike, but for the case of letters; numbers and booleans of a
template may be texts; tags are a list in most types, and a mapping in some APIs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_TAG_MEMBERS: Final = ({"key", "value"}, {"tagkey", "tagvalue"})


def fit(shape: Any, value: object, path: str = "") -> tuple[Any, list[str]]:
    """Return a value as a shape wants it, and the paths in the value that the shape does not have.

    A value that cannot be converted stays as it is, so that botocore says what is wrong with it.

    Args:
        shape: botocore's shape.
        value: An evaluated value of the template.
        path: The path of the value, such as ``Policy.Statement``.
    """
    if value is None:
        return None, []
    read = _READERS.get(shape.type_name)
    return (value, []) if read is None else read(shape, value, path)


def as_text(value: object) -> str:
    """Return a value as text: JSON for an object or list, ``true`` or ``false`` for a boolean."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping | list):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_true(value: object) -> bool:
    """Return whether a boolean of a template, which may be text, is true."""
    return as_text(value).lower() == "true"


def _structure(shape: Any, value: object, path: str) -> tuple[Any, list[str]]:
    if not isinstance(value, Mapping):
        return value, []
    members = {name.lower(): name for name in shape.members}
    fitted, unknown = {}, []
    for key, one in value.items():
        name = key if key in shape.members else members.get(key.lower())
        below = f"{path}.{key}".lstrip(".")
        if one is None:
            continue
        if name is None:
            unknown.append(below)
        else:
            fitted[name], more = fit(shape.members[name], one, below)
            unknown += more
    return fitted, unknown


def _list(shape: Any, value: object, path: str) -> tuple[Any, list[str]]:
    if isinstance(value, Mapping) and _is_tag(shape.member):
        value = [{"Key": key, "Value": one} for key, one in value.items()]
    items = value if isinstance(value, list | tuple) else [value]
    if _is_tag(shape.member):
        items = [_tag(shape.member, one) for one in items]
    fitted = [fit(shape.member, one, path) for one in items]
    return [one for one, _ in fitted], list(dict.fromkeys(name for _, more in fitted for name in more))


def _map(shape: Any, value: object, path: str) -> tuple[Any, list[str]]:
    if isinstance(value, list | tuple):
        value = {
            one["Key"]: one.get("Value", "") for one in value if isinstance(one, Mapping) and "Key" in one
        }
    if not isinstance(value, Mapping):
        return value, []
    fitted, unknown = {}, []
    for key, one in value.items():
        fitted[key], more = fit(shape.value, one, f"{path}.{key}")
        unknown += more
    return fitted, unknown


def _is_tag(shape: Any) -> bool:
    """Return whether a shape is that of a tag."""
    return shape.type_name == "structure" and {name.lower() for name in shape.members} in _TAG_MEMBERS


def _tag(shape: Any, value: object) -> object:
    """Return a tag with the members that a shape has, which some services call ``TagKey`` and ``TagValue``."""
    if not isinstance(value, Mapping):
        return value
    short = {key.lower().removeprefix("tag"): one for key, one in value.items()}
    return {
        name: short[found] for name in shape.members if (found := name.lower().removeprefix("tag")) in short
    }


def _string(_shape: Any, value: object, _path: str) -> tuple[Any, list[str]]:
    return as_text(value), []


def _boolean(_shape: Any, value: object, _path: str) -> tuple[Any, list[str]]:
    known = {"true": True, "false": False}
    return known.get(value.lower(), value) if isinstance(value, str) else value, []


def _number(convert: Callable[[str], int | float]) -> Callable[[Any, object, str], tuple[Any, list[str]]]:
    def read(_shape: Any, value: object, _path: str) -> tuple[Any, list[str]]:
        try:
            return convert(value) if isinstance(value, str) else value, []
        except ValueError:
            return value, []

    return read


def _blob(_shape: Any, value: object, _path: str) -> tuple[Any, list[str]]:
    return value.encode() if isinstance(value, str) else value, []


_READERS: Final[dict[str, Callable[[Any, object, str], tuple[Any, list[str]]]]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "boolean": _boolean,
    "integer": _number(int),
    "long": _number(int),
    "float": _number(float),
    "double": _number(float),
    "blob": _blob,
}
"""How a value is read, by the type of the shape."""
