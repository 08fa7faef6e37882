"""Shares of a custom event bus by AWS RAM: the managed permissions, and the policy ``AWS_RAM`` that they make.

Source: custom-event-bus section 13, and AWS's pages "Sharing a Custom Event Bus with other accounts" and its skill.
Documented: the names of the four managed permissions and what each lets an account do; the one that AWS RAM takes by
default is ``AWSRAMEventBridgeEventBusV2SubscribeOnly``; none has an action of the owner only.
Inferred: the exact lists of actions, which AWS does not publish ("the action lists can change"), and the form of the
policy.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Iterable

_PREFIX: Final = "AWSRAMEventBridgeEventBusV2"
_PUBLISH: Final = ("events:PutEvents", "events:PutRawEvents")
_SUBSCRIBE: Final = ("events:CreateSubscriber", "events:UpdateSubscriber")
_EVENT_SOURCES: Final = ("events:CreateEventSource", "events:UpdateEventSource")
_DESCRIBE: Final = "events:DescribeEventBus"

PERMISSIONS: Final = {
    f"{_PREFIX}PublishOnly": (*_PUBLISH, _DESCRIBE),
    f"{_PREFIX}SubscribeOnly": (*_SUBSCRIBE, _DESCRIBE),
    f"{_PREFIX}EventSourceAccess": (*_EVENT_SOURCES, _DESCRIBE),
    f"{_PREFIX}FullAccess": (*_PUBLISH, *_SUBSCRIBE, *_EVENT_SOURCES, _DESCRIBE),
}
"""The actions of each managed permission of AWS RAM for custom event buses."""
DEFAULT_PERMISSION: Final = f"{_PREFIX}SubscribeOnly"


class Share(NamedTuple):
    """What AWS RAM shares with an account.

    Attributes:
        account: The id of the account.
        permission: The name of the managed permission, a key of `PERMISSIONS`.
    """

    account: str
    permission: str


def policy_of(bus_arn: str, shares: Iterable[Share]) -> str:
    """Return the JSON text of the policy by which AWS RAM shares a custom event bus."""
    partition = Arn.of(bus_arn).partition
    statements: list[dict[str, Any]] = [
        {
            "Sid": f"{permission}{account}",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
            "Action": list(PERMISSIONS[permission]),
            "Resource": bus_arn,
        }
        for account, permission in shares
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))
