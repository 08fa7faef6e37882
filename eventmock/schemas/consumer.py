"""A consumer of events: the pattern of a rule, and the paths by which its targets take parts of the event.

Source: the members of a target, as PutTargets takes them (service model).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.transform.json_path import InvalidPath, JsonPath

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.pattern import Pattern

_NO_PATHS: Final = frozenset({"Input", "InputTemplate", "Id", "Arn", "RoleArn"})
"""The members of a target that have no path into the event, whatever their text is."""


class InputUse(NamedTuple):
    """A path by which a target takes a part of the event.

    Attributes:
        target: The id of the target.
        keys: The keys that lead to the path in the members of the target.
        path: The path.
    """

    target: str
    keys: tuple[str | int, ...]
    path: JsonPath

    @property
    def title(self) -> str:
        """Where the path stands, such as ``target "queue" (InputPathsMap <id>)``."""
        *around, last = map(str, self.keys)
        member = f"{around[-1]} <{last}>" if around[-1:] == ["InputPathsMap"] else ".".join([*around, last])
        return f'target "{self.target}" ({member})'


class Consumer(NamedTuple):
    """A rule as a consumer of events.

    Attributes:
        name: The name of the rule.
        file: The file of the rule.
        line: The number of its line, from 1; None if it is not known.
        pattern: The pattern.
        inputs: The paths of its targets.
    """

    name: str
    file: str
    line: int | None
    pattern: Pattern
    inputs: Sequence[InputUse] = ()

    @property
    def place(self) -> str:
        """The file and the line, in one text."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


def inputs_of(target: Mapping[str, Any]) -> list[InputUse]:
    """Return the paths by which a target takes parts of the event, without those that its template does not use.

    Args:
        target: The members of the target. What PutTargets would refuse is left out.
    """
    name = str(target.get("Id"))
    found = []
    for keys, text in _texts(target, ()):
        if keys[-2:-1] == ("InputPathsMap",) and f"<{keys[-1]}>" not in _template(target):
            continue
        if text.startswith("$"):
            try:
                found.append(InputUse(name, keys, JsonPath.parse(text)))
            except InvalidPath:
                continue
    return found


def _template(target: Mapping[str, Any]) -> str:
    transformer = target.get("InputTransformer")
    return str(transformer.get("InputTemplate")) if isinstance(transformer, Mapping) else ""


def _texts(value: Any, keys: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in _NO_PATHS:
                yield from _texts(inner, (*keys, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*keys, index))
