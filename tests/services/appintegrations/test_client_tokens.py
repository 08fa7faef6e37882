from __future__ import annotations

import json

import pytest
from botocore import xform_name

CREATED = {
    "CreateEventIntegration": {
        "Name": "a",
        "EventFilter": {"Source": "aws.partner/example.com"},
        "EventBridgeBus": "default",
    },
    "CreateDataIntegration": {"Name": "a", "KmsKey": "k", "SourceURI": "s3://bucket/a"},
    "CreateApplication": {"Name": "a", "Namespace": "a", "ApplicationSourceConfig": {}},
    "CreateDataIntegrationAssociation": {"DataIntegrationIdentifier": "held"},
}
OTHER = {"CreateDataIntegrationAssociation": {"ClientId": "c"}}
REFUSED = "InvalidRequestException", "The ClientToken was used for a request with other parameters."


@pytest.fixture(params=CREATED)
def create(request, client, operation, answer_of, data_integration):
    """A function that makes something; one run for each operation that takes a token."""
    operation(request.param)
    data_integration("held")
    call = getattr(client, xform_name(request.param))

    def create(**members):
        return answer_of(call, **CREATED[request.param] | members)

    create.other = OTHER.get(request.param, {"Description": "other"})
    create.call = lambda **members: call(**CREATED[request.param] | members)
    return create


def test_the_same_token_and_request_make_one_thing(create):
    assert create(ClientToken="t") == create(ClientToken="t")


def test_the_same_token_with_another_request_is_refused(create, error_of):
    create(ClientToken="t")
    assert error_of(create.call, ClientToken="t", **create.other) == REFUSED


def test_another_token_is_another_request(create, error_of):
    create(ClientToken="t")
    code, _ = error_of(create.call, ClientToken="u")
    assert code in ("DuplicateResourceException", "InvalidRequestException")


def test_boto3_makes_a_token_for_each_call(create, error_of):
    create()
    assert error_of(create.call)[0] in ("DuplicateResourceException", "InvalidRequestException")


def test_without_a_token_each_request_is_another(client, error_of):
    def leave_out(params, **_):
        members = json.loads(params["body"])
        del members["ClientToken"]
        params["body"] = json.dumps(members).encode()

    client.meta.events.register("before-call.appintegrations", leave_out)
    answer = client.create_data_integration(**CREATED["CreateDataIntegration"])
    assert "ClientToken" not in answer
    error = error_of(client.create_data_integration, **CREATED["CreateDataIntegration"])
    assert error == ("DuplicateResourceException", "Data integration a already exists.")


DELETED = {
    "event_integration": lambda _answer: {"Name": "a"},
    "data_integration": lambda answer: {"DataIntegrationIdentifier": answer["Id"]},
    "application": lambda answer: {"Arn": answer["Arn"]},
}


@pytest.mark.parametrize("kind", DELETED)
def test_a_token_is_free_when_what_it_made_is_deleted(client, kind, operation, answer_of, error_of):
    name = f"Create{kind.title().replace('_', '')}"
    operation(name)
    operation(name.replace("Create", "Delete"))
    create, delete = getattr(client, f"create_{kind}"), getattr(client, f"delete_{kind}")
    members = CREATED[name] | {"ClientToken": "t"}
    for changed in ({}, {}, {"Description": "another"}):
        answer = answer_of(create, **members | changed)
        assert answer_of(create, **members | changed) == answer
        [listed] = next(iter(answer_of(getattr(client, f"list_{kind}s")).values()))
        arn = "EventIntegrationArn" if kind == "event_integration" else "Arn"
        assert listed[arn] == answer[arn]
        assert error_of(create, **members, Description="other") == REFUSED
        delete(**DELETED[kind](answer))


def test_a_token_does_not_answer_for_what_another_made_under_the_same_name(client, error_of):
    members = CREATED["CreateEventIntegration"]
    client.create_event_integration(**members, ClientToken="t")
    client.delete_event_integration(Name="a")
    client.create_event_integration(**members, ClientToken="u")
    assert (
        error_of(client.create_event_integration, **members, ClientToken="t")[0]
        == "DuplicateResourceException"
    )


def test_the_token_of_a_request_that_failed_is_free(client, data_integration, error_of):
    members = CREATED["CreateDataIntegration"] | {"ClientToken": "t"}
    data_integration("a")
    assert error_of(client.create_data_integration, **members)[0] == "DuplicateResourceException"
    client.delete_data_integration(DataIntegrationIdentifier="a")
    client.create_data_integration(**members)
    assert client.get_data_integration(Identifier="a")["KmsKey"] == "k"


def test_a_token_belongs_to_one_operation_of_an_account_in_a_region(events_backend, client):
    for one in (
        client,
        events_backend.client("appintegrations", account="222222222222"),
        events_backend.client("appintegrations", region="eu-west-1"),
    ):
        for name in ("CreateEventIntegration", "CreateDataIntegration"):
            getattr(one, xform_name(name))(**CREATED[name], ClientToken="t")
        assert one.get_event_integration(Name="a")["EventIntegrationArn"].startswith(
            f"arn:aws:app-integrations:{one.meta.region_name}:"
        )


def test_tokens_go_with_a_reset_and_come_back_with_a_snapshot(events_backend, client, answer_of, error_of):
    members = CREATED["CreateApplication"] | {"ClientToken": "t"}
    answer = answer_of(client.create_application, **members)
    snapshot = events_backend.snapshot()
    events_backend.reset()
    client.create_application(**members | {"Description": "other"})
    events_backend.restore(snapshot)
    assert answer_of(client.create_application, **members) == answer
