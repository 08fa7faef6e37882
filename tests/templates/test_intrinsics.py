from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from eventmock.exceptions import TemplateError
from eventmock.templates.dynamic_references import made_up
from eventmock.templates.intrinsics import NO_VALUE, Intrinsics, StackOutput

PARAMETERS = """\
Parameters:
  Stage: {Type: String, Default: dev}
  Count: {Type: Number, Default: 5}
  Names: {Type: CommaDelimitedList, Default: "a, b, c"}
  Attribute: {Type: String, Default: Arn}
"""
CONDITIONS = """\
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  IsProd: !Equals [!Ref Stage, prod]
"""
MAPPINGS = """\
Mappings:
  Sizes:
    dev: {size: 1, names: [x, y]}
    "111122223333": {size: 3}
"""
EXTENSIONS = "Transform: AWS::LanguageExtensions"
ROLE = "arn:aws:iam::444455556666:role/reader"
STACK_ID = "arn:aws:cloudformation:us-east-1:111122223333:stack/shop/1"


@pytest.fixture
def same(value):
    """Check the value of a text."""

    def same(text, wanted, *sections, **world):
        found = value(text, PARAMETERS, CONDITIONS, MAPPINGS, *sections, **world)
        assert (found, type(found) is bool) == (wanted, type(wanted) is bool)
        json.dumps(found)

    return same


@pytest.fixture
def refused(value):
    """Check the error of a text: its line, and what it says."""

    def refused(text, said, *sections, line=7, **world):
        with pytest.raises(TemplateError) as raised:
            value(text, PARAMETERS, CONDITIONS, MAPPINGS, *sections, **world)
        assert said in raised.value.message
        assert (raised.value.file, raised.value.line, raised.value.logical_id) == (
            "template.yaml",
            line,
            "Thing",
        )

    return refused


class TestRef:
    @pytest.mark.parametrize(
        ("name", "wanted"),
        [
            ("Stage", "dev"),
            ("Count", "5"),
            ("Names", ["a", "b", "c"]),
            ("Queue", "ref-of-Queue"),
            ("AWS::AccountId", "111122223333"),
            ("AWS::Region", "us-east-1"),
            ("AWS::Partition", "aws"),
            ("AWS::URLSuffix", "amazonaws.com"),
            ("AWS::StackName", "shop"),
            ("AWS::StackId", STACK_ID),
            ("AWS::NotificationARNs", []),
            ("AWS::NoValue", "left out"),
        ],
    )
    def test_ref_of_a_parameter_a_pseudo_parameter_or_a_resource(self, same, name, wanted):
        same(f"!Ref {name}", wanted)

    def test_no_value_takes_items_and_keys_away(self, same):
        same("[1, !Ref AWS::NoValue, {a: !Ref AWS::NoValue, b: 2}]", [1, {"b": 2}])

    def test_a_ref_to_nothing_is_refused(self, refused):
        refused(
            "a: [!Ref Nothing]",
            "Template format error: Unresolved resource dependencies [Nothing] in the Resources",
        )
        refused("!Ref AWS::Nothing", "Unresolved resource dependencies [AWS::Nothing]")

    def test_a_ref_that_is_not_text_is_refused(self, refused):
        refused("!Ref [Queue]", "Template error: every Ref object must have a single String value.")

    def test_a_member_that_is_called_ref_beside_others_is_data(self, same):
        same("{Ref: Stage, other: 1}", {"Ref": "Stage", "other": 1})


