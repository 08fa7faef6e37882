"""The guard: outside any mock, a request for a mocked service meets no credentials, no name server and no socket."""

from __future__ import annotations

import functools
import subprocess
import sys

import boto3
import pytest
from botocore.client import BaseClient
from botocore.endpoint import Endpoint
from botocore.httpsession import URLLib3Session
from botocore.session import Session
from botocore.signers import RequestSigner
from hypothesis import given, strategies as st

from eventmock import NetworkBlocked, mock_events
from eventmock.mock.guard import set_guard

INI = "[pytest]\neventmock_guard = true\n"
TRIPWIRES = """
import socket
import time

import botocore.credentials
import pytest


def trip(*args, **kwargs):
    raise BaseException("a look-up")


patch = pytest.MonkeyPatch()
patch.setattr(botocore.credentials.CredentialResolver, "load_credentials", trip)
patch.setattr(socket, "getaddrinfo", trip)
patch.setattr(socket.socket, "connect", trip)
patch.setattr(time, "sleep", trip)


def pytest_unconfigure():
    patch.undo()

"""
"""A conftest.py with which any look-up ends the run."""
HEAD = """
import boto3
import botocore.auth
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from eventmock import NetworkBlocked


def refused(call, **given):
    with pytest.raises(NetworkBlocked) as caught:
        call(**given)
    assert not isinstance(caught.value, (BotoCoreError, ClientError))
    return str(caught.value)


def client(name="events", **more):
    return boto3.Session(region_name="us-east-1").client(name, **more)

"""


@functools.cache
def early_client():
    """A client that was made outside any mock."""
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    return boto3.Session(region_name="us-east-1").client("events", **keys)


def functions():
    """What is in the classes of botocore that are patched, and the code of it."""
    found = [
        (owner, name, value)
        for owner in (BaseClient, Endpoint, Session, RequestSigner, URLLib3Session)
        for name, value in vars(owner).items()
    ]
    return [(owner, name, id(value), getattr(value, "__code__", None)) for owner, name, value in found]


@pytest.fixture
def run_guarded(run, pytester):
    """A function that runs a test file with the guard and the tripwires."""

    def run_guarded(test, *arguments, conftest=""):
        pytester.makeconftest(TRIPWIRES + conftest)
        return run(HEAD + test, *arguments, ini=INI)

    return run_guarded


@pytest.mark.parametrize(
    ("service", "call"), [("events", "list_rules"), ("appintegrations", "list_event_integrations")]
)
def test_a_call_of_each_service_is_refused_before_any_look_up(run_guarded, service, call):
    run_guarded(f"""
def test_it():
    refused(client({service!r}).{call})
""").assert_outcomes(passed=1)


@pytest.mark.parametrize("scope", ["session", "package", "module", "class", "function"])
def test_fixtures_of_every_scope_are_refused(run_guarded, scope):
    result = run_guarded(f"""
@pytest.fixture(scope={scope!r})
def infrastructure():
    client().put_rule(Name="r", EventPattern='{{"source": ["shop"]}}')

def test_it(infrastructure, events_backend):
    pass
""")
    if scope == "function":  # it is set up inside the mock of the test
        result.assert_outcomes(passed=1)
    else:
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(
            ["E *NetworkBlocked: PutRule of Amazon EventBridge was called outside any mock, at *"]
        )


def test_the_sentence_names_the_call_the_place_and_the_way_out(pytester, run_guarded):
    pytester.makepyfile(
        shop="""
def ship(client):
    client.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
"""
    )
    run_guarded("""
import shop

def test_from_the_application():
    with pytest.raises(NetworkBlocked) as caught:
        shop.ship(client())
    line = f"{__file__}:{test_from_the_application.__code__.co_firstlineno + 2}"
    assert str(caught.value) == (
        f"PutEvents of Amazon EventBridge was called outside any mock, at {shop.__file__}:2, which {line} led to, and "
        "eventmock_guard lets no such request reach AWS: give the test the fixture events_backend, decorate it by "
        "@mock_events, or let a fixture of wider scope have eventmock_session_backend (for calls at import, and "
        "emulators, see 'The guard' in the documentation of the plugin)."
    )
""").assert_outcomes(passed=1)


def test_a_call_in_the_first_conftest_is_refused(run_guarded):
    run_guarded(
        """
import re

import conftest

def test_it():
    assert conftest.text.startswith("ListRules of Amazon EventBridge was called outside any mock, at ")
    assert re.search(r"conftest.py:\\d+, and eventmock_guard lets", conftest.text)
""",
        conftest="""
import boto3
from eventmock import NetworkBlocked

try:
    boto3.client("events", region_name="us-east-1").list_rules()
except NetworkBlocked as error:
    text = str(error)
""",
    ).assert_outcomes(passed=1)


