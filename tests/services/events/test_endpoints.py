from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ARN = "arn:aws:events:us-east-1:123456789012:endpoint/e"
HERE = "arn:aws:events:us-east-1:123456789012:event-bus/orders"
THERE = HERE.replace("us-east-1", "eu-west-1")
BUSES = [{"EventBusArn": HERE}, {"EventBusArn": THERE}]
ROLE = "arn:aws:iam::123456789012:role/r"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
HEALTH_CHECK = "arn:aws:route53:::healthcheck/7f42"
BOTH_REGIONS = "An event bus must be provided in both the primary and secondary regions."
SAME_NAME = "Event bus names must match in the primary and secondary regions."
ROLE_NEEDED = "When replication is enabled, role cannot be empty."
SAME_ACCOUNT = "Event buses must be in the same account as the endpoint."
NAMED = ("describe_endpoint", "update_endpoint", "delete_endpoint")
OF_A_NAME = r"satisfy regular expression pattern: [\.\-_A-Za-z0-9]+"


def routing(secondary="eu-west-1", health_check=HEALTH_CHECK):
    return {"FailoverConfig": {"Primary": {"HealthCheck": health_check}, "Secondary": {"Route": secondary}}}


def buses(*arns):
    return [{"EventBusArn": arn} for arn in arns]


GIVEN = {"RoutingConfig": routing(), "EventBuses": BUSES, "RoleArn": ROLE}
SHOWN = {"Name": "e", "Arn": ARN, **GIVEN, "ReplicationConfig": {"State": "ENABLED"}}


@pytest.fixture(autouse=True)
def _buses(events_backend):
    for region in ("us-east-1", "eu-west-1"):
        events_backend.client(region=region).create_event_bus(Name="orders")


@pytest.fixture
def create(events):
    """A function that makes an endpoint; what is None is left out."""

    def create(Name="e", **more):  # noqa: N803 - AWS's name
        members = {name: value for name, value in (GIVEN | more).items() if value is not None}
        return events.create_endpoint(Name=Name, **members)

    return create


@pytest.fixture
def described(events, answer_of):
    """A function that describes an endpoint."""
    return lambda name="e": answer_of(events.describe_endpoint, Name=name)


@pytest.fixture
def there(events_backend):
    return events_backend.client(region="eu-west-1")


@pytest.fixture
def managed(events, there):
    """A function that names the managed rules on the buses of a name, in both regions."""

    def managed(bus="orders", clients=None):
        rules = [client.list_rules(EventBusName=bus)["Rules"] for client in clients or (events, there)]
        return [[rule["Name"] for rule in found if "ManagedBy" in rule] for found in rules]

    return managed


@pytest.fixture
def rule_name(described):
    """A function that tells what the managed rules are called."""
    return lambda name="e": "GlobalEndpointManagedRule-" + described(name)["EndpointId"].removesuffix(".veo")


def names(client, **filters):
    return [endpoint["Name"] for endpoint in client.list_endpoints(**filters)["Endpoints"]]


def unknown(name="e"):
    return "ResourceNotFoundException", f"Endpoint {name} does not exist."


class TestCreate:
    def test_the_answer_says_creating_and_not_where(self, create):
        answer = create(Description="d")
        del answer["ResponseMetadata"]
        assert answer == SHOWN | {"State": "CREATING"}

    def test_a_name_is_taken_once(self, create, error_of):
        create()
        assert error_of(create) == ("ResourceAlreadyExistsException", "Endpoint e already exists.")

    def test_a_name_differs_by_its_case(self, events, create):
        create("e")
        create("E")
        assert names(events) == ["E", "e"]

    def test_a_quota_binds(self, events, events_backend, create, error_of):
        events_backend.quotas.endpoints = 1
        create("one")
        assert error_of(create, Name="two") == (
            "LimitExceededException",
            "The requested resource exceeds the maximum number allowed.",
        )
        assert names(events) == ["one"]

    def test_its_own_region_and_account_are_the_caller_s(self, events_backend):
        there = events_backend.client(region="eu-west-1")
        answer = there.create_endpoint(Name="e", **GIVEN | {"RoutingConfig": routing("us-east-1")})
        assert answer["Arn"] == ARN.replace("us-east-1", "eu-west-1")


@pytest.fixture(params=["create", "update"])
def put(request, events, create):
    """A function that makes an endpoint, or changes one that is there."""
    if request.param == "create":
        return lambda **members: create("put", **members)
    create("put", RoleArn=None, ReplicationConfig={"State": "DISABLED"})
    return lambda **members: events.update_endpoint(Name="put", **members)


