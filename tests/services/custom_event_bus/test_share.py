from __future__ import annotations

import json

from eventmock.services.custom_event_bus.bus_access import GRANTABLE
from eventmock.services.custom_event_bus.share import DEFAULT_PERMISSION, PERMISSIONS, Share, policy_of

ARN = "arn:aws-cn:events:cn-north-1:123456789012:event-busv2/orders/" + "a" * 25
PREFIX = "AWSRAMEventBridgeEventBusV2"


def test_there_are_four_permissions():
    assert list(PERMISSIONS) == [
        f"{PREFIX}{name}" for name in ("PublishOnly", "SubscribeOnly", "EventSourceAccess", "FullAccess")
    ]
    assert list(PERMISSIONS).index(DEFAULT_PERMISSION) == 1


def test_none_has_an_action_of_the_owner_only():
    every = {action for actions in PERMISSIONS.values() for action in actions}
    assert every <= {f"events:{action}" for action in GRANTABLE}
    assert set(PERMISSIONS[f"{PREFIX}FullAccess"]) == every


def test_the_policy_has_a_statement_for_each_share():
    shares = [
        Share("222222222222", f"{PREFIX}PublishOnly"),
        Share("333333333333", f"{PREFIX}EventSourceAccess"),
    ]
    first, second = json.loads(policy_of(ARN, shares))["Statement"]
    assert first == {
        "Sid": f"{PREFIX}PublishOnly222222222222",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws-cn:iam::222222222222:root"},
        "Action": ["events:PutEvents", "events:PutRawEvents", "events:DescribeEventBus"],
        "Resource": ARN,
    }
    assert second["Principal"] == {"AWS": "arn:aws-cn:iam::333333333333:root"}
    assert "events:PutEvents" not in second["Action"]
