from __future__ import annotations

import pytest

REFUSED = "ConflictException", "The ClientToken was used for a request with other parameters."
GROUP = {"Name": "jobs"}


def test_the_same_token_and_request_make_one_schedule(backend, client, members, answer_of, names):
    given = members("s", "rate(1 day)", ClientToken="t")
    assert answer_of(client.create_schedule, **given) == answer_of(client.create_schedule, **given)
    assert names() == ["default/s"]
    assert len(backend.deliveries) == 1


def test_a_group_is_deleted_once(backend, client, answer_of):
    client.create_schedule_group(**GROUP)
    for _ in range(2):
        assert answer_of(client.delete_schedule_group, **GROUP, ClientToken="t") == {}
    backend.clock.advance(seconds=10)
    assert answer_of(client.delete_schedule_group, **GROUP, ClientToken="t") == {}


@pytest.mark.parametrize("call", ["create_schedule", "update_schedule"])
def test_the_same_token_with_another_request_is_refused(client, create, members, error_of, call):
    create("s")
    given = members("s" if call == "update_schedule" else "new", ClientToken="t")
    getattr(client, call)(**given)
    assert error_of(getattr(client, call), **given | {"Description": "other"}) == REFUSED


def test_a_token_belongs_to_one_operation_of_an_account_in_a_region(backend, client, members):
    for place in ({}, {"account": "222222222222"}, {"region": "eu-west-1"}):
        one = backend.client("scheduler", **place)
        given = members(ClientToken="t")
        given["Target"]["Arn"] = given["Target"]["Arn"].replace("us-east-1", one.meta.region_name)
        one.create_schedule(**given)
        one.update_schedule(**given)
        one.delete_schedule(Name="s", ClientToken="t")


def test_another_token_is_another_request(client, create, members, error_of):
    create("s", ClientToken="t")
    assert error_of(client.create_schedule, **members(ClientToken="u")) == (
        "ConflictException",
        "Schedule s already exists.",
    )


def test_the_token_of_a_request_that_failed_is_free(client, members, error_of):
    error_of(client.create_schedule, **members(expression="rate(1 year)", ClientToken="t"))
    client.create_schedule(**members(ClientToken="t"))


def test_a_token_outlives_what_it_made(client, create, members, answer_of, names):
    given = members(ClientToken="t")
    answer = answer_of(client.create_schedule, **given)
    client.delete_schedule(Name="s")
    assert answer_of(client.create_schedule, **given) == answer
    assert names() == []


def test_tokens_go_with_a_reset_and_come_back_with_a_snapshot(backend, client, members, names):
    client.create_schedule(**members(ClientToken="t"))
    snapshot = backend.snapshot()
    backend.reset()
    client.create_schedule(**members(ClientToken="t", Description="other"))
    backend.restore(snapshot)
    client.create_schedule(**members(ClientToken="t"))
    assert names() == ["default/s"]