class TestCreateAndUpdate:
    @pytest.mark.parametrize(
        ("members", "message"),
        [
            ({"EventBuses": buses(HERE, HERE)}, BOTH_REGIONS),
            ({"EventBuses": buses(HERE, HERE.replace("orders", "default"))}, BOTH_REGIONS),
            ({"EventBuses": buses(THERE, THERE.replace("eu-west-1", "eu-west-2"))}, BOTH_REGIONS),
            ({"RoutingConfig": routing("eu-west-2")}, BOTH_REGIONS),
            ({"RoutingConfig": routing("us-east-1")}, BOTH_REGIONS),
            ({"RoutingConfig": routing("us-east-1"), "EventBuses": buses(HERE, HERE)}, BOTH_REGIONS),
            ({"EventBuses": buses(HERE, THERE.replace("orders", "default"))}, SAME_NAME),
            ({"EventBuses": buses(HERE, THERE.replace("orders", "Orders"))}, SAME_NAME),
            ({"EventBuses": buses(HERE, THERE.replace("123456789012", "222222222222"))}, SAME_ACCOUNT),
            (
                {
                    "EventBuses": buses(
                        *(arn.replace("123456789012", "222222222222") for arn in (HERE, THERE))
                    )
                },
                SAME_ACCOUNT,
            ),
        ],
        ids=range(10),
    )
    def test_the_buses_are_one_of_a_name_in_each_region(self, put, error_of, members, message):
        assert error_of(put, **{"RoleArn": ROLE} | members) == ("ValidationException", message)

    @pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
    def test_a_bus_that_is_not_there(self, events_backend, put, error_of, region):
        events_backend.client(region=region).delete_event_bus(Name="orders")
        assert error_of(put, RoleArn=ROLE) == (
            "ResourceNotFoundException",
            "Event bus orders does not exist.",
        )

    def test_replication_needs_a_role(self, create, events, error_of):
        error = "ValidationException", ROLE_NEEDED
        enabled = {"ReplicationConfig": {"State": "ENABLED"}}
        assert error_of(create, RoleArn=None) == error
        assert error_of(create, RoleArn=None, **enabled) == error
        assert error_of(create, RoleArn=None, ReplicationConfig={}) == error
        create(RoleArn=None, ReplicationConfig={"State": "DISABLED"})
        assert error_of(events.update_endpoint, Name="e", **enabled) == error

    def test_the_order_of_the_buses_is_the_caller_s(self, put, described):
        put(EventBuses=BUSES[::-1])
        assert described("put")["EventBuses"] == BUSES[::-1]

    def test_the_default_buses_are_there(self, put, described):
        given = buses(*(arn.replace("orders", "default") for arn in (HERE, THERE)))
        put(EventBuses=given)
        assert described("put")["EventBuses"] == given

    def test_the_checks_come_in_aws_s_order(self, events, events_backend, create, error_of):
        create("taken")
        events_backend.quotas.endpoints = 1

        def of(account, *names):
            return [
                arn.replace("123456789012", account).replace("orders", name)
                for arn, name in zip((HERE, THERE), names, strict=True)
            ]

        members = {"Name": "taken", "RoutingConfig": routing(), "EventBuses": buses(HERE, HERE)}
        for better, code, message in (
            ({}, "ValidationException", BOTH_REGIONS),
            ({"EventBuses": buses(*of("222222222222", "nope", "other"))}, "ValidationException", SAME_NAME),
            ({"EventBuses": buses(*of("222222222222", "nope", "nope"))}, "ValidationException", ROLE_NEEDED),
            ({"RoleArn": ROLE}, "ValidationException", SAME_ACCOUNT),
            (
                {"EventBuses": buses(*of("123456789012", "nope", "nope"))},
                "ResourceNotFoundException",
                "Event bus nope does not exist.",
            ),
            ({"EventBuses": BUSES}, "ResourceAlreadyExistsException", "Endpoint taken already exists."),
            (
                {"Name": "fresh"},
                "LimitExceededException",
                "The requested resource exceeds the maximum number allowed.",
            ),
        ):
            members |= better
            assert error_of(events.create_endpoint, **members) == (code, message)
            assert names(events) == ["taken"]

    @pytest.mark.parametrize(
        ("members", "where", "constraint"),
        [
            ({"Name": "a b"}, "'a b' at 'name'", OF_A_NAME),
            ({"Name": "x" * 65}, f"'{'x' * 65}' at 'name'", "have length less than or equal to 64"),
            (
                {"Description": "x" * 513},
                f"'{'x' * 513}' at 'description'",
                "have length less than or equal to 512",
            ),
            (
                {"RoutingConfig": routing(health_check="7f42")},
                "'7f42' at 'routingConfig.failoverConfig.primary.healthCheck'",
                r"satisfy regular expression pattern: ^arn:aws([a-z]|\-)*:route53:::healthcheck/[\-a-z0-9]+$",
            ),
            (
                {"RoutingConfig": routing("EU-WEST-1")},
                "'EU-WEST-1' at 'routingConfig.failoverConfig.secondary.route'",
                r"satisfy regular expression pattern: ^[\-a-z0-9]+$",
            ),
            (
                {"RoutingConfig": routing("eu-west")},
                "'eu-west' at 'routingConfig.failoverConfig.secondary.route'",
                "have length greater than or equal to 9",
            ),
            (
                {"RoutingConfig": {"FailoverConfig": {"Primary": {"HealthCheck": HEALTH_CHECK}}}},
                "null at 'routingConfig.failoverConfig.secondary'",
                "not be null",
            ),
            (
                {"ReplicationConfig": {"State": "ON"}},
                "'ON' at 'replicationConfig.state'",
                "satisfy enum value set: [ENABLED, DISABLED]",
            ),
            (
                {"EventBuses": buses(HERE)},
                f"'[EndpointEventBus(eventBusArn={HERE})]' at 'eventBuses'",
                "have length greater than or equal to 2",
            ),
            (
                {"EventBuses": buses(HERE, THERE, HERE)},
                f"'[EndpointEventBus(eventBusArn={HERE}), EndpointEventBus(eventBusArn={THERE}), "
                f"EndpointEventBus(eventBusArn={HERE})]' at 'eventBuses'",
                "have length less than or equal to 2",
            ),
            (
                {"RoleArn": "r"},
                "'r' at 'roleArn'",
                r"satisfy regular expression pattern: ^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$",
            ),
        ],
        ids=range(11),
    )
    def test_constraints(self, unchecked, violation_of, members, where, constraint):
        for call in (unchecked.create_endpoint, unchecked.update_endpoint):
            assert violation_of(call, **{"Name": "e"} | GIVEN | members) == (where, constraint)

    def test_a_bus_is_no_partner_s(self, events, violation_of, constraint_of):
        partner = HERE.replace("orders", "aws.partner/example.com/a")
        pattern = constraint_of(events, "NonPartnerEventBusArn", "pattern")
        for call in (events.create_endpoint, events.update_endpoint):
            assert violation_of(call, Name="e", **GIVEN | {"EventBuses": buses(HERE, partner)}) == (
                f"'{partner}' at 'eventBuses.2.member.eventBusArn'",
                f"satisfy regular expression pattern: {pattern}",
            )


