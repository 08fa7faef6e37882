from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from eventmock import mock_events
from eventmock.exceptions import PolicyNotUnderstood

pytestmark = pytest.mark.eventmock(enforce_policies=True, start_time="2026-01-02T03:04:05Z")

OWNER, OTHER, THIRD = "123456789012", "222222222222", "333333333333"
BUS = f"arn:aws:events:us-east-1:{OWNER}:event-bus/orders"
RULE = f"arn:aws:events:us-east-1:{OTHER}:rule/r"
DEAD = f"arn:aws:sqs:us-east-1:{OTHER}:dead"
ROLE = f"arn:aws:iam::{OTHER}:role/r"
ORGANIZATION = "o-0123456789"
ALLOW = {"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "events:PutEvents", "Resource": BUS}
DENY = ALLOW | {"Effect": "Deny", "Principal": "*"}
PATTERN = '{"source": ["shop"]}'


def refused(
    account=OTHER, why="because no resource-based policy allows the events:PutEvents action", bus=BUS
):
    user = f"arn:aws:iam::{account}:root"
    return f"User: {user} is not authorized to perform: events:PutEvents on resource: {bus} {why}"


LACK = "Lack of permissions to invoke cross account target."
DENIED = refused(why="with an explicit deny in a resource-based policy")


@pytest.fixture(autouse=True)
def _bus(events):
    events.create_event_bus(Name="orders")


@pytest.fixture
def other(events_backend):
    """A client of another account."""
    return events_backend.client(account=OTHER)


@pytest.fixture
def third(events_backend):
    """A client of a third account."""
    return events_backend.client(account=THIRD)


@pytest.fixture
def set_policy(events):
    """A function that replaces the policy of the bus."""

    def set_policy(*statements):
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        events.put_permission(EventBusName="orders", Policy=json.dumps(document))

    return set_policy


@pytest.fixture
def permit(events):
    """A function that lets an account put events on the bus."""

    def permit(principal=OTHER, **more):
        events.put_permission(
            EventBusName="orders", Action="events:PutEvents", Principal=principal, StatementId="s", **more
        )

    return permit


@pytest.fixture
def put(order):
    """A function that puts one event on the bus, and gives the message it was refused with, or None."""

    def put(client, bus=BUS, **members):
        answer = client.put_events(Entries=[order | {"EventBusName": bus} | members])
        [entry] = answer["Entries"]
        assert answer["FailedEntryCount"] == ("ErrorCode" in entry)
        assert entry.get("ErrorCode") in (None, "AccessDeniedException")
        return entry.get("ErrorMessage")

    return put


@pytest.fixture
def forward(other):
    """A function that makes a rule of the other account whose target is the bus."""

    def forward(**members):
        other.put_rule(Name="r", EventPattern=PATTERN)
        other.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": BUS, "RoleArn": ROLE} | members])

    return forward


class TestPutEvents:
    def test_without_permission_an_entry_is_refused_and_the_others_go_through(
        self, events_backend, other, order
    ):
        answer = other.put_events(Entries=[order, order | {"EventBusName": BUS}, order])
        assert answer["FailedEntryCount"] == 1
        first, second, third = answer["Entries"]
        assert second == {"ErrorCode": "AccessDeniedException", "ErrorMessage": refused()}
        assert "EventId" in first
        assert "EventId" in third
        record = events_backend.events[1]
        assert record.refused == f"AccessDeniedException: {refused()}"
        assert (record.account, record.bus, record.event_id) == (OWNER, "orders", None)

    def test_with_permission_it_arrives(self, events_backend, other, put, permit):
        permit()
        assert put(other) is None
        [record] = events_backend.events
        assert (record.account, record.event["account"], record.refused) == (OWNER, OTHER, None)

    def test_a_permission_is_for_its_account(self, third, put, permit):
        permit()
        assert put(third) == refused(THIRD)

    def test_permissions_take_effect_at_once(self, events, other, put, permit):
        permit()
        assert put(other) is None
        events.remove_permission(EventBusName="orders", StatementId="s")
        assert put(other) == refused()
        permit("*")
        assert put(other) is None
        events.remove_permission(EventBusName="orders", RemoveAllPermissions=True)
        assert put(other) == refused()

    def test_a_permission_is_for_its_bus(self, other, put, permit):
        permit()
        default = BUS.replace("orders", "default")
        assert put(other, default) == refused(bus=default)

    def test_the_own_account_needs_none(self, events, other, put):
        assert put(events) is put(events, "orders") is put(events, "default") is put(other, "default") is None

    def test_a_deny_wins_and_binds_the_own_account_and_refuses_the_whole_request(
        self, events_backend, events, other, order, set_policy
    ):
        set_policy(ALLOW, DENY)
        for client, account, bus in ((other, OTHER, BUS), (events, OWNER, "orders")):
            with pytest.raises(ClientError) as refused:
                client.put_events(Entries=[order, order | {"EventBusName": bus}])
            assert refused.value.response["Error"] == {
                "Code": "AccessDeniedException",
                "Message": DENIED.replace(OTHER, account),
            }
        assert events_backend.events == []

    def test_an_organisation(self, events_backend, other, third, put, permit):
        permit("*", Condition={"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": ORGANIZATION})
        events_backend.organizations.update({OTHER: ORGANIZATION, THIRD: "o-9876543210"})
        assert put(other) is None
        assert put(third) == refused(THIRD)
        del events_backend.organizations[OTHER]
        assert put(other) == refused()

    @pytest.mark.parametrize(
        ("key", "member"), [("events:source", "Source"), ("events:detail-type", "DetailType")]
    )
    def test_sources_and_detail_types(self, other, put, set_policy, key, member):
        set_policy(ALLOW | {"Condition": {"StringLike": {key: ["good*", "fine"]}}})
        assert put(other, **{member: "goods"}) is put(other, **{member: "fine"}) is None
        assert put(other, **{member: "bad"}) == refused()

    def test_what_is_wrong_with_an_entry_comes_first(self, other, order):
        [entry] = other.put_events(Entries=[order | {"EventBusName": BUS, "Detail": "x"}])["Entries"]
        assert entry["ErrorCode"] == "MalformedDetail"

    def test_a_bus_that_there_is_not_refuses_nobody(self, events_backend, other, put):
        assert put(other, BUS + "-x") is None
        assert events_backend.events[0].dropped == f"there is no event bus {BUS}-x"

    def test_what_is_not_evaluated_is_told_to_the_test(self, events_backend, other, put, set_policy):
        set_policy(ALLOW | {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}})
        with pytest.raises(PolicyNotUnderstood, match="the condition key 'aws:SourceIp' is not evaluated"):
            put(other)
        refused = events_backend.events[0].refused
        assert refused.startswith("the call broke off: PolicyNotUnderstood: the policy of ")


