from __future__ import annotations

import pytest

from eventmock.exceptions import TemplateError
from eventmock.templates.source import Place

HEAD = "Transform: AWS::LanguageExtensions\n"
NAMES = "Parameters: {Names: {Type: CommaDelimitedList, Default: 'a-1, b'}}\n"


@pytest.fixture
def resources(expanded):
    """Return the resources of the text of a loop's list, and of what stands beside it."""

    def resources(text, *beside, **given):
        return expanded("\n".join([f"{HEAD}{NAMES}Resources:", text, *beside]), **given).document["Resources"]

    return resources


def test_a_body_is_repeated_for_each_item(resources):
    made = resources("""\
  Fn::ForEach::Queues:
    - Name
    - [Red, Blue]
    - Queue${Name}:
        Type: AWS::SQS::Queue
        Properties: {QueueName: "${Name}-${Other}", Tags: [{Ref: Name}, !Sub "${Name}", 1], "Key${Name}": true}
      Topic${Name}: {Type: AWS::SNS::Topic}
  Last: {Type: AWS::SQS::Queue}
""")
    assert list(made) == ["QueueRed", "TopicRed", "QueueBlue", "TopicBlue", "Last"]
    assert made["QueueBlue"]["Properties"] == {
        "QueueName": "Blue-${Other}", "Tags": ["Blue", {"Fn::Sub": "Blue"}, 1], "KeyBlue": True
    }  # fmt: skip


@pytest.mark.parametrize(
    "collection",
    ["!Ref Names", "[a-1, b]", "[!Select [0, !Ref Names], b, !Ref AWS::NoValue]", "!Split ['/', a-1/b]"],
)
def test_a_collection_may_be_a_list_a_list_parameter_or_a_function(resources, collection):
    made = resources(
        f"  Fn::ForEach::Queues: [Name, {collection}, {{'Queue&{{Name}}': {{Type: '${{Name}}'}}}}]"
    )
    assert made == {"Queuea1": {"Type": "a-1"}, "Queueb": {"Type": "b"}}


def test_a_parameter_that_is_given_comes_before_the_default(resources):
    made = resources(
        "  Fn::ForEach::Queues: [N, !Ref Names, {'Q${N}': {Type: b}}]", parameters={"Names": "x,y"}
    )
    assert list(made) == ["Qx", "Qy"]


def test_an_empty_collection_makes_nothing(resources):
    assert list(resources("  Fn::ForEach::X: [N, [], {'Q${N}': {}}]\n  Last: {Type: b}")) == ["Last"]


def test_loops_stand_in_each_other(resources):
    made = resources("""\
  Fn::ForEach::Outer:
    - A
    - [x, y]
    - Fn::ForEach::Inner${A}:
        - B
        - ["${A}1", "2"]
        - Queue${A}${B}: {Type: AWS::SQS::Queue, Properties: {QueueName: "${A}-${B}"}}
""")
    names = {name: body["Properties"]["QueueName"] for name, body in made.items()}
    assert names == {"Queuexx1": "x-x1", "Queuex2": "x-2", "Queueyy1": "y-y1", "Queuey2": "y-2"}


def test_loops_stand_in_properties_outputs_and_conditions(expanded):
    template = expanded(f"""\
        {HEAD}
        Conditions:
          Fn::ForEach::Conditions: [N, [a, b], {{"Is${{N}}": !Equals [!Ref N, a]}}]
        Resources:
          Queue:
            Type: AWS::SQS::Queue
            Properties:
              Tags: [{{"Fn::ForEach::Tag": [N, [a, b], {{"${{N}}": 1}}], c: 2}}]
              Fn::ForEach::Properties: [N, [a, b], {{"${{N}}": {{c: "${{N}}"}}}}]
        Outputs:
          Fn::ForEach::Outputs: [N, [a, b], {{"Out${{N}}": {{Value: "${{N}}"}}}}]
        """)
    document = template.document
    assert document["Conditions"] == {"Isa": {"Fn::Equals": ["a", "a"]}, "Isb": {"Fn::Equals": ["b", "a"]}}
    assert document["Resources"]["Queue"]["Properties"] == {
        "Tags": [{"a": 1, "b": 1, "c": 2}], "a": {"c": "a"}, "b": {"c": "b"}
    }  # fmt: skip
    assert document["Outputs"] == {"Outa": {"Value": "a"}, "Outb": {"Value": "b"}}
    assert template.origins == {}


