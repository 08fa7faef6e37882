from __future__ import annotations

import sys

import pytest

from eventmock import SchemaError
from eventmock.schemas.yaml_text import read_yaml


def test_values_are_those_of_json():
    assert read_yaml("on: yes\nday: 2026-01-01\ntrue: [true, False, null, 1, 1.5]", "a.yaml") == {
        "on": "yes",
        "day": "2026-01-01",
        True: [True, False, None, 1, 1.5],
    }


def test_nothing_but_values_is_made():
    with pytest.raises(SchemaError, match=r"^a.yaml: it is not valid YAML at line 1: could not determine"):
        read_yaml("!!python/object/apply:os.getcwd []", "a.yaml")


def test_a_character_that_yaml_does_not_have_is_refused():
    with pytest.raises(SchemaError, match=r"^a.yaml: it is not valid YAML: unacceptable character"):
        read_yaml("a: \x00", "a.yaml")


def test_without_pyyaml_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(SchemaError) as caught:
        read_yaml("a: 1", "a.yaml")
    assert str(caught.value) == (
        "a.yaml: YAML is read by PyYAML, which is not installed: pip install 'eventmock[templates]'"
    )
