"""SSM OpsItems: CreateOpsItem of the target's input.

Source: the text of AWS's runbook AWS-AddOpsItemDedupStringToEventBridgeRule, which turns a target that receives the
event into one whose input has ``title`` (the detail-type), ``description``, ``source``, ``resources``. Inferred: an
event without input shaping makes the same item, the other members of input, and how all become parameters of
CreateOpsItem. The description that is made of an event is eventmock's.
"""

from __future__ import annotations

import json
from typing import Any

from eventmock.target_kinds.kind import ApiCall, InvalidRequest, Invocation, Need, Permission, TargetKind


def _create_ops_item(invocation: Invocation) -> ApiCall:
    given = invocation.json_object
    if not invocation.is_shaped:
        given = {
            "title": given["detail-type"],
            "description": f"Rule {invocation.rule_name} matched event {invocation.event_id}.",
            "source": given["source"],
            "resources": given["resources"],
        }
    try:
        parameters = {
            "Title": given["title"],
            "Description": given["description"],
            "Source": given["source"],
            "Category": given.get("category"),
            "Severity": given.get("severity"),
            "OperationalData": _operational_data(given),
        }
    except KeyError as error:
        raise InvalidRequest(f"wanted a title, a description and a source; there is no {error}") from None
    return invocation.call("ssm", "CreateOpsItem", parameters)


def _operational_data(given: dict[str, Any]) -> dict[str, Any] | None:
    entries, resources = given.get("operationalData", {}), given.get("resources", [])
    if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
        raise InvalidRequest("wanted an object of objects for operationalData")
    if not isinstance(resources, list):
        raise InvalidRequest("wanted an array for resources")
    data = {
        key: {"Type": entry.get("type", "SearchableString"), "Value": entry.get("value", "")}
        for key, entry in entries.items()
    }
    if resources:
        value = json.dumps([{"arn": arn} for arn in resources], separators=(",", ":"))
        data["/aws/resources"] = {"Type": "SearchableString", "Value": value}
    return data or None


def _needs(invocation: Invocation) -> list[Need]:
    return [Need("ssm:CreateOpsItem", f"{invocation.arn}/*")]


KIND = TargetKind(
    name="SSM OpsItem",
    service="ssm",
    resource="opsitem",
    request=_create_ops_item,
    permission=Permission("ssm:CreateOpsItem", "AWSSimpleSystemsManagement", needs=_needs),
)
