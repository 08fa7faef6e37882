import pytest

from eventmock.transform.json_path import EVERY, MISSING, InvalidPath, JsonPath
from eventmock.transform.json_text import JsonText

DOCUMENT = JsonText.parse(
    """{"detail-type": "T", "resources": ["r0", "r1"], "a_b": {"c/d": 1.50}, "none": null,
        "detail": {"payload": {"payload": {"id": 1}},
                   "items": [{"name": "first"}, {"x": 1}, {"name": "second"}],
                   "grid": [[1, 2], [3]],
                   "1": {"2": true}}}"""
)


def find(path):
    return JsonPath.parse(path).find(DOCUMENT)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", DOCUMENT.text),
        ("$.detail-type", '"T"'),
        ("$.a_b.c/d", "1.50"),
        ("$.none", "null"),
        ("$.resources", '["r0","r1"]'),
        ("$.resources[1]", '"r1"'),
        ("$.detail.items[0].name", '"first"'),
        ("$.detail.items[*].name", '["first","second"]'),
        ("$.resources[*]", '["r0","r1"]'),
        ("$.detail.items[*].nothing", "[]"),
        ("$.detail.grid[*][*]", "[1,2,3]"),
        ("$.detail.grid[*][0]", "[1,3]"),
        ("$.detail.grid[1][0]", "3"),
        ("$.detail.items[*].nothing[*]", "[]"),
        ("$.detail.1.2", "true"),
    ],
)
def test_a_path_finds_the_text_of_the_value(path, found):
    assert find(path) == JsonText(found)


def test_of_nested_members_of_one_name_the_outer_is_taken():
    assert find("$.detail.payload") == JsonText('{"payload":{"id":1}}')


@pytest.mark.parametrize(
    "path",
    ["$.x", "$.detail.x.y", "$.resources[2]", "$.detail[0]", "$.resources.r0", "$.x[*]", "$.detail[*]"],
)
def test_a_path_to_nothing_finds_missing(path):
    assert find(path) is MISSING


def test_missing_shows_its_name():
    assert repr(MISSING) == "MISSING"
    assert repr(EVERY) == "[*]"


def test_a_path_is_a_value_that_keeps_its_text():
    assert JsonPath.parse("$.a[0][*]") == JsonPath("$.a[0][*]", ("a", 0, EVERY))


@pytest.mark.parametrize(
    "path",
    [
        "detail",
        "$detail",
        "$.",
        "$..a",
        "$.a.",
        "$.obj.*",
        "$['a']",
        '$.a["b"]',
        "$.a[-1]",
        "$.a[0:2]",
        "$.a[?(@.b)]",
        "$.a b",
        "$.a[ 0 ]",
        "$.a[]",
        "$.a\n",
        "$.é",
        "$.a[1,2]",
    ],
)
def test_other_json_path_is_refused(path):
    with pytest.raises(InvalidPath) as caught:
        JsonPath.parse(path)
    assert caught.value.path == path


def test_the_messages_say_what_to_write():
    with pytest.raises(InvalidPath) as caught:
        JsonPath.parse("")
    assert str(caught.value) == "'' is not a path EventBridge takes: a path begins with '$'"
    with pytest.raises(InvalidPath) as caught:
        JsonPath.parse("$.obj.*")
    assert caught.value.reason == (
        "'.*' is not a step; a step is .name (letters, digits, '-', '_', '/'), [0] or [*]"
    )
