"""Applications: programs that Amazon Connect shows or calls, such as a page in an agent's workspace.

Source: partner-events sections 2.1 to 2.4. Documented (service model): which authentication each type may have; an
application with associations is deleted only with ``Force``. Inferred: the order of checks; an update keeps the members
that it does not name; an identifier followed by any version means the application; ``IsService``, which
``ApplicationType`` replaced, is true if the type is ``SERVICE``. When AWS answers ``UnsupportedOperationException`` or
``ConflictException`` is not known: only `EventsBackend.faults` leads to them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.appintegrations import errors
from eventmock.services.appintegrations.client_tokens import idempotent
from eventmock.services.appintegrations.quotas import check_room
from eventmock.services.appintegrations.records import (
    Members,
    Record,
    arn_of,
    associations_of,
    of_kind,
    put,
    remove,
)
from eventmock.services.appintegrations.tags import with_tags
from eventmock.wire import operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_appintegrations.type_defs import (
        CreateApplicationRequestTypeDef,
        DeleteApplicationRequestTypeDef,
        GetApplicationRequestTypeDef,
        ListApplicationsRequestTypeDef,
        UpdateApplicationRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call


KIND: Final = "application"
VERSION: Final = re.compile(r":[\w$]+$")


@operation
@idempotent
def create_application(call: Call, request: CreateApplicationRequestTypeDef) -> Members:
    """Make an application. No other application of the account in the region may have its namespace."""
    account, namespace = call.account, request["Namespace"]
    tags = with_tags(account, {}, request.get("Tags", {}))
    members = _changed(account, {"ApplicationType": "STANDARD"}, request)
    if any(record.members["Namespace"] == namespace for record in of_kind(account, KIND)):
        raise errors.duplicate(f"Application {namespace}")
    check_room(account, of_kind(account, KIND), "applications")
    new_id = account.state.identifiers.uuid()
    arn = arn_of(account, KIND, new_id)
    members |= {"Arn": arn, "Id": new_id, "CreatedTime": members["LastModifiedTime"]}
    return put(account, Record(kind=KIND, arn=arn, members=members, tags=tags)).shown


@operation
def get_application(call: Call, request: GetApplicationRequestTypeDef) -> Members:
    """Return one application."""
    return find_application(call.account, request["Arn"]).shown


@operation
def update_application(call: Call, request: UpdateApplicationRequestTypeDef) -> None:
    """Change the members of an application that the request names."""
    record = find_application(call.account, request["Arn"])
    given = {**request, "Arn": record.arn}
    put(call.account, replace(record, members=_changed(call.account, record.members, given)))


@operation
def delete_application(call: Call, request: DeleteApplicationRequestTypeDef) -> None:
    """Remove an application; with ``Force``, its associations too."""
    account = call.account
    record = find_application(account, request["Arn"])
    for association in associations_of(account, record) if request.get("Force") else ():
        remove(account, association)
    remove(account, record)


@operation(ordered_by="Namespace")
def list_applications(call: Call, request: ListApplicationsRequestTypeDef) -> list[Members]:
    """List the applications, or those of one type, in the order of their namespaces."""
    wanted = request.get("ApplicationType")
    applications = [record.members for record in of_kind(call.account, KIND)]
    return [members for members in applications if wanted in (None, members["ApplicationType"])]


def find_application(account: Account, identifier: str) -> Record:
    """Return the application of that id or ARN. A version at the end of the identifier is ignored.

    Raises:
        AwsError: The account has no such application.
    """
    wanted = VERSION.sub("", identifier)
    for record in of_kind(account, KIND):
        if wanted in (record.arn, record.members["Id"]):
            return record
    raise errors.not_found(f"Application {identifier}")


def _changed(account: Account, old: Members, given: Mapping[str, Any]) -> Members:
    """Return an application's members with the given ones in place of the old ones, changed at the present moment.

    Raises:
        AwsError: The authentication does not fit the type of application.
    """
    kind = _type(given, old["ApplicationType"])
    members = {
        **old,
        **given,
        "ApplicationType": kind,
        "IsService": kind == "SERVICE",
        "LastModifiedTime": account.state.clock.now(),
        "LastModifiedRegion": account.region,
    }
    _check_authentication(kind, members.get("AuthConfig", {}))
    return members


def _type(given: Mapping[str, Any], old: str) -> str:
    named: str | None = given.get("ApplicationType")
    if named is not None:
        return named
    if given.get("IsService", old == "SERVICE"):
        return "SERVICE"
    return "STANDARD" if old == "SERVICE" else old


def _check_authentication(kind: str, authentication: Mapping[str, str]) -> None:
    """Check that the authentication fits the type of application (documented; the error code is inferred)."""
    how = authentication.get("AuthType")
    has_secret = "CredentialProviderIdentifier" in authentication
    audience = authentication.get("AudienceOverride")
    rules = (
        (kind == "A2A_SERVER" and how is None, "An A2A_SERVER application needs an AuthType."),
        (how == "API_KEY" and not has_secret, "AuthType API_KEY needs a CredentialProviderIdentifier."),
        (how == "CONNECT_JWT" and has_secret, "AuthType CONNECT_JWT takes no CredentialProviderIdentifier."),
        (audience is not None and how != "CONNECT_JWT", "AudienceOverride is for AuthType CONNECT_JWT only."),
        (
            "connect.amazonaws.com" in (audience or ""),
            "AudienceOverride must not contain connect.amazonaws.com.",
        ),
    )
    for is_broken, text in rules:
        if is_broken:
            raise errors.invalid(text)
