"""Associations of event integrations with their clients: other services make them, and callers can list them.

Source: partner-events sections 2.1 and 2.4. No operation makes or removes an association (service model); Amazon
Connect does (documented). A test uses `AppIntegrations.add_event_integration_association` instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.services.appintegrations.event_integrations import find_event_integration
from eventmock.services.appintegrations.records import associations_of
from eventmock.wire import operation

if TYPE_CHECKING:
    from mypy_boto3_appintegrations.type_defs import ListEventIntegrationAssociationsRequestTypeDef

    from eventmock.services.appintegrations.records import Members
    from eventmock.services.call import Call


@operation(ordered_by="EventIntegrationAssociationArn")
def list_event_integration_associations(
    call: Call, request: ListEventIntegrationAssociationsRequestTypeDef
) -> list[Members]:
    """List the associations of an event integration, in the order of their ARNs."""
    integration = find_event_integration(call.account, request["EventIntegrationName"])
    return [record.members for record in associations_of(call.account, integration)]
