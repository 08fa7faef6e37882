"""``AWS::EventsV2::ResourcePolicy``, the policy ``default`` of an event bus: PutResourcePolicy, DeleteResourcePolicy.

The package says what is documented of the types and what is inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.resource_properties import members_of
from eventmock.services.resource_type import Caller, Made, ResourceType
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

_API_ONLY: Final = ("PolicyName", "ExpectedRevisionId")
_NO_POLICY: Final = "NO_POLICY"
"""The revision that a request expects if there must not be a policy yet."""


class ResourcePolicyType(ResourceType):
    """Resource policies of custom event buses."""

    name = "AWS::EventsV2::ResourcePolicy"
    name_property = None
    replaced_by = frozenset({"ResourceArn"})
    blamed: ClassVar = {
        "AlreadyExists": "EventBusArn",
        "ResourceNotFoundException": "EventBusArn",
        "PolicyLengthExceededException": "PolicyDocument",
        "PublicPolicyException": "PolicyDocument",
    }

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        renamed = {"ResourceArn": "EventBusArn", **{name: f"{name} of the API" for name in _API_ONLY}}
        shape = caller.input_of("PutResourcePolicy")
        return members_of(shape, properties, documents=("PolicyDocument",), optional=(), renamed=renamed)

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: ARG002, D102 - inherited
        try:
            return _put(caller, {**properties, "ExpectedRevisionId": _NO_POLICY})
        except AwsError as error:
            if error.code != "ConflictException":
                raise
            raise self.already_exists(properties["ResourceArn"]) from None

    def update(  # noqa: D102 - inherited
        self,
        caller: Caller,
        made: Made,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
    ) -> Made:
        return made if old == new else _put(caller, new)

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: ARG002, D102 - inherited
        caller.remove("DeleteResourcePolicy", {"ResourceArn": made.ref})


def _put(caller: Caller, members: Mapping[str, Any]) -> Made:
    revision = caller.call("PutResourcePolicy", members)["RevisionId"]
    arn = members["ResourceArn"]
    return Made(arn, arn, None, {"RevisionId": revision})


TYPE: Final = ResourcePolicyType()
