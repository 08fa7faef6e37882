from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from eventmock.exceptions import TemplateError
from eventmock.templates.dynamic_references import made_up
from eventmock.templates.evaluation import EvaluatedList, EvaluatedMapping, Evaluation, Stack, path_of
from eventmock.templates.source import Place, read_source
from eventmock.templates.template import expand

TEMPLATE = """\
Parameters:
  Stage: {Type: String, Default: dev}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      Targets:
        - Id: a
          Arn: !GetAtt Queue.Arn
        - !If
          - IsProd
          - Id: b
            Arn: !GetAtt ProdQueue.Arn
          - !Ref AWS::NoValue
        - !If
          - IsProd
          - Id: c
          - Id: d
            Arn: !Sub ${Queue.Arn}
      EventPattern:
        source:
          - shop
  Bus:
    Type: AWS::Events::EventBus
    Properties: {Name: orders}
  ProdQueue:
    Type: AWS::SQS::Queue
    Condition: IsProd
  Queue:
    Type: AWS::SQS::Queue
    DependsOn: [Bus, ProdQueue]
Outputs:
  Bus: {Value: !Ref Bus, Export: {Name: !Sub "${Stage}-bus"}}
  Prod: {Condition: IsProd, Value: !Ref ProdQueue}
  Number: {Value: 5}
  Flag: {Value: true}
"""


def resources(*bodies):
    """Resources of the names A, B, C... with these properties."""
    return {"Resources": dict(zip("ABCDE", bodies, strict=False))}


def queue(value=None, **attributes):
    return {"Type": "AWS::SQS::Queue", "Properties": {"Value": value}, **attributes}


class TestProperties:
    def test_a_mapping_is_plain_but_for_its_path(self, evaluated):
        properties = evaluated(TEMPLATE).properties("Rule")
        assert properties == {
            "EventBusName": "ref-of-Bus",
            "Targets": [{"Id": "a", "Arn": "Arn-of-Queue"}, {"Id": "d", "Arn": "Arn-of-Queue"}],
            "EventPattern": {"source": ["shop"]},
        }
        assert properties.path == ("Resources", "Rule", "Properties")

    def test_each_value_has_its_line_through_branches_and_items_that_are_left_out(self, evaluated, expanded):
        template = expanded(TEMPLATE)
        properties = evaluated(TEMPLATE).properties("Rule")

        def line(value, key):
            return template.place(path_of(value, key)).line

        targets = properties["Targets"]
        assert isinstance(targets, EvaluatedList)
        assert targets.indices == [0, 2]
        assert (line(properties, "Targets"), line(targets, 0), line(targets, 1)) == (10, 11, 18)
        assert line(targets[0], "Arn") == 12
        assert isinstance(targets[1], EvaluatedMapping)
        assert template.place(targets[1].path).line == 21
        assert line(targets[1], "Arn") == 22
        assert line(properties["EventPattern"]["source"], 0) == 25

    def test_what_a_function_makes_has_the_place_of_the_function(self, evaluated):
        evaluation = evaluated(
            {
                "Parameters": {"Names": {"Type": "CommaDelimitedList", "Default": "a,b"}},
                **resources(
                    queue({"Fn::Split": ["-", "a-b"]}),
                    queue({"Ref": "Names"}),
                    queue({"Fn::GetAtt": "A.List"}),
                ),
            }
        )
        for name in "ABC":
            value = evaluation.properties(name)["Value"]
            assert value.path == ("Resources", name, "Properties", "Value")
            assert path_of(value, 1) == ("Resources", name, "Properties", "Value", 1)

    def test_an_attribute_that_is_a_mapping_has_the_place_of_its_function(self, evaluated):
        evaluation = evaluated(resources(queue({"Fn::ImportValue": "x"})), imports={"x": {"a": ["b"]}})
        value = evaluation.properties("A")["Value"]
        assert value == {"a": ["b"]}
        assert value["a"].path == value.path == ("Resources", "A", "Properties", "Value")

    def test_a_resource_may_have_no_properties(self, evaluated):
        evaluation = evaluated(
            {"Resources": {"A": {"Type": "b"}, "C": {"Type": "b", "Properties": {"Ref": "AWS::NoValue"}}}}
        )
        for name in "AC":
            assert evaluation.properties(name) == {}
            assert evaluation.properties(name).path == ("Resources", name, "Properties")

    def test_properties_that_become_something_else_are_refused(self, evaluated):
        evaluation = evaluated({"Resources": {"A": {"Type": "b", "Properties": {"Ref": "AWS::Region"}}}})
        with pytest.raises(TemplateError, match="A: the properties of a resource must be a mapping"):
            evaluation.properties("A")

    def test_what_only_a_macro_can_make_is_left_out_if_that_is_asked_for(self, evaluated):
        macro = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "api.yaml"}}}
        evaluation = evaluated(resources(queue({"a": macro, "b": {"c": 1, **macro}, "d": [macro]})))
        assert evaluation.properties("A", without_macros=True) == {"Value": {"b": {"c": 1}, "d": []}}
        with pytest.raises(TemplateError, match="A: Fn::Transform asks for a macro"):
            evaluation.properties("A")

    def test_what_a_function_makes_of_a_macro_s_value_is_left_out_too(self, evaluated):
        macro = {"Fn::Transform": {"Name": "Start"}}
        data = {"Fn::Base64": {"Fn::Sub": macro}}
        of_map = {"Fn::Sub": ["${a}", {"a": macro}]}
        chosen = {"Fn::Select": ["0", macro]}
        evaluation = evaluated(resources(queue({"a": data, "b": [of_map, 1], "c": chosen, "d": 2})))
        assert evaluation.properties("A", without_macros=True) == {"Value": {"b": [1], "d": 2}}
        with pytest.raises(TemplateError, match="A: Fn::Transform asks for a macro"):
            evaluation.properties("A")

    def test_properties_that_only_a_macro_can_make_are_none(self, evaluated):
        evaluation = evaluated(
            {"Resources": {"A": {"Type": "b", "Properties": {"Fn::Transform": {"Name": "x"}}}}}
        )
        assert evaluation.properties("A", without_macros=True) == {}