class TestDescribe:
    def test_it_is_active_and_says_where(self, create, described):
        create()
        answer = described()
        assert re.fullmatch(r"[a-z0-9]{10}\.veo", answer["EndpointId"])
        assert answer == SHOWN | {
            "EndpointId": answer["EndpointId"],
            "EndpointUrl": f"https://{answer['EndpointId']}.endpoint.events.amazonaws.com",
            "State": "ACTIVE",
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
        }

    def test_what_was_not_given_is_not_shown(self, create, described):
        create(RoleArn=None, ReplicationConfig={"State": "DISABLED"})
        answer = described()
        assert answer["ReplicationConfig"] == {"State": "DISABLED"}
        assert not {"RoleArn", "Description", "StateReason"} & set(answer)

    def test_no_two_have_one_id(self, events, events_backend, create):
        create("one")
        create("two")
        there = events_backend.client(region="eu-west-1")
        there.create_endpoint(Name="one", **GIVEN | {"RoutingConfig": routing("us-east-1")})
        listed = [*events.list_endpoints()["Endpoints"], *there.list_endpoints()["Endpoints"]]
        assert len({endpoint["EndpointId"] for endpoint in listed}) == 3


class TestStates:
    @pytest.fixture(autouse=True)
    def _delay(self, events_backend):
        events_backend.delays.endpoint = timedelta(minutes=1)

    @pytest.fixture
    def states(self, events, pass_time):
        """A function that tells the states of the one endpoint, at once, after 59 seconds and after 60."""

        def states():
            def state():
                listed = events.list_endpoints()["Endpoints"]
                return listed[0]["State"] if listed else None

            first = state()
            pass_time(seconds=59)
            second = state()
            pass_time(seconds=1)
            return first, second, state()

        return states

    def test_a_new_one_is_being_created(self, create, states):
        create()
        assert states() == ("CREATING", "CREATING", "ACTIVE")

    def test_a_changed_one_is_being_updated(self, events, create, states):
        create()
        states()
        events.update_endpoint(Name="e", Description="d")
        assert states() == ("UPDATING", "UPDATING", "ACTIVE")

    def test_a_deleted_one_is_being_deleted(self, events, create, states, error_of):
        create()
        states()
        events.delete_endpoint(Name="e")
        assert states() == ("DELETING", "DELETING", None)
        assert error_of(events.describe_endpoint, Name="e") == unknown()

    def test_becoming_active_changes_nothing_else(self, create, described, pass_time):
        create()
        before = described()
        pass_time(minutes=1)
        assert described() == before | {"State": "ACTIVE"}

    @pytest.mark.parametrize("operation", ["update_endpoint", "delete_endpoint"])
    @pytest.mark.parametrize("state", ["CREATING", "UPDATING", "DELETING"])
    def test_while_it_changes_it_is_not_changed(self, events, create, states, error_of, operation, state):
        create()
        if state != "CREATING":
            states()
            {"UPDATING": events.update_endpoint, "DELETING": events.delete_endpoint}[state](Name="e")
        assert error_of(getattr(events, operation), Name="e") == (
            "ConcurrentModificationException",
            f"Endpoint e is in state {state}.",
        )
        assert states()[:2] == (state, state)

    def test_while_it_is_being_deleted_its_name_is_taken(self, events, create, states, error_of):
        create()
        states()
        events.delete_endpoint(Name="e")
        assert error_of(create)[0] == "ResourceAlreadyExistsException"
        states()
        create()
        assert states() == ("CREATING", "CREATING", "ACTIVE")

    def test_without_a_delay_it_is_active_at_the_next_look(self, events_backend, create, described):
        events_backend.delays.endpoint = timedelta(0)
        assert create()["State"] == "CREATING"
        assert described()["State"] == "ACTIVE"

    def test_the_clock_tells_what_is_to_come(self, events, events_backend, create, states):
        def pending():
            return [str(due) for due in events_backend.clock.pending]

        create()
        place = "endpoint 'e' of 123456789012, us-east-1"
        assert pending() == [f"2026-01-02 03:05:05 {place} is active"]
        states()
        events.delete_endpoint(Name="e")
        assert pending() == [f"2026-01-02 03:06:05 {place} is gone"]

    def test_accounts_and_regions_stand_side_by_side(self, events_backend, create, described, pass_time):
        create()
        pass_time(seconds=30)
        there = events_backend.client(region="eu-west-1")
        there.create_endpoint(Name="e", **GIVEN | {"RoutingConfig": routing("us-east-1")})
        pass_time(seconds=30)
        assert (described()["State"], there.describe_endpoint(Name="e")["State"]) == ("ACTIVE", "CREATING")
        pass_time(seconds=30)
        assert there.describe_endpoint(Name="e")["State"] == "ACTIVE"

    def test_a_snapshot_goes_on_from_where_it_was(self, events, events_backend, create, described, pass_time):
        create()
        snapshot = events_backend.snapshot()
        pass_time(minutes=1)
        events.delete_endpoint(Name="e")
        pass_time(minutes=1)
        events_backend.restore(snapshot)
        assert described()["State"] == "CREATING"
        pass_time(minutes=1)
        assert described()["State"] == "ACTIVE"


