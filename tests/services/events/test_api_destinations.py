from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

pytestmark = pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
ARN = f"arn:aws:events:us-east-1:123456789012:api-destination/d/{UUID}"
URL = "https://example.com/orders/*"
BASIC = {"BasicAuthParameters": {"Username": "u", "Password": "p"}}
OAUTH = {
    "OAuthParameters": {
        "ClientParameters": {"ClientID": "i", "ClientSecret": "s"},
        "AuthorizationEndpoint": "https://example.com/token",
        "HttpMethod": "POST",
    }
}
KINDS = {"BASIC": BASIC, "OAUTH_CLIENT_CREDENTIALS": OAUTH}
METHODS = "[HEAD, POST, PATCH, DELETE, PUT, GET, OPTIONS]"
CONNECTION_PATTERN = (
    r"^arn:aws([a-z]|\-)*:events:([a-z]|\d|\-)*:([0-9]{12})?:connection\/[\.\-_A-Za-z0-9]+\/[\-A-Za-z0-9]+$"
)
NAMED = ("describe_api_destination", "update_api_destination", "delete_api_destination")


def connect(client, name="c", kind="BASIC"):
    answer = client.create_connection(Name=name, AuthorizationType=kind, AuthParameters=KINDS[kind])
    return answer["ConnectionArn"]


@pytest.fixture
def connection(events):
    return connect(events)


@pytest.fixture
def create(events, connection):
    """A function that makes an API destination."""

    def create(Name="d", **more):  # noqa: N803 - AWS's name
        members = {"ConnectionArn": connection, "InvocationEndpoint": URL, "HttpMethod": "POST", **more}
        return events.create_api_destination(Name=Name, **members)

    return create


@pytest.fixture
def described(events, answer_of):
    """A function that describes an API destination."""
    return lambda name="d": answer_of(events.describe_api_destination, Name=name)


def names(client, **filters):
    return [found["Name"] for found in client.list_api_destinations(**filters)["ApiDestinations"]]


def unknown(operation, name="d"):
    return (
        "ResourceNotFoundException",
        f"Failed to {operation.partition('_')[0]} the api-destination(s). "
        f"An api-destination '{name}' does not exist.",
    )


class TestCreate:
    @pytest.mark.parametrize(
        ("kind", "state"), [("BASIC", "ACTIVE"), ("OAUTH_CLIENT_CREDENTIALS", "INACTIVE")]
    )
    def test_the_answer(self, events, create, kind, state):
        answer = create(ConnectionArn=connect(events, "of-that-kind", kind))
        assert re.fullmatch(ARN, answer["ApiDestinationArn"])
        del answer["ResponseMetadata"]
        assert answer == {
            "ApiDestinationArn": answer["ApiDestinationArn"],
            "ApiDestinationState": state,
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
        }

    def test_a_name_is_taken_once(self, create, error_of):
        create()
        assert error_of(create) == (
            "ResourceAlreadyExistsException",
            "Failed to create the api-destination(s). An api-destination 'd' already exists.",
        )

    def test_a_name_differs_by_its_case(self, events, create):
        create("d")
        create("D")
        assert names(events) == ["D", "d"]

    def test_a_quota_binds(self, events, events_backend, create, error_of):
        events_backend.quotas.api_destinations = 1
        create("one")
        assert error_of(create, Name="two") == (
            "LimitExceededException",
            "The requested resource exceeds the maximum number allowed.",
        )
        assert names(events) == ["one"]

    def test_what_is_wrong_is_told_all_at_once(self, events, error_of):
        members = {"ConnectionArn": "c", "HttpMethod": "TRACE", "InvocationEndpoint": "invalid-endpoint"}
        assert error_of(events.create_api_destination, Name="d", **members) == (
            "ValidationException",
            "2 validation errors detected: Value 'c' at 'connectionArn' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {CONNECTION_PATTERN}; "
            "Value 'TRACE' at 'httpMethod' failed to satisfy constraint: "
            f"Member must satisfy enum value set: {METHODS}",
        )


