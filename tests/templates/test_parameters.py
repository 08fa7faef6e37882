from __future__ import annotations

import pytest

from eventmock.exceptions import TemplateError
from eventmock.templates.parameters import ParameterValues


def error(message, path):
    return TemplateError(f"{message} at {'/'.join(map(str, path))}")


def values(declared, given=(), stored=()):
    return dict(ParameterValues(declared, dict(given), dict(stored).__getitem__, error))


def value(declaration, *given, **stored):
    stored = {f"ssm:{name}": one for name, one in stored.items()}
    return values({"P": declaration}, dict.fromkeys(["P"] if given else [], *given), stored)["P"]


@pytest.mark.parametrize(
    ("kind", "given", "wanted"),
    [
        ("String", "dev", "dev"),
        ("String", "", ""),
        ("String", 5, "5"),
        ("String", True, "true"),
        ("String", "a, b", "a, b"),
        ("Number", 5, "5"),
        ("Number", "5", "5"),
        ("Number", 0.5, "0.5"),
        ("Number", 4.0, "4"),
        ("AWS::EC2::VPC::Id", "vpc-1", "vpc-1"),
        ("AWS::SSM::Parameter::Name", "/shop/x", "/shop/x"),
        ("CommaDelimitedList", "a, b ,c", ["a", "b", "c"]),
        ("CommaDelimitedList", "", [""]),
        ("CommaDelimitedList", "a,,b", ["a", "", "b"]),
        ("CommaDelimitedList", ["a", "", 5], ["a", "", "5"]),
        ("List<Number>", "1, 2", ["1", "2"]),
        ("List<Number>", [1, 2], ["1", "2"]),
        ("List<AWS::EC2::Subnet::Id>", "subnet-1,subnet-2", ["subnet-1", "subnet-2"]),
    ],
)
def test_a_value_is_text_or_a_list_of_texts(kind, given, wanted):
    assert value({"Type": kind}, given) == wanted
    if not isinstance(given, list):
        assert value({"Type": kind, "Default": given}) == wanted


def test_a_given_value_comes_before_the_default():
    assert value({"Type": "String", "Default": "dev"}, "prod") == "prod"


class TestSsm:
    def test_a_stored_value_is_read_by_the_name_that_is_given(self):
        assert (
            value({"Type": "AWS::SSM::Parameter::Value<String>"}, "bus", bus="orders, all") == "orders, all"
        )

    @pytest.mark.parametrize("kind", ["CommaDelimitedList", "List<String>", "List<AWS::EC2::Subnet::Id>"])
    def test_a_stored_list_is_split(self, kind):
        declaration = {"Type": f"AWS::SSM::Parameter::Value<{kind}>", "Default": "names"}
        assert value(declaration, names="a, b") == ["a", "b"]

    def test_a_value_is_looked_up_once_and_only_when_it_is_read(self):
        asked = []
        declared = {
            "BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk/version"},
            "Bus": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/bus"},
        }
        parameters = ParameterValues(declared, {}, lambda name: asked.append(name) or "orders", error)
        assert (parameters["Bus"], parameters["Bus"], len(parameters)) == ("orders", "orders", 2)
        assert "BootstrapVersion" in parameters
        assert asked == ["ssm:/bus"]

    def test_what_is_checked_is_the_name(self):
        declaration = {"Type": "AWS::SSM::Parameter::Value<String>", "AllowedPattern": "/shop/.*"}
        with pytest.raises(TemplateError, match=r"Parameter 'P' must match pattern /shop/\.\*"):
            value(declaration, "/other/bus")
        with pytest.raises(TemplateError, match="must match pattern"):
            value({**declaration, "Type": "AWS::SSM::Parameter::Value<List<String>>"}, "/other/bus")


class TestMissingAndUnknown:
    def test_all_missing_values_are_named(self):
        declared = {name: {"Type": "String"} for name in "ABC"}
        with pytest.raises(TemplateError) as raised:
            values(declared, {"B": "x"})
        assert str(raised.value) == (
            "template: Parameters: [A, C] must have values; give them: parameters={'A': ...} at Parameters/A"
        )

    def test_unknown_names_are_refused_with_the_nearest(self):
        with pytest.raises(TemplateError) as raised:
            values({"Stage": {"Type": "String", "Default": ""}}, {"stage": "x", "Zone": "y"})
        assert str(raised.value) == (
            "template: Parameters: [stage, Zone] do not exist in the template; did you mean 'Stage'? at Parameters"
        )

    def test_a_template_may_have_no_parameters(self):
        assert values({}) == {}
        with pytest.raises(
            TemplateError, match=r"Parameters: \[X\] do not exist in the template; it has no parameters"
        ):
            values({}, {"X": "1"})


