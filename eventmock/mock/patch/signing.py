"""Signing of requests. For the mocked services, no credentials are used and no signature is computed.

``RequestSigner.sign`` is called for every request of every client, also of clients made long before the mock. For the
mocked services it writes an ``Authorization`` header in botocore's form, but without a signature, so that the backend
gets the region and the access key id, which names an account. If botocore would not sign, there is no header.

Requests of other services and pre-signed URLs are signed with made-up keys, unless passthrough allows their host, or
the test itself gave the keys (`eventmock.mock.patch.credentials`).

A call with an ``EndpointId`` is signed by SigV4a, whose scope has no region. botocore needs awscrt for it. Without
awscrt, botocore refuses the call before it is signed, unless a signer of that name is registered. So a signer that does
not sign is registered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore import UNSIGNED
from botocore.auth import AUTH_TYPE_MAPS, BaseSigner
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import MissingDependencyException
from botocore.signers import RequestSigner
from botocore.tokens import FrozenAuthToken

from eventmock.mock.patch.credentials import MADE_UP_TOKEN, looking

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.mock.gate import AnyGate, CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes
    from eventmock.mock.patch.credentials import ShownKeys

_NEEDS_AWSCRT: Final = (
    "This operation requires an additional dependency. Use pip install botocore[crt] before proceeding."
)
"""The text of botocore's error."""


def wrap(
    attributes: WrappedAttributes,
    current: CurrentGate,
    keys: ShownKeys,
    before_every_request: Callable[[], None],
) -> None:
    """Wrap the method that signs, and the method that makes its signers.

    Args:
        attributes: Wraps attributes, and restores them later.
        current: Returns the gate of the mock that answers the caller; None while no mock is active.
        keys: Decides which keys a reader of credentials gets.
        before_every_request: Called while a mock is active, before a request of any service is sent.
    """

    def sign(wrapped: Any, signer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        gate = current()
        if gate is None:
            return wrapped(*args, **kwargs)
        before_every_request()
        ours = what_is_signed(gate, signer, *args, **kwargs)
        if ours is None:
            with looking(may_look(gate, *args, **kwargs)):
                return wrapped(*args, **kwargs)
        version = signer._choose_signer(ours[0], "standard", ours[1].context)
        emit_before_sign(signer, *ours, version)
        return authorize(gate, keys, signer, ours[1], version)

    def get_auth_instance(wrapped: Any, signer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if not keys.hides:
            return wrapped(*args, **kwargs)
        view, given = without_real_keys(keys, signer, Frozen, args, kwargs)
        return wrapped.__func__(view, **given)

    attributes.wrap(RequestSigner, "sign", sign)
    attributes.wrap(RequestSigner, "get_auth_instance", get_auth_instance)
    attributes.replace(RequestSigner, "get_auth", vars(RequestSigner)["get_auth_instance"])
    for name in ("v4a", "s3v4a", "s3v4a-query"):
        attributes.fill(AUTH_TYPE_MAPS, name, _NoSigV4a)


class _NoSigV4a(BaseSigner):
    """The signer of SigV4a if awscrt is not installed. Requests of mocked services are not signed, others cannot be."""

    REQUIRES_REGION = True

    def __init__(self, **_given: Any) -> None:
        """Accept the arguments of botocore's signers, and ignore them."""

    def add_auth(self, request: Any) -> None:
        """Refuse to sign a request of another service.

        Raises:
            MissingDependencyException: Always, as botocore raises it without awscrt.
        """
        url = request.url.partition("?")[0]
        raise MissingDependencyException(
            msg=f"{url} wants SigV4a, which needs awscrt: pip install botocore[crt]"
        )


def what_is_signed(
    gate: AnyGate,
    signer: Any,
    operation_name: str,
    request: Any,
    _region_name: Any = None,
    signing_type: str = "standard",
    *_others: Any,
    **_named: Any,
) -> tuple[str, Any] | None:
    """Return the operation and the request of a call of ``sign``, if the mock will answer the request; else None."""
    is_ours = signing_type == "standard" and signer._service_id.hyphenize() in gate.event_names
    return (operation_name, request) if is_ours else None


def may_look(gate: AnyGate, _operation_name: str, request: Any, *_others: Any, **_named: Any) -> bool:
    """Return whether real credentials sign the request of a call of ``sign``, which is of another service."""
    return gate.signs_for(request.url)


class Frozen:
    """Credentials with the method that a signer calls.

    Args:
        shown: The credentials that the signer gets: frozen ones, or the test's own.
    """

    def __init__(self, shown: Any) -> None:
        self._shown = shown

    def get_frozen_credentials(self) -> Any:
        """Return the frozen credentials."""
        return (
            self._shown
            if isinstance(self._shown, ReadOnlyCredentials)
            else self._shown.get_frozen_credentials()
        )


class _SignerView:
    """A signer for ``get_auth_instance``, with other credentials."""

    def __init__(self, signer: Any, credentials: Any) -> None:
        self._signer = signer
        self._credentials = credentials
        self._auth_token = FrozenAuthToken(MADE_UP_TOKEN)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._signer, name)


def without_real_keys(
    keys: ShownKeys,
    signer: Any,
    frozen: Callable[[Any], Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> tuple[Any, dict[str, Any]]:
    """Return the signer and the arguments for ``get_auth_instance`` with which no key that may be real signs."""
    names = ("signing_name", "region_name", "signature_version", "request_credentials")
    given = dict(zip(names, args, strict=False)) | kwargs
    if given.get("request_credentials"):
        given["request_credentials"] = frozen(keys.to_sign_with(given["request_credentials"]))
    return _SignerView(signer, frozen(keys.to_sign_with(signer._credentials))), given


def emit_before_sign(signer: Any, operation_name: str, request: Any, version: Any) -> Any:
    """Call the client's handlers, as botocore does before it signs; return the emitter's result, maybe a coroutine."""
    return signer._event_emitter.emit(
        f"before-sign.{signer._service_id.hyphenize()}.{operation_name}",
        request=request,
        signing_name=signer.signing_name,
        region_name=signer.region_name,
        signature_version=version,
        request_signer=signer,
        operation_name=operation_name,
    )


def authorize(gate: AnyGate, keys: ShownKeys, signer: Any, request: Any, version: Any) -> None:
    """Write the headers that name the caller and the regions, in the form of botocore's signature.

    Args:
        gate: The gate of the active mock.
        keys: Decides which keys a reader of credentials gets.
        signer: The signer of the client.
        request: The request to sign.
        version: The version of the signature that botocore has chosen.

    Raises:
        MissingDependencyException: The request needs SigV4a, awscrt is not installed, and the mock requires it.
    """
    if version is UNSIGNED:
        return
    key_id, service = keys.key_id(signer._credentials), signer.signing_name
    if version == "v4a":
        if gate.requires_awscrt and AUTH_TYPE_MAPS.get("v4a") is _NoSigV4a:
            raise MissingDependencyException(msg=_NEEDS_AWSCRT)
        regions = request.context.get("signing", {}).get("region") or signer.region_name
        request.headers["X-Amz-Region-Set"] = regions
        algorithm, scope = "AWS4-ECDSA-P256-SHA256", f"{key_id}/20000101/{service}"
    else:
        algorithm, scope = "AWS4-HMAC-SHA256", f"{key_id}/20000101/{signer.region_name}/{service}"
    request.headers["Authorization"] = (
        f"{algorithm} Credential={scope}/aws4_request, SignedHeaders=host, Signature=unsigned"
    )
