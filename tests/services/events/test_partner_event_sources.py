from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
EXPIRY = NOW + timedelta(days=14)
NAME = "aws.partner/example.com/orders/1"
ARN = f"arn:aws:events:us-east-1::event-source/{NAME}"
CUSTOMER, OTHER_CUSTOMER = "222222222222", "333333333333"
UNKNOWN = "ResourceNotFoundException", f"Event source {NAME} does not exist."
PATTERN = r"satisfy regular expression pattern: aws\.partner(/[\.\-_A-Za-z0-9]+){2,}"


@pytest.fixture
def customer(events_backend):
    """A client of the account that a source is offered to."""
    return events_backend.client(account=CUSTOMER)


@pytest.fixture
def offer(events):
    """A function that offers a source to an account."""

    def offer(name=NAME, account=CUSTOMER):
        return events.create_partner_event_source(Name=name, Account=account)

    return offer


def names(client, prefix="aws.partner/example.com/", **more):
    answer = client.list_partner_event_sources(NamePrefix=prefix, **more)
    return [source["Name"] for source in answer["PartnerEventSources"]]


def offered(client, **filters):
    return [source["Name"] for source in client.list_event_sources(**filters)["EventSources"]]


def accounts(client, name=NAME):
    answer = client.list_partner_event_source_accounts(EventSourceName=name)
    return {entry["Account"]: entry["State"] for entry in answer["PartnerEventSourceAccounts"]}


class TestCreate:
    def test_the_answer_is_an_arn_without_an_account(self, events, answer_of):
        call = events.create_partner_event_source
        assert answer_of(call, Name=NAME, Account=CUSTOMER) == {"EventSourceArn": ARN}

    def test_the_customer_is_offered_it(self, customer, offer):
        offer()
        assert offered(customer) == [NAME]

    def test_a_source_is_offered_to_many(self, events, offer):
        assert offer()["EventSourceArn"] == offer(account=OTHER_CUSTOMER)["EventSourceArn"]
        assert names(events) == [NAME]
        assert accounts(events) == {CUSTOMER: "PENDING", OTHER_CUSTOMER: "PENDING"}

    def test_an_account_is_offered_it_once(self, offer, error_of):
        offer()
        assert error_of(offer) == ("ResourceAlreadyExistsException", f"Event source {NAME} already exists.")

    def test_a_name_is_one_partner_s(self, events_backend, offer, error_of):
        offer()
        rival = events_backend.client(account="444444444444")
        for account in (CUSTOMER, OTHER_CUSTOMER):
            assert error_of(rival.create_partner_event_source, Name=NAME, Account=account) == (
                "ResourceAlreadyExistsException",
                f"Event source {NAME} already exists.",
            )
        assert names(rival) == []

    def test_a_name_differs_by_its_case(self, events, offer):
        offer(NAME)
        offer(NAME.replace("orders", "Orders"))
        assert names(events) == [NAME.replace("orders", "Orders"), NAME]

    def test_a_partner_may_be_its_own_customer(self, events, offer):
        offer(account="123456789012")
        assert offered(events) == names(events) == [NAME]

    @pytest.mark.parametrize("name", ["example.com/orders/1", "aws.partner/example.com", "aws.partner/a//b"])
    def test_a_name_has_a_partner_and_more(self, offer, violation_of, name):
        assert violation_of(offer, name=name) == (f"'{name}' at 'name'", PATTERN)

    @pytest.mark.parametrize(
        ("members", "where", "constraint"),
        [
            (
                {"Name": "aws.partner/a/" + "x" * 243},
                f"'aws.partner/a/{'x' * 243}' at 'name'",
                "have length less than or equal to 256",
            ),
            (
                {"Account": "12345678901x"},
                "'12345678901x' at 'account'",
                r"satisfy regular expression pattern: \d{12}",
            ),
        ],
        ids=range(2),
    )
    def test_constraints(self, events, violation_of, members, where, constraint):
        good = {"Name": NAME, "Account": CUSTOMER}
        for call in (events.create_partner_event_source, events.delete_partner_event_source):
            assert violation_of(call, **good | members) == (where, constraint)


class TestDescribe:
    def test_the_answer(self, events, offer, answer_of):
        offer()
        assert answer_of(events.describe_partner_event_source, Name=NAME) == {"Arn": ARN, "Name": NAME}

    def test_a_name_that_cannot_be(self, events, violation_of):
        assert violation_of(events.describe_partner_event_source, Name="x") == ("'x' at 'name'", PATTERN)


