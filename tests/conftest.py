"""What tests share."""

from __future__ import annotations

import functools

import pytest
from botocore.loaders import Loader

from eventmock.gate import Gate

ORDER = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "PAID"}'}


COMMON_ERRORS = {
    "InternalFailure",
    "NotBuiltInEventmock",
    "SerializationException",
    "UnknownOperationException",
    "ValidationException",
}
"""What any operation may answer although the model lists it nowhere; the second is ours."""

NOT_MODELLED = {
    ("CreateApiDestination", "ValidationException"),
    ("CreateEndpoint", "ResourceNotFoundException"),
    ("DeleteEventBus", "ResourceNotFoundException"),
    ("ListTargetsByRule", "InvalidTokenException"),
    ("TagResource", "LimitExceededException"),
    ("UpdateEndpoint", "ResourceNotFoundException"),
}
"""What an operation answers although its model does not say so: recorded or, for endpoints and tags, inferred."""


@functools.cache
def modelled_errors():
    """The codes of the errors that the installed model of EventBridge lists, by operation."""
    description = Loader().load_service_model("events", "service-2")
    return {
        name: {error["shape"] for error in operation.get("errors", ())}
        for name, operation in description["operations"].items()
    }


@pytest.fixture(autouse=True)
def _every_error_is_one_of_its_operation():
    """In every test without faults, an error that an operation answers is modelled, common or named above."""
    answer = Gate.answer

    def answer_and_check(gate, endpoint_prefix, request):
        response = answer(gate, endpoint_prefix, request)
        code = response.headers.get("x-amzn-ErrorType", "ValidationException")
        name = request.headers.get("x-amz-target", "").rpartition(".")[2]
        was_injected = gate._backend.faults.any
        if not was_injected and code not in COMMON_ERRORS and (name, code) not in NOT_MODELLED:
            assert code in modelled_errors().get(name, ()), f"{name} answers {code}"
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Gate, "answer", answer_and_check)
        yield


@pytest.fixture
def order():
    """An entry for PutEvents."""
    return dict(ORDER)


@pytest.fixture
def events(events_backend):
    """A client of the mocked service."""
    return events_backend.client()


@pytest.fixture
def error_of():
    """A function that calls and gives the code and message AWS answers with."""
    from botocore.exceptions import ClientError

    def error_of(call, **members):
        with pytest.raises(ClientError) as caught:
            call(**members)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    return error_of
