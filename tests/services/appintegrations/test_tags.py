from __future__ import annotations

import pytest

ARN = "arn:aws:app-integrations:us-east-1:123456789012:event-integration/"
MAKERS = ("event_integration", "data_integration", "application")


@pytest.fixture(params=[*MAKERS, *(f"{name}_association" for name in MAKERS)])
def resource(request, events_backend):
    """The ARN of something that can be tagged; one run for each kind."""
    kind = request.param.removesuffix("_association")
    made = request.getfixturevalue(kind)()
    arn = made if isinstance(made, str) else made[1]
    if kind == request.param:
        return arn
    helpers = events_backend.appintegrations
    if kind == "event_integration":
        return helpers.add_event_integration_association("crm", client_id="c", rule="r")
    return getattr(helpers, f"add_{request.param}")(arn, client_id="c")


@pytest.fixture
def tags(client):
    return lambda arn: client.list_tags_for_resource(resourceArn=arn)["tags"]


def test_tags_are_added_changed_and_removed(client, resource, tags, answer_of):
    assert tags(resource) == {}
    assert answer_of(client.tag_resource, resourceArn=resource, tags={"a": "1", "b": "2"}) == {}
    client.tag_resource(resourceArn=resource, tags={"b": "3"})
    assert answer_of(client.list_tags_for_resource, resourceArn=resource) == {"tags": {"a": "1", "b": "3"}}
    assert answer_of(client.untag_resource, resourceArn=resource, tagKeys=["a", "unknown"]) == {}
    assert tags(resource) == {"b": "3"}
    client.untag_resource(resourceArn=resource, tagKeys=["b"])
    assert tags(resource) == {}


@pytest.mark.parametrize("maker", MAKERS)
def test_tags_are_given_with_the_resource(request, tags, maker):
    made = request.getfixturevalue(maker)(Tags={"a": "1"})
    assert tags(made if isinstance(made, str) else made[1]) == {"a": "1"}


@pytest.mark.parametrize(
    "arn",
    [
        f"{ARN}nope",
        f"{ARN}crm".replace("123456789012", "222222222222"),
        f"{ARN}crm".replace("us-east-1", "eu-west-1"),
        "arn:aws:events:us-east-1:123456789012:event-bus/default",
    ],
)
def test_what_is_not_there_is_not_found(client, event_integration, error_of, arn):
    event_integration()
    for call, more in (
        (client.tag_resource, {"tags": {"a": "1"}}),
        (client.untag_resource, {"tagKeys": ["a"]}),
        (client.list_tags_for_resource, {}),
    ):
        error = error_of(call, resourceArn=arn, **more)
        assert error == ("ResourceNotFoundException", f"{arn} was not found.")


def test_no_key_is_aws_s_own(client, unchecked, event_integration, error_of, tags):
    arn = event_integration()
    error = error_of(unchecked.tag_resource, resourceArn=arn, tags={"aws:x": "1"})
    assert error[0] == "InvalidRequestException"
    assert tags(arn) == {}


@pytest.mark.parametrize("key", ["Aws:x", "AWS:x", "aWs:", "aws", "x:aws:"])
def test_other_keys_that_look_alike_are_not(client, event_integration, tags, key):
    arn = event_integration(Tags={key: "1"})
    client.tag_resource(resourceArn=arn, tags={key: "2"})
    assert tags(arn) == {key: "2"}


def test_a_key_of_aws_s_is_refused_with_the_resource(unchecked, error_of):
    page = {"Name": "a", "Namespace": "a", "ApplicationSourceConfig": {}}
    files = {"Name": "a", "KmsKey": "k", "SourceURI": "s3://bucket/a"}
    crm = {"Name": "a", "EventFilter": {"Source": "aws.partner/e"}, "EventBridgeBus": "default"}
    for create, members in (
        (unchecked.create_application, page),
        (unchecked.create_data_integration, files),
        (unchecked.create_event_integration, crm),
    ):
        assert error_of(create, **members, Tags={"aws:x": "1"})[0] == "InvalidRequestException"


def test_there_are_so_many_at_most(events_backend, client, event_integration, error_of, tags):
    def keys(start, end):
        return {f"{chr(97 + n // 26)}{chr(97 + n % 26)}": "" for n in range(start, end)}

    arn = event_integration(Tags=keys(0, 150))
    client.tag_resource(resourceArn=arn, tags=keys(100, 200))
    error = error_of(client.tag_resource, resourceArn=arn, tags=keys(199, 201))
    assert error == ("InvalidRequestException", "A resource may have up to 200 tags.")
    assert tags(arn) == keys(0, 200)
    events_backend.appintegrations.quotas.tags_per_resource = 201
    client.tag_resource(resourceArn=arn, tags=keys(199, 201))
    assert len(tags(arn)) == 201
