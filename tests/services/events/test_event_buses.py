from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

ARN = "arn:aws:events:us-east-1:123456789012:event-bus/orders"


def names(client, **filters):
    return [bus["Name"] for bus in client.list_event_buses(**filters)["EventBuses"]]


def test_creating_answers_the_arn_and_what_was_given(events):
    assert events.create_event_bus(Name="plain")["EventBusArn"] == ARN.replace("orders", "plain")
    given = {"Description": "all of them", "KmsKeyIdentifier": "alias/k"}
    modelled = events.meta.service_model.operation_model("CreateEventBus").input_shape.members
    given = {name: value for name, value in given.items() if name in modelled}
    answer = events.create_event_bus(Name="orders", **given)
    del answer["ResponseMetadata"]
    assert answer == {"EventBusArn": ARN, **given}


def test_creating_twice_is_refused(events, error_of):
    events.create_event_bus(Name="orders")
    assert error_of(events.create_event_bus, Name="orders") == (
        "ResourceAlreadyExistsException",
        "Event bus orders already exists.",
    )
    assert error_of(events.create_event_bus, Name="default")[1] == "Event bus default already exists."


def test_a_slash_is_for_partners(events, error_of):
    assert error_of(events.create_event_bus, Name="a/b") == (
        "ValidationException",
        "Event bus name must not contain '/'.",
    )


def test_describing_shows_what_is_set_and_nothing_else(events):
    assert set(events.describe_event_bus()) - {"CreationTime", "LastModifiedTime"} == {
        "Name",
        "Arn",
        "ResponseMetadata",
    }


def test_a_bus_may_be_named_by_its_arn(events):
    events.create_event_bus(Name="orders")
    assert events.describe_event_bus(Name=ARN)["Name"] == "orders"


@pytest.mark.parametrize("name", ["nope", "arn:aws:events:us-east-1:123456789012:event-bus/nope"])
def test_an_unknown_bus_is_not_found_by_its_bare_name(events, error_of, name):
    assert error_of(events.describe_event_bus, Name=name) == (
        "ResourceNotFoundException",
        "Event bus nope does not exist.",
    )


def test_a_bus_of_another_region_is_not_found(events, events_backend, error_of):
    events_backend.client(region="eu-west-1").create_event_bus(Name="orders")
    arn = ARN.replace("us-east-1", "eu-west-1")
    assert error_of(events.list_rules, EventBusName=arn)[1] == "Event bus orders does not exist."


def test_a_bus_of_another_account_is_found_by_its_arn(events, events_backend):
    events_backend.client(account="222222222222").create_event_bus(Name="orders")
    assert events.list_rules(EventBusName=ARN.replace("123456789012", "222222222222"))["Rules"] == []


def test_buses_are_listed_by_name_and_prefix(events):
    for name in ("orders-b", "orders-a", "other"):
        events.create_event_bus(Name=name)
    assert names(events) == ["default", "orders-a", "orders-b", "other"]
    assert names(events, NamePrefix="orders") == ["orders-a", "orders-b"]
    assert names(events, NamePrefix="nothing") == []


def test_names_are_per_region_and_account(events, events_backend):
    events.create_event_bus(Name="orders")
    assert names(events_backend.client(region="eu-west-1")) == ["default"]
    assert names(events_backend.client(account="222222222222")) == ["default"]


def test_deleting(events, error_of):
    events.create_event_bus(Name="orders", Tags=[{"Key": "k", "Value": "v"}])
    events.delete_event_bus(Name="orders")
    events.delete_event_bus(Name="orders")
    events.create_event_bus(Name="orders")
    assert events.list_tags_for_resource(ResourceARN=ARN)["Tags"] == []
    assert error_of(events.delete_event_bus, Name="default") == (
        "ValidationException",
        "Cannot delete event bus default.",
    )


def test_a_bus_with_rules_stays(events, error_of):
    events.create_event_bus(Name="orders")
    events.put_rule(Name="r", EventBusName="orders", EventPattern='{"source": ["x"]}')
    assert error_of(events.delete_event_bus, Name="orders")[0] == "ValidationException"
    events.delete_rule(Name="r", EventBusName="orders")
    events.delete_event_bus(Name="orders")


