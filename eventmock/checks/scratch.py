"""PROVISIONAL until the engine is merged."""

from __future__ import annotations

from typing import Any, NamedTuple

from eventmock.checks.made_up import Imports, parameters_of
from eventmock.deployment.stack import StackResource
from eventmock.exceptions import TemplateError
from eventmock.templates.evaluation import Evaluation, Stack
from eventmock.templates.known_types import NamedResource, attribute_of, resource_of
from eventmock.templates.physical_names import made_name
from eventmock.templates.source import read_source
from eventmock.templates.template import expand

_E = {
    "Rule": "rule",
    "EventBus": "event-bus",
    "Archive": "archive",
    "Connection": "connection",
    "ApiDestination": "api-destination",
    "Endpoint": "endpoint",
}


def named(type_, logical_id, props, stack):
    if type_.startswith("AWS::Events::") and type_[13:] in _E:
        kind = _E[type_[13:]]
        name = props.get("ArchiveName" if kind == "archive" else "Name") or made_name(stack.name, logical_id)
        path = f"{kind}/{name}"
        ref = name
        if kind == "rule":
            bus = str(props.get("EventBusName") or "default").rpartition("event-bus/")[2]
            if bus != "default":
                path, ref = f"rule/{bus}/{name}", f"{bus}|{name}"
        if kind in ("connection", "api-destination"):
            path += "/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
        arn = f"arn:aws:events:{stack.region}:{stack.account}:{path}"
        return NamedResource(
            name,
            ref,
            arn,
            {
                "Arn": arn,
                "Name": name,
                "RuleName": name,
                "ArchiveName": name,
                "SecretArn": arn,
                "ArnForPolicy": arn,
                "EndpointId": "x",
                "EndpointUrl": "x",
            },
        )
    return resource_of(type_, logical_id, props, stack)


def deployed(template, parameters, imports, *, account, region, stack="check"):
    st = Stack(stack, f"arn:aws:cloudformation:{region}:{account}:stack/{stack}/x", account, region)
    made: dict[str, StackResource] = {}

    class R:
        def ref(self, i):
            return made[i].ref

        def attribute(self, i, n):
            m = made[i]
            return attribute_of(NamedResource(m.name, m.ref, m.arn, m.attributes), m.type, i, n)

    def unknown(x):
        raise LookupError(x)

    ev = Evaluation(template, st, parameters, resources=R(), imports=imports, resolve=unknown)
    failures: list[TemplateError] = []
    for i in ev.order:
        try:
            p = ev.properties(i, without_macros=True)
            n = named(template.resources[i].type, i, p, st)
            made[i] = StackResource(template.resources[i], p, *n)
        except TemplateError as e:
            failures.append(e)
        except KeyError:
            pass
    return made, failures


class Scratch(NamedTuple):
    file: str
    template: Any
    resources: Any
    failures: Any
    made_up: Any
    parameters: Any


def deploy(file, parameters, *, account, region):
    source = read_source(file)
    declared = source.document.get("Parameters") or {}
    made_up = parameters_of(source.document, parameters, account=account, region=region)
    given = {**made_up, **{k: v for k, v in parameters.items() if k in declared}}
    template = expand(source, given, account=account, region=region)
    imports = Imports({})
    resources, failures = deployed(template, given, imports.__getitem__, account=account, region=region)
    return Scratch(
        file,
        template,
        resources,
        failures,
        [*(f"parameter {name}" for name in made_up), *(f"export {name}" for name in imports.made_up)],
        frozenset(made_up),
    )
