"""The tags of one resource: key to value, as requests give them and within AWS's limits.

Source: "Tag restrictions" of the user guide: 50 tags, no key of ours begins with ``aws:``. The codes and texts of
both refusals are not recorded (inferred).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.services.events import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_events.type_defs import TagTypeDef


def with_tags(held: Mapping[str, str], given: Iterable[TagTypeDef], quota: int) -> dict[str, str]:
    """The tags that are held and those that are given, whose values win.

    Raises:
        AwsError: A key is AWS's own, or there would be too many.
    """
    tags = dict(held)
    for tag in given:
        if tag["Key"].lower().startswith("aws:"):
            raise errors.invalid_parameter(
                "Tags", "Tag keys that begin with aws: are reserved for system use."
            )
        tags[tag["Key"]] = tag["Value"]
    if len(tags) > quota:
        raise errors.limit_exceeded()
    return tags
