"""Amazon Resource Names (ARNs): parsed and built.

Source: AWS's page "ARNs" of IAM; the forms of EventBridge's ARNs as recorded (aws-recorded-behaviour section 2).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

_UUID: Final = "/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_ID_OF_CUSTOM_BUSES: Final = "((?:^|:)(?:event-busv2|subscriber|event-sourcev2/[a-z.]+)/[^/]+)/[0-9a-z]{25}$"
"""The resource of a custom event bus, a subscriber or an event source, with the id that AWS adds to its name."""
_PARTITIONS: Final = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("us-iso-", "aws-iso"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
)


def partition_of(region: str) -> str:
    """Return the partition a region belongs to, such as ``aws`` or ``aws-cn``."""
    return next((partition for prefix, partition in _PARTITIONS if region.startswith(prefix)), "aws")


class Arn(NamedTuple):
    """An ARN in its six parts."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: object) -> Arn | None:
        """Return the parts of an ARN; None if the value is not text, or not an ARN."""
        return _parsed(text) if isinstance(text, str) else None

    @classmethod
    def of(cls, text: str) -> Arn:
        """Return the parts of a text that has been checked to be an ARN.

        Raises:
            ValueError: The text is not an ARN.
        """
        arn = cls.parse(text)
        if arn is None:
            raise ValueError(f"{text!r} is not an ARN")
        return arn

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Arn | None:
    """Return the parts of an ARN, which is immutable: a request asks for those of the same few ARNs again and again."""
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or not all((parts[1], parts[2], parts[5])):
        return None
    return Arn(*parts[1:])


def resource_arn(service: str, region: str, account: str, resource: str) -> str:
    """Make the ARN of a resource, in the partition of its region."""
    return str(Arn(partition_of(region), service, region, account, resource))


def is_account_id(text: str) -> bool:
    """Return whether a text has the form of an account id: 12 digits."""
    return len(text) == 12 and text.isascii() and text.isdigit()


def resource_name(name_or_arn: str) -> str:
    """Return the name in ``event-bus/NAME`` of an ARN, or the text itself if it is not an ARN."""
    arn = Arn.parse(name_or_arn)
    return name_or_arn if arn is None else arn.resource.partition("/")[2]


def arn_resource(arn: str) -> str:
    """Return the resource of an ARN, which is the name of a queue; the text itself if it is not an ARN."""
    parsed = Arn.parse(arn)
    return arn if parsed is None else parsed.resource


def arn_without_id(arn: str) -> str:
    """Return an ARN without the id that AWS adds to some, which differs each time such a resource is made."""
    return re.sub(_ID_OF_CUSTOM_BUSES, r"\1", re.sub(_UUID, "", arn))


def arn_name(arn: str) -> str:
    """Return a short name for the resource of an ARN: service and resource, without the id that AWS adds to some."""
    parsed = Arn.parse(arn)
    return arn if parsed is None else f"{parsed.service} {arn_without_id(parsed.resource)}"
