"""Start, stop, nesting, and leaving no trace."""

from __future__ import annotations

import asyncio
import importlib
import os
import re
import sys

import boto3
import botocore.client
import botocore.credentials
import botocore.endpoint
import botocore.endpoint_provider
import botocore.hooks
import botocore.httpsession
import botocore.loaders
import botocore.monitoring
import botocore.regions
import botocore.session
import botocore.signers
import pytest

from eventmock import MockStateError, NetworkBlocked, OptionError, StrictFailure, current_backend, mock_events
from eventmock.mock.active_mocks import activations, active_backends
from eventmock.mock.mock_events import observers, stop_forgotten

WRAPPED = [
    (botocore.endpoint.Endpoint, "_send"),
    (botocore.httpsession.URLLib3Session, "send"),
    (botocore.signers.RequestSigner, "sign"),
    (botocore.signers.RequestSigner, "get_auth_instance"),
    (botocore.signers.RequestSigner, "get_auth"),
    (botocore.session.Session, "get_credentials"),
    (botocore.session.Session, "get_auth_token"),
    (botocore.credentials.Credentials, "__init__"),
    (botocore.credentials.RefreshableCredentials, "get_frozen_credentials"),
    (botocore.credentials.ProcessProvider, "load"),
    (botocore.credentials.CredentialResolver, "load_credentials"),
    (botocore.tokens.DeferredRefreshableToken, "get_frozen_token"),
    (botocore.httpsession.URLLib3Session, "_get_connection_manager"),
    (botocore.monitoring.SocketPublisher, "publish"),
    (botocore.session.Session, "get_config_variable"),
    (botocore.session.Session, "get_scoped_config"),
    (botocore.session.Session, "full_config"),
    (botocore.endpoint.Endpoint, "_needs_retry"),
    (botocore.session.Session, "__init__"),
    (botocore.hooks.EventAliaser, "__init__"),
    (botocore.hooks, "accepts_kwargs"),
    (botocore.client.ClientCreator, "_load_service_model"),
    (botocore.endpoint_provider.EndpointProvider, "__init__"),
    (botocore.regions.EndpointRulesetResolver, "__init__"),
    (botocore.httpsession.URLLib3Session, "_get_ssl_context"),
    (boto3.session.Session, "__init__"),
    (importlib, "reload"),
]


def function_at(owner, name):
    held = vars(owner)[name]
    return held.fget if isinstance(held, property) else held


def state_of(function):
    return function, function.__code__, function.__kwdefaults__, dict(vars(function))


def traces():
    """Everything that a mock may have touched."""
    return (
        [state_of(function_at(*place)) for place in WRAPPED],
        {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"},
        boto3.DEFAULT_SESSION,
        set(vars(botocore.loaders.Loader)),
        set(vars(botocore.credentials.Credentials)),
    )


@pytest.fixture(autouse=True)
def _leaves_no_trace():
    before = traces()
    yield
    after = traces()
    assert before == after
    assert active_backends() == []


def test_while_active_every_method_has_other_code_and_afterwards_its_own():
    before = traces()[0]
    with mock_events():
        during = traces()[0]
    for (then, own_code, *_), (now, code, *_) in zip(before, during, strict=True):
        assert now is then
        assert code is not own_code
    assert traces()[0] == before


def test_the_environment_is_not_written():
    before = dict(os.environ)
    with mock_events(region="eu-west-1"):
        boto3.client("events").list_rules()
        assert dict(os.environ) == before


def test_the_default_session_made_inside_is_gone_afterwards(monkeypatch):
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    with mock_events():
        boto3.client("events")
        assert boto3.DEFAULT_SESSION is not None
    assert boto3.DEFAULT_SESSION is None


def test_the_default_session_made_before_is_the_same_afterwards(monkeypatch):
    session = boto3.Session()
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)
    with mock_events():
        boto3.setup_default_session()
        assert boto3.DEFAULT_SESSION is not session
    assert boto3.DEFAULT_SESSION is session


def test_an_exception_leaves_no_trace():
    with pytest.raises(KeyError), mock_events():
        raise KeyError


def test_a_start_that_fails_leaves_no_trace(monkeypatch):
    monkeypatch.delattr(botocore.session.Session, "get_scoped_config")
    with pytest.raises(KeyError):
        mock_events().start()
    assert active_backends() == []


def test_start_and_stop():
    mock = mock_events()
    backend = mock.start()
    assert current_backend() is backend
    mock.stop()
    with pytest.raises(MockStateError, match="no mock is active: use the events_backend fixture"):
        current_backend()


