"""AWS's error texts for deliveries that are not permitted, in the form in which AWS's SDK shows errors of services.

Recorded: the texts for queues, topics, functions, log groups, buses and roles, and those for the keys of queues.
Inferred: the names of services in the texts for other kinds, and the texts for keys of topics and streams. Request ids
are made up; a delivery has always the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from eventmock.history.event_delivery import EventDelivery
    from eventmock.target_kinds.kind import Need, Permission
    from eventmock.values.arn import Arn

BUS_REFUSES: Final = "Lack of permissions to invoke cross account target."
PUT_EVENTS: Final = "events:PutEvents"
_KEY_REFUSES: Final = (
    "User: {name} is not authorized to perform: {action} on this resource because the resource does not exist in this "
    "Region, no resource-based policies allow access, or a resource-based policy explicitly denies access"
)
_GONE: Final = {
    "sqs": (
        "The specified queue does not exist or you do not have access to it.",
        400,
        "AWS.SimpleQueueService.NonExistentQueue",
    ),
    "sns": ("Topic does not exist", 404, "NotFound"),
    "lambda": ("Function not found: {arn}", 404, "ResourceNotFoundException"),
    "kinesis": ("Stream {name} under account {account} not found.", 400, "ResourceNotFoundException"),
}
"""Of a resource that does not exist: the text, the HTTP status and the error code, by the service in the ARN."""


class Texts(NamedTuple):
    """The texts for a delivery or a dead letter.

    Attributes:
        delivery: The delivery.
        arn: The ARN of the target or of the dead-letter queue.
        permission: The permission that AWS asks for.
    """

    delivery: EventDelivery
    arn: Arn
    permission: Permission

    def refused(self, name: str, need: Need, why: str) -> str:
        """Return the text for an action that a principal may not take.

        Args:
            name: The principal, as AWS's texts name it.
            need: The action.
            why: The end of the text.
        """
        if self.arn.service == "logs":
            return f"Could not complete putLogEvents call for {self.arn.resource.removeprefix('log-group:')}."
        if self.permission.action == PUT_EVENTS:
            return BUS_REFUSES
        user = f"User: {name} is not authorized to perform: {self.spelled(need)} on resource: {need.resource}"
        return f"{user} {why} {self._error(self.permission.error, self.permission.status)}"

    def spelled(self, need: Need) -> str:
        """Return an action as the service spells it in its error."""
        is_main = need.action == self.permission.action
        return (is_main and self.permission.spelled) or need.action

    def not_assumed(self, name: str, role_arn: str) -> str:
        """Return the text for a role that a principal cannot assume."""
        if self.permission.action == PUT_EVENTS:
            return BUS_REFUSES
        error = self._error("AccessDenied", 403, "AWSSecurityTokenService")
        return f"User: {name} is not authorized to perform: sts:AssumeRole on resource: {role_arn} {error}"

    def gone(self) -> str | None:
        """Return the text for a resource that does not exist; None if it is not known."""
        if self.arn.service not in _GONE:
            return None
        text, status, code = _GONE[self.arn.service]
        name = self.arn.resource.rpartition("/")[2]
        said = text.format(arn=self.arn, name=name, account=self.arn.account)
        return f"{said} {self._error(code, status)}"

    def key_refused(self, name: str, action: str) -> str:
        """Return the text for a key that a principal may not use."""
        return self._of_key(_KEY_REFUSES.format(name=name, action=action), "AccessDenied")

    def key_refused_to_role(self, name: str, need: Need, why: str) -> str:
        """Return the text for a key that the session of a role may not use (inferred)."""
        user = f"User: {name} is not authorized to perform: {need.action} on resource: {need.resource}"
        return self._of_key(f"{user} {why}", "AccessDenied")

    def key_unusable(self, key: str, state: str) -> str:
        """Return the text for a key that is not enabled, or does not exist.

        Args:
            key: The ARN, alias or id of the key.
            state: The state of the key, as KMS names it; empty if the key does not exist.
        """
        if not state:
            return self._of_key(f"Key '{key}' does not exist", "NotFound")
        if state == "Disabled":
            return self._of_key(f"{key} is disabled.", "Disabled")
        words = {"PendingDeletion": "pending deletion", "PendingImport": "pending import"}.get(state, state)
        return self._of_key(f"{key} is {words}.", "KMSInvalidState")

    def _of_key(self, text: str, error: str) -> str:
        inner = self._error(f"{error}Exception", 400, "AWSKMS")
        prefix = {"sqs": "KMS.", "sns": "KMS"}.get(self.arn.service, "KMS")
        code = f"{prefix}{error.removeprefix('KMS')}{'Exception' if self.arn.service != 'sns' else ''}"
        return f"{text} {inner} {self._error(code, 400)}"

    def _error(self, code: str, status: int, service: str = "") -> str:
        name, request_id = service or self.permission.service, self.delivery.invocation.token
        return f"(Service: {name}; Status Code: {status}; Error Code: {code}; Request ID: {request_id}; Proxy: null)"