class TestOrder:
    def test_event_buses_come_first_after_what_they_need(self, evaluated):
        rule = {"Type": "AWS::Events::Rule", "Properties": {"EventBusName": "orders"}}
        letters = {"Fn::GetAtt": ["Letters", "Arn"]}
        bus = {"Type": "AWS::Events::EventBus", "Properties": {"DeadLetterConfig": {"Arn": letters}}}
        template = {"Resources": {"Rule": rule, "Letters": {"Type": "AWS::SQS::Queue"}, "Bus": bus}}
        assert list(evaluated(template).order) == ["Letters", "Bus", "Rule"]

    def test_each_resource_comes_after_those_that_it_refers_to(self, evaluated):
        assert list(evaluated(TEMPLATE).order) == ["Bus", "Queue", "Rule"]
        assert list(evaluated(TEMPLATE, {"Stage": "prod"}).order) == ["Bus", "ProdQueue", "Queue", "Rule"]

    def test_which_resources_are_made_follows_from_their_conditions(self, evaluated):
        evaluation = evaluated(TEMPLATE)
        assert evaluation.made == {"Rule": True, "Bus": True, "ProdQueue": False, "Queue": True}
        assert evaluation.is_true("IsProd") is False

    @pytest.mark.parametrize(
        ("value", "order"),
        [
            ({"Ref": "B"}, "BA"),
            ({"Fn::GetAtt": "B.Arn"}, "BA"),
            ({"a": [{"Fn::Sub": "${B.Arn}"}]}, "BA"),
            ("B", "AB"),
        ],
    )
    def test_ref_get_att_and_sub_decide_about_the_order(self, evaluated, value, order):
        assert "".join(evaluated(resources(queue(value), queue())).order) == order

    def test_depends_on_decides_about_the_order(self, evaluated):
        assert list(evaluated(resources(queue(DependsOn="C"), queue(), queue(DependsOn=["B"]))).order) == [
            "B",
            "C",
            "A",
        ]

    def test_pseudo_parameters_and_parameters_are_no_resources(self, evaluated):
        template = {"Parameters": {"B": {"Type": "String", "Default": ""}}}
        template |= resources(queue({"Fn::Sub": "${B} ${AWS::StackName}"}))
        assert list(evaluated(template).order) == ["A"]

    @pytest.mark.parametrize(
        ("template", "circle"),
        [
            (resources(queue({"Ref": "A"})), "A"),
            (resources(queue({"Ref": "B"}), queue({"Ref": "A"})), "A, B"),
            (
                resources(queue(DependsOn="C"), queue({"Fn::GetAtt": "A.Arn"}), queue({"Fn::Sub": "${B}"})),
                "A, C, B",
            ),
        ],
    )
    def test_a_circle_is_refused(self, evaluated, template, circle):
        with pytest.raises(TemplateError) as raised:
            _ = evaluated(template).order
        assert raised.value.message == f"Circular dependency between resources: [{circle}]"

    def test_a_circle_has_the_line_of_its_first_resource(self, evaluated):
        with pytest.raises(TemplateError) as raised:
            _ = evaluated("Resources:\n  A: {Type: b}\n  C: {Type: b, Properties: {D: !Ref C}}").order
        assert str(raised.value) == "template.yaml:3: C: Circular dependency between resources: [C]"

    def test_all_references_to_nothing_are_named_with_the_line_of_the_first(self, evaluated):
        text = """\
            Resources:
              A:
                Type: b
                Properties:
                  One: !Ref Nothing
                  Two: !Sub ${Nowhere.Arn}
                  Three: !GetAtt Nothing.Arn
              B: {Type: b, DependsOn: Nobody}
            """
        with pytest.raises(TemplateError) as raised:
            _ = evaluated(text).order
        assert str(raised.value) == (
            "template.yaml:5: A: Template format error: Unresolved resource dependencies [Nothing, Nowhere, Nobody] "
            "in the Resources block of the template"
        )

    def test_the_name_that_is_meant_is_named(self, evaluated):
        text = "Resources:\n  OrderQueue:\n    Type: b\n    Properties: {A: !Ref OrdersQueue, B: !Ref Stag}"
        with pytest.raises(TemplateError) as raised:
            _ = evaluated(f"Parameters: {{Stage: {{Type: String, Default: a}}}}\n{text}").order
        assert raised.value.message.endswith(
            "[OrdersQueue, Stag] in the Resources block of the template; did you mean OrderQueue?; did you mean Stage?"
        )

    def test_a_reference_to_nothing_is_refused_in_what_is_not_made_too(self, evaluated):
        template = resources(queue({"Fn::If": ["No", {"Ref": "X"}, 1]}), queue({"Ref": "Y"}, Condition="No"))
        with pytest.raises(TemplateError, match=r"\[X, Y\] in the Resources block"):
            _ = evaluated({"Conditions": {"No": {"Fn::Equals": [1, 2]}}, **template}).order

    def test_a_resource_that_is_not_made_is_refused_only_where_it_is_used(self, evaluated):
        conditions = {"Conditions": {"No": {"Fn::Equals": [1, 2]}}}
        away = queue(Condition="No")
        for fine in (
            resources(queue(DependsOn="B"), away),
            resources(queue({"Ref": "B"}, Condition="No"), away),
            resources(queue({"Fn::If": ["No", {"Ref": "B"}, 1]}), away),
        ):
            assert set(evaluated({**conditions, **fine}).order) <= {"A"}
        evaluation = evaluated({**conditions, **resources(queue({"Ref": "B"}), away)})
        for use in (lambda: evaluation.order, lambda: evaluation.properties("A")):
            with pytest.raises(TemplateError) as raised:
                use()
            assert raised.value.message == (
                "Template format error: Unresolved resource dependencies [B] in the Resources block of the template; "
                "the condition No of B is false"
            )

    def test_an_output_that_leads_to_nothing_is_refused_before_anything_is_made(self, evaluated):
        template = {**resources(queue()), "Outputs": {"X": {"Value": {"Ref": "Nothing"}}}}
        with pytest.raises(
            TemplateError, match=r"dependencies \[Nothing\] in the Outputs block of the template"
        ):
            _ = evaluated(template).order

    def test_an_unknown_condition_of_a_resource_is_refused(self, evaluated):
        with pytest.raises(TemplateError) as raised:
            _ = evaluated("Resources:\n  A:\n    Type: b\n    Condition: Nope").order
        assert str(raised.value) == (
            "template.yaml:4: A: Template format error: Unresolved condition dependency Nope "
            "in the Resources block of the template"
        )


