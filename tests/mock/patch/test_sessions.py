"""Sessions share what they have read, and nothing that a test could change for another."""

from __future__ import annotations

import json

import boto3
import botocore.session
import pytest
from botocore import handlers, hooks
from botocore.client import ClientCreator
from botocore.exceptions import UnknownServiceError
from botocore.loaders import JSONFileLoader, Loader

from eventmock import mock_events


@pytest.fixture
def files_read(monkeypatch):
    """The files that loaders read from now on."""
    read = []
    load = JSONFileLoader.load_file

    def load_file(loader, path):
        read.append(path)
        return load(loader, path)

    monkeypatch.setattr(JSONFileLoader, "load_file", load_file)
    return read


def make_client():
    return boto3.Session().client("events", region_name="us-east-1")


def test_a_second_session_reads_no_file_again(files_read):
    with mock_events():
        make_client()
    files_read.clear()
    with mock_events():
        make_client()
    assert files_read == []


def test_without_a_mock_every_session_reads_its_own(files_read):
    for _ in range(2):
        files_read.clear()
        boto3.Session(aws_access_key_id="x", aws_secret_access_key="y").client(
            "events", region_name="us-east-1"
        )
        assert files_read != []


def test_a_loader_made_inside_is_its_own_afterwards(files_read):
    with mock_events():
        loader = Loader()
        loader.load_data("endpoints")
    files_read.clear()
    loader.load_data("endpoints")
    assert files_read != []
    assert not hasattr(Loader, "_cache")


def test_a_session_that_looks_elsewhere_finds_what_is_there_and_no_other_does(tmp_path):
    model = tmp_path / "mine" / "2026-01-01" / "service-2.json"
    model.parent.mkdir(parents=True)
    metadata = {"endpointPrefix": "mine", "protocol": "json", "serviceId": "mine"}
    model.write_text(json.dumps({"version": "2.0", "metadata": metadata, "operations": {}, "shapes": {}}))
    with mock_events():
        make_client()
        loader = Loader(extra_search_paths=[str(tmp_path)])
        assert loader.load_service_model("mine", "service-2")["metadata"]["serviceId"] == "mine"
        late = Loader()
        late.load_data("endpoints")
        late.search_paths.append(str(tmp_path))
        assert "mine" in late.list_available_services("service-2")
        with pytest.raises(UnknownServiceError):
            Loader().load_service_model("mine", "service-2")


def test_a_handler_of_one_session_is_no_other_s():
    calls = []
    with mock_events():
        first, second = botocore.session.Session(), botocore.session.Session()
        first.register("before-call.eventbridge.*", lambda **_: calls.append("first"))
        for session in (first, second):
            session.create_client("events", region_name="us-east-1").list_rules()
    assert calls == ["first"]


def test_a_handler_that_botocore_gets_later_is_in_later_sessions(monkeypatch):
    calls = []

    def handler(**_):
        calls.append("called")

    with mock_events():
        botocore.session.Session()
        monkeypatch.setattr(
            handlers, "BUILTIN_HANDLERS", [*handlers.BUILTIN_HANDLERS, ("before-call.eventbridge", handler)]
        )
        botocore.session.Session().create_client("events", region_name="us-east-1").list_rules()
    assert calls == ["called"]


def test_handlers_are_those_that_botocore_registers():
    names = [
        "before-call.apigateway",
        "before-parameter-build.s3.ListObjects",
        "docs.title.events",
        "choose-signer.sts",
    ]

    def found(session):
        return [
            list(session.get_component("event_emitter")._emitter._handlers.prefix_search(name))
            for name in names
        ]

    own = found(botocore.session.Session())
    with mock_events():
        assert found(botocore.session.Session()) == own
    assert any(own)


def test_a_session_with_hooks_of_its_own_keeps_them():
    emitter = hooks.HierarchicalEmitter()
    with mock_events():
        session = botocore.session.Session(event_hooks=emitter, include_builtin_handlers=False)
        session.register("x", lambda **_: "mine")
        assert [answer for _, answer in emitter.emit("x")] == ["mine"]


def test_other_aliases_are_looked_up_by_themselves():
    with mock_events():
        aliaser = hooks.EventAliaser(hooks.HierarchicalEmitter(), {"events": "mine"})
        plain = hooks.EventAliaser(hooks.HierarchicalEmitter())
        for each, name in ((aliaser, "before-call.mine"), (plain, "before-call.eventbridge")):
            assert each._alias_event_name("before-call.events") == name


class Handler:
    def __call__(self, **kwargs):
        """Take any keyword."""

    def takes_any(self, **kwargs):
        """Take any keyword."""

    def takes_none(self):
        """Take none."""


