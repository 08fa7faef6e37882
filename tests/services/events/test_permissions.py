from __future__ import annotations

import json

import pytest

BUS_ARN = "arn:aws:events:us-east-1:123456789012:event-bus/default"


def policy(events):
    held = events.describe_event_bus().get("Policy")
    return None if held is None else json.loads(held)


def allow(events, statement_id="s", principal="111111111111", **more):
    events.put_permission(Action="events:PutEvents", Principal=principal, StatementId=statement_id, **more)


def test_a_statement_is_written(events):
    allow(events)
    assert policy(events) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "s",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
                "Action": "events:PutEvents",
                "Resource": BUS_ARN,
            }
        ],
    }


def test_anybody_stays_a_bare_star(events):
    allow(events, principal="*")
    assert policy(events)["Statement"][0]["Principal"] == "*"


def test_an_organisation_is_a_condition(events):
    condition = {"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-0123456789"}
    allow(events, principal="*", Condition=condition)
    assert policy(events)["Statement"][0]["Condition"] == {
        "StringEquals": {"aws:PrincipalOrgID": "o-0123456789"}
    }


def test_statements_add_up_and_the_same_sid_replaces(events):
    allow(events, "a")
    allow(events, "b")
    allow(events, "a", "222222222222")
    assert [(s["Sid"], s["Principal"]["AWS"][-17:-5]) for s in policy(events)["Statement"]] == [
        ("b", "111111111111"),
        ("a", "222222222222"),
    ]


def test_a_document_replaces_everything_and_is_kept_as_given(events):
    allow(events)
    document = {"Version": "2008-10-17", "Statement": {"Sid": "x", "Effect": "Deny", "Action": "*"}}
    events.put_permission(Policy=json.dumps(document))
    assert policy(events) == document
    allow(events)
    assert [statement["Sid"] for statement in policy(events)["Statement"]] == ["x", "s"]


@pytest.mark.parametrize(
    ("region", "partition"), [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_an_account_id_in_a_document_is_shown_as_the_account_s_arn(events_backend, region, partition):
    client = events_backend.client(region=region)
    root = f"arn:{partition}:iam::111111111111:root"
    user = f"arn:{partition}:iam::222222222222:user/u"
    given = {"111111111111": root, root: root, user: user, "*": "*", "11111": "11111"}
    for principals, shown in [*given.items(), (list(given), list(given.values()))]:
        statement = {"Sid": "s", "Effect": "Allow", "Action": "events:*", "Resource": "*"}
        for held in ([statement], statement):
            one = held if isinstance(held, dict) else held[0]
            one["Principal"] = {"AWS": principals, "Service": "111111111111"}
            client.put_permission(Policy=json.dumps({"Statement": held}))
            one["Principal"] = {"AWS": shown, "Service": "111111111111"}
            assert policy(client) == {"Statement": held}
            [listed] = client.list_event_buses()["EventBuses"]
            assert json.loads(listed["Policy"]) == {"Statement": held}


def test_an_account_id_is_not_looked_for_elsewhere_in_a_document(events):
    document = {
        "Id": "111111111111",
        "Statement": [
            {"Sid": "111111111111", "Principal": "*", "NotPrincipal": {"AWS": "111111111111"}},
            {"Sid": "b", "Condition": {"StringEquals": {"aws:PrincipalAccount": "111111111111"}}},
            {"Sid": "c", "Principal": "111111111111"},
            {"Sid": "d", "Principal": {"AWS": {"odd": "111111111111"}}},
            "odd",
        ],
    }
    events.put_permission(Policy=json.dumps(document))
    assert policy(events) == document


def test_removing_one_then_all(events):
    allow(events, "a")
    allow(events, "b")
    events.remove_permission(StatementId="a")
    assert [statement["Sid"] for statement in policy(events)["Statement"]] == ["b"]
    events.remove_permission(StatementId="b")
    assert policy(events) is None
    allow(events)
    events.remove_permission(RemoveAllPermissions=True)
    assert policy(events) is None


GOOD = {"Action": "events:PutEvents", "Principal": "*", "StatementId": "s"}
CONDITION = {"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-0123456789"}


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            GOOD | {"Policy": "{}"},
            "Action, Principal, StatementId and Condition could not be combined with Policy parameter.",
        ),
        ({}, "Parameter(s) Action, Principal and StatementId must be specified."),
        ({"Action": "events:PutEvents"}, "Parameter(s) Action, Principal and StatementId must be specified."),
        (GOOD | {"Action": "events:PutRule"}, "Provided value in parameter 'action' is not supported."),
        (
            GOOD | {"Condition": CONDITION | {"Type": "x"}},
            "Provided value in parameter 'condition.type' is not supported.",
        ),
        (
            GOOD | {"Condition": CONDITION | {"Key": "x"}},
            "Provided value in parameter 'condition.key' is not supported.",
        ),
        (
            GOOD | {"Condition": CONDITION | {"Value": "x"}},
            "Provided value in parameter 'condition.value' is invalid.",
        ),
        ({"Policy": "text"}, "Parameter Policy is not valid. Reason: Policy is not a JSON object."),
        ({"Policy": "[]"}, "Parameter Policy is not valid. Reason: Policy is not a JSON object."),
    ],
)
def test_what_put_permission_refuses(events, error_of, members, message):
    assert error_of(events.put_permission, **members) == ("ValidationException", message)
    assert policy(events) is None


def test_a_policy_has_a_size(events, error_of):
    document = json.dumps({"Statement": ["x" * 10_240]})
    assert error_of(events.put_permission, Policy=document) == (
        "PolicyLengthExceededException",
        "Policy size would be larger than the maximum allowed.",
    )


@pytest.mark.parametrize(
    ("members", "code", "message"),
    [
        (
            {"StatementId": "s", "RemoveAllPermissions": True},
            "ValidationException",
            "StatementId could not be combined with All parameter.",
        ),
        ({}, "ValidationException", "Parameter(s) StatementId must be specified."),
        ({"StatementId": "s"}, "ResourceNotFoundException", "Statement with the provided id does not exist."),
        (
            {"StatementId": "s", "EventBusName": "nope"},
            "ResourceNotFoundException",
            "Event bus nope does not exist.",
        ),
    ],
)
def test_what_remove_permission_refuses(events, error_of, members, code, message):
    assert error_of(events.remove_permission, **members) == (code, message)


def test_a_policy_without_a_statement_is_none(events):
    events.put_permission(Policy='{"Version": "2012-10-17", "Statement": []}')
    assert "Policy" not in events.describe_event_bus()
