"""No secret that a test gives to a connection, a URL or a client is shown by anything but the request itself."""

from __future__ import annotations

import json
import logging
import traceback

import pytest
import requests
import responses

from eventmock import EventmockError, mock_events
from eventmock.target_kinds.http_call import HttpCall

CANARY = "s3cretCanary"
ROLE = "arn:aws:iam::123456789012:role/r"
DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"
TOKENS = f"https://client:{CANARY}@auth.example.com/token?key={CANARY}"
ORDERS = f"https://user:{CANARY}@api.example.com/orders/*?key={CANARY}"


def parameters(name):
    """HTTP parameters of every sort with a canary in each."""
    return {
        sort: [{"Key": f"{name}-{sort}", "Value": f"{CANARY}{sort}", "IsValueSecret": secret}]
        for sort, secret in {
            "HeaderParameters": True,
            "QueryStringParameters": True,
            "BodyParameters": True,
        }.items()
    }


KINDS = {
    "BASIC": {"BasicAuthParameters": {"Username": "u", "Password": CANARY}},
    "API_KEY": {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": CANARY}},
    **{
        f"OAUTH_CLIENT_CREDENTIALS {method}": {
            "OAuthParameters": {
                "ClientParameters": {"ClientID": "id", "ClientSecret": CANARY},
                "AuthorizationEndpoint": TOKENS,
                "HttpMethod": method,
                "OAuthHttpParameters": parameters("oauth"),
            }
        }
        for method in ("POST", "GET")
    },
}


def fails(call):
    raise ConnectionError("refused")


def fails_and_tells_all(call):
    raise ConnectionError(f"cannot reach {call.url} with {dict(call.headers)} and {call.body!r}")


def answers_badly(_call):
    return object()


ENDS = {
    "nobody": None,
    "taken": lambda _call: {"access_token": CANARY, "echo": CANARY},
    "refused": lambda _call: (401, CANARY, {"X-Echo": CANARY}),
    "broken": lambda _call: (503, CANARY, {"X-Echo": CANARY}),
    "not reached": fails,
    "not reached, and tells all": fails_and_tells_all,
    "no answer": answers_badly,
}


@pytest.fixture(params=[False, True], ids=["", "strict"])
def backend(request):
    mock = mock_events(isolated=True, start_time="2026-11-21T12:00:00Z", strict=request.param)
    backend = mock.start()
    yield backend
    backend.reset()
    mock.stop(quietly=True)


@pytest.fixture
def shown(backend, caplog):
    """A function that gives all that can be seen."""
    caplog.set_level(logging.DEBUG, "eventmock")

    def shown(snapshot):
        texts = [backend.report(view) for view in ("text", "html", "mermaid")]
        texts += [
            json.dumps(backend.flow()),
            str(backend.trace),
            repr(backend.trace),
            repr(list(backend.trace)),
        ]
        texts += [
            repr(backend),
            repr(snapshot),
            str(snapshot),
            repr(backend.snapshot()),
            repr(backend.options),
        ]
        texts += [repr(backend.events), repr(backend.deliveries), repr(backend.dead_letters)]
        texts += [repr(backend.clock.pending), str(list(map(str, backend.clock.pending)))]
        texts += [repr(one.target) + repr(one.progress) + repr(one.request) for one in backend.deliveries]
        texts += [one.request.operation for one in backend.deliveries if one.request is not None]
        texts += [repr(backend.faults.idle), repr(backend.report_until_now()), caplog.text]
        texts += [repr(vars(account)) for account in backend.state.accounts.all]
        for _ in range(50):
            try:
                backend.check()
            except (AssertionError, EventmockError) as error:
                texts += traceback.format_exception(error)
                if type(error).__name__ == "StrictFailure":
                    break
        return "\n".join(texts)

    return shown


def make(backend, kind, endpoint=ORDERS, values=("1",)):
    """Have a rule deliver to an API destination whose connection holds a canary wherever it can."""
    events = backend.client()
    connection = events.create_connection(
        Name="c",
        AuthorizationType=kind.split()[0],
        AuthParameters=KINDS[kind] | {"InvocationHttpParameters": parameters("call")},
    )["ConnectionArn"]
    destination = events.create_api_destination(
        Name="d", ConnectionArn=connection, InvocationEndpoint=endpoint, HttpMethod="POST"
    )["ApiDestinationArn"]
    target = {
        "Id": "d",
        "Arn": destination,
        "RoleArn": ROLE,
        "RetryPolicy": {"MaximumRetryAttempts": 2},
        "DeadLetterConfig": {"Arn": DEAD},
        "HttpParameters": {
            "PathParameterValues": list(values),
            "HeaderParameters": {"X-Mine": CANARY},
            "QueryStringParameters": {"mine": CANARY},
        },
    }
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    events.put_targets(Rule="r", Targets=[target])


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_shows_the_secrets_of_a_connection(backend, shown, order, kind, end):
    calls = []
    for url in ("https://client:*@auth.example.com/*", "https://user:*@api.example.com/*"):
        if ENDS[end] is not None:
            backend.http(url, lambda call: (calls.append(call), ENDS[end](call))[1])
    make(backend, kind)
    backend.clock.advance(minutes=1)
    backend.client().put_events(Entries=[order])
    snapshot = backend.snapshot()
    backend.clock.advance(hours=12)
    assert backend.deliveries
    assert CANARY not in shown(snapshot)
    assert all(CANARY in call.url and CANARY not in f"{call!r} {call}" for call in calls)
    if end == "taken":
        [last] = [call for call in calls if "api." in call.url]
        assert {name for name, value in last.headers.items() if CANARY in value} >= {
            "X-Mine",
            "call-HeaderParameters",
        }
        assert last.json["call-BodyParameters"] == f"{CANARY}BodyParameters"
        assert last.query["call-QueryStringParameters"] == f"{CANARY}QueryStringParameters"


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        (ORDERS, ("1", "2")),
        (f"https://user:{CANARY}@1.2.3.999/orders?key={CANARY}", ()),
        (f"https://user:{CANARY}@api.example.com:99999/orders?key={CANARY}", ()),
    ],
)
def test_nor_does_a_call_that_cannot_be_made(backend, shown, order, endpoint, values):
    make(backend, "BASIC", endpoint, values)
    backend.client().put_events(Entries=[order])
    assert CANARY not in shown(backend.snapshot())


