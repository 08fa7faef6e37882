"""A suite of unittest, for an environment without pytest; one of its tests fails."""

import unittest

import boto3

from eventmock import current_backend, mock_events


@mock_events
class Orders(unittest.TestCase):
    def deliveries_of_an_order(self, state):
        events = boto3.client("events")
        events.put_rule(Name="ship", EventPattern='{"detail": {"state": ["PAID"]}}')
        shipped = current_backend().target("ship")
        detail = f'{{"state": "{state}"}}'
        events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": detail}])
        return len(shipped.deliveries)

    def test_paid(self):
        self.assertEqual(self.deliveries_of_an_order("PAID"), 1)

    def test_new(self):
        self.assertEqual(self.deliveries_of_an_order("NEW"), 1)
