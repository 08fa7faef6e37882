from __future__ import annotations

import pytest

from eventmock.templates.json_places import JsonPlaces

TEXT = """{
 "Resources": {
  "Queue": {"Type": "AWS::SQS::Queue",
    "Properties": {"QueueName": "{[\\"", "Tags": [
      {}, 1,
      [true]
    ]}}},
 "\\u0041 \\"b\\"": null
}"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("Resources",), 2),
        (("Resources", "Queue", "Type"), 3),
        (("Resources", "Queue", "Properties", "QueueName"), 4),
        (("Resources", "Queue", "Properties", "Tags", 0), 5),
        (("Resources", "Queue", "Properties", "Tags", 1), 5),
        (("Resources", "Queue", "Properties", "Tags", 2, 0), 6),
        (('A "b"',), 8),
    ],
)
def test_each_part_has_the_line_of_its_key_or_its_beginning(path, line):
    assert JsonPlaces(TEXT).line(path) == line


@pytest.mark.parametrize("beyond", ["Arn", 0])
def test_a_path_that_leads_beyond_has_the_line_of_the_deepest_part(beyond):
    assert JsonPlaces(TEXT).line(("Resources", "Queue", "Type", beyond, "more")) == 3


def test_keys_that_stand_twice_are_reported():
    places = JsonPlaces('{"a": {"b": 1, "b": 2},\n "c": [{"d": 1}, {"d": 1, "d": 1}],\n "a": 1}')
    assert places.repeated_keys == [("a", "b"), ("c", 1, "d"), ("a",)]
    assert places.line(("a",)) == 3
