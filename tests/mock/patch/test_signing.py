"""Signing of calls with an EndpointId, with and without awscrt: global-endpoints section 4, all [run]."""

from __future__ import annotations

from types import SimpleNamespace

import boto3
import pytest
from botocore import UNSIGNED
from botocore.auth import AUTH_TYPE_MAPS
from botocore.awsrequest import AWSResponse
from botocore.compat import HAS_CRT
from botocore.config import Config
from botocore.exceptions import ClientError, MissingDependencyException
from botocore.handlers import disable_signing

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


class TestWhatIsSigned:
    """The headers are of the form that botocore itself would have sent."""

    CONFIGURATIONS = (
        ({}, {}),
        ({"sigv4a_signing_region_set": "us-east-1,eu-west-1"}, {}),
        ({"sigv4a_signing_region_set": "eu-west-1"}, {"AWS_SIGV4A_SIGNING_REGION_SET": "ap-south-1"}),
        ({}, {"AWS_SIGV4A_SIGNING_REGION_SET": "ap-south-1"}),
        ({"signature_version": "v4"}, {}),
        ({"signature_version": "v4a"}, {}),
        ({"signature_version": "v4a", "sigv4a_signing_region_set": "us-*"}, {}),
        ({"signature_version": UNSIGNED}, {}),
        ({"signature_version": UNSIGNED, "sigv4a_signing_region_set": "*"}, {}),
    )

    @staticmethod
    def headers(config, call):
        """The headers by which a call is signed; a handler answers it where nobody does."""
        events = client(config=Config(**config))
        seen = []

        def keep(request, **_others):
            seen.append(request)
            return AWSResponse(request.url, 200, {}, SimpleNamespace(stream=lambda: iter([b"{}"])))

        events.meta.events.register_last("before-send", keep)
        call(events)
        headers = {name.lower(): value for name, value in seen[0].headers.items()}
        return {name: as_text(headers.get(name)) for name in ("x-amz-region-set", "authorization")}

    @pytest.mark.parametrize("call", ["through an endpoint", "without"])
    @pytest.mark.parametrize(
        ("config", "environment"), CONFIGURATIONS, ids=lambda value: str(value).partition(" object at")[0]
    )
    def test_it_is_what_botocore_signs(self, monkeypatch, config, environment, call):
        if not HAS_CRT:
            pytest.skip("botocore itself signs by SigV4a only with awscrt")
        if not config.keys() <= Config.OPTION_DEFAULTS.keys():
            pytest.skip("this botocore has no such option")
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        endpoint = {"EndpointId": "abcde.veo"} if call == "through an endpoint" else {}

        def put(events):
            events.put_events(Entries=ENTRIES, **endpoint)

        theirs = self.headers(config, put)
        with mock_events():
            ours = self.headers(config, put)
        assert ours["x-amz-region-set"] == theirs["x-amz-region-set"]
        assert scope_of(ours["authorization"]) == scope_of(theirs["authorization"])

    def test_a_region_set_is_the_client_s(self, monkeypatch):
        if "sigv4a_signing_region_set" not in Config.OPTION_DEFAULTS:
            pytest.skip("this botocore has no such option")
        with mock_events():
            sent = self.headers(
                {"sigv4a_signing_region_set": "eu-west-1"},
                lambda events: events.put_events(EndpointId="abcde.veo", Entries=ENTRIES),
            )
        assert sent["x-amz-region-set"] == "eu-west-1"

    def test_nothing_is_written_where_nothing_is_signed(self):
        with mock_events():
            sent = self.headers({"signature_version": UNSIGNED}, lambda events: events.list_rules())
        assert sent == {"x-amz-region-set": None, "authorization": None}

    def test_nothing_is_written_where_a_handler_disables_signing(self):
        seen = []
        with mock_events():
            events = client()
            events.meta.events.register("choose-signer.eventbridge", disable_signing)
            events.meta.events.register("before-send", lambda request, **_: seen.append(request.headers))
            assert events.list_rules()["Rules"] == []
        assert "Authorization" not in seen[0]

    def test_handlers_are_told_the_version_that_is_signed_by(self):
        told = []
        with mock_events():
            events = client()
            events.meta.events.register(
                "before-sign", lambda signature_version, **_: told.append(signature_version)
            )
            events.list_rules()
            with pytest.raises(ClientError):
                events.put_events(EndpointId="abcde.veo", Entries=ENTRIES)
        assert told == ["v4", "v4a"]


def as_text(value):
    return value.decode() if isinstance(value, bytes) else value


def scope_of(authorization):
    """The algorithm and the scope of a signature, without the key id and the date."""
    if authorization is None:
        return None
    algorithm, credential = authorization.split(",")[0].split(" Credential=")
    return algorithm, credential.split("/")[2:]


THROUGH_AN_ENDPOINT = {"EndpointId": "abcde.veo", "Entries": ENTRIES}


class TestAwscrtIsRequired:
    @pytest.fixture
    def _no_awscrt(self, monkeypatch):
        for name in NAMES:
            monkeypatch.delitem(AUTH_TYPE_MAPS, name, raising=False)
        monkeypatch.setattr("botocore.regions.HAS_CRT", False)

    @pytest.mark.usefixtures("_no_awscrt")
    @pytest.mark.parametrize("made", ["before", "inside"])
    def test_a_call_that_needs_it_fails_as_botocore_s_own(self, made):
        events = client()
        with pytest.raises(MissingDependencyException) as theirs:
            events.put_events(**THROUGH_AN_ENDPOINT)
        with mock_events(require_awscrt=True) as backend:
            if made == "inside":
                events = client()
            with pytest.raises(MissingDependencyException) as ours:
                events.put_events(**THROUGH_AN_ENDPOINT)
            assert backend.state.lifetime.requests == 0
        assert str(ours.value) == str(theirs.value)
        assert type(ours.value) is type(theirs.value)

    @pytest.mark.usefixtures("_no_awscrt")
    def test_calls_that_do_without_it_are_answered(self):
        with mock_events(require_awscrt=True):
            assert client().put_events(Entries=ENTRIES)["FailedEntryCount"] == 0
            for version in ("v4", UNSIGNED):
                with pytest.raises(ClientError, match="ResourceNotFound"):
                    client(config=Config(signature_version=version)).put_events(**THROUGH_AN_ENDPOINT)

    @pytest.mark.usefixtures("_no_awscrt")
    @pytest.mark.parametrize("options", [{}, {"strict": True}])
    def test_it_is_no_part_of_another_option(self, options):
        with mock_events(**options):
            assert put_to_unknown_endpoint() == "ResourceNotFoundException"

    @pytest.mark.usefixtures("_no_awscrt")
    def test_each_mock_says_for_itself(self):
        with mock_events(require_awscrt=True):
            with mock_events(isolated=True):
                assert put_to_unknown_endpoint() == "ResourceNotFoundException"
            with pytest.raises(MissingDependencyException):
                put_to_unknown_endpoint()

    def test_where_it_is_installed_calls_are_answered(self, monkeypatch):
        monkeypatch.setitem(AUTH_TYPE_MAPS, "v4a", SimpleNamespace(REQUIRES_REGION=True))
        with mock_events(require_awscrt=True):
            assert put_to_unknown_endpoint() == "ResourceNotFoundException"