class TestGetAtt:
    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("!GetAtt Queue.Arn", "Arn-of-Queue"),
            ("!GetAtt Queue.Outputs.Bus", "Outputs.Bus-of-Queue"),
            ("!GetAtt [Queue, Outputs.Bus]", "Outputs.Bus-of-Queue"),
            ("{Fn::GetAtt: Queue.Outputs.Bus}", "Outputs.Bus-of-Queue"),
            ("!GetAtt [Queue, !Ref Attribute]", "Arn-of-Queue"),
            ("!GetAtt Queue.List", ["one", "two"]),
        ],
    )
    def test_an_attribute_may_be_nested_or_named_by_a_parameter(self, same, text, wanted):
        same(text, wanted)

    def test_an_attribute_that_the_resource_lacks_is_refused(self, refused):
        refused("\n\na: !GetAtt Queue.Unknown", "Queue has no attribute Unknown", line=9)

    def test_an_attribute_of_nothing_is_refused(self, refused):
        refused("!GetAtt Nothing.Arn", "Unresolved resource dependencies [Nothing]")

    @pytest.mark.parametrize("text", ["Queue", "[Queue]", "[Queue, '']", "[[Queue], Arn]", "[Queue, [Arn]]"])
    def test_what_is_not_a_resource_and_an_attribute_is_refused(self, refused, text):
        refused(f"!GetAtt {text}", "every Fn::GetAtt object requires two non-empty parameters")


class TestSub:
    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("!Sub '${Stage}-${AWS::Region}'", "dev-us-east-1"),
            ("!Sub 'plain $ {} $Stage'", "plain $ {} $Stage"),
            ("!Sub '${!Stage} ${!a b}'", "${Stage} ${a b}"),
            (
                "!Sub '${Queue} ${Queue.Arn} ${Queue.Outputs.A}'",
                "ref-of-Queue Arn-of-Queue Outputs.A-of-Queue",
            ),
            ("!Sub ['${Stage} ${x}', {x: !Ref Count, Stage: mine}]", "mine 5"),
            ("!Sub ['${a} ${b} ${c} ${d}', {a: 5, b: true, c: 4.0, d: 0.5}]", "5 true 4 0.5"),
            ("!Sub '${Names} ${Queue.List}'", "a,b,c one,two"),
            ("!Sub ['${a.b}', {a.b: x}]", "x"),
            ("!Sub ['${ Stage}-${Queue.Arn }-${ x }', {x: 1}]", "dev-Arn-of-Queue-1"),
            ("!Sub ['<${x}>', {x: !Ref AWS::NoValue}]", "<>"),
            ("!Sub ['${x}', {x: '${Stage}'}]", "${Stage}"),
        ],
    )
    def test_variables_are_replaced(self, same, text, wanted):
        same(text, wanted)

    @pytest.mark.parametrize("text", ["['${x}']", "['${x}', x]", "{a: b}", "[[a], {}]", "[a, {}, c]"])
    def test_what_is_not_a_text_and_a_map_is_refused(self, refused, text):
        refused(f"!Sub {text}", "Fn::Sub intrinsic functions don't specify expected arguments")

    def test_a_variable_that_is_nothing_is_refused(self, refused):
        refused("!Sub '${Nothing}'", "Unresolved resource dependencies [Nothing]")
        refused("!Sub '${Nothing.Arn}'", "Unresolved resource dependencies [Nothing]")

    @pytest.mark.parametrize("variable", ["a b", "", "A:-x}", "ä"])
    def test_a_variable_of_other_signs_is_refused(self, refused, variable):
        refused(
            f"!Sub '${{{variable}}}'",
            "variable names in Fn::Sub syntax must contain only alphanumeric characters",
        )

    def test_a_value_that_is_not_text_is_refused(self, refused):
        refused("!Sub ['${x}', {x: {a: b}}]", "the value of ${x} in Fn::Sub is not text")