class TestForwarding:
    def test_with_permission_it_arrives(self, events_backend, other, put, permit, forward):
        permit()
        forward()
        assert put(other, "default") is None
        assert events_backend.deliveries[0].taken_by == "event bus"

    def test_put_targets_does_not_ask_and_the_delivery_is_refused(self, events_backend, other, put, forward):
        forward()
        assert other.list_targets_by_rule(Rule="r")["Targets"] == [{"Id": "t", "Arn": BUS, "RoleArn": ROLE}]
        put(other, "default")
        [delivery] = events_backend.deliveries
        assert (delivery.status, delivery.error) == ("dropped", f"NO_PERMISSIONS: {LACK}")

    def test_a_deny_wins(self, events_backend, other, put, set_policy, forward):
        set_policy(ALLOW, DENY)
        forward()
        put(other, "default")
        [delivery] = events_backend.deliveries
        assert (delivery.status, delivery.error) == ("dropped", f"NO_PERMISSIONS: {LACK}")
        assert DENIED in delivery.reason

    @pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals"])
    def test_what_is_asked_of_events_is_asked_when_there_are_events(
        self, events_backend, other, put, set_policy, forward, operator
    ):
        set_policy(ALLOW, DENY | {"Condition": {operator: {"events:detail-type": "order"}}})
        forward()
        put(other, "default")
        put(other, "default", DetailType="x")
        assert sorted(delivery.status for delivery in events_backend.deliveries) == ["delivered", "dropped"]

    def test_a_permission_that_is_gone_fails_the_delivery(
        self, events, events_backend, other, put, permit, forward
    ):
        permit()
        forward(DeadLetterConfig={"Arn": DEAD})
        events.remove_permission(EventBusName="orders", StatementId="s")
        assert put(other, "default") is None
        [delivery] = events_backend.deliveries
        assert (delivery.status, len(delivery.attempts)) == ("dead-lettered", 1)
        assert delivery.error == f"NO_PERMISSIONS: {LACK}"
        no_policy = f"the bus has no policy; put_permission(...) lets {OTHER} put events there"
        assert delivery.reason == f"NO_PERMISSIONS: {LACK} ({refused()}; {no_policy})"
        assert delivery.dead_letter.attributes == {
            "RULE_ARN": RULE,
            "TARGET_ARN": BUS,
            "ERROR_CODE": "NO_PERMISSIONS",
            "ERROR_MESSAGE": LACK,
        }
        assert len(events_backend.events) == 1

    def test_the_rule_and_its_account_are_known(self, events_backend, other, put, set_policy, forward):
        condition = {
            "StringEquals": {"aws:SourceAccount": OTHER, "events:eventBusInvocation": "true"},
            "ArnEqualsIfExists": {"aws:SourceArn": [RULE, RULE.replace("rule/r", "event-bus/default")]},
        }
        service = {"Principal": {"Service": "events.amazonaws.com"}}
        set_policy(ALLOW | service | {"Condition": condition})
        forward()
        put(other, "default")
        assert events_backend.deliveries[0].status == "delivered"
        assert put(other) == refused()

    def test_who_forwards_is_asked_about_and_not_who_put(
        self, events_backend, other, third, put, permit, forward
    ):
        permit()
        forward()
        other.put_permission(Action="events:PutEvents", Principal=THIRD, StatementId="s")
        put(third, f"arn:aws:events:us-east-1:{OTHER}:event-bus/default")
        [delivery] = events_backend.deliveries
        assert (delivery.status, delivery.event["account"]) == ("delivered", THIRD)

    def test_within_an_account_no_permission_is_needed(self, events, events_backend, put):
        events.put_rule(Name="r", EventPattern=PATTERN)
        events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": BUS, "RoleArn": ROLE}])
        put(events, "default")
        assert events_backend.deliveries[0].status == "delivered"

    def test_but_a_deny_counts(self, events, events_backend, put, set_policy):
        events.put_rule(Name="r", EventPattern=PATTERN)
        events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": BUS, "RoleArn": ROLE}])
        set_policy(DENY)
        put(events, "default")
        assert events_backend.deliveries[0].error == f"NO_PERMISSIONS: {LACK}"

    def test_another_region_of_another_account(self, events_backend, put, set_policy):
        set_policy(ALLOW)
        there = events_backend.client(account=OTHER, region="eu-west-1")
        there.put_rule(Name="r", EventPattern=PATTERN)
        there.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": BUS, "RoleArn": ROLE}])
        put(there, "default")
        set_policy(DENY)
        put(there, "default")
        assert [one.status for one in events_backend.deliveries] == ["delivered", "dropped"]

    def test_what_is_not_evaluated_is_told_when_the_mock_ends(self, order):
        with (
            pytest.raises(PolicyNotUnderstood, match="Principal is missing"),
            mock_events(isolated=True, enforce_policies=True) as backend,
        ):
            owner, other = backend.client(), backend.client(account=OTHER)
            bus = BUS.replace("orders", "default")
            owner.put_permission(Action="events:PutEvents", Principal=OTHER, StatementId="s")
            other.put_rule(Name="r", EventPattern=PATTERN)
            other.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": bus, "RoleArn": ROLE}])
            owner.put_permission(Policy=json.dumps({"Statement": {"Effect": "Deny", "NotAction": "*"}}))
            other.put_events(Entries=[order])