class TestUpdate:
    @pytest.fixture(autouse=True)
    def _has_it(self, events):
        if not hasattr(events, "update_event_bus"):
            pytest.skip("this botocore has no UpdateEventBus")

    def test_what_is_given_is_set_and_the_rest_reset(self, events):
        events.create_event_bus(Name="orders", Description="old", KmsKeyIdentifier="alias/k")
        answer = events.update_event_bus(Name="orders", Description="new")
        assert (answer["Name"], answer["Arn"], answer["Description"]) == ("orders", ARN, "new")
        assert "KmsKeyIdentifier" not in events.describe_event_bus(Name="orders")

    def test_without_a_name_it_is_the_default_bus(self, events):
        assert events.update_event_bus(Description="d")["Name"] == "default"

    def test_a_dead_letter_queue_is_a_queue(self, events, error_of):
        config = {"Arn": "arn:aws:sns:us-east-1:123456789012:t"}
        assert error_of(events.update_event_bus, DeadLetterConfig=config) == (
            "ValidationException",
            "sns is not supported as a dead letter resource.",
        )

    def test_its_time_is_that_of_the_clock(self, events, events_backend):
        events.create_event_bus(Name="orders")
        before = events.describe_event_bus(Name="orders")["LastModifiedTime"]
        events_backend.clock.advance(hours=1)
        events.update_event_bus(Name="orders", Description="d")
        shown = events.describe_event_bus(Name="orders")
        assert shown["CreationTime"] == before
        assert shown["LastModifiedTime"] >= before + timedelta(hours=1)


class TestTimesOfTheDefaultBus:
    TIMES = frozenset({"CreationTime", "LastModifiedTime"})

    @pytest.fixture
    def times(self, events):
        """A function that gives the times of the default bus, which are the same wherever it is shown."""
        output = events.meta.service_model.operation_model("DescribeEventBus").output_shape
        if "CreationTime" not in output.members:
            pytest.skip("this botocore does not show the times of a bus")

        def times():
            described = events.describe_event_bus()
            [listed] = events.list_event_buses()["EventBuses"]
            shown = {name: described[name] for name in self.TIMES if name in described}
            assert shown == {name: listed[name] for name in self.TIMES if name in listed}
            return shown

        return times

    def test_there_are_none_until_it_is_changed(self, events, events_backend, times, error_of):
        assert times() == {}
        arn = events.put_rule(Name="r", EventPattern='{"source": ["x"]}')["RuleArn"]
        events_backend.target("r")
        events.tag_resource(ResourceARN=arn, Tags=[{"Key": "k", "Value": "v"}])
        events.tag_resource(ResourceARN=ARN.replace("orders", "default"), Tags=[{"Key": "k", "Value": "v"}])
        events.remove_permission(RemoveAllPermissions=True)
        error_of(events.remove_permission, StatementId="s")
        error_of(events.put_permission, Action="events:PutRule", Principal="*", StatementId="s")
        assert times() == {}

    def test_a_change_gives_it_both_and_a_later_one_the_second(self, events, events_backend, times):
        allow = {"Action": "events:PutEvents", "Principal": "*", "StatementId": "s"}
        changes = [
            lambda: events.put_permission(**allow),
            lambda: events.remove_permission(StatementId="s"),
            lambda: events.put_permission(**allow),
            lambda: events.remove_permission(RemoveAllPermissions=True),
        ]
        if hasattr(events, "update_event_bus"):
            changes.append(lambda: events.update_event_bus(Description="d"))
        for change in (*changes, *changes):
            events_backend.clock.advance(hours=1)
            before = times()
            change()
            assert times()["CreationTime"] == before.get("CreationTime", times()["LastModifiedTime"])
            assert times()["LastModifiedTime"] > before.get(
                "LastModifiedTime", datetime(1970, 1, 1, tzinfo=UTC)
            )

    def test_a_snapshot_keeps_what_it_showed(self, events, events_backend, times):
        untouched = events_backend.snapshot()
        events.put_permission(Action="events:PutEvents", Principal="*", StatementId="s")
        touched, shown = events_backend.snapshot(), times()
        events_backend.restore(untouched)
        assert times() == {}
        events_backend.restore(touched)
        assert times() == shown


