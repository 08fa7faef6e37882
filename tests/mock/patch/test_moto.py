"""moto beside us: events, appintegrations and scheduler are ours, the rest is moto's."""

from __future__ import annotations

import subprocess
import sys

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from eventmock import NetworkBlocked, mock_events
from eventmock.services.events.event_bus import buses_of


def use_both(backend):
    """Use EventBridge and SQS, and see that each reached its own mock."""
    events = boto3.client("events", region_name="us-east-1")
    events.put_rule(Name="r", EventPattern='{"source": ["x"]}')
    assert list(buses_of(backend.state.accounts.get("123456789012", "us-east-1"))["default"].rules) == ["r"]
    sqs = boto3.client("sqs", region_name="us-east-1")
    assert "/123456789012/q" in sqs.create_queue(QueueName="q")["QueueUrl"]
    assert boto3.client("appintegrations", region_name="us-east-1").list_applications()["Applications"] == []
    with pytest.raises(ClientError, match="This operation cannot be performed on schedule group default"):
        boto3.client("scheduler", region_name="us-east-1").create_schedule_group(Name="default")


def test_moto_inside():
    with mock_events() as backend, mock_aws():
        use_both(backend)


def test_moto_outside():
    with mock_aws(), mock_events() as backend:
        use_both(backend)


def test_a_client_made_before_both():
    client = boto3.client("events", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    with mock_aws(), mock_events():
        client.put_rule(Name="r", EventPattern='{"source": ["x"]}')
        assert [rule["Name"] for rule in client.list_rules()["Rules"]] == ["r"]


def test_overlapping_instead_of_nested():
    moto, ours = mock_aws(), mock_events()
    moto.start()
    backend = ours.start()
    use_both(backend)
    moto.stop()
    assert boto3.client("events", region_name="us-east-1").list_rules()["Rules"]
    with pytest.raises(NetworkBlocked):
        boto3.client("sqs", region_name="us-east-1").list_queues()
    ours.stop()


def test_moto_has_its_events_back_when_ours_has_stopped():
    with mock_aws():
        with mock_events():
            boto3.client("events", region_name="us-east-1").put_rule(
                Name="ours", EventPattern='{"source": ["x"]}'
            )
        assert boto3.client("events", region_name="us-east-1").list_rules()["Rules"] == []


def test_moto_that_is_imported_but_not_active_answers_nothing():
    with mock_events(), pytest.raises(NetworkBlocked):
        boto3.client("sqs", region_name="us-east-1").list_queues()


def test_an_account_assumed_in_moto_is_the_account_here():
    with mock_aws(), mock_events():
        sts = boto3.client("sts", region_name="us-east-1")
        credentials = sts.assume_role(
            RoleArn="arn:aws:iam::222222222222:role/other", RoleSessionName="other"
        )["Credentials"]
        client = boto3.client(
            "events",
            region_name="us-east-1",
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
        )
        assert client.describe_event_bus()["Arn"].split(":")[4] == "222222222222"


def test_moto_s_stubber_is_given_back():
    from moto.core.botocore_stubber import BotocoreStubber

    original = vars(BotocoreStubber)["__call__"].__code__
    with mock_events():
        assert vars(BotocoreStubber)["__call__"].__code__ is not original
    assert vars(BotocoreStubber)["__call__"].__code__ is original


LATE_IMPORT = """
import boto3, sys
from eventmock import mock_events

with mock_events() as backend:
    early = boto3.client("events")
    early.list_rules()
    assert "moto" not in sys.modules
    import moto
    late = boto3.Session().client("events", region_name="us-east-1")
    with moto.mock_aws():
        late.put_rule(Name="r", EventPattern='{"source": ["x"]}')
        assert [rule["Name"] for rule in early.list_rules()["Rules"]] == ["r"]
        assert boto3.Session().client("sqs", region_name="us-east-1").create_queue(QueueName="q")["QueueUrl"]
from moto.core.botocore_stubber import BotocoreStubber
assert vars(BotocoreStubber)["__call__"].__kwdefaults__ is None
print("both")
"""


def test_moto_imported_while_a_mock_is_active():
    run = subprocess.run([sys.executable, "-c", LATE_IMPORT], capture_output=True, text=True, check=False)
    assert (run.stdout, run.returncode) == ("both\n", 0), run.stderr


def test_a_client_from_before_moto_is_told_so_with_the_way_out(tmp_path):
    (tmp_path / "early.py").write_text(
        """
import boto3

early = boto3.client("sqs", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
from moto import mock_aws
from moto.core import patch_client
from eventmock import NetworkBlocked, mock_events

with mock_aws(), mock_events():
    try:
        early.list_queues()
    except NetworkBlocked as error:
        print(error)
    patch_client(early)
    assert early.list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200
""",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, "early.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert run.stdout == (
        "POST https://sqs.us-east-1.amazonaws.com/ (service 'sqs') was about to leave the process, and eventmock lets "
        "nothing out.\n"
        "moto is active, but does not answer this client, because the client was made before moto was imported.\n"
        "Ways out: make the client in the test, or in a function that the test calls; import moto before the module "
        "that makes the client, as at the top of conftest.py;\n"
        "or show the client to moto: moto.core.patch_client(client), and patch_resource for a resource.\n"
    )