@pytest.mark.parametrize("delay", [timedelta(0), timedelta(minutes=1)], ids=["at once", "after a minute"])
class TestFailedStates:
    """By faults. [inf] what a change that failed leaves as it was."""

    @pytest.fixture
    def fail(self, events_backend, delay):
        """A function that has the next request come to a state that fails."""
        events_backend.delays.endpoint = delay
        return lambda state: events_backend.faults.inject("the reason", state=state, times=1)

    @pytest.fixture
    def settle(self, pass_time, delay):
        return lambda: pass_time(delta=delay)

    @pytest.fixture
    def state(self, events, described):
        """A function that gives the state and its reason, which Describe and List show alike."""

        def state():
            shown = described()
            assert events.list_endpoints()["Endpoints"] == [shown]
            return shown["State"], shown.get("StateReason")

        return state

    def test_creation(self, events_backend, create, fail, settle, state, managed):
        fault = fail("CREATE_FAILED")
        assert create()["State"] == "CREATING"
        settle()
        assert state() == ("CREATE_FAILED", "the reason")
        assert (managed(), fault.hits) == ([[], []], 1)

    def test_update(self, events, create, described, fail, settle, state, managed, rule_name):
        create(Description="old")
        settle()
        before = described()
        fail("UPDATE_FAILED")
        answer = events.update_endpoint(
            Name="e", Description="new", RoutingConfig=routing(health_check=HEALTH_CHECK + "9")
        )
        assert (answer["State"], answer["RoutingConfig"]) == (
            "UPDATING",
            routing(health_check=HEALTH_CHECK + "9"),
        )
        settle()
        after = described()
        modified = after.pop("LastModifiedTime")
        assert modified >= before.pop("LastModifiedTime")
        assert after == before | {"State": "UPDATE_FAILED", "StateReason": "the reason"}
        assert managed() == [[rule_name()], [rule_name()]]

    def test_deletion(self, events, create, fail, settle, state, managed, rule_name):
        create()
        settle()
        fail("DELETE_FAILED")
        events.delete_endpoint(Name="e")
        settle()
        assert state() == ("DELETE_FAILED", "the reason")
        assert managed() == [[rule_name()], [rule_name()]]

    @pytest.mark.parametrize("failed", ["CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED"])
    def test_from_each_it_can_be_updated_and_deleted(
        self, events, create, fail, settle, state, managed, rule_name, failed
    ):
        fault = fail(failed)
        create()
        settle()
        if failed == "UPDATE_FAILED":
            events.update_endpoint(Name="e", Description="d")
        elif failed == "DELETE_FAILED":
            events.delete_endpoint(Name="e")
        settle()
        assert (state(), fault.hits) == ((failed, "the reason"), 1)
        assert events.update_endpoint(Name="e", Description="d")["State"] == "UPDATING"
        settle()
        assert state() == ("ACTIVE", None)
        assert managed() == [[rule_name()], [rule_name()]]
        events.delete_endpoint(Name="e")
        settle()
        assert (names(events), managed()) == ([], [[], []])


