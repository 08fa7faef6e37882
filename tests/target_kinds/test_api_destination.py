from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from eventmock.target_kinds import InvalidRequest, kind_of
from eventmock.target_kinds.api_destination import (
    KIND,
    REMOVED,
    Token,
    TokenRefused,
    invocation_call,
    read_token,
    retry_after,
    token_call,
)
from eventmock.target_kinds.http_call import Headers, HttpAnswer, HttpCall
from eventmock.values.arn import Arn

ARN = "arn:aws:events:us-east-1:123456789012:api-destination/shop/1a2b"
KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "s3cret"}}
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
EVERY_REQUEST = {
    "User-Agent": "Amazon/EventBridge/ApiDestinations",
    "Content-Type": "application/json; charset=utf-8",
    "Range": "bytes=0-1048575",
    "Accept-Encoding": "gzip,deflate",
    "Connection": "close",
    "Host": "api.example.com",
}


def parameters(*, secret=False, **members):
    return {
        f"{sort}Parameters": [
            {"Key": key, "Value": value, "IsValueSecret": secret} for key, value in pairs.items()
        ]
        for sort, pairs in members.items()
    }


@pytest.fixture
def call(invocation):
    """A function that makes the request: the target's HttpParameters, and what differs from the plain case."""

    def call(
        *, endpoint="https://api.example.com/orders", method="POST", auth=None, token=None, common=None,
        body=None, trace_header=None, **http_parameters,
    ):  # fmt: skip
        target = {"HttpParameters": http_parameters} if http_parameters else {}
        return invocation_call(
            invocation(ARN, body=body, trace_header=trace_header, **target),
            endpoint=endpoint,
            http_method=method,
            connection={
                **(KEY if auth is None else auth),
                **({} if common is None else {"InvocationHttpParameters": common}),
            },
            token=token,
        )

    return call


def test_the_kind():
    parsed = Arn.parse(ARN)
    assert parsed is not None
    assert kind_of(parsed) is KIND
    assert (KIND.role, KIND.parameters, KIND.request) == ("required", "HttpParameters", None)


def test_the_whole_request(call, event_text):
    assert call() == HttpCall(
        method="POST",
        url="https://api.example.com/orders",
        headers=Headers(
            EVERY_REQUEST | {"X-Key": "s3cret", "Content-Length": str(len(event_text))},
        ),
        body=event_text.encode(),
        service="https",
        region="us-east-1",
        account="123456789012",
    )


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_every_method_carries_the_body(call, method):
    made = call(method=method, body='"é"')
    assert (made.method, made.body, made.headers["Content-Length"]) == (method, '"é"'.encode(), "4")


# Authorization


def test_an_api_key_is_a_header(call):
    assert call().headers["X-Key"] == "s3cret"
    assert "Authorization" not in call().headers


def test_basic(call):
    made = call(auth={"BasicAuthParameters": {"Username": "jo", "Password": "pässword"}})
    assert made.headers["Authorization"] == "Basic am86cMOkc3N3b3Jk"


def test_a_token(call):
    made = call(auth={"OAuthParameters": {}}, token=Token(value="t0ken"))
    assert made.headers["Authorization"] == "Bearer t0ken"


def test_a_request_that_has_no_token_yet(call):
    made = call(auth={"OAuthParameters": {}})
    assert made.headers == EVERY_REQUEST | {"Content-Length": str(len(made.body))}


def test_authorization_wins_over_headers_of_the_same_name(call):
    made = call(
        token=Token(type="MAC", value="t0ken"),
        common=parameters(Header={"authorization": "connection's"}),
        HeaderParameters={"AUTHORIZATION": "target's"},
    )
    assert {name: value for name, value in made.headers.items() if name.lower() == "authorization"} == {
        "Authorization": "MAC t0ken"
    }


