import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from eventmock.transform import input_transformer
from eventmock.transform.input_transformer import RenderContext, Template, TemplateKind
from eventmock.transform.json_text import JsonText
from eventmock.transform.refusals import InvalidInput, InvalidJson

DETAIL = {
    "s": "text",
    "n": 1.5,
    "t": True,
    "null": None,
    "o": {"k": "v", "l": ["x", 1]},
    "l": ["A", "B"],
    "quote": 'say "hi"',
    "lines": "a\nb",
}
EVENT = {
    "version": "0",
    "id": "i-1",
    "detail-type": "T",
    "source": "my.app",
    "account": "123456789012",
    "time": "2024-06-11T08:59:51Z",
    "region": "us-east-1",
    "resources": ["r1"],
    "detail": DETAIL,
}
PATHS = {key: f"$.detail.{key}" for key in [*DETAIL, "absent"]}


def context(event=None, **changes):
    given_context = {
        "event": JsonText.parse(event if event is not None else json.dumps(EVENT)),
        "rule_arn": "arn:aws:events:us-east-1:123456789012:rule/r",
        "rule_name": "r",
        "ingestion_time": datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC),
    }
    return RenderContext(**{**given_context, **changes})


def render(template, **changes):
    return Template.parse(template, PATHS).render(context(**changes))


def dropped(template, **changes):
    with pytest.raises(InvalidJson) as caught:
        render(template, **changes)
    return caught.value


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{"v": <s>}', '{"v":"text"}'),
        ('{"v": <n>}', '{"v":1.5}'),
        ('{"v": <t>}', '{"v":true}'),
        ('{"v": <o>}', '{"v":{"k":"v","l":["x",1]}}'),
        ('{"v": <absent>}', '{"v":""}'),
        ('{"v": <null>}', '{"v":""}'),
        ('{"v": <quote>}', '{"v":"say \\"hi\\""}'),
        ('{"v": [<s>, "hardcoded"]}', '{"v":["text","hardcoded"]}'),
    ],
)
def test_in_a_json_object_an_unquoted_placeholder_becomes_json(template, text):
    assert render(template) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{"v": "<s>"}', '{"v":"text"}'),
        ('{"v": "<n>/<t>"}', '{"v":"1.5/true"}'),
        ('{"v": "<absent>"}', '{"v":""}'),
        ('{"v": "<quote>, <lines>"}', '{"v":"say \\"hi\\", a\\nb"}'),
        ('{"v": "a \\"<s>\\" \\\\", "w": <s>}', '{"v":"a \\"text\\" \\\\","w":"text"}'),
    ],
)
def test_in_a_json_object_a_quoted_placeholder_becomes_escaped_text(template, text):
    assert render(template) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('"<s> <n> <t>"', '"text 1.5 true"'),
        ('"<o> and <l>"', '"{k:v,l:[x,1]} and [A,B]"'),
        ('"a <absent> b <null> c"', '"a  b  c"'),
        ('"{[/ <s>"', '"{[/ text"'),
        ('"<s>"\n"<l>"\n', '"text"\n"[A,B]"\n'),
        ('["<s>", <n>, "<l>"]', '["text", 1.5, "[A,B]"]'),
        (' "<s>"', ' "text"'),
        ("true", "true"),
        ("17 ", "17 "),
    ],
)
def test_in_any_other_template_a_placeholder_becomes_plain_text(template, text):
    assert render(template) == text


def test_spellings_of_the_event_survive():
    event = '{"detail":{"s":"\\u00e9\\/","n":1.50E+2,"o":{"b":1.0,"a":[ "\\u00e9" ]}}}'
    assert render('{"s": <s>, "q": "<s>", "n": <n>, "o": <o>}', event=event) == (
        '{"s":"\\u00e9\\/","q":"\\u00e9\\/","n":1.50E+2,"o":{"b":1.0,"a":["\\u00e9"]}}'
    )
    assert render('"<s>"', event=event) == '"é/"'


def test_reserved_variables():
    assert render(
        '{"a": <aws.events.rule-arn>, "n": "<aws.events.rule-name>", "t": <aws.events.event.ingestion-time>}'
    ) == ('{"a":"arn:aws:events:us-east-1:123456789012:rule/r","n":"r","t":"2026-01-02T03:04:05.123Z"}')
    assert render('"<aws.events.rule-name> <aws.events.event.ingestion-time>"') == (
        '"r 2026-01-02T03:04:05.123Z"'
    )


