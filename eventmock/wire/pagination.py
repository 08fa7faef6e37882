"""Pages of a List operation, with opaque tokens.

A token names the operation, its filters and the last item of the page, so items that are added or removed between two
calls do not move a page. A token has a signature. It is refused if it was forged, or was made for another operation,
other filters or another account.
Source: ``Limit``/``NextToken`` behave as recorded (aws-recorded-behaviour section 3): the next call may change
the limit or leave it out, the last page has no token. The default page of 100 items and the 24 hours for which a token
is valid are from AWS's documentation of EventBridge's operations. That other services do the same, with the longest
pages that their models allow, is inferred.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from eventmock.wire.service_model import Operation, Paging

TOKEN_SECONDS: Final = 24 * 60 * 60


class InvalidToken(Exception):  # noqa: N818 - AWS's own name for it
    """A token was not made by this operation for these filters, or has expired."""


class ExpiredToken(InvalidToken):
    """A token was made by this operation for these filters, but more than 24 hours ago."""


@dataclass(frozen=True, slots=True)
class Pager:
    """Cuts pages and signs their tokens.

    Args:
        seal: The key of the signatures.
        now: Returns the present by the mock's clock, in seconds since 1970-01-01 00:00 UTC.
    """

    seal: bytes
    now: Callable[[], float]
    _ordered: dict[str, tuple[list[Any], list[Any]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """The items of the last operation, by its name: as they were given, and in order."""

    def page(
        self,
        operation: Operation,
        request: Mapping[str, Any],
        items: Iterable[Any],
        key: Callable[[Any], str],
        scope: str,
    ) -> tuple[list[Any], str | None]:
        """Return the page that the request asks for, and the token of the next one (None on the last).

        Args:
            operation: A List operation.
            request: The members of the request.
            items: All items, in any order.
            key: Returns the unique text of an item; items are ordered by it.
            scope: The account and region, as text. A token is valid only in the scope in which it was made.

        Raises:
            InvalidToken: The request's token was not made for this operation, these filters and this scope, or has
                expired.
        """
        paging = operation.paging
        assert paging is not None
        ordered = self._in_order(operation.name, list(items), key)
        binding = self._binding(operation, paging, request, scope)
        token = request.get(paging.token)
        first = 0 if token is None else bisect_right(ordered, self._open(token, binding), key=key)
        last = first + (request.get(paging.limit) or paging.default)
        shown = ordered[first:last]
        return shown, self._token(key(shown[-1]), binding) if last < len(ordered) else None

    def _in_order(self, operation: str, items: list[Any], key: Callable[[Any], str]) -> list[Any]:
        """Return items in order. Who reads all pages has them ordered once, since the items stay the same."""
        given, ordered = self._ordered.get(operation, ([], []))
        if items != given:
            ordered = sorted(items, key=key)
            self._ordered.clear()
            self._ordered[operation] = items, ordered
        return ordered

    @staticmethod
    def _binding(operation: Operation, paging: Paging, request: Mapping[str, Any], scope: str) -> str:
        filters = {name: value for name, value in request.items() if name not in (paging.limit, paging.token)}
        return json.dumps([operation.name, scope, filters], sort_keys=True, default=str)

    def _token(self, last: str, binding: str) -> str:
        content = json.dumps([last, self.now()]).encode()
        return urlsafe_b64encode(self._signature(content, binding) + content).decode()

    def _open(self, token: str, binding: str) -> str:
        try:
            raw = urlsafe_b64decode(token)
        except ValueError:
            raise InvalidToken from None
        content = raw[hashlib.sha256().digest_size :]
        sealed = self._signature(content, binding) + content
        if not hmac.compare_digest(urlsafe_b64encode(sealed), token.encode()):
            raise InvalidToken
        last, issued = json.loads(content)
        if self.now() - issued > TOKEN_SECONDS:
            raise ExpiredToken
        return str(last)

    def _signature(self, content: bytes, binding: str) -> bytes:
        return hmac.digest(self.seal, content + binding.encode(), "sha256")