@pytest.mark.parametrize(
    "text",
    [
        "cannot reach {url}",
        "HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: {path}",
        "{query}",
    ],
)
def test_nor_does_what_a_mock_of_http_says(backend, shown, order, text):
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:

        def fail(request):
            path = request.url.partition(".com")[2]
            query = request.url.partition("?")[2]
            raise requests.ConnectionError(text.format(url=request.url, path=path, query=query))

        mock.add_callback("POST", "https://user:s3cretCanary@api.example.com/orders/1", callback=fail)
        make(backend, "BASIC")
        backend.client().put_events(Entries=[order])
        told = shown(backend.snapshot())
    assert CANARY not in told
    assert "ConnectionError" in told


def test_nor_does_a_url_that_is_refused(backend, shown):
    events = backend.client()
    with pytest.raises(events.exceptions.ClientError):
        make(backend, "BASIC", f"http://user:{CANARY}@api.example.com/?key={CANARY}", ())
    assert CANARY not in shown(backend.snapshot())


def test_nor_the_key_of_a_client(backend, shown, order):
    import boto3

    client = boto3.client("events", "us-east-1", aws_access_key_id="AKIA", aws_secret_access_key=CANARY)
    client.put_events(Entries=[order])
    other = boto3.client("sqs", "us-east-1", aws_access_key_id="AKIA", aws_secret_access_key=CANARY)
    with pytest.raises(EventmockError) as caught:
        other.list_queues()
    assert CANARY not in shown(backend.snapshot()) + "".join(traceback.format_exception(caught.value))


def test_a_call_shows_neither_user_nor_query():
    call = HttpCall(method="POST", url=ORDERS, headers={}, body=b"")
    assert repr(call) == "<POST https://***@api.example.com/orders/*>"