class TestJoinSplitSelect:
    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("!Join ['-', [a, !Ref Stage, 5, true, 4.0]]", "a-dev-5-true-4"),
            ("!Join ['-', !Ref Names]", "a-b-c"),
            ("!Join [', ', !Split ['|', 'a|b']]", "a, b"),
            ("!Join ['-', [a, !Ref AWS::NoValue]]", "a"),
            ("!Join ['', []]", ""),
            ("!Join [',', !GetAZs eu-west-1]", "eu-west-1a,eu-west-1b,eu-west-1c"),
            ("!Split ['/', !Ref AWS::StackId]", [STACK_ID.partition("/")[0], "shop", "1"]),
            ("!Split ['|', '|a|']", ["", "a", ""]),
            ("!Select [1, !Ref Names]", "b"),
            ("!Select ['1', [a, !Ref Stage]]", "dev"),
            ("!Select [!Select [0, ['1']], [a, {b: c}]]", {"b": "c"}),
            ("!Select [2, !Split [/, !Ref AWS::StackId]]", "1"),
        ],
    )
    def test_texts_are_joined_split_and_selected(self, same, text, wanted):
        same(text, wanted)

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("!Select [2, !GetAtt Queue.Anything]", "Anything-of-Queue"),
            ("!Select [1, !Split [':', !Select [0, !GetAtt Queue.Anything]]]", "Anything-of-Queue"),
            ("!Select [1, !Split ['-', !GetAtt Queue.Anything]]", "of"),
            ("!Select [9, !Split ['-', !GetAtt Queue.Anything]]", "Queue"),
            ("!Join [',', !GetAtt Queue.Anything]", "Anything-of-Queue"),
            ("!Select [3, !Cidr [!GetAtt Queue.Anything, 8, 8]]", "Anything-of-Queue"),
            ("!Select [1, '{{resolve:ssm:/a}}']", made_up("ssm:/a")),
            ("!Select [1, !Split [',', '{{resolve:ssm:/a}}']]", made_up("ssm:/a")),
        ],
    )
    def test_a_made_up_text_may_be_a_list_and_have_any_part(self, same, text, wanted):
        same(text, wanted)

    @pytest.mark.parametrize(
        "text", ["[a]", "a", "['', a]", "['', [{a: b}]]", "['', [[a]]]", "[[], [a]]", "[',', !Ref Stage]"]
    )
    def test_what_cannot_be_joined_is_refused(self, refused, text):
        refused(
            f"!Join {text}",
            "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list",
        )

    @pytest.mark.parametrize("text", ["[a]", "a", "['', a]", "[',', [a]]", "[[a], a]"])
    def test_what_cannot_be_split_is_refused(self, refused, text):
        refused(f"!Split {text}", "every Fn::Split object requires two parameters")

    @pytest.mark.parametrize(
        "text", ["[a]", "a", "[0, a]", "[x, [a]]", "[-1, [a]]", "[[], [a]]", "[0.5, [a]]"]
    )
    def test_what_cannot_be_selected_from_is_refused(self, refused, text):
        refused(
            f"!Select {text}",
            "Fn::Select requires a list argument with two elements: an integer index and a list",
        )

    def test_an_index_beyond_the_list_is_refused(self, refused):
        refused(
            "!Select [3, !Ref Names]", "Template error: Fn::Select cannot select nonexistent value at index 3"
        )

    def test_the_line_of_an_error_is_that_of_the_innermost_function(self, refused):
        refused("Fn::Join:\n  - ''\n  - - a\n    - !Select [9, [a]]", "nonexistent value at index 9", line=10)


class TestIf:
    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("!If [IsDev, a, b]", "a"),
            ("!If [IsProd, a, {b: !Ref Stage}]", {"b": "dev"}),
            ("!If [IsProd, a, !Ref AWS::NoValue]", "left out"),
            ("!If [IsDev, a, !Ref Nothing]", "a"),
            ("[!If [IsProd, a, !Ref AWS::NoValue], b]", ["b"]),
            ("!If [IsDev, !If [IsProd, a, b], c]", "b"),
        ],
    )
    def test_one_branch_is_evaluated(self, same, text, wanted):
        same(text, wanted)

    @pytest.mark.parametrize("text", ["[IsDev, a]", "IsDev", "[[IsDev], a, b]"])
    def test_what_is_not_a_condition_and_two_values_is_refused(self, refused, text):
        refused(f"!If {text}", "Fn::If requires a list argument with three elements")

    def test_an_unknown_condition_is_refused(self, refused):
        refused(
            "!If [Nope, a, b]", "Unresolved condition dependency Nope in the Resources block of the template"
        )

    @pytest.mark.parametrize("name", ["Equals", "And", "Or", "Not"])
    def test_what_makes_conditions_stands_nowhere_else(self, refused, name):
        refused(
            f"!{name} [a, b]",
            f"Fn::{name} stands in the section Conditions only; name the condition in an Fn::If",
        )


