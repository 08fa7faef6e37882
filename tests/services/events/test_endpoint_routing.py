"""PutEvents with an EndpointId: every row of global-endpoints section 4, by its source mark.

[model] botocore's service model, [doc] AWS's documentation, [obs] seen on AWS by others, [run] seen of botocore,
[inf] inferred: AWS does not tell.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, InvalidEndpointConfigurationError

from eventmock import mock_events

START = "2026-11-21T12:00:00Z"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HERE, THERE = "us-east-1", "us-west-2"
ACCOUNT, OTHER_ACCOUNT = "123456789012", "222222222222"
HEALTH_CHECK = "arn:aws:route53:::healthcheck/7f42"
SHIP = f"arn:aws:events:{HERE}:{ACCOUNT}:rule/orders/ship"
ARN = f"arn:aws:events:{HERE}:{ACCOUNT}:endpoint/ep"
PATTERN = '{"source": ["shop"]}'

pytestmark = pytest.mark.eventmock(start_time=START)


def bus_arn(region, bus="orders", account=ACCOUNT):
    return f"arn:aws:events:{region}:{account}:event-bus/{bus}"


def make(backend, name="ep", *, bus="orders", state="ENABLED", account=None, rules=True):
    """Make an endpoint with its buses and a rule with a function on each; gives its id and what came where."""
    came = {HERE: [], THERE: []}
    for region in (HERE, THERE):
        client = backend.client(region=region, account=account)
        if bus != "default":
            client.create_event_bus(Name=bus)
        if rules:
            client.put_rule(Name="ship", EventBusName=bus, EventPattern=PATTERN)
            backend.target("ship", came[region].append, bus=bus, region=region, account=account)
    client = backend.client(account=account)
    primary, secondary = {"HealthCheck": HEALTH_CHECK}, {"Route": THERE}
    client.create_endpoint(
        Name=name,
        RoutingConfig={"FailoverConfig": {"Primary": primary, "Secondary": secondary}},
        ReplicationConfig={"State": state},
        EventBuses=[{"EventBusArn": bus_arn(region, bus, account or ACCOUNT)} for region in (HERE, THERE)],
        RoleArn="arn:aws:iam::123456789012:role/r",
    )
    endpoint_id = client.describe_endpoint(Name=name)["EndpointId"]
    return SimpleNamespace(id=endpoint_id, came=came)


@pytest.fixture
def ep(events_backend):
    return make(events_backend)


@pytest.fixture
def fail_over(events_backend):
    return events_backend.health_check(HEALTH_CHECK).set_unhealthy


@pytest.fixture
def put(events, order):
    """A function that puts one order through an endpoint, and gives its entry of the answer."""

    def put(endpoint_id, client=None, **members):
        entry = {"EventBusName": "orders"} | order | members
        entry = {name: value for name, value in entry.items() if value is not None}
        answer = (client or events).put_events(EndpointId=endpoint_id, Entries=[entry])
        return answer["Entries"][0]

    return put


def places(backend):
    return [(event.region, event.bus) for event in backend.endpoint("ep").events]


def sent_by(client):
    """What a client is about to send, as it is about to."""
    sent = []
    client.meta.events.register(
        "before-send.eventbridge.PutEvents", lambda request, **_: sent.append(request)
    )
    return sent


def header(request, name):
    value = request.headers[name]
    return value.decode() if isinstance(value, bytes) else value


class TestRequest:
    @pytest.mark.parametrize(
        ("arguments", "host"),
        [
            ({}, "{}.endpoint.events.amazonaws.com"),
            ({"config": Config(use_dualstack_endpoint=True)}, "{}.endpoint.events.api.aws"),
            ({"region_name": "cn-north-1"}, "{}.endpoint.events.amazonaws.com.cn"),
            ({"region_name": "eu-central-1"}, "{}.endpoint.events.amazonaws.com"),
            ({"endpoint_url": "http://localhost:4566"}, "localhost:4566"),
            ({"config": Config(signature_version=UNSIGNED)}, "{}.endpoint.events.amazonaws.com"),
            ({"config": Config(signature_version="v4")}, "{}.endpoint.events.amazonaws.com"),
            ({"config": Config(parameter_validation=False)}, "{}.endpoint.events.amazonaws.com"),
        ],
        ids=range(8),
    )
    def test_it_is_routed_by_its_body_whatever_its_host_is(self, events_backend, ep, put, arguments, host):
        """[run] the hosts, [inf] that the body decides."""
        client = boto3.client("events", **{"region_name": HERE} | arguments)
        sent = sent_by(client)
        put(ep.id, client)
        assert re.match("https?://([^/]+)/", sent[0].url)[1] == host.format(ep.id)
        assert json.loads(sent[0].body)["EndpointId"] == ep.id
        assert places(events_backend) == [(HERE, "orders")]

    def test_its_signature_names_no_region(self, events, ep, put):
        """[run]."""
        sent = sent_by(events)
        put(ep.id)
        assert header(sent[0], "X-Amz-Region-Set") == "*"
        scope = r"AWS4-ECDSA-P256-SHA256 Credential=[^/]+/\d{8}/events/aws4_request, .*"
        assert re.fullmatch(scope, header(sent[0], "Authorization"))

    def test_signed_by_sigv4_it_names_the_client_s_region(self, ep, put):
        """[run]."""
        client = boto3.client("events", HERE, config=Config(signature_version="v4"))
        sent = sent_by(client)
        put(ep.id, client)
        assert f"/{HERE}/events/aws4_request" in header(sent[0], "Authorization")

    def test_the_client_refuses_fips(self, ep, put):
        """[run]."""
        client = boto3.client("events", HERE, config=Config(use_fips_endpoint=True))
        with pytest.raises(InvalidEndpointConfigurationError, match="FIPS is not supported"):
            put(ep.id, client)

    def test_the_client_refuses_an_id_that_is_no_host(self, put):
        """[run]."""
        with pytest.raises(InvalidEndpointConfigurationError, match="must be a valid host label"):
            put("abc_.x")

    def test_the_id_is_checked_before_anything_is_looked_for(self, unchecked, violation_of, order):
        """[model] 1 to 50 characters with exactly one dot."""
        pattern = r"satisfy regular expression pattern: ^[A-Za-z0-9\-]+[\.][A-Za-z0-9\-]+$"
        entries = [order]
        for wrong, constraint in (
            ("abcde", pattern),
            ("a.b.c", pattern),
            ("a" * 48 + ".ab", "have length less than or equal to 50"),
        ):
            assert violation_of(unchecked.put_events, EndpointId=wrong, Entries=entries) == (
                f"'{wrong}' at 'endpointId'",
                constraint,
            )


class TestEndpoint:
    def test_one_that_is_not_there(self, events_backend, ep, put, error_of):
        """[inf] on AWS its name would not resolve."""
        assert error_of(put, endpoint_id="abcde.veo") == (
            "ResourceNotFoundException",
            "Endpoint abcde.veo does not exist.",
        )
        assert list(events_backend.events) == []

    def test_one_that_is_not_there_may_be_a_connection_that_fails(self, events_backend, put):
        """[inf] the faithful answer is a fault's to give."""
        events_backend.faults.inject(ConnectionError, operation="PutEvents")
        with pytest.raises(EndpointConnectionError, match=re.escape("https://abcde.veo.endpoint.events")):
            put("abcde.veo")

    def test_only_an_active_one_and_one_that_changes_serve(self, events_backend, events, put, error_of):
        """[inf] ACTIVE and UPDATING serve, CREATING and DELETING do not."""
        events_backend.delays.endpoint = timedelta(minutes=1)
        ep = make(events_backend)
        not_found = "ResourceNotFoundException", f"Endpoint {ep.id} does not exist."
        assert error_of(put, endpoint_id=ep.id) == not_found
        events_backend.clock.advance(minutes=1)
        put(ep.id)
        events.update_endpoint(Name="ep", Description="new")
        put(ep.id)
        events_backend.clock.advance(minutes=1)
        put(ep.id)
        events.delete_endpoint(Name="ep")
        assert error_of(put, endpoint_id=ep.id) == not_found
        assert len(ep.came[HERE]) == len(ep.came[THERE]) == 3

    def test_the_id_of_one_that_was_made_anew_is_another(self, events_backend, events, ep, put, error_of):
        """[inf]."""
        shown = events.describe_endpoint(Name="ep")
        events.delete_endpoint(Name="ep")
        events.create_endpoint(
            **{name: shown[name] for name in ("Name", "RoutingConfig", "EventBuses", "RoleArn")}
        )
        assert error_of(put, endpoint_id=ep.id)[0] == "ResourceNotFoundException"
        put(events.describe_endpoint(Name="ep")["EndpointId"])
        assert len(ep.came[HERE]) == 1

    def test_accounts_may_have_endpoints_of_one_name(self, events_backend, ep, put):
        """[inf] the id alone says which, and the event is of the account that calls [doc]."""
        other = make(events_backend, account=OTHER_ACCOUNT)
        assert other.id != ep.id
        put(other.id, events_backend.client(account=OTHER_ACCOUNT, region=THERE))
        assert ep.came == {HERE: [], THERE: []}
        assert [event["account"] for event in other.came[HERE] + other.came[THERE]] == [OTHER_ACCOUNT] * 2
        theirs = events_backend.endpoint("ep", account=OTHER_ACCOUNT)
        assert [event.account for event in theirs.events] == [OTHER_ACCOUNT]
        assert list(events_backend.endpoint("ep").events) == []

    def test_another_account_s_events_come_to_the_endpoint_s_bus(self, events_backend, ep, put):
        """[inf] as by the ARN of a bus of another account."""
        put(ep.id, events_backend.client(account=OTHER_ACCOUNT))
        assert [event["account"] for event in ep.came[HERE] + ep.came[THERE]] == [OTHER_ACCOUNT] * 2
        assert events_backend.endpoint("ep").events[0].account == ACCOUNT

    def test_a_bus_that_is_gone_drops_the_event_as_any_unknown_bus(self, events_backend, events, put):
        """[inf] an endpoint does not keep its bus from being deleted."""
        ep = make(events_backend, state="DISABLED", rules=False)
        events.delete_event_bus(Name="orders")
        assert put(ep.id)["EventId"]
        assert events_backend.events[0].dropped == f"there is no event bus {bus_arn(HERE)}"


