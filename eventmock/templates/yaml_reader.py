"""YAML as CloudFormation reads it, with lines: YAML 1.1 with short tags, and dates that stay text.

Source: AWS's page "CloudFormation template formats" (YAML 1.1). Anchors, aliases and merges are accepted, although the
service refuses them: ``aws cloudformation package`` resolves them beforehand (inferred).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from eventmock.exceptions import TemplateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eventmock.templates.source import Path

_CORE: Final = "tag:yaml.org,2002:"
_TEXT: Final = _CORE + "str"
_MERGE: Final = _CORE + "merge"


def _loader(base: Any) -> Any:
    """Return a loader of PyYAML that leaves dates as they are."""
    resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag != _CORE + "timestamp"]
        for first, known in base.yaml_implicit_resolvers.items()
    }
    return type("TemplateLoader", (base,), {"yaml_implicit_resolvers": resolvers})


_LOADER: Final = _loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)

SHORT_TAGS: Final = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{
        f"!{name}": f"Fn::{name}"
        for name in (
            *("And", "Base64", "Cidr", "Equals", "FindInMap", "GetAZs", "GetAtt", "GetStackOutput", "If"),
            *("ImportValue", "Join", "Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString"),
            *("Transform",),
            *("Contains", "EachMemberEquals", "EachMemberIn", "RefAll", "ValueOf", "ValueOfAll"),
        )
    },
}
"""The long form of each short tag; those of the last line stand in ``Rules`` only."""


def read_yaml(text: str, file: str | None) -> tuple[Any, YamlPlaces]:
    """Return the value of a YAML document, and the lines of its parts.

    Args:
        text: The document.
        file: The path of the file, for errors.

    Raises:
        TemplateError: The text is not one YAML document, or has a tag that CloudFormation does not know.
    """
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise _not_yaml(error, file) from None
    if root is None:
        return None, YamlPlaces(ScalarNode(_TEXT, "", None, None))
    return _Reader(file).value(root), YamlPlaces(root)


def _not_yaml(error: yaml.YAMLError, file: str | None) -> TemplateError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    context = getattr(error, "context", None)
    what = f"{context}: {problem}" if context else problem
    where = "" if mark is None else f" at line {mark.line + 1}, column {mark.column + 1}"
    return TemplateError(
        f"the file is not valid YAML{where}: {what}", file=file, line=None if mark is None else mark.line + 1
    )


class _Reader:
    """The plain values of nodes. Scalars are read as YAML 1.1 says.

    Args:
        file: The path of the file, for errors.
    """

    def __init__(self, file: str | None) -> None:
        self._file = file

    def value(self, node: Node) -> Any:
        tag = node.tag
        if tag == _TEXT:
            return node.value
        if tag in SHORT_TAGS:
            return {SHORT_TAGS[tag]: self._argument(node)}
        if isinstance(node, MappingNode) and tag == _CORE + "map":
            return self._mapping(node)
        if isinstance(node, SequenceNode) and tag == _CORE + "seq":
            return [self.value(item) for item in node.value]
        if isinstance(node, ScalarNode) and tag in _SCALARS:
            try:
                return _SCALARS[tag](node.value)
            except ValueError:
                raise self._error(
                    f"{node.value!r} is not of the type of its tag {_shown(tag)}", node
                ) from None
        raise self._error(f"CloudFormation does not know the tag {_shown(tag)}", node)

    def _argument(self, node: Node) -> Any:
        """Return the value after a short tag. A scalar is text, whatever it looks like."""
        if isinstance(node, MappingNode):
            return self._mapping(node)
        if isinstance(node, SequenceNode):
            return [self.value(item) for item in node.value]
        if node.tag == "!GetAtt" and "." in node.value:
            return node.value.split(".", 1)
        return node.value

    def _mapping(self, node: MappingNode) -> dict[str, Any]:
        result: dict[str, Any] = {}
        merged: list[Node] = []
        for key, member in node.value:
            if key.tag == _MERGE:
                merged += _merged(member)
            elif isinstance(key, ScalarNode):
                result[key.value] = self.value(member)
            else:
                raise self._error("a key of a mapping must be text", key)
        for other in merged:
            inherited = self.value(other)
            if not isinstance(inherited, dict):
                raise self._error("a merge (<<) wants a mapping or a list of mappings", other)
            result = {**inherited, **result}
        return result

    def _error(self, message: str, node: Node) -> TemplateError:
        return TemplateError(message, file=self._file, line=node.start_mark.line + 1)


def _merged(node: Node) -> list[Node]:
    """Return the mappings of a merge; the earlier ones come before the later ones, as their members do."""
    return list(node.value) if isinstance(node, SequenceNode) else [node]


def _shown(tag: str) -> str:
    return tag.replace(_CORE, "!!")


def _integer(text: str) -> int:
    text = text.replace("_", "")
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    if ":" in digits:
        value = 0
        for part in digits.split(":"):
            value = value * 60 + int(part)
        return sign * value
    if digits.startswith(("0b", "0x")):
        return sign * int(digits, 0)
    return sign * int(digits, 8 if digits.startswith("0") and digits != "0" else 10)


def _float(text: str) -> float:
    text = text.replace("_", "").lower()
    if ":" in text:
        value = 0.0
        for part in text.lstrip("+-").split(":"):
            value = value * 60 + float(part)
        return -value if text.startswith("-") else value
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))


def _boolean(text: str) -> bool:
    word = text.lower()
    if word not in {"yes", "no", "true", "false", "on", "off"}:
        raise ValueError(text)
    return word in {"yes", "true", "on"}


_SCALARS: Final[dict[str, Callable[[str], Any]]] = {
    _CORE + "int": _integer,
    _CORE + "float": _float,
    _CORE + "bool": _boolean,
    _CORE + "null": lambda _text: None,
    _CORE + "timestamp": str,
    _CORE + "value": str,
    _MERGE: str,
}


class YamlPlaces:
    """The lines of the parts of a YAML document.

    Args:
        root: The node of the document.
    """

    def __init__(self, root: Node) -> None:
        self._root = root

    def line(self, path: Path) -> int:
        """Return the line of a part; of the deepest part that exists if the path leads beyond it."""
        node, line, argument = self._root, 1, False
        for step in path:
            if node.tag in SHORT_TAGS and not argument:
                if step != SHORT_TAGS[node.tag]:
                    break
                line, argument = node.start_mark.line + 1, True
                continue
            found = _step(node, step)
            if found is None:
                break
            marked, node = found
            line, argument = marked.start_mark.line + 1, False
        return line

    @property
    def repeated_keys(self) -> list[Path]:
        """The paths of the keys that stand twice in one mapping."""
        return list(_repeated(self._root, ()))


def _step(node: Node, step: str | int) -> tuple[Node, Node] | None:
    """Return the node that has the line of a member or an item, and the node of its value; None if there is none."""
    if isinstance(node, SequenceNode):
        if isinstance(step, int) and step < len(node.value):
            return node.value[step], node.value[step]
    elif isinstance(node, MappingNode):
        for key, member in reversed(node.value):
            if key.value == step and key.tag != _MERGE:
                return key, member
        for key, member in node.value:
            for other in _merged(member) if key.tag == _MERGE else ():
                found = _step(other, step)
                if found is not None:
                    return found
    return None


def _repeated(node: Node, path: Path) -> Iterator[Path]:
    if node.tag in SHORT_TAGS:
        path = (*path, SHORT_TAGS[node.tag])
    if isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield from _repeated(item, (*path, index))
    elif isinstance(node, MappingNode):
        seen = set()
        for key, member in node.value:
            if key.tag == _MERGE:
                continue
            if key.value in seen:
                yield (*path, key.value)
            seen.add(key.value)
            yield from _repeated(member, (*path, key.value))