@pytest.mark.parametrize(
    "time",
    [
        datetime(2026, 1, 2, 3, 4, 5, 999),
        datetime(2026, 1, 2, 5, 4, 5, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_the_ingestion_time_is_in_utc_with_milliseconds(time):
    template = '"<aws.events.event.ingestion-time>"'
    assert render(template, ingestion_time=time) == '"2026-01-02T03:04:05.000Z"'


def test_the_whole_event_as_json_is_compact():
    text = json.dumps(EVENT, separators=(",", ":"))
    assert render('{"e": <aws.events.event.json>}') == f'{{"e":{text}}}'


def test_the_event_under_its_older_names_has_no_detail_and_a_numeric_time():
    assert render('{"e": <aws.events.event>}') == (
        '{"e":{"id":"i-1","account":"123456789012","detailType":"T","time":1718096391000,"source":"my.app",'
        '"region":"us-east-1","resources":["r1"],"version":"0"}}'
    )


def test_the_event_under_its_older_names_leaves_out_what_is_not_there():
    assert render('{"e": <aws.events.event>}', event='{"id":"i"}') == '{"e":{"id":"i"}}'
    assert render('{"e": <aws.events.event>}', event='{"time":"soon"}') == '{"e":{"time":"soon"}}'


def test_null_can_be_inserted_as_it_is_if_that_turns_out_to_be_aws(monkeypatch):
    monkeypatch.setattr(input_transformer, "NULL_IS_MISSING", False)
    assert render('{"v": <null>}') == '{"v":null}'
    assert render('"<null>"') == '"null"'


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{\n "v" : <s> ,\r\n\t"w":  [ 1 , {"x" : "a  b" } ] }\n', '{"v":"text","w":[1,{"x":"a  b"}]}'),
        (" \n{ }", "{}"),
        ('{ "a": 1.0 , "a": "\\u00e9\\n" }', '{"a":1.0,"a":"\\u00e9\\n"}'),
    ],
)
def test_a_json_object_reaches_the_target_minified(template, text):
    assert render(template) == text


@pytest.mark.parametrize("template", ['"a"\n"b c"', '"a"\r\n\n "b"\n', '"a  b"', '[ "a" , 1 ]', " 17"])
def test_quoted_lines_and_what_is_no_object_keep_their_whitespace(template):
    assert render(template) == template


def test_an_object_or_array_within_quotes_in_json_is_dropped():
    assert dropped('{"v": "<o>"}').body == '{"v": "{"k":"v","l":["x",1]}"}'
    assert dropped('{"v": "<o>"}').reason == (
        "the rendered InputTemplate is not JSON at line 1, column 10: "
        '\'k":"v","l":["x",1]}"...\' stands where \',\' or \'}\' should; '
        "<o> is an object within quotes: take the quotes away"
    )
    assert dropped('{"v": "a/<l>"}').reason.endswith("; <l> is an array within quotes: take the quotes away")


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{"v": Order <n> of <s>, "w": <o>}', "Order <n> of <s>"),
        ('{"v": "a", "w": [1, <n>, http://shop/<n>]}', "http"),
        ('{"v": <s> <n>}', "<s> <n>"),
        ("{v: <n>}", "v"),
        ("{'v': <n>}", "'v'"),
        ('{"v": True}', "True"),
        ('{"v": %s}' % ("x" * 100), "x" * 60 + "..."),
    ],
)
def test_a_text_without_quotes_in_json_is_named(template, text):
    assert dropped(template).reason.endswith(f"; in the template, {text} needs double quotes around it")


@pytest.mark.parametrize(
    "template",
    ['{"v": <n>', '{"v": -1.5e3, "w": [true, false, null, <n>]', '{"v": "a', '{"v": "b" "c"}', "[x]"],
)
def test_other_templates_that_give_no_json_lack_no_quotes(template):
    assert "double quotes" not in dropped(template).reason


def test_a_text_that_needs_escapes_breaks_a_quoted_line():
    assert dropped('"<quote>"').reason.endswith(
        "; <quote> holds what JSON must escape, and EventBridge does not escape it"
    )
    assert dropped('"<lines>"').body == '"a\nb"'


def test_a_string_without_quotes_breaks_an_array_template():
    assert dropped("[<s>]").reason.endswith(
        "; <s> is a string, which only a JSON object template puts in quotes"
    )


@pytest.mark.parametrize("template", ["<s> is bare", "<n>", " <o>", "<l>\n"])
def test_a_template_that_begins_with_a_bare_placeholder_delivers_nothing(template):
    assert dropped(template).reason == (
        "an InputTemplate that begins with a bare placeholder delivers nothing; "
        "put double quotes round the text, or make it a JSON object"
    )


@pytest.mark.parametrize(
    "template", ["Event of <s>", "", '{"a": <s>', '{"a": <s>} {"b": 1}', '"a" <n>', "{<s>}"]
)
def test_a_template_that_does_not_give_json_delivers_nothing(template):
    assert dropped(template).reason.startswith("the rendered InputTemplate is not JSON at line 1, column ")