class TestEventBusName:
    @pytest.mark.parametrize("name", ["orders", bus_arn(HERE), bus_arn(THERE)])
    @pytest.mark.parametrize("serving", [HERE, THERE])
    def test_a_name_and_either_arn_mean_the_serving_region_s_bus(
        self, events_backend, ep, put, fail_over, name, serving
    ):
        """[model] the name or an ARN of either region."""
        if serving == THERE:
            fail_over()
        assert put(ep.id, EventBusName=name)["EventId"]
        assert places(events_backend) == [(serving, "orders")]

    @pytest.mark.parametrize("name", [None, "default", bus_arn(HERE, "default"), bus_arn(THERE, "default")])
    def test_an_endpoint_of_default_buses_needs_no_name(self, events_backend, put, fail_over, name):
        """[inf] of the wording of the doc."""
        ep = make(events_backend, bus="default")
        put(ep.id, EventBusName=name)
        fail_over()
        put(ep.id, EventBusName=name)
        assert places(events_backend) == [(HERE, "default"), (THERE, "default")]

    @pytest.mark.parametrize(
        "name", ["default", "Orders", "nope", bus_arn("eu-west-1"), bus_arn(HERE, account=OTHER_ACCOUNT)]
    )
    def test_another_bus_is_an_error_of_the_entry(self, events_backend, ep, put, name):
        """[inf] code and text."""
        why = f"Reason: Event bus {name} is not associated with endpoint {ep.id}."
        expected = {
            "ErrorCode": "InvalidArgument",
            "ErrorMessage": f"Parameter EventBusName is not valid. {why}",
        }
        assert put(ep.id, EventBusName=name) == expected
        assert events_backend.endpoint("ep").events[0].refused == ": ".join(expected.values())
        assert ep.came == {HERE: [], THERE: []}

    def test_a_custom_bus_must_be_named(self, ep, put):
        """[obs] SDK maintainers; [inf] the answer."""
        answer = put(ep.id, EventBusName=None)
        assert answer["ErrorMessage"].endswith(f"Event bus default is not associated with endpoint {ep.id}.")

    def test_the_other_entries_are_put(self, events, ep, order):
        """[inf] an entry fails alone."""
        entries = [order | {"EventBusName": name} for name in ("orders", "nope", "orders")]
        answer = events.put_events(EndpointId=ep.id, Entries=entries)
        assert answer["FailedEntryCount"] == 1
        assert ["EventId" in entry for entry in answer["Entries"]] == [True, False, True]
        assert len(ep.came[HERE]) == len(ep.came[THERE]) == 2


