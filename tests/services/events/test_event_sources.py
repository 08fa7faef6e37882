from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TWO_WEEKS = timedelta(days=14)
NAME = "aws.partner/example.com/orders/1"
BUS = f"arn:aws:events:us-east-1:123456789012:event-bus/{NAME}"
PENDING = {
    "Arn": f"arn:aws:events:us-east-1::event-source/{NAME}",
    "CreatedBy": "aws.partner/example.com",
    "CreationTime": NOW,
    "ExpirationTime": NOW + TWO_WEEKS,
    "Name": NAME,
    "State": "PENDING",
}
ACTIVE = {name: value for name, value in PENDING.items() if name != "ExpirationTime"} | {"State": "ACTIVE"}
UNKNOWN = "ResourceNotFoundException", f"Event source {NAME} does not exist."
NOTHING_TO_ACTIVATE = "ResourceNotFoundException", f"Event source {NAME} or event bus {NAME} does not exist."
INVALID_STATE = (
    "InvalidStateException",
    f"Event source {NAME} is not in a valid state for this operation.",
)
PATTERN = '{"source": [{"prefix": "aws.partner/example.com"}]}'


@pytest.fixture
def partner(events_backend):
    """A client of the partner."""
    return events_backend.client(account="999999999999")


@pytest.fixture
def offer(partner):
    """A function that offers a source to the default account."""

    def offer(name=NAME, account="123456789012"):
        partner.create_partner_event_source(Name=name, Account=account)

    return offer


@pytest.fixture
def withdraw(partner):
    """A function that takes a source back."""
    return lambda: partner.delete_partner_event_source(Name=NAME, Account="123456789012")


@pytest.fixture
def match(events):
    """A function that makes the bus of a source."""
    return lambda: events.create_event_bus(Name=NAME, EventSourceName=NAME)


@pytest.fixture
def described(events, answer_of):
    """A function that describes the source."""
    return lambda: answer_of(events.describe_event_source, Name=NAME)


def names(client, **filters):
    return [source["Name"] for source in client.list_event_sources(**filters)["EventSources"]]


class TestStates:
    def test_offered_it_is_pending(self, offer, described):
        offer()
        assert described() == PENDING

    def test_matched_with_a_bus_it_is_active(self, offer, match, described):
        offer()
        match()
        assert described() == ACTIVE

    def test_deactivated_it_is_pending_and_has_two_weeks_again(
        self, events, offer, match, described, pass_time
    ):
        offer()
        match()
        later = pass_time(days=20)
        events.deactivate_event_source(Name=NAME)
        assert described() == PENDING | {"ExpirationTime": later + TWO_WEEKS}
        assert events.describe_event_bus(Name=NAME)["Arn"] == BUS

    def test_activated_it_is_active(self, events, offer, match, described):
        offer()
        match()
        events.deactivate_event_source(Name=NAME)
        events.activate_event_source(Name=NAME)
        assert described() == ACTIVE

    def test_without_its_bus_it_is_pending_and_has_two_weeks_again(
        self, events, offer, match, described, pass_time
    ):
        offer()
        match()
        later = pass_time(days=20)
        events.delete_event_bus(Name=NAME)
        assert described() == PENDING | {"ExpirationTime": later + TWO_WEEKS}

    def test_withdrawn_from_a_bus_it_is_deleted(self, offer, match, withdraw, described):
        offer()
        match()
        withdraw()
        assert described() == ACTIVE | {"State": "DELETED"}

    def test_withdrawn_before_there_was_a_bus_it_is_gone(self, events, offer, withdraw, error_of):
        offer()
        withdraw()
        assert error_of(events.describe_event_source, Name=NAME) == UNKNOWN

    def test_deleted_it_goes_with_its_bus(self, events, offer, match, withdraw, error_of):
        offer()
        match()
        withdraw()
        events.delete_event_bus(Name=NAME)
        assert error_of(events.describe_event_source, Name=NAME) == UNKNOWN

    def test_offered_anew_it_may_be_activated_on_the_bus_that_is_left(
        self, events, offer, match, withdraw, described
    ):
        offer()
        match()
        withdraw()
        offer()
        assert described() == PENDING
        events.activate_event_source(Name=NAME)
        assert described() == ACTIVE


class TestActivate:
    def test_the_answer_is_empty(self, events, offer, match, answer_of):
        offer()
        match()
        events.deactivate_event_source(Name=NAME)
        assert answer_of(events.activate_event_source, Name=NAME) == {}

    def test_a_bus_is_needed(self, events, offer, described, error_of):
        offer()
        assert error_of(events.activate_event_source, Name=NAME) == NOTHING_TO_ACTIVATE
        assert described() == PENDING

    def test_once_is_enough(self, events, offer, match, error_of):
        offer()
        match()
        assert error_of(events.activate_event_source, Name=NAME) == INVALID_STATE

    def test_a_deleted_one_stays_deleted(self, events, offer, match, withdraw, error_of):
        offer()
        match()
        withdraw()
        assert error_of(events.activate_event_source, Name=NAME) == INVALID_STATE