def test_what_a_loop_made_has_the_place_of_its_body(expanded):
    template = expanded("""\
        Transform: AWS::LanguageExtensions
        Resources:
          Fn::ForEach::Outer:
            - A
            - [x]
            - Fn::ForEach::Inner:
                - B
                - [y]
                - Queue${A}${B}:
                    Type: AWS::SQS::Queue
                    Properties:
                      Name${A}:
                        c: d
                      Tags:
                        - e
        """)
    body = ("Resources", "Fn::ForEach::Outer", 2, "Fn::ForEach::Inner", 2, "Queue${A}${B}")
    assert template.origins == {"Queuexy": body}
    assert template.place_of("Queuexy") == Place("template.yaml", 9)
    assert template.place_of("Queuexy", "Properties", "Namex", "c") == Place("template.yaml", 13)
    assert template.place_of("Queuexy", "Properties", "Tags", 0) == Place("template.yaml", 15)
    assert template.place(("Resources",)) == Place("template.yaml", 2)


def nested(depth):
    body = {f"Q{''.join(f'${{V{number}}}' for number in range(depth))}": {"Type": "b"}}
    for number in reversed(range(depth)):
        body = {f"Fn::ForEach::L{number}": [f"V{number}", ["x"], body]}
    return {"Transform": "AWS::LanguageExtensions", "Resources": body}


def test_loops_stand_five_deep_at_most(expanded):
    assert list(expanded(nested(5)).resources) == ["Qxxxxx"]
    with pytest.raises(TemplateError, match="loops of Fn::ForEach may stand 5 deep in each other"):
        expanded(nested(6))


@pytest.mark.parametrize(
    ("loop", "said"),
    [
        (
            "[N, [a]]",
            "Fn::ForEach::X wants a list of a variable's name, a collection, and a mapping to repeat",
        ),
        ("text", "Fn::ForEach::X wants a list of"),
        ("[[N], [a], {}]", "Fn::ForEach::X wants a list of"),
        ("[N, [a], text]", "Fn::ForEach::X wants a list of"),
        ("[N, a, {}]", "the collection of an Fn::ForEach must be a list of texts, or a list parameter"),
        ("[N, [[a]], {}]", "the collection of an Fn::ForEach must be a list of texts"),
        (
            "[N, !Ref Queue, {}]",
            "Queue is not known while the template is expanded; only parameters and mappings are",
        ),
        ("[N, !Ref AWS::StackName, {}]", "AWS::StackName is not known while the template is expanded"),
        ("[N, [a, b], {Q: {Type: c}}]", "Fn::ForEach makes Q twice: each key needs the loop's variable"),
        ("[N, [a], {Last: {Type: c}}]", "Fn::ForEach makes Last twice"),
        ("[N, [a], {'Fn::ForEach::Y': [N, [a], {}]}]", "the variable N is that of a loop around this one"),
    ],
)
def test_what_is_not_a_loop_is_refused_with_its_line(resources, loop, said):
    with pytest.raises(TemplateError) as raised:
        resources(f"  Last: {{Type: b}}\n  Fn::ForEach::X: {loop}")
    assert raised.value.message.startswith(said)
    assert raised.value.line == 5


def test_a_collection_that_ssm_has_is_not_known(expanded):
    kind = "AWS::SSM::Parameter::Value<List<String>>"
    with pytest.raises(
        TemplateError, match=r"^template\.yaml:2: ssm:/names is not known while the template is expanded"
    ):
        expanded(f"""\
            {HEAD.strip()}
            Parameters: {{Names: {{Type: {kind}, Default: /names}}}}
            Resources:
              Fn::ForEach::X: [N, !Ref Names, {{"Q${{N}}": {{Type: b}}}}]
            """)


def test_without_the_transform_nothing_is_expanded(expanded):
    with pytest.raises(TemplateError, match="Fn::ForEach needs the transform AWS::LanguageExtensions"):
        expanded({"Resources": {"Fn::ForEach::X": ["N", ["a"], {}]}})
