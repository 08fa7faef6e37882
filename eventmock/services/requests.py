"""The requests of a mock: those that a gate takes from botocore, and those of callers in this process.

The dispatchers of the services carry them out. Before an operation runs, its region and its faults are decided.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

from eventmock.exceptions import MockStateError
from eventmock.faults import STATUS_OF_COMMON_ERROR, Occasion
from eventmock.parts.identifiers import Identifiers
from eventmock.services.call import Call
from eventmock.wire import AwsError, Dispatcher

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.faults import Fault
    from eventmock.parts.accounts import Account
    from eventmock.services.service import Service
    from eventmock.state import State
    from eventmock.wire import WireModel
    from eventmock.wire.pagination import Pager

_CODE_OF_STATUS: Final = {
    403: "AccessDeniedException",
    429: "TooManyRequestsException",
    503: "ServiceUnavailable",
}


def _not_built(service: Service, name: str) -> AwsError:
    """Return the error for an operation that eventmock does not serve. Its code and text are clearly not AWS's."""
    model, operations = service.model, service.face.operations
    built = sorted(
        each for each in model.operation_names if model.operation(each).function_name in operations
    )
    return AwsError(
        "NotBuiltInEventmock",
        f"eventmock does not answer {name} yet, and does not pretend to. "
        f"It answers: {', '.join(built) or 'none of this service yet'}.",
        status=501,
    )


def _error_of(fault: Fault, service: WireModel) -> Exception:
    """Return the exception by which a fault makes a request to a service fail."""
    if isinstance(fault.failure, str):
        code = fault.failure
        status = None if code in service.error_statuses else STATUS_OF_COMMON_ERROR.get(code)
        return AwsError(code, fault.message, status)
    if isinstance(fault.failure, int):
        other = "InternalFailure" if fault.failure >= 500 else "Failure"
        return AwsError(_CODE_OF_STATUS.get(fault.failure, other), fault.message, fault.failure)
    return fault.exception()


class Requests:
    """Carries out the requests to the services of a mock.

    Args:
        state: The state of the mock.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._services = {service.endpoint_prefix: service for service in state.services}
        self._dispatchers: dict[str, Dispatcher] = {}

    def perform(self, account: Account, service: Service, operation: str, members: Mapping[str, Any]) -> Any:
        """Carry out an operation for a caller in this process, then the deliveries that it causes.

        Args:
            account: The account and region of the caller.
            service: The service.
            operation: The name of the operation, such as ``PutRule``. It is not a List operation.
            members: The members of the request, by AWS name.

        Returns:
            The members of the answer, by AWS name.

        Raises:
            AwsError: The operation is refused.
            ConnectionError: The region is out of service, or a fault makes the connection fail.
            Exception: A fault makes the request fail by it.
            MockStateError: The mock is not active any more.
        """
        if not self._state.lifetime.is_active:
            raise MockStateError("this backend's mock has stopped: make the call while it is active")
        self._state.clock.run_due()
        try:
            return self.dispatcher(service.endpoint_prefix).perform(account, operation, members)
        finally:
            self._state.outbox.empty()

    @cached_property
    def _pager(self) -> Pager:
        from eventmock.wire.pagination import Pager

        return Pager(Identifiers(self._state.options.seed or 0).random_bytes(32), self._state.clock.timestamp)

    def dispatcher(self, endpoint_prefix: str) -> Dispatcher:
        """Return the dispatcher of a service, made when it is first needed."""
        found = self._dispatchers.get(endpoint_prefix)
        if found is None:
            service, state = self._services[endpoint_prefix], self._state
            found = self._dispatchers[endpoint_prefix] = Dispatcher(
                service=service.model,
                operations=service.face.operations,
                pager=lambda: self._pager,
                now=state.clock.now,
                new_request_id=state.identifiers.uuid,
                missing=partial(_not_built, service),
                invalid_token=service.face.invalid_token,
                lock=state.lock,
                begin=partial(self._begin, service),
                refused=self._note_refusal,
            )
        return found

    def _begin(
        self,
        service: Service,
        account: Account,
        operation: str,
        members: Mapping[str, Any],
        headers: Mapping[str, str],
    ) -> Call:
        """Choose the region of a request and apply the faults of the test to it, before its operation is called.

        Raises:
            ConnectionError: The region is out of service.
            AwsError: A fault makes the request fail by an error code or an HTTP status.
            Exception: A fault makes the request fail by that exception.
        """
        state = self._state
        find_route = service.face.find_route
        route = None if find_route is None else find_route(account, members)
        region = account.region if route is None else route.region
        if region in state.regions_out:
            reason = f"{region} is out of service"
            self._note_failure(account, operation, region, reason)
            raise ConnectionError(reason)
        if not state.faults.any:
            return Call(account, headers, route=route)
        entries = service.entries.get(operation)
        occasion = Occasion(
            what="request",
            service=service.name,
            operation=operation,
            region=region,
            account=account.id,
            are_events=entries is not None and entries.are_events,
            subject=members,
        )
        fault = state.faults.hit(occasion)
        if fault is not None:
            self._note_failure(account, operation, region, f"{fault!r}")
            raise _error_of(fault, service.model)
        given = () if entries is None else members.get(entries.member, ())
        return Call(account, headers, route=route, faults=state.faults.of_request(occasion, given))

    def _note_failure(self, account: Account, operation: str, region: str, reason: str) -> None:
        """Write down a request that failed by an outage or a fault."""
        text = f"{operation} of {account.id} in {region} failed: {reason}"
        self._state.note("request failed", text, region)

    def _note_refusal(self, account: Account, operation: str, error: AwsError) -> None:
        """Write down a request that was answered by an error of AWS."""
        from eventmock.values.urls import with_shown_urls

        hint = f" ({error.hint})" if error.hint else ""
        answer = with_shown_urls(" ".join(error.told.split("\n")))
        text = f"{operation} of {account.id} in {account.region} was refused: {answer}{hint}"
        self._state.note("request refused", text, account.region)
