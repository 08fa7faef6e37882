"""The lines that add a permission to a CloudFormation template, in YAML.

The account, the region and the partition are AWS's pseudo parameters. If the template is known, because it is deployed,
its resources are written as references, and what it has already is extended.

Inferred: where a reference would close a circle, an ARN ends in ``*`` after the part of a made-up name that is known.
``ArnEquals`` takes such patterns (documented).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventmock.delivery.permissions.senders import Sender
    from eventmock.delivery.permissions.template_to_change import Reference, TemplateToChange
    from eventmock.values.arn import Arn

_OF_OTHERS: Final = (
    "AWS::Kinesis::ResourcePolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
)
"""The types of policies of which a resource has one, and which are resources of a template themselves."""
_PLAIN: Final = re.compile(r"[A-Za-z/][\w./:@+=,-]*")
_NOT_PLAIN: Final = re.compile(r"^\{|[^ -~]|:( |$)| (#|$)")
"""What a text that begins with a letter or a brace cannot have unless it is written in quotes."""


class Written(NamedTuple):
    """A value that is written in YAML already."""

    yaml: str


class TemplateLines(NamedTuple):
    """The lines for one permission.

    Attributes:
        sender: The rule or the schedule, whose account, region and partition are pseudo parameters.
        arn: The ARN of the resource, role or key whose policy lacks the permission.
        template: The template to which the lines are added; None if it is not known.
    """

    sender: Sender
    arn: str
    template: TemplateToChange | None = None

    def policy(
        self, name: str, kind: str, properties: Mapping[str, Any], statement: Mapping[str, Any]
    ) -> str:
        """Return the lines of a policy; of the statement alone, if the template has the policy.

        Args:
            name: The logical ID of a new resource, if no template is known.
            kind: The type of a new resource, such as ``AWS::SQS::QueuePolicy``.
            properties: The properties of a new resource, with all statements of a policy that it would replace.
            statement: The statement that is missing.
        """
        found = None if self.template is None else self.template.policy
        if self.template is None or found is None:
            return self._new(name, kind, properties)
        origin = self.template.origins.get(found.logical_id)
        where = f" ({found.place})" if origin is None else f", which the transform made of {origin}"
        if origin is not None and kind in _OF_OTHERS:
            about = f"instead of {found.logical_id}{where}"
            return self._new(name, kind, properties, about, DependsOn=found.logical_id)
        writing = _Writing(self, found.dependents)
        if not found.is_only and writing.closes_circle(statement):
            return self._new(name, kind, properties)
        added = [statement] if found.has_document else properties
        return "\n".join([f"# add to {found.part} of {found.logical_id}{where}:", *writing.lines(added)])

    def _new(
        self, name: str, kind: str, properties: Mapping[str, Any], about: str = "", **attributes: str
    ) -> str:
        """Return the lines of a new resource."""
        if self.template is None:
            return "\n".join(_Writing(self).lines({name: {"Type": kind, "Properties": properties}}))
        new, own = self._new_id(self.template, name, kind), self.template.logical_ids.get(self.arn)
        named = dict(properties)
        for one in ("EventBusName", "Queues", "RoleName"):
            if one in named and kind != "AWS::IAM::Role":
                named[one] = self._named(self.template, named[one])
        if kind == "AWS::Logs::ResourcePolicy":
            named["PolicyName"] = Written(f"!Sub ${{AWS::StackName}}-{new}")
        elif kind == "AWS::Events::EventBusPolicy":
            named["StatementId"] = new
        comments = [] if self.template.is_of_sender else [f"in the template of stack {self.template.stack}"]
        origin = self.template.origins.get(own or "")
        if about:
            comments.append(about)
        elif origin is not None:
            comments.append(f"for {own}, which the transform made of {origin}")
        lines = _Writing(self).lines({new: {"Type": kind, **attributes, "Properties": named}})
        return "\n".join([*(f"# {one}:" for one in comments), *lines])

    def _named(self, template: TemplateToChange, given: Any) -> Any:
        """Return how the template names the resource whose policy lacks the permission.

        Args:
            template: The template. It may know the ARN only, of which the name is a part.
            given: The name, or a list of the URL of the queue.
        """
        own, reference = template.logical_ids.get(self.arn), template.references.get(self.arn)
        url = given[0] if isinstance(given, list) else ""
        if own is not None:
            return [Written(f"!Ref {own}")] if url else Written(f"!Ref {own}")
        if reference is None:
            return given
        mark = ":" if url else "/"
        name = f'!Select [{self.arn.count(mark)}, !Split ["{mark}", {reference.yaml}]]'
        if not url:
            return Written(name)
        start = _Writing(self).with_variables(url.rpartition("/")[0])
        return [Written(f'!Sub ["{start}/${{Name}}", {{Name: {name}}}]')]

    def _new_id(self, template: TemplateToChange, name: str, kind: str) -> str:
        """Return a logical ID that the template does not have yet.

        Args:
            template: The template.
            name: The logical ID if the template has neither the sender nor the resource.
            kind: The type of the new resource.
        """
        own, sender = (template.logical_ids.get(one, "") for one in (self.arn, str(self.sender.arn)))
        first, last = own, kind.rpartition("::")[2]
        if not own:
            first, last = (sender, last) if sender else (name, "")
        elif last == "Permission":
            first += sender
        else:
            last = self.sender.policy_id if kind == "AWS::IAM::RolePolicy" else "Policy"
        tried = [first + last, f"{first}Events{last}"]
        tried += [f"{tried[-1]}{number}" for number in range(2, len(template.taken) + 3)]
        return next(one for one in tried if one not in template.taken)


class _Writing:
    """The writing of values in YAML.

    Args:
        place: The place for the lines.
        dependents: The logical IDs of resources to which the lines cannot refer.
    """

    def __init__(self, place: TemplateLines, dependents: frozenset[str] = frozenset()) -> None:
        self._sender = place.sender.arn
        self._template = place.template
        self._references: Mapping[str, Reference] = (
            {} if place.template is None else place.template.references
        )
        self._dependents = dependents

    def closes_circle(self, value: Any) -> bool:
        """Return whether a value would have a reference to a resource to which it cannot refer."""
        found = self._search(json.dumps(value))
        return any(self._references[one[0]].logical_id in self._dependents for one in found)

    def lines(self, value: Any) -> Iterator[str]:
        """Yield the lines of a value."""
        if isinstance(value, dict) and value:
            for name, member in value.items():
                if isinstance(member, dict | list) and member:
                    yield f"{name}:"
                    yield from (f"  {line}" for line in self.lines(member))
                else:
                    yield f"{name}: {self._scalar(member)}"
        elif isinstance(value, list) and value:
            for item in value:
                first, *rest = self.lines(item)
                yield f"- {first}"
                yield from (f"  {line}" for line in rest)
        else:
            yield self._scalar(value)

    def _scalar(self, value: Any) -> str:
        if isinstance(value, Written):
            return value.yaml
        if not isinstance(value, str):
            return json.dumps(value)
        if value.startswith(("arn:", "https:", "{")):
            exact = self._references.get(value)
            if exact is not None and exact.logical_id not in self._dependents and exact.function != "Sub":
                return exact.yaml
            pseudo = self.with_variables(value)
            if pseudo != value and "${" in pseudo:
                return f"!Sub {json.dumps(pseudo) if _NOT_PLAIN.search(pseudo) else pseudo}"
            value = pseudo
        elif self._template is not None and value == self._template.account:
            return "!Ref AWS::AccountId"
        return value if _PLAIN.fullmatch(value) else json.dumps(value)

    def with_variables(self, text: str) -> str:
        """Return a text as ``Sub`` takes it: with resources, account, region and partition as variables."""
        place: TemplateToChange | Arn = self._sender
        if self._template is not None:
            place, text = self._template, text.replace("${", "${!")
            for found in reversed(list(self._search(text))):
                text = text[: found.start()] + self._variable(found[0]) + text[found.end() :]
        text = text.replace(place.account, "${AWS::AccountId}").replace(place.region, "${AWS::Region}")
        return text.replace(f"arn:{self._sender.partition}:", "arn:${AWS::Partition}:")

    def _search(self, text: str) -> Iterator[re.Match[str]]:
        """Return the matches of texts for which there are references; of several at one place, the longest."""
        known = sorted((one for one in self._references if one in text), key=len, reverse=True)
        return re.finditer(f"(?:{'|'.join(map(re.escape, known))})(?![\\w.-])" if known else r"(?!)", text)

    def _variable(self, text: str) -> str:
        """Return a text for which there is a reference as ``Sub`` takes it."""
        reference = self._references[text]
        if reference.logical_id in self._dependents:
            return reference.otherwise or text
        if reference.function == "ImportValue":
            return text
        return reference.argument if reference.function == "Sub" else f"${{{reference.argument}}}"
