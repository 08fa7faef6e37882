from __future__ import annotations

import json
from dataclasses import replace

import pytest

from eventmock.target_kinds import ApiCall, InvalidRequest, kind_of

OPS_ITEM = "arn:aws:ssm:us-east-1:123456789012:opsitem"
RESOURCES = {"Type": "SearchableString", "Value": '[{"arn":"arn:aws:ec2:::instance/i-1"}]'}


def test_an_item_is_made_of_the_event(request_of):
    assert request_of(OPS_ITEM) == ApiCall(
        service="ssm",
        operation="CreateOpsItem",
        parameters={
            "Title": "order",
            "Description": "Rule ship matched event 11111111-2222-4333-8444-555555555555.",
            "Source": "shop",
        },
        region="us-east-1",
        account="123456789012",
    )


def test_the_resources_of_the_event_are_those_of_the_item(invocation, event_text):
    event = {**json.loads(event_text), "resources": ["arn:aws:ec2:::instance/i-1"]}
    made = replace(invocation(OPS_ITEM), body=json.dumps(event))
    assert kind_of(made.arn).request(made).parameters["OperationalData"] == {"/aws/resources": RESOURCES}


def test_input_holds_the_item(request_of):
    body = {
        "title": "t",
        "description": "d",
        "source": "s",
        "category": "Availability",
        "severity": "2",
        "resources": ["arn:aws:ec2:::instance/i-1"],
        "operationalData": {"/aws/dedup": {"value": "x"}, "n": {"type": "String", "value": "v"}},
    }
    assert request_of(OPS_ITEM, body=json.dumps(body)).parameters == {
        "Title": "t",
        "Description": "d",
        "Source": "s",
        "Category": "Availability",
        "Severity": "2",
        "OperationalData": {
            "/aws/dedup": {"Type": "SearchableString", "Value": "x"},
            "n": {"Type": "String", "Value": "v"},
            "/aws/resources": RESOURCES,
        },
    }


def test_an_item_needs_a_title_a_description_and_a_source(request_of):
    with pytest.raises(InvalidRequest) as caught:
        request_of(OPS_ITEM, body='{"title":"t","description":"d"}')
    assert str(caught.value) == "wanted a title, a description and a source; there is no 'source'"


@pytest.mark.parametrize(
    ("member", "problem"),
    [
        ('"operationalData":1', "wanted an object of objects for operationalData"),
        ('"operationalData":{"n":"v"}', "wanted an object of objects for operationalData"),
        ('"resources":"r"', "wanted an array for resources"),
    ],
)
def test_other_input_fails(request_of, member, problem):
    with pytest.raises(InvalidRequest) as caught:
        request_of(OPS_ITEM, body=f'{{"title":"t","description":"d","source":"s",{member}}}')
    assert str(caught.value) == problem
