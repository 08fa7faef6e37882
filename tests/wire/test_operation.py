from __future__ import annotations

import types

from eventmock.wire import operation, operations_of


def test_a_marked_function_is_an_operation_and_stays_a_function():
    module = types.ModuleType("module")

    @operation
    def put_thing(call, request):
        return request

    @operation(ordered_by="name")
    def list_things(call, request):
        return [request]

    module.put_thing, module.list_things, module.helper = put_thing, list_things, len
    found = operations_of(module)
    assert sorted(found) == ["list_things", "put_thing"]
    assert found["list_things"].ordered_by == "name"
    assert put_thing(None, 1) == 1