@pytest.mark.parametrize(
    ("auth", "token"),
    [
        (KEY, None),
        ({"BasicAuthParameters": {"Username": "jo", "Password": "s3cret"}}, None),
        ({"OAuthParameters": {}}, Token(value="s3cret")),
    ],
)
def test_secrets_are_not_shown(call, auth, token):
    common = parameters(
        secret=True, Header={"H": "s3cret"}, QueryString={"q": "s3cret"}, Body={"b": "s3cret"}
    )
    made = call(auth=auth, token=token, common=common)
    assert "s3cret" not in f"{made!r} {made} {token!r}"
    assert made.headers["H"] == made.query["q"] == made.json["b"] == "s3cret"


# The URL


def test_path_values_take_the_place_of_stars_in_order(call):
    made = call(
        endpoint="https://api.example.com/*/orders/x*y", PathParameterValues=["$.detail.name", "a b/c?"]
    )
    assert made.url == "https://api.example.com/box/orders/xa%20b%2Fc%3Fy"


def test_a_number_in_the_event_is_a_path_value(call):
    made = call(endpoint="https://api.example.com/orders/*", PathParameterValues=["$.detail.id"])
    assert made.url == "https://api.example.com/orders/7"


def test_a_star_in_the_query_is_no_place_for_a_path_value(call):
    made = call(endpoint="https://api.example.com/*?a=*", PathParameterValues=["1"])
    assert made.url == "https://api.example.com/1?a=*"


@pytest.mark.parametrize("values", [[], ["1"], ["1", "2", "3"]])
def test_there_are_as_many_path_values_as_stars(call, values):
    with pytest.raises(
        InvalidRequest, match=rf"as many PathParameterValues as it has \*: 2, not {len(values)}"
    ):
        call(endpoint="https://api.example.com/*/*", PathParameterValues=values)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec="utf-8")).filter(lambda text: not text.startswith("$"))))
def test_path_values_never_leave_their_place(call, values):
    made = call(endpoint="https://api.example.com" + "/*" * len(values), PathParameterValues=values)
    parts = urlsplit(made.url)
    assert (parts.netloc, parts.query, parts.fragment) == ("api.example.com", "", "")
    assert [unquote(part) for part in parts.path.split("/")[1:]] == values


@pytest.mark.parametrize("path", ["$.detail.nothing", "$.detail.null", "$.detail.empty", "$.detail.name.x"])
def test_a_path_that_leads_nowhere_gives_an_empty_value(call, path):
    made = call(
        endpoint="https://api.example.com/orders/*/items/*",
        PathParameterValues=[path, "1"],
        QueryStringParameters={"q": path, "r": "1"},
        HeaderParameters={"X-Order": path},
    )
    assert made.url == "https://api.example.com/orders//items/1?q=&r=1"
    assert made.headers["X-Order"] == ""


def test_what_is_no_path_at_all_fails(call):
    with pytest.raises(InvalidRequest, match="is not a path"):
        call(QueryStringParameters={"q": "$.detail.*"})


class TestSize:
    LARGEST = 64 * 1024

    def test_a_body_of_64_kb_is_sent_and_a_byte_more_is_not(self, call):
        assert len(call(body="x" * self.LARGEST).body) == self.LARGEST
        with pytest.raises(InvalidRequest) as caught:
            call(body="x" * (self.LARGEST - 1) + "ä")
        assert str(caught.value) == (
            "the payload with its parameters has 65537 bytes; an API destination takes 65536 at most"
        )

    @pytest.mark.parametrize("sort", ["Header", "QueryString"])
    def test_names_and_values_of_the_connection_s_parameters_count(self, call, sort):
        body = "x" * (self.LARGEST - 4)
        call(body=body, common=parameters(**{sort: {"ab": "cd"}}))
        with pytest.raises(InvalidRequest):
            call(body=body, common=parameters(**{sort: {"ab": "cde"}}))

    @pytest.mark.parametrize("name", ["HeaderParameters", "QueryStringParameters"])
    def test_so_do_those_of_the_target(self, call, name):
        body = "x" * (self.LARGEST - 4)
        call(body=body, **{name: {"ab": "cd"}})
        with pytest.raises(InvalidRequest):
            call(body=body, **{name: {"abc": "cd"}})

    def test_body_parameters_count_as_part_of_the_body(self, call):
        body = json.dumps({"a": "x" * (self.LARGEST - 20)}, separators=(",", ":"))
        call(body=body)
        with pytest.raises(InvalidRequest):
            call(body=body, common=parameters(Body={"b": "12345678"}))

    def test_what_authorizes_does_not_count(self, call):
        assert len(call(body="x" * self.LARGEST, auth=KEY).body) == self.LARGEST


