"""The errors of a deployment for the tester: what AWS would refuse, in its words, with the line of the property."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from eventmock.deployment.blame import path_to_blame
from eventmock.deployment.resources import find_type
from eventmock.deployment.stack import Stacks
from eventmock.deployment.stack_values import made_up_import
from eventmock.exceptions import TemplateError
from eventmock.services.resource_type import InvalidProperty
from eventmock.templates.dynamic_references import made_up
from eventmock.templates.evaluation import path_of
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.deployment.stack_values import StackValues
    from eventmock.state import State
    from eventmock.templates.evaluation import EvaluatedMapping, Stack
    from eventmock.templates.source import Path, Place
    from eventmock.templates.template import Declared, Template


class Failures(NamedTuple):
    """Makes the errors of the deployment of one stack.

    Attributes:
        state: The state of the mock.
        stack: The stack.
        template: The template.
        values: The values that the template takes from outside.
        unresolved: The dynamic references for which nothing was known.
    """

    state: State
    stack: Stack
    template: Template
    values: StackValues
    unresolved: Sequence[str]

    def of(self, declared: Declared, properties: EvaluatedMapping | None, error: Exception) -> TemplateError:
        """Return the error for the tester about a resource."""
        if isinstance(error, TemplateError) and error.logical_id is not None:
            return error
        path: tuple[str | int, ...] = ()
        code = None
        if isinstance(error, InvalidProperty):
            path = error.path
            message = f"Properties validation failed for resource {declared.logical_id} with message: {error.message}"
        elif isinstance(error, AwsError):
            code = error.code
            found = find_type(self.state, declared.type)
            blamed = None if found is None else found[1].blamed.get(code)
            path = path_to_blame(error.message, properties or {}) if blamed is None else (blamed,)
            hint = f" ({error.hint})" if error.hint else ""
            hint += self._hint_of_made_up(error.message) + self._hint_of_owner(declared.type, error.message)
            message = f"AWS would refuse this {declared.type}: {error.told}{hint}"
        else:
            message = error.message if isinstance(error, TemplateError) else str(error)
        place = self._place(declared.logical_id, properties, path)
        return TemplateError(
            message, file=place.file, line=place.line, logical_id=declared.logical_id, code=code
        )

    def _hint_of_made_up(self, message: str) -> str:
        """Return words about a made-up value that is refused; empty if something else is."""
        for reference in self.unresolved:
            if (value := made_up(reference)) in message:
                return f" ({value} is made up for {reference}: give resolve={{{reference!r}: ...}})"
        made = {name: made_up_import(name) for name in self.values.made_up_imports}
        made |= self.values.made_up_attributes
        for name in sorted(made, key=len, reverse=True):
            if made[name] in message:
                return f" ({made[name]} is made up: give imports={{{name!r}: ...}})"
        return ""

    def _hint_of_owner(self, kind: str, message: str) -> str:
        """Return words about the resource of a template that exists already; empty if there is none."""
        if "already exists" not in message:
            return ""
        here = (self.stack.account, self.stack.region)
        owners = [
            (name, one.resources)
            for (*place, name), one in list(self.state.settings(Stacks).items())
            if (*place,) == here
        ]
        for stack, resources in ((self.stack.name, self.values.made), *owners):
            for resource in resources.values():
                if resource.type == kind and re.search(
                    rf"(?<![-\w]){re.escape(resource.ref)}(?![-\w])", message
                ):
                    return f" ({resource.logical_id} of stack {stack} has that name)"
        return ""

    def _place(self, logical_id: str, properties: EvaluatedMapping | None, path: Path) -> Place:
        """Return the place of a property, or of the deepest part of the path that exists."""
        place = self.template.place_of(logical_id)
        value: Any = properties
        for key in path:
            try:
                where = path_of(value, key)
                value = value[key]
            except (LookupError, TypeError):
                break
            place = self.template.place(where)
        return place


def with_more(error: TemplateError, more: str) -> TemplateError:
    """Return an error with more words at its end."""
    return TemplateError(
        error.message + more,
        file=error.file,
        line=error.line,
        logical_id=error.logical_id,
        code=error.code,
    )
