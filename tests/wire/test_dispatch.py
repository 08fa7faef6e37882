from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest

from eventmock.wire import AwsError, Dispatcher
from eventmock.wire.operations import BoundOperation
from eventmock.wire.pagination import Pager


@pytest.fixture
def dispatcher(events_model, noon):
    def describe_rule(call, request):
        return {"Name": request["Name"], "Description": call.account}

    def list_rules(_call, _request):
        return [{"Name": "b"}, {"Name": "a"}]

    def delete_rule(_call, _request):
        raise AwsError("ManagedRuleException", "no")

    return Dispatcher(
        service=events_model,
        operations={
            "describe_rule": BoundOperation(describe_rule, None),
            "list_rules": BoundOperation(list_rules, "Name"),
            "delete_rule": BoundOperation(delete_rule, None),
        },
        pager=lambda: Pager(b"seal", lambda: 0.0),
        now=lambda: noon,
        new_request_id=lambda: "id",
        missing=lambda name: AwsError("Missing", name, 501),
        invalid_token=lambda name, _has_expired: AwsError("BadToken", name),
        lock=threading.RLock(),
    )


def answer(dispatcher, request):
    response = dispatcher.handle(request, "the account", "scope")
    return response.status, json.loads(response.body or "null")


def test_a_request_is_answered_by_its_function(dispatcher, json_request):
    assert answer(dispatcher, json_request("DescribeRule", b'{"Name": "r"}')) == (
        200,
        {"Name": "r", "Description": "the account"},
    )


def test_constraints_are_checked_first(dispatcher, json_request):
    status, body = answer(dispatcher, json_request("DescribeRule", b'{"Name": "a b"}'))
    assert (status, body["__type"]) == (400, "ValidationException")


def test_an_operation_may_look_around_before_the_lock_is_taken(dispatcher, json_request):
    lock, seen = threading.Lock(), []

    def look_up(call, request):
        with lock:
            seen.append(request["Name"])
        return call.account

    def describe_rule(call, _request):
        return {"Name": "r", "Description": f"{call.found}, {lock.locked()}"}

    operations = {"describe_rule": BoundOperation(describe_rule, None, look_up=look_up)}
    looking = replace(dispatcher, operations=operations, lock=lock)
    status, body = answer(looking, json_request("DescribeRule", b'{"Name": "r"}'))
    assert (status, body["Description"]) == (200, "the account, True")
    assert answer(looking, json_request("DescribeRule", b'{"Name": "a b"}'))[0] == 400
    assert seen == ["r"]


def test_an_error_is_answered(dispatcher, json_request):
    assert answer(dispatcher, json_request("DeleteRule", b'{"Name": "r"}')) == (
        400,
        {"__type": "ManagedRuleException", "message": "no"},
    )


def test_an_error_of_an_operation_is_told(dispatcher, json_request):
    told = []
    telling = replace(dispatcher, refused=lambda *told_of: told.append(told_of))
    for request in (
        json_request("DeleteRule", b'{"Name": "r"}'),
        json_request("DescribeRule", b'{"Name": "r"}'),
        json_request("DescribeRule", b"{"),
    ):
        telling.handle(request, "the account", "scope")
    assert [(account, name, error.code) for account, name, error in told] == [
        ("the account", "DeleteRule", "ManagedRuleException")
    ]


def test_a_list_is_paged(dispatcher, json_request):
    _, first = answer(dispatcher, json_request("ListRules", b'{"Limit": 1}'))
    assert first["Rules"] == [{"Name": "a"}]
    rest = json.dumps({"NextToken": first["NextToken"]}).encode()
    assert answer(dispatcher, json_request("ListRules", rest)) == (200, {"Rules": [{"Name": "b"}]})


def test_a_forged_token_is_refused(dispatcher, json_request):
    assert answer(dispatcher, json_request("ListRules", b'{"NextToken": "x"}')) == (
        400,
        {"__type": "BadToken", "message": "ListRules"},
    )


def test_an_operation_without_a_function_is_named(dispatcher, json_request):
    assert answer(dispatcher, json_request("PutEvents", b'{"Entries": [{}]}')) == (
        501,
        {"__type": "Missing", "message": "PutEvents"},
    )


def test_the_lock_is_free_after_an_error(dispatcher, json_request):
    answer(dispatcher, json_request("DeleteRule", b'{"Name": "r"}'))
    taken = []
    thread = threading.Thread(target=lambda: taken.append(dispatcher.lock.acquire(blocking=False)))
    thread.start()
    thread.join()
    assert taken == [True]
