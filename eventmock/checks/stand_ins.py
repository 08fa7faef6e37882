"""Texts that stand for references to nothing, so that the rest of a template can be deployed and looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.checks.made_up import MARK
from eventmock.templates.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.templates.source import Path

_CIRCLE: Final = re.compile(r"Circular dependency between resources: \[(?P<names>[^\]]+)\]")


class _SameLines(NamedTuple):
    """The lines of a template of which a part was replaced.

    Attributes:
        source: The template before.
    """

    source: Source

    def line(self, path: Path) -> int:
        """Return the line of a part."""
        return self.source.place(path).line or 1

    @property
    def repeated_keys(self) -> list[Path]:
        """The paths of the keys that stand twice in one mapping."""
        return self.source.repeated_keys


def without_reference(source: Source, name: str, within: str | None = None) -> Source:
    """Return a template in which a text stands for each reference to something.

    Args:
        source: The template.
        name: The logical ID or parameter that is referred to.
        within: The resource whose references are replaced; None for all.
    """
    document: Any = source.document
    if within is None:
        document = _replaced(document, name)
    elif within in document["Resources"]:
        resources = document["Resources"]
        document = {**document, "Resources": {**resources, within: _replaced(resources[within], name)}}
    return Source(document, source.file, source.text, lambda: _SameLines(source))


def without_circle(source: Source, message: str) -> Source | None:
    """Return a template in which a circle of resources is open in one place, if possible not in one of EventBridge.

    Args:
        source: The template.
        message: The message of an error.

    Returns:
        The template; None if the message is about no circle, or about one that the template does not show.
    """
    names = circle_in(message)
    pairs = list(zip(names, [*names[1:], *names[:1]], strict=True))
    pairs.sort(key=lambda pair: _is_of_events(source.document["Resources"].get(pair[0])))
    for name, needed in pairs:
        opened = without_reference(source, needed, within=name)
        if opened.document != source.document:
            return opened
    return None


def circle_in(message: str) -> list[str]:
    """Return the resources that depend on each other in a circle, as a message says; empty if it is about no circle."""
    found = _CIRCLE.search(message)
    return found["names"].split(", ") if found is not None else []


def _is_of_events(resource: Any) -> bool:
    return isinstance(resource, Mapping) and str(resource.get("Type")).startswith("AWS::Events::")


def without_attribute(source: Source, type_name: str, attribute: str) -> Source:
    """Return a template in which a text stands for each use of an attribute that a type does not have.

    Args:
        source: The template.
        type_name: The type.
        attribute: The attribute.
    """
    document: Any = source.document
    for name, one in source.document["Resources"].items():
        if isinstance(one, Mapping) and one.get("Type") == type_name:
            document = _replaced(document, name, attribute)
    return Source(document, source.file, source.text, lambda: _SameLines(source))


def paths_of(value: Any, name: str, path: Path = ()) -> Iterator[Path]:
    """Yield the paths of the references to a logical ID in a part of a template.

    Args:
        value: The part.
        name: The logical ID.
        path: The path of the part.
    """
    if _refers(value, name):
        yield path
        return
    pairs = (
        value.items() if isinstance(value, Mapping) else enumerate(value if isinstance(value, list) else ())
    )
    for key, member in pairs:
        if key == "DependsOn" and _has(member, name):
            yield (*path, key)
        else:
            yield from paths_of(member, name, (*path, key))


def _refers(value: Any, name: str, attribute: str | None = None) -> bool:
    """Return whether a part of a template refers to a logical ID, also as a text of ``Fn::Sub``.

    Args:
        value: The part.
        name: The logical ID.
        attribute: The attribute that it refers to; None for any reference.
    """
    if isinstance(value, str):
        return re.search(_in_text(name, attribute), value) is not None
    if not isinstance(value, Mapping):
        return False
    given = value.get("Fn::GetAtt")
    owner, _, rest = (
        ".".join(map(str, given)).partition(".") if isinstance(given, list) else str(given).partition(".")
    )
    return (owner == name and attribute in (None, rest)) or (attribute is None and value.get("Ref") == name)


def _in_text(name: str, attribute: str | None) -> str:
    rest = r"(\.[^}]*)?" if attribute is None else rf"\.{re.escape(attribute)}"
    return rf"\$\{{\s*{re.escape(name)}\s*{rest}\s*\}}"


def _replaced(value: Any, name: str, attribute: str | None = None) -> Any:
    """Return a part of a template in which a text stands for each reference to a logical ID; see `_refers`."""
    stand_in = f"{MARK}-{name}"
    if isinstance(value, str):
        return re.sub(_in_text(name, attribute), stand_in, value)
    if _refers(value, name, attribute):
        return stand_in
    if isinstance(value, list):
        return [_replaced(item, name, attribute) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: _replaced(member, name, attribute)
        for key, member in value.items()
        if attribute is not None or key != "DependsOn" or not _has(member, name)
    }


def _has(depends_on: Any, name: str) -> bool:
    return name in (depends_on if isinstance(depends_on, list) else [depends_on])
