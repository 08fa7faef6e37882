from __future__ import annotations

import pytest

from eventmock.services.events.quotas import Quotas

pytestmark = pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")

PLACE = "arn:aws:events:us-east-1:123456789012"
LIMIT = "LimitExceededException", "The requested resource exceeds the maximum number allowed."
PATTERN = '{"source": ["shop"]}'
QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
HERE = {"EventBusArn": f"{PLACE}:event-bus/default"}
THERE = {"EventBusArn": f"{PLACE}:event-bus/default".replace("us-east-1", "eu-west-1")}


def put_rule(events, name):
    events.put_rule(Name=name, EventPattern=PATTERN)


def create_connection(events, name):
    secret = {"BasicAuthParameters": {"Username": "u", "Password": "p"}}
    return events.create_connection(Name=name, AuthorizationType="BASIC", AuthParameters=secret)


def create_api_destination(events, name):
    if not events.list_connections()["Connections"]:
        create_connection(events, "c")
    [connection] = events.list_connections()["Connections"]
    members = {"InvocationEndpoint": "https://example.com", "HttpMethod": "POST"}
    events.create_api_destination(Name=name, ConnectionArn=connection["ConnectionArn"], **members)


def create_endpoint(events, name):
    check, route = {"HealthCheck": "arn:aws:route53:::healthcheck/h"}, {"Route": "eu-west-1"}
    members = {"EventBuses": [HERE, THERE], "ReplicationConfig": {"State": "DISABLED"}}
    events.create_endpoint(
        Name=name, RoutingConfig={"FailoverConfig": {"Primary": check, "Secondary": route}}, **members
    )


def start_replay(events, name):
    if not events.list_archives()["Archives"]:
        events.create_archive(ArchiveName="a", EventSourceArn=HERE["EventBusArn"])
    members = {"EventStartTime": 0, "EventEndTime": 1, "Destination": {"Arn": HERE["EventBusArn"]}}
    events.start_replay(ReplayName=name, EventSourceArn=f"{PLACE}:archive/a", **members)


def put_target(events, name):
    put_rule(events, "r")
    events.put_targets(Rule="r", Targets=[{"Id": name, "Arn": QUEUE}])


def tag(events, key):
    events.tag_resource(ResourceARN=HERE["EventBusArn"], Tags=[{"Key": key, "Value": ""}])


MAKERS = {
    "connections": create_connection,
    "api_destinations": create_api_destination,
    "endpoints": create_endpoint,
    "concurrent_replays": start_replay,
    "targets_per_rule": put_target,
    "rules_per_event_bus": put_rule,
    "tags_per_resource": tag,
}


@pytest.mark.parametrize("quota", MAKERS)
class TestEach:
    def test_as_many_as_it_says_and_no_more(self, events, events_backend, error_of, quota):
        setattr(events_backend.quotas, quota, 2)
        for name in ("one", "two"):
            MAKERS[quota](events, name)
        assert error_of(lambda: MAKERS[quota](events, "three")) == LIMIT

    def test_a_greater_one_makes_room(self, events, events_backend, error_of, quota):
        setattr(events_backend.quotas, quota, 1)
        MAKERS[quota](events, "one")
        assert error_of(lambda: MAKERS[quota](events, "two")) == LIMIT
        setattr(events_backend.quotas, quota, 2)
        MAKERS[quota](events, "two")


def test_the_default_bus_is_one_of_the_buses(events, events_backend, error_of):
    events_backend.quotas.event_buses = 3
    for name in ("one", "two"):
        events.create_event_bus(Name=name)
    assert error_of(events.create_event_bus, Name="three") == LIMIT
    events.delete_event_bus(Name="one")
    events.create_event_bus(Name="three")


def test_what_is_there_may_be_put_again(events, events_backend):
    events_backend.quotas.rules_per_event_bus = events_backend.quotas.targets_per_rule = 1
    for _ in range(2):
        put_target(events, "t")
    events_backend.quotas.tags_per_resource = 1
    for _ in range(2):
        tag(events, "k")


def test_each_bus_has_room_for_rules_of_its_own(events, events_backend):
    events_backend.quotas.rules_per_event_bus = 1
    events.create_event_bus(Name="orders")
    for bus in ("default", "orders"):
        events.put_rule(Name="r", EventPattern=PATTERN, EventBusName=bus)


WILD = '{"source": [{"wildcard": "a*b"}]}'
EXCLUDED = '{"$or": [{"a": ["b"]}, {"detail": {"c": [1, {"anything-but": {"wildcard": "a*"}}]}}]}'
TAME = '{"source": [{"prefix": "wildcard"}, "a*b"], "detail": {"wildcard": ["*"]}}'


@pytest.fixture
def too_wild(error_of):
    """A function that says whether a call is refused because a bus has too many rules with wildcards."""

    def too_wild(call, most=1, bus="default", **members):
        text = f"Event bus {bus} may have {most} rules with wildcards in their patterns."
        return error_of(call, **members) == ("LimitExceededException", text)

    return too_wild


