from __future__ import annotations

import pytest

from eventmock.exceptions import TemplateError
from eventmock.templates.source import Place
from eventmock.templates.template import Declared

QUEUE = {"Type": "AWS::SQS::Queue"}


@pytest.fixture
def refused(expanded):
    """Check the error of a template: where it is, and what it says."""

    def refused(text, where, said, **given):
        with pytest.raises(TemplateError) as raised:
            expanded(text, **given)
        assert str(raised.value).startswith(f"template.yaml{where}: ")
        assert said in raised.value.message

    return refused


def test_resources_stand_in_the_order_of_the_template(expanded):
    template = expanded({"Resources": {"B": QUEUE, "A": QUEUE, "C": QUEUE}})
    assert list(template.resources) == ["B", "A", "C"]
    assert template.resources["A"] == Declared("A", "AWS::SQS::Queue", {})
    assert template.document is template.source.document
    assert (template.origins, template.transforms) == ({}, ())


def test_a_resource_has_its_attributes(expanded):
    template = expanded("""\
        Conditions:
          IsBig: !Equals [a, a]
        Resources:
          Queue:
            Type: AWS::SQS::Queue
            Condition: IsBig
            DependsOn: [A, B]
            DeletionPolicy: RetainExceptOnCreate
            UpdateReplacePolicy: Retain
            Metadata: {a: 1}
            CreationPolicy: {}
            UpdatePolicy: {}
            Properties:
              QueueName: !Ref Name
        """)
    assert template.resources["Queue"] == Declared(
        logical_id="Queue",
        type="AWS::SQS::Queue",
        properties={"QueueName": {"Ref": "Name"}},
        condition="IsBig",
        depends_on=("A", "B"),
        deletion_policy="RetainExceptOnCreate",
        update_replace_policy="Retain",
        metadata={"a": 1},
    )


def test_a_resource_may_have_a_description(expanded):
    text = "Resources:\n  A:\n    Type: b\n    Description: where orders go\n"
    assert list(expanded(text).resources) == ["A"]


def test_depends_on_may_be_text_and_attributes_may_be_empty(expanded):
    template = expanded(
        "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    DependsOn: A\n    Properties:\n"
    )
    assert template.resources["Queue"] == Declared("Queue", "AWS::SQS::Queue", {}, depends_on=("A",))


def test_a_policy_may_be_a_function_of_parameters(expanded):
    text = """\
        Transform: AWS::LanguageExtensions
        Parameters: {Stage: {Type: String}}
        Conditions: {IsProd: !Equals [!Ref Stage, prod]}
        Resources:
          Queue: {Type: AWS::SQS::Queue, DeletionPolicy: !If [IsProd, Retain, Delete]}
        """
    for stage, policy in [("prod", "Retain"), ("dev", "Delete")]:
        assert expanded(text, {"Stage": stage}).resources["Queue"].deletion_policy == policy


