"""Associations of data integrations with their clients, and the on-demand job that an association may run.

Source: partner-events section 2.4 and the service model. Documented: CreateDataIntegrationAssociation refuses a data
integration that has or had an association; UpdateDataIntegrationAssociation runs the on-demand job again. Inferred: an
association with an on-demand configuration runs the job when it is made; how long the job takes
(`AppIntegrations.execution_time`); the job succeeds; an association with a schedule shows no execution; the error
codes. Older service models have no operation that makes an association: use
`AppIntegrations.add_data_integration_association`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from eventmock.services.appintegrations import errors
from eventmock.services.appintegrations.client_tokens import idempotent
from eventmock.services.appintegrations.data_integrations import find_data_integration
from eventmock.services.appintegrations.quotas import check_room
from eventmock.services.appintegrations.records import associate, associations_of, put, records_of
from eventmock.services.appintegrations.settings import AppIntegrationsSettings
from eventmock.wire import operation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from mypy_boto3_appintegrations.type_defs import (
        CreateDataIntegrationAssociationRequestTypeDef,
        ListDataIntegrationAssociationsRequestTypeDef,
        UpdateDataIntegrationAssociationRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.appintegrations.records import Members, Record
    from eventmock.services.call import Call

STATUS: Final = "LastExecutionStatus"


@operation
@idempotent
def create_data_integration_association(
    call: Call, request: CreateDataIntegrationAssociationRequestTypeDef
) -> Members:
    """Associate a data integration that has never been associated, and start its on-demand job if it has one."""
    account = call.account
    integration = find_data_integration(account, request["DataIntegrationIdentifier"])
    _check_times(request.get("ExecutionConfiguration", {}))
    check_room(account, associations_of(account, integration), "data_integration_associations")
    if integration.was_associated:
        raise errors.invalid(f"Data integration {integration.members['Name']} was associated before.")
    return _started(account, associate(account, integration, {**request})).members


@operation
def update_data_integration_association(
    call: Call, request: UpdateDataIntegrationAssociationRequestTypeDef
) -> None:
    """Change the execution configuration of an association, and start its on-demand job again if it has one."""
    account, wanted = call.account, request["DataIntegrationAssociationIdentifier"]
    integration = find_data_integration(account, request["DataIntegrationIdentifier"])
    for association in associations_of(account, integration):
        if wanted in (association.arn, association.members["DataIntegrationAssociationId"]):
            _check_times(request["ExecutionConfiguration"])
            _started(account, replace(association, members={**association.members, **request}))
            return
    raise errors.not_found(f"Data integration association {wanted}")


@operation(ordered_by="DataIntegrationAssociationArn")
def list_data_integration_associations(
    call: Call, request: ListDataIntegrationAssociationsRequestTypeDef
) -> list[Members]:
    """List the associations of a data integration, in the order of their ARNs."""
    integration = find_data_integration(call.account, request["DataIntegrationIdentifier"])
    return [record.members for record in associations_of(call.account, integration)]


def _started(account: Account, association: Record) -> Record:
    """Store an association and start its on-demand job, if it has one. Return the stored association."""
    configuration = association.members.get("ExecutionConfiguration", {})
    if configuration.get("ExecutionMode") != "ON_DEMAND":
        return put(account, association)
    state, arn = account.state, association.arn
    status = {"ExecutionStatus": "IN_PROGRESS"}

    def present() -> Record | None:
        return records_of(state.accounts.get(account.id, account.region)).get(arn)

    def is_running() -> bool:
        record = present()
        return record is not None and record.members[STATUS] is status

    def complete() -> None:
        record = present()
        assert record is not None
        members = record.members | {STATUS: {"ExecutionStatus": "COMPLETED"}}
        put(state.accounts.get(account.id, account.region), replace(record, members=members))

    time = state.settings(AppIntegrationsSettings).execution_time
    state.clock.call_later(time, f"the job of data integration association {arn} ends", complete, is_running)
    return put(account, replace(association, members=association.members | {STATUS: status}))


def _check_times(configuration: Mapping[str, Any]) -> None:
    """Check that the times of an on-demand job are milliseconds since 1970 (documented; the error code is inferred)."""
    for name, value in configuration.get("OnDemandConfiguration", {}).items():
        if not (value.isascii() and value.isdigit()):
            raise errors.invalid(f"{name} must be an epoch timestamp in milliseconds.")