class TestWildcards:
    def test_30_rules_of_a_bus_have_one_and_no_more(self, events, too_wild):
        for number in range(30):
            events.put_rule(Name=f"w{number}", EventPattern=(WILD, EXCLUDED)[number % 2])
        for pattern in (WILD, EXCLUDED):
            assert too_wild(events.put_rule, most=30, Name="one-more", EventPattern=pattern)
        events.put_rule(Name="one-more", EventPattern=TAME)
        events.create_event_bus(Name="other")
        events.put_rule(Name="w", EventPattern=WILD, EventBusName="other")

    def test_a_rule_that_has_one_may_have_another(self, events, events_backend, too_wild):
        events_backend.quotas.wildcard_rules_per_event_bus = 1
        for pattern in (WILD, EXCLUDED, TAME, WILD):
            events.put_rule(Name="w", EventPattern=pattern)
        events.put_rule(Name="x", EventPattern=TAME)
        assert too_wild(events.put_rule, Name="x", EventPattern=WILD)
        assert events.describe_rule(Name="x")["EventPattern"] == TAME
        events.put_rule(Name="w", EventPattern=TAME)
        events.put_rule(Name="x", EventPattern=WILD)

    def test_a_rule_that_is_disabled_counts_and_one_that_is_deleted_does_not(
        self, events, events_backend, too_wild
    ):
        events_backend.quotas.wildcard_rules_per_event_bus = 1
        events.put_rule(Name="w", EventPattern=WILD, State="DISABLED")
        assert too_wild(events.put_rule, Name="x", EventPattern=WILD)
        events.delete_rule(Name="w")
        events.put_rule(Name="x", EventPattern=WILD)

    def test_the_rule_of_an_archive_counts(self, events, events_backend, too_wild):
        events_backend.quotas.wildcard_rules_per_event_bus = 1
        source = HERE["EventBusArn"]
        events.create_archive(ArchiveName="a", EventSourceArn=source, EventPattern=WILD)
        events.update_archive(ArchiveName="a", EventPattern=EXCLUDED)
        assert too_wild(events.put_rule, Name="x", EventPattern=WILD)
        wild = {"ArchiveName": "b", "EventPattern": WILD}
        assert too_wild(events.create_archive, EventSourceArn=source, **wild)
        assert [archive["ArchiveName"] for archive in events.list_archives()["Archives"]] == ["a"]
        events.create_archive(ArchiveName="b", EventSourceArn=source, EventPattern=TAME)
        assert too_wild(events.update_archive, **wild)
        assert events.describe_archive(ArchiveName="b")["EventPattern"] == TAME

    def test_an_archive_whose_rule_is_gone_gets_none_back_that_is_one_too_many(
        self, events, events_backend, too_wild
    ):
        events_backend.quotas.wildcard_rules_per_event_bus = 1
        events.create_archive(ArchiveName="a", EventSourceArn=HERE["EventBusArn"], EventPattern=WILD)
        events.remove_targets(Rule="Events-Archive-a", Ids=["Events-Archive-a"], Force=True)
        events.delete_rule(Name="Events-Archive-a", Force=True)
        events.put_rule(Name="w", EventPattern=WILD)
        assert too_wild(events.update_archive, ArchiveName="a", RetentionDays=1)

    def test_a_quota_of_none_lets_none_in(self, events, events_backend, too_wild):
        events_backend.quotas.wildcard_rules_per_event_bus = 0
        assert too_wild(events.put_rule, most=0, Name="w", EventPattern=WILD)


def test_managed_rules_count(events, events_backend, error_of):
    events_backend.quotas.rules_per_event_bus = 1
    events_backend.add_managed_rule("m", managed_by="states.amazonaws.com", event_pattern=PATTERN)
    assert error_of(lambda: put_rule(events, "r")) == LIMIT


@pytest.mark.parametrize("elsewhere", [{"account": "222222222222"}, {"region": "eu-west-1"}])
def test_each_account_has_room_of_its_own_in_each_region(events_backend, elsewhere):
    events_backend.quotas.connections = events_backend.quotas.rules_per_event_bus = 1
    events_backend.quotas.event_buses = 2
    for client in (events_backend.client(), events_backend.client(**elsewhere)):
        create_connection(client, "c")
        put_rule(client, "r")
        client.create_event_bus(Name="orders")


def test_a_pattern_has_as_many_characters_as_it_may(events, events_backend, error_of):
    events_backend.quotas.event_pattern_characters = len(PATTERN)
    put_rule(events, "r")
    assert error_of(events.put_rule, Name="r", EventPattern=PATTERN + " ") == (
        "ValidationException",
        f"Parameter EventPattern for rule r exceeds limit of {len(PATTERN)}.",
    )


