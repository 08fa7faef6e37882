"""Associations of applications with their clients: other services make them, and callers can list them.

Source: partner-events sections 2.1 and 2.4. No operation makes or removes an association (service model); Amazon
Connect does (documented). A test uses `AppIntegrations.add_application_association` instead.
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
    """List the associations of an application, in the order of their ARNs."""
    application = find_application(call.account, request["ApplicationId"])
    return [record.members for record in associations_of(call.account, application)]