class TestList:
    def test_an_entry_is_an_arn_and_a_name(self, events, offer, answer_of):
        offer()
        offer(account=OTHER_CUSTOMER)
        answer = answer_of(events.list_partner_event_sources, NamePrefix="aws.partner/example.com/")
        assert answer == {"PartnerEventSources": [{"Arn": ARN, "Name": NAME}]}

    def test_names_begin_as_asked(self, events, offer):
        for name in ("orders/2", "orders/1", "carts/1"):
            offer(f"aws.partner/example.com/{name}")
        found = [f"aws.partner/example.com/{name}" for name in ("carts/1", "orders/1", "orders/2")]
        assert names(events) == found
        assert names(events, "aws.partner/example.com/o") == found[1:]
        assert names(events, "aws.partner/example.com/O") == []
        assert names(events, "aws.partner/example/") == []

    @pytest.mark.parametrize("prefix", ["aws.partner", "aws.partner/example.com", "example.com/"])
    def test_a_prefix_holds_the_partner(self, events, violation_of, prefix):
        assert violation_of(events.list_partner_event_sources, NamePrefix=prefix) == (
            f"'{prefix}' at 'namePrefix'",
            r"satisfy regular expression pattern: aws\.partner/[\.\-_A-Za-z0-9]+/[/\.\-_A-Za-z0-9]*",
        )

    def test_a_prefix_is_needed(self, unchecked, violation_of):
        assert violation_of(unchecked.list_partner_event_sources) == ("null at 'namePrefix'", "not be null")

    def test_pages(self, offer, paging):
        for name in ("c", "a", "b-1", "b-2"):
            offer(f"aws.partner/example.com/{name}")
        paging(
            "list_partner_event_sources",
            "PartnerEventSources",
            needed={"NamePrefix": "aws.partner/example.com/"},
            filters={"NamePrefix": "aws.partner/example.com/b"},
        )


class TestListAccounts:
    def test_an_entry_says_what_the_customer_made_of_it(self, events, customer, offer, answer_of):
        def listed():
            return answer_of(events.list_partner_event_source_accounts, EventSourceName=NAME)

        offer()
        pending = {"Account": CUSTOMER, "CreationTime": NOW, "ExpirationTime": EXPIRY, "State": "PENDING"}
        assert listed() == {"PartnerEventSourceAccounts": [pending]}
        customer.create_event_bus(Name=NAME, EventSourceName=NAME)
        active = {"Account": CUSTOMER, "CreationTime": NOW, "State": "ACTIVE"}
        assert listed() == {"PartnerEventSourceAccounts": [active]}

    def test_each_customer_has_a_state_of_its_own(self, events, customer, offer):
        offer()
        offer(account=OTHER_CUSTOMER)
        customer.create_event_bus(Name=NAME, EventSourceName=NAME)
        assert accounts(events) == {CUSTOMER: "ACTIVE", OTHER_CUSTOMER: "PENDING"}

    def test_a_name_that_cannot_be(self, events, violation_of):
        assert violation_of(events.list_partner_event_source_accounts, EventSourceName="x") == (
            "'x' at 'eventSourceName'",
            PATTERN,
        )

    def test_pages(self, offer, paging):
        for account in ("333333333333", "111111111111", "222222222222"):
            offer(account=account)
            offer(NAME + "x", account)
        paging(
            "list_partner_event_source_accounts",
            "PartnerEventSourceAccounts",
            needed={"EventSourceName": NAME},
            filters={"EventSourceName": NAME + "x"},
            elsewhere=UNKNOWN,
        )


