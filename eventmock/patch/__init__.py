"""The only code that changes other people's modules; each file gives back exactly what it took."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from eventmock.patch import configuration, credentials, retries, sending, sessions, signing
from eventmock.patch.aiobotocore import AiobotocoreWrapper
from eventmock.patch.attributes import WrappedAttributes
from eventmock.patch.credentials import ShownKeys
from eventmock.patch.moto import MotoWrapper
from eventmock.patch.transfers import TransfersWrapper

if TYPE_CHECKING:
    from eventmock.patch.interceptor import CurrentInterceptor

__all__ = ["Hold"]


class Hold:
    """A hold on botocore, from `take` until `release`.

    Args:
        current: Gives the mock that is active at the moment, or None: then every wrapper only calls through.
    """

    def __init__(self, current: CurrentInterceptor) -> None:
        self._current = current
        self._attributes = WrappedAttributes()
        self._default_session: Any = None

    def take(self) -> None:
        """Wrap what has to be wrapped, or nothing if that fails."""
        moto = MotoWrapper(self._attributes, self._current)
        keys = ShownKeys(self._current)
        aiobotocore = AiobotocoreWrapper(self._attributes, self._current, keys, moto.wrap_if_imported)
        try:
            sending.wrap(self._attributes, self._current)
            signing.wrap(self._attributes, self._current, keys, moto.wrap_if_imported)
            credentials.wrap(self._attributes, keys)
            configuration.wrap(self._attributes, self._current, keys)
            TransfersWrapper(self._attributes, self._current).wrap()
            retries.wrap(self._attributes, self._current)
            sessions.wrap(self._attributes, self._current, aiobotocore.wrap_if_imported)
            moto.wrap_if_imported()
            aiobotocore.wrap_if_imported()
        except BaseException:
            self._attributes.restore()
            raise
        self._default_session = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)

    def release(self) -> None:
        """Give back every attribute, and boto3's default session."""
        self._attributes.restore()
        boto3 = sys.modules.get("boto3")
        if boto3 is not None:
            boto3.DEFAULT_SESSION = self._default_session  # type: ignore[attr-defined]  # not in the stubs
