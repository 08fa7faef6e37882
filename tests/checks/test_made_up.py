from __future__ import annotations

import pytest

from eventmock.checks.made_up import Imports, parameters_of
from eventmock.templates.source import read_source


def made_up(declared, given=()):
    source = read_source({"Parameters": declared, "Resources": {}})
    return parameters_of(source, dict(given), account="123456789012", region="us-east-1")


def test_only_a_parameter_without_value_and_default_gets_one():
    declared = {
        "Stage": {"Type": "String"},
        "Team": {"Type": "String"},
        "Size": {"Type": "String", "Default": "s"},
    }
    assert made_up(declared, {"Team": "shop"}) == {"Stage": "made-up-Stage"}


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        ({"Type": "Number"}, "1"),
        ({"Type": "Number", "MinValue": 5}, "5"),
        ({"Type": "String", "AllowedValues": ["prod", "test"]}, "prod"),
        ({"Type": "String", "AllowedValues": [True, False]}, "true"),
        ({"Type": "CommaDelimitedList"}, "made-up-X"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "madeup"),
        ({"Type": "String", "AllowedPattern": "[0-9]{12}"}, "123456789012"),
        ({"Type": "String", "AllowedPattern": "arn:aws:.*"}, "arn:aws:iam::123456789012:role/made-up-X"),
        ({"Type": "String", "AllowedPattern": "https://.*"}, "https://made-up.example.com"),
        ({"Type": "String", "AllowedPattern": ".+@.+"}, "made-up@example.com"),
        ({"Type": "String", "MaxLength": "7"}, "made-up"),
        ({"Type": "String", "AllowedPattern": r"\p{Alpha}+"}, "made-up-X"),
        ({"Type": "String", "AllowedPattern": "no such text"}, "made-up-X"),
    ],
)
def test_the_value_is_one_that_the_parameter_allows(declared, value):
    assert made_up({"X": declared}) == {"X": value}


def test_every_export_has_a_value():
    imports = Imports({"bus": "orders"})
    assert "anything" in imports
    assert (imports["bus"], imports["shop:bus"]) == ("orders", "made-up-shop-bus")
    assert imports.made_up == {"shop:bus": "made-up-shop-bus"}
