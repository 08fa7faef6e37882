"""``ClientToken``: a request that is sent again makes no second resource.

Source: partner-events section 2.4, from the convention of AWS's SDKs (inferred): the same token and the same request
get the same answer; the same token with another request is refused. A token belongs to one operation of an account in
a region, and lasts as long as the resource that it made: after a deletion, the same request makes a new resource.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from eventmock.services.appintegrations import errors
from eventmock.services.appintegrations.records import Answered, records_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.services.call import Call


Request = TypeVar("Request")
Answer = TypeVar("Answer")


def idempotent(
    function: Callable[[Call, Request], Answer],
) -> Callable[[Call, Request], Answer]:
    """Wrap an operation, so that a request with a ``ClientToken`` that was answered before gets the same answer."""

    @wraps(function)
    def answer_once(call: Call, request: Any) -> Any:
        token = request.get("ClientToken")
        if token is None:
            return function(call, request)
        key = f"{function.__name__} {token}"
        account = call.account
        answers = account.table(Answered)
        if key not in answers:
            before = set(records_of(account))
            answer = function(call, request)
            [made] = records_of(account).keys() - before
            answers[key] = Answered(request, answer, made)
        answered = answers[key]
        if answered.request != request:
            raise errors.invalid("The ClientToken was used for a request with other parameters.")
        return answered.answer

    return answer_once
