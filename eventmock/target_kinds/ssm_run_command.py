"""SSM Run Command: SendCommand of the document, to the instances that RunCommandParameters name.

Source: "Event bus targets" of the user guide. Documented: nothing of the event goes along; input is an object that has
``Parameters`` and may name another document and version. In use, input is mostly the parameters by themselves; both are
taken. Inferred: that a value which is no list stands for a list of one, and that what is no string goes as JSON.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from eventmock.target_kinds.kind import NAME, ApiCall, InvalidRequest, Invocation, TargetKind

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
    """The parameters of a document as SSM takes them: lists of strings; None if there are none.

    Raises:
        InvalidRequest: They are no object.
    """
    if not isinstance(given, dict):
        raise InvalidRequest("wanted an object of parameters")
    lists = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    return {name: [_text(item) for item in items] for name, items in lists.items()} or None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


KIND = TargetKind(
    name="SSM Run Command",
    service="ssm",
    resource=f"document/{NAME}",
    may_be_of_aws=True,
    parameters="RunCommandParameters",
    required="RunCommandParameters",
    request=_send_command,
)