def test_places_are_those_of_the_file(expanded):
    template = expanded(
        "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: a\n"
    )
    assert template.place(("Resources",)) == Place("template.yaml", 1)
    assert template.place_of("Queue") == Place("template.yaml", 2)
    assert template.place_of("Queue", "Properties", "QueueName") == Place("template.yaml", 5)
    assert template.place_of("Queue", "Properties", "Other") == Place("template.yaml", 4)


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("Parameters: {}", ":1", "Template format error: At least one Resources member must be defined."),
        ("Resources: {}", ":1", "At least one Resources member must be defined."),
        ("Resources: []", ":1", "Template format error: Resources must be a mapping"),
        ("Resources: {}\nOutputs: []\n", ":1", "At least one Resources member must be defined."),
        ("Resources:\n  A: text", ":2: A", "Any Resources member must be an object."),
        ("Resources:\n  A: {}", ":2: A", "[/Resources/A] Every Resources object must contain a Type member."),
        ("Resources:\n  A: {Type: [b]}", ":2: A", "Every Resources object must contain a Type member."),
        ("Resources:\n  A-b: {Type: c}", ":2: A-b", "Resource name A-b is non alphanumeric."),
        ("Resources:\n  A:\n    Type: b\n    Name: c", ":4: A", "Invalid template resource property 'Name'"),
        ("Resources:\n  A:\n    Type: b\n    Properties: []\n", None, None),
        ("Resources:\n  A:\n    Type: b\n    Properties: [c]\n", ":4: A", "Properties must be a mapping"),
        ("Resources:\n  A:\n    Type: b\n    Metadata: c\n", ":4: A", "Metadata must be a mapping"),
        (
            "Resources:\n  A:\n    Type: b\n    Condition: [c]\n",
            ":4: A",
            "every Condition member must be a string.",
        ),
        (
            "Resources:\n  A:\n    Type: b\n    DependsOn: {c: d}\n",
            ":4: A",
            "DependsOn must be a string or list of str",
        ),
        (
            "Resources:\n  A:\n    Type: b\n    DependsOn: [1]\n",
            ":4: A",
            "DependsOn must be a string or list of strings",
        ),
        (
            "Resources:\n  A:\n    Type: b\n    DeletionPolicy: Keep",
            ":4: A",
            "Unrecognized DeletionPolicy Keep for resource A",
        ),
        (
            "Resources:\n  A:\n    Type: b\n    UpdateReplacePolicy: x",
            ":4: A",
            "Unrecognized UpdateReplacePolicy x for re",
        ),
        (
            "Resources:\n  A:\n    Type: b\n    DeletionPolicy: !Ref A",
            ":4: A",
            "A is not known while the template is expanded",
        ),
        (
            "Resources:\n  A:\n    Type: b\n    DeletionPolicy: !GetAtt A.B",
            ":4: A",
            "A.B is not known while the template",
        ),
        (
            "Resources:\n  A:\n    Type: b\n    DeletionPolicy: !Sub '{{resolve:ssm:a}}'",
            ":4: A",
            "Unrecognized DeletionPolicy {{resolve:ssm:a}} for resource A",
        ),
        (
            "Resources:\n  A:\n    Type: b\n    DeletionPolicy: !ImportValue A",
            ":4: A",
            "A is not known while the template",
        ),
        (
            "Resources:\n  A: {Type: AWS::Serverless::Function}",
            ":2: A",
            "Unrecognized resource types: [AWS::Serverless::Function]; it needs the transform AWS::Serverless-2016-",
        ),
        (
            "Resources: {A: {Type: b}}\nResource: {}",
            ":2",
            "Invalid template property or properties [Resource]",
        ),
        (
            "Resources: {A: {Type: b}}\nGlobals: {}",
            ":2",
            "[Globals]; Globals needs the transform AWS::Serverless-2016-10",
        ),
        (
            "Resources: {A: {Type: b}}\nOutputs:\n  B: {}",
            ":3",
            "Output B is malformed; it must be a mapping with a Value",
        ),
        (
            "Resources: {A: {Type: b}}\nOutputs:\n  B: {Value: c, Condition: [d]}",
            ":3",
            "every Condition member must be a",
        ),
        ("Resources: {A: {Type: b}}\nOutputs:\n  B: c", ":3", "Output B is malformed"),
        ("Resources: {A: {Type: b}}\nOutputs: c", ":2", "Outputs must be a mapping"),
        ("Resources: {A: {Type: b}}\nConditions: c", ":2", "Conditions must be a mapping"),
        ("Resources: {A: {Type: b}}\nMappings: c", ":2", "Mappings must be a mapping"),
        ("Resources: {A: {Type: b}}\nParameters: c", ":2", "Parameters must be a mapping"),
        (
            "Resources: {A: {Type: b}}\nTransform: {Names: c}",
            ":2",
            "Transform must be text, or a list of texts",
        ),
        ("Resources: {A: {Type: b}}\nTransform: [1]", ":2", "Transform must be text, or a list of texts"),
    ],
)
def test_what_is_not_a_template_is_refused(expanded, refused, text, where, said):
    if where is None:
        expanded(text)
    else:
        refused(text, where, said)


class TestMacros:
    def test_macros_are_not_run_and_may_use_sections_of_their_own(self, expanded):
        template = expanded("""\
            Transform: [Mine, {Name: AWS::Include, Parameters: {Location: s3://bucket/file}}]
            Mine: {}
            Resources:
              Queue: {Type: AWS::SQS::Queue, Fn::Transform: {Name: Other}}
              Fn::Transform: {Name: AWS::Include}
            Outputs:
              Fn::Transform: {Name: AWS::Include}
            """)
        assert template.transforms == ("Mine", "AWS::Include")
        assert list(template.resources) == ["Queue"]


class TestSam:
    """The transform is another module's; here it is what this test says."""

    TEXT = """\
        Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
        Globals: {}
        Resources:
          Fn::ForEach::Functions:
            - Name
            - [One]
            - Handler${Name}:
                Type: AWS::Serverless::Function
                Properties:
                  Events: {}
          Queue: {Type: AWS::SQS::Queue}
        """

    @pytest.fixture
    def calls(self, monkeypatch):
        calls = []

        def transform(source, document, parameters, **stack):
            calls.append((source, document, parameters, stack))
            resources = {
                "HandlerOne": {"Type": "AWS::Lambda::Function"},
                "Rule": {"Type": "AWS::Events::Rule"},
            }
            origin = ("Resources", "HandlerOne", "Properties", "Events")
            return {**document, "Resources": {**document["Resources"], **resources}}, {"Rule": origin}

        monkeypatch.setattr("eventmock.templates.sam.transform", transform)
        return calls

    def test_loops_come_first_and_places_lead_through_both(self, expanded, calls):
        template = expanded(self.TEXT, {}, "eu-west-1")
        [(source, document, parameters, stack)] = calls
        assert source is template.source
        assert list(document["Resources"]) == ["HandlerOne", "Queue"]
        assert (parameters, stack) == ({}, {"account": "111122223333", "region": "eu-west-1"})
        body = ("Resources", "Fn::ForEach::Functions", 2, "Handler${Name}")
        assert template.origins == {"HandlerOne": body, "Rule": (*body, "Properties", "Events")}
        assert template.place_of("Rule", "Properties", "EventPattern") == Place("template.yaml", 10)
        assert template.place_of("HandlerOne", "Type") == Place("template.yaml", 8)
        assert template.place_of("Queue") == Place("template.yaml", 11)

    def test_a_template_without_the_transform_is_not_transformed(self, expanded, calls):
        expanded({"Resources": {"Queue": QUEUE}})
        assert calls == []