class TestServingRegion:
    def test_healthy_is_the_primary_and_unhealthy_the_secondary(self, events_backend, ep, put, fail_over):
        """[doc]."""
        put(ep.id)
        fail_over()
        put(ep.id)
        events_backend.health_check(HEALTH_CHECK).set_healthy()
        put(ep.id)
        assert [region for region, _ in places(events_backend)] == [HERE, THERE, HERE]

    def test_the_other_region_gets_a_copy(self, events_backend, ep, put, fail_over):
        """[doc] asynchronously, in either direction."""
        put(ep.id)
        fail_over()
        put(ep.id)
        assert [event["region"] for event in ep.came[HERE]] == [HERE, THERE]
        assert [event["region"] for event in ep.came[THERE]] == [HERE, THERE]

    def test_without_replication_it_gets_none(self, events_backend, put, fail_over):
        """[doc]."""
        ep = make(events_backend, state="DISABLED")
        put(ep.id)
        fail_over()
        put(ep.id)
        assert [len(ep.came[region]) for region in (HERE, THERE)] == [1, 1]
        assert list(events_backend.endpoint("ep").copies) == []

    def test_limits_are_the_serving_region_s(self, events_backend, events, ep, put, fail_over):
        """[inf] an entry's fault of a region hits only what that region serves."""
        events_backend.faults.inject("ThrottlingException", entry=True, region=THERE)
        assert "EventId" in put(ep.id)
        fail_over()
        assert put(ep.id)["ErrorCode"] == "ThrottlingException"


