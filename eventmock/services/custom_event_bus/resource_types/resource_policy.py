"""``AWS::EventsV2::ResourcePolicy``: the policy ``default`` of a custom event bus, by PutResourcePolicy.

The package says what is documented of the types and what is inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.custom_event_bus.resource_policies import NO_POLICY
from eventmock.services.resource_properties import members_of
from eventmock.services.resource_type import Caller, InvalidProperty, Made, ResourceType
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

_API_ONLY: Final = ("PolicyName", "ExpectedRevisionId")


class ResourcePolicyType(ResourceType):
    """Resource policies of custom event buses."""

    name = "AWS::EventsV2::ResourcePolicy"
    name_property = None
    replaced_by = frozenset({"ResourceArn"})
    blamed: ClassVar = {
        "PublicPolicyException": "PolicyDocument",
        "PolicyLengthExceededException": "PolicyDocument",
        "ResourceNotFoundException": "EventBusArn",
    }

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        for name in _API_ONLY:
            if name in properties:
                text = f"#: extraneous key [{name}] is not permitted; only the API has it"
                raise InvalidProperty((name,), text)
        return members_of(
            caller.input_of("PutResourcePolicy"),
            properties,
            documents=("PolicyDocument",),
            optional=(),
            renamed={"ResourceArn": "EventBusArn"},
        )

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: ARG002, D102 - inherited
        try:
            return _put(caller, {**properties, "ExpectedRevisionId": NO_POLICY})
        except AwsError as error:
            if error.code == "ConflictException":
                raise self.already_exists(properties["ResourceArn"]) from None
            raise

    def update(  # noqa: D102 - inherited
        self,
        caller: Caller,
        made: Made,  # noqa: ARG002 - as the base has it
        old: Mapping[str, Any],  # noqa: ARG002 - the new policy replaces the old one
        new: Mapping[str, Any],
    ) -> Made:
        return _put(caller, new)

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: ARG002, D102 - inherited
        caller.remove("DeleteResourcePolicy", {"ResourceArn": made.ref})


def _put(caller: Caller, members: Mapping[str, Any]) -> Made:
    answer = caller.call("PutResourcePolicy", members)
    arn = answer["ResourceArn"]
    return Made(arn, arn, attributes={"RevisionId": answer["RevisionId"]})


TYPE: Final = ResourcePolicyType()