class TestOutputs:
    def test_an_output_has_its_value_and_the_name_of_its_export(self, evaluated):
        assert evaluated(TEMPLATE).outputs() == {
            "Bus": ("ref-of-Bus", "dev-bus"),
            "Number": ("5", None),
            "Flag": ("true", None),
        }

    def test_an_output_whose_condition_is_true_is_there(self, evaluated):
        assert evaluated(TEMPLATE, {"Stage": "prod"}).outputs()["Prod"] == ("ref-of-ProdQueue", None)

    def test_what_a_macro_would_add_is_not_there(self, evaluated):
        outputs = {"Fn::Transform": {"Name": "AWS::Include"}, "X": {"Value": "a"}}
        assert evaluated({**resources(queue()), "Outputs": outputs}).outputs() == {"X": ("a", None)}

    def test_a_template_may_have_no_outputs(self, evaluated):
        assert evaluated(resources(queue())).outputs() == {}

    @pytest.mark.parametrize("value", [{"Ref": "AWS::NoValue"}, {"Fn::GetAtt": "A.List"}, {"a": 1}, None])
    def test_a_value_that_is_not_text_is_refused(self, evaluated, value):
        evaluation = evaluated({**resources(queue()), "Outputs": {"X": {"Value": value}}})
        with pytest.raises(
            TemplateError, match="The Value field of every Outputs member must evaluate to a String"
        ):
            evaluation.outputs()

    @pytest.mark.parametrize("export", [{}, {"Name": ["a"]}, "a"])
    def test_an_export_without_a_name_is_refused(self, evaluated, export):
        evaluation = evaluated({**resources(queue()), "Outputs": {"X": {"Value": "a", "Export": export}}})
        with pytest.raises(TemplateError, match="Every Export object must contain a Name member"):
            evaluation.outputs()