@pytest.fixture(params=["create", "update"])
def put(request, events, create):
    """A function that makes an API destination, or changes one that is there."""
    if request.param == "create":
        return lambda **members: create("put", **members)
    create("put")
    return lambda **members: events.update_api_destination(Name="put", **members)


class TestCreateAndUpdate:
    @pytest.mark.parametrize(
        ("members", "where", "constraint"),
        [
            ({"Name": "a b"}, "'a b' at 'name'", r"satisfy regular expression pattern: [\.\-_A-Za-z0-9]+"),
            ({"Name": "x" * 65}, f"'{'x' * 65}' at 'name'", "have length less than or equal to 64"),
            (
                {"Description": "x" * 513},
                f"'{'x' * 513}' at 'description'",
                "have length less than or equal to 512",
            ),
            (
                {"ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/c"},
                "'arn:aws:events:us-east-1:123456789012:connection/c' at 'connectionArn'",
                f"satisfy regular expression pattern: {CONNECTION_PATTERN}",
            ),
            (
                {"InvocationEndpoint": "https://a b"},
                "'https://a b' at 'invocationEndpoint'",
                r"satisfy regular expression pattern: "
                r"^((%[0-9A-Fa-f]{2}|[-()_.!~*';/?:@\x26=+$,A-Za-z0-9])+)([).!';/?:,])?$",
            ),
            (
                {"InvocationEndpoint": "https://" + "x" * 2041},
                f"'https://{'x' * 2041}' at 'invocationEndpoint'",
                "have length less than or equal to 2048",
            ),
            ({"HttpMethod": "TRACE"}, "'TRACE' at 'httpMethod'", f"satisfy enum value set: {METHODS}"),
            (
                {"InvocationRateLimitPerSecond": 0},
                "'0' at 'invocationRateLimitPerSecond'",
                "have value greater than or equal to 1",
            ),
        ],
        ids=range(8),
    )
    def test_constraints(self, unchecked, violation_of, members, where, constraint):
        good = {"Name": "d", "ConnectionArn": ARN.replace("api-destination", "connection").replace(UUID, "u")}
        good |= {"InvocationEndpoint": URL, "HttpMethod": "POST"}
        for operation in (unchecked.create_api_destination, unchecked.update_api_destination):
            assert violation_of(operation, **good | members) == (where, constraint)

    @pytest.mark.parametrize("elsewhere", [{"region": "eu-west-1"}, {"account": "222222222222"}])
    def test_a_connection_of_another_region_or_account_is_refused(
        self, events_backend, put, error_of, elsewhere
    ):
        arn = connect(events_backend.client(**elsewhere))
        assert error_of(put, ConnectionArn=arn) == ("ValidationException", f"Invalid ARN: '{arn}'")

    @pytest.mark.parametrize(
        "change",
        [
            lambda arn: arn.replace("connection/c", "connection/nope"),
            lambda arn: arn.replace("connection/c", "connection/C"),
            lambda arn: arn[:-36] + "0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a",
        ],
        ids=["another name", "another case", "another id"],
    )
    def test_a_connection_that_is_not_there_is_not_found(self, connection, put, error_of, change):
        arn = change(connection)
        name = arn.split("/")[1]
        code, message = error_of(put, ConnectionArn=arn)
        assert code == "ResourceNotFoundException"
        assert re.fullmatch(
            rf"Failed to (create|update) the api-destination\(s\)\. Connection '{name}' does not exist\.",
            message,
        )

    @pytest.mark.parametrize(
        "url", ["http://example.com", "example.com", "https:", "https://", "https:///path"]
    )
    def test_an_endpoint_has_https(self, put, error_of, url):
        code, message = error_of(put, InvocationEndpoint=url)
        assert code == "ValidationException"
        assert f"Parameter InvocationEndpoint is not valid. Reason: Endpoint '{url}' is " in message

    def test_an_endpoint_may_hold_placeholders(self, put, described):
        put(InvocationEndpoint="https://example.com/*/a?b=*")
        assert described("put")["InvocationEndpoint"] == "https://example.com/*/a?b=*"