def signing_for(monkeypatch, region_set):
    """The configuration of a client that signs for these regions, or a skip where botocore cannot."""
    if "sigv4a_signing_region_set" not in Config.OPTION_DEFAULTS:
        pytest.skip("this botocore signs for all regions")
    monkeypatch.setenv("AWS_SIGV4A_SIGNING_REGION_SET", region_set)
    return Config()


class TestSignature:
    """[obs] boto3 issue 4465: during failover a client that signs for one region only is refused."""

    def refusals(self, backend, config):
        ep = make(backend, rules=False)
        for region in (HERE, THERE):
            backend.client(region=region).put_rule(Name="all", EventBusName="orders", EventPattern=PATTERN)
            backend.target("all", bus="orders", region=region)
        client = boto3.client("events", HERE, config=config)
        entries = [{"Source": "shop", "DetailType": "d", "Detail": "{}", "EventBusName": "orders"}]
        found = []
        for turn in (lambda: None, backend.health_check(HEALTH_CHECK).set_unhealthy):
            turn()
            try:
                client.put_events(EndpointId=ep.id, Entries=entries)
                found.append(None)
            except ClientError as error:
                found.append(error.response)
        return found

    def test_a_strict_mock_refuses_it_during_failover(self):
        with mock_events(strict=True, isolated=True) as backend:
            normal, failover = self.refusals(backend, Config(signature_version="v4"))
        assert normal is None
        assert failover["Error"] == {
            "Code": "InvalidSignatureException",
            "Message": "Credential should be scoped to a valid region.",
        }
        assert failover["ResponseMetadata"]["HTTPStatusCode"] == 400

    def test_a_strict_mock_takes_sigv4a(self):
        with mock_events(strict=True, isolated=True) as backend:
            assert self.refusals(backend, None) == [None, None]

    def test_another_mock_lets_it_pass(self):
        with mock_events(isolated=True) as backend:
            assert self.refusals(backend, Config(signature_version="v4")) == [None, None]

    @pytest.mark.parametrize(
        ("region_set", "refused"),
        [
            ("*", [False, False]),
            (f"{HERE},{THERE}", [False, False]),
            (f"{HERE}, {THERE}", [False, False]),
            ("us-*", [False, False]),
            (HERE, [False, True]),
            (THERE, [True, False]),
            ("eu-west-1", [True, True]),
            (f"x{HERE}", [True, True]),
        ],
    )
    def test_a_strict_mock_looks_at_the_regions_that_it_is_signed_for(self, monkeypatch, region_set, refused):
        """[inf] as a client that signs for one region only."""
        with mock_events(strict=True, isolated=True) as backend:
            found = self.refusals(backend, signing_for(monkeypatch, region_set))
        assert [error is not None for error in found] == refused
        assert {error["Error"]["Code"] for error in found if error} <= {"InvalidSignatureException"}

    def test_a_strict_mock_refuses_a_request_that_is_not_signed(self):
        """[inf] the words are those of other services of the same protocol."""
        with mock_events(strict=True, isolated=True) as backend:
            found = self.refusals(backend, Config(signature_version=UNSIGNED))
        assert [error["Error"] for error in found] == [
            {"Code": "MissingAuthenticationTokenException", "Message": "Missing Authentication Token"}
        ] * 2

    def test_another_mock_takes_one_that_is_not_signed(self):
        with mock_events(isolated=True) as backend:
            assert self.refusals(backend, Config(signature_version=UNSIGNED)) == [None, None]