def test_the_kind_is_told_by_the_first_character():
    assert TemplateKind.of('\n {"a": 1}') is TemplateKind.JSON_OBJECT
    assert TemplateKind.of(' "a"') is TemplateKind.QUOTED_LINES
    assert TemplateKind.of(" <a> b") is TemplateKind.BARE_PLACEHOLDER
    assert TemplateKind.of("< a") is TemplateKind.OTHER


def refusal(template, paths=None):
    with pytest.raises(InvalidInput) as caught:
        Template.parse(template, PATHS if paths is None else paths)
    return caught.value


@pytest.mark.parametrize("name", ["other", "aws.events.other", "$.detail.s", "/b"])
def test_an_unknown_placeholder_is_refused(name):
    message = f"InputTemplate for target t contains invalid placeholder {name}."
    assert refusal(f'"see <{name}>"').message_for("t") == message
    assert refusal(f'{{"see": <{name}>}}').message_for("t") == message


def test_the_first_unknown_placeholder_is_the_one_reported():
    assert "placeholder two." in refusal('"<s> <two> <one>"').message_for("t")


@pytest.mark.parametrize("template", ['"1 < 2 and 3 > 2"', '"<two words>"', '"<>"', '"a << b >>"'])
def test_angle_brackets_round_no_name_are_text(template):
    assert render(template) == template


@pytest.mark.parametrize("name", ["aws.events.event", "aws.events.event.json"])
@pytest.mark.parametrize("template", ['"<{}>"', "[<{}>]", "<{}>", '{{"a": "<{}>"}}', '{{"a": "of <{}>"}}'])
def test_the_event_is_only_taken_as_a_value_in_a_json_object(name, template):
    assert refusal(template.format(name)).message_for("t") == (
        f"InputTemplate for target t contains placeholder {name} valid only for JSON template."
    )


@pytest.mark.parametrize("template", ["{<s>: 1}", '{"<s>": 1}', '{"a": {"b-<s>" : 1}}'])
def test_a_placeholder_in_a_members_name_is_refused(template):
    assert refusal(template).reason == (
        "<s> stands in the name of a member; placeholders may only stand in values"
    )


def test_a_colon_behind_a_placeholder_elsewhere_is_text():
    assert render('{"a": "<s>: b"}') == '{"a":"text: b"}'
    assert render('"<s>: b"') == '"text: b"'


def test_every_path_is_checked_even_when_unused():
    refused = refusal('"a"', {"x": "detail.x"})
    assert refused.message_for("t") == "InputPath for target t is invalid."
    assert refused.reason == (
        "InputPathsMap['x']: 'detail.x' is not a path EventBridge takes: a path begins with '$'"
    )


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
DETAILS = st.dictionaries(st.sampled_from(sorted(PATHS)), VALUES)
PLACEHOLDERS = st.sampled_from([f"<{name}>" for name in [*PATHS, "aws.events.rule-arn"]])
EVENTS = st.sampled_from(["<aws.events.event>", "<aws.events.event.json>"])
PIECES = PLACEHOLDERS | st.sampled_from(list('{}[],:"\\ \n')) | st.text(max_size=4)


def event_of(detail):
    return json.dumps({**EVENT, "detail": detail})


@given(st.lists(PIECES, max_size=10).map("".join), DETAILS)
def test_rendering_delivers_or_drops_and_does_nothing_else(template, detail):
    try:
        parsed = Template.parse(template, PATHS)
    except InvalidInput:
        return
    try:
        text = parsed.render(context(event_of(detail)))
    except InvalidJson as error:
        assert error.reason  # noqa: PT017 - that it is dropped is allowed, not wanted
    else:
        text.encode()


@given(st.text(alphabet=st.characters(exclude_characters='<>"\\', exclude_categories=["Cc", "Cs"])), DETAILS)
def test_quoted_text_without_placeholders_comes_out_unchanged(text, detail):
    assert Template.parse(f'"{text}"', PATHS).render(context(event_of(detail))) == f'"{text}"'


TREES = st.recursive(
    PLACEHOLDERS | EVENTS | SCALARS.filter(lambda value: not isinstance(value, str)).map(json.dumps),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{' , '.join(items)}]")
        | st.lists(inner, max_size=3).map(
            lambda items: "{" + ",".join(f'"k{n}" :\n{item}' for n, item in enumerate(items)) + "}"
        )
    ),
    max_leaves=8,
)


@given(TREES, DETAILS)
def test_json_objects_whose_placeholders_are_unquoted_always_give_json(tree, detail):
    template = f'{{"root": {tree}}}'
    assert json.loads(Template.parse(template, PATHS).render(context(event_of(detail))))
