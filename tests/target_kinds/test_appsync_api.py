from __future__ import annotations

import pytest

from eventmock.target_kinds import InvalidRequest
from eventmock.target_kinds.http_call import Headers, HttpCall

API = "arn:aws:appsync:eu-west-1:111122223333:endpoints/graphql-api/abc"
OPERATION = "mutation Ship($name: String!) { ship(name: $name) { id } }"
BLOCK = {"GraphQLOperation": OPERATION}


def test_the_operation_is_posted_with_its_variables(request_of):
    assert request_of(API, body='{"variables":{"name":"box"}}', AppSyncParameters=BLOCK) == HttpCall(
        method="POST",
        url="https://abc.appsync-api.eu-west-1.amazonaws.com/graphql",
        headers=Headers({"Content-Type": "application/json"}),
        body=f'{{"query":"{OPERATION}","variables":{{"name":"box"}}}}'.encode(),
        service="appsync",
        region="us-east-1",
        account="123456789012",
    )


def test_an_event_holds_no_variables(request_of):
    assert request_of(API, AppSyncParameters=BLOCK).json == {"query": OPERATION}


def test_other_input_fails(request_of):
    with pytest.raises(InvalidRequest, match="wanted a JSON object"):
        request_of(API, body="[]", AppSyncParameters=BLOCK)


def test_there_must_be_an_operation(request_of):
    with pytest.raises(InvalidRequest, match="no AppSyncParameters with a GraphQLOperation"):
        request_of(API)