class TestEvent:
    def test_it_is_of_the_region_that_serves(self, ep, put, fail_over):
        """[doc] region, account, time now, and the ids of the answers."""
        first = put(ep.id)
        fail_over()
        second = put(ep.id)
        original, moved = ep.came[HERE][0], ep.came[THERE][1]
        assert (original["id"], moved["id"]) == (first["EventId"], second["EventId"])
        assert (original["region"], moved["region"]) == (HERE, THERE)
        assert original["account"] == moved["account"] == ACCOUNT
        assert original["time"] == moved["time"] == "2026-11-21T12:00:00Z"

    def test_a_time_that_is_given_is_kept_and_the_copy_s_is_that_of_its_hop(self, events_backend, ep, put):
        """[doc] as sent; [obs] stamped anew at the hop."""
        events_backend.delays.replication = timedelta(minutes=2)
        put(ep.id, Time=datetime(2026, 1, 2, tzinfo=UTC))
        events_backend.clock.advance(minutes=2)
        assert ep.came[HERE][0]["time"] == "2026-01-02T00:00:00Z"
        assert ep.came[THERE][0]["time"] == "2026-11-21T12:02:00Z"

    @pytest.mark.parametrize("given", [[], ["one", "two"], [ARN]])
    def test_with_replication_the_endpoint_is_its_last_resource(self, ep, put, given):
        """[doc] it is among them; [inf] the last."""
        put(ep.id, Resources=given)
        assert ep.came[HERE][0]["resources"] == ep.came[THERE][0]["resources"] == [*given, ARN]

    def test_without_replication_its_resources_are_as_they_were_put(self, events_backend, put):
        """[inf]."""
        ep = make(events_backend, state="DISABLED")
        put(ep.id, Resources=["one"])
        assert ep.came[HERE][0]["resources"] == ["one"]

    def test_an_event_that_is_put_in_a_region_is_no_endpoint_s(self, events_backend, events, ep, order):
        """[inf] it is not replicated: the managed rule asks for the endpoint's ARN."""
        events.put_events(Entries=[order | {"EventBusName": "orders"}])
        assert ep.came[HERE][0]["resources"] == []
        assert ep.came[THERE] == []
        assert events_backend.events[0].endpoint is None
        assert list(events_backend.endpoint("ep").events) == []


