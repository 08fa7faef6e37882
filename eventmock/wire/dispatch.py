"""The dispatcher of a service: it reads a request, runs the operation and writes the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from eventmock.wire.errors import AwsError
from eventmock.wire.operations import Call
from eventmock.wire.request import read_members, read_request
from eventmock.wire.response import answer_of, failure, success
from eventmock.wire.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from eventmock.wire.http import HttpRequest, HttpResponse
    from eventmock.wire.operations import BoundOperation
    from eventmock.wire.pagination import Pager
    from eventmock.wire.service_model import Operation, WireModel


AnswerT = TypeVar("AnswerT")


def _call(account: Any, _name: str, _members: Mapping[str, Any], headers: Mapping[str, str]) -> Call[Any]:
    return Call(account, headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """Answers the requests of one service.

    Args:
        service: The model of the service.
        operations: The functions of the operations, by name in snake case.
        pager: Returns what cuts the pages of List operations.
        now: Returns the present by the mock's clock, an aware datetime.
        new_request_id: Returns a new request id.
        missing: Makes the error for an operation of the model that has no function, from the operation's name.
        invalid_token: Makes the error for a page token that is not valid, from the operation's name and whether the
            token has expired.
        lock: The lock that is held while an operation runs.
        begin: Called with the account, the operation's name, the members and the headers, before the members are
            validated and without the lock. Returns the call that the operation gets. If it raises an error, the
            operation does not run.
        refused: Called with the account, the operation's name and the error that is the answer, with the lock.
    """

    service: WireModel
    operations: Mapping[str, BoundOperation]
    pager: Callable[[], Pager]
    now: Callable[[], datetime]
    new_request_id: Callable[[], str]
    missing: Callable[[str], AwsError]
    invalid_token: Callable[[str, bool], AwsError]
    lock: AbstractContextManager[Any]
    begin: Callable[[Any, str, Mapping[str, Any], Mapping[str, str]], Call[Any]] = _call
    refused: Callable[[Any, str, AwsError], None] = lambda _account, _name, _error: None

    def handle(self, request: HttpRequest, account: Any, scope: str) -> HttpResponse:
        """Answer a request.

        Args:
            request: The HTTP request.
            account: The value of ``call.account`` for the operation.
            scope: The account and region, as text. A page token is valid only in the scope in which it was made.
        """
        try:
            operation, members = read_request(self.service, request)
            call = self.begin(account, operation.name, members, request.headers)
            return self._carry_out(operation, call, members, scope, self._success)
        except AwsError as error:
            return failure(self.service, error, self.new_request_id(), self.now())

    def perform(self, account: Any, name: str, members: Mapping[str, Any]) -> Any:
        """Carry out an operation for a caller in this process, as for a request of a client.

        Args:
            account: The value of ``call.account`` for the operation.
            name: The name of the operation, such as ``PutRule``. It is not a List operation.
            members: The members of the request, by AWS name.

        Returns:
            The members of the answer, by AWS name.

        Raises:
            AwsError: The operation is refused.
        """
        read = read_members(self.service.operation(name).input, members)
        return self.prepare(self.begin(account, name, read, {}), name, read)()

    def prepare(self, call: Call[Any], name: str, members: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        """Prepare an operation for a caller in this process, and return the function that carries it out.

        The caller does not hold the lock. The function may be called with the lock or without it.

        Args:
            call: What `begin` has returned.
            name: The name of the operation, such as ``PutRule``. It is not a List operation.
            members: The members of the request, by AWS name, with the types of the model.

        Returns:
            A function that returns the members of the answer, by AWS name. It raises `AwsError` if the operation is
            refused.
        """
        operation = self.service.operation(name)
        return partial(
            self._run, operation, call, members, "", answer_of, self._look_up(operation, call, members)
        )

    def _carry_out(
        self,
        operation: Operation,
        call: Call[Any],
        members: Mapping[str, Any],
        scope: str,
        shown: Callable[[Operation, Any], AnswerT],
    ) -> AnswerT:
        return self._run(operation, call, members, scope, shown, self._look_up(operation, call, members))

    def _look_up(self, operation: Operation, call: Call[Any], members: Mapping[str, Any]) -> AwsError | None:
        """Get what the operation needs of other services.

        Returns:
            The error for the constraints that the request breaks; None if it breaks none.
        """
        bound = self.operations.get(operation.function_name)
        broken = self._broken_constraints(operation, members)
        if bound is not None and bound.look_up is not None and broken is None:
            call.found = bound.look_up(call, members)
        return broken

    def _run(  # noqa: PLR0913, PLR0917 - what a request consists of
        self,
        operation: Operation,
        call: Call[Any],
        members: Mapping[str, Any],
        scope: str,
        shown: Callable[[Operation, Any], AnswerT],
        broken: AwsError | None,
    ) -> AnswerT:
        bound = self.operations.get(operation.function_name)
        with self.lock:
            try:
                if bound is None:
                    raise self.missing(operation.name)
                if broken is not None:
                    raise broken
                result = bound.function(call, members)
                if operation.paging is not None:
                    result = self._page(operation, bound, members, result, scope)
            except AwsError as error:
                self.refused(call.account, operation.name, error)
                raise
            return shown(operation, result)

    def _success(self, operation: Operation, result: Any) -> HttpResponse:
        return success(self.service, operation, result, self.new_request_id(), self.now())

    def _broken_constraints(self, operation: Operation, members: Mapping[str, Any]) -> AwsError | None:
        """Return the error for the constraints that a request breaks; None if it breaks none."""
        try:
            validate(operation.input, members, self.service.validation_code)
        except AwsError as error:
            return error
        return None

    def _page(
        self, operation: Operation, bound: BoundOperation, members: Mapping[str, Any], items: Any, scope: str
    ) -> dict[str, Any]:
        assert operation.paging is not None
        key = str if bound.ordered_by is None else _key(bound.ordered_by)
        from eventmock.wire.pagination import ExpiredToken, InvalidToken

        try:
            shown, token = self.pager().page(operation, members, items, key, scope)
        except InvalidToken as error:
            raise self.invalid_token(operation.name, isinstance(error, ExpiredToken)) from None
        return {operation.paging.items: shown, operation.paging.token: token}


def checked(service: WireModel, name: str, members: Any) -> Any:
    """Return members as an operation would get them from a request.

    Args:
        service: The service of the operation.
        name: The name of the operation.
        members: The members of the request, by AWS name.

    Raises:
        AwsError: A member is not of its type, or breaks a constraint of the service model.
    """
    shape = service.operation(name).input
    read = read_members(shape, members)
    validate(shape, read, service.validation_code)
    return read


def _key(name: str) -> Callable[[Any], str]:
    """Return a function that returns the member of a name, from a mapping or an object."""
    return lambda item: str(item[name] if isinstance(item, Mapping) else getattr(item, name))
