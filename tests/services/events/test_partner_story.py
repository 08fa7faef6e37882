"""A partner and its customer, from the offer to its end, as both see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

PARTNER, CUSTOMER = "999999999999", "222222222222"
NAME = "aws.partner/example.com/orders/1"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TWO_WEEKS = timedelta(days=14)
PATTERN = '{"source": ["aws.partner/example.com/orders/1"], "detail": {"state": ["PAID"]}}'


class Sides:
    """The clients of both accounts."""

    def __init__(self, backend):
        self.partner = backend.client(account=PARTNER)
        self.customer = backend.client(account=CUSTOMER)

    def see(self, state, expiry=None):
        """See that both sides show that state, by all operations that show one."""
        shown = {"State": state} | ({} if expiry is None else {"ExpirationTime": expiry})
        [theirs] = self.partner.list_partner_event_source_accounts(EventSourceName=NAME)[
            "PartnerEventSourceAccounts"
        ]
        assert theirs == {"Account": CUSTOMER, "CreationTime": NOW} | shown
        [ours] = self.customer.list_event_sources()["EventSources"]
        described = self.customer.describe_event_source(Name=NAME)
        del described["ResponseMetadata"]
        arn = f"arn:aws:events:us-east-1::event-source/{NAME}"
        assert ours == described
        assert (
            ours
            == {"Arn": arn, "CreatedBy": "aws.partner/example.com", "CreationTime": NOW, "Name": NAME} | shown
        )
        assert self.partner.describe_partner_event_source(Name=NAME)["Arn"] == arn
        assert self.listed_by_the_partner() == [NAME]

    def listed_by_the_partner(self):
        """The names of the partner's sources, as it lists them."""
        listed = self.partner.list_partner_event_sources(NamePrefix="aws.partner/example.com/")
        return [source["Name"] for source in listed["PartnerEventSources"]]

    def send(self, state="PAID"):
        """Send an event; give its id, or the code of its error."""
        entry = {"Source": NAME, "DetailType": "order", "Detail": f'{{"state": "{state}"}}'}
        [result] = self.partner.put_partner_events(Entries=[entry])["Entries"]
        return result.get("EventId") or result["ErrorCode"]


@pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")
def test_from_the_offer_to_the_end(events_backend):
    clock, sides = events_backend.clock, Sides(events_backend)
    customer = sides.customer

    sides.partner.create_partner_event_source(Name=NAME, Account=CUSTOMER)
    sides.see("PENDING", NOW + TWO_WEEKS)

    clock.advance(days=13)
    customer.create_event_bus(Name=NAME, EventSourceName=NAME)
    sides.see("ACTIVE")

    customer.put_rule(Name="paid", EventBusName=NAME, EventPattern=PATTERN)
    paid = events_backend.target("paid", bus=NAME, account=CUSTOMER)
    sent = sides.send()
    sides.send("NEW")
    [delivery] = paid.deliveries
    assert (delivery.event["id"], delivery.event["account"]) == (sent, CUSTOMER)
    assert delivery.event["source"] == NAME
    assert delivery.event["detail"] == {"state": "PAID"}

    clock.advance(days=30)
    sides.see("ACTIVE")

    customer.deactivate_event_source(Name=NAME)
    sides.see("PENDING", NOW + timedelta(days=43) + TWO_WEEKS)
    assert sides.send() != "NotAuthorizedForSourceException"
    assert len(paid.deliveries) == 1
    assert events_backend.events[-1].dropped

    customer.activate_event_source(Name=NAME)
    sides.see("ACTIVE")
    sides.send()
    assert len(paid.deliveries) == 2

    customer.deactivate_event_source(Name=NAME)
    clock.advance(TWO_WEEKS - timedelta(seconds=1))
    sides.see("PENDING", NOW + timedelta(days=43) + TWO_WEEKS)
    clock.advance(seconds=1)

    with pytest.raises(ClientError, match="does not exist"):
        sides.partner.describe_partner_event_source(Name=NAME)
    [account] = sides.partner.list_partner_event_source_accounts(EventSourceName=NAME)[
        "PartnerEventSourceAccounts"
    ]
    assert account["State"] == "DELETED"
    assert sides.listed_by_the_partner() == []
    assert sides.send() == "NotAuthorizedForSourceException"
    assert customer.describe_event_source(Name=NAME)["State"] == "DELETED"
    with pytest.raises(ClientError, match="not in a valid state"):
        customer.activate_event_source(Name=NAME)

    customer.remove_targets(Rule="paid", EventBusName=NAME, Ids=["function-1"])
    customer.delete_rule(Name="paid", EventBusName=NAME)
    customer.delete_event_bus(Name=NAME)
    with pytest.raises(ClientError, match="does not exist"):
        sides.partner.list_partner_event_source_accounts(EventSourceName=NAME)
    assert customer.list_event_sources()["EventSources"] == []
    assert [bus["Name"] for bus in customer.list_event_buses()["EventBuses"]] == ["default"]
    assert len(paid.deliveries) == 2