def test_a_policy_has_as_many_characters_as_it_may(events, events_backend, error_of):
    policy = '{"Version":"2012-10-17","Statement":[]}'
    events_backend.quotas.policy_characters = len(policy)
    events.put_permission(Policy=policy)
    assert error_of(events.put_permission, Policy=policy.replace("[]", "[{}]")) == (
        "PolicyLengthExceededException",
        "Policy size would be larger than the maximum allowed.",
    )


def test_entries_have_as_many_bytes_as_they_may(events, events_backend, order, error_of):
    size = sum(len(text) for text in order.values())
    events_backend.quotas.put_events_bytes = 2 * size
    assert events.put_events(Entries=[order, order])["FailedEntryCount"] == 0
    events_backend.quotas.put_events_bytes = 2 * size - 1
    assert error_of(events.put_events, Entries=[order, order]) == (
        "ValidationException",
        "Total size of the entries in the request is over the limit.",
    )


def test_the_defaults_are_aws_s():
    assert Quotas() == Quotas(
        event_buses=100,
        rules_per_event_bus=None,
        targets_per_rule=5,
        tags_per_resource=50,
        event_pattern_characters=2048,
        policy_characters=10_240,
        put_events_bytes=1_048_576,
        connections=3000,
        api_destinations=3000,
        endpoints=100,
        concurrent_replays=10,
    )


@pytest.mark.parametrize(
    ("region", "rules"),
    [("us-east-1", 300), ("eu-west-1", 300), ("af-south-1", 100), ("eu-south-1", 100), ("eu-south-2", 300)],
)
def test_some_regions_have_fewer_rules(region, rules):
    assert Quotas().rules_in(region) == rules
    assert Quotas(rules_per_event_bus=7).rules_in(region) == 7


def test_the_hundred_and_first_rule_of_such_a_region(events_backend, error_of):
    client = events_backend.client(region="af-south-1")
    for number in range(100):
        put_rule(client, f"r{number}")
    assert error_of(lambda: put_rule(client, "one-more")) == LIMIT


class TestWhatTheTesterIsTold:
    """Which quota, where, how many, and how to raise it; the code under test gets AWS's text alone."""

    @pytest.mark.parametrize(
        ("quota", "make", "where"),
        [
            (
                "event_buses",
                lambda client: client.create_event_bus(Name="b"),
                "account 123456789012 in us-east-1",
            ),
            (
                "rules_per_event_bus",
                lambda client: client.put_rule(Name="r", EventPattern='{"source": ["s"]}'),
                'bus "default" of account 123456789012 in us-east-1',
            ),
            (
                "connections",
                lambda client: client.create_connection(
                    Name="c",
                    AuthorizationType="API_KEY",
                    AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}},
                ),
                "account 123456789012 in us-east-1",
            ),
            (
                "tags_per_resource",
                lambda client: client.create_event_bus(Name="b", Tags=[{"Key": "k", "Value": "v"}]),
                "the resource",
            ),
        ],
    )
    def test_it(self, events, events_backend, error_of, quota, make, where):
        setattr(events_backend.quotas, quota, int(quota == "event_buses"))
        most = getattr(events_backend.quotas, quota)
        text = "The requested resource exceeds the maximum number allowed."
        assert error_of(lambda: make(events)) == ("LimitExceededException", text)
        assert str(events_backend.trace).endswith(
            f"{text} (the quota {quota} is {most}, and {where} would have {most + 1}; a test that wants more says "
            f"backend.quotas.{quota} = {most + 1})"
        )
        setattr(events_backend.quotas, quota, most + 1)
        make(events)

    def test_the_bus_of_a_partner(self, events, events_backend, error_of):
        name = "aws.partner/auth0.com/tenant/logs"
        text = "EventBus name starting with 'aws.' is not valid."
        assert error_of(events.create_event_bus, Name=name) == ("ValidationException", text)
        assert str(events_backend.trace).endswith(
            f"{text} (the bus of a partner's event source needs EventSourceName, and the source must be offered first: "
            f"backend.partner_event_source('{name}', accepted=False))"
        )
        events_backend.partner_event_source(name.replace("logs", "users"), accepted=False)
        offered = "no partner offers an event source of that name to 123456789012 in us-east-1"
        error_of(events.create_event_bus, Name=name, EventSourceName=name)
        users = "aws.partner/auth0.com/tenant/users"
        assert str(events_backend.trace).endswith(f"{text} ({offered}; offered: {users})")
        error_of(events.create_event_bus, Name=users[:-1], EventSourceName=users[:-1])
        assert str(events_backend.trace).endswith(f"{text} ({offered}; did you mean '{users}'?)")
        events_backend.partner_event_source(name, accepted=False)
        text = "Event bus name must not contain '/'."
        assert error_of(events.create_event_bus, Name=name) == ("ValidationException", text)
        assert str(events_backend.trace).endswith(
            f"{text} (the bus of a partner's event source needs EventSourceName='{name}')"
        )
        events.create_event_bus(Name=name, EventSourceName=name)
