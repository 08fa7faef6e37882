"""The tables of the notes on partner events, a test a row; its name ends with the mark by which the row is known.

``model`` is botocore's service model, ``doc`` AWS's documentation, ``obs`` what others saw on AWS, ``inferred`` ours.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TWO_WEEKS = timedelta(days=14)
PARTNER, CUSTOMER, OTHER_CUSTOMER = "999999999999", "222222222222", "333333333333"
NAME = "aws.partner/example.com/my-integration"
BUS = f"arn:aws:events:us-east-1:{CUSTOMER}:event-bus/{NAME}"
PATTERN = '{"source": [{"prefix": "aws.partner/example.com"}]}'
DISABLED = "OperationDisabledException"
MISSING = ("ResourceNotFoundException", f"Event source {NAME} does not exist.")
NOTHING_TO_ACTIVATE = (
    "ResourceNotFoundException",
    f"Event source {NAME} or event bus {NAME} does not exist.",
)
NO_SOURCE = ("ValidationException", "EventBus name starting with 'aws.' is not valid.")
EXISTS = ("ResourceAlreadyExistsException", f"Event source {NAME} already exists.")
INVALID_STATE = (
    "InvalidStateException",
    f"Event source {NAME} is not in a valid state for this operation.",
)

PARTNER_SIDE = {
    "create_partner_event_source": {"Name": NAME, "Account": CUSTOMER},
    "describe_partner_event_source": {"Name": NAME},
    "list_partner_event_sources": {"NamePrefix": "aws.partner/example.com/"},
    "list_partner_event_source_accounts": {"EventSourceName": NAME},
    "put_partner_events": {"Entries": [{"Source": NAME, "DetailType": "t", "Detail": "{}"}]},
    "delete_partner_event_source": {"Name": NAME, "Account": CUSTOMER},
}


@pytest.fixture
def partner(events_backend):
    """A client of the partner."""
    return events_backend.client(account=PARTNER)


@pytest.fixture
def customer(events_backend):
    """A client of the customer."""
    return events_backend.client(account=CUSTOMER)


@pytest.fixture
def offer(partner):
    """A function that offers the source."""
    return lambda account=CUSTOMER: partner.create_partner_event_source(Name=NAME, Account=account)


@pytest.fixture
def withdraw(partner):
    """A function that takes it back."""
    return lambda: partner.delete_partner_event_source(Name=NAME, Account=CUSTOMER)


@pytest.fixture
def accept(customer, offer):
    """A function that offers the source and has it accepted."""

    def accept():
        offer()
        customer.create_event_bus(Name=NAME, EventSourceName=NAME)

    return accept


@pytest.fixture
def states(partner, customer):
    """A function that gives what both sides see: the state, and when it expires; None where there is no source."""

    def seen(look):
        try:
            found = look()
        except (
            partner.exceptions.ResourceNotFoundException,
            customer.exceptions.ResourceNotFoundException,
        ):
            return None
        [shown] = found.get("PartnerEventSourceAccounts", [found])
        return shown["State"], shown.get("ExpirationTime")

    return lambda: (
        seen(lambda: partner.list_partner_event_source_accounts(EventSourceName=NAME)),
        seen(lambda: customer.describe_event_source(Name=NAME)),
    )


def code_of(call, **members):
    """The code of the error that a call answers; None if it succeeds."""
    try:
        call(**members)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


class TestTwoSides:
    """Section 1.1."""

    def test_create_delete_is_the_partner_s_model(self, customer, offer, withdraw):
        offer()
        assert [source["Name"] for source in customer.list_event_sources()["EventSources"]] == [NAME]
        withdraw()
        assert customer.list_event_sources()["EventSources"] == []

    def test_each_side_looks_by_its_own_operations_model(self, partner, customer, offer, error_of):
        offer()
        assert partner.describe_partner_event_source(Name=NAME)["Name"] == NAME
        assert customer.describe_event_source(Name=NAME)["Name"] == NAME
        assert error_of(partner.describe_event_source, Name=NAME) == MISSING
        assert error_of(customer.describe_partner_event_source, Name=NAME) == MISSING
        assert error_of(customer.list_partner_event_source_accounts, EventSourceName=NAME) == MISSING
        prefix = "aws.partner/example.com/"
        assert partner.list_event_sources()["EventSources"] == []
        assert customer.list_partner_event_sources(NamePrefix=prefix)["PartnerEventSources"] == []

    def test_send_is_the_partner_s_and_receive_the_customer_s_model(
        self, events_backend, partner, customer, accept
    ):
        accept()
        customer.put_rule(Name="r", EventBusName=NAME, EventPattern=PATTERN)
        target = events_backend.target("r", bus=NAME, account=CUSTOMER)
        partner.put_partner_events(Entries=PARTNER_SIDE["put_partner_events"]["Entries"])
        assert [delivery.event["source"] for delivery in target.deliveries] == [NAME]

    def test_the_switch_is_the_customer_s_model(self, partner, accept, error_of):
        accept()
        assert error_of(partner.activate_event_source, Name=NAME) == NOTHING_TO_ACTIVATE
        assert error_of(partner.deactivate_event_source, Name=NAME) == MISSING

    def test_a_source_is_one_of_a_region_and_its_state_one_of_an_account_doc(
        self, events_backend, partner, accept, offer
    ):
        accept()
        offer(OTHER_CUSTOMER)
        listed = partner.list_partner_event_source_accounts(EventSourceName=NAME)
        assert {one["Account"]: one["State"] for one in listed["PartnerEventSourceAccounts"]} == {
            CUSTOMER: "ACTIVE",
            OTHER_CUSTOMER: "PENDING",
        }
        rival = events_backend.client(account="444444444444", region="eu-west-1")
        assert rival.create_partner_event_source(Name=NAME, Account=CUSTOMER)["EventSourceArn"]


class TestNames:
    """Section 1.2."""

    @pytest.mark.parametrize(
        ("name", "is_good"),
        [
            ("aws.partner/p/e", True),
            ("aws.partner/p/n/e", True),
            ("aws.partner/A.b-c_0/e", True),
            ("aws.partner/p/" + "x" * 242, True),
            ("aws.partner/p/" + "x" * 243, False),
            ("aws.partner/p", False),
            ("p/n/e", False),
            ("aws.partner/p/", False),
            ("aws.partner/p/e e", False),
        ],
    )
    def test_source_name_model(self, partner, name, is_good):
        code = code_of(partner.create_partner_event_source, Name=name, Account=CUSTOMER)
        assert code == (None if is_good else "ValidationException")

    @pytest.mark.parametrize("prefix", ["aws.partner/p", "aws.partner/", "p/"])
    def test_prefix_of_the_partner_s_list_model(self, partner, error_of, prefix):
        assert error_of(partner.list_partner_event_sources, NamePrefix=prefix)[0] == "ValidationException"
        assert partner.list_partner_event_sources(NamePrefix="aws.partner/p/")["PartnerEventSources"] == []

    def test_prefix_of_the_customer_s_list_model(self, customer, error_of):
        assert customer.list_event_sources(NamePrefix="aws")["EventSources"] == []
        assert customer.list_event_sources()["EventSources"] == []
        assert error_of(customer.list_event_sources, NamePrefix="a b")[0] == "ValidationException"

    def test_source_arn_doc(self, partner, customer, offer):
        arn = f"arn:aws:events:us-east-1::event-source/{NAME}"
        assert offer()["EventSourceArn"] == arn
        assert partner.describe_partner_event_source(Name=NAME)["Arn"] == arn
        assert customer.describe_event_source(Name=NAME)["Arn"] == arn

    def test_partner_bus_name_obs(self, customer, offer, error_of):
        offer()
        assert error_of(customer.create_event_bus, Name="other", EventSourceName=NAME) == (
            "ValidationException",
            "Event bus name must match event source name.",
        )

    def test_partner_bus_arn_doc(self, customer, accept):
        accept()
        assert customer.describe_event_bus(Name=NAME)["Arn"] == BUS
        assert customer.describe_event_bus(Name=BUS)["Name"] == NAME

    def test_rule_arn_doc(self, events_backend, customer, accept):
        accept()
        arn = customer.put_rule(Name="r", EventBusName=NAME, EventPattern=PATTERN)["RuleArn"]
        assert arn == f"arn:aws:events:us-east-1:{CUSTOMER}:rule/{NAME}/r"
        events_backend.target(arn)
        assert len(customer.list_targets_by_rule(Rule="r", EventBusName=NAME)["Targets"]) == 1

    def test_created_by_model(self, customer, offer):
        offer()
        assert customer.describe_event_source(Name=NAME)["CreatedBy"] == "aws.partner/example.com"

    def test_a_slash_without_a_source_obs(self, customer, offer, error_of):
        offer()
        assert error_of(customer.create_event_bus, Name=NAME) == (
            "ValidationException",
            "Event bus name must not contain '/'.",
        )


class TestStates:
    """Section 1.3: each arrow, seen from both sides."""

    PENDING = ("PENDING", NOW + TWO_WEEKS)
    ACTIVE = ("ACTIVE", None)
    DELETED = ("DELETED", None)

    def test_create_partner_event_source_doc(self, offer, states):
        offer()
        assert states() == (self.PENDING, self.PENDING)

    def test_create_event_bus_doc_and_its_expiration_time_inferred(self, accept, states):
        accept()
        assert states() == (self.ACTIVE, self.ACTIVE)

    def test_deactivate_event_source_model(self, customer, accept, states, pass_time):
        accept()
        pending = ("PENDING", pass_time(days=20) + TWO_WEEKS)
        customer.deactivate_event_source(Name=NAME)
        assert states() == (pending, pending)
        assert customer.describe_event_bus(Name=NAME)["Arn"] == BUS

    def test_activate_event_source_model(self, customer, accept, states):
        accept()
        customer.deactivate_event_source(Name=NAME)
        customer.activate_event_source(Name=NAME)
        assert states() == (self.ACTIVE, self.ACTIVE)

    def test_delete_event_bus_doc(self, customer, accept, states, pass_time):
        accept()
        pending = ("PENDING", pass_time(days=1) + TWO_WEEKS)
        customer.delete_event_bus(Name=NAME)
        assert states() == (pending, pending)

    def test_delete_event_bus_gives_a_pending_source_no_more_time_inferred(
        self, customer, accept, states, pass_time
    ):
        accept()
        customer.deactivate_event_source(Name=NAME)
        pass_time(days=10)
        customer.delete_event_bus(Name=NAME)
        assert states() == (self.PENDING, self.PENDING)
        pass_time(days=4)
        assert states() == (None, None)

    def test_delete_partner_event_source_model(self, customer, accept, withdraw, states):
        accept()
        withdraw()
        assert states() == (self.DELETED, self.DELETED)
        assert customer.describe_event_bus(Name=NAME)["Arn"] == BUS

    def test_delete_partner_event_source_without_a_bus_inferred(self, offer, withdraw, states):
        offer()
        withdraw()
        assert states() == (None, None)

    def test_two_weeks_without_a_bus_model(self, events_backend, offer, states, pass_time):
        offer()
        [due] = events_backend.clock.pending
        assert (due.time, due.what) == (
            NOW + TWO_WEEKS,
            f"event source '{NAME}' of {CUSTOMER}, us-east-1 expires",
        )
        pass_time(days=13, hours=23, minutes=59, seconds=59)
        assert states() == (self.PENDING, self.PENDING)
        pass_time(seconds=1)
        assert states() == (None, None)

    def test_two_weeks_deactivated_model_and_the_bus_inferred(self, customer, accept, states, pass_time):
        accept()
        customer.deactivate_event_source(Name=NAME)
        pass_time(days=14)
        assert states() == (self.DELETED, self.DELETED)
        assert customer.describe_event_bus(Name=NAME)["Arn"] == BUS

    def test_an_active_source_does_not_expire_inferred(self, events_backend, accept, states, pass_time):
        accept()
        assert events_backend.clock.pending == []
        pass_time(days=400)
        assert states() == (self.ACTIVE, self.ACTIVE)

    def test_the_two_weeks_begin_anew_with_each_pending_state_model(
        self, customer, accept, states, pass_time
    ):
        accept()
        customer.deactivate_event_source(Name=NAME)
        pass_time(days=13)
        customer.activate_event_source(Name=NAME)
        customer.deactivate_event_source(Name=NAME)
        pass_time(days=13)
        assert states()[0][0] == "PENDING"
        pass_time(days=1)
        assert states() == (self.DELETED, self.DELETED)

    def test_a_customer_s_expiry_is_no_other_s_inferred(self, partner, offer, pass_time):
        offer()
        pass_time(days=7)
        offer(OTHER_CUSTOMER)
        pass_time(days=7)
        listed = partner.list_partner_event_source_accounts(EventSourceName=NAME)
        assert [one["Account"] for one in listed["PartnerEventSourceAccounts"]] == [OTHER_CUSTOMER]

    def test_offered_anew_it_is_pending_and_has_its_own_two_weeks_inferred(
        self, accept, offer, withdraw, states, pass_time
    ):
        accept()
        withdraw()
        pending = ("PENDING", pass_time(days=1) + TWO_WEEKS)
        offer()
        assert states() == (pending, pending)
        pass_time(days=14)
        assert states() == (self.DELETED, self.DELETED)

    def test_a_bus_with_rules_stays_as_any_bus(self, customer, accept, states, error_of):
        accept()
        customer.put_rule(Name="r", EventBusName=NAME, EventPattern=PATTERN)
        assert error_of(customer.delete_event_bus, Name=NAME)[0] == "ValidationException"
        assert states() == (self.ACTIVE, self.ACTIVE)

    def test_a_snapshot_comes_back_to_what_was_to_expire(
        self, events_backend, customer, offer, states, pass_time
    ):
        offer()
        snapshot = events_backend.snapshot()
        for _ in range(2):
            pass_time(days=14)
            assert states() == (None, None)
            events_backend.restore(snapshot)
            customer.create_event_bus(Name=NAME, EventSourceName=NAME)
            pass_time(days=14)
            assert states() == (self.ACTIVE, self.ACTIVE)
            events_backend.restore(snapshot)
            assert states() == (self.PENDING, self.PENDING)


class TestOperations:
    """Section 1.4."""

    def test_create_partner_event_source_inferred(self, offer, error_of):
        assert offer()["EventSourceArn"]
        assert error_of(offer) == EXISTS

    def test_delete_partner_event_source_model(self, withdraw, answer_of):
        assert answer_of(withdraw) == {}

    def test_describe_partner_event_source_inferred(self, partner, error_of):
        assert error_of(partner.describe_partner_event_source, Name=NAME) == MISSING

    def test_list_partner_event_sources_inferred(self, events_backend, partner, offer):
        offer()
        rival = events_backend.client(account="444444444444")
        rival.create_partner_event_source(Name=NAME + "x", Account=CUSTOMER)
        listed = partner.list_partner_event_sources(NamePrefix="aws.partner/example.com/")
        assert [source["Name"] for source in listed["PartnerEventSources"]] == [NAME]

    def test_list_partner_event_source_accounts_model(self, partner, offer, error_of):
        assert error_of(partner.list_partner_event_source_accounts, EventSourceName=NAME) == MISSING
        offer()
        [shown] = partner.list_partner_event_source_accounts(EventSourceName=NAME)[
            "PartnerEventSourceAccounts"
        ]
        assert shown == {
            "Account": CUSTOMER,
            "CreationTime": NOW,
            "ExpirationTime": NOW + TWO_WEEKS,
            "State": "PENDING",
        }

    def test_describe_event_source_and_list_event_sources_model(self, customer, offer, answer_of, error_of):
        assert error_of(customer.describe_event_source, Name=NAME) == MISSING
        offer()
        shown = answer_of(customer.describe_event_source, Name=NAME)
        assert set(shown) == {"Arn", "CreatedBy", "CreationTime", "ExpirationTime", "Name", "State"}
        assert answer_of(customer.list_event_sources) == {"EventSources": [shown]}

    def test_activate_event_source_obs_and_inferred(self, customer, accept, offer, withdraw, error_of):
        activate = customer.activate_event_source
        assert error_of(activate, Name=NAME) == NOTHING_TO_ACTIVATE
        offer()
        assert error_of(activate, Name=NAME) == NOTHING_TO_ACTIVATE
        withdraw()
        accept()
        assert error_of(activate, Name=NAME) == INVALID_STATE
        withdraw()
        assert error_of(activate, Name=NAME) == INVALID_STATE

    def test_deactivate_event_source_inferred(self, customer, accept, offer, withdraw, error_of):
        deactivate = customer.deactivate_event_source
        assert error_of(deactivate, Name=NAME) == MISSING
        offer()
        assert error_of(deactivate, Name=NAME) == INVALID_STATE
        withdraw()
        accept()
        withdraw()
        assert error_of(deactivate, Name=NAME) == INVALID_STATE

    def test_create_event_bus_obs_and_inferred(self, customer, accept, withdraw, error_of):
        members = {"Name": NAME, "EventSourceName": NAME}
        assert error_of(customer.create_event_bus, **members) == NO_SOURCE
        accept()
        taken = ("ResourceAlreadyExistsException", f"Event bus {NAME} already exists.")
        assert error_of(customer.create_event_bus, **members) == taken
        withdraw()
        assert error_of(customer.create_event_bus, **members) == taken

    def test_put_partner_events_model(self, partner):
        answer = partner.put_partner_events(**PARTNER_SIDE["put_partner_events"])
        assert answer["FailedEntryCount"] == 1
        assert "ErrorCode" in answer["Entries"][0]

    @pytest.mark.parametrize("operation", PARTNER_SIDE)
    def test_every_account_may_act_as_a_partner_inferred(self, partner, offer, operation):
        if operation != "create_partner_event_source":
            offer()
        getattr(partner, operation)(**PARTNER_SIDE[operation])


@pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z", strict=True)
class TestStrict:
    """OperationDisabledException: section 1.4, below the table; all of it is inferred but for the code."""

    @pytest.mark.parametrize("operation", PARTNER_SIDE)
    def test_only_partners_call_the_partner_s_operations_inferred(
        self, events_backend, partner, error_of, operation
    ):
        call = getattr(partner, operation)
        assert error_of(call, **PARTNER_SIDE[operation]) == (
            DISABLED,
            f"The operation you are attempting is not available for account {PARTNER}.",
        )
        assert events_backend.events == []

    def test_a_partner_calls_them_inferred(self, events_backend, partner, customer):
        events_backend.partners.add(PARTNER)
        for operation, members in PARTNER_SIDE.items():
            if operation == "put_partner_events":
                customer.create_event_bus(Name=NAME, EventSourceName=NAME)
                customer.put_rule(Name="r", EventBusName=NAME, EventPattern=PATTERN)
                events_backend.target("r", bus=NAME, account=CUSTOMER)
            getattr(partner, operation)(**members)

    @pytest.mark.parametrize(
        ("region", "is_there"), [("cn-north-1", True), ("cn-northwest-1", True), ("us-gov-west-1", False)]
    )
    def test_there_are_regions_without_partners_doc(self, events_backend, region, is_there):
        events_backend.partners.add(PARTNER)
        client = events_backend.client(account=PARTNER, region=region)
        code = code_of(client.create_partner_event_source, Name=NAME, Account=CUSTOMER)
        assert code == (None if is_there else DISABLED)

    def test_customers_are_not_asked_inferred(self, events_backend, partner, customer):
        events_backend.partners.add(PARTNER)
        partner.create_partner_event_source(Name=NAME, Account=CUSTOMER)
        customer.create_event_bus(Name=NAME, EventSourceName=NAME)
        customer.deactivate_event_source(Name=NAME)
        customer.activate_event_source(Name=NAME)
        assert customer.describe_event_source(Name=NAME)["State"] == "ACTIVE"

    def test_partners_are_forgotten_and_come_back_to(self, events_backend):
        events_backend.partners.add(PARTNER)
        snapshot = events_backend.snapshot()
        events_backend.reset()
        assert events_backend.partners == set()
        events_backend.restore(snapshot)
        assert events_backend.partners == {PARTNER}
