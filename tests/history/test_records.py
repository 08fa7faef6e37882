from __future__ import annotations

from eventmock.history.delivery import Deliveries
from eventmock.history.records import Records


def test_records_equal_lists_and_each_other(deliveries):
    assert deliveries == list(deliveries)
    assert deliveries == Deliveries(deliveries)
    assert deliveries != []
    assert deliveries != "text"
    assert Records([]) == []
    assert deliveries[1:] == [deliveries[1], deliveries[2]]
    assert isinstance(deliveries[1:], Deliveries)