def test_errors_are_400_and_modelled_where_the_model_says_so(events):
    with pytest.raises(events.exceptions.ResourceNotFoundException) as caught:
        events.describe_event_bus(Name="nope")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert caught.value.response["ResponseMetadata"]["RequestId"]
    with pytest.raises(ClientError) as caught:
        events.delete_event_bus(Name="default")
    assert type(caught.value) is ClientError


def test_an_arn_of_another_partition_is_another_bus(events, error_of):
    arn = "arn:aws-cn:events:us-east-1:123456789012:event-bus/default"
    assert error_of(events.describe_event_bus, Name=arn)[1] == "Event bus default does not exist."


class TestOfAPartner:
    NO_SOURCE = "ValidationException", "EventBus name starting with 'aws.' is not valid."
    NAME = "aws.partner/example.com/orders/1"

    @pytest.fixture
    def offer(self, events_backend):
        """A function that offers the source to the default account."""
        partner = events_backend.client(account="999999999999")
        return lambda: partner.create_partner_event_source(Name=self.NAME, Account="123456789012")

    def test_the_answer(self, events, offer, answer_of):
        offer()
        assert answer_of(events.create_event_bus, Name=self.NAME, EventSourceName=self.NAME) == {
            "EventBusArn": ARN.replace("orders", self.NAME, 1)
        }

    def test_it_is_described_and_listed_as_any_bus(self, events, offer, answer_of):
        offer()
        events.create_event_bus(Name=self.NAME, EventSourceName=self.NAME)
        shown = answer_of(events.describe_event_bus, Name=self.NAME)
        times = {"CreationTime", "LastModifiedTime"}
        assert {name: value for name, value in shown.items() if name not in times} == {
            "Name": self.NAME,
            "Arn": ARN.replace("orders", self.NAME, 1),
        }
        assert names(events) == [self.NAME, "default"]

    @pytest.mark.parametrize(
        "name", ["aws.partner/example.com/orders/2", "aws.partner/x", "aws.partner", "aws.", "aws.orders"]
    )
    @pytest.mark.parametrize("names_the_source", [True, False])
    def test_a_name_that_begins_with_aws_is_that_of_a_source(
        self, events, offer, error_of, name, names_the_source
    ):
        offer()
        source = {"EventSourceName": name} if names_the_source and name.count("/") > 1 else {}
        assert error_of(events.create_event_bus, Name=name, **source) == self.NO_SOURCE

    @pytest.mark.parametrize("name", ["aws", "awsome", "aws-orders", "AWS.orders", "my.aws.orders"])
    def test_other_names_that_look_alike_are_good(self, events, name):
        events.create_event_bus(Name=name)
        assert names(events) == sorted([name, "default"])

    @pytest.mark.parametrize("name", ["orders", "aws.partner/example.com/orders/2", "AWS.partner/x/y"])
    def test_it_has_the_name_of_its_source(self, events, offer, error_of, name):
        offer()
        assert error_of(events.create_event_bus, Name=name, EventSourceName=self.NAME) == (
            "ValidationException",
            "Event bus name must match event source name.",
        )
        assert events.describe_event_source(Name=self.NAME)["State"] == "PENDING"

    def test_its_source_is_named(self, events, offer, error_of):
        offer()
        assert error_of(events.create_event_bus, Name=self.NAME) == (
            "ValidationException",
            "Event bus name must not contain '/'.",
        )

    def test_its_source_was_offered_to_the_account_in_the_region(self, events_backend, offer, error_of):
        offer()
        for elsewhere in ({"account": "222222222222"}, {"region": "eu-west-1"}):
            call = events_backend.client(**elsewhere).create_event_bus
            assert error_of(call, Name=self.NAME, EventSourceName=self.NAME) == self.NO_SOURCE

    def test_a_source_has_one_bus(self, events, offer, error_of):
        offer()
        events.create_event_bus(Name=self.NAME, EventSourceName=self.NAME)
        assert error_of(events.create_event_bus, Name=self.NAME, EventSourceName=self.NAME) == (
            "ResourceAlreadyExistsException",
            f"Event bus {self.NAME} already exists.",
        )

    def test_made_anew_it_is_matched_anew(self, events, offer):
        offer()
        for _ in range(2):
            events.create_event_bus(Name=self.NAME, EventSourceName=self.NAME)
            assert events.describe_event_source(Name=self.NAME)["State"] == "ACTIVE"
            events.delete_event_bus(Name=self.NAME)
            assert events.describe_event_source(Name=self.NAME)["State"] == "PENDING"

    def test_a_refused_one_leaves_its_source_alone(self, events, events_backend, offer, error_of):
        offer()
        events_backend.quotas.event_buses = 1
        members = {"Name": self.NAME, "EventSourceName": self.NAME}
        assert error_of(events.create_event_bus, **members)[0] == "LimitExceededException"
        events_backend.quotas.event_buses = 2
        tags = [{"Key": "aws:k", "Value": "v"}]
        assert error_of(events.create_event_bus, **members, Tags=tags)[0] == "ValidationException"
        assert events.describe_event_source(Name=self.NAME)["State"] == "PENDING"

    @pytest.mark.parametrize("source", ["orders", "aws.partner/example.com"])
    def test_a_source_that_cannot_be(self, events, violation_of, source):
        assert violation_of(events.create_event_bus, Name="orders", EventSourceName=source) == (
            f"'{source}' at 'eventSourceName'",
            r"satisfy regular expression pattern: aws\.partner(/[\.\-_A-Za-z0-9]+){2,}",
        )


@pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")
def test_pages(events, paging):
    for name in ("c", "a", "b-1", "b-2"):
        events.create_event_bus(Name=name)
    paging("list_event_buses", "EventBuses", filters={"NamePrefix": "b"})


class TestAdvice:
    """What the tester is told of a bus or a rule that was not found."""

    @pytest.fixture
    def advice(self, events_backend, error_of):
        """A function that calls and gives our words behind AWS's."""

        def advice(call, **members):
            _, message = error_of(call, **members)
            *_, line = events_backend.report().splitlines()
            return line.partition(message)[2].strip(" ()")

        return advice

    def test_the_rule_is_on_another_bus(self, events, advice):
        events.create_event_bus(Name="orders")
        events.put_rule(Name="ship", EventBusName="orders", EventPattern='{"source": ["shop"]}')
        assert advice(events.list_targets_by_rule, Rule="ship") == (
            """there is a rule 'ship' on "orders": EventBusName is left out, or is that of another bus"""
        )

    def test_the_rule_is_in_another_region(self, events, events_backend, advice):
        elsewhere = events_backend.client(region="eu-west-1", account="222222222222")
        elsewhere.put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
        assert advice(events.describe_rule, Name="ship") == (
            """there is a rule 'ship' on "default" in eu-west-1 of 222222222222"""
        )

    def test_the_rule_has_a_similar_name(self, events, advice):
        events.put_rule(Name="ship-orders", EventPattern='{"source": ["shop"]}')
        assert advice(events.describe_rule, Name="ship_orders") == "did you mean 'ship-orders'?"

    def test_the_bus_is_in_other_places(self, events, events_backend, advice):
        for region in ("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2"):
            events_backend.client(region=region).create_event_bus(Name="orders")
        assert advice(events.describe_event_bus, Name="orders") == (
            "there is a bus 'orders' in eu-central-1 of 123456789012, in eu-north-1 of 123456789012, "
            "in eu-west-1 of 123456789012 and 1 more"
        )

    def test_the_bus_has_a_similar_name(self, events, advice):
        events.create_event_bus(Name="orders")
        name = ARN.replace("orders", "odrers")
        assert advice(events.describe_event_bus, Name=name) == "did you mean 'orders'?"

    def test_the_arn_is_of_another_region(self, events, advice):
        name = ARN.replace("us-east-1", "eu-west-1")
        assert advice(events.describe_event_bus, Name=name) == (
            "the ARN is of a bus in eu-west-1, and the call was made in us-east-1"
        )

    def test_an_archive_of_a_bus_that_is_elsewhere(self, events, events_backend, advice):
        events_backend.client(region="eu-west-1").create_event_bus(Name="orders")
        assert advice(events.create_archive, ArchiveName="all", EventSourceArn=ARN) == (
            "there is a bus 'orders' in eu-west-1 of 123456789012"
        )

    def test_nothing_is_known(self, events, advice):
        assert advice(events.describe_event_bus, Name="orders") == ""
        assert advice(events.describe_rule, Name="ship") == ""