def test_query_parameters_of_endpoint_target_and_connection(call):
    made = call(
        endpoint="https://api.example.com/orders?mine=a+b&flag&target=0&both=0&connection=0&&mine=c",
        common=parameters(QueryString={"connection": "2", "both": "&2"}),
        QueryStringParameters={"target": "$.detail.name", "both": "1", "new": "ä ö"},
    )
    assert made.url == (
        "https://api.example.com/orders?mine=a+b&flag&mine=c&target=box&both=%262&new=%C3%A4%20%C3%B6&connection=2"
    )


def test_an_endpoint_keeps_its_own_query_as_it_is_spelled(call):
    assert call(endpoint="https://api.example.com?a=%7e&b").url == "https://api.example.com?a=%7e&b"


def test_an_escaped_name_is_the_same_name(call):
    made = call(endpoint="https://api.example.com/?a%20b=1&a+b=2", QueryStringParameters={"a b": "3"})
    assert made.url == "https://api.example.com/?a%20b=3"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    *[st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1), st.text("aä&=+%# ", min_size=1))] * 2
)
def test_the_query_holds_what_was_given_and_the_connection_wins(call, own, common):
    made = call(common=parameters(QueryString=common), QueryStringParameters=own)
    assert dict(parse_qsl(urlsplit(made.url).query, strict_parsing=bool(own or common))) == own | common


def test_only_values_of_the_target_may_be_paths(call):
    made = call(
        common=parameters(QueryString={"q": "$.detail.id"}), QueryStringParameters={"$.detail.id": "$.id"}
    )
    assert made.query == {"$.detail.id": "11111111-2222-4333-8444-555555555555", "q": "$.detail.id"}


# Headers