class TestDescribe:
    def test_what_was_not_given_has_its_default(self, create, described, connection):
        arn = create()["ApiDestinationArn"]
        assert described() == {
            "Name": "d",
            "ApiDestinationArn": arn,
            "ApiDestinationState": "ACTIVE",
            "ConnectionArn": connection,
            "InvocationEndpoint": URL,
            "HttpMethod": "POST",
            "InvocationRateLimitPerSecond": 300,
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
        }

    def test_everything_given_is_shown(self, create, described):
        given = {"Description": "d", "HttpMethod": "PATCH", "InvocationRateLimitPerSecond": 1}
        create(**given)
        assert given.items() <= described().items()


class TestState:
    def test_it_follows_the_connection(self, events, create, described):
        arn = connect(events, "oauth", "OAUTH_CLIENT_CREDENTIALS")
        create(ConnectionArn=arn)
        assert described()["ApiDestinationState"] == "INACTIVE"
        events.update_connection(Name="oauth", AuthorizationType="BASIC", AuthParameters=BASIC)
        assert described()["ApiDestinationState"] == "ACTIVE"
        events.deauthorize_connection(Name="oauth")
        assert described()["ApiDestinationState"] == "INACTIVE"

    def test_it_is_active_when_its_connection_is_authorised(self, events, create, described, pass_time):
        create(ConnectionArn=connect(events, "oauth", "OAUTH_CLIENT_CREDENTIALS"))
        before = described()
        pass_time(seconds=9)
        assert described() == before | {"ApiDestinationState": "INACTIVE"}
        pass_time(seconds=1)
        assert described() == before | {"ApiDestinationState": "ACTIVE"}
        [listed] = events.list_api_destinations()["ApiDestinations"]
        assert listed["ApiDestinationState"] == "ACTIVE"

    def test_it_is_inactive_while_its_connection_is_authorised_anew(
        self, events, create, described, pass_time
    ):
        create(ConnectionArn=connect(events, "oauth", "OAUTH_CLIENT_CREDENTIALS"))
        pass_time(seconds=10)
        parameters = {"OAuthParameters": {"HttpMethod": "GET"}}
        events.update_connection(Name="oauth", AuthParameters=parameters)
        assert described()["ApiDestinationState"] == "INACTIVE"
        pass_time(seconds=10)
        assert described()["ApiDestinationState"] == "ACTIVE"

    def test_it_outlives_its_connection_inactively(self, events, create, described):
        create()
        before = described()
        events.delete_connection(Name="c")
        connect(events)
        assert described() == before | {"ApiDestinationState": "INACTIVE"}
        [listed] = events.list_api_destinations()["ApiDestinations"]
        assert listed["ApiDestinationState"] == "INACTIVE"


class TestUpdate:
    def test_the_answer(self, events, create, answer_of, pass_time):
        arn = create()["ApiDestinationArn"]
        later = pass_time(minutes=1)
        assert answer_of(events.update_api_destination, Name="d", HttpMethod="GET") == {
            "ApiDestinationArn": arn,
            "ApiDestinationState": "ACTIVE",
            "CreationTime": NOW,
            "LastModifiedTime": later,
        }

    def test_what_is_left_out_stays(self, events, create, described, pass_time):
        create(Description="d", InvocationRateLimitPerSecond=7)
        expected = described() | {"LastModifiedTime": pass_time(minutes=1)}
        other = connect(events, "other")
        for changed in (
            {"Description": "new"},
            {"HttpMethod": "PUT"},
            {"InvocationEndpoint": "https://example.com"},
            {"InvocationRateLimitPerSecond": 8},
            {"ConnectionArn": other},
        ):
            events.update_api_destination(Name="d", **changed)
            expected |= changed
            assert described() == expected

    def test_a_refused_one_changes_nothing(self, events, create, described, error_of):
        create()
        before = described()
        error_of(events.update_api_destination, Name="d", HttpMethod="GET", InvocationEndpoint="http://x")
        assert described() == before