def test_a_second_stop_is_refused():
    mock = mock_events()
    mock.start()
    mock.stop()
    with pytest.raises(MockStateError, match="this mock is not active"):
        mock.stop()


def test_one_mock_may_be_started_inside_itself():
    mock = mock_events()
    with mock as outer, mock as inner:
        assert inner is outer


def test_one_mock_used_twice_has_two_backends():
    mock = mock_events()
    with mock as first:
        pass
    with mock as second:
        assert second is not first


def test_a_nested_mock_joins_the_outer_one():
    with mock_events() as outer:
        boto3.client("events").create_event_bus(Name="outer")
        with mock_events() as inner:
            assert inner is outer
            assert boto3.client("events").describe_event_bus(Name="outer")
        assert boto3.client("events").describe_event_bus(Name="outer")


def test_an_isolated_mock_has_its_own_backend():
    with mock_events() as outer:
        client = boto3.client("events")
        client.create_event_bus(Name="outer")
        with mock_events(isolated=True, region="eu-west-1") as inner:
            assert inner is not outer
            assert current_backend() is inner
            assert [bus["Name"] for bus in client.list_event_buses()["EventBuses"]] == ["default"]
        assert current_backend() is outer


def test_a_nested_mock_may_repeat_the_outer_one_s_options():
    with mock_events(region="eu-west-1") as outer, mock_events(region="eu-west-1") as inner:
        assert inner is outer


@pytest.mark.parametrize(
    "option",
    [
        {"region": "us-east-1"},
        {"account": "123456789012"},
        {"seed": 0},
        {"strict": False},
        {"passthrough": []},
    ],
)
def test_a_nested_mock_may_say_the_default(option):
    with mock_events() as outer, mock_events(**option) as inner:
        assert inner is outer


def test_a_nested_mock_with_other_options_is_refused():
    with (
        mock_events(region="eu-west-1"),
        pytest.raises(OptionError) as caught,
        mock_events(region="us-west-2"),
    ):
        pass
    assert re.fullmatch(
        r"mock_events\(region='us-west-2'\) at .*test_mock_events\.py:\d+ is inside a mock with region='eu-west-1', "
        r"started at .*test_mock_events\.py:\d+, and would join it: "
        r"give the outer one region, or use isolated=True for a backend of its own",
        str(caught.value),
    )


def test_mocks_may_stop_out_of_order():
    first, second = mock_events(), mock_events(isolated=True)
    one, other = first.start(), second.start()
    first.stop()
    assert current_backend() is other
    assert one not in active_backends()
    with pytest.raises(NetworkBlocked):
        boto3.client("sqs").list_queues()
    second.stop()


def test_a_joined_mock_may_outlive_the_one_it_joined():
    first, second = mock_events(), mock_events()
    backend = first.start()
    boto3.client("events").create_event_bus(Name="kept")
    second.start()
    first.stop()
    assert current_backend() is backend
    assert boto3.client("events").describe_event_bus(Name="kept")
    second.stop()


def test_async_with():
    async def use():
        async with mock_events(region="eu-west-1") as backend:
            assert current_backend() is backend

    asyncio.run(use())


def test_a_wrong_option_is_one_clear_line():
    with pytest.raises(OptionError, match=r"mock_events\(\) has no option 'regoin'; did you mean 'region'\?"):
        mock_events(regoin="eu-west-1")


def test_an_option_given_by_position_is_refused():
    with pytest.raises(OptionError, match="options are given by name"):
        mock_events("eu-west-1")


def test_observers_are_told_of_each_backend_once():
    seen = []
    observers.append(seen.append)
    try:
        with mock_events() as backend, mock_events():
            pass
    finally:
        observers.remove(seen.append)
    assert seen == [backend]


def test_boto3_imported_later_is_left_without_a_default_session(monkeypatch):
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    with monkeypatch.context() as patch:
        patch.delitem(sys.modules, "boto3")
        mock = mock_events()
        mock.start()
    boto3.client("events")
    mock.stop()
    assert boto3.DEFAULT_SESSION is None


def test_an_assertion_that_fails_in_a_target_fails_the_test_in_the_end(order):
    def check(event):
        assert event["detail"]["state"] == "NEW"

    reached = []
    with pytest.raises(AssertionError, match="assert 'PAID' == 'NEW'"), mock_events() as backend:
        client = boto3.client("events")
        client.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        target = backend.target("r", check)
        assert client.put_events(Entries=[order])["FailedEntryCount"] == 0
        reached.append(target.deliveries[0].status)
    assert reached == ["dropped"]


