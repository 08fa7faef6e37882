"""Associations of applications with their clients: other services make them, and callers can list them.

Source: partner-events sections 2.1 and 2.4. That no operation makes or removes one is the service model's; Amazon
Connect does (documented). `AppIntegrations.add_application_association` stands in for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.services.appintegrations.applications import find_application
from eventmock.services.appintegrations.records import associations_of
from eventmock.wire import operation

if TYPE_CHECKING:
    from mypy_boto3_appintegrations.type_defs import ListApplicationAssociationsRequestTypeDef

    from eventmock.services.appintegrations.records import Members
    from eventmock.services.call import Call


@operation(ordered_by="ApplicationAssociationArn")
def list_application_associations(
    call: Call, request: ListApplicationAssociationsRequestTypeDef
) -> list[Members]:
    """Show the associations of an application, by ARN."""
    application = find_application(call.account, request["ApplicationId"])
    return [record.members for record in associations_of(call.account, application)]