class TestHomeRegion:
    def test_it_is_looked_into(self, events_backend, create, described, answer_of):
        create()
        there = events_backend.client(region="eu-west-1")
        assert answer_of(there.describe_endpoint, Name="e", HomeRegion="us-east-1") == described()
        assert names(there, HomeRegion="us-east-1") == ["e"]
        assert names(there, HomeRegion="us-east-1", NamePrefix="f") == []

    def test_it_is_the_caller_s_unless_said(self, events, events_backend, create, error_of):
        create()
        there = events_backend.client(region="eu-west-1")
        assert error_of(there.describe_endpoint, Name="e") == unknown()
        assert error_of(events.describe_endpoint, Name="e", HomeRegion="eu-west-1") == unknown()
        assert names(there) == names(events, HomeRegion="eu-west-1") == []

    def test_it_is_of_the_caller_s_account(self, events_backend, create, error_of):
        create()
        other = events_backend.client(account="222222222222")
        assert error_of(other.describe_endpoint, Name="e", HomeRegion="us-east-1") == unknown()
        assert names(other, HomeRegion="us-east-1") == []

    @pytest.mark.parametrize("operation", ["describe_endpoint", "list_endpoints"])
    def test_constraints(self, unchecked, violation_of, operation):
        call = getattr(unchecked, operation)
        named = {"Name": "e"} if operation == "describe_endpoint" else {}
        for region, constraint in (
            ("US-EAST-1", r"satisfy regular expression pattern: ^[\-a-z0-9]+$"),
            ("us-east", "have length greater than or equal to 9"),
            ("x" * 21, "have length less than or equal to 20"),
        ):
            assert violation_of(call, HomeRegion=region, **named) == (
                f"'{region}' at 'homeRegion'",
                constraint,
            )


class TestUpdate:
    def test_the_answer_says_updating_and_where(self, events, create, described, answer_of):
        create()
        before = described()
        assert answer_of(events.update_endpoint, Name="e", Description="d") == SHOWN | {
            "EndpointId": before["EndpointId"],
            "EndpointUrl": before["EndpointUrl"],
            "State": "UPDATING",
        }

    def test_what_is_left_out_stays(self, events, create, described, pass_time):
        create(Description="d")
        expected = described() | {"LastModifiedTime": pass_time(minutes=1)}
        for changed in (
            {"Description": "new"},
            {"RoutingConfig": routing(health_check=HEALTH_CHECK + "-new")},
            {"EventBuses": BUSES[::-1]},
            {"RoleArn": ROLE + "-new"},
            {"ReplicationConfig": {"State": "DISABLED"}},
        ):
            events.update_endpoint(Name="e", **changed)
            expected |= changed
            assert described() == expected

    def test_a_refused_one_changes_nothing(self, events, create, described, error_of):
        create()
        before = described()
        error_of(events.update_endpoint, Name="e", Description="new", RoutingConfig=routing("eu-west-2"))
        assert described() == before

    def test_the_secondary_region_changes_with_its_bus(self, events, events_backend, create, described):
        create()
        events_backend.client(region="eu-west-2").create_event_bus(Name="orders")
        given = {
            "RoutingConfig": routing("eu-west-2"),
            "EventBuses": buses(HERE, THERE.replace("eu-west-1", "eu-west-2")),
        }
        events.update_endpoint(Name="e", **given)
        assert given.items() <= described().items()


