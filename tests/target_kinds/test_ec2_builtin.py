from __future__ import annotations

from eventmock.target_kinds import kind_of
from eventmock.values.arn import Arn


def test_no_call_is_known():
    arn = Arn.parse("arn:aws:events:us-east-1:123456789012:target/stop-instance")
    assert arn is not None
    kind = kind_of(arn)
    assert kind is not None
    assert (kind.name, kind.request) == ("EC2 built-in", None)