class TestDelete:
    def test_the_answer_is_empty_and_it_is_gone(self, events, create, answer_of, error_of):
        create()
        assert answer_of(events.delete_api_destination, Name="d") == {}
        assert names(events) == []
        assert error_of(events.describe_api_destination, Name="d") == unknown("describe")

    def test_made_anew_it_is_another(self, events, create, described):
        before = create(Description="d", InvocationRateLimitPerSecond=1)["ApiDestinationArn"]
        events.delete_api_destination(Name="d")
        create()
        after = described()
        assert after["ApiDestinationArn"] != before
        assert after["InvocationRateLimitPerSecond"] == 300
        assert "Description" not in after


class TestList:
    def test_an_entry_shows_all_but_the_description(self, events, create, described, answer_of):
        create(Description="d")
        shown = described()
        del shown["Description"]
        assert answer_of(events.list_api_destinations) == {"ApiDestinations": [shown]}

    def test_filters(self, events, create, connection):
        other = connect(events, "other")
        for name, arn in (("b-2", connection), ("a", other), ("b-1", other)):
            create(name, ConnectionArn=arn)
        assert names(events) == ["a", "b-1", "b-2"]
        assert names(events, NamePrefix="b-") == ["b-1", "b-2"]
        assert names(events, NamePrefix="-1") == names(events, NamePrefix="B") == []
        assert names(events, ConnectionArn=other) == ["a", "b-1"]
        assert names(events, ConnectionArn=other, NamePrefix="b") == ["b-1"]
        assert names(events, ConnectionArn=other.replace("/other/", "/nope/")) == []

    def test_a_connection_is_named_by_an_arn(self, events, violation_of):
        assert violation_of(events.list_api_destinations, ConnectionArn="c") == (
            "'c' at 'connectionArn'",
            f"satisfy regular expression pattern: {CONNECTION_PATTERN}",
        )

    def test_pages(self, create, paging):
        for name in ("c", "a", "b-1", "b-2"):
            create(name)
        paging("list_api_destinations", "ApiDestinations", filters={"NamePrefix": "b"})


@pytest.mark.parametrize("operation", NAMED)
def test_an_unknown_api_destination(events, create, error_of, operation):
    create()
    for name in ("nope", "D"):
        assert error_of(getattr(events, operation), Name=name) == unknown(operation, name)


@pytest.mark.parametrize("operation", NAMED)
def test_a_name_that_cannot_be(events, violation_of, operation):
    assert violation_of(getattr(events, operation), Name="a b") == (
        "'a b' at 'name'",
        r"satisfy regular expression pattern: [\.\-_A-Za-z0-9]+",
    )


@pytest.mark.parametrize("elsewhere", [{"account": "222222222222"}, {"region": "eu-west-1"}])
def test_api_destinations_are_those_of_an_account_in_a_region(
    events, events_backend, create, error_of, elsewhere
):
    arn = create()["ApiDestinationArn"]
    other = events_backend.client(**elsewhere)
    assert names(other) == []
    for operation in NAMED:
        assert error_of(getattr(other, operation), Name="d") == unknown(operation)
    members = {"ConnectionArn": connect(other), "InvocationEndpoint": URL, "HttpMethod": "POST"}
    there = other.create_api_destination(Name="d", **members)["ApiDestinationArn"]
    place = f"{elsewhere.get('region', 'us-east-1')}:{elsewhere.get('account', '123456789012')}"
    assert there.startswith(f"arn:aws:events:{place}:api-destination/d/")
    other.delete_api_destination(Name="d")
    assert events.describe_api_destination(Name="d")["ApiDestinationArn"] == arn
