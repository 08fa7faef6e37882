"""Associations of applications with their clients: other services make them, and callers can list them.

Source: partner-events sections 2.1 and 2.4. That no operation makes or removes one is the service model's; Amazon
Connect does (documented). `AppIntegrations.add_application_association` stands in for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.services.appintegrations.applications import find_application
from eventmock.wire import Call, operation

if TYPE_CHECKING:
    from mypy_boto3_appintegrations.type_defs import ListApplicationAssociationsRequestTypeDef

    from eventmock.services.appintegrations.account import AppIntegrationsAccount, Members


@operation(ordered_by="ApplicationAssociationArn")
def list_application_associations(
    call: Call[AppIntegrationsAccount], request: ListApplicationAssociationsRequestTypeDef
) -> list[Members]:
    """Show the associations of an application, by ARN."""
    application = find_application(call.account, request["ApplicationId"])
    return [record.members for record in call.account.associations_of(application)]
