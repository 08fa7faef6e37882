"""``AWS::AppIntegrations::EventIntegration``."""

from __future__ import annotations

import pytest

from eventmock import TemplateError

PLAIN = {
    "Name": "crm",
    "EventBridgeBus": "default",
    "EventFilter": {"Source": "aws.partner/example.com/crm"},
}


@pytest.fixture
def client(events_backend):
    """A client of the mocked service."""
    return events_backend.client("appintegrations")


@pytest.fixture
def deploy(events_backend):
    """A function that deploys an event integration X, and gives the deployment."""

    def deploy(**properties):
        body = {"Type": "AWS::AppIntegrations::EventIntegration", "Properties": {**PLAIN, **properties}}
        outputs = {"Arn": {"Fn::GetAtt": ["X", "EventIntegrationArn"]}, "Ref": {"Ref": "X"}}
        outputs = {name: {"Value": value} for name, value in outputs.items()}
        return events_backend.deploy({"Resources": {"X": body}, "Outputs": outputs}, stack="shop")

    return deploy


@pytest.fixture
def refusal(events_backend):
    """A function that gives the text of the error of an event integration that has some properties."""

    def refusal(properties):
        body = {"Type": "AWS::AppIntegrations::EventIntegration", "Properties": properties}
        with pytest.raises(TemplateError) as caught:
            events_backend.deploy({"Resources": {"X": body}}, stack="shop")
        return caught.value.message

    return refusal


def test_ref_and_the_attribute_are_what_the_mock_made(deploy, client):
    outputs = deploy().outputs
    made = client.get_event_integration(Name="crm")
    assert outputs == {"Ref": "crm", "Arn": made["EventIntegrationArn"]}


def test_each_property_reaches_the_integration_and_tags_are_a_map(deploy, client):
    deploy(Description="ours", Tags=[{"Key": "team", "Value": "shop"}, {"Key": "n", "Value": 5}])
    made = client.get_event_integration(Name="crm")
    assert {name: made[name] for name in PLAIN} == PLAIN
    assert made["Description"] == "ours"
    assert made["Tags"] == {"team": "shop", "n": "5"}


def test_an_update_changes_description_and_tags_in_place(deploy, client):
    before = deploy(Description="ours", Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}])
    arn = before["X"].arn
    after = deploy(Tags=[{"Key": "b", "Value": "2"}, {"Key": "c", "Value": "3"}])
    made = client.get_event_integration(Name="crm")
    assert after["X"].arn == arn == made["EventIntegrationArn"]
    assert made.get("Description", "") == ""
    assert made["Tags"] == {"b": "2", "c": "3"}


def test_another_name_makes_another_integration(deploy, client):
    deploy()
    deploy(Name="other")
    assert [one["Name"] for one in client.list_event_integrations()["EventIntegrations"]] == ["other"]


@pytest.mark.parametrize(
    "change", [{"EventBridgeBus": "orders"}, {"EventFilter": {"Source": "aws.partner/example.com/other"}}]
)
def test_a_change_that_would_replace_it_is_refused_as_it_has_an_explicit_name(deploy, client, change):
    deploy()
    before = client.get_event_integration(Name="crm")
    with pytest.raises(TemplateError, match=r"custom-named resource requires replacing\. Rename crm"):
        deploy(**change)
    after = client.get_event_integration(Name="crm")
    assert {name: after[name] for name in PLAIN} == {name: before[name] for name in PLAIN}


def test_an_integration_goes_with_its_stack(deploy, client):
    deploy().delete()
    assert client.list_event_integrations()["EventIntegrations"] == []


def test_an_integration_that_exists_is_not_made(refusal, client):
    client.create_event_integration(**PLAIN)
    assert "DuplicateResourceException" in refusal(PLAIN)


@pytest.mark.parametrize("name", PLAIN)
def test_an_integration_needs_name_bus_and_filter(refusal, name):
    text = refusal({key: value for key, value in PLAIN.items() if key != name})
    assert text.endswith(f"#: required key [{name}] not found")


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ({"Tags": {"a": "b"}}, "#/Tags: expected type: JSONArray, found: JSONObject"),
        ({"Tags": ["a"]}, "#/Tags/0: expected type: JSONObject, found: String"),
        ({"Tags": [{"Key": "a"}]}, "#/Tags/0: required key [Value] not found"),
        ({"EventFilter": "a"}, "#/EventFilter: expected type: JSONObject, found: String"),
        ({"EventFilter": {"Sauce": "a"}}, "#/EventFilter: extraneous key [Sauce] is not permitted"),
    ],
)
def test_a_wrong_property_is_refused_in_the_words_of_cloudformation(refusal, properties, text):
    assert refusal({**PLAIN, **properties}).endswith(text)