class TestConditions:
    @pytest.mark.parametrize(
        ("body", "wanted"),
        [
            ("!Equals [!Ref Stage, dev]", True),
            ("!Equals [!Ref Stage, Dev]", False),
            ("!Equals [true, 'true']", True),
            ("!Equals [!Ref Count, 5]", True),
            ("!Equals [!Join [',', !Ref Names], 'a,b,c']", True),
            ("!Equals [!Ref Names, [a, b, c]]", True),
            ("!Equals [[1, true], ['1', 'true']]", True),
            ("!Equals [!FindInMap [Sizes, !Ref Stage, size], 1]", True),
            ("!Equals [!Select [0, !Ref Names], a]", True),
            ("!Equals [!Sub '${Stage}-${AWS::Region}', dev-us-east-1]", True),
            ("!Not [!Equals [a, b]]", True),
            ("!And [!Condition IsDev, !Equals [a, a]]", True),
            ("!And [!Condition IsDev, !Condition IsProd]", False),
            ("!Or [!Condition IsProd, !Condition IsDev]", True),
            ("!Or [!Condition IsProd, !Equals [a, b], Condition: IsProd]", False),
            ("!Condition IsDev", True),
            ("{Fn::Not: [{Condition: IsDev}]}", False),
            ("!Not ['false']", True),
            ("true", True),
        ],
    )
    def test_conditions_compare_texts_and_may_use_conditions(self, evaluated, body, wanted):
        template = f"{PARAMETERS}{MAPPINGS}{CONDITIONS}  Asked: {body}\nResources: {{Queue: {{Type: AWS::SQS::Queue}}}}"
        assert evaluated(template).is_true("Asked") is wanted

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            (
                "!And [!Equals [a, a]]",
                "every Fn::And object requires a list of at least 2 and at most 10 boolean param",
            ),
            (
                f"!Or [{', '.join(['!Equals [a, b]'] * 11)}]",
                "every Fn::Or object requires a list of at least 2 and at m",
            ),
            (
                "!Not [!Condition IsDev, !Condition IsDev]",
                "every Fn::Not object requires one boolean parameter.",
            ),
            ("!Equals [a]", "every Fn::Equals object requires a list of 2 string parameters."),
            (
                "!Ref Stage",
                "Every Conditions member must be one of Fn::And, Fn::Equals, Fn::Not, Fn::Or and Condition",
            ),
            ("!And [a, b]", "Every Conditions member must be one of"),
            (
                "!Condition Nope",
                "Unresolved condition dependency Nope in the Conditions block of the template",
            ),
            ("!Condition [IsDev]", "every Condition object must have a single String value."),
            ("!Condition Asked", "Circular dependency between conditions: [Asked]"),
            ("!Not [!Condition Other]", "Circular dependency between conditions: [Asked, Other]"),
            (
                "!Equals [!Ref Queue, a]",
                "Unresolved dependencies [Queue]. Cannot reference resources in the Conditions",
            ),
            (
                "!Equals [!GetAtt Queue.Arn, a]",
                "Cannot reference resources in the Conditions block of the template",
            ),
            (
                "!Equals [!Sub '${Queue.Arn}', a]",
                "Cannot reference resources in the Conditions block of the template",
            ),
        ],
    )
    def test_what_is_not_a_condition_is_refused(self, evaluated, body, said):
        template = f"{CONDITIONS}  Other: !Condition Asked\n  Asked: {body}\n{PARAMETERS}"
        template += "Resources: {Queue: {Type: AWS::SQS::Queue}}"
        with pytest.raises(TemplateError) as raised:
            evaluated(template).is_true("Asked")
        assert said in raised.value.message
        assert raised.value.line == (4 if "Asked, Other" in said else 5)
        assert raised.value.logical_id is None

    def test_an_unknown_condition_is_refused(self, evaluated):
        with pytest.raises(
            TemplateError, match="Unresolved condition dependency Nope in the Conditions block"
        ):
            evaluated({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}).is_true("Nope")


