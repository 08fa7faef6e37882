"""The patch of botocore's clients for the events of CloudTrail about the calls that moto answers.

``BaseClient._emit_api_params`` has the parameters as the caller gave them, and ``BaseClient._make_request`` the parsed
answer. Both get the same context, which carries the parameters from one to the other. They are wrapped only if a mock
asks for these events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from botocore.client import BaseClient

from eventmock.delivery.moto import is_own
from eventmock.mock.patch.sending import Headers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.mock.gate import CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes
    from eventmock.mock.patch.moto import AnsweredByMoto

_PARAMETERS: Final = "eventmock_parameters"
"""The key of the parameters in the context of a call."""
_ARGUMENTS: Final = ("operation_model", "request_dict", "request_context")
"""The arguments of ``BaseClient._make_request``."""


def wrap(attributes: WrappedAttributes, current: CurrentGate, by_moto: AnsweredByMoto) -> None:
    """Wrap the functions of clients through which each call goes.

    Args:
        attributes: Wraps attributes, and restores them later.
        current: Returns the gate of the mock that answers the caller; None while no mock is active.
        by_moto: The request of this thread that moto has answered last.
    """

    def keep(wrapped: Any, _client: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        parameters = wrapped(*args, **kwargs)
        context = args[2] if len(args) > 2 else kwargs["context"]
        context[_PARAMETERS] = parameters
        return parameters

    def make_request(wrapped: Any, client: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        __tracebackhide__ = True
        outer = by_moto.request
        if is_own(client):  # such as one that delivers while PutEvents is answered, which moto has no part in
            try:
                return wrapped(*args, **kwargs)
            finally:
                by_moto.request = outer
        gate = current(client._endpoint)
        if gate is None or not gate.sends_api_calls:
            return wrapped(*args, **kwargs)
        by_moto.request = None
        try:
            http, answer = wrapped(*args, **kwargs)
            request = by_moto.request
        finally:
            by_moto.request = outer
        if request is not None:
            given = dict(zip(_ARGUMENTS, args, strict=False)) | kwargs
            parameters: Mapping[str, Any] = given["request_context"].get(_PARAMETERS, {})
            host = urlsplit(request.url).netloc
            gate.send_api_call(given["operation_model"], parameters, answer, Headers(request.headers), host)
        return http, answer

    attributes.wrap(BaseClient, "_emit_api_params", keep)
    attributes.wrap(BaseClient, "_make_request", make_request)