class TestDelete:
    def test_it_is_withdrawn_from_one_customer(self, events, customer, offer, answer_of):
        offer()
        offer(account=OTHER_CUSTOMER)
        assert answer_of(events.delete_partner_event_source, Name=NAME, Account=CUSTOMER) == {}
        assert offered(customer) == []
        assert accounts(events) == {OTHER_CUSTOMER: "PENDING"}

    def test_withdrawn_from_the_last_customer_it_is_gone(self, events, offer, error_of):
        offer()
        events.delete_partner_event_source(Name=NAME, Account=CUSTOMER)
        assert names(events) == []
        assert error_of(events.describe_partner_event_source, Name=NAME) == UNKNOWN

    def test_one_that_was_not_offered_is_no_error(self, events, customer, offer, answer_of):
        call = events.delete_partner_event_source
        assert answer_of(call, Name=NAME, Account=CUSTOMER) == {}
        offer()
        assert answer_of(call, Name=NAME, Account=OTHER_CUSTOMER) == {}
        assert answer_of(call, Name=NAME.replace("orders", "Orders"), Account=CUSTOMER) == {}
        assert offered(customer) == [NAME]

    def test_nobody_withdraws_another_partner_s(self, customer, offer):
        offer()
        customer.delete_partner_event_source(Name=NAME, Account=CUSTOMER)
        assert offered(customer) == [NAME]

    def test_the_customer_s_bus_stays_and_its_source_is_deleted(self, events, customer, offer):
        offer()
        customer.create_event_bus(Name=NAME, EventSourceName=NAME)
        events.delete_partner_event_source(Name=NAME, Account=CUSTOMER)
        assert customer.describe_event_source(Name=NAME)["State"] == "DELETED"
        assert customer.describe_event_bus(Name=NAME)["Name"] == NAME
        assert names(events) == []

    def test_an_account_whose_bus_outlives_it_is_shown_as_deleted(
        self, events, events_backend, customer, offer, error_of
    ):
        """[doc] the state; [inf] as long as the bus is there, and whoever else still has the source."""
        offer()
        offer(account=OTHER_CUSTOMER)
        customer.create_event_bus(Name=NAME, EventSourceName=NAME)
        events.delete_partner_event_source(Name=NAME, Account=CUSTOMER)
        assert accounts(events) == {CUSTOMER: "DELETED", OTHER_CUSTOMER: "PENDING"}
        events.delete_partner_event_source(Name=NAME, Account=OTHER_CUSTOMER)
        assert accounts(events) == {CUSTOMER: "DELETED"}
        assert error_of(events.describe_partner_event_source, Name=NAME) == UNKNOWN
        rival = events_backend.client(account="444444444444")
        assert error_of(rival.list_partner_event_source_accounts, EventSourceName=NAME) == UNKNOWN
        customer.delete_event_bus(Name=NAME)
        assert error_of(events.list_partner_event_source_accounts, EventSourceName=NAME) == UNKNOWN

    def test_offered_anew_it_is_pending(self, events, customer, offer, pass_time):
        offer()
        customer.create_event_bus(Name=NAME, EventSourceName=NAME)
        events.delete_partner_event_source(Name=NAME, Account=CUSTOMER)
        later = pass_time(days=1)
        offer()
        source = customer.describe_event_source(Name=NAME)
        assert (source["State"], source["CreationTime"]) == ("PENDING", later)
        assert accounts(events) == {CUSTOMER: "PENDING"}

    def test_another_partner_may_take_its_name(self, events, events_backend, customer, offer):
        offer()
        events.delete_partner_event_source(Name=NAME, Account=CUSTOMER)
        rival = events_backend.client(account="444444444444")
        rival.create_partner_event_source(Name=NAME, Account=CUSTOMER)
        assert (names(events), names(rival), offered(customer)) == ([], [NAME], [NAME])


@pytest.mark.parametrize(
    ("operation", "member"),
    [("describe_partner_event_source", "Name"), ("list_partner_event_source_accounts", "EventSourceName")],
)
def test_an_unknown_source(events_backend, offer, error_of, operation, member):
    offer(NAME + "x")
    offer(NAME.replace("orders", "Orders"))
    events_backend.client(account=CUSTOMER).create_partner_event_source(Name=NAME, Account=OTHER_CUSTOMER)
    for account in ("123456789012", OTHER_CUSTOMER):
        call = getattr(events_backend.client(account=account), operation)
        assert error_of(call, **{member: NAME}) == UNKNOWN


def test_sources_are_those_of_a_region(events, events_backend, offer):
    offer()
    there = events_backend.client(region="eu-west-1")
    assert names(there) == offered(events_backend.client(region="eu-west-1", account=CUSTOMER)) == []
    arn = there.create_partner_event_source(Name=NAME, Account=CUSTOMER)["EventSourceArn"]
    assert arn == ARN.replace("us-east-1", "eu-west-1")
    there.delete_partner_event_source(Name=NAME, Account=CUSTOMER)
    assert names(events) == [NAME]
