"""``Fn::ForEach`` of the transform ``AWS::LanguageExtensions``: one member of a mapping for each item of a collection.

Source: AWS's page "Fn::ForEach"; templates, section 5. The texts of errors are ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.templates.scalars import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.exceptions import TemplateError
    from eventmock.templates.source import Path

LOOP: Final = "Fn::ForEach::"
_DEEPEST: Final = 5


class LoopExpansion:
    """The expansion of the loops of a document.

    Args:
        value: Returns the evaluated value of a part of the document; parameters are known to it, resources are not.
        error: Makes an error of a text and a path of the document.

    Attributes:
        origins: The path in the document of each member that a loop has made, by its path in the result.
    """

    def __init__(
        self, value: Callable[[Any, Path], Any], error: Callable[[str, Path], TemplateError]
    ) -> None:
        self._value = value
        self._error = error
        self.origins: dict[Path, Path] = {}

    def expanded(self, node: Any, path: Path, origin: Path, variables: Mapping[str, str]) -> Any:
        """Return a part with its loops expanded.

        Args:
            node: The part.
            path: The path that the part has in the result.
            origin: The path in the document from which the part came.
            variables: The values of the variables of the loops around the part.
        """
        if isinstance(node, str):
            return _replaced(node, variables)
        if isinstance(node, list):
            return [
                self.expanded(item, (*path, index), (*origin, index), variables)
                for index, item in enumerate(node)
            ]
        if not isinstance(node, dict):
            return node
        if len(node) == 1 and isinstance(name := node.get("Ref"), str) and name in variables:
            return variables[name]
        result: dict[str, Any] = {}
        self._put_members(result, node, path, origin, variables)
        return result

    def _put_members(
        self,
        result: dict[str, Any],
        node: Mapping[str, Any],
        path: Path,
        origin: Path,
        variables: Mapping[str, str],
    ) -> None:
        """Put the members of a mapping, expanded, into that of the result. The members of a loop come in its place."""
        for key, member in node.items():
            if key.startswith(LOOP):
                self._put_loop(result, member, path, (*origin, key), variables)
                continue
            name = _replaced(key, variables)
            if name in result:
                raise self._error(
                    f"Fn::ForEach makes {name} twice: each key needs the loop's variable", (*origin, key)
                )
            if variables:
                self.origins[*path, name] = (*origin, key)
            result[name] = self.expanded(member, (*path, name), (*origin, key), variables)

    def _put_loop(
        self, result: dict[str, Any], loop: Any, path: Path, origin: Path, variables: Mapping[str, str]
    ) -> None:
        match loop:
            case [str(variable), collection, dict(body)]:
                pass
            case _:
                raise self._error(
                    f"{origin[-1]} wants a list of a variable's name, a collection, and a mapping to repeat",
                    origin,
                )
        if len(variables) == _DEEPEST:
            raise self._error(f"loops of Fn::ForEach may stand {_DEEPEST} deep in each other", origin)
        if variable in variables:
            raise self._error(f"the variable {variable} is that of a loop around this one", origin)
        for text in self._texts(self.expanded(collection, path, (*origin, 1), variables), (*origin, 1)):
            self._put_members(result, body, path, (*origin, 2), {**variables, variable: text})

    def _texts(self, collection: Any, path: Path) -> list[str]:
        items = self._value(collection, path)
        texts = [text_of(item) for item in items] if isinstance(items, list) else [None]
        if None in texts:
            raise self._error(
                "the collection of an Fn::ForEach must be a list of texts, or a list parameter", path
            )
        return [text for text in texts if text is not None]


def _replaced(text: str, variables: Mapping[str, str]) -> str:
    """Return a text with the values of variables: whole for ``${variable}``, without signs for ``&{variable}``."""
    for variable, value in variables.items():
        if variable in text:
            plain = "".join(letter for letter in value if letter.isalnum())
            text = text.replace(f"${{{variable}}}", value).replace(f"&{{{variable}}}", plain)
    return text