class TestDelete:
    def test_the_answer_is_empty_and_it_is_gone(self, events, create, answer_of, error_of):
        create()
        assert answer_of(events.delete_endpoint, Name="e") == {}
        assert names(events) == []
        assert error_of(events.describe_endpoint, Name="e") == unknown()

    def test_its_buses_stay(self, events, create):
        create()
        events.delete_endpoint(Name="e")
        assert events.describe_event_bus(Name="orders")["Arn"] == HERE

    def test_made_anew_it_has_another_id(self, events, create, described):
        create(Description="old")
        before = described()
        events.delete_endpoint(Name="e")
        create()
        after = described()
        assert after["EndpointId"] != before["EndpointId"]
        assert "Description" not in after


class TestList:
    def test_an_entry_shows_what_describing_does(self, events, create, described, answer_of):
        create(Description="d")
        assert answer_of(events.list_endpoints) == {"Endpoints": [described()]}

    def test_names_begin_as_asked(self, events, create):
        for name in ("b-2", "a", "b-1"):
            create(name)
        assert names(events) == ["a", "b-1", "b-2"]
        assert names(events, NamePrefix="b-") == ["b-1", "b-2"]
        assert names(events, NamePrefix="-1") == names(events, NamePrefix="B") == []

    def test_pages(self, create, paging):
        for name in ("c", "a", "b-1", "b-2"):
            create(name)
        expiry = "InvalidToken", "Parameter NextToken is not valid. Reason: The token has expired."
        filters = {"NamePrefix": "b"}
        paging("list_endpoints", "Endpoints", filters=filters, limit="MaxResults", expiry=expiry)

    def test_an_expired_token_is_a_bad_request(self, events, create, pass_time):
        """[doc] HTTP 400 InvalidToken; [inf] its text, and that it is no modelled error."""
        create("a")
        create("b")
        token = events.list_endpoints(MaxResults=1)["NextToken"]
        pass_time(hours=24, seconds=1)
        with pytest.raises(ClientError) as caught:
            events.list_endpoints(NextToken=token)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert caught.value.response["Error"]["Code"] == "InvalidToken"

    def test_a_token_of_another_home_region_is_refused(self, events, events_backend, create, error_of):
        create("a")
        create("b")
        token = events.list_endpoints(MaxResults=1)["NextToken"]
        there = events_backend.client(region="eu-west-1")
        refusal = "ValidationException", "Parameter NextToken is not valid."
        assert error_of(events.list_endpoints, NextToken=token, HomeRegion="eu-west-1") == refusal
        assert error_of(there.list_endpoints, NextToken=token, HomeRegion="us-east-1") == refusal


@pytest.mark.parametrize("operation", NAMED)
def test_an_unknown_endpoint(events, create, error_of, operation):
    create()
    for name in ("nope", "E"):
        assert error_of(getattr(events, operation), Name=name) == unknown(name)


@pytest.mark.parametrize("operation", NAMED)
def test_a_name_that_cannot_be(events, violation_of, operation):
    assert violation_of(getattr(events, operation), Name="a b") == ("'a b' at 'name'", OF_A_NAME)


@pytest.mark.parametrize("elsewhere", [{"account": "222222222222"}, {"region": "eu-west-1"}])
def test_endpoints_are_those_of_an_account_in_a_region(events, events_backend, create, error_of, elsewhere):
    create()
    other = events_backend.client(**elsewhere)
    assert names(other) == []
    for operation in NAMED:
        assert error_of(getattr(other, operation), Name="e") == unknown()
    assert names(events) == ["e"]


