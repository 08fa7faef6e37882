"""AWS's error codes and texts for deliveries that are not permitted.

A schedule's dead letter has the code and the text of the service that refuses (recorded for one service). A rule's has
a code of EventBridge, and the text in the form in which AWS's SDK shows errors of services. A subscriber's has a code
of its own, and a text that names the role or the resource (documented), also for a queue that does not exist
(observed).

Recorded for rules: the texts for queues, topics, functions, log groups, buses and roles, and those for the keys of
queues. Inferred: the names of services in the texts for other kinds, the texts for keys of topics and streams, and that
services say the same to schedules. Request ids are made up; a delivery has always the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.delivery.texts_of_subscribers import GENERIC, NOT_ACCESSED, NOT_ASSUMED

if TYPE_CHECKING:
    from eventmock.delivery.permissions.senders import Sender
    from eventmock.target_kinds.kind import Need, Permission
    from eventmock.values.arn import Arn

PUT_EVENTS: Final = "events:PutEvents"
_BUS_REFUSES: Final = "Lack of permissions to invoke cross account target."
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


class Answer(NamedTuple):
    """The answer of AWS to a delivery that it refuses.

    Attributes:
        code: The code of the dead letter.
        message: The error text.
    """

    code: str
    message: str


class _Error(NamedTuple):
    """An error of a service.

    Attributes:
        code: The error code.
        text: The text.
        status: The HTTP status.
        service: The service, as the SDK names it.
        cause: The error of KMS that led to the error; None if none did.
    """

    code: str
    text: str
    status: int
    service: str
    cause: _Error | None = None

    def in_sdk_form(self, request_id: str) -> str:
        """Return the text as the SDK shows it."""
        text = self.text if self.cause is None else self.cause.in_sdk_form(request_id)
        return (
            f"{text} (Service: {self.service}; Status Code: {self.status}; Error Code: {self.code}; "
            f"Request ID: {request_id}; Proxy: null)"
        )


class Texts(NamedTuple):
    """The answers to a delivery or a dead letter.

    Attributes:
        sender: The rule or the schedule.
        arn: The ARN of the target or of the dead-letter queue.
        permission: The permission that AWS asks for.
        request_id: The id of the request in the texts for a rule; None for others, whose texts have none.
        is_of_subscriber: Whether the sender is a subscriber.
    """

    sender: Sender
    arn: Arn
    permission: Permission
    request_id: str | None
    is_of_subscriber: bool = False

    def refused(self, name: str, need: Need, why: str) -> Answer:
        """Return the answer to an action that a principal may not take.

        Args:
            name: The principal, as AWS's texts name it.
            need: The action. Its resource is ``*`` if it is not known.
            why: The end of the text.
        """
        if self.is_of_subscriber:
            return self._of_subscriber("ACCESS_DENIED")
        if self.request_id is not None and self.arn.service == "logs":
            group = self.arn.resource.removeprefix("log-group:")
            return Answer("NO_PERMISSIONS", f"Could not complete putLogEvents call for {group}.")
        on = "" if need.resource == "*" else f" on resource: {need.resource}"
        text = f"User: {name} is not authorized to perform: {self.spelled(need)}{on} {why}"
        permission = self.permission
        error = _Error(permission.error, text, permission.status, permission.service)
        return self._of_bus() or self._answer("NO_PERMISSIONS", error)

    def spelled(self, need: Need) -> str:
        """Return an action as the service spells it in its error."""
        is_main = need.action == self.permission.action
        return (is_main and self.permission.spelled) or need.action

    def not_assumed(self, role_arn: str) -> Answer:
        """Return the answer if the service of the sender cannot assume a role."""
        if self.is_of_subscriber:
            return Answer("ACCESS_DENIED", NOT_ASSUMED.format(role=role_arn))
        name = self.sender.service
        text = f"User: {name} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
        error = _Error("AccessDenied", text, 403, "AWSSecurityTokenService")
        return self._of_bus() or self._answer("FAILED_TO_ASSUME_ROLE", error)

    def _of_bus(self) -> Answer | None:
        """Return the answer to a rule that may not put events on a bus; None for another sender or target."""
        is_it = self.request_id is not None and self.permission.action == PUT_EVENTS
        return Answer("NO_PERMISSIONS", _BUS_REFUSES) if is_it else None

    def gone(self) -> Answer | None:
        """Return the answer if a resource does not exist; None if it is not known."""
        if self.arn.service not in _GONE:
            return None
        if self.is_of_subscriber:
            return self._of_subscriber("ACCESS_DENIED" if self.arn.service == "sqs" else "RESOURCE_NOT_FOUND")
        text, status, code = _GONE[self.arn.service]
        name = self.arn.resource.rpartition("/")[2]
        said = text.format(arn=self.arn, name=name, account=self.arn.account)
        return self._answer("NO_RESOURCE", _Error(code, said, status, self.permission.service))

    def key_refused(self, name: str, action: str) -> Answer:
        """Return the answer to a service that may not use a key."""
        text = _KEY_REFUSES.format(name=name, action=action)
        return self._of_key("NO_PERMISSIONS", text, "AccessDenied")

    def key_refused_to_role(self, name: str, need: Need, why: str) -> Answer:
        """Return the answer to the session of a role that may not use a key (inferred)."""
        user = f"User: {name} is not authorized to perform: {need.action} on resource: {need.resource}"
        return self._of_key("NO_PERMISSIONS", f"{user} {why}", "AccessDenied")

    def key_unusable(self, key: str, state: str) -> Answer:
        """Return the answer if a key is not enabled, or does not exist.

        Args:
            key: The ARN, alias or id of the key.
            state: The state of the key, as KMS names it; empty if the key does not exist.
        """
        if self.is_of_subscriber and state:
            return Answer("KMS_INVALID_STATE", GENERIC)
        if not state:
            return self._of_key("NO_RESOURCE", f"Key '{key}' does not exist", "NotFound")
        if state == "Disabled":
            return self._of_key("NO_RESOURCE", f"{key} is disabled.", "Disabled")
        words = {"PendingDeletion": "pending deletion", "PendingImport": "pending import"}.get(state, state)
        return self._of_key("NO_RESOURCE", f"{key} is {words}.", "KMSInvalidState")

    def _of_key(self, code: str, text: str, error: str) -> Answer:
        """Return the answer of a service that got an error of KMS.

        Args:
            code: The code of EventBridge.
            text: The text of KMS.
            error: The name of the error, without ``Exception``.
        """
        if self.is_of_subscriber:
            return self._of_subscriber("ACCESS_DENIED" if code == "NO_PERMISSIONS" else "RESOURCE_NOT_FOUND")
        prefix = {"sqs": "KMS.", "sns": "KMS"}.get(self.arn.service, "KMS")
        name = f"{prefix}{error.removeprefix('KMS')}{'Exception' if self.arn.service != 'sns' else ''}"
        cause = _Error(f"{error}Exception", text, 400, "AWSKMS")
        return self._answer(code, _Error(name, text, 400, self.permission.service, cause))

    def _of_subscriber(self, code: str) -> Answer:
        """Return the answer to a subscriber that cannot reach a resource."""
        return Answer(code, NOT_ACCESSED.format(resource=self.arn))

    def _answer(self, code: str, error: _Error) -> Answer:
        """Return the answer for an error of a service.

        Args:
            code: The code of EventBridge, which a rule gets.
            error: The error, which a schedule gets.
        """
        if self.request_id is None:
            return Answer(error.code, error.text)
        return Answer(code, error.in_sdk_form(self.request_id))
