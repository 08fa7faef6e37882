"""``ClientToken``: a request that is sent again is not carried out again.

Source: the convention of AWS's SDKs (inferred): the same token and the same request get the same answer; the same token
with another request is refused. A token belongs to one operation of an account in a region. A request that was refused
leaves its token free.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime, timedelta

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call
    from eventmock.wire import AwsError

Request = TypeVar("Request")
Answer = TypeVar("Answer")


_NOTHING: Final[frozenset[str]] = frozenset()
"""The names of no records: one object for all requests, since boto3 gives each request a token."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A request with a ``ClientToken`` that was answered.

    Attributes:
        digest: The digest of the request. boto3 gives each request a token, and a request may be large.
        answer: The answer to the request.
        made: The names of the records that the request made.
        until: The moment at which the token ends, an aware datetime in UTC; None if it has no end.
    """

    digest: bytes
    answer: Any
    made: frozenset[str]
    until: datetime | None = None


def idempotent(
    used_otherwise: Callable[[], AwsError],
    names_of: Callable[[Account], Collection[str]] = lambda _account: (),
    lasts: timedelta | None = None,
) -> Callable[[Callable[[Call, Request], Answer]], Callable[[Call, Request], Answer]]:
    """Return a decorator of operations: a request whose token was answered before gets the same answer.

    Args:
        used_otherwise: Makes the error for a token that another request has used.
        names_of: Returns the names of the records of an account, for a service whose tokens last as long as what they
            made: see `forget_tokens_of`.
        lasts: The time after which a token is free again; None if a token has no end.
    """

    def wrap(function: Callable[[Call, Request], Answer]) -> Callable[[Call, Request], Answer]:
        @wraps(function)
        def answer_once(call: Call, request: Any) -> Any:
            token = request.get("ClientToken")
            if token is None:
                return function(call, request)
            key = f"{function.__module__}.{function.__name__} {token}"
            answers, digest = call.account.table(Answered), _digest(request)
            answered, clock = answers.get(key), call.account.state.clock
            if answered is None or (answered.until is not None and clock.now() >= answered.until):
                before = frozenset(names_of(call.account))
                answer = function(call, request)
                made = frozenset(names_of(call.account)) - before
                until = None if lasts is None else clock.later(lasts)
                answered = answers[key] = Answered(digest, answer, made or _NOTHING, until)
            if answered.digest != digest:
                raise used_otherwise()
            return answered.answer

        return answer_once

    return wrap


def forget_tokens_of(account: Account, name: str) -> None:
    """Forget the tokens of the requests that made a record, so that the same request makes another one.

    Args:
        account: The account of the record.
        name: The name of the record by ``names_of``, or the answer to the request that made it, such as an ARN.
    """
    answers = account.table(Answered)
    made_it = [key for key, one in answers.items() if name in one.made or name == one.answer]
    for key in made_it:
        del answers[key]


def _digest(request: Any) -> bytes:
    return hashlib.blake2b(json.dumps(request, sort_keys=True, default=str).encode(), digest_size=16).digest()