class TestManagedRules:
    """The rules that replicate: global-endpoints section 5.

    [doc] their name, where they are and that they forward with the endpoint's role, [inf] their pattern and owner.
    """

    def test_each_bus_has_one_that_forwards_to_the_other(self, events, there, create, rule_name):
        """[doc] the name and the target, [inf] pattern and ManagedBy."""
        create()
        name = rule_name()
        for client, region, bus, other in (
            (events, "us-east-1", HERE, THERE),
            (there, "eu-west-1", THERE, HERE),
        ):
            [rule] = client.list_rules(EventBusName="orders")["Rules"]
            assert rule == {
                "Name": name,
                "Arn": bus.replace("event-bus/orders", f"rule/orders/{name}"),
                "EventPattern": f'{{"resources":["{ARN}"],"region":["{region}"]}}',
                "State": "ENABLED",
                "ManagedBy": "events.amazonaws.com",
                "EventBusName": "orders",
            }
            shown = client.describe_rule(Name=name, EventBusName="orders")
            assert rule.items() <= shown.items()
            assert client.list_targets_by_rule(Rule=name, EventBusName="orders")["Targets"] == [
                {"Id": name, "Arn": other, "RoleArn": ROLE}
            ]

    def test_on_the_default_bus_its_arn_names_no_bus(self, events, create, rule_name):
        """[doc]."""
        create(EventBuses=buses(*(arn.replace("orders", "default") for arn in (HERE, THERE))))
        [rule] = events.list_rules()["Rules"]
        assert rule["Arn"] == f"arn:aws:events:us-east-1:123456789012:rule/{rule_name()}"

    def test_they_come_when_it_is_active_and_go_when_it_is_gone(
        self, events, events_backend, create, managed, rule_name, pass_time
    ):
        """[inf] the moments, [doc] that its role removes them."""
        events_backend.delays.endpoint = timedelta(minutes=1)
        create()
        assert managed() == [[], []]
        pass_time(minutes=1)
        name = rule_name()
        assert managed() == [[name], [name]]
        events.delete_endpoint(Name="e")
        assert managed() == [[name], [name]]
        pass_time(minutes=1)
        assert managed() == [[], []]

    def test_without_replication_there_are_none(self, events, create, managed, rule_name):
        """[inf] each change of the state brings or removes them."""
        create(ReplicationConfig={"State": "DISABLED"})
        assert managed() == [[], []]
        events.update_endpoint(Name="e", ReplicationConfig={"State": "ENABLED"})
        assert managed() == [[rule_name()], [rule_name()]]
        events.update_endpoint(Name="e", ReplicationConfig={"State": "DISABLED"})
        assert managed() == [[], []]

    def test_they_follow_its_buses(self, events, there, create, managed, rule_name):
        """[inf] to buses of another name."""
        create()
        for client in (events, there):
            client.create_event_bus(Name="other")
        events.update_endpoint(
            Name="e", EventBuses=buses(*(arn.replace("orders", "other") for arn in (HERE, THERE)))
        )
        assert managed("orders") == [[], []]
        assert managed("other") == [[rule_name()], [rule_name()]]

    def test_they_follow_its_secondary_region(
        self, events, events_backend, there, create, managed, rule_name, pass_time
    ):
        """[inf] none is left in the region that was it."""
        create()
        events_backend.delays.endpoint = timedelta(minutes=1)
        third = events_backend.client(region="eu-west-2")
        third.create_event_bus(Name="orders")
        bus = THERE.replace("eu-west-1", "eu-west-2")
        events.update_endpoint(Name="e", RoutingConfig=routing("eu-west-2"), EventBuses=buses(HERE, bus))
        name, clients = rule_name(), (events, there, third)
        assert managed(clients=clients) == [[name], [name], []]
        pass_time(minutes=1)
        assert managed(clients=clients) == [[name], [], [name]]
        targets = events.list_targets_by_rule(Rule=name, EventBusName="orders")["Targets"]
        assert [target["Arn"] for target in targets] == [bus]

    def test_they_follow_its_role(self, events, create, rule_name):
        """[doc] the endpoint's role forwards."""
        create()
        events.update_endpoint(Name="e", RoleArn=ROLE + "2")
        [target] = events.list_targets_by_rule(Rule=rule_name(), EventBusName="orders")["Targets"]
        assert target["RoleArn"] == ROLE + "2"

    def test_nobody_changes_them(self, events, create, managed, rule_name, error_of):
        """[doc] ManagedRuleException, for what a managed rule is."""
        create()
        name = rule_name()
        rule = {"Name": name, "EventBusName": "orders"}
        targets = {"Rule": name, "EventBusName": "orders"}
        for call, members in (
            (events.put_rule, rule | {"EventPattern": '{"source": ["x"]}'}),
            (events.disable_rule, rule),
            (events.enable_rule, rule),
            (events.delete_rule, rule),
            (events.put_targets, targets | {"Targets": [{"Id": "x", "Arn": QUEUE}]}),
            (events.remove_targets, targets | {"Ids": [name]}),
        ):
            code, message = error_of(call, **members)
            assert code == "ManagedRuleException"
            assert message.startswith(f"{name} is a managed rule.")
        assert managed() == [[name], [name]]

    def test_force_removes_them_until_the_endpoint_is_changed(self, events, create, managed, rule_name):
        """[inf]."""
        create()
        name = rule_name()
        events.remove_targets(Rule=name, EventBusName="orders", Ids=[name], Force=True)
        events.delete_rule(Name=name, EventBusName="orders", Force=True)
        assert managed() == [[], [name]]
        events.update_endpoint(Name="e", Description="d")
        assert managed() == [[name], [name]]

    def test_they_are_rules_of_their_bus(self, events, create, error_of):
        """[inf] a bus that has rules is not deleted."""
        create()
        assert error_of(events.delete_event_bus, Name="orders") == (
            "ValidationException",
            "EventBus can't be deleted since it has rules.",
        )
        events.delete_endpoint(Name="e")
        events.delete_event_bus(Name="orders")

    def test_of_a_bus_that_is_gone_there_is_none(self, events, there, create, managed, rule_name):
        """[inf] deleting a bus that an endpoint refers to is not refused."""
        create()
        name = rule_name()
        there.remove_targets(Rule=name, EventBusName="orders", Ids=[name], Force=True)
        there.delete_rule(Name=name, EventBusName="orders", Force=True)
        there.delete_event_bus(Name="orders")
        events.delete_endpoint(Name="e")
        assert events.list_rules(EventBusName="orders")["Rules"] == []

    def test_a_bus_that_goes_while_it_is_made_gets_none(
        self, events, events_backend, there, create, managed, described, pass_time
    ):
        """[inf]."""
        events_backend.delays.endpoint = timedelta(minutes=1)
        create()
        there.delete_event_bus(Name="orders")
        pass_time(minutes=1)
        assert described()["State"] == "ACTIVE"
        assert len(managed(clients=[events])[0]) == 1

    def test_two_endpoints_of_the_same_buses_have_their_own(self, create, managed, rule_name):
        """[inf] the suffix is the endpoint's id."""
        create("a")
        create("b")
        names = sorted([rule_name("a"), rule_name("b")])
        assert managed() == [names, names]

    def test_a_snapshot_keeps_them(self, events, events_backend, create, managed, rule_name):
        create()
        name = rule_name()
        snapshot = events_backend.snapshot()
        events.delete_endpoint(Name="e")
        events_backend.restore(snapshot)
        assert managed() == [[name], [name]]