class TestParameters:
    def test_the_values_of_parameters_are_known(self, evaluated):
        assert evaluated(TEMPLATE, {"Stage": "x"}).parameters == {"Stage": "x"}

    def test_an_error_has_the_line_of_the_parameter(self, evaluated):
        text = "Parameters:\n  A: {Type: String}\n  B: {Type: String}\nResources: {Q: {Type: b}}"
        with pytest.raises(TemplateError) as raised:
            evaluated(text, {"A": "x"})
        assert str(raised.value).startswith("template.yaml:3: Parameters: [B] must have values")

    def test_a_stored_parameter_that_is_not_known_is_made_up_when_it_is_used(self, evaluated):
        template = {"Parameters": {"T": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/table"}}}
        template |= resources(queue(), queue({"Ref": "T"}))
        evaluation = evaluated(template)
        assert evaluation.properties("A") == {"Value": None}
        assert evaluation.unresolved == []
        assert evaluation.properties("B") == {"Value": made_up("ssm:/table")}
        assert evaluation.unresolved == ["ssm:/table"]
        assert evaluated(template, dynamic={"ssm:/table": "orders"}).properties("B") == {"Value": "orders"}


def test_what_is_not_resolved_is_remembered_and_has_one_value(evaluated):
    reference = "{{resolve:secretsmanager:db:SecretString:key}}"
    evaluation = evaluated(resources(queue(reference), queue({"Fn::Join": ["", [reference]]})))
    assert evaluation.properties("A") == evaluation.properties("B")
    assert evaluation.unresolved == ["secretsmanager:db:SecretString:key"]


def test_a_resource_that_has_no_such_attribute_says_why(evaluated):
    evaluation = evaluated("Resources:\n  A:\n    Type: b\n    Properties:\n      C: [!GetAtt A.Unknown]")
    with pytest.raises(TemplateError) as raised:
        evaluation.properties("A")
    assert str(raised.value) == "template.yaml:5: A: A has no attribute Unknown"


class Refusing:
    """Resources that are not known at all."""

    def ref(self, logical_id):
        raise LookupError

    attribute = ref


def test_a_refusal_without_words_is_named_by_its_class(expanded):
    template = expanded(resources(queue({"Ref": "A"})))
    evaluation = Evaluation(
        template,
        Stack("s", "arn", "1", "r"),
        {},
        resources=Refusing(),
        imports={}.__getitem__,
        resolve={}.__getitem__,
    )
    with pytest.raises(TemplateError, match="A: LookupError"):
        evaluation.properties("A")


def test_a_place_beyond_an_evaluated_value_is_that_of_the_value(evaluated, expanded):
    assert expanded(TEMPLATE).place(("Resources", "Bus", "Properties", "Name", "x", 1)) == Place(
        "template.yaml", 28
    )


FUNCTIONS = st.sampled_from(
    [
        *(
            "Ref",
            "Fn::Base64",
            "Fn::Cidr",
            "Fn::Equals",
            "Fn::FindInMap",
            "Fn::ForEach::X",
            "Fn::GetAZs",
            "Fn::GetAtt",
        ),
        *(
            "Fn::If",
            "Fn::ImportValue",
            "Fn::Join",
            "Fn::Length",
            "Fn::Select",
            "Fn::Split",
            "Fn::Sub",
            "Fn::Nothing",
        ),
        *("Fn::ToJsonString", "Fn::Transform"),
    ]
)
TEXTS = st.sampled_from(
    [
        *(
            "A",
            "A.B",
            "List",
            "No",
            "Map",
            "AWS::NoValue",
            "AWS::Region",
            "${A} ${A.B} ${List} ${!x}",
            "${x y}",
            "",
            "0",
        ),
        *("{{resolve:ssm:a}}", "10.0.0.0/8"),
    ]
)
NODES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(FUNCTIONS | TEXTS, inner, max_size=2)
        | st.builds(lambda name, *arguments: {name: list(arguments)}, FUNCTIONS, inner, inner)
        | st.builds(lambda name, *arguments: {name: list(arguments)}, FUNCTIONS, inner, inner, inner)
    ),
    max_leaves=10,
)


