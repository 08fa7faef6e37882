"""Tags of AppIntegrations' resources: TagResource, UntagResource, ListTagsForResource.

Source: partner-events sections 2.2 and 2.4, and AWS's service authorization reference: applications, integrations and
associations can be tagged (documented). A key that begins with ``aws:`` in lower case is refused: a pattern of the
service model until botocore 1.44 dropped it, inferred for today. What exceeding the number of tags answers is inferred.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eventmock.services.appintegrations import errors
from eventmock.services.appintegrations.quotas import AppIntegrationsQuotas
from eventmock.services.appintegrations.records import put, records_of
from eventmock.wire import operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_appintegrations.type_defs import (
        ListTagsForResourceRequestTypeDef,
        TagResourceRequestTypeDef,
        UntagResourceRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.appintegrations.records import Record
    from eventmock.services.call import Call


@operation
def tag_resource(call: Call, request: TagResourceRequestTypeDef) -> None:
    """Add tags to a resource, or change the values of existing tags."""
    record = _find(call.account, request["resourceArn"])
    put(call.account, replace(record, tags=with_tags(call.account, record.tags, request["tags"])))


@operation
def untag_resource(call: Call, request: UntagResourceRequestTypeDef) -> None:
    """Remove tags from a resource. A key that the resource does not have is ignored."""
    record = _find(call.account, request["resourceArn"])
    gone = set(request["tagKeys"])
    kept = {key: value for key, value in record.tags.items() if key not in gone}
    put(call.account, replace(record, tags=kept))


@operation
def list_tags_for_resource(
    call: Call, request: ListTagsForResourceRequestTypeDef
) -> dict[str, dict[str, str]]:
    """Return the tags of a resource."""
    return {"tags": _find(call.account, request["resourceArn"]).tags}


def with_tags(account: Account, existing: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return the existing tags and the given tags. If both have a key, its value is the given one.

    Raises:
        AwsError: A given key begins with ``aws:``, or the resource would have more tags than the quota allows.
    """
    if any(key.startswith("aws:") for key in given):
        raise errors.invalid("Tag keys that begin with aws: are reserved for system use.")
    tags = {**existing, **given}
    quota = account.state.settings(AppIntegrationsQuotas).tags_per_resource
    if len(tags) > quota:
        raise errors.invalid(f"A resource may have up to {quota} tags.")
    return tags


def _find(account: Account, arn: str) -> Record:
    record = records_of(account).get(arn)
    if record is None:
        raise errors.not_found(arn)
    return record
