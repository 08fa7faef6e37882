"""SSM Run Command: SendCommand of the document to the instances in RunCommandParameters.

Source: "Event bus targets" of the user guide. Documented: no part of the event is passed; input is an object that
has ``Parameters`` and may name another document and version. Most users write the parameters alone as the input; both
forms are accepted. Inferred: a value that is not a list means a list with that value, and a value that is not a string
is passed as JSON text.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from eventmock.target_kinds.kind import (
    NAME,
    ApiCall,
    InvalidRequest,
    Invocation,
    Need,
    Permission,
    TargetKind,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_INPUT: Final = {"DocumentName", "DocumentVersion", "Parameters"}


def _send_command(invocation: Invocation) -> ApiCall:
    given: dict[str, Any] = invocation.json_object if invocation.is_shaped else {}
    if not given.keys() <= _INPUT:
        given = {"Parameters": given}
    parameters = {
        "DocumentName": given.get("DocumentName", invocation.name),
        "DocumentVersion": given.get("DocumentVersion"),
        "Targets": invocation.target.get("RunCommandParameters", {}).get("RunCommandTargets"),
        "Parameters": document_parameters(given.get("Parameters", {})),
    }
    return invocation.call("ssm", "SendCommand", parameters)


def document_parameters(given: Mapping[str, Any]) -> dict[str, list[str]] | None:
    """Return the parameters of a document as SSM takes them: lists of strings; None if there are none.

    Raises:
        InvalidRequest: The parameters are not an object.
    """
    if not isinstance(given, dict):
        raise InvalidRequest("wanted an object of parameters")
    lists = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    return {name: [_text(item) for item in items] for name, items in lists.items()} or None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _needs(invocation: Invocation) -> list[Need]:
    """Return the action on the document, and on each instance that the target names by its id."""
    found = [Need("ssm:SendCommand", str(invocation.arn))]
    place = f"arn:{invocation.arn.partition}:ec2:{invocation.arn.region}:{invocation.account}"
    for targets in invocation.target.get("RunCommandParameters", {}).get("RunCommandTargets", ()):
        if targets["Key"] == "InstanceIds":
            found += [Need("ssm:SendCommand", f"{place}:instance/{one}") for one in targets["Values"]]
    return found


KIND = TargetKind(
    name="SSM Run Command",
    service="ssm",
    resource=f"document/{NAME}",
    may_be_of_aws=True,
    parameters="RunCommandParameters",
    required="RunCommandParameters",
    request=_send_command,
    permission=Permission("ssm:SendCommand", "AWSSimpleSystemsManagement", needs=_needs),
)