class TestCopy:
    def test_it_is_the_same_but_for_its_id(self, ep, put):
        """[doc] ids differ between the regions, region and the rest are kept."""
        put(ep.id, Resources=["r"], Detail='{"state": "PAID", "n": 1.0}')
        original, copy = ep.came[HERE][0], ep.came[THERE][0]
        assert original["id"] != copy["id"]
        assert original | {"id": copy["id"]} == copy

    def test_it_leads_to_its_original(self, events_backend, ep, put):
        """[inf]."""
        answer = put(ep.id)
        [copy] = events_backend.endpoint("ep").copies
        assert (copy.region, copy.origin, copy.endpoint) == (THERE, "bus", None)
        assert copy.replica_of is events_backend.endpoint("ep").events[0]
        assert copy.replica_of.event_id == answer["EventId"]
        assert copy.replica_of.replica_of is None

    def test_it_is_not_copied_back(self, events_backend, ep, put, fail_over):
        """[inf] the managed rule's region stops it."""
        put(ep.id)
        fail_over()
        put(ep.id)
        assert [event.region for event in events_backend.events] == [HERE, THERE, THERE, HERE]
        assert events_backend.deliveries.where(status="delivered") == events_backend.deliveries

    def test_it_comes_after_a_while_if_replication_takes_one(self, events_backend, ep, put):
        """[doc] asynchronous."""
        events_backend.delays.replication = timedelta(seconds=30)
        put(ep.id)
        events_backend.clock.advance(seconds=29)
        assert (len(ep.came[HERE]), len(ep.came[THERE])) == (1, 0)
        events_backend.clock.advance(seconds=1)
        assert len(ep.came[THERE]) == 1

    def test_archives_of_both_regions_keep_what_came_to_theirs(self, events_backend, ep, put):
        """[inf] each bus's archive sees its own region's event."""
        for region in (HERE, THERE):
            client = events_backend.client(region=region)
            client.create_archive(ArchiveName=f"all-{region}", EventSourceArn=bus_arn(region))
        put(ep.id)
        assert [event.archived for event in events_backend.events] == [[f"all-{HERE}"], [f"all-{THERE}"]]
        for region in (HERE, THERE):
            client = events_backend.client(region=region)
            assert client.describe_archive(ArchiveName=f"all-{region}")["EventCount"] == 1

    def test_a_user_s_rule_does_not_take_it_to_one_more_region(self, events_backend, ep, put):
        """[obs] targets-and-delivery section 3: a second hop between regions is refused."""
        third = events_backend.client(region="eu-west-1").create_event_bus(Name="orders")["EventBusArn"]
        queue = f"arn:aws:sqs:{THERE}:{ACCOUNT}:dead"
        there = events_backend.client(region=THERE)
        there.put_rule(Name="on", EventBusName="orders", EventPattern=PATTERN)
        target = {"Id": "1", "Arn": third, "RoleArn": "arn:aws:iam::123456789012:role/r"}
        there.put_targets(
            Rule="on", EventBusName="orders", Targets=[target | {"DeadLetterConfig": {"Arn": queue}}]
        )
        put(ep.id)
        [letter] = events_backend.dead_letters
        assert letter.attributes["ERROR_CODE"] == "THIRD_REGION_HOP_DETECTED"
        assert "eu-west-1" not in {event.region for event in events_backend.events}

    def test_an_original_may_go_to_one_more_region(self, events_backend, ep, put):
        """[obs] one hop between regions is allowed."""
        third = events_backend.client(region="eu-west-1").create_event_bus(Name="orders")["EventBusArn"]
        here = events_backend.client()
        here.put_rule(Name="on", EventBusName="orders", EventPattern=PATTERN)
        target = {"Id": "1", "Arn": third, "RoleArn": "arn:aws:iam::123456789012:role/r"}
        here.put_targets(Rule="on", EventBusName="orders", Targets=[target])
        put(ep.id)
        assert {event.region for event in events_backend.events} == {HERE, THERE, "eu-west-1"}
        assert [copy.region for copy in events_backend.endpoint("ep").copies] == [THERE]

    @pytest.mark.parametrize(("rules", "copies"), [({}, 2), ({"FilterArns": [SHIP]}, 1)], ids=["all", "one"])
    def test_a_replay_is_copied_unless_it_is_for_other_rules(self, events_backend, ep, put, rules, copies):
        """[inf] to a replayed event the managed rule is a rule like any."""
        client = events_backend.client()
        archive = client.create_archive(ArchiveName="all", EventSourceArn=bus_arn(HERE))["ArchiveArn"]
        put(ep.id)
        events_backend.clock.advance(minutes=1)
        client.start_replay(
            ReplayName="again",
            EventSourceArn=archive,
            EventStartTime=NOW,
            EventEndTime=NOW + timedelta(minutes=1),
            Destination={"Arn": bus_arn(HERE)} | rules,
        )
        events_backend.clock.advance(minutes=1)
        assert (len(ep.came[HERE]), len(ep.came[THERE])) == (2, copies)

    def test_a_copy_that_fails_is_the_managed_rule_s_failure(self, events_backend, ep, put):
        """[doc] the endpoint's role forwards: where it may not, the original is accepted all the same."""
        fault = events_backend.faults.inject("NO_PERMISSIONS", target=bus_arn(THERE))
        assert put(ep.id)["EventId"]
        fault.stop()
        [copy] = events_backend.deliveries.where(target=bus_arn(THERE))
        assert copy.rule_name == f"GlobalEndpointManagedRule-{ep.id.partition('.')[0]}"
        assert (copy.status, copy.reason.partition(":")[0]) == ("dropped", "NO_PERMISSIONS")
        assert (len(ep.came[HERE]), len(ep.came[THERE])) == (1, 0)


