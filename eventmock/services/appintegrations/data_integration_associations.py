"""Associations of data integrations with their clients, and the on-demand job that one may run.

Source: partner-events section 2.4 and the service model. Documented: a data integration that had an association gets
no other one by CreateDataIntegrationAssociation, and UpdateDataIntegrationAssociation runs the on-demand job again.
Inferred: that an association with an on-demand configuration runs the job when it is made, how long that takes
(`AppIntegrations.execution_time`), that it succeeds, that one with a schedule shows no execution, and the codes.
Older service models know no operation that makes an association: `AppIntegrations.add_data_integration_association`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from eventmock.services.appintegrations import errors
from eventmock.services.appintegrations.client_tokens import idempotent
from eventmock.services.appintegrations.data_integrations import find_data_integration
from eventmock.services.appintegrations.quotas import AppIntegrationsQuotas, check_room
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
    """Associate a data integration, once; an on-demand job begins."""
    account = call.account
    integration = find_data_integration(account, request["DataIntegrationIdentifier"])
    _check_times(request.get("ExecutionConfiguration", {}))
    check_room(
        associations_of(account, integration),
        account.state.settings(AppIntegrationsQuotas).data_integration_associations,
    )
    if integration.was_associated:
        raise errors.invalid(f"Data integration {integration.members['Name']} was associated before.")
    return _started(account, associate(account, integration, {**request})).members


@operation
def update_data_integration_association(
    call: Call, request: UpdateDataIntegrationAssociationRequestTypeDef
) -> None:
    """Change how an association pulls; an on-demand job begins again."""
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
    """Show the associations of a data integration, by ARN."""
    integration = find_data_integration(call.account, request["DataIntegrationIdentifier"])
    return [record.members for record in associations_of(call.account, integration)]


def _started(account: Account, association: Record) -> Record:
    """The association as it is held once its on-demand job runs, if it has one."""
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
    """See that the times of an on-demand job are epoch milliseconds (documented; the code is inferred)."""
    for name, value in configuration.get("OnDemandConfiguration", {}).items():
        if not (value.isascii() and value.isdigit()):
            raise errors.invalid(f"{name} must be an epoch timestamp in milliseconds.")
