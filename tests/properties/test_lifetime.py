"""Mocks, moto's mocks and patches of others begin and end in any order, and everything is as it would be without us."""

from __future__ import annotations

import functools
import importlib
import os
from contextlib import ExitStack, suppress
from unittest.mock import Mock, patch

import boto3
import botocore.client
import botocore.configprovider
import botocore.endpoint
import botocore.endpoint_provider
import botocore.handlers
import botocore.hooks
import botocore.httpsession
import botocore.loaders
import botocore.regions
import botocore.session
import botocore.signers
import pytest
from botocore.auth import AUTH_TYPE_MAPS
from botocore.config import Config
from hypothesis import given, settings, strategies
from moto import mock_aws
from moto.core import models as moto_models
from moto.core.botocore_stubber import BotocoreStubber

from eventmock import NetworkBlocked, mock_events
from eventmock.mock.active_mocks import activations

MODULES = [
    botocore.client,
    botocore.endpoint,
    botocore.endpoint_provider,
    botocore.hooks,
    botocore.httpsession,
    botocore.loaders,
    botocore.regions,
    botocore.session,
    botocore.signers,
    boto3,
    boto3.session,
]
CLASSES = [
    one
    for module in MODULES
    for one in vars(module).values()
    if isinstance(one, type) and one.__module__ == module.__name__
]
PATCHED = [
    (botocore.endpoint.Endpoint, "_send"),
    (botocore.endpoint.Endpoint, "_needs_retry"),
    (botocore.httpsession.URLLib3Session, "send"),
    (botocore.session.Session, "get_credentials"),
    (botocore.session.Session, "full_config"),
    (botocore.signers.RequestSigner, "sign"),
    (BotocoreStubber, "__call__"),
    (boto3, "DEFAULT_SESSION"),
    (importlib, "reload"),
]
MOCKED = {place: Mock(name=f"patched {place[1]}") for place in PATCHED}
MOCKED[botocore.session.Session, "full_config"] = {"profiles": {}}
MOCKS = ["mock", "isolated", "moto", "other moto"]


def code_of(value):
    """What a function does; for anything else, what it is."""
    function = getattr(value, "fget", None) or getattr(value, "__func__", value)
    if not hasattr(function, "__code__"):
        return value
    return value, function.__code__, function.__kwdefaults__, dict(vars(function))


def everything():
    """Every attribute of everything that we or moto touch, but for the default session."""
    owners = [*MODULES, *CLASSES, BotocoreStubber, importlib]
    attributes = {
        (owner, name): code_of(value)
        for owner in owners
        for name, value in vars(owner).items()
        if name not in {"DEFAULT_SESSION", "__dict__", "__weakref__"} and not name.startswith("_abc")
    }
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    return attributes, environment, dict(AUTH_TYPE_MAPS), list(botocore.handlers.BUILTIN_HANDLERS)


class World:
    """Runs steps with our mocks, or the same without them."""

    def __init__(self, *, with_ours):
        self.with_ours = with_ours
        self.default_session = boto3.Session()
        boto3.DEFAULT_SESSION = self.default_session
        self.running = {}
        self.made = {id(self.default_session): "the first"}
        self.mocked = 0
        self.keep = []

    def start(self, what):
        if what in MOCKS[:2]:
            self.mocked += 1
            one = mock_events(isolated=what == "isolated" or None)
        elif what in MOCKS:
            one = mock_aws()
        else:
            _, (owner, name) = what
            one = patch.object(owner, name, MOCKED[owner, name])
        self.running[what] = one
        if self.with_ours or what not in MOCKS[:2]:
            one.start()

    def stop(self, what):
        one = self.running.pop(what)
        if what in MOCKS[:2]:
            self.mocked -= 1
        if self.with_ours or what not in MOCKS[:2]:
            with suppress(KeyError):  # of moto, whose mocks take the same variable out twice
                one.stop()

    def make_default_session(self, number):
        """Make a default session as boto3 does; one that is made in a mock of ours is to go with it."""
        if not self.with_ours and self.mocked:
            return
        if boto3.DEFAULT_SESSION is None:
            boto3.DEFAULT_SESSION = boto3.Session()
            self.keep.append(boto3.DEFAULT_SESSION)
            self.made[id(boto3.DEFAULT_SESSION)] = f"made in step {number}"

    def run(self, steps):
        for number, what in enumerate(steps):
            if what == "session":
                self.make_default_session(number)
            elif what in self.running:
                self.stop(what)
            else:
                self.start(what)
        for what in list(self.running):
            self.stop(what)

    def default(self):
        held = boto3.DEFAULT_SESSION
        return self.made.get(id(held), held)


@functools.cache
def client():
    return botocore.session.Session().create_client(
        "events",
        "us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(retries={"max_attempts": 0}),
    )


def call():
    """What becomes of a call."""
    try:
        client().list_rules()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
        return type(error)
    return "answered"


@pytest.fixture(autouse=True)
def _as_before():
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ))
        stack.callback(setattr, boto3, "DEFAULT_SESSION", boto3.DEFAULT_SESSION)
        yield
        patch.stopall()