class TestFindInMap:
    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("!FindInMap [Sizes, dev, size]", 1),
            ("!FindInMap [Sizes, !Ref Stage, names]", ["x", "y"]),
            ("!FindInMap [Sizes, !Ref AWS::AccountId, size]", 3),
            ("!FindInMap [Sizes, !FindInMap [Sizes, dev, key], size]", 3),
        ],
    )
    def test_a_value_is_found_by_three_keys(self, value, text, wanted):
        assert value(text, PARAMETERS, MAPPINGS.replace("size: 1", "size: 1, key: 111122223333")) == wanted

    def test_what_is_not_in_the_map_is_refused(self, refused):
        refused(
            "!FindInMap [Sizes, prod, size]", "Template error: Unable to get mapping for Sizes::prod::size"
        )
        refused("!FindInMap [Sizes, dev, nope]", "Template error: Unable to get mapping for Sizes::dev::nope")
        refused(
            "!FindInMap [Nope, a, b]",
            "Mapping named 'Nope' is not present in the 'Mappings' section of template.",
        )

    def test_a_template_may_have_no_mappings(self, value):
        with pytest.raises(TemplateError, match="Mapping named 'Sizes' is not present"):
            value("!FindInMap [Sizes, prod, size]")

    @pytest.mark.parametrize("text", ["[Sizes, dev]", "Sizes", "[Sizes, dev, [size]]"])
    def test_what_is_not_three_keys_is_refused(self, refused, text):
        refused(f"!FindInMap {text}", "every Fn::FindInMap object requires three parameters")

    def test_a_default_value_needs_the_language_extensions(self, same, refused):
        text = "!FindInMap [Sizes, prod, size, {DefaultValue: !Ref Stage}]"
        refused(text, "DefaultValue of Fn::FindInMap needs the transform AWS::LanguageExtensions")
        same(text, "dev", EXTENSIONS)
        same("!FindInMap [Sizes, dev, size, {DefaultValue: 9}]", 1, EXTENSIONS)

    def test_other_functions_in_its_keys_need_the_language_extensions(self, same, refused):
        text = "!FindInMap [!Join ['', [Si, zes]], !Select [0, [dev]], !Sub 'size']"
        refused(
            text,
            "functions other than Ref and Fn::FindInMap in them need the transform AWS::LanguageExtensions",
        )
        same(text, 1, EXTENSIONS)


class TestImportValue:
    def test_an_export_is_found_by_a_name_that_may_be_made(self, same):
        same("!ImportValue bus", "orders", imports={"bus": "orders"})
        same("Fn::ImportValue: !Sub '${Stage}-bus'", "orders", imports={"dev-bus": "orders"})
        same("Fn::ImportValue: !Join ['', [b, us]]", "orders", imports={"bus": "orders"})

    def test_a_name_that_nobody_exports_is_refused(self, refused):
        refused(
            "!ImportValue bus",
            "No export named bus found. (give imports={'bus': ...}, or deploy the stack that exports it first)",
        )

    def test_a_name_that_is_not_text_is_refused(self, refused):
        refused("!ImportValue [bus]", "the name in Fn::ImportValue must be text")