@pytest.mark.parametrize(
    ("handler", "is_taken"),
    [
        (lambda **_: None, True),
        (lambda: None, False),
        (lambda _params: None, False),
        (Handler(), True),
        (Handler().takes_any, True),
        (Handler().takes_none, False),
    ],
    ids=["any keyword", "nothing", "one name", "an object", "a method", "a method of nothing"],
)
def test_a_handler_must_take_any_keyword_as_ever(handler, is_taken):
    with mock_events():
        session = botocore.session.Session()
        if is_taken:
            session.register("x", handler)
        else:
            with pytest.raises(ValueError, match="must accept keyword arguments"):
                session.register("x", handler)


def test_a_client_used_for_real_after_the_mock_checks_certificates(monkeypatch):
    with mock_events():
        client = boto3.client("events", region_name="us-east-1")
    [manager] = [client._endpoint.http_session._manager]
    pool = manager.connection_from_url("https://events.us-east-1.amazonaws.com")
    client._endpoint.http_session._setup_ssl_cert(pool, "https://events.us-east-1.amazonaws.com", True)
    assert pool.cert_reqs == "CERT_REQUIRED"
    assert pool.ca_certs is not None


def test_clients_of_a_mock_with_a_passthrough_have_a_context_of_botocore_s():
    with mock_events(passthrough=["localhost"]):
        client = boto3.client(
            "events", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y"
        )
    assert client._endpoint.http_session._manager.connection_pool_kw["ssl_context"] is not None


def test_endpoints_of_other_regions_and_of_a_url_are_told_apart():
    with mock_events():
        clients = [
            boto3.client("events", region_name="us-east-1"),
            boto3.client("events", region_name="cn-north-1"),
            boto3.client("events", region_name="us-east-1", endpoint_url="http://localhost:4566"),
        ]
        for client in clients:
            client.list_rules()
        assert [client.meta.endpoint_url for client in clients] == [
            "https://events.us-east-1.amazonaws.com",
            "https://events.cn-north-1.amazonaws.com.cn",
            "http://localhost:4566",
        ]


class OtherFiles(JSONFileLoader):
    """Finds other data."""

    def load_file(self, file_path):
        data = super().load_file(file_path)
        if data and "metadata" in data:
            data["metadata"]["serviceId"] = "OTHER"
        return data


class OtherLoader(Loader):
    """A loader of a test's own."""


@pytest.mark.parametrize("make", [lambda: Loader(file_loader=OtherFiles()), OtherLoader])
def test_loaders_of_another_kind_share_nothing(make):
    def service_id(loader):
        return loader.load_service_model("events", "service-2")["metadata"]["serviceId"]

    with mock_events():
        other, plain = make(), Loader()
        other_id = service_id(other)
        assert service_id(plain) == "EventBridge"
        assert service_id(make()) == other_id
        assert other.load_data("endpoints") is not plain.load_data("endpoints")


def test_a_place_that_is_made_later_is_looked_into(tmp_path):
    later = tmp_path / "later"
    with mock_events():
        Loader().list_available_services("service-2")
        loader = Loader(extra_search_paths=[str(later)])
        assert "mine" not in loader.list_available_services("service-2")
        (later / "mine" / "2026-01-01").mkdir(parents=True)
        (later / "mine" / "2026-01-01" / "service-2.json").write_text("{}")
        assert "mine" in loader.list_available_services("service-2")
        assert "mine" not in Loader().list_available_services("service-2")


def test_a_session_that_registers_handlers_of_its_own_does_so():
    class Mine(botocore.session.Session):
        registered = 0

        def _register_builtin_handlers(self, events):
            self.registered += 1
            super()._register_builtin_handlers(events)

    with mock_events():
        assert Mine().registered == 1


def test_a_look_up_that_the_end_of_the_mock_interrupts_finds_what_was_shared():
    with mock_events():
        loader = Loader()
        loader.load_data("endpoints")
        shared = dict(loader._cache)
    assert vars(loader)["_cache"] == {}
    assert all(vars(loader)["_cache"][key] is value for key, value in shared.items())
    assert shared != {}


def test_a_loader_that_has_read_before_the_mock_goes_on_with_its_own(files_read):
    loader = Loader()
    before = loader.load_data("endpoints")
    with mock_events():
        assert loader.load_data("endpoints") is before


def test_a_method_that_is_replaced_in_the_class_of_one_client_is_no_other_s(monkeypatch):
    with mock_events():
        one, other = (boto3.client("events", region_name="us-east-1") for _ in range(2))
        monkeypatch.setattr(type(one), "list_rules", lambda _client: "replaced")
        assert one.list_rules() == "replaced"
        assert other.list_rules()["Rules"] == []
        assert boto3.client("events", region_name="us-east-1").list_rules()["Rules"] == []


def test_a_patch_of_how_clients_get_their_methods_is_in_later_clients(monkeypatch):
    with mock_events():
        boto3.client("events", region_name="us-east-1")
        monkeypatch.setattr(
            ClientCreator,
            "_create_api_method",
            lambda _creator, name, *_others: lambda _client: f"patched {name}",
        )
        assert boto3.client("events", region_name="us-east-1").list_rules() == "patched list_rules"
        monkeypatch.undo()
        assert boto3.client("events", region_name="us-east-1").list_rules()["Rules"] == []
