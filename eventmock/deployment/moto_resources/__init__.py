"""The resources of a stack in moto: queues, topics, roles, log groups, keys, functions and others.

    calls.py           the calls to moto for one stack, and the notes about what was not done
    shapes.py          properties of a template as the parameters of a call
    resource_type.py   the base of the types; a file for each service has its types

Roles and policies are made with all that permissions to deliver are judged by. Functions are made with a stub instead
of their code, which no delivery invokes. What EventBridge has is this mock's, and is never made in moto.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Final

from eventmock.delivery import moto
from eventmock.delivery.moto import NoSuchResource, NotThere
from eventmock.deployment.moto_resources.calls import Calls
from eventmock.exceptions import OptionError
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from eventmock.deployment.moto_resources.resource_type import ResourceType
    from eventmock.deployment.stack import StackResource
    from eventmock.state import State

_TYPES: Final = {
    "AWS::ApiGateway::RestApi": ("apis", "RestApi"),
    "AWS::DynamoDB::Table": ("tables", "Table"),
    "AWS::ECS::Cluster": ("tasks", "Cluster"),
    "AWS::ECS::TaskDefinition": ("tasks", "TaskDefinition"),
    "AWS::IAM::ManagedPolicy": ("roles", "ManagedPolicy"),
    "AWS::IAM::Policy": ("roles", "InlinePolicy"),
    "AWS::IAM::Role": ("roles", "Role"),
    "AWS::IAM::RolePolicy": ("roles", "InlinePolicy"),
    "AWS::KMS::Alias": ("keys", "Alias"),
    "AWS::KMS::Key": ("keys", "Key"),
    "AWS::Kinesis::ResourcePolicy": ("streams", "StreamPolicy"),
    "AWS::Kinesis::Stream": ("streams", "Stream"),
    "AWS::KinesisFirehose::DeliveryStream": ("streams", "DeliveryStream"),
    "AWS::Lambda::Alias": ("functions", "Alias"),
    "AWS::Lambda::EventInvokeConfig": ("functions", "EventInvokeConfig"),
    "AWS::Lambda::Function": ("functions", "Function"),
    "AWS::Lambda::Permission": ("functions", "Permission"),
    "AWS::Lambda::Version": ("functions", "Version"),
    "AWS::Logs::LogGroup": ("logs", "LogGroup"),
    "AWS::Logs::ResourcePolicy": ("logs", "LogPolicy"),
    "AWS::S3::Bucket": ("buckets", "Bucket"),
    "AWS::S3::BucketPolicy": ("buckets", "BucketPolicy"),
    "AWS::SNS::Subscription": ("topics", "Subscription"),
    "AWS::SNS::Topic": ("topics", "Topic"),
    "AWS::SNS::TopicInlinePolicy": ("topics", "TopicPolicy"),
    "AWS::SNS::TopicPolicy": ("topics", "TopicPolicy"),
    "AWS::SQS::Queue": ("queues", "Queue"),
    "AWS::SQS::QueueInlinePolicy": ("queues", "QueuePolicy"),
    "AWS::SQS::QueuePolicy": ("queues", "QueuePolicy"),
    "AWS::SSM::Parameter": ("parameters", "Parameter"),
    "AWS::SecretsManager::Secret": ("parameters", "Secret"),
    "AWS::StepFunctions::StateMachine": ("state_machines", "StateMachine"),
    "Custom::S3BucketNotifications": ("buckets", "Notifications"),
}
"""The module and the class of each type."""

_EXISTS: Final = (
    r"\w*(AlreadyExists|NameExists|ResourceExists|AlreadyOwnedByYou|ResourceInUse|ResourceConflict)"
)
"""The codes of errors for what exists already."""


class MotoResources:
    """The resources of a stack in moto, in the account and region of the stack.

    Args:
        state: The state of the mock.
        account: The account of the stack.
        region: The region of the stack.

    Attributes:
        notes: What was not done in moto and why, one line each.
    """

    def __init__(self, state: State, account: str, region: str) -> None:
        self._calls = Calls(state, account, region)
        self._place: Final = account, region
        self.notes: Final = self._calls.notes

    def has_forgotten(self, stack: str) -> bool:
        """Return whether the resources of a deployed stack are not in moto, such as after a reset of moto."""
        return moto.is_active() and not moto.remembers(*self._place, stack)

    def remember(self, stack: str) -> None:
        """Keep in mind that the resources of a stack are in moto."""
        if moto.is_active():
            moto.remember(*self._place, stack)

    def check_active(self) -> None:
        """Check that resources can be made.

        Raises:
            OptionError: moto is not active.
        """
        if not moto.is_active():
            raise OptionError("deploy(in_moto=True): moto is not active; start mock_aws() first")

    def makes(self, type_name: str) -> bool:
        """Return whether resources of a type are made in moto."""
        return type_name in _TYPES

    def create(self, resource: StackResource) -> StackResource:
        """Make a resource in moto.

        Returns:
            The resource with the ARN and the values that moto gave. One of another type is returned unchanged, and
            one that moto cannot make too, with a note.

        Raises:
            AwsError: moto has a resource of the name already, or refuses this one.
            OptionError: moto is not active.
        """
        if not self.makes(resource.type):
            return resource
        self.check_active()
        of_type = self._type(resource)
        try:
            if of_type.exists(resource):
                raise _exists(resource)
            made = of_type.make(resource)
        except NotThere as error:
            self._calls.note(resource, f"not made in moto: {error}")
            return resource
        except AwsError as error:
            if re.match(_EXISTS, error.code):
                raise _exists(resource) from None
            raise
        try:
            of_type.settle(made, None)
        except AwsError:
            of_type.remove(made)
            raise
        return made

    def update(self, old: StackResource, new: StackResource) -> StackResource:
        """Change a resource in moto, in place if the service can; else it is deleted and made again.

        Args:
            old: The resource as it is.
            new: The resource as it is wanted, of the same type and name.

        Returns:
            As for `create`.

        Raises:
            AwsError: moto refuses the change.
            OptionError: moto is not active.
        """
        self.check_active()
        if not self.makes(new.type):
            return new
        try:
            return self._type(new).change(old, new)
        except NoSuchResource:  # such as one that an earlier deploy did not make in moto
            return self.create(new)
        except NotThere as error:
            self._calls.note(new, f"not changed in moto: {error}")
            return new

    def delete(self, resource: StackResource) -> None:
        """Delete a resource in moto. One that does not exist any more is no error.

        Raises:
            AwsError: moto refuses it, as for a bucket that is not empty.
        """
        if self.makes(resource.type):
            self._type(resource).remove(resource)

    def _type(self, resource: StackResource) -> ResourceType:
        module, name = _TYPES[resource.type]
        of_type: type[ResourceType] = getattr(import_module(f"{__name__}.{module}"), name)
        return of_type(self._calls)


def _exists(resource: StackResource) -> AwsError:
    """Return the error for a resource of which moto has one of the same name (the text is CloudFormation's)."""
    text = f"Resource of type '{resource.type}' with identifier '{resource.name}' already exists."
    return AwsError("AlreadyExists", text)
