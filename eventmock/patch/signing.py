"""Signing, which our services do without: no credential is used and no SigV4 is computed.

``RequestSigner.sign`` runs for every request of every client, also of clients made long before the mock.
For our services it writes an ``Authorization`` header of SigV4's form, so that the region and the access key
id, which stands for an account, reach the backend. Pre-signed URLs are never sent and are left alone.

A call with an ``EndpointId`` is signed by SigV4a, whose scope names no region. botocore has that of awscrt, and without
it refuses the call before anything is signed, unless it finds a signer of that name: then it never comes to use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.auth import AUTH_TYPE_MAPS, BaseSigner
from botocore.exceptions import MissingDependencyException
from botocore.signers import RequestSigner

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.patch.attributes import WrappedAttributes
    from eventmock.patch.interceptor import CurrentInterceptor, Interceptor


def wrap(
    attributes: WrappedAttributes, current: CurrentInterceptor, before_every_request: Callable[[], None]
) -> None:
    """Wrap the method.

    Args:
        attributes: Keeps what was there.
        current: Gives the active mock.
        before_every_request: Called while a mock is active, before a request of any service is sent.
    """

    def sign(wrapped: Any, signer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        mock = current()
        if mock is None:
            return wrapped(*args, **kwargs)
        before_every_request()
        ours = what_is_signed(mock, signer, *args, **kwargs)
        if ours is None:
            return wrapped(*args, **kwargs)
        emit_before_sign(signer, *ours)
        return authorize(signer, *ours)

    attributes.wrap(RequestSigner, "sign", sign)
    for name in ("v4a", "s3v4a", "s3v4a-query"):
        attributes.fill(AUTH_TYPE_MAPS, name, _NoSigV4a)


class _NoSigV4a(BaseSigner):
    """Stands for SigV4a where awscrt is not installed. Our services are not signed, and others cannot be."""

    REQUIRES_REGION = True

    def __init__(self, **_given: Any) -> None:
        """Taken as botocore gives it; nothing is kept."""

    def add_auth(self, request: Any) -> None:
        """Sign a request of another service.

        Raises:
            MissingDependencyException: As botocore does.
        """
        url = request.url.partition("?")[0]
        raise MissingDependencyException(
            msg=f"{url} wants SigV4a, which needs awscrt: pip install botocore[crt]"
        )


def what_is_signed(
    mock: Interceptor,
    signer: Any,
    operation_name: str,
    request: Any,
    _region_name: Any = None,
    signing_type: str = "standard",
    *_others: Any,
    **_named: Any,
) -> tuple[str, Any] | None:
    """The operation and the request, as given to ``sign``, if it is a request that the mock will answer."""
    is_ours = signing_type == "standard" and signer._service_id.hyphenize() in mock.event_names
    return (operation_name, request) if is_ours else None


def emit_before_sign(signer: Any, operation_name: str, request: Any) -> Any:
    """Call the caller's own handlers, as botocore does before it signs; what they are awaited by, if they are."""
    return signer._event_emitter.emit(
        f"before-sign.{signer._service_id.hyphenize()}.{operation_name}",
        request=request,
        signing_name=signer.signing_name,
        region_name=signer.region_name,
        signature_version=signer.signature_version,
        request_signer=signer,
        operation_name=operation_name,
    )


def authorize(signer: Any, _operation_name: str, request: Any) -> None:
    """Write the header that says who calls, and in which region."""
    key_id, service = _access_key_id(signer._credentials), signer.signing_name
    if request.context.get("auth_type") == "v4a":
        request.headers["X-Amz-Region-Set"] = "*"
        algorithm, scope = "AWS4-ECDSA-P256-SHA256", f"{key_id}/20000101/{service}"
    else:
        algorithm, scope = "AWS4-HMAC-SHA256", f"{key_id}/20000101/{signer.region_name}/{service}"
    request.headers["Authorization"] = (
        f"{algorithm} Credential={scope}/aws4_request, SignedHeaders=host, Signature=unsigned"
    )


def _access_key_id(credentials: Any) -> str:
    """The key id that is there, without refreshing credentials that would ask a provider."""
    held = getattr(credentials, "__dict__", {})
    return held.get("access_key") or held.get("_access_key") or "none"