@given(value=NODES, output=NODES, extensions=st.booleans())
def test_a_template_is_evaluated_or_refused(value, output, extensions):
    """No other error is raised, whatever the arguments of a function are."""
    document = {
        "Transform": ["AWS::LanguageExtensions"] if extensions else [],
        "Parameters": {"List": {"Type": "CommaDelimitedList", "Default": "a,b"}},
        "Conditions": {"No": {"Fn::Equals": ["a", "b"]}},
        "Mappings": {"Map": {"A": {"A": ["x"]}}},
        "Resources": {"A": {"Type": "x"}, "B": {"Type": "x", "Properties": {"Value": value}}},
        "Outputs": {"X": {"Value": output}},
    }
    with suppress(TemplateError):
        template = expand(read_source(document), {}, account="111122223333", region="us-east-1")
        evaluation = Evaluation(
            template,
            Stack("shop", "arn", "111122223333", "us-east-1"),
            {},
            resources=MadeUp(),
            imports={}.__getitem__,
            resolve={}.__getitem__,
        )
        evaluation.properties("B")
        assert set(evaluation.order) == {"A", "B"}
        evaluation.outputs()


class MadeUp:
    """Resources whose attributes are of several types."""

    def ref(self, logical_id):
        return logical_id

    def attribute(self, _logical_id, name):
        return [name] if name == "B" else {"a": name}
