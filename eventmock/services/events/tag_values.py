"""The tags of one resource: values by key, within AWS's limits.

Source: "Tag restrictions" of the user guide: 50 tags, a user's key may not begin with ``aws:``. The codes and texts of
both refusals are not recorded (inferred).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.services.events import errors
from eventmock.services.events.quotas import over_quota

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_events.type_defs import TagTypeDef


def with_tags(existing: Mapping[str, str], given: Iterable[TagTypeDef], quota: int) -> dict[str, str]:
    """Return the existing tags and the given tags. If both have a key, its value is the given one.

    Raises:
        AwsError: A given key begins with ``aws:``, or the resource would have more tags than the quota allows.
    """
    tags = dict(existing)
    for tag in given:
        if tag["Key"].lower().startswith("aws:"):
            raise errors.invalid_parameter(
                "Tags", "Tag keys that begin with aws: are reserved for system use."
            )
        tags[tag["Key"]] = tag["Value"]
    if len(tags) > quota:
        raise errors.limit_exceeded(over_quota("tags_per_resource", quota, "the resource", len(tags)))
    return tags