class TestDeactivate:
    def test_the_answer_is_empty(self, events, offer, match, answer_of):
        offer()
        match()
        assert answer_of(events.deactivate_event_source, Name=NAME) == {}

    def test_a_pending_one_is_not_deactivated(self, events, offer, match, error_of):
        offer()
        assert error_of(events.deactivate_event_source, Name=NAME) == INVALID_STATE
        match()
        events.deactivate_event_source(Name=NAME)
        assert error_of(events.deactivate_event_source, Name=NAME) == INVALID_STATE

    def test_a_deleted_one_stays_deleted(self, events, offer, match, withdraw, error_of):
        offer()
        match()
        withdraw()
        assert error_of(events.deactivate_event_source, Name=NAME) == INVALID_STATE


class TestList:
    def test_an_entry_shows_what_describing_does(self, events, offer, described, answer_of):
        offer()
        assert answer_of(events.list_event_sources) == {"EventSources": [described()]}

    def test_names_begin_as_asked(self, events, offer):
        for name in ("b/2", "a/1", "b/1"):
            offer(f"aws.partner/{name}")
        assert names(events) == ["aws.partner/a/1", "aws.partner/b/1", "aws.partner/b/2"]
        assert names(events, NamePrefix="aws.partner/b") == ["aws.partner/b/1", "aws.partner/b/2"]
        assert names(events, NamePrefix="aws.partner/B") == names(events, NamePrefix="b") == []

    def test_a_prefix_that_cannot_be(self, events, violation_of):
        assert violation_of(events.list_event_sources, NamePrefix="a b") == (
            "'a b' at 'namePrefix'",
            r"satisfy regular expression pattern: [/\.\-_A-Za-z0-9]+",
        )

    def test_pages(self, offer, paging):
        for name in ("c", "a", "b-1", "b-2"):
            offer(f"aws.partner/example.com/{name}")
        paging("list_event_sources", "EventSources", filters={"NamePrefix": "aws.partner/example.com/b"})


@pytest.mark.parametrize(
    "operation", ["describe_event_source", "activate_event_source", "deactivate_event_source"]
)
class TestEach:
    def test_an_unknown_source(self, events, events_backend, offer, error_of, operation):
        offer(NAME.replace("orders", "Orders"))
        offer(account="222222222222")
        events_backend.client(region="eu-west-1").create_partner_event_source(
            Name=NAME, Account="123456789012"
        )
        wanted = NOTHING_TO_ACTIVATE if operation == "activate_event_source" else UNKNOWN
        assert error_of(getattr(events, operation), Name=NAME) == wanted

    def test_a_name_that_cannot_be(self, events, violation_of, operation):
        for name in ("x", "aws.partner/example.com"):
            assert violation_of(getattr(events, operation), Name=name) == (
                f"'{name}' at 'name'",
                r"satisfy regular expression pattern: aws\.partner(/[\.\-_A-Za-z0-9]+){2,}",
            )


class TestBus:
    def test_its_arn_holds_the_source_s_name(self, events, offer, match, answer_of):
        offer()
        match()
        assert answer_of(events.describe_event_bus, Name=NAME)["Arn"] == BUS

    def test_rules_on_it_have_its_name(self, events, offer, match):
        offer()
        match()
        arn = events.put_rule(Name="r", EventBusName=NAME, EventPattern=PATTERN)["RuleArn"]
        assert arn == f"arn:aws:events:us-east-1:123456789012:rule/{NAME}/r"
        assert events.describe_rule(Name="r", EventBusName=BUS)["EventBusName"] == NAME
        events.tag_resource(ResourceARN=arn, Tags=[{"Key": "k", "Value": "v"}])
        assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "k", "Value": "v"}]

    def test_it_stays_as_long_as_it_has_rules(self, events, offer, match, described, error_of):
        offer()
        match()
        events.put_rule(Name="r", EventBusName=NAME, EventPattern=PATTERN)
        assert error_of(events.delete_event_bus, Name=NAME)[0] == "ValidationException"
        assert described() == ACTIVE

    def test_it_may_be_archived(self, events, offer, match):
        offer()
        match()
        events.create_archive(ArchiveName="a", EventSourceArn=BUS)
        assert events.list_archives(EventSourceArn=BUS)["Archives"][0]["EventSourceArn"] == BUS

    def test_a_bus_of_another_name_changes_no_source(self, events, offer, match, described):
        offer()
        match()
        events.create_event_bus(Name="orders")
        events.delete_event_bus(Name="orders")
        assert described() == ACTIVE
