"""The class of the kinds of targets: their ARNs, the members that PutTargets requires, and AWS's call to deliver."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from eventmock.transform import MISSING, InvalidPath, JsonPath, JsonText
from eventmock.values.arn import is_account_id
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from eventmock.target_kinds.http_call import HttpCall
    from eventmock.values.arn import Arn

    Request: TypeAlias = "ApiCall | HttpCall"

NAME: Final = r"[^\s:/*?]+"
"""A pattern for one name or id in the resource of an ARN, of whatever letters: services differ."""

_DYNAMIC: Final = (
    "EcsParameters",
    "HttpParameters",
    "KinesisParameters",
    "RedshiftDataParameters",
    "SageMakerPipelineParameters",
    "SqsParameters",
)
"""The parameter blocks whose strings may be paths into the event."""


class InvalidRequest(Exception):  # noqa: N818 - it says what happened
    """AWS cannot make the call from what the target receives; the exception's text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """A call of an AWS service, as AWS makes it to deliver an event.

    Attributes:
        service: The service, by the name that boto3 gives it, such as ``sqs``.
        operation: The operation by AWS's name, such as ``SendMessage``.
        parameters: Its parameters, as boto3 takes them.
        region: Where the service is called.
        account: Whose resource it is.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    region: str
    account: str


@dataclass(slots=True, kw_only=True)
class Invocation:
    """What is known when an event goes to a target: all that the call is made of.

    Attributes:
        arn: The target's ARN.
        target: The target's members, as PutTargets took them.
        body: What the target receives, input shaping done.
        is_shaped: Whether the target asked for an input of its own.
        event_text: The event as it came, compact JSON.
        event_id: Its id.
        event_time: Its time, aware.
        trace_header: The X-Ray header that goes along, if any.
        rule_name: The rule that matched.
        rule_arn: Its ARN.
        account: The account of the rule's bus.
        region: Its region.
    """

    arn: Arn
    target: Mapping[str, Any]
    body: str
    is_shaped: bool
    event_text: str = field(repr=False)
    event_id: str
    event_time: datetime
    trace_header: str | None
    rule_name: str
    rule_arn: str
    account: str
    region: str

    def call(
        self, service: str, operation: str, parameters: Mapping[str, Any], *, region: str | None = None
    ) -> ApiCall:
        """A call of the service in the target's region and account.

        Args:
            service: boto3's name of it.
            operation: AWS's name of the operation.
            parameters: Those that are None are left out.
            region: The region, where the ARN names none.
        """
        return ApiCall(
            service=service,
            operation=operation,
            parameters={name: value for name, value in parameters.items() if value is not None},
            region=region or self.arn.region or self.region,
            account=self.arn.account or self.account,
        )

    @property
    def name(self) -> str:
        """The name of the target: what follows the last slash or colon of its ARN."""
        return self.arn.resource.replace(":", "/").rpartition("/")[2]

    @property
    def json_object(self) -> dict[str, Any]:
        """The body as an object.

        Raises:
            InvalidRequest: It is none.
        """
        try:
            value = loads(self.body)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise InvalidRequest(f"wanted a JSON object, got {self.body[:200]}")
        return value

    def found(self, path: str) -> JsonText | None:
        """What a path leads to in the event as it came; None where it leads nowhere, or to null.

        The path leads into the event, not into what input shaping made of it (documented). That null counts as nothing
        is recorded for the partition keys of Kinesis and inferred for the rest.

        Raises:
            InvalidRequest: EventBridge takes no such path.
        """
        try:
            found = JsonPath.parse(path).find(JsonText.parse(self.event_text))
        except InvalidPath as error:
            raise InvalidRequest(str(error)) from None
        return None if found is MISSING or found.is_null else found

    def resolved(self, value: str) -> str:
        """The value of a parameter that may be a path into the event: its whole value, such as ``$.detail.id``.

        Where the path leads nowhere, the value is empty (observed for API destinations, inferred for the rest).

        Raises:
            InvalidRequest: EventBridge takes no such path.
        """
        if not value.startswith("$"):
            return value
        found = self.found(value)
        return "" if found is None else found.characters()

    def needed(self, value: str) -> str:
        """As `resolved`, for a parameter that the target's service does not take empty: the call would fail (inferred).

        Raises:
            InvalidRequest: EventBridge takes no such path, or it leads nowhere.
        """
        resolved = self.resolved(value)
        if value and not resolved:
            raise InvalidRequest(f"{value} leads to nothing in the event, and its parameter cannot be empty")
        return resolved

    def block(self, name: str, *, may_be_empty: bool = False) -> dict[str, Any]:
        """A parameter block of the target, each path into the event resolved; empty where there is no block.

        Args:
            name: Such as ``EcsParameters``.
            may_be_empty: Whether the target's service takes empty values.

        Raises:
            InvalidRequest: EventBridge takes no such path, or it leads nowhere and the value cannot be empty.
        """
        change = self.resolved if may_be_empty else self.needed
        resolved: dict[str, Any] = _each(change, self.target.get(name, {}))
        return resolved

    def dead_ends(self) -> list[str]:
        """Which parameters of the target are paths that lead nowhere in the event, in words."""
        return [
            f"{block} {value}"
            for block in _DYNAMIC
            for value in _strings(self.target.get(block, {}))
            if self._leads_nowhere(value)
        ]

    def _leads_nowhere(self, value: str) -> bool:
        try:
            return value.startswith("$") and self.found(value) is None
        except InvalidRequest:
            return False

    @property
    def event_milliseconds(self) -> int:
        """The event's time in milliseconds since the epoch."""
        return int(self.event_time.timestamp() * 1000)

    @property
    def token(self) -> str:
        """A name of this delivery and no other, formed like a UUID; the same whenever it is asked for."""
        text = "\n".join((self.event_id, self.rule_arn, str(self.target["Id"]), str(self.arn)))
        digest = hashlib.sha256(text.encode()).hexdigest()
        return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def _each(change: Callable[[str], str], value: Any) -> Any:
    """The value with each string in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _each(change, held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [_each(change, item) for item in value]
    return value


def _strings(value: Any) -> Iterator[str]:
    """All strings in the value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for held in value.values() if isinstance(value, dict) else value:
            yield from _strings(held)