class TestStrict:
    def test_an_event_that_matches_no_rule_fails(self, order):
        with pytest.raises(StrictFailure) as caught, mock_events(strict=True):
            boto3.client("events").put_events(Entries=[order])
        assert str(caught.value) == (
            "strict=True, and\n"
            "  unmatched: <order from shop on 'default': matched nothing: there are no rules on 'default'>\n"
            "    To do: correct the event or the pattern, or put a rule that matches.\n"
            "A test that means it to be so says strict={'refused', 'dropped', 'nobody'}."
        )

    def test_an_event_for_an_unknown_bus_fails(self, order):
        with (
            pytest.raises(StrictFailure, match="went nowhere: there is no event bus 'nope'"),
            mock_events(strict=True),
        ):
            boto3.client("events").put_events(Entries=[order | {"EventBusName": "nope"}])

    def test_a_delivery_that_fails_fails(self, order):
        def fail(event):
            raise ValueError("no")

        with (
            pytest.raises(StrictFailure, match="pending after 1 attempt: ValueError: no, next "),
            mock_events(strict=True) as backend,
        ):
            client = boto3.client("events")
            client.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            backend.target("r", fail)
            client.put_events(Entries=[order])

    def test_a_target_at_which_nobody_stands_fails(self, order):
        queue = "arn:aws:sqs:us-east-1:123456789012:q"
        with pytest.raises(StrictFailure) as caught, mock_events(strict=True):
            client = boto3.client("events")
            client.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            client.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": queue}])
            client.put_events(Entries=[order])
        assert str(caught.value) == (
            "strict=True, and\n"
            f"  nobody: <order from shop: rule 'r' on 'default' -> {queue}, "
            "delivered (recorded: nobody stands at the other end)>\n"
            f"    To do: where recording is enough, say backend.target({queue!r}).\n"
            "A test that means it to be so says strict={'refused', 'dropped', 'unmatched'}."
        )

    def test_an_event_that_is_delivered_passes(self, order):
        with mock_events(strict=True) as backend:
            client = boto3.client("events")
            client.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            backend.target("r")
            client.put_events(Entries=[order])

    def test_an_exception_of_the_test_is_not_hidden(self, order):
        with pytest.raises(KeyError), mock_events(strict=True):
            boto3.client("events").put_events(Entries=[order])
            raise KeyError

    def test_a_joined_mock_leaves_the_check_to_the_outer_one(self, order):
        with mock_events(strict=True) as backend:
            with mock_events():
                boto3.client("events").put_events(Entries=[order])
            backend.reset()


def test_after_the_stop_nothing_that_is_due_is_done_and_the_clock_stands():
    called = []
    with mock_events(start_time="2026-01-01") as backend:
        boto3.client("events").put_rule(Name="r", ScheduleExpression="rate(1 hour)")
        backend.target("r", called.append)
    with pytest.raises(MockStateError, match="mock has stopped"):
        backend.clock.advance(hours=1)
    backend.clock.run_due()
    assert (called, backend.deliveries) == ([], [])


class TestWithoutThePlugin:
    @pytest.fixture(autouse=True)
    def _unobserved(self, monkeypatch):
        monkeypatch.setattr("eventmock.mock.mock_events.observers", [])

    def test_an_assertion_that_fails_is_told_what_happened_once(self):
        with pytest.raises(AssertionError) as caught, mock_events(region="eu-west-1"), mock_events():
            raise AssertionError
        assert caught.value.__notes__ == ["eventmock (eu-west-1)\nno event was put"]

    def test_each_backend_is_told(self):
        with (
            pytest.raises(AssertionError) as caught,
            mock_events(region="eu-west-1"),
            mock_events(region="eu-west-2", isolated=True),
        ):
            raise AssertionError
        assert [note[:21] for note in caught.value.__notes__] == [
            "eventmock (eu-west-2)",
            "eventmock (eu-west-1)",
        ]

    def test_an_error_that_takes_no_notes_is_left_alone_and_the_mock_ends(self):
        class FrozenError(AssertionError):
            def add_note(self, _note):
                raise TypeError

        with pytest.raises(FrozenError), mock_events():
            raise FrozenError
        assert activations() == ()

    def test_one_that_was_stopped_inside_has_nothing_to_tell(self):
        mock = mock_events()
        with pytest.raises(MockStateError), mock:
            mock.stop()
            raise AssertionError


def test_a_forgotten_mock_may_be_stopped_twice():
    with mock_events():
        [activation] = activations()
        stop_forgotten(activation)
        stop_forgotten(activation)
        assert activations() == ()
