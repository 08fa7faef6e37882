"""Signing of calls with an EndpointId, with and without awscrt: global-endpoints section 4, all [run]."""

from __future__ import annotations

from types import SimpleNamespace

import boto3
import pytest
from botocore import UNSIGNED
from botocore.auth import AUTH_TYPE_MAPS
from botocore.config import Config
from botocore.exceptions import ClientError, MissingDependencyException

from eventmock import mock_events

NAMES = {"v4a", "s3v4a", "s3v4a-query"}
ENTRIES = [{"Source": "shop", "DetailType": "order", "Detail": "{}"}]
MULTI_REGION = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"


def client(service="events", **more):
    credentials = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    return boto3.client(service, region_name="us-east-1", **credentials, **more)


def put_to_unknown_endpoint():
    """Puts events through an endpoint, and gives the code of the answer: it came through if there is one."""
    try:
        client().put_events(EndpointId="abcde.veo", Entries=ENTRIES)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


class TestWithoutAwscrt:
    @pytest.fixture(autouse=True)
    def _no_sigv4a(self, monkeypatch):
        for name in NAMES:
            monkeypatch.delitem(AUTH_TYPE_MAPS, name, raising=False)
        monkeypatch.setattr("botocore.regions.HAS_CRT", False)

    def test_botocore_refuses_the_call(self):
        with pytest.raises(MissingDependencyException):
            put_to_unknown_endpoint()

    def test_a_mock_answers_it(self):
        with mock_events():
            assert put_to_unknown_endpoint() == "ResourceNotFoundException"

    def test_a_client_made_before_the_mock_is_answered_too(self):
        early = client()
        with mock_events(), pytest.raises(ClientError, match="ResourceNotFound"):
            early.put_events(EndpointId="abcde.veo", Entries=ENTRIES)

    def test_the_signer_is_there_as_long_as_a_mock_is(self):
        before = dict(AUTH_TYPE_MAPS)
        with mock_events(), mock_events(isolated=True):
            assert AUTH_TYPE_MAPS.keys() - before == NAMES
        assert before == AUTH_TYPE_MAPS

    def test_what_somebody_else_put_there_since_stays(self):
        with mock_events():
            AUTH_TYPE_MAPS["v4a"] = theirs = object
        assert AUTH_TYPE_MAPS["v4a"] is theirs

    def test_another_service_that_wants_it_is_told_what_it_needs(self):
        with mock_events(), pytest.raises(MissingDependencyException) as caught:
            client("s3").list_objects_v2(Bucket=MULTI_REGION, Prefix="secret")
        assert str(caught.value) == (
            "Missing Dependency: https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/ "
            "wants SigV4a, which needs awscrt: pip install botocore[crt]"
        )

    def test_another_service_s_pre_signed_url_as_well(self):
        with mock_events(), pytest.raises(MissingDependencyException, match="wants SigV4a"):
            client("s3").generate_presigned_url("get_object", {"Bucket": MULTI_REGION, "Key": "k"})

    @pytest.mark.parametrize("version", ["v4", UNSIGNED], ids=["v4", "unsigned"])
    def test_a_client_that_signs_otherwise_or_not_does_without_it(self, version):
        other = client(config=Config(signature_version=version))
        with mock_events(), pytest.raises(ClientError, match="ResourceNotFound"):
            other.put_events(EndpointId="abcde.veo", Entries=ENTRIES)


class TestWithSigV4a:
    def test_it_is_left_alone_and_not_used(self, monkeypatch):
        used = []
        theirs = SimpleNamespace(REQUIRES_REGION=True, add_auth=used.append)
        monkeypatch.setitem(AUTH_TYPE_MAPS, "v4a", theirs)
        with mock_events():
            assert AUTH_TYPE_MAPS["v4a"] is theirs
            assert put_to_unknown_endpoint() == "ResourceNotFoundException"
        assert AUTH_TYPE_MAPS["v4a"] is theirs
        assert used == []