def host(service: str, arn: Arn) -> str:
    """The host that answers for a service where an ARN is."""
    suffix = "amazonaws.com.cn" if arn.partition == "aws-cn" else "amazonaws.com"
    return f"{service}.{arn.region}.{suffix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetKind:
    """A kind of target.

    Attributes:
        name: What a person calls it.
        service: The service in its ARN.
        resource: A pattern for the resource in its ARN, which it must match whole.
        names_region: Whether its ARN has a region; if not, that part must be empty.
        may_be_of_aws: Whether AWS owns some of them, whose ARNs have no account.
        role: Whether PutTargets wants a ``RoleArn``.
        parameters: The parameter block that belongs to it.
        required: The parameter block it cannot do without.
        request: Makes the call that delivers to it, or raises `InvalidRequest`; None where that call is not known.
        cannot_fail: Whether `request` makes the call of any event and any input, where the target has no parameter
            block. Such a call is not made before somebody needs it: most deliveries are to these kinds.
    """

    name: str
    service: str
    resource: str
    names_region: bool = True
    may_be_of_aws: bool = False
    role: Literal["required", "optional", "refused"] = "required"
    parameters: str | None = None
    required: str | None = None
    request: Callable[[Invocation], Request] | None = None
    cannot_fail: bool = False

    def can_fail(self, target: Mapping[str, Any]) -> bool:
        """Whether `request` may raise `InvalidRequest` for a target that has these members."""
        return not (self.cannot_fail and target.keys().isdisjoint(_DYNAMIC))

    def has(self, arn: Arn) -> bool:
        """Whether an ARN is of this kind."""
        return (
            arn.service == self.service
            and bool(arn.region) == self.names_region
            and (is_account_id(arn.account) or (self.may_be_of_aws and not arn.account))
            and re.fullmatch(self.resource, arn.resource) is not None
        )
