"""``ClientToken``: a request that is sent again is not carried out again.

Source: scheduler section 3.4 and `eventmock.services.client_tokens`. Inferred: a token is kept without end, also after
what it made is deleted.
"""

from typing import Final

from eventmock.services import client_tokens
from eventmock.services.scheduler.errors import token_used_otherwise

idempotent: Final = client_tokens.idempotent(token_used_otherwise)
"""Decorates an operation: a request with a ``ClientToken`` that was answered before gets the same answer."""
