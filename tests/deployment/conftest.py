"""What the tests of deployments share."""

from __future__ import annotations

import json
import re

import pytest

from eventmock import TemplateError


@pytest.fixture
def write(tmp_path):
    """A function that writes a template into a file, and gives its path."""

    def write(name, template):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template if isinstance(template, str) else json.dumps(template, indent=1), "utf-8")
        return path

    return write


@pytest.fixture
def seen(events_backend):
    """A function that gives all that a client reads of the mock, but for moments of changes."""

    def seen(region=None):
        client = events_backend.client(region=region)
        found = {}
        for bus in client.list_event_buses()["EventBuses"]:
            name = bus["Name"]
            found["bus", name] = client.describe_event_bus(Name=name)
            for rule in client.list_rules(EventBusName=name)["Rules"]:
                of_rule = {"Rule": rule["Name"], "EventBusName": name}
                targets = client.list_targets_by_rule(**of_rule)["Targets"]
                found["rule", name, rule["Name"]] = rule, sorted(targets, key=str)
        for kind, listed in (
            ("Archive", "archives"),
            ("Connection", "connections"),
            ("ApiDestination", "api_destinations"),
        ):
            for one in getattr(client, f"list_{listed}")()[f"{kind}s"]:
                name = {
                    "ArchiveName" if kind == "Archive" else "Name": one.get("ArchiveName", one.get("Name"))
                }
                found[kind, *name.values()] = getattr(client, f"describe_{listed[:-1]}")(**name)
        text = json.dumps(_without_moments(list(found.items())), default=str)
        return json.loads(
            re.sub(r"(:archive/[-\w]+:)[-0-9a-f]{36}", r"\1ID", text)
        )  # each update has another id

    return seen


def _without_moments(value):
    if isinstance(value, dict):
        return {
            name: _without_moments(item)
            for name, item in value.items()
            if not name.endswith("Time") and name != "ResponseMetadata"
        }
    return [_without_moments(item) for item in value] if isinstance(value, list | tuple) else value


@pytest.fixture
def refusal():
    """A function that calls, and gives the error about a template."""

    def refusal(call, *arguments, **keywords):
        with pytest.raises(TemplateError) as caught:
            call(*arguments, **keywords)
        return caught.value

    return refusal
