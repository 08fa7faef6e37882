from __future__ import annotations

import sys
import types
from importlib import import_module
from pathlib import Path

import pytest

from eventmock.services.table import services
from eventmock.wire import Operations, is_operation, operation


@pytest.fixture
def module(monkeypatch):
    """A module of operations, which is not in `sys.modules` under its name before it is asked for."""
    module = types.ModuleType("package.things")
    monkeypatch.setitem(sys.modules, "package", types.ModuleType("package"))
    monkeypatch.setitem(sys.modules, "package.things", module)
    return module


def test_a_marked_function_is_an_operation_and_stays_a_function(module):

    @operation
    def put_thing(call, request):
        return request

    @operation(ordered_by="name")
    def list_things(call, request):
        return [request]

    module.put_thing, module.list_things, module.helper = put_thing, list_things, len
    found = Operations("package", {"things": ("put_thing", "list_things")})
    assert list(found) == ["put_thing", "list_things"]
    assert (is_operation(put_thing), is_operation(len)) == (True, False)
    assert found["list_things"].ordered_by == "name"
    assert put_thing(None, 1) == 1


def test_the_names_of_operations_are_known_without_their_modules():
    found = Operations("no_such_package", {"things": ("put_thing",), "others": ("put_other",)})
    assert ("put_thing" in found, "put_nothing" in found, len(found)) == (True, False, 2)
    assert found.modules == ["no_such_package.things", "no_such_package.others"]
    assert found.get("put_nothing") is None
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        found["put_thing"]


@pytest.mark.parametrize("service", services(), ids=lambda service: service.name)
def test_a_service_names_all_operations_of_its_modules_and_no_others(service):
    operations = service.face.operations
    package = service.face_module.rpartition(".")[0]
    defined = {
        name
        for path in Path(import_module(package).__path__[0]).glob("*.py")
        for name, value in vars(import_module(f"{package}.{path.stem}")).items()
        if is_operation(value)
    }
    assert set(operations) == defined
    assert all(bound.function.__name__ == name for name, bound in operations.items())