class TestOtherErrors:
    """What AWS answers for reasons that a mock has not, by faults."""

    def test_a_role_that_cannot_be_assumed(self, events_backend, events, create, error_of):
        """[obs] Terraform tries again on it."""
        message = f"Provided role '{ROLE}' cannot be assumed by principal 'events.amazonaws.com'."
        events_backend.faults.inject(
            "ValidationException", message=message, operation="CreateEndpoint", times=1
        )
        assert error_of(create) == ("ValidationException", message)
        create()

    def test_a_health_check_need_not_exist(self, create, described):
        """[inf] AWS refuses one that does not; its text is unknown."""
        create(RoutingConfig=routing(health_check=HEALTH_CHECK + "-nope"))
        assert described()["State"] == "ACTIVE"

    def test_operations_are_throttled(self, events_backend, create, error_of):
        """[doc] five a second."""
        events_backend.faults.inject("ThrottlingException", operation="CreateEndpoint")
        assert error_of(create) == ("ThrottlingException", "Rate exceeded")


class TestRegions:
    """[doc] endpoints are to be had in some regions; [inf] that it is an error elsewhere, and its text."""

    @pytest.fixture
    def elsewhere(self, events_backend):
        def elsewhere(primary, secondary):
            client = events_backend.client(region=primary)
            client.create_endpoint(
                Name="e",
                RoutingConfig=routing(secondary),
                EventBuses=buses(
                    *(
                        f"arn:aws:events:{region}:123456789012:event-bus/default"
                        for region in (primary, secondary)
                    )
                ),
                RoleArn=ROLE,
            )
            return client

        return elsewhere

    def test_a_mock_takes_any(self, elsewhere):
        elsewhere("us-east-1", "mx-central-1")
        elsewhere("mx-central-1", "us-east-1")

    @pytest.mark.eventmock(strict=True)
    @pytest.mark.parametrize("regions", [("us-east-1", "mx-central-1"), ("mx-central-1", "us-east-1")])
    def test_a_strict_mock_takes_aws_s(self, elsewhere, error_of, regions):
        assert error_of(lambda: elsewhere(*regions)) == (
            "ValidationException",
            "Global endpoints are not supported in this region.",
        )
        elsewhere("us-east-1", "us-west-2")


def test_the_default_of_replication_is_shown(events, create, described):
    """[doc] ENABLED, also where the member is there and says nothing."""
    create(ReplicationConfig={})
    assert described()["ReplicationConfig"] == {"State": "ENABLED"}
    events.update_endpoint(Name="e", ReplicationConfig={"State": "DISABLED"})
    events.update_endpoint(Name="e", ReplicationConfig={})
    assert described()["ReplicationConfig"] == {"State": "ENABLED"}