def test_a_call_at_the_import_of_a_test_module_is_refused(run_guarded):
    result = run_guarded("client().list_rules()")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["E *NetworkBlocked: ListRules of Amazon EventBridge was called outside any mock, at *"]
    )


def test_early_clients_are_refused_outside_and_answered_inside_a_mock(run_guarded):
    run_guarded("""
early, session = client(), boto3.Session(region_name="us-east-1")
late = session.client("events")

@pytest.mark.parametrize("client", [early, late])
@pytest.mark.parametrize("number", [1, 2])
def test_inside(client, number, events_backend):
    assert client.list_rules()["Rules"] == []

@pytest.mark.parametrize("client", [early, late])
def test_outside(client):
    refused(client.list_rules)

def test_the_session_has_no_stand_in_afterwards():
    assert session._session._credentials is None
""").assert_outcomes(passed=7)


def test_threads_and_all_retry_modes_are_refused_at_once(run_guarded):
    run_guarded("""
from concurrent.futures import ThreadPoolExecutor

@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_it(mode):
    early = client(config=Config(retries={"mode": mode, "max_attempts": 9}))
    with ThreadPoolExecutor() as pool:
        texts = list(pool.map(lambda _: refused(early.list_rules), range(8)))
    assert {text.partition(",")[0] for text in texts} == {
        "ListRules of Amazon EventBridge was called outside any mock"
    }
""").assert_outcomes(passed=3)


@pytest.mark.parametrize("has_awscrt", [True, False])
def test_calls_through_a_global_endpoint_are_refused_without_awscrt_too(run_guarded, has_awscrt):
    without = """
@pytest.fixture(autouse=True)
def without_awscrt(monkeypatch):
    monkeypatch.setattr("botocore.regions.HAS_CRT", False)
    monkeypatch.delitem(botocore.auth.AUTH_TYPE_MAPS, "v4a", raising=False)

"""
    test = """
def test_it():
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
    refused(client().put_events, EndpointId="abcde.veo", Entries=[entry])
"""
    run_guarded(test if has_awscrt else without + test).assert_outcomes(passed=1)


def test_workers_of_xdist_have_it_too(run_guarded):
    run_guarded(
        """
def test_it():
    refused(client().list_rules)
""",
        "-n1",
    ).assert_outcomes(passed=1)


def test_mocks_stubs_and_signed_urls_work(run_guarded):
    run_guarded("""
from botocore.stub import Stubber
from eventmock import mock_events

def test_a_mock():
    with mock_events():
        assert client().list_rules()["Rules"] == []
    refused(client().list_rules)

def test_a_stub():
    stubbed = client(aws_access_key_id="a", aws_secret_access_key="b")
    with Stubber(stubbed) as stub:
        stub.add_response("list_rules", {"Rules": []})
        assert stubbed.list_rules()["Rules"] == []

def test_a_signed_url():
    signed = client(aws_access_key_id="a", aws_secret_access_key="b").generate_presigned_url("list_rules")
    assert "X-Amz-Signature" in signed
""").assert_outcomes(passed=3)


def test_a_client_without_a_region_says_that_a_mock_is_missing(run_guarded):
    run_guarded("""
from botocore.exceptions import NoRegionError

def test_it():
    with pytest.raises(NoRegionError) as caught:
        boto3.Session().client("events")
    [note] = caught.value.__notes__
    assert note.startswith(f"A client of Amazon EventBridge was made outside any mock, at {__file__}:")
    with pytest.raises(BaseException, match="a look-up"):
        boto3.Session().client("sqs")
""").assert_outcomes(passed=1)


def test_other_services_are_not_touched(run_guarded):
    run_guarded("""
def test_it():
    with pytest.raises(BaseException, match="a look-up"):
        client("sqs")
    with pytest.raises(BaseException, match="a look-up"):
        client("sqs", aws_access_key_id="a", aws_secret_access_key="b").list_queues()
""").assert_outcomes(passed=1)


def test_moto_answers_the_clients_that_it_knows_and_no_others(run_guarded):
    run_guarded("""
from moto import mock_aws
from moto.core.models import botocore_stubber

known = client(aws_access_key_id="a", aws_secret_access_key="b")
unknown = client()
unknown.meta.events.unregister("before-send", botocore_stubber)  # as if it were made before moto was imported

def test_it():
    with mock_aws():
        assert known.list_rules()["Rules"] == []
        refused(unknown.list_rules)
    refused(known.list_rules)
""").assert_outcomes(passed=1)


