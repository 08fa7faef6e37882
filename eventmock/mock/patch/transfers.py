"""Refuses the S3 transfers that bypass the send layer: the CRT client, which opens connections, and the process pool.

The CRT client connects to AWS whatever ``endpoint_url`` a client has, so it is refused even with passthrough. The
processes of the pool, unless they are forked, have no mock. Both are refused before they begin. Neither module is
imported here, but a test may import them at any time.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from botocore.client import ClientCreator

from eventmock.exceptions import NetworkBlocked

if TYPE_CHECKING:
    from eventmock.mock.gate import CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes

_CRT: Final = (
    "A transfer of S3 was about to leave the process by the AWS Common Runtime (awscrt), which opens connections that "
    "neither eventmock nor moto sees.\n"
    'Way out: TransferConfig(preferred_transfer_client="classic"), whose requests are answered, let out or refused '
    "like all others."
)
_PROCESSES: Final = (
    "s3transfer's ProcessPoolDownloader was about to start processes, in which no mock is active, and which would "
    "reach the network.\n"
    "Ways out: download by the client's own download_file, or start processes by fork."
)


class TransfersWrapper:
    """Wraps the functions that begin such transfers, once they have been imported.

    Args:
        attributes: Wraps attributes, and restores them later.
        current: Returns the gate of the mock that answers the caller; None while no mock is active.
    """

    def __init__(self, attributes: WrappedAttributes, current: CurrentGate) -> None:
        self._attributes = attributes
        self._current = current
        self._wrapped: set[str] = set()

    def wrap(self) -> None:
        """Wrap the imported functions, and the one that makes clients: the first S3 client imports CRT transfers."""
        self._attributes.wrap(ClientCreator, "create_client", self._create_client)
        self.wrap_if_imported()

    def wrap_if_imported(self) -> None:
        """Wrap the functions that have been imported and are not wrapped yet."""
        crt, transfers, pool = (
            self._newly_imported(name) for name in ("boto3.crt", "s3transfer.crt", "s3transfer.processpool")
        )
        if hasattr(crt, "get_crt_s3_client"):
            self._attributes.replace(crt, "get_crt_s3_client", self._refusing(crt.get_crt_s3_client))
        if hasattr(transfers, "CRTTransferManager"):
            self._attributes.wrap(transfers.CRTTransferManager, "_submit_transfer", self._refuse_crt)
        if hasattr(pool, "ProcessPoolDownloader"):
            self._attributes.wrap(pool.ProcessPoolDownloader, "_start_if_needed", self._refuse_processes)

    def _newly_imported(self, name: str) -> Any:
        if name in self._wrapped or name not in sys.modules:
            return None
        self._wrapped.add(name)
        return sys.modules[name]

    def _create_client(
        self, wrapped: Any, _creator: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        client = wrapped(*args, **kwargs)
        if self._current() is not None:
            self.wrap_if_imported()
        return client

    def _refusing(self, original: Any) -> Any:
        def get_crt_s3_client(*args: Any, **kwargs: Any) -> Any:
            self._refuse(_CRT)
            return original(*args, **kwargs)

        return get_crt_s3_client

    def _refuse_crt(self, wrapped: Any, _manager: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._refuse(_CRT)
        return wrapped(*args, **kwargs)

    def _refuse_processes(
        self, wrapped: Any, _pool: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        from multiprocessing import get_start_method

        if self._current() is not None and get_start_method() != "fork":
            self._refuse(_PROCESSES)
        return wrapped(*args, **kwargs)

    def _refuse(self, text: str) -> None:
        if self._current() is not None:
            raise NetworkBlocked(text)