class TestRulesOnTheBusOfAnother:
    """Only PutEvents is asked about: rules may be put on another account's bus whatever its policy says."""

    def test_they_are_the_caller_s_on_the_owner_s_bus(self, events, other, set_policy):
        set_policy(DENY)
        rule = other.put_rule(Name="r", EventBusName=BUS, EventPattern=PATTERN)
        assert rule["RuleArn"] == f"arn:aws:events:us-east-1:{OWNER}:rule/orders/r"
        assert events.describe_rule(Name="r", EventBusName="orders")["CreatedBy"] == OTHER

    def test_their_targets_are_buses_and_the_owner_is_who_forwards(self, events, events_backend, other, put):
        other.put_rule(Name="r", EventBusName=BUS, EventPattern=PATTERN)
        theirs = f"arn:aws:events:us-east-1:{OTHER}:event-bus/default"
        members = {"Rule": "r", "EventBusName": BUS, "Targets": [{"Id": "t", "Arn": theirs, "RoleArn": ROLE}]}
        other.put_permission(Action="events:PutEvents", Principal=OWNER, StatementId="s")
        other.put_targets(**members)
        put(events, "orders")
        [delivery] = events_backend.deliveries
        assert (delivery.status, delivery.account) == ("delivered", OWNER)


class TestGlobalEndpoints:
    @pytest.fixture
    def endpoint(self, events, events_backend):
        """The id of an endpoint of the owner, over the bus in two regions."""
        events_backend.client(region="eu-west-1").create_event_bus(Name="orders")
        primary = {"HealthCheck": "arn:aws:route53:::healthcheck/7f42"}
        events.create_endpoint(
            Name="e",
            RoutingConfig={"FailoverConfig": {"Primary": primary, "Secondary": {"Route": "eu-west-1"}}},
            ReplicationConfig={"State": "DISABLED"},
            EventBuses=[{"EventBusArn": BUS}, {"EventBusArn": BUS.replace("us-east-1", "eu-west-1")}],
        )
        events_backend.clock.advance(minutes=10)
        return events.describe_endpoint(Name="e")["EndpointId"]

    def test_another_account_needs_permission(self, events_backend, other, order, permit, endpoint):
        members = {"EndpointId": endpoint, "Entries": [order | {"EventBusName": BUS}]}
        [entry] = other.put_events(**members)["Entries"]
        assert entry == {"ErrorCode": "AccessDeniedException", "ErrorMessage": refused()}
        permit()
        assert other.put_events(**members)["FailedEntryCount"] == 0
        assert [record.refused is None for record in events_backend.events] == [False, True]

    def test_the_owner_needs_none(self, events, order, endpoint):
        members = {"EndpointId": endpoint, "Entries": [order | {"EventBusName": "orders"}]}
        assert events.put_events(**members)["FailedEntryCount"] == 0


class TestOrganizations:
    def test_a_reset_forgets_them(self, events_backend):
        events_backend.organizations[OTHER] = ORGANIZATION
        events_backend.reset()
        assert events_backend.organizations == {}

    def test_a_snapshot_keeps_them(self, events_backend):
        events_backend.organizations[OTHER] = ORGANIZATION
        snapshot = events_backend.snapshot()
        for _ in range(2):
            events_backend.organizations[THIRD] = events_backend.organizations.pop(OTHER)
            events_backend.restore(snapshot)
            assert events_backend.organizations == {OTHER: ORGANIZATION}


class TestOff:
    @pytest.mark.eventmock(enforce_policies=False)
    def test_everything_passes(self, events_backend, other, put, set_policy, forward):
        set_policy(DENY)
        forward()
        assert put(other) is put(other, "default") is None
        assert events_backend.deliveries[0].status == "delivered"

    def test_it_is_off_by_default(self, order):
        with mock_events(isolated=True) as backend:
            bus = BUS.replace("orders", "default")
            answer = backend.client(account=OTHER).put_events(Entries=[order | {"EventBusName": bus}])
            assert answer["FailedEntryCount"] == 0
