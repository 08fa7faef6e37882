"""Rules about connections and API destinations, and about what a template makes and does not use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from eventmock.checks.subject import BUS, shown
from eventmock.checks.table import rule
from eventmock.templates.dynamic_references import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject

CONNECTION: Final = "AWS::Events::Connection"
DESTINATION: Final = "AWS::Events::ApiDestination"
_SECRETS: Final = ("Password", "ApiKeyValue", "ClientSecret")
_HTTP_PARAMETERS: Final = ("HeaderParameters", "QueryStringParameters", "BodyParameters")


@rule("endpoint-not-https", "error", "An API destination whose endpoint does not begin with `https://`.")
def endpoint_not_https(subject: Subject) -> Iterator[Found]:
    """Yield the API destinations that are not reached by HTTPS."""
    for resource in subject.of_type(DESTINATION):
        endpoint = resource.properties.get("InvocationEndpoint")
        if (
            isinstance(endpoint, str)
            and not endpoint.startswith("https://")
            and not subject.is_made_up(resource, "InvocationEndpoint")
        ):
            rest = re.sub(r"^[a-z]*:?/*", "", endpoint)
            yield subject.found(
                resource,
                "InvocationEndpoint",
                what=f"the InvocationEndpoint is {shown(endpoint)}",
                production="the deployment fails: Failed to create the api-destination(s). Parameter "
                f"InvocationEndpoint is not valid. Reason: Endpoint '{endpoint}' is invalid, please provide a valid "
                "HTTPS endpoint URL.",
                instead=f"https://{shown(rest if endpoint.startswith('http') else endpoint)}",
            )


@rule("secret-in-plain-text", "warning", "A secret of a connection that is written into the template.")
def secret_in_plain_text(subject: Subject) -> Iterator[Found]:
    """Yield the secrets that everybody who reads the template can read. The secret itself is not shown."""
    for resource in subject.of_type(CONNECTION):
        for keys in _secrets_in(resource.properties, ()):
            shown = _shown_by(subject, subject.raw(resource, *keys))
            if shown is not None:
                yield subject.found(
                    resource,
                    *keys,
                    what=f"{_name_of(resource.properties, keys)} {shown}",
                    production="everybody who can read the template, or look at the stack, has the secret",
                    instead="'{{resolve:secretsmanager:NAME:SecretString:KEY}}', or a parameter with NoEcho: true",
                )


def _secrets_in(value: Any, keys: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Yield the keys of the secrets in the properties of a connection."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            if name in _SECRETS and isinstance(member, str) and member:
                yield (*keys, name)
            elif name in _HTTP_PARAMETERS and isinstance(member, list):
                for index, one in enumerate(member):
                    if (
                        isinstance(one, Mapping)
                        and one.get("IsValueSecret") in (True, "true")
                        and one.get("Value")
                    ):
                        yield (*keys, name, index, "Value")
            else:
                yield from _secrets_in(member, (*keys, name))


def _name_of(properties: Any, keys: tuple[str | int, ...]) -> str:
    """Return the name of a secret: of the property, or of the header, parameter or member."""
    if keys[-1] != "Value":
        return str(keys[-1])
    for key in keys[:-1]:
        properties = properties[key]
    return f"{properties.get('Key')} of {keys[-3]}"


def _shown_by(subject: Subject, raw: Any) -> str | None:
    """Return where a secret can be read, in words; None if it is hidden."""
    parameters = subject.template.source.parameters
    for name in subject.outside.parameters_in(raw):
        if str(parameters[name].get("NoEcho", "")).lower() != "true":
            return f"is the parameter {name}, which has no NoEcho"
    return "is written into the template" if isinstance(raw, str) and MARK not in raw else None


@rule(
    "unused-resource",
    "note",
    "A connection, API destination or event bus that the template makes and does not use.",
)
def unused_resource(subject: Subject) -> Iterator[Found]:
    """Yield the resources that nothing else in the template names."""
    for resource in subject.of_type(CONNECTION, DESTINATION, BUS):
        names = {resource.ref, resource.name, str(resource.arn), str(resource.properties.get("Name"))}
        is_named = any(
            _names(one.properties, names, resource.logical_id)
            for one in subject.resources.values()
            if one is not resource
        )
        document = subject.template.document
        others = [
            value for name, value in document.get("Resources", {}).items() if name != resource.logical_id
        ]
        if is_named or any(
            _names(part, names, resource.logical_id) for part in (*others, document.get("Outputs", {}))
        ):
            continue
        kind = resource.type.rpartition("::")[2]
        yield subject.found(
            resource,
            what=f"nothing else in the template names {resource.logical_id}",
            production=f"the {kind} is made, and nothing uses it"
            + (" unless other stacks know its name" if resource.type == BUS else ""),
            instead=f"a rule, a target or an Output that uses it, or no {kind}",
        )


def _names(value: Any, names: set[str], logical_id: str) -> bool:
    """Return whether a part of a template names a resource, by its logical ID or by its own name."""
    if isinstance(value, str):
        return (
            value in names
            or value == logical_id
            or re.search(rf"\$\{{\s*{re.escape(logical_id)}[\s.}}]", value) is not None
            or value.startswith(f"{logical_id}.")
            or any("/" in name and name in value for name in names)
        )
    if isinstance(value, Mapping):
        return any(_names(member, names, logical_id) for member in value.values())
    return isinstance(value, list) and any(_names(item, names, logical_id) for item in value)
