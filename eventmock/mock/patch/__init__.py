"""The patches of botocore, boto3, moto and aiobotocore, which no other code patches. Each file restores its patches."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from eventmock.mock.patch import configuration, credentials, retries, sending, sessions, signing, timestamps
from eventmock.mock.patch.attributes import WrappedAttributes
from eventmock.mock.patch.credentials import ShownKeys
from eventmock.mock.patch.default_session import DefaultSession
from eventmock.mock.patch.moto import MotoWrapper
from eventmock.mock.patch.transfers import TransfersWrapper

if TYPE_CHECKING:
    from eventmock.mock.gate import CurrentGate
    from eventmock.mock.patch.aiobotocore import AiobotocoreWrapper

__all__ = ["Hold"]


class Hold:
    """All patches, from `take` until `release`.

    Args:
        current: Returns the gate of the mock that answers the caller. If it is None, wrappers call the original.
    """

    def __init__(self, current: CurrentGate) -> None:
        self._current = current
        self._attributes = WrappedAttributes()
        self._keys = ShownKeys(current)
        self._moto = MotoWrapper(self._attributes, current)
        self._aiobotocore: AiobotocoreWrapper | None = None
        self._transfers = TransfersWrapper(self._attributes, current)
        self._default_session = DefaultSession(self._attributes, self._before_session)
        self._logs_calls = False

    def take(self) -> None:
        """Make all patches; if that fails, make none."""
        try:
            sending.wrap(self._attributes, self._current)
            signing.wrap(self._attributes, self._current, self._keys, self._before_request)
            credentials.wrap(self._attributes, self._keys)
            configuration.wrap(self._attributes, self._current, self._keys)
            self._transfers.wrap()
            retries.wrap(self._attributes, self._current)
            timestamps.wrap(self._attributes, self._current)
            sessions.wrap(self._attributes, self._current, self._before_session)
            self._attributes.wrap(importlib, "reload", self._reload)
            self._wrap_what_is_imported()
        except BaseException:
            self._attributes.restore()
            raise

    def log_calls(self) -> None:
        """Patch clients for the events of CloudTrail about the calls that moto answers."""
        if not self._logs_calls:
            from eventmock.mock.patch import api_calls

            api_calls.wrap(self._attributes, self._current, self._moto.answered)
            self._logs_calls = True

    def release(self) -> None:
        """Restore every attribute, and boto3's default session."""
        self._attributes.restore()
        self._default_session.restore()

    def _before_request(self) -> None:
        """Patch the libraries that have been imported meanwhile."""
        self._wrap_what_is_imported()
        self._attributes.wrap_hidden()

    def _before_session(self) -> None:
        """Patch the libraries that have been imported meanwhile, for the first time or again."""
        self._before_request()
        self._attributes.renew_imported()

    def _wrap_what_is_imported(self) -> None:
        self._moto.wrap_if_imported()
        self._wrap_aiobotocore()
        self._default_session.wrap_if_imported()
        self._transfers.wrap_if_imported()

    def _wrap_aiobotocore(self) -> None:
        """Patch aiobotocore if it has been imported. Our code for it is not imported before."""
        if "aiobotocore.session" not in sys.modules:
            return
        if self._aiobotocore is None:
            from eventmock.mock.patch.aiobotocore import AiobotocoreWrapper

            self._aiobotocore = AiobotocoreWrapper(
                self._attributes, self._current, self._keys, self._before_request
            )
        self._aiobotocore.wrap_if_imported()

    def _reload(self, wrapped: Any, _module: None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Reload a module, as `importlib.reload` does."""
        try:
            return wrapped(*args, **kwargs)
        finally:
            self._before_request()
            self._attributes.renew()
