"""Topics of SNS, their subscriptions and policies.

Inferred: a topic whose policy is removed has the default policy again. A topic has one policy, so of several
the last one counts. A subscription is not made if moto would call somebody outside of the test, or a stub.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from eventmock.deployment.moto_resources.resource_type import ResourceType, with_values_of
from eventmock.deployment.moto_resources.shapes import as_text, is_true
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.stack import StackResource

_NO_ATTRIBUTES: Final = {"TopicName", "Tags", "Subscription", "DataProtectionPolicy", "DeliveryStatusLogging"}
_CALLED: Final = {"lambda": "functions are made without code", "http": "nothing leaves the test"}
"""Why a subscription is not made, by the protocol."""


class Topic(ResourceType):
    """A topic. Its subscriptions may be inline."""

    service, maker, remover, name = "sns", "CreateTopic", "DeleteTopic", "TopicArn"

    def exists(self, resource: StackResource) -> bool:
        """Return whether moto has a topic of the name: CreateTopic takes one that exists."""
        arn = resource.arn or resource.ref
        return self.calls.ask("sns", "GetTopicAttributes", {"TopicArn": arn}) is not None

    def make(self, resource: StackResource) -> StackResource:
        """Make the topic. Its ``Ref`` is the ARN."""
        given = {name: resource.properties.get(name) for name in ("Tags", "DataProtectionPolicy")}
        parameters = self.calls.fit(resource, "sns", "CreateTopic", given)
        parameters |= {"Name": resource.name, "Attributes": _attributes(resource) or None}
        arn = self.calls.do("sns", "CreateTopic", parameters)["TopicArn"]
        if "DeliveryStatusLogging" in resource.properties:
            self.calls.leave_out(resource, "DeliveryStatusLogging")
        attributes = {**resource.attributes, "TopicArn": arn}
        return resource._replace(ref=arn, arn=arn, attributes=attributes)

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Change the attributes of the topic that differ."""
        before, after = _attributes(old), _attributes(new)
        wanted = dict.fromkeys(before, "") | after
        for name, value in wanted.items():
            if before.get(name) != value:
                parameters = {**self.key(old), "AttributeName": name, "AttributeValue": value}
                self.calls.do("sns", "SetTopicAttributes", parameters)
        same = with_values_of(new, old)
        self.settle(same, old)
        return same

    def settle(self, resource: StackResource, old: StackResource | None) -> None:
        """Make the inline subscriptions, and remove those that left the template."""
        wanted = resource.properties.get("Subscription") or []
        had = (old and old.properties.get("Subscription")) or []
        for one in wanted:
            if one not in had:
                self._subscribe(resource, one)
        gone = [(one.get("Protocol"), one.get("Endpoint")) for one in had if one not in wanted]
        if gone:
            answer = self.calls.ask("sns", "ListSubscriptionsByTopic", self.key(resource)) or {}
            for found in answer.get("Subscriptions", ()):
                if (found["Protocol"], found["Endpoint"]) in gone:
                    self.calls.remove("sns", "Unsubscribe", {"SubscriptionArn": found["SubscriptionArn"]})

    def _subscribe(self, resource: StackResource, subscription: Mapping[str, Any]) -> None:
        protocol, endpoint = subscription.get("Protocol"), subscription.get("Endpoint")
        why = _why_not(protocol)
        if why is not None:
            self.calls.note(resource, f"the subscription of {endpoint} was not made in moto: {why}")
            return
        parameters = {**self.key(resource), "Protocol": protocol, "Endpoint": endpoint}
        self.calls.set(resource, "sns", "Subscribe", parameters)

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the ARN of a topic."""
        return {"TopicArn": resource.arn or resource.ref}


class Subscription(ResourceType):
    """A subscription to a topic."""

    service = "sns"

    def make(self, resource: StackResource) -> StackResource:
        """Subscribe, in the topic's region. The ``Ref`` is the ARN of the subscription."""
        properties = resource.properties
        why = _why_not(properties.get("Protocol"))
        if why is not None:
            self.calls.note(resource, f"not made in moto: {why}")
            return resource
        parameters = {name: properties.get(name) for name in ("TopicArn", "Protocol", "Endpoint")}
        attributes = {
            name: as_text(value) for name, value in properties.items() if name not in (*parameters, "Region")
        }
        parameters |= {"Attributes": attributes or None, "ReturnSubscriptionArn": True}
        region = properties.get("Region")
        arn = self.calls.do("sns", "Subscribe", parameters, region=region)["SubscriptionArn"]
        return resource._replace(ref=arn, arn=arn, attributes={**resource.attributes, "Arn": arn})

    def remove(self, resource: StackResource) -> None:
        """Unsubscribe."""
        if Arn.parse(resource.ref) is not None:
            parameters, region = {"SubscriptionArn": resource.ref}, resource.properties.get("Region")
            self.calls.remove("sns", "Unsubscribe", parameters, region=region)


class TopicPolicy(ResourceType):
    """The policy of one or several topics. The inline form has one topic."""

    service = "sns"

    def make(self, resource: StackResource) -> StackResource:
        """Set the policy of each topic."""
        for arn in topics_of(resource):
            parameters = _policy(arn, as_text(resource.properties.get("PolicyDocument", "")))
            self.calls.set(resource, "sns", "SetTopicAttributes", parameters)
        return resource

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Set the policy of each topic, and the default policy for topics that it is not for any more."""
        kept = topics_of(new)
        for arn in topics_of(old):
            if arn not in kept:
                self._reset(arn)
        return self.make(new)

    def remove(self, resource: StackResource) -> None:
        """Set the default policy for each topic."""
        for arn in topics_of(resource):
            self._reset(arn)

    def _reset(self, arn: str) -> None:
        self.calls.remove("sns", "SetTopicAttributes", _policy(arn, json.dumps(default_policy(arn))))


def default_policy(arn: str) -> dict[str, Any]:
    """Return the policy of a topic that nobody gave one: the account of the topic may use it (documented)."""
    return {
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [
            {
                "Sid": "__default_statement_ID",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": [
                    "SNS:GetTopicAttributes",
                    "SNS:SetTopicAttributes",
                    "SNS:AddPermission",
                    "SNS:RemovePermission",
                    "SNS:DeleteTopic",
                    "SNS:Subscribe",
                    "SNS:ListSubscriptionsByTopic",
                    "SNS:Publish",
                ],
                "Resource": arn,
                "Condition": {"StringEquals": {"AWS:SourceOwner": Arn.of(arn).account}},
            }
        ],
    }


def _attributes(resource: StackResource) -> dict[str, str]:
    """Return the properties of a topic as attributes. A topic is FIFO only if ``FifoTopic`` is true."""
    return {
        name: as_text(value)
        for name, value in resource.properties.items()
        if name not in _NO_ATTRIBUTES and (name != "FifoTopic" or is_true(value))
    }


def _why_not(protocol: object) -> str | None:
    """Return why a subscription by a protocol is not made; None if it is."""
    return _CALLED.get(str(protocol).lower().removesuffix("s"))


def topics_of(resource: StackResource) -> list[str]:
    """Return the ARNs of the topics of a policy."""
    arns = resource.properties.get("Topics") or resource.properties.get("TopicArn") or []
    return [arns] if isinstance(arns, str) else list(arns)


def _policy(arn: str, policy: str) -> dict[str, str]:
    return {"TopicArn": arn, "AttributeName": "Policy", "AttributeValue": policy}