@pytest.mark.parametrize(
    ("declaration", "right", "wrong", "said"),
    [
        (
            {"AllowedValues": ["dev", "prod"]},
            "dev",
            "x",
            "must be one of AllowedValues (its value is 'x'; allowed: dev, prod)",
        ),
        (
            {"AllowedValues": [1, True]},
            "true",
            "2",
            "must be one of AllowedValues (its value is '2'; allowed: 1, true)",
        ),
        ({"AllowedPattern": "[a-z]+"}, "abc", "abc1", "must match pattern [a-z]+ (its value is 'abc1')"),
        ({"MinLength": 2}, "ab", "a", "must contain at least 2 characters (its value is 'a', 1 characters)"),
        (
            {"MaxLength": "2"},
            "ab",
            "abc",
            "must contain at most 2 characters (its value is 'abc', 3 characters)",
        ),
        ({"Type": "Number"}, "-1.5e3", "x", "must be a number (its value is 'x')"),
        ({"Type": "Number", "MinValue": 2}, 2, 1.5, "must be a number not less than 2 (its value is '1.5')"),
        (
            {"Type": "Number", "MaxValue": "2.5"},
            2,
            3,
            "must be a number not greater than 2.5 (its value is '3')",
        ),
        (
            {"Type": "List<Number>", "MaxValue": 2},
            "1,2",
            "1,3",
            "must be a number not greater than 2 (its value is '1,3')",
        ),
        (
            {"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]},
            "a, b",
            "a,c",
            "must be one of AllowedValues (its value is 'a,c'; allowed: a, b)",
        ),
        (
            {"AllowedPattern": "[a-z]+", "ConstraintDescription": "letters only"},
            "a",
            "1",
            "failed to satisfy constraint: letters only (its value is '1')",
        ),
        (
            {"AllowedPattern": "[a-z]+", "NoEcho": True},
            "a",
            "secret1",
            "must match pattern [a-z]+ (its value is not shown: NoEcho)",
        ),
    ],
)
def test_constraints_are_checked(declaration, right, wrong, said):
    declaration = {"Type": "String", **declaration}
    value(declaration, right)
    with pytest.raises(TemplateError) as raised:
        value(declaration, wrong)
    assert str(raised.value) == f"template: Parameter 'P' {said} at Parameters/P"
    with pytest.raises(TemplateError, match="Parameter 'P'"):
        value({**declaration, "Default": wrong})


def test_a_pattern_that_only_java_knows_is_not_checked():
    assert value({"Type": "String", "AllowedPattern": r"\p{Alpha}+"}, "1") == "1"


@pytest.mark.parametrize("noecho", ["true", True])
def test_a_value_that_is_not_to_be_shown_is_in_no_error(noecho):
    with pytest.raises(TemplateError) as raised:
        value({"Type": "String", "MinLength": 8, "NoEcho": noecho}, "hunter2")
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ([], "Parameters must be a mapping at Parameters"),
        ({"P": {"Default": "x"}}, "Every Parameters object must contain a Type member. at Parameters/P"),
        ({"P": {"Type": "Text"}}, "Unrecognized parameter type: Text at Parameters/P/Type"),
        (
            {"P": {"Type": "AWS::SSM::Parameter::Value<Text>"}},
            "Unrecognized parameter type: AWS::SSM::Parameter::Value<Text> at Parameters/P/Type",
        ),
        ({"P": {"Type": ["String"]}}, "Unrecognized parameter type: ['String'] at Parameters/P/Type"),
        (
            {"P": {"Type": "CommaDelimitedList", "Default": ["a"]}},
            "Every Default member must be a string. at Parameters/P/Default",
        ),
    ],
)
def test_a_declaration_that_is_wrong_is_refused(declared, said):
    with pytest.raises(TemplateError) as raised:
        values({"P": {"Default": "", **declared["P"]}} if declared else declared)
    assert str(raised.value) == f"template: Template format error: {said}"


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("String", ["a"], "has a value of the type list; wanted text, a number or a boolean"),
        ("String", None, "has a value of the type NoneType; wanted text, a number or a boolean"),
        (
            "CommaDelimitedList",
            {"a": 1},
            "has a value of the type dict; wanted text, a number, or a list of those",
        ),
        (
            "CommaDelimitedList",
            ["a", []],
            "has a value of the type list; wanted text, a number, or a list of those",
        ),
    ],
)
def test_a_value_of_another_type_is_refused(kind, given, said):
    with pytest.raises(TemplateError, match=f"Parameter 'P' {said}"):
        value({"Type": kind}, given)
