from __future__ import annotations

from eventmock.schemas.consumer import inputs_of

TARGET = {
    "Id": "$.not.a.path",
    "Arn": "arn:aws:sqs:us-east-1:123456789012:q",
    "Input": '"$.detail.no"',
    "InputTransformer": {
        "InputPathsMap": {"id": "$.detail.id", "unused": "$.detail.unused", "odd": "$..odd"},
        "InputTemplate": '{"id": <id>, "odd": <odd>, "text": "$.detail.text"}',
    },
    "SqsParameters": {"MessageGroupId": "$.detail.group"},
    "HttpParameters": {"PathParameterValues": ["$.detail.path", "plain"], "HeaderParameters": {"X": "$.id"}},
}


def test_the_paths_of_a_target_are_found_where_aws_reads_them():
    assert [(use.path.text, use.keys) for use in inputs_of(TARGET)] == [
        ("$.detail.id", ("InputTransformer", "InputPathsMap", "id")),
        ("$.detail.group", ("SqsParameters", "MessageGroupId")),
        ("$.detail.path", ("HttpParameters", "PathParameterValues", 0)),
        ("$.id", ("HttpParameters", "HeaderParameters", "X")),
    ]


def test_a_path_is_named_by_its_target_and_place():
    [first, second] = inputs_of(
        {"Id": "q", "InputPath": "$.detail", "SqsParameters": {"MessageGroupId": "$.id"}}
    )
    assert first.title == 'target "q" (InputPath)'
    assert second.title == 'target "q" (SqsParameters.MessageGroupId)'
    assert inputs_of(TARGET)[0].title == 'target "$.not.a.path" (InputPathsMap <id>)'
