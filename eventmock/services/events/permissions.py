"""Bus policies: PutPermission and RemovePermission.

Source: aws-recorded-behaviour section 4 (recorded) and schedules-archives-permissions section 5 (the texts of the
checks were captured by another emulator). A principal that is an account id is shown as that account's ARN, also in a
policy that was given as a whole (recorded); the rest of such a policy is not changed. Policies are stored and shown;
with ``enforce_policies=True`` they are enforced (`eventmock.services.events.policy_evaluation`).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.events import errors
from eventmock.services.events.event_bus import find_event_bus
from eventmock.services.events.quotas import Quotas, over_quota
from eventmock.values.arn import is_account_id, partition_of
from eventmock.wire import AwsError, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_events.type_defs import PutPermissionRequestTypeDef, RemovePermissionRequestTypeDef

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call
    from eventmock.services.events.event_bus import EventBus

POLICY_VERSION: Final = "2012-10-17"


@operation
def put_permission(call: Call, request: PutPermissionRequestTypeDef) -> None:
    """Add a statement to the policy of an event bus, or replace the whole policy."""
    short_form = [name for name in ("Action", "Principal", "StatementId", "Condition") if name in request]
    if "Policy" in request:
        if short_form:
            raise errors.invalid(
                "Action, Principal, StatementId and Condition could not be combined with Policy parameter."
            )
        bus = find_event_bus(call.account, request.get("EventBusName"))
        document = _read_policy(request["Policy"], call.account)
    else:
        if not {"Action", "Principal", "StatementId"}.issubset(short_form):
            raise errors.invalid("Parameter(s) Action, Principal and StatementId must be specified.")
        bus = find_event_bus(call.account, request.get("EventBusName"))
        document = _with_statement(bus, _statement(bus, call.account, request))
    size = len(json.dumps(document, separators=(",", ":")))
    most = call.account.state.settings(Quotas).policy_characters
    if size > most:
        raise AwsError(
            "PolicyLengthExceededException",
            "Policy size would be larger than the maximum allowed.",
            hint=over_quota("policy_characters", most, f'the policy of bus "{bus.name}"', size),
        )
    _keep(bus, document if document.get("Statement") else None, call.account)


@operation
def remove_permission(call: Call, request: RemovePermissionRequestTypeDef) -> None:
    """Remove one statement, or all statements, from the policy of an event bus."""
    statement_id, remove_all = request.get("StatementId"), request.get("RemoveAllPermissions", False)
    if statement_id is not None and remove_all:
        raise errors.invalid("StatementId could not be combined with All parameter.")
    if statement_id is None and not remove_all:
        raise errors.parameters_missing("StatementId")
    bus = find_event_bus(call.account, request.get("EventBusName"))
    if remove_all:
        if bus.policy_document is not None:
            _keep(bus, None, call.account)
        return
    statements = _statements(bus.policy_document)
    kept = [statement for statement in statements if statement.get("Sid") != statement_id]
    if len(kept) == len(statements):
        raise errors.not_found("Statement with the provided id")
    _keep(bus, {**(bus.policy_document or {}), "Statement": kept} if kept else None, call.account)


def _keep(bus: EventBus, document: dict[str, Any] | None, account: Account) -> None:
    bus.policy_document = document
    bus.modified(account.state.clock.now())


def _statements(document: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    given = (document or {}).get("Statement", [])
    statements = given if isinstance(given, list) else [given]
    return [statement for statement in statements if isinstance(statement, dict)]


def _principal(given: Any, account: Account) -> Any:
    """Return a principal, or a list of principals, as the policy shows it: an account id as the ARN of that account."""
    if isinstance(given, list):
        return [_principal(one, account) for one in given]
    if isinstance(given, str) and is_account_id(given):
        return f"arn:{partition_of(account.region)}:iam::{given}:root"
    return given


def _with_statement(bus: EventBus, statement: dict[str, Any]) -> dict[str, Any]:
    others = [other for other in _statements(bus.policy_document) if other.get("Sid") != statement["Sid"]]
    return {"Version": POLICY_VERSION, **(bus.policy_document or {}), "Statement": [*others, statement]}


def _statement(bus: EventBus, account: Account, request: Mapping[str, Any]) -> dict[str, Any]:
    if request["Action"] != "events:PutEvents":
        raise errors.invalid("Provided value in parameter 'action' is not supported.")
    principal = request["Principal"]
    statement = {
        "Sid": request["StatementId"],
        "Effect": "Allow",
        "Principal": principal if principal == "*" else {"AWS": _principal(principal, account)},
        "Action": request["Action"],
        "Resource": bus.arn,
    }
    condition = request.get("Condition")
    if condition is not None:
        _check_condition(condition)
        statement["Condition"] = {condition["Type"]: {condition["Key"]: condition["Value"]}}
    return statement


def _check_condition(condition: Mapping[str, str]) -> None:
    if condition["Type"] != "StringEquals":
        raise errors.invalid("Provided value in parameter 'condition.type' is not supported.")
    if condition["Key"] != "aws:PrincipalOrgID":
        raise errors.invalid("Provided value in parameter 'condition.key' is not supported.")
    if not re.fullmatch(r"o-[a-z0-9]{10,32}", condition["Value"]):
        raise errors.invalid("Provided value in parameter 'condition.value' is invalid.")


def _read_policy(text: str, account: Account) -> dict[str, Any]:
    """Return a policy from its JSON text, with account ids as ARNs.

    Raises:
        AwsError: The text is not a JSON object. The error's text is ours.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise errors.invalid_parameter("Policy", "Policy is not a JSON object.")
    for statement in _statements(document):
        principal = statement.get("Principal")
        if isinstance(principal, dict) and "AWS" in principal:
            statement["Principal"] = {**principal, "AWS": _principal(principal["AWS"], account)}
    return document
