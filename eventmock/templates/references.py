"""What the resources of a template refer to, and the order that follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.templates.intrinsics import VARIABLE, VARIABLE_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from eventmock.templates.source import Path


class Reference(NamedTuple):
    """A place where a name stands that may be that of a resource.

    Attributes:
        name: The name.
        path: The path of the place.
        taken: Whether the value is used: false in the branch of an ``Fn::If`` that is not taken.
    """

    name: str
    path: Path
    taken: bool


class References:
    """The search for what a template refers to by ``Ref``, ``Fn::GetAtt`` and ``Fn::Sub``.

    Args:
        is_true: Returns whether a condition is true.
    """

    def __init__(self, is_true: Callable[[str, Path], bool]) -> None:
        self._is_true = is_true

    def of(self, node: Any, path: Path, *, taken: bool) -> Iterator[Reference]:
        """Yield the references in a part of a template.

        Args:
            node: The part.
            path: The path of the part.
            taken: Whether the part is used.
        """
        if isinstance(node, list):
            for index, item in enumerate(node):
                if isinstance(item, (dict, list)):
                    yield from self.of(item, (*path, index), taken=taken)
        elif isinstance(node, dict):
            for key, member in node.items():
                inner = self._FUNCTIONS.get(key) if len(node) == 1 else None
                if inner is not None:
                    yield from inner(self, member, (*path, key), taken)
                elif isinstance(member, (dict, list)):
                    yield from self.of(member, (*path, key), taken=taken)

    def _ref(self, name: Any, path: Path, taken: bool) -> Iterator[Reference]:
        if isinstance(name, str):
            yield Reference(name, path, taken)

    def _get_att(self, argument: Any, path: Path, taken: bool) -> Iterator[Reference]:
        if isinstance(argument, str):
            yield Reference(argument.partition(".")[0], path, taken)
        elif isinstance(argument, list) and argument and isinstance(argument[0], str):
            yield Reference(argument[0], path, taken)
            yield from self.of(argument, path, taken=taken)

    def _if(self, argument: Any, path: Path, taken: bool) -> Iterator[Reference]:
        match argument:
            case [str(condition), _, _]:
                pass
            case _:
                return
        chosen = (1 if self._is_true(condition, path) else 2) if taken else None
        for branch in (1, 2):
            yield from self.of(argument[branch], (*path, branch), taken=branch == chosen)

    def _sub(self, argument: Any, path: Path, taken: bool) -> Iterator[Reference]:
        variables: Mapping[str, Any] = {}
        if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
            argument, variables = argument
            yield from self.of(variables, (*path, 1), taken=taken)
            path = (*path, 0)
        if isinstance(argument, str):
            for name in map(str.strip, VARIABLE.findall(argument)):
                if name not in variables and VARIABLE_NAME.fullmatch(name):
                    yield Reference(name.partition(".")[0], path, taken)

    _FUNCTIONS: Final[Mapping[str, Callable[[References, Any, Path, bool], Iterator[Reference]]]] = {
        "Ref": _ref,
        "Fn::GetAtt": _get_att,
        "Fn::If": _if,
        "Fn::Sub": _sub,
    }


class CircleError(Exception):
    """Resources depend on each other in a circle.

    Attributes:
        circle: Their names; each depends on the next, the last on the first.
    """

    def __init__(self, circle: Sequence[str]) -> None:
        super().__init__(circle)
        self.circle = circle


def ordered(needs: Mapping[str, Collection[str]]) -> list[str]:
    """Return names so that each stands after those that it needs, else in the given order.

    Args:
        needs: The names that each name needs, each of them a key too.

    Raises:
        CircleError: Names need each other in a circle.
    """
    done: dict[str, None] = {}
    for start in needs:
        open_ = {start: iter(needs[start])} if start not in done else {}
        while open_:
            name, waiting = next(reversed(open_.items()))
            needed = next((one for one in waiting if one not in done), None)
            if needed is None:
                done[name] = None
                del open_[name]
            elif needed in open_:
                chain = list(open_)
                raise CircleError(chain[chain.index(needed) :])
            else:
                open_[needed] = iter(needs[needed])
    return list(done)