def outcome(steps, *, with_ours, and_then=lambda: None):
    """What is there after some steps, and what became of the default session."""
    before = dict(os.environ)
    world = World(with_ours=with_ours)
    try:
        world.run(steps)
        and_then()
        assert activations() == ()
        return everything(), world.default(), call()
    finally:
        patch.stopall()
        os.environ.clear()
        os.environ.update(before)
        moto_models.MockAWS._nested_count, moto_models.MockAWS._mocks_active = 0, False
        moto_models.botocore_stubber.enabled = False


patches = strategies.sampled_from([("patch", place) for place in PATCHED])
steps = strategies.lists(
    strategies.one_of(strategies.sampled_from([*MOCKS, "session"]), patches), max_size=14
)


@settings(max_examples=40)
@given(steps)
def test_everything_is_as_it_would_be_without_us(steps):
    ours, expected = outcome(steps, with_ours=True), outcome(steps, with_ours=False)
    assert ours[0] == expected[0]
    assert ours[2] == expected[2]
    # moto and patches that end in the order in which they began leave what one of them had put there.
    assert ours[1] in (expected[1], "the first")


class TestPatchesOfOnePlace:
    """Patches of one attribute that end in the order in which they began leave one of them; ours does not stack."""

    def test_after_the_next_mock_there_is_what_would_be_there_without_us(self):
        own = vars(botocore.endpoint.Endpoint)["_send"]
        try:
            for _ in range(3):
                first, second = (patch.object(botocore.endpoint.Endpoint, "_send", Mock()) for _ in range(2))
                mock = mock_events()
                left = first.start()
                mock.start()
                second.start()
                first.stop()
                mock.stop()
                second.stop()
                with mock_events():
                    pass
                assert vars(botocore.endpoint.Endpoint)["_send"] is left
                botocore.endpoint.Endpoint._send = own
        finally:
            botocore.endpoint.Endpoint._send = own

    def test_a_thousand_patches_that_outlive_their_mock_leave_the_function_as_it_was(self):
        own = vars(botocore.endpoint.Endpoint)["_send"]
        for _ in range(1000):
            mock, over = mock_events(), patch.object(botocore.endpoint.Endpoint, "_send", wraps=own)
            mock.start()
            over.start()
            mock.stop()
            over.stop()
        assert vars(botocore.endpoint.Endpoint)["_send"] is own
        with mock_events() as backend:
            assert backend.client().list_rules()["Rules"] == []

    def test_a_patch_of_before_the_first_mock_that_ends_inside_lets_nothing_out(self, monkeypatch):
        early = client()
        monkeypatch.setattr("eventmock.mock.patch.attributes._known", {})
        with patch.object(botocore.endpoint.Endpoint, "_send", Mock()):
            mock = mock_events()
            mock.start()
        assert early.list_rules()["Rules"] == []
        mock.stop()


RELOADED = [
    *(botocore.hooks, botocore.httpsession, botocore.signers, botocore.endpoint_provider, botocore.regions),
    *(botocore.endpoint, botocore.loaders, botocore.client, botocore.session, boto3.session),
]


class TestReload:
    """Modules that are reloaded while a mock is active are mocked too, and are afterwards as they would be."""

    @pytest.fixture(autouse=True)
    def _classes_as_before(self):
        before = [dict(vars(module)) for module in RELOADED]
        yield
        for module, names in zip(RELOADED, before, strict=True):
            vars(module).clear()
            vars(module).update(names)

    @pytest.mark.parametrize(
        "modules",
        [*([one] for one in RELOADED), RELOADED],
        ids=lambda all_: "+".join(one.__name__ for one in all_),
    )
    def test_clients_of_before_and_of_after_are_answered_and_nothing_stays(self, modules):
        early = client()
        with mock_events() as backend:
            for module in modules:
                importlib.reload(module)
            for one in (early, backend.client(), boto3.session.Session().client("events", "us-east-1")):
                assert one.list_rules()["Rules"] == []
            with pytest.raises(NetworkBlocked):
                boto3.session.Session().client("sqs", "us-east-1").list_queues()
        for module in modules:
            for one in vars(module).values():
                for held in vars(one).values() if isinstance(one, type) else [one]:
                    function = getattr(held, "fget", None) or held
                    assert "_eventmock" not in (getattr(function, "__kwdefaults__", None) or {})

    def test_the_next_mock_answers_clients_of_before_and_of_after(self):
        early = client()
        with mock_events():
            importlib.reload(botocore.endpoint)
        late = botocore.session.Session().create_client(
            "events", "us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        with mock_events():
            assert early.list_rules()["Rules"] == late.list_rules()["Rules"] == []

    def test_many_reloads_do_not_stack(self):
        for _ in range(50):
            with mock_events() as backend:
                importlib.reload(botocore.endpoint)
                importlib.reload(botocore.endpoint)
                assert backend.client().list_rules()["Rules"] == []
        assert vars(botocore.endpoint.Endpoint)["_send"].__kwdefaults__ is None
