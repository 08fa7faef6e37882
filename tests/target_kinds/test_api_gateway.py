from __future__ import annotations

import pytest

from eventmock.target_kinds import InvalidRequest
from eventmock.target_kinds.http_call import Headers, HttpCall

API = "arn:aws:execute-api:eu-west-1:111122223333:abc"
HOST = "https://abc.execute-api.eu-west-1.amazonaws.com"


def test_the_event_is_posted(request_of, event_text):
    assert request_of(f"{API}/test/POST/test") == HttpCall(
        method="POST",
        url=f"{HOST}/test/test/",
        headers=Headers(
            {
                "Content-Type": "application/json",
                "X-Amz-Source-Account": "123456789012",
                "X-Amz-Source-Arn": "arn:aws:events:us-east-1:123456789012:rule/ship",
            }
        ),
        body=event_text.encode(),
        service="execute-api",
        region="us-east-1",
        account="123456789012",
    )


@pytest.mark.parametrize(
    ("resource", "operation"),
    [
        ("test/GET/a/b", f"GET {HOST}/test/a/b/"),
        ("test/POST/", f"POST {HOST}/test/"),
        ("test/POST", f"POST {HOST}/test/"),
        ("test/*/a", f"POST {HOST}/test/a/"),
        ("test/*/*/pets/*", f"POST {HOST}/test/x%2Fy/pets/box/"),
        ("*/PUT/*", f"PUT {HOST}/x%2Fy/box/"),
    ],
)
def test_the_arn_says_where_to(request_of, resource, operation):
    values = ["x/y", "$.detail.name"] if resource.count("*") > 1 else []
    call = request_of(f"{API}/{resource}", HttpParameters={"PathParameterValues": values})
    assert call.operation == operation


@pytest.mark.parametrize("values", [[], ["a", "b"]])
def test_every_wildcard_wants_a_value(request_of, values):
    with pytest.raises(InvalidRequest) as caught:
        request_of(f"{API}/test/POST/*", HttpParameters={"PathParameterValues": values})
    assert str(caught.value) == f"test/* has 1 wildcards, PathParameterValues {len(values)} values"


def test_query_and_headers(request_of):
    call = request_of(
        f"{API}/test/POST/a",
        trace_header="Root=1",
        HttpParameters={
            "QueryStringParameters": {"id": "$.detail.id", "q": "a b&c"},
            "HeaderParameters": {"X-Name": "$.detail.name", "content-type": "text/plain"},
        },
    )
    assert call.url == f"{HOST}/test/a/?id=7&q=a%20b%26c"
    assert call.headers == {
        "content-type": "text/plain",
        "X-Name": "box",
        "X-Amz-Source-Account": "123456789012",
        "X-Amz-Source-Arn": "arn:aws:events:us-east-1:123456789012:rule/ship",
        "X-Amzn-Trace-Id": "Root=1",
    }


def test_a_path_that_leads_nowhere_gives_an_empty_value(request_of):
    call = request_of(
        f"{API}/test/POST/a/*/b",
        HttpParameters={
            "PathParameterValues": ["$.detail.nothing"],
            "QueryStringParameters": {"id": "$.detail.null"},
            "HeaderParameters": {"X-Name": "$.detail.nothing"},
        },
    )
    assert call.url == f"{HOST}/test/a//b/?id="
    assert call.headers["X-Name"] == ""