class TestRefusals:
    def test_an_entry_that_is_wrong_fails_alone(self, events, ep, order):
        """[doc] as without an endpoint."""
        entry = order | {"EventBusName": "orders"}
        wrong = entry | {"Detail": "{"}
        answer = events.put_events(EndpointId=ep.id, Entries=[wrong, entry, entry | {"Source": "aws.x"}])
        assert [one.get("ErrorCode") for one in answer["Entries"]] == [
            "MalformedDetail",
            None,
            "NotAuthorizedForSourceException",
        ]
        assert len(ep.came[HERE]) == len(ep.came[THERE]) == 1

    def test_a_request_has_a_size(self, events_backend, events, ep, order, error_of):
        """[doc] that of the entries; [inf] what the endpoint adds to them does not count."""
        entry = order | {"EventBusName": "orders", "Detail": "{}"}
        events_backend.quotas.put_events_bytes = sum(len(entry[name]) for name in order)
        assert events.put_events(EndpointId=ep.id, Entries=[entry])["FailedEntryCount"] == 0
        assert error_of(events.put_events, EndpointId=ep.id, Entries=[entry, entry]) == (
            "ValidationException",
            "Total size of the entries in the request is over the limit.",
        )

    def test_a_request_has_ten_entries(self, unchecked, ep, order, violation_of):
        """[model]."""
        _, constraint = violation_of(unchecked.put_events, EndpointId=ep.id, Entries=[order] * 11)
        assert constraint == "have length less than or equal to 10"


def test_a_fault_in_the_region_that_serves_is_hit(events_backend):
    endpoint_id = make(events_backend).id
    events_backend.health_check(HEALTH_CHECK).set_unhealthy()
    here = events_backend.faults.inject("ThrottlingException", operation="PutEvents", region=HERE, times=1)
    there = events_backend.faults.inject("ThrottlingException", operation="PutEvents", region=THERE, times=1)
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}", "EventBusName": "orders"}
    answer = events_backend.client().put_events(EndpointId=endpoint_id, Entries=[entry])
    assert (here.hits, there.hits, answer["ResponseMetadata"]["RetryAttempts"]) == (0, 1, 1)