def test_headers_of_target_and_connection(call):
    made = call(
        common=parameters(Header={"x-both": "connection's", "X-Connection": "2"}),
        HeaderParameters={"X-Both": "target's", "X-Target": "$.detail.name"},
    )
    own = {name: value for name, value in made.headers.items() if name.lower().startswith("x-")}
    assert own == {"x-both": "connection's", "X-Connection": "2", "X-Target": "box", "X-Key": "s3cret"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_connection_wins_whatever_the_case(call, data):
    name, other = ("".join(data.draw(st.sampled_from([c, c.upper()])) for c in "x-name") for _ in "12")
    made = call(common=parameters(Header={other: "connection's"}), HeaderParameters={name: "target's"})
    assert {key: value for key, value in made.headers.items() if key.lower() == "x-name"} == {
        other: "connection's"
    }


@pytest.mark.parametrize("where", ["target", "connection", "key"])
@pytest.mark.parametrize("spelled", [str, str.lower])
@pytest.mark.parametrize("name", REMOVED)
def test_headers_that_are_removed(call, name, spelled, where):
    given = {spelled(name): "mine"}
    made = {
        "target": lambda: call(HeaderParameters=given),
        "connection": lambda: call(common=parameters(Header=given)),
        "key": lambda: call(
            auth={"ApiKeyAuthParameters": {"ApiKeyName": spelled(name), "ApiKeyValue": "mine"}}
        ),
    }[where]()
    key = {} if where == "key" else {"X-Key": "s3cret"}
    assert made.headers == EVERY_REQUEST | key | {"Content-Length": str(len(made.body))}


@pytest.mark.parametrize("name", ["Content-Type", "content-type"])
def test_the_content_type_may_be_another(call, name):
    headers = call(HeaderParameters={name: "application/cloudevents+json"}).headers
    assert headers["Content-Type"] == "application/cloudevents+json"
    assert [other for other in headers if other.lower() == "content-type"] == [name]


def test_a_port_belongs_to_the_host_and_a_user_does_not(call):
    assert call(endpoint="https://jo:pw@api.example.com:8443/").headers["Host"] == "api.example.com:8443"


@pytest.mark.parametrize("break_", ["\r", "\n", "\0"])
def test_a_header_spans_no_lines(invocation, break_):
    made = invocation(ARN, HttpParameters={"HeaderParameters": {"X-Evil": f"s3cret{break_}Host: evil"}})
    with pytest.raises(InvalidRequest, match=r"^header X-Evil would span lines$"):
        invocation_call(made, endpoint="https://h", http_method="POST", connection=KEY, token=None)


def test_a_trace_header_goes_along(call):
    assert call(trace_header="Root=1").headers["X-Amzn-Trace-Id"] == "Root=1"


# The body


def test_body_parameters_are_merged_into_the_object(call):
    made = call(
        body='{"a": 1.10, "b": [1, {}], "é": 1e2}',
        common=parameters(Body={"b": 'connection\'s "b"', "c": "ä"}),
    )
    assert made.text == '{"a":1.10,"b":"connection\'s \\"b\\"","é":1e2,"c":"ä"}'
    assert made.headers["Content-Length"] == str(len(made.body))


def test_an_empty_object_takes_parameters(call):
    assert call(body="{}", common=parameters(Body={"a": "1"})).json == {"a": "1"}


@pytest.mark.parametrize("body", ["[1]", '"text"', "no json", "null", "", '{"a":1'])
def test_a_body_that_is_no_object_takes_no_parameters(call, body):
    with pytest.raises(InvalidRequest, match="BodyParameters want a JSON object"):
        call(body=body, common=parameters(Body={"a": "1"}))
    assert call(body=body, common=parameters(Body={})).text == body


def test_parameters_without_key_or_value_are_none(call):
    made = call(common={"HeaderParameters": [{"Key": "X-No"}, {"Value": "v"}, {}], "BodyParameters": [{}]})
    assert made == call()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=5,
)
OBJECTS = st.dictionaries(st.text(st.characters(codec="utf-8")), VALUES)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(OBJECTS, st.dictionaries(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"))))
def test_merging_is_a_dictionarys(call, content, common):
    assert call(body=json.dumps(content), common=parameters(Body=common)).json == content | common


# The token request


def oauth(method="POST", **given):
    return {
        "ClientParameters": {"ClientID": "me", "ClientSecret": "s3 cret"},
        "AuthorizationEndpoint": "https://api.example.com/token?tenant=1",
        "HttpMethod": method,
        **({"OAuthHttpParameters": parameters(**given)} if given else {}),
    }


FORM = b"grant_type=client_credentials&client_id=me&client_secret=s3+cret"


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_the_whole_token_request(method):
    assert token_call(oauth(method), region="eu-west-1", account="111122223333") == HttpCall(
        method=method,
        url="https://api.example.com/token?tenant=1",
        headers=Headers(
            EVERY_REQUEST
            | {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(FORM))}
        ),
        body=FORM,
        service="https",
        region="eu-west-1",
        account="111122223333",
    )


def test_with_get_the_form_is_the_query():
    made = token_call(oauth("GET", Body={"scope": "a b"}, QueryString={"q": "1"}), region="r", account="a")
    assert made.url == (
        "https://api.example.com/token?tenant=1&grant_type=client_credentials&client_id=me&client_secret=s3%20cret"
        "&scope=a%20b&q=1"
    )
    assert (made.method, made.body, made.headers["Content-Length"]) == ("GET", b"", "0")


def test_parameters_of_the_token_request_win():
    made = token_call(
        oauth(
            Header={"authorization": "Basic x", "X-A": "1", "Host": "evil"},
            QueryString={"tenant": "2"},
            Body={"grant_type": "other", "audience": "a"},
        ),
        region="r",
        account="a",
    )
    assert made.url == "https://api.example.com/token?tenant=2"
    assert made.form == {
        "grant_type": "other",
        "client_id": "me",
        "client_secret": "s3 cret",
        "audience": "a",
    }
    assert (made.headers["Authorization"], made.headers["X-A"]) == ("Basic x", "1")
    assert made.headers["Host"] == "api.example.com"


def test_the_token_request_shows_no_secret():
    assert repr(token_call(oauth("GET"), region="r", account="a")) == "<GET https://api.example.com/token>"


# Its answer


def answer(content, status=200):
    return HttpAnswer(status=status, body=json.dumps(content).encode())


@pytest.mark.parametrize(
    ("content", "token"),
    [
        ({}, Token(type="Bearer", value="t", expires_in=None)),
        ({"token_type": "bearer"}, Token(value="t")),
        ({"token_type": "BEARER"}, Token(value="t")),
        ({"token_type": "MAC"}, Token(type="MAC", value="t")),
        ({"token_type": None}, Token(value="t")),
        ({"expires_in": 3600}, Token(value="t", expires_in=3600.0)),
        ({"expires_in": "3600"}, Token(value="t", expires_in=3600.0)),
        ({"expires_in": 0.5}, Token(value="t", expires_in=0.5)),
        ({"expires_in": "soon"}, Token(value="t")),
        ({"expires_in": None}, Token(value="t")),
        ({"expires_in": True}, Token(value="t")),
        ({"expires_in": 1e300}, Token(value="t")),
    ],
)
def test_a_token_is_read(content, token):
    assert read_token(answer({"access_token": "t", **content}, 201)) == token


def test_a_token_is_not_shown():
    assert repr(Token(value="s3cret")) == "Token(type='Bearer', expires_in=None)"


@pytest.mark.parametrize(
    "given",
    [
        HttpAnswer(),
        HttpAnswer(body=b"s3cret"),
        HttpAnswer(body=b"\xff"),
        answer(["s3cret"]),
        answer({"token": "s3cret"}),
        answer({"access_token": ""}),
        answer({"access_token": 1}),
        answer({"access_token": "s3cret"}, 400),
        answer({"access_token": "s3cret"}, 302),
        answer({"access_token": "s3cret"}, 199),
    ],
)
def test_an_answer_without_a_token(given):
    text = f"^the authorization endpoint answered {given.status} without an access_token$"
    with pytest.raises(TokenRefused, match=text):
        read_token(given)


# Retry-After


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (" 7 ", 7.0),
        ("1.5", 1.5),
        ("-120", -120.0),
        ("Sat, 21 Nov 2026 12:01:00 GMT", 60.0),
        ("Sat, 21 Nov 2026 12:01:00 -0000", 60.0),
        ("Sat, 21 Nov 2026 12:01:00", 60.0),
        ("Sat, 21 Nov 2026 13:01:00 +0100", 60.0),
        ("Sat, 21 Nov 2026 11:59:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("1e3", None),
        ("inf", None),
        ("99999999999999999999", None),
        ("\u0661", None),
        ("Sat, 99 Nov 2026 12:01:00 GMT", None),
        ("Sat, 21 Nov 2026 12:01:00 +9999", None),
        ("Sat, 21 Nov 99999999999999999999 12:01:00 GMT", None),
    ],
)
def test_retry_after(text, seconds):
    assert retry_after(HttpAnswer(headers=Headers({"Retry-After": text})), NOW) == seconds


def test_now_may_be_of_any_zone():
    now = NOW.astimezone(timezone(timedelta(hours=-5)))
    given = HttpAnswer(headers=Headers({"Retry-After": "Sat, 21 Nov 2026 12:00:30 GMT"}))
    assert retry_after(given, now) == 30.0


@given(st.text())
def test_any_retry_after_is_read_or_none(text):
    wait = retry_after(HttpAnswer(headers=Headers({"Retry-After": text})), NOW)
    assert wait is None or timedelta(seconds=wait) is not None
