"""Tags of custom event buses and subscribers: TagResource, UntagResource, ListTagsForResource.

Source: custom-event-bus section 3.8. Documented: a key that begins with ``aws:`` is refused, also by UntagResource; a
resource has a limited number of tags; characters outside the Basic Multilingual Plane, such as emoji, are refused.
Inferred: the codes and texts of these refusals; UntagResource ignores a key that the resource does not have.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from eventmock.services.custom_event_bus import errors
from eventmock.services.custom_event_bus.event_bus import CustomEventBus, custom_buses_of, find_bus
from eventmock.services.custom_event_bus.quotas import check_quota
from eventmock.services.custom_event_bus.subscriber import Subscriber, find_subscriber, keep
from eventmock.values.arn import Arn
from eventmock.wire import operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call

    Tagged: TypeAlias = CustomEventBus | Subscriber

LAST_CHARACTER: Final = "\uffff"
"""The last character of the Basic Multilingual Plane."""
LACKS: Final = "Event sources have no tags yet."


@operation(lacks=LACKS)
def tag_resource(call: Call, request: Mapping[str, Any]) -> None:
    """Add tags to a resource, or change the values of existing tags."""
    resource = _resource(call.account, request["ResourceArn"], "TagResource")
    _set_tags(call.account, resource, with_tags(call.account, resource.tags, request["Tags"]))


@operation(lacks=LACKS)
def untag_resource(call: Call, request: Mapping[str, Any]) -> None:
    """Remove tags from a resource. A key that the resource does not have is ignored."""
    resource = _resource(call.account, request["ResourceArn"], "UntagResource")
    gone = set(request["TagKeys"])
    _check_keys(gone)
    _set_tags(call.account, resource, {key: value for key, value in resource.tags.items() if key not in gone})


@operation(lacks=LACKS)
def list_tags_for_resource(call: Call, request: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """List the tags of a resource."""
    return {"Tags": _resource(call.account, request["ResourceArn"]).tags}


def _resource(account: Account, arn: str, change: str | None = None) -> Tagged:
    """Return the resource of an ARN.

    Args:
        account: The account and region of the caller.
        arn: The ARN.
        change: The name of the operation that changes the tags; None if they are only read.

    Raises:
        AwsError: The resource does not exist or is of another account, or it is to be changed and is revoked.
    """
    if Arn.of(arn).resource.startswith("event-busv2/"):
        return find_bus(account, arn)
    subscriber = find_subscriber(account, arn)
    if change is not None:
        subscriber.check_not_revoked(change)
    return subscriber


def _set_tags(account: Account, resource: Tagged, tags: dict[str, str]) -> None:
    """Keep a resource with other tags."""
    if isinstance(resource, CustomEventBus):
        custom_buses_of(account)[resource.name] = replace(resource, tags=tags)
    else:
        keep(account.state, replace(resource, tags=tags))


def with_tags(account: Account, existing: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return the existing tags and the given tags. If both have a key, its value is the given one.

    Raises:
        AwsError: A given key begins with ``aws:``, a given tag has a character that is refused, or the resource would
            have more tags than the quota allows.
    """
    _check_keys(given)
    for text in (*given, *given.values()):
        if any(character > LAST_CHARACTER for character in text):
            raise errors.invalid("Tags must have characters of the Basic Multilingual Plane only.")
    tags = {**existing, **given}
    check_quota(account, "tags_per_resource", len(tags))
    return tags


def _check_keys(keys: Iterable[str]) -> None:
    """Check that no key begins with ``aws:``.

    Raises:
        AwsError: A key begins with it.
    """
    if any(key.lower().startswith("aws:") for key in keys):
        raise errors.invalid("Tag keys that begin with aws: are reserved for system use.")
