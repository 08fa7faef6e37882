"""The connectivity of a subscriber to the MSK cluster that is its target: its state, and what leads to it.

Source: custom-event-bus sections 4.2 and 9.4, and the service model. Documented: the states; delivery begins at
``ACTIVE``; only ``PROVISION_FAILED`` has a reason; only ``PRIVATE`` has a ``VpcConnectionArn``, once the connection
exists, and the ARN names an account of EventBridge.
Inferred: a new subscriber is ``PROVISIONING`` in the answer; what is published until ``ACTIVE`` waits; an update that
changes ``Connectivity`` makes it ``PROVISIONING`` again, and so does an update of the target after a failure; the form
of the ``VpcConnectionArn``, and the account in it; a state of failure comes by a fault that a test injects.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.failed_states import PROVISION_FAILED
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.state import State

BLOCK: Final = "MskParameters"
PROVISIONING: Final = "PROVISIONING"
ACTIVE: Final = "ACTIVE"
PRIVATE: Final = "PRIVATE"
EVENTBRIDGE_ACCOUNT: Final = "000000000000"
"""The account of EventBridge that owns the connections to clusters; AWS does not publish its number."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MskConnectivity:
    """The connectivity of a subscriber to a cluster. A change replaces the record.

    Attributes:
        state: ``PROVISIONING``, ``ACTIVE`` or ``PROVISION_FAILED``.
        reason: Why the provisioning failed; None in other states.
        vpc_connection_arn: The ARN of the connection to a cluster by ``PRIVATE``; None if there is none.
        key: An object that is another one each time the connectivity is provisioned.
    """

    state: str = PROVISIONING
    reason: str | None = None
    vpc_connection_arn: str | None = None
    key: object = field(default_factory=object, repr=False)

    @property
    def is_active(self) -> bool:
        """Whether the subscriber can deliver."""
        return self.state == ACTIVE

    @property
    def members(self) -> dict[str, Any]:
        """The ``SubscriberDetails``."""
        members = {
            "ConnectivityState": self.state,
            "StateReason": self.reason,
            "VpcConnectionArn": self.vpc_connection_arn,
        }
        return {"MskDetails": {name: value for name, value in members.items() if value is not None}}

    def active(self, state: State, cluster_arn: str, parameters: Mapping[str, Any]) -> MskConnectivity:
        """Return the connectivity when all is provisioned.

        Args:
            state: The state of the mock.
            cluster_arn: The ARN of the cluster.
            parameters: The ``MskParameters``.
        """
        connection = None
        if parameters["Connectivity"] == PRIVATE:
            cluster = Arn.of(cluster_arn)
            name = cluster.resource.split("/")[1]
            resource = f"vpc-connection/{cluster.account}/{name}/{state.identifiers.uuid()}"
            connection = str(cluster._replace(account=EVENTBRIDGE_ACCOUNT, resource=resource))
        return replace(self, state=ACTIVE, vpc_connection_arn=connection)

    def failed(self, reason: str) -> MskConnectivity:
        """Return the connectivity when it could not be provisioned."""
        return replace(self, state=PROVISION_FAILED, reason=reason)


def is_provisioned_again(
    old: MskConnectivity | None, before: Mapping[str, Any], after: Mapping[str, Any]
) -> bool:
    """Return whether an update of a target leads to new connectivity.

    Args:
        old: The connectivity; None if the target is not a cluster.
        before: The ``MskParameters`` before the update.
        after: The ``MskParameters`` after the update.
    """
    if old is None:
        return False
    return old.state == PROVISION_FAILED or before["Connectivity"] != after["Connectivity"]


@cache
def are_msk_clusters_known() -> bool:
    """Return whether the installed service model has clusters as targets (botocore 1.44.7 and newer)."""
    from eventmock.wire.installed_services import model_of

    configuration: Any = model_of("eventbridgev2").shape_for("InvokeConfiguration")
    return BLOCK in configuration.members