class TestMarker:
    def test_a_test_may_go_without_and_is_not_mocked(self, run):
        run(
            """
from botocore.exceptions import EndpointConnectionError
from eventmock.mock.active_mocks import activations

def call():
    boto3.client(
        "events", region_name="us-east-1", endpoint_url="http://localhost:1", aws_access_key_id="a",
        aws_secret_access_key="b",
    ).list_rules()

@pytest.mark.eventmock(guard=False)
def test_a():
    with pytest.raises(Exception) as caught:
        call()
    assert type(caught.value).__name__ != "NetworkBlocked"
    assert activations() == ()

def test_b():
    with pytest.raises(Exception) as caught:
        call()
    assert type(caught.value).__name__ == "NetworkBlocked"
""",
            ini=INI,
        ).assert_outcomes(passed=2)

    def test_a_test_may_have_it_alone(self, run):
        run("""
from eventmock import NetworkBlocked
from eventmock.mock import guard

@pytest.mark.eventmock(guard=True)
def test_a():
    with pytest.raises(NetworkBlocked):
        boto3.client("events", region_name="us-east-1").list_rules()

def test_b():
    assert guard._guard is None
""").assert_outcomes(passed=2)

    def test_beside_options_the_test_is_mocked(self, run):
        run(
            """
@pytest.mark.eventmock(guard=False)
class TestIt:
    @pytest.mark.eventmock(region="eu-west-1")
    def test_it(self):
        assert boto3.client("events").meta.region_name == "eu-west-1"
""",
            ini=INI,
        ).assert_outcomes(passed=1)

    def test_a_wrong_value_is_one_clear_line(self, run):
        result = run("""
@pytest.mark.eventmock(guard="no")
def test_it():
    pass
""")
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["@pytest.mark.eventmock: guard='no': wanted True or False"])
        assert "Traceback" not in result.stdout.str()


class TestTraces:
    def test_botocore_is_as_before_when_the_session_is_over(self, run):
        before = functions(), list(sys.meta_path)
        run("def test_it(events_backend): pass", ini=INI).assert_outcomes(passed=1)
        assert (functions(), list(sys.meta_path)) == before

    def test_a_run_that_ends_before_it_begins_leaves_nothing_either(self, run, pytester):
        before = functions(), list(sys.meta_path)
        pytester.makeconftest("raise ValueError('no')")
        assert run("def test_it(): pass", ini=INI).ret == pytest.ExitCode.USAGE_ERROR
        assert (functions(), list(sys.meta_path)) == before

    def test_the_header_tells_of_it(self, run):
        run("def test_it(): pass", ini=INI).stdout.fnmatch_lines(["eventmock: guard=True"])

    @given(st.lists(st.sampled_from(["guard", "mock", "isolated mock"]), max_size=12))
    def test_guard_and_mocks_begin_and_end_in_any_order(self, steps):
        """Each step begins or ends one of them. Whatever is on, a call is answered by a mock, or else refused."""
        client = early_client()
        mocks = {"mock": mock_events(), "isolated mock": mock_events(isolated=True)}
        on, at_first = set(), functions()
        for step in [*steps, *(each for each in ("guard", *mocks) if steps.count(each) % 2)]:
            on ^= {step}
            if step == "guard":
                set_guard(step in on)
            elif step in on:
                mocks[step].start()
            else:
                mocks[step].stop()
            if on & mocks.keys():
                assert client.list_rules()["Rules"] == []
            elif on:
                with pytest.raises(NetworkBlocked):
                    client.list_rules()
        assert (on, functions()) == (set(), at_first)

    def test_it_loads_nothing_of_botocore(self, pytester):
        """The run imports botocore only in its test, and the guard begins then."""
        pytester.makefile(".ini", pytest=INI)
        pytester.makepyfile("""
import sys

import pytest

LOADED = {name for name in sys.modules if name.partition(".")[0] in ("boto3", "botocore", "wrapt")}

def test_it():
    assert LOADED == set()
    from eventmock import NetworkBlocked
    import botocore.session
    import inspect

    assert inspect.getsource(botocore.session).startswith("# Copyright")
    client = botocore.session.get_session().create_client("events", region_name="us-east-1")
    with pytest.raises(NetworkBlocked):
        client.list_rules()
""")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:pytest_httpx"]
        process = subprocess.run(
            [*command, "-p", "no:respx"], check=False, capture_output=True, text=True, cwd=pytester.path
        )
        assert process.returncode == 0, process.stdout + process.stderr
