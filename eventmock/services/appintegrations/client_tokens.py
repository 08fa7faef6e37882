"""``ClientToken``: a request that is sent again makes no second resource.

Source: partner-events section 2.4 and `eventmock.services.client_tokens`. Inferred: a token lasts as long as the
resource that it made: after a deletion, the same request makes a new resource.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.services import client_tokens
from eventmock.services.appintegrations import errors
from eventmock.services.appintegrations.records import records_of

if TYPE_CHECKING:
    from eventmock.wire import AwsError


def _used_otherwise() -> AwsError:
    return errors.invalid("The ClientToken was used for a request with other parameters.")


idempotent: Final = client_tokens.idempotent(_used_otherwise, records_of)
"""Decorates an operation: a request with a ``ClientToken`` that was answered before gets the same answer."""
