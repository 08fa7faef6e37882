"""The values of condition keys in the requests that EventBridge and EventBridge Scheduler make to deliver.

Recorded for queues: the keys of a request by the service itself, also that ``aws:PrincipalType`` is ``User``; that a
request by the session of a role has no ``aws:SourceArn``, and has the role's ARN as ``aws:PrincipalArn``; the keys of
events in the policy of a bus. Documented: ``aws:SourceArn`` and ``aws:SourceAccount`` when a role is assumed. Inferred:
the others, and that requests for schedules have the same keys. A key that is not here is not known, and a statement
about it is not understood.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from eventmock.parts.organizations import Organizations

if TYPE_CHECKING:
    from eventmock.delivery.permissions.senders import Sender
    from eventmock.history.event_delivery import EventDelivery
    from eventmock.state import State
    from eventmock.values.arn import Arn

    Context = dict[str, str | None]

_ABSENT: Final = (
    "aws:FederatedProvider",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:SourceOwner",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:username",
    "aws:VpcSourceIp",
    "iam:AssociatedResourceArn",
    "iam:PassedToService",
    "lambda:EventSourceToken",
    "lambda:FunctionUrlAuthType",
    "sts:ExternalId",
)
"""The keys that no request of EventBridge has, unless something else is said below."""


class Contexts:
    """The contexts of the requests for deliveries.

    Args:
        state: The state of the mock.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def by_service(self, sender: Sender, resource: Arn | None) -> Context:
        """Return the context of a request that the service itself makes.

        Args:
            sender: The rule or the schedule.
            resource: The ARN of the resource, such as a role that is assumed; None if it has none.
        """
        account = sender.account
        return self._general(sender, resource) | {
            "aws:PrincipalIsAWSService": "true",
            "aws:PrincipalServiceName": sender.service,
            "aws:PrincipalType": "User",
            "aws:SourceAccount": account,
            "aws:SourceArn": sender.source,
            "aws:SourceOrgID": self._organization(account),
            "kms:CallerAccount": account,
        }

    def by_role(self, sender: Sender, resource: Arn | None, role: Arn) -> Context:
        """Return the context of a request that the session of a role makes."""
        return self._general(sender, resource) | {
            "aws:PrincipalAccount": role.account,
            "aws:PrincipalArn": str(role),
            "aws:PrincipalIsAWSService": "false",
            "aws:PrincipalOrgID": self._organization(role.account),
            "aws:PrincipalType": "AssumedRole",
            "kms:CallerAccount": role.account,
        }

    def _general(self, sender: Sender, resource: Arn | None) -> Context:
        now = self._state.clock.now().astimezone(UTC)
        owner = None if resource is None or not resource.account else resource.account
        return dict.fromkeys(_ABSENT) | {
            "aws:CurrentTime": f"{now:%Y-%m-%dT%H:%M:%S}Z",
            "aws:EpochTime": str(int(now.timestamp())),
            "aws:PrincipalAccount": None,
            "aws:PrincipalArn": None,
            "aws:PrincipalOrgID": None,
            "aws:PrincipalServiceName": None,
            "aws:RequestedRegion": (resource and resource.region) or sender.region,
            "aws:ResourceAccount": owner,
            "aws:ResourceOrgID": None if owner is None else self._organization(owner),
            "aws:SecureTransport": "true",
            "aws:SourceAccount": None,
            "aws:SourceArn": None,
            "aws:SourceOrgID": None,
            "aws:ViaAWSService": "false",
        }

    def _organization(self, account: str) -> str | None:
        return self._state.settings(Organizations).get(account)


def of_event(delivery: EventDelivery) -> Context:
    """Return the keys that only the requests of rules for event buses have."""
    return {
        "events:creatorAccount": delivery.account,
        "events:detail-type": delivery.envelope.detail_type,
        "events:eventBusInvocation": "true",
        "events:source": delivery.envelope.source,
    }


def of_key(context: Context, resource: Arn) -> Context:
    """Return the context of a request for a key, made of the context of the request that needs the key.

    Recorded for queues: the ARN of the queue in the encryption context, and the rule's ARN and account; inferred: the
    service through which the key is used. Documented for topics: a key's policy cannot name the source.

    Args:
        context: The context of the request that needs the key.
        resource: The ARN of the resource that is encrypted.
    """
    suffix = "amazonaws.com.cn" if resource.partition == "aws-cn" else "amazonaws.com"
    more: Context = {
        "kms:EncryptionContext:aws:sqs:arn": str(resource) if resource.service == "sqs" else None,
        "kms:EncryptionContext:aws:sns:topicArn": str(resource) if resource.service == "sns" else None,
        "kms:EncryptionContext:aws:kinesis:arn": str(resource) if resource.service == "kinesis" else None,
        "kms:ViaService": f"{resource.service}.{resource.region}.{suffix}",
    }
    if resource.service == "sns":
        more |= {"aws:SourceArn": None, "aws:SourceAccount": None}
    return context | more