class TestGetStackOutput:
    def test_an_output_of_another_stack_is_found_without_an_export(self, same):
        outputs = {StackOutput("net", "Bus"): "orders", StackOutput("net", "Bus", "eu-west-1", ROLE): "far"}
        same("!GetStackOutput {StackName: net, OutputName: Bus}", "orders", outputs=outputs)
        same(
            "Fn::GetStackOutput: {StackName: !Join ['', [n, et]], OutputName: Bus}", "orders", outputs=outputs
        )
        same(
            f"!GetStackOutput {{StackName: net, OutputName: Bus, Region: eu-west-1, RoleArn: '{ROLE}'}}",
            "far",
            outputs=outputs,
        )

    def test_an_output_that_no_stack_has_is_refused(self, refused):
        refused(
            "!GetStackOutput {StackName: net, OutputName: Bus}",
            "no stack net has an output Bus (give imports={'net.Bus': ...}, or deploy the stack first)",
        )

    @pytest.mark.parametrize(
        "argument",
        ["net.Bus", "{StackName: net}", "{StackName: [n], OutputName: B}", "{StackName: n, Output: B}"],
    )
    def test_an_argument_of_another_form_is_refused(self, refused, argument):
        refused(
            f"!GetStackOutput {argument}",
            "every Fn::GetStackOutput object must have StackName and OutputName",
        )


class TestOthers:
    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("!Base64 ä", "w6Q="),
            ("Fn::Base64: !Sub '${Stage}'", "ZGV2"),
            ("!GetAZs ''", [f"us-east-1{letter}" for letter in "abcdef"]),
            ("!GetAZs eu-west-1", ["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
            ("Fn::GetAZs: !Ref AWS::Region", [f"us-east-1{letter}" for letter in "abcdef"]),
            ("!Cidr [10.0.0.0/16, 2]", ["10.0.0.0/24", "10.0.1.0/24"]),
            ("!Cidr [10.0.0.0/24, '3', 5]", ["10.0.0.0/27", "10.0.0.32/27", "10.0.0.64/27"]),
            ("!Cidr ['2001:db8::/56', 2, 64]", ["2001:db8::/64", "2001:db8:0:1::/64"]),
        ],
    )
    def test_base64_availability_zones_and_subnets(self, same, text, wanted):
        same(text, wanted)

    @pytest.mark.parametrize(
        "text",
        ["10.0.0.0/16", "[10.0.0.0/16]", "[x, 1]", "[10.0.0.0/16, x]", "[10.0.0.0/16, 0]", "[10.0.0.0/16, 257, 4]",
         "[10.0.0.0/30, 1, 8]", "[10.0.0.0/24, 3, 7]", "[10.0.0.0/24, 1, 40]", "[[], 1]"],
    )  # fmt: skip
    def test_subnets_that_there_are_not_are_refused(self, refused, text):
        refused(f"!Cidr {text}", "every Fn::Cidr object requires an IP address block")

    def test_what_is_not_text_is_refused(self, refused):
        refused("!Base64 [a]", "every Fn::Base64 object must have a String-typed value.")
        refused("!GetAZs [a]", "every Fn::GetAZs object must have a region as its value")

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("!Length [a, !Ref Stage]", 2),
            ("Fn::Length: !Ref Names", 3),
            ("Fn::Length: !Split ['|', 'a|b']", 2),
            (
                "!ToJsonString {a: 1, b: [!Ref Stage, true, ä], c: !Ref AWS::NoValue}",
                '{"a":1,"b":["dev",true,"ä"]}',
            ),
            ("Fn::ToJsonString: [!GetAtt Queue.Arn]", '["Arn-of-Queue"]'),
        ],
    )
    def test_length_and_json_need_the_language_extensions(self, same, refused, text, wanted):
        same(text, wanted, EXTENSIONS)
        refused(text, "needs the transform AWS::LanguageExtensions, which the template lacks")

    def test_what_has_no_length_or_is_not_a_mapping_or_list_is_refused(self, refused):
        refused("!Length a", "every Fn::Length object must have a list as its value", EXTENSIONS)
        refused("!ToJsonString a", "every Fn::ToJsonString object must have a list or a mapping", EXTENSIONS)

    def test_a_loop_needs_the_language_extensions(self, refused):
        refused(
            "{'Fn::ForEach::X': [A, [b], {}]}", "Fn::ForEach::X needs the transform AWS::LanguageExtensions"
        )

    def test_an_unknown_function_is_refused(self, refused):
        said = "Encountered unsupported function: Fn::Subb Supported functions are: [Fn::Base64, Fn::Cidr, "
        refused("{'Fn::Subb': a}", said)
        refused("a: 1\n'Fn::Subb': a", said, line=8)

    def test_a_function_is_the_only_key_of_its_mapping(self, refused):
        refused("a: 1\n'Fn::Sub': b", "Fn::Sub must be the only key of its mapping", line=8)

    def test_a_macro_is_refused(self, refused):
        refused("!Transform {Name: Mine}", "Fn::Transform asks for a macro, which runs on AWS only")
        refused("a: 1\n'Fn::Transform': {Name: AWS::Include}", "Fn::Transform asks for a macro", line=8)


