"""Intrinsic functions, and the conditions of a template.

Source: AWS's pages "Intrinsic function reference" and "Condition functions"; templates, section 5. The
texts of errors are CloudFormation's as users have quoted them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn, Protocol

from eventmock.templates.dynamic_references import MARK
from eventmock.templates.evaluated import EvaluatedList, EvaluatedMapping, MadeUp, located, parts_of
from eventmock.templates.scalars import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.exceptions import TemplateError
    from eventmock.templates.source import Path

    Function = Callable[[Any, Path], Any]

NO_VALUE: Final = object()
"""What ``AWS::NoValue`` is: the key or the item that has it is left out."""

VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
"""A variable of ``Fn::Sub``; one that begins with ``!`` is literal. Blanks around a name do not count (observed)."""
VARIABLE_NAME: Final = re.compile(r"[A-Za-z0-9_.:]+")
_WITHOUT_EXTENSIONS: Final = {"Ref", "Fn::FindInMap"}
_EXTENSIONS: Final = {"Fn::Length", "Fn::ToJsonString"}
_OF_STACK_OUTPUT: Final = {"StackName", "OutputName", "Region", "RoleArn"}
_ZONES: Final = {"ap-northeast-2": "abcd", "us-east-1": "abcdef", "us-west-2": "abcd"}
"""The letters of the availability zones of regions that have more than three. Of all others, three is inferred."""
_LOGICAL: Final = {"Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals"}


class StackOutput(NamedTuple):
    """An output of another stack, as ``Fn::GetStackOutput`` names it.

    Attributes:
        stack: The name of the stack.
        name: The name of the output.
        region: The region of the stack; None for that of the stack that asks.
        role: The ARN of the role by which the stack is looked at; its account has the stack. None for the account of
            the stack that asks.
    """

    stack: str
    name: str
    region: str | None = None
    role: str | None = None


class OfMacro(Exception):  # noqa: N818 - not an error: the value is left out
    """A value that only a macro can make, or one that a function makes of such a value."""


class World(Protocol):
    """What functions take from outside the template."""

    def ref(self, logical_id: str, path: Path) -> Any:
        """Return the value of ``Ref`` of a resource."""

    def attribute(self, logical_id: str, name: str, path: Path) -> Any:
        """Return the value of an attribute of a resource."""

    def imported(self, name: str, path: Path) -> Any:
        """Return the exported value of a name."""

    def output_of(self, asked: StackOutput, path: Path) -> Any:
        """Return an output of another stack."""

    def replaced(self, text: str) -> str:
        """Return a text with the values of its dynamic references."""


class Intrinsics:
    """The evaluation of the values of one template.

    Args:
        document: The expanded template.
        parameters: The values of its parameters.
        pseudo: The values of pseudo parameters, but for ``AWS::NoValue``.
        extensions: Whether the template has the transform ``AWS::LanguageExtensions``.
        world: What is taken from outside the template.
        error: Makes an error of a text and a path.
    """

    def __init__(  # noqa: PLR0913 - a template, its parameters and its world
        self,
        document: Mapping[str, Any],
        parameters: Mapping[str, Any],
        pseudo: Mapping[str, Any],
        *,
        extensions: bool,
        world: World,
        error: Callable[[str, Path], TemplateError],
    ) -> None:
        self._document = document
        self._parameters = parameters
        self._pseudo = pseudo
        self._extensions = extensions
        self._world = world
        self._error = error
        self._conditions: dict[str, bool] = {}
        self._open_conditions: list[str] = []
        self._region = pseudo["AWS::Region"]
        self.without_macros = False
        """Whether a value that only a macro can make is left out; else it is an error."""
        self._functions: dict[str, Function] = {
            "Ref": self._ref,
            "Fn::Base64": self._base64,
            "Fn::Cidr": self._cidr,
            "Fn::FindInMap": self._find_in_map,
            "Fn::GetAZs": self._get_azs,
            "Fn::GetAtt": self._get_att,
            "Fn::GetStackOutput": self._get_stack_output,
            "Fn::If": self._if,
            "Fn::ImportValue": self._import_value,
            "Fn::Join": self._join,
            "Fn::Length": self._length,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::Sub": self._sub,
            "Fn::ToJsonString": self._to_json_string,
            "Fn::Transform": self._transform,
        }
        self._logical: dict[str, Callable[[Any, Path], bool]] = {
            "Condition": self._named_condition,
            "Fn::And": self._and,
            "Fn::Equals": self._equals,
            "Fn::Not": self._not,
            "Fn::Or": self._or,
        }

    def value(self, node: Any, path: Path) -> Any:
        """Return the evaluated value of a part of the template; `NO_VALUE` if it is to be left out.

        Raises:
            OfMacro: Only a macro can make the value, and such values are left out.
        """
        kind = type(node)
        if kind is str:
            return self._world.replaced(node) if MARK in node else node
        if kind is dict:
            if len(node) == 1:
                ((name, argument),) = node.items()
                if name == "Ref" or name.startswith("Fn::"):
                    return self._call(name, argument, (*path, name))
            mapping = EvaluatedMapping()
            mapping.path = path
            for key, member in node.items():
                if key.startswith("Fn::"):
                    self._beside_others(key, path)
                elif type(member) is str and MARK not in member:
                    mapping[key] = member
                else:
                    item = self._member(member, (*path, key))
                    if item is not NO_VALUE:
                        mapping[key] = item
            return mapping
        if kind is list:
            return self._items(node, path)
        return node

    def _member(self, node: Any, path: Path) -> Any:
        """Return the evaluated value of a member of a mapping or a list; `NO_VALUE` if it is to be left out."""
        try:
            return self.value(node, path)
        except OfMacro:
            return NO_VALUE

    def is_true(self, name: str, path: Path) -> bool:
        """Return whether a condition is true.

        Args:
            name: The name of the condition.
            path: The path of the name, for errors.
        """
        if name in self._conditions:
            return self._conditions[name]
        conditions = self._document.get("Conditions")
        if not isinstance(conditions, dict) or name not in conditions:
            block = path[0] if path else "Conditions"
            raise self._error(
                f"Template format error: Unresolved condition dependency {name} in the {block} block of the template",
                path,
            )
        if name in self._open_conditions:
            circle = ", ".join(self._open_conditions[self._open_conditions.index(name) :])
            raise self._error(f"Circular dependency between conditions: [{circle}]", path)
        self._open_conditions.append(name)
        try:
            self._conditions[name] = self._truth(conditions[name], ("Conditions", name))
        finally:
            self._open_conditions.pop()
        return self._conditions[name]

    def text(self, node: Any, path: Path, what: str) -> str:
        """Return the evaluated text of a part that must be a scalar.

        Args:
            node: The part.
            path: The path of the part.
            what: What CloudFormation says if it is not a scalar.
        """
        text = text_of(self.value(node, path))
        if text is None:
            raise self._error(what, path)
        return text

    def _call(self, name: str, argument: Any, path: Path) -> Any:
        function = self._functions.get(name)
        if function is None:
            self._unsupported(name, path)
        if name in _EXTENSIONS and not self._extensions:
            raise self._error(
                f"{name} needs the transform AWS::LanguageExtensions, which the template lacks", path
            )
        result = function(argument, path)
        if type(result) is str and MARK in result:
            return self._world.replaced(result)
        return result

    def _unsupported(self, name: str, path: Path) -> NoReturn:
        if name in _LOGICAL:
            raise self._error(
                f"{name} stands in the section Conditions only; name the condition in an Fn::If", path
            )
        if name.startswith("Fn::ForEach::"):
            raise self._error(
                f"{name} needs the transform AWS::LanguageExtensions, which the template lacks", path
            )
        names = ", ".join(sorted(name for name in self._functions if name != "Ref"))
        raise self._error(
            f"Template error: Encountered unsupported function: {name} Supported functions are: [{names}]",
            path,
        )

    def _beside_others(self, name: str, path: Path) -> None:
        """Refuse a function that is not the only key of its mapping; a macro may stand there, as in an AWS::Include."""
        if name == "Fn::Transform":
            if not self.without_macros:
                self._transform(None, (*path, name))
        elif name in self._functions:
            raise self._error(f"{name} must be the only key of its mapping", (*path, name))
        else:
            self._unsupported(name, (*path, name))

    def _items(self, node: list[Any], path: Path) -> EvaluatedList:
        items = EvaluatedList()
        items.path = path
        items.indices = None
        kept: list[int] = []
        for index, member in enumerate(node):
            item = self._member(member, (*path, index))
            if item is not NO_VALUE:
                items.append(item)
                kept.append(index)
        if len(kept) < len(node):
            items.indices = kept
        return items

    def _list(self, node: Any, path: Path, what: str) -> list[Any]:
        """Return the evaluated items of a part that must be a list, or a function that returns one."""
        value = self.value(node, path)
        if isinstance(value, MadeUp):
            return [value]
        if not isinstance(value, list):
            raise self._error(what, path)
        return value

    # What values refer to

    def _ref(self, name: Any, path: Path) -> Any:
        if not isinstance(name, str):
            raise self._error("Template error: every Ref object must have a single String value.", path)
        if name in self._parameters:
            value = self._parameters[name]
            return located(value, path[:-1]) if isinstance(value, list) else value
        if name in self._pseudo:
            value = self._pseudo[name]
            return located(value, path[:-1]) if isinstance(value, list) else value
        if name == "AWS::NoValue":
            return NO_VALUE
        self._refuse_in_conditions(name, path)
        return self._world.ref(name, path)

    def _get_att(self, argument: Any, path: Path) -> Any:
        if isinstance(argument, str):
            argument = argument.split(".", 1)
        what = (
            "Template error: every Fn::GetAtt object requires two non-empty parameters, "
            "the resource name and the resource attribute"
        )
        if not isinstance(argument, list) or len(argument) != 2 or not all(argument):
            raise self._error(what, path)
        logical_id, attribute = argument
        if not isinstance(logical_id, str):
            raise self._error(what, path)
        self._refuse_in_conditions(logical_id, path)
        name = self.text(attribute, (*path, 1), what)
        return located(self._world.attribute(logical_id, name, path), path[:-1])

    def _import_value(self, argument: Any, path: Path) -> Any:
        name = self.text(argument, path, "Template error: the name in Fn::ImportValue must be text")
        return located(self._world.imported(name, path), path[:-1])

    def _get_stack_output(self, argument: Any, path: Path) -> Any:
        what = (
            "Template error: every Fn::GetStackOutput object must have StackName and OutputName, and may have Region "
            "and RoleArn, all of them text"
        )
        if (
            not isinstance(argument, dict)
            or not {"StackName", "OutputName"} <= argument.keys() <= _OF_STACK_OUTPUT
        ):
            raise self._error(what, path)
        given = {key: self.text(value, (*path, key), what) for key, value in argument.items()}
        asked = StackOutput(
            given["StackName"], given["OutputName"], given.get("Region"), given.get("RoleArn")
        )
        return located(self._world.output_of(asked, path), path[:-1])

    def _refuse_in_conditions(self, name: str, path: Path) -> None:
        if path[0] == "Conditions":
            raise self._error(
                f"Template format error: Unresolved dependencies [{name}]. "
                "Cannot reference resources in the Conditions block of the template",
                path,
            )

    def _find_in_map(self, argument: Any, path: Path) -> Any:
        what = (
            "Template error: every Fn::FindInMap object requires three parameters, "
            "the map name, map key and the attribute for return value"
        )
        if not isinstance(argument, list) or len(argument) not in {3, 4}:
            raise self._error(what, path)
        if not self._extensions:
            if len(argument) == 4:
                raise self._error(
                    "DefaultValue of Fn::FindInMap needs the transform AWS::LanguageExtensions, "
                    "which the template lacks",
                    path,
                )
            for index, key in enumerate(argument):
                if isinstance(key, dict) and not _WITHOUT_EXTENSIONS.issuperset(key):
                    raise self._error(
                        f"{what}; functions other than Ref and Fn::FindInMap in them need the transform "
                        "AWS::LanguageExtensions, which the template lacks",
                        (*path, index),
                    )
        name, first, second = (self.text(argument[index], (*path, index), what) for index in range(3))
        mappings = self._document.get("Mappings") or {}
        try:
            found = mappings[name][first][second]
        except (KeyError, TypeError):
            if len(argument) == 4 and isinstance(argument[3], dict) and "DefaultValue" in argument[3]:
                return self.value(argument[3]["DefaultValue"], (*path, 3, "DefaultValue"))
            if name not in mappings:
                raise self._error(
                    f"Template error: Mapping named '{name}' is not present in the 'Mappings' section of template.",
                    path,
                ) from None
            raise self._error(
                f"Template error: Unable to get mapping for {name}::{first}::{second}", path
            ) from None
        return located(found, path[:-1])

    # Text and lists

    def _sub(self, argument: Any, path: Path) -> str:
        text, variables, texts_path = argument, {}, path
        if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
            text, variables = argument
            texts_path = (*path, 0)
        if not isinstance(text, str):
            if isinstance(text, dict) and text.keys() == {"Fn::Transform"}:
                self._transform(None, (*texts_path, "Fn::Transform"))
            raise self._error(
                "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a "
                "string as first argument, and an optional second argument to specify a mapping of values to replace "
                "in the string",
                path,
            )

        def replacement(found: re.Match[str]) -> str:
            if found[1].startswith("!"):
                return "${" + found[1][1:] + "}"
            name = found[1].strip()
            if name in variables:
                return self._text_in_sub(self.value(variables[name], (*path, 1, name)), name, path)
            return self._text_in_sub(self._variable(name, texts_path), name, texts_path)

        return VARIABLE.sub(replacement, text)

    def _variable(self, name: str, path: Path) -> Any:
        """Return what a variable of ``Fn::Sub`` refers to that is not in its map."""
        if not VARIABLE_NAME.fullmatch(name):
            raise self._error(
                "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, "
                f"underscores, periods, and colons; it has ${{{name}}} (text is written ${{!{name}}})",
                path,
            )
        return self._get_att(name, path) if "." in name else self._ref(name, path)

    def _text_in_sub(self, value: Any, name: str, path: Path) -> str:
        if value is NO_VALUE:
            return ""
        text = ",".join(text_of(item) or "" for item in value) if isinstance(value, list) else text_of(value)
        if text is None:
            raise self._error(f"Template error: the value of ${{{name}}} in Fn::Sub is not text", path)
        return text

    def _join(self, argument: Any, path: Path) -> str:
        what = (
            "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of "
            "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined."
        )
        if not isinstance(argument, list) or len(argument) != 2:
            raise self._error(what, path)
        delimiter = self.text(argument[0], (*path, 0), what)
        texts = []
        for index, item in enumerate(self._list(argument[1], (*path, 1), what)):
            text = text_of(item)
            if text is None:
                raise self._error(what, (*path, 1, index))
            texts.append(text)
        return delimiter.join(texts)

    def _split(self, argument: Any, path: Path) -> Any:
        what = (
            "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string "
            "to be split or a function that returns a string to be split."
        )
        if not isinstance(argument, list) or len(argument) != 2 or not argument[0]:
            raise self._error(what, path)
        delimiter = self.text(argument[0], (*path, 0), what)
        return located(parts_of(self.text(argument[1], (*path, 1), what), delimiter), path[:-1])

    def _select(self, argument: Any, path: Path) -> Any:
        what = "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
        if not isinstance(argument, list) or len(argument) != 2:
            raise self._error(what, path)
        index = self.text(argument[0], (*path, 0), what)
        items = self._list(argument[1], (*path, 1), what)
        if not index.isdecimal():
            raise self._error(what, path)
        if int(index) >= len(items):
            if items and isinstance(items[-1], MadeUp):
                return items[-1]
            raise self._error(
                f"Template error: Fn::Select cannot select nonexistent value at index {index}", path
            )
        return items[int(index)]

    def _base64(self, argument: Any, path: Path) -> str:
        from base64 import b64encode

        text = self.text(
            argument, path, "Template error: every Fn::Base64 object must have a String-typed value."
        )
        return b64encode(text.encode()).decode("ascii")

    def _cidr(self, argument: Any, path: Path) -> Any:
        from ipaddress import ip_network
        from itertools import islice

        what = (
            "Template error: every Fn::Cidr object requires an IP address block, "
            "the number of CIDRs from 1 to 256, and the number of subnet bits for the CIDR"
        )
        if not isinstance(argument, list) or len(argument) not in {2, 3}:
            raise self._error(what, path)
        texts = [self.text(one, (*path, index), what) for index, one in enumerate(argument)]
        if isinstance(texts[0], MadeUp):
            return located(texts[:1], path[:-1])
        try:
            block, count, bits = ip_network(texts[0], strict=False), int(texts[1]), int((*texts, "8")[2])
            subnets = block.subnets(new_prefix=block.max_prefixlen - bits)
            made = [str(subnet) for subnet in islice(subnets, count)] if 1 <= count <= 256 else []
        except ValueError as error:
            raise self._error(f"{what} ({error})", path) from None
        if not made or len(made) < count:
            raise self._error(f"{what} ({texts[0]} has not {count} subnets of {bits} bits)", path)
        return located(made, path[:-1])

    def _get_azs(self, argument: Any, path: Path) -> Any:
        what = "Template error: every Fn::GetAZs object must have a region as its value, or the empty string"
        region = self.text(argument, path, what) or self._region
        return located([region + letter for letter in _ZONES.get(region, "abc")], path[:-1])

    def _length(self, argument: Any, path: Path) -> int:
        return len(
            self._list(
                argument, path, "Template error: every Fn::Length object must have a list as its value"
            )
        )

    def _to_json_string(self, argument: Any, path: Path) -> str:
        from json import dumps

        value = self.value(argument, path)
        if not isinstance(value, (dict, list)):
            raise self._error(
                "Template error: every Fn::ToJsonString object must have a list or a mapping as its value",
                path,
            )
        return dumps(value, separators=(",", ":"), ensure_ascii=False)

    def _transform(self, _argument: Any, path: Path) -> NoReturn:
        if self.without_macros:
            raise OfMacro
        raise self._error(
            "Fn::Transform asks for a macro, which runs on AWS only; "
            "give the template with the macro's result in its place",
            path,
        )

    # Conditions

    def _if(self, argument: Any, path: Path) -> Any:
        if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str):
            raise self._error("Template error: Fn::If requires a list argument with three elements", path)
        branch = 1 if self.is_true(argument[0], path) else 2
        return self.value(argument[branch], (*path, branch))

    def _truth(self, node: Any, path: Path) -> bool:
        """Return whether the body of a condition, or an operand of one, is true."""
        if isinstance(node, dict) and len(node) == 1:
            ((name, argument),) = node.items()
            if name in self._logical:
                return self._logical[name](argument, (*path, name))
        text = text_of(node)
        if text in {"true", "false"}:
            return text == "true"
        raise self._error(
            "Template format error: Every Conditions member must be one of "
            "Fn::And, Fn::Equals, Fn::Not, Fn::Or and Condition",
            path,
        )

    def _named_condition(self, name: Any, path: Path) -> bool:
        if not isinstance(name, str):
            raise self._error(
                "Template format error: every Condition object must have a single String value.", path
            )
        return self.is_true(name, path)

    def _operands(self, name: str, argument: Any, path: Path) -> list[bool]:
        if not isinstance(argument, list) or not 2 <= len(argument) <= 10:
            raise self._error(
                f"Template error: every {name} object requires a list of at least 2 and at most 10 boolean parameters.",
                path,
            )
        return [self._truth(one, (*path, index)) for index, one in enumerate(argument)]

    def _and(self, argument: Any, path: Path) -> bool:
        return all(self._operands("Fn::And", argument, path))

    def _or(self, argument: Any, path: Path) -> bool:
        return any(self._operands("Fn::Or", argument, path))

    def _not(self, argument: Any, path: Path) -> bool:
        if not isinstance(argument, list) or len(argument) != 1:
            raise self._error("Template error: every Fn::Not object requires one boolean parameter.", path)
        return not self._truth(argument[0], (*path, 0))

    def _equals(self, argument: Any, path: Path) -> bool:
        if not isinstance(argument, list) or len(argument) != 2:
            raise self._error(
                "Template error: every Fn::Equals object requires a list of 2 string parameters.", path
            )
        one, other = (_as_text(self.value(node, (*path, index))) for index, node in enumerate(argument))
        return bool(one == other)


def _as_text(value: Any) -> Any:
    """Return a value with the texts of its scalars: ``true`` and ``"true"`` are equal in a condition (inferred)."""
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return value if text_of(value) is None else text_of(value)
