"""MSK clusters as targets of subscribers: their connectivity, and the records that they get."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from eventmock.services.custom_event_bus.msk_connectivity import are_msk_clusters_known

if not are_msk_clusters_known():
    pytest.skip("MSK clusters came with botocore 1.44.7", allow_module_level=True)

CLUSTER = "arn:aws:kafka:us-east-1:123456789012:cluster/orders/11111111-2222-4333-8444-666666666666-1"
INVALID = "InvalidInputException"
ROLE = "arn:aws:iam::123456789012:role/deliver"


class Cluster:
    """A bus with a subscriber whose target is a cluster.

    Attributes:
        got: The records that a function in place of the cluster got.
    """

    def __init__(self, backend, client, bus):
        self.backend, self.client, self.bus, self.got = backend, client, bus, []

    def subscribe(self, name="stream", *, invoke=None, is_taken=True, **members):
        if is_taken:
            self.backend.target(CLUSTER, self.got.append)
        block = {"TopicName": "orders", "Connectivity": "PUBLIC", **members.pop("MskParameters", {})}
        invoke = {"TargetArn": CLUSTER, "RoleArn": ROLE, "MskParameters": block}
        answer = self.client.create_subscriber(
            Name=name, EventBusArn=self.bus, InvokeConfiguration=invoke, **members
        )
        self.arn = answer["SubscriberArn"]
        return answer

    def update(self, **members):
        block = {"TopicName": "orders", "Connectivity": "PUBLIC", **members}
        invoke = {"RoleArn": ROLE, "MskParameters": block}
        return self.client.update_subscriber(SubscriberArn=self.arn, InvokeConfiguration=invoke)

    @property
    def details(self):
        return self.client.describe_subscriber(SubscriberArn=self.arn)["SubscriberDetails"]["MskDetails"]

    def publish(self, data=b'{"n": 1}', content_type="application/json", group="g"):
        system = {"ContentType": content_type, "EventGroupId": group}
        entries = [{"Data": data, "SystemMetadata": system}]
        self.client.put_raw_events(EventBusArn=self.bus, Entries=entries)


@pytest.fixture
def cluster(backend, client, create):
    return Cluster(backend, client, create())


class TestConnectivity:
    def test_it_is_provisioning_in_the_answer_and_active_then(self, cluster, client):
        answer = cluster.subscribe()
        assert answer["SubscriberDetails"] == {"MskDetails": {"ConnectivityState": "PROVISIONING"}}
        client.get_waiter("msk_subscriber_active").wait(SubscriberArn=cluster.arn)
        assert cluster.details == {"ConnectivityState": "ACTIVE"}

    def test_a_private_one_has_a_connection_when_it_is_active(self, cluster, backend):
        backend.delays.msk_connectivity = timedelta(minutes=3)
        cluster.subscribe(MskParameters={"Connectivity": "PRIVATE"})
        assert cluster.details == {"ConnectivityState": "PROVISIONING"}
        backend.clock.advance(minutes=3)
        details = cluster.details
        assert details["ConnectivityState"] == "ACTIVE"
        assert ":vpc-connection/123456789012/orders/" in details["VpcConnectionArn"]

    def test_what_is_published_before_it_is_active_waits(self, cluster, backend):
        backend.delays.msk_connectivity = timedelta(minutes=10)
        cluster.subscribe()
        cluster.publish()
        backend.clock.advance(minutes=9)
        assert cluster.got == []
        backend.clock.advance(minutes=1)
        assert [record.value for record in cluster.got] == [{"n": 1}]
        assert [one.status for one in backend.deliveries] == ["delivered"]

    def test_an_update_meanwhile_does_not_hold_it_up(self, cluster, client, backend):
        backend.delays.msk_connectivity = timedelta(minutes=3)
        cluster.subscribe()
        answer = client.update_subscriber(SubscriberArn=cluster.arn, Description="new")
        assert answer["SubscriberDetails"]["MskDetails"]["ConnectivityState"] == "PROVISIONING"
        backend.clock.advance(minutes=3)
        assert cluster.details["ConnectivityState"] == "ACTIVE"

    def test_a_stopped_subscriber_becomes_active_and_delivers_nothing(self, cluster, client):
        cluster.subscribe(State="STOPPED")
        cluster.publish()
        assert cluster.details["ConnectivityState"] == "ACTIVE"
        assert cluster.got == []
        client.update_subscriber(SubscriberArn=cluster.arn, State="RUNNING")
        assert len(cluster.got) == 1

    def test_a_fault_makes_it_fail_and_an_update_of_the_target_tries_again(self, cluster, backend):
        with backend.faults.inject("no multi-VPC connectivity", state="PROVISION_FAILED"):
            cluster.subscribe()
        cluster.publish()
        assert cluster.details == {
            "ConnectivityState": "PROVISION_FAILED",
            "StateReason": "no multi-VPC connectivity",
        }
        assert cluster.got == []
        cluster.update()
        assert cluster.details == {"ConnectivityState": "ACTIVE"}
        assert len(cluster.got) == 1

    def test_another_way_to_the_cluster_is_provisioned_again_and_another_topic_is_not(self, cluster):
        cluster.subscribe()
        assert cluster.details["ConnectivityState"] == "ACTIVE"
        answer = cluster.update(TopicName="other")
        assert answer["SubscriberDetails"]["MskDetails"] == {"ConnectivityState": "ACTIVE"}
        answer = cluster.update(Connectivity="PRIVATE")
        assert answer["SubscriberDetails"]["MskDetails"] == {"ConnectivityState": "PROVISIONING"}
        assert "VpcConnectionArn" in cluster.details

    def test_the_tester_is_told_why_nothing_comes(self, cluster, backend):
        backend.delays.msk_connectivity = timedelta(minutes=3)
        cluster.subscribe()
        cluster.publish()
        assert "connectivity of the subscriber to its cluster is PROVISIONING" in str(
            backend.explain({"n": 1}, bus="orders")
        )

    def test_other_targets_have_no_details(self, subscribe, shown):
        assert "SubscriberDetails" not in shown(subscribe())

    def test_a_snapshot_keeps_it(self, cluster, backend):
        backend.delays.msk_connectivity = timedelta(minutes=3)
        cluster.subscribe()
        kept = backend.snapshot()
        backend.clock.advance(minutes=3)
        assert cluster.details["ConnectivityState"] == "ACTIVE"
        backend.restore(kept)
        assert cluster.details["ConnectivityState"] == "PROVISIONING"
        backend.clock.advance(minutes=3)
        assert cluster.details["ConnectivityState"] == "ACTIVE"


class TestRecords:
    def test_a_function_gets_a_record_for_each_event(self, cluster):
        headers = [{"Key": "h", "Value": "1"}, {"Key": "h"}]
        cluster.subscribe(MskParameters={"PartitionKey": "k", "Headers": headers})
        cluster.publish()
        [first] = cluster.got
        assert (first.topic, first.key, first.value) == ("orders", "k", {"n": 1})
        assert list(first.headers) == [("h", "1"), ("h", "")]

    def test_binary_data_are_bytes(self, cluster):
        cluster.subscribe()
        cluster.publish(b"\x00\x01", "application/octet-stream")
        assert cluster.got[0].value == b"\x00\x01"

    @pytest.mark.parametrize(("type_", "key"), [("FIFO", "g7"), ("UNORDERED", None)])
    def test_the_key_of_a_fifo_subscriber_is_the_event_group_unless_one_is_given(self, cluster, type_, key):
        cluster.subscribe(Type=type_)
        cluster.publish(group="g7")
        assert cluster.got[0].key == key
        cluster.update(PartitionKey="own")
        cluster.publish(group="g7")
        assert cluster.got[1].key == "own"

    def test_the_call_shows_the_records_and_the_settings_of_the_producer(self, cluster, backend):
        cluster.subscribe(is_taken=False)
        cluster.publish()
        [delivery] = backend.deliveries
        assert delivery.taken_by == "nobody"
        assert delivery.request.parameters == {
            "ClusterArn": CLUSTER,
            "ClientId": cluster.arn,
            "Acks": "ALL",
            "Compression": "NONE",
            "Records": [{"Topic": "orders", "Key": None, "Headers": [], "Value": b'{"n": 1}'}],
        }

    def test_a_client_id_and_the_like_are_as_given(self, cluster, backend):
        given = {"ClientId": "mine", "Acks": "LEADER", "Compression": "ZSTD"}
        cluster.subscribe(is_taken=False, MskParameters=given)
        cluster.publish()
        assert given.items() <= backend.deliveries[0].request.parameters.items()

    def test_a_topic_that_an_expression_makes_must_be_a_name_of_one(self, cluster, backend):
        pytest.importorskip("jsonata")
        cluster.subscribe(
            MskParameters={"TopicName": "{% $events.Data.topic %}"},
            RetryPolicy={"MaxRetryAttempts": 0},
            OnFailureConfiguration={"Arn": "arn:aws:sqs:us-east-1:123456789012:dead"},
        )
        cluster.publish(b'{"topic": "good"}')
        cluster.publish(b'{"topic": "no good"}')
        assert [record.topic for record in cluster.got] == ["good"]
        [letter] = backend.dead_letters
        assert json.loads(letter.body)["errorCode"] == "CUSTOMER_VALIDATION"


class TestChecks:
    def test_the_block_is_needed(self, subscribe, error_of):
        text = "MskParameters is required when TargetArn is an MSK cluster"
        assert error_of(subscribe, target=CLUSTER) == (INVALID, text)

    @pytest.mark.parametrize("name", [".", "..", "a b", "x" * 250, "a/b"])
    def test_a_literal_topic_must_be_a_name_of_one(self, subscribe, error_of, name):
        invoke = {"MskParameters": {"TopicName": name, "Connectivity": "PUBLIC"}}
        assert error_of(subscribe, target=CLUSTER, invoke=invoke)[0] == INVALID

    @pytest.mark.parametrize(
        ("cluster_arn", "text"),
        [
            (CLUSTER.replace("us-east-1", "eu-west-1"), "must be in region us-east-1"),
            (CLUSTER.replace("123456789012", "210987654321"), "must match the subscriber account"),
            (CLUSTER.replace("cluster/", "topic/"), "of the form cluster/{name}/{uuid}"),
        ],
    )
    def test_the_arn_is_that_of_a_cluster_of_the_subscriber(self, subscribe, error_of, cluster_arn, text):
        code, message = error_of(subscribe, target=cluster_arn)
        assert (code, text in message) == (INVALID, True)

    def test_a_rule_has_no_cluster_as_its_target(self, backend):
        events = backend.client("events")
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        with pytest.raises(
            events.exceptions.ClientError, match="kafka is not a supported service for a target"
        ):
            events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": CLUSTER, "RoleArn": ROLE}])
