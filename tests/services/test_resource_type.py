"""What all types of resources share."""

from __future__ import annotations

import pytest

from eventmock import TemplateError

PATTERN = {"source": ["shop"]}


def test_a_resource_made_halfway_that_cannot_be_removed_is_noted(events_backend):
    properties = {"Name": "paid", "EventPattern": PATTERN, "Targets": [{"Id": "a", "Arn": "nonsense"}]}
    template = {"Resources": {"Rule": {"Type": "AWS::Events::Rule", "Properties": properties}}}
    with (
        events_backend.faults.inject("InternalException", operation="DeleteRule", times=1),
        pytest.raises(TemplateError, match="Provided Arn is not in correct format"),
    ):
        events_backend.deploy(template, stack="shop")
    assert "paid was made halfway, could not be removed, and stays: InternalException" in str(
        events_backend.report()
    )
    assert [one["Name"] for one in events_backend.client().list_rules()["Rules"]] == ["paid"]


def test_an_operation_that_botocore_does_not_know_is_told(events_backend, monkeypatch):
    from eventmock.services.events.resource_types.rule import RuleType

    monkeypatch.setattr(RuleType, "read", lambda _self, caller, _properties: caller.input_of("PutRules"))
    template = {"Resources": {"Rule": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": PATTERN}}}}
    with pytest.raises(TemplateError, match="the installed botocore does not know PutRules") as caught:
        events_backend.deploy(template, stack="shop")
    assert caught.value.code == "NotInBotocore"
