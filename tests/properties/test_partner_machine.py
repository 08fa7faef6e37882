"""Partner event sources, beside a naive model of them: two partners, their customers, buses and the clock.

The model is a dictionary of offers and a set of buses. It says what each call answers, what both sides see, and to
whom an event comes; it shares no code with the service.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from eventmock import mock_events

PARTNERS = ["111111111111", "222222222222"]
CUSTOMERS = ["333333333333", PARTNERS[0]]
NAMES = ["aws.partner/example.com/a", "aws.partner/example.com/b"]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TWO_WEEKS = timedelta(days=14)
PATTERN = '{"source": [{"prefix": "aws.partner/"}]}'

MISSING, EXISTS = "ResourceNotFoundException", "ResourceAlreadyExistsException"
WRONG_STATE, INVALID = "InvalidStateException", "ValidationException"
NOT_AUTHORIZED = "NotAuthorizedForSourceException"

partners, customers, names = map(st.sampled_from, (PARTNERS, CUSTOMERS, NAMES))


class Model:
    """What AWS would hold. Methods are operations; they give the code of the error, or None."""

    def __init__(self):
        self.now = NOW
        self.offers = {}
        self.buses = set()
        self.with_rules = set()

    def standing(self, name):
        found = {customer: offer for (customer, offered), offer in self.offers.items() if offered == name}
        return {customer: offer for customer, offer in found.items() if offer["state"] != "DELETED"}

    def own(self, partner, name):
        return {who: offer for who, offer in self.standing(name).items() if offer["partner"] == partner}

    def offer(self, partner, customer, name):
        standing = self.standing(name)
        if standing != self.own(partner, name) or customer in standing:
            return EXISTS
        self.offers[customer, name] = {"partner": partner, "created": self.now}
        self.wait(customer, name)
        return None

    def wait(self, customer, name):
        self.offers[customer, name] |= {"state": "PENDING", "expires": self.now + TWO_WEEKS}

    def become_active(self, customer, name):
        self.offers[customer, name] |= {"state": "ACTIVE", "expires": None}

    def end(self, customer, name):
        if (customer, name) in self.buses:
            self.offers[customer, name] |= {"state": "DELETED", "expires": None}
        else:
            del self.offers[customer, name]

    def withdraw(self, partner, customer, name):
        if customer in self.own(partner, name):
            self.end(customer, name)

    def make_bus(self, customer, name):
        if (customer, name) in self.buses:
            return EXISTS
        if (customer, name) not in self.offers:
            return INVALID
        self.buses.add((customer, name))
        self.become_active(customer, name)
        return None

    def delete_bus(self, customer, name):
        if (customer, name) in self.with_rules:
            return INVALID
        if (customer, name) in self.buses:
            self.buses.remove((customer, name))
            state = self.offers[customer, name]["state"]
            if state == "DELETED":
                del self.offers[customer, name]
            elif state == "ACTIVE":
                self.wait(customer, name)
        return None

    def activate(self, customer, name):
        if (customer, name) not in self.offers or (customer, name) not in self.buses:
            return MISSING
        if self.offers[customer, name]["state"] != "PENDING":
            return WRONG_STATE
        self.become_active(customer, name)
        return None

    def deactivate(self, customer, name):
        if (customer, name) not in self.offers:
            return MISSING
        if self.offers[customer, name]["state"] != "ACTIVE":
            return WRONG_STATE
        self.wait(customer, name)
        return None

    def pass_time(self, span):
        self.now += span
        for (customer, name), offer in list(self.offers.items()):
            if offer["expires"] is not None and offer["expires"] <= self.now:
                self.end(customer, name)

    def receivers(self, partner, name):
        active = [who for who, offer in self.own(partner, name).items() if offer["state"] == "ACTIVE"]
        return [customer for customer in active if (customer, name) in self.with_rules]


class Partners(RuleBasedStateMachine):
    """Drives the service and the model together."""

    backend = None
    fresh = None
    clients = None

    @initialize()
    def begin(self):
        self.backend.restore(self.fresh)
        self.model = Model()
        self.sent = Counter()

    def given(self, account, operation, **members):
        """The code of the error that a call answers, or None."""
        try:
            getattr(self.clients[account], operation)(**members)
        except ClientError as error:
            return error.response["Error"]["Code"]
        return None

    @rule(partner=partners, customer=customers, name=names)
    def offer(self, partner, customer, name):
        answer = self.given(partner, "create_partner_event_source", Name=name, Account=customer)
        assert answer == self.model.offer(partner, customer, name)

    @rule(partner=partners, customer=customers, name=names)
    def withdraw(self, partner, customer, name):
        answer = self.given(partner, "delete_partner_event_source", Name=name, Account=customer)
        assert answer == self.model.withdraw(partner, customer, name)

    @rule(customer=customers, name=names)
    def make_bus(self, customer, name):
        answer = self.given(customer, "create_event_bus", Name=name, EventSourceName=name)
        assert answer == self.model.make_bus(customer, name)

    @rule(partner=partners, customer=customers, name=names)
    def offer_and_accept(self, partner, customer, name):
        self.offer(partner, customer, name)
        self.make_bus(customer, name)

    @rule(customer=customers, name=names)
    def delete_bus(self, customer, name):
        assert self.given(customer, "delete_event_bus", Name=name) == self.model.delete_bus(customer, name)

    @rule(customer=customers, name=names)
    def activate(self, customer, name):
        assert self.given(customer, "activate_event_source", Name=name) == self.model.activate(customer, name)

    @rule(customer=customers, name=names)
    def deactivate(self, customer, name):
        answer = self.given(customer, "deactivate_event_source", Name=name)
        assert answer == self.model.deactivate(customer, name)

    @rule(customer=customers, name=names, days=st.integers(0, 13))
    def deactivate_and_leave(self, customer, name, days):
        self.deactivate(customer, name)
        self.pass_time(days, 0)
        self.delete_bus(customer, name)

    @rule(customer=customers, name=names)
    def put_rule(self, customer, name):
        answer = self.given(customer, "put_rule", Name="r", EventBusName=name, EventPattern=PATTERN)
        if (customer, name) not in self.model.buses:
            assert answer == MISSING
            return
        assert answer is None
        target = {"Id": "t", "Arn": f"arn:aws:sqs:us-east-1:{customer}:q"}
        assert self.given(customer, "put_targets", Rule="r", EventBusName=name, Targets=[target]) is None
        self.model.with_rules.add((customer, name))

    @rule(customer=customers, name=names)
    def delete_rule(self, customer, name):
        if (customer, name) in self.model.with_rules:
            where = {"EventBusName": name}
            assert self.given(customer, "remove_targets", Rule="r", Ids=["t"], **where) is None
            assert self.given(customer, "delete_rule", Name="r", **where) is None
            self.model.with_rules.remove((customer, name))

    @rule(partner=partners, sent=st.lists(names, min_size=1, max_size=3))
    def send(self, partner, sent):
        entries = [{"Source": name, "DetailType": "t", "Detail": "{}"} for name in sent]
        answer = self.clients[partner].put_partner_events(Entries=entries)
        codes = [entry.get("ErrorCode") for entry in answer["Entries"]]
        assert codes == [None if self.model.own(partner, name) else NOT_AUTHORIZED for name in sent]
        assert answer["FailedEntryCount"] == codes.count(NOT_AUTHORIZED)
        for name in sent:
            self.sent.update((customer, name) for customer in self.model.receivers(partner, name))

    @rule(days=st.sampled_from([0, 1, 6, 13, 14]), seconds=st.integers(-1, 1))
    def pass_time(self, days, seconds):
        span = max(timedelta(days=days, seconds=seconds), timedelta(0))
        self.backend.clock.advance(span)
        self.model.pass_time(span)

    @invariant()
    def both_sides_see_what_there_is(self):
        for customer in CUSTOMERS:
            assert self.seen_by_customer(customer) == {
                name: (offer["state"], offer["created"], offer["expires"])
                for (who, name), offer in self.model.offers.items()
                if who == customer
            }
        for partner in PARTNERS:
            listed = self.clients[partner].list_partner_event_sources(NamePrefix="aws.partner/example.com/")
            own = [name for name in NAMES if self.model.own(partner, name)]
            assert [source["Name"] for source in listed["PartnerEventSources"]] == own
            for name in NAMES:
                assert self.seen_by_partner(partner, name) == {
                    who: (offer["state"], offer["created"], offer["expires"])
                    for (who, offered), offer in self.model.offers.items()
                    if (offered, offer["partner"]) == (name, partner)
                }

    def seen_by_customer(self, customer):
        found = self.clients[customer].list_event_sources()["EventSources"]
        return {source["Name"]: shown(source) for source in found}

    def seen_by_partner(self, partner, name):
        client = self.clients[partner]
        try:
            answer = client.list_partner_event_source_accounts(EventSourceName=name)
        except client.exceptions.ResourceNotFoundException:
            return {}
        return {one["Account"]: shown(one) for one in answer["PartnerEventSourceAccounts"]}

    @invariant()
    def buses_are_those_that_were_made(self):
        for customer in CUSTOMERS:
            buses = self.clients[customer].list_event_buses(NamePrefix="aws.partner")["EventBuses"]
            assert {(customer, bus["Name"]) for bus in buses} == {
                made for made in self.model.buses if made[0] == customer
            }

    @invariant()
    def events_came_where_the_source_was_active(self):
        came = Counter((delivery.account, delivery.bus) for delivery in self.backend.deliveries)
        assert came == self.sent


def shown(source):
    """What both sides show of an offer."""
    return source["State"], source["CreationTime"], source.get("ExpirationTime")


@pytest.fixture(autouse=True, scope="module")
def _mocked(quick_client):
    with mock_events(isolated=True, start_time=NOW) as backend:
        Partners.backend = backend
        Partners.fresh = backend.snapshot()
        Partners.clients = {
            account: quick_client(backend.client(account=account)) for account in {*PARTNERS, *CUSTOMERS}
        }
        yield


TestPartners = Partners.TestCase
TestPartners.settings = settings(
    deadline=None,
    max_examples=25,
    stateful_step_count=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