class TestDynamicReferences:
    def test_a_reference_is_resolved_in_any_text(self, same):
        same("a: ['x{{resolve:ssm:t}}']", {"a": ["xorders"]}, dynamic={"ssm:t": "orders"})
        same("'{{resolve:ssm:t}}'", "orders", dynamic={"ssm:t": "orders"})

    def test_a_reference_that_a_function_made_is_resolved(self, same):
        known = {"secretsmanager:ref-of-Queue:SecretString:user::": "ada", "ssm:dev": "orders"}
        text = "!Join ['', ['{{resolve:secretsmanager:', !Ref Queue, ':SecretString:user::}}']]"
        same(text, "ada", dynamic=known)
        same("!Sub '{{resolve:ssm:${Stage}}}'", "orders", dynamic=known)
        same("!Base64 '{{resolve:ssm:dev}}'", "b3JkZXJz", dynamic=known)


def test_scalars_are_what_they_are(same):
    same("[1, true, 0.5, ~, 4.0, text]", [1, True, 0.5, None, 4.0, "text"])


class NoWorld:
    def replaced(self, text):
        return text


def intrinsics():
    def error(message, path):
        return TemplateError(f"{message} {path}")

    return Intrinsics({}, {}, {"AWS::Region": "r"}, extensions=True, world=NoWorld(), error=error)


KEYS = st.text(max_size=5).filter(lambda key: key != "Ref" and not key.startswith("Fn::"))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
)


@given(VALUES)
def test_a_value_without_functions_stays_as_it_is(given):
    assert intrinsics().value(given, ("Resources",)) == given


@given(st.lists(st.text("ab|", max_size=4), min_size=1), st.text("|-", min_size=1, max_size=2))
def test_split_takes_apart_what_join_puts_together(texts, delimiter):
    texts = [text.replace("|", "") for text in texts]
    joined = {"Fn::Join": [delimiter, texts]}
    assert intrinsics().value({"Fn::Split": [delimiter, joined]}, ()) == texts


@given(VALUES)
def test_json_of_a_value_is_that_value(given):
    made = intrinsics().value({"Fn::ToJsonString": [given]}, ())
    assert json.loads(made) == [given]


@given(st.lists(st.just({"Ref": "AWS::NoValue"}) | st.integers(), max_size=6))
def test_the_items_that_stay_know_their_indices(items):
    made = intrinsics().value(items, ())
    kept = [index for index, item in enumerate(items) if isinstance(item, int)]
    assert list(made) == [items[index] for index in kept]
    assert (list(range(len(items))) if made.indices is None else made.indices) == kept


def test_no_value_alone_is_no_value():
    assert intrinsics().value({"Ref": "AWS::NoValue"}, ()) is NO_VALUE
