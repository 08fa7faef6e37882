from __future__ import annotations

import pytest

from eventmock.target_kinds import ApiCall, InvalidRequest

PIPELINE = "arn:aws:codepipeline:us-east-1:123456789012:ship"
REVISION = {"actionName": "Source", "revisionType": "COMMIT_ID", "revisionValue": "abc"}


def test_an_execution_is_started(request_of):
    assert request_of(PIPELINE) == ApiCall(
        service="codepipeline",
        operation="StartPipelineExecution",
        parameters={"name": "ship"},
        region="us-east-1",
        account="123456789012",
    )


@pytest.mark.parametrize(
    "revisions",
    [
        '[{"actionName":"Source","revisionType":"COMMIT_ID","revisionValue":"abc"}]',
        '{"actionName":"Source","revisionType":"COMMIT_ID","revisionValue":"abc"}',
    ],
)
def test_input_may_hold_variables_and_revisions(request_of, revisions):
    body = f'{{"variables":[{{"name":"n","value":"v"}}],"sourceRevisions":{revisions},"other":1}}'
    assert request_of(PIPELINE, body=body).parameters == {
        "name": "ship",
        "variables": [{"name": "n", "value": "v"}],
        "sourceRevisions": [REVISION],
    }


def test_other_input_fails(request_of):
    with pytest.raises(InvalidRequest, match="wanted a JSON object"):
        request_of(PIPELINE, body='"text"')
