"""Calls of AWS to the resources in moto, while a mock of moto is active.

A call goes through a botocore client of our own, which moto answers before the client would send the request. No call
is made while no mock of moto is active. A request that moto does not answer ends here, so that nothing leaves the
process.
"""

from __future__ import annotations

import re
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from eventmock.delivery.failures import failure_of, with_status
from eventmock.target_kinds import ApiCall, InvalidRequest
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT_HEADER: Final = "x-moto-account-id"
STUB: Final = b"PK\x05\x06" + bytes(16) + b"\x09\x00eventmock"
"""The code of a function that is made in moto for its permissions only: a ZIP file without files."""
STUB_HASH: Final = "f+otTRpdWxEKk1nyKkAcKpY+717wYFw7DW6NG2S87rw="
"""The hash of that code, as Lambda states it."""
_OWN: Final = "_eventmock_own"
"""The attribute of our own clients, by which they are known."""
_MODELS_MODULE: Final = "moto.core.models"
_NOT_THERE: Final = (
    r"[\w.]*(NotFound|NonExistent|DoesNotExist|NoSuchHealthCheck)"
    r"|ClientException: Job (definition|queue) \S+ does not exist"
    r"|ValidationException: Could not find pipeline"
)
"""The errors of moto's services for a resource that does not exist: by code, but for Batch and SageMaker."""


def is_active() -> bool:
    """Return whether a mock of moto is active."""
    stubber = getattr(sys.modules.get(_MODELS_MODULE), "botocore_stubber", None)
    return stubber is not None and bool(stubber.enabled)


def account_of_key(access_key_id: str) -> str | None:
    """Return the account for which moto has made an access key id; None if moto is not active or does not know it."""
    if not is_active():
        return None
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.iam.models import get_account_id_from

    account: str = get_account_id_from(access_key_id)
    return None if account == DEFAULT_ACCOUNT_ID else account


def account_here(account: str) -> str | None:
    """Return the account in which a resource of moto is, as callers have it; None for the default account.

    moto takes the default account for all callers whose keys it has not made.
    """
    from moto.core.models import DEFAULT_ACCOUNT_ID

    return None if account == DEFAULT_ACCOUNT_ID else account


def remember(account: str, region: str, what: str) -> None:
    """Keep a text in moto until moto is reset, as it is for each new mock of moto."""
    _kept(account, region).add(what)


def remembers(account: str, region: str, what: str) -> bool:
    """Return whether a text was kept in moto, and moto was not reset since."""
    return what in _kept(account, region)


def _kept(account: str, region: str) -> set[str]:
    """Return the texts that are kept in moto. A reset clears all attributes of a backend."""
    from moto.backends import get_backend

    backend: Any = get_backend("sqs")[account][region]
    kept: set[str] = vars(backend).setdefault("_eventmock_kept", set())
    return kept


def gave_out(access_key_id: str) -> bool:
    """Return whether moto is active and has made an access key id."""
    if not access_key_id or not is_active():
        return False
    from moto.iam.models import iam_backends

    partitions = [backend for account in list(iam_backends.values()) for backend in list(account.values())]
    return any(access_key_id in backend.access_keys for backend in partitions)


def sets_environment() -> bool:
    """Return whether moto is active and has put its own credentials into the environment."""
    if not is_active():
        return False
    from moto.core.config import mock_credentials

    return bool(mock_credentials())


def answers(url: str) -> bool:
    """Return whether moto is active and answers requests to a URL, rather than let them leave the process."""
    if not is_active():
        return False
    from moto.backend_index import backend_url_patterns
    from moto.core import utils
    from moto.core.config import passthrough_service, passthrough_url

    in_aws = getattr(
        utils, "get_equivalent_url_in_aws_domain", None
    )  # older versions of moto match the URL itself
    parts = urlsplit(url) if in_aws is None else in_aws(url)[0]
    clean = f"{parts.scheme}://{parts.netloc}{parts.path}"
    if passthrough_url(clean):
        return False
    for service, pattern in backend_url_patterns:
        if pattern.match(clean):
            return not passthrough_service(service)
    return ".amazonaws.com/" in clean


def has_stubbed(emitter: Any) -> bool:
    """Return whether moto answers for a client, whose event emitter is given.

    It does so for clients that were made after moto was imported, and for those that moto has patched by name.
    """
    stubber = getattr(sys.modules.get(_MODELS_MODULE), "botocore_stubber", None)
    handlers = getattr(getattr(emitter, "_emitter", emitter), "_handlers", None)
    return handlers is None or any(one is stubber for one in handlers.prefix_search("before-send"))


def answers_client(emitter: Any, url: str) -> bool:
    """Return whether moto is active and answers a client's requests to a URL."""
    return is_active() and has_stubbed(emitter) and answers(url)


def is_own(client: Any) -> bool:
    """Return whether a client is one of eventmock's own, which carry deliveries to moto."""
    return _OWN in vars(client)


class NotThere(Exception):  # noqa: N818 - it says what happened
    """moto does not take a call: it is not active, or has no such operation or resource."""


class NoSuchResource(NotThere):
    """moto has the service, but not the resource of a call."""


class Moto:
    """The calls to moto, by a client for each service, region and account."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, str, str], Any] = {}

    def call(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a call.

        Returns:
            The answer.

        Raises:
            NotThere: moto is not active; or it has no such service, operation or resource; or one of its own
                dependencies is not installed; or it is set up not to mock the service. It is `NoSuchResource` if
                only the resource is missing.
            InvalidRequest: botocore refuses the parameters.
            ClientError: moto's answer is another error. The class is botocore's.
        """
        if not is_active():
            raise NotThere(call.operation)
        from botocore import xform_name
        from botocore.exceptions import ClientError, ParamValidationError

        client = self._client(call.service, call.region, call.account)
        prepare = _PREPARATIONS.get((call.service, call.operation))
        not_there: tuple[type[Exception], ...] = (NotImplementedError, ImportError, *_not_mocked())
        try:
            if prepare is not None:
                prepare(client, call.parameters)
            answer: Mapping[str, Any] = getattr(client, xform_name(call.operation))(**call.parameters)
        except ParamValidationError as error:
            raise InvalidRequest(str(error).replace("\n", " ")) from None
        except not_there as error:
            raise NotThere(str(error)) from None
        except (AttributeError, KeyError) as error:
            # Some of moto's services fail so for a name that they do not have. For a service that moto does not have at
            # all, it answers in another protocol, which botocore cannot read.
            raise NotThere(f"moto fails with {type(error).__name__}: {error}") from None
        except ClientError as error:
            stated = error.response["Error"]
            text = f"{stated.get('Code')}: {stated.get('Message')}"
            if re.match(_NOT_THERE, text):
                raise NoSuchResource(text) from None
            if "Not yet implemented" in text:
                raise NotThere(text) from None
            raise
        return answer

    def deliver(self, call: ApiCall) -> Mapping[str, Any]:
        """Make the call of a delivery, and return the answer.

        Raises:
            NotThere: moto does not take the call, as `call` says.
            InvalidRequest: botocore refuses the parameters.
            DeliveryFailed: moto's answer is another error.
        """
        from botocore.exceptions import ClientError

        try:
            return self.call(call)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            raise with_status(failure_of(error), status) from None

    def make(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a call for the deployment of a template, and return the answer.

        Raises:
            NotThere: moto does not take the call, as `call` says, or its own code fails.
            AwsError: moto's answer is another error, or botocore refuses the parameters.
        """
        from botocore.exceptions import ClientError

        try:
            return self.call(call)
        except InvalidRequest as error:
            raise AwsError("ValidationException", str(error)) from None
        except ClientError as error:
            stated = error.response["Error"]
            raise AwsError(stated.get("Code", ""), stated.get("Message", "")) from None
        except NotThere:
            raise
        except Exception as error:  # noqa: BLE001 - moto may raise anything
            raise NotThere(f"moto fails with {type(error).__name__}: {error}") from None

    def shape_of(self, call: ApiCall) -> Any:
        """Return botocore's shape of the parameters of a call."""
        client = self._client(call.service, call.region, call.account)
        return client.meta.service_model.operation_model(call.operation).input_shape

    def ask(self, call: ApiCall) -> Mapping[str, Any] | None:
        """Make a call that changes nothing, and return the answer; None if moto answers with any error."""
        from botocore.exceptions import ClientError

        try:
            return self.call(call)
        except (NotThere, ClientError):
            return None

    def find(self, call: ApiCall) -> Mapping[str, Any] | None:
        """Make a call about a resource that changes nothing, and return the answer; None if moto does not answer it.

        Raises:
            NoSuchResource: moto has no such resource.
        """
        from botocore.exceptions import ClientError

        try:
            return self.call(call)
        except NoSuchResource:
            raise
        except (NotThere, ClientError):
            return None

    def role(self, name: str, account: str, region: str) -> Mapping[str, Any] | None:
        """Return the role of a name, as GetRole does; None if the account has no such role.

        Raises:
            NotThere: moto is not active, or does not mock IAM.
        """
        from botocore.exceptions import ClientError

        call = ApiCall(
            service="iam", operation="GetRole", parameters={"RoleName": name}, region=region, account=account
        )
        try:
            role: Mapping[str, Any] = self.call(call)["Role"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchEntity":
                return None
            raise
        return role

    def _client(self, service: str, region: str, account: str) -> Any:
        """Return the client for a service, region and account. Its requests end at moto."""
        from botocore.config import Config
        from botocore.session import Session
        from moto.core.models import botocore_stubber

        key = service, region, account
        if key not in self._clients:
            client = Session().create_client(
                service,
                region_name=region,
                aws_access_key_id="eventmock",
                aws_secret_access_key="eventmock",  # noqa: S106 - no secret
                config=Config(  # type: ignore[call-arg]  # the stubs lack the second
                    retries={"max_attempts": 0},
                    ignore_configured_endpoint_urls=True,
                    use_fips_endpoint=False,
                    use_dualstack_endpoint=False,
                ),
            )
            client.meta.events.register("request-created", partial(name_account, account))
            client.meta.events.unregister("before-send", botocore_stubber)  # type: ignore[arg-type]  # moto's own
            client.meta.events.register("before-send", partial(_ask, botocore_stubber))
            setattr(client, _OWN, True)
            self._clients[key] = client
        return self._clients[key]


def _not_mocked() -> tuple[type[Exception], ...]:
    """Return the exception of moto for a service that it is set up not to mock. Versions before 5.0.14 have none."""
    from moto.core import exceptions

    error: type[Exception] | None = getattr(exceptions, "ServiceNotWhitelisted", None)
    return () if error is None else (error,)


def _make_log_stream(client: Any, parameters: Mapping[str, Any]) -> None:
    """Make the log stream of an invocation, unless it exists. AWS writes each into its own stream (recorded)."""
    names = {name: parameters[name] for name in ("logGroupName", "logStreamName")}
    try:
        client.create_log_stream(**names)
    except client.exceptions.ResourceAlreadyExistsException:
        return


def _find_function(client: Any, parameters: Mapping[str, Any]) -> None:
    """Check that a function exists: without Docker, moto does not check the name of an invoked function.

    Raises:
        NotThere: The function is a stub that stands for a function of a template, and has no code.
    """
    function = client.get_function_configuration(FunctionName=parameters["FunctionName"])
    if function.get("CodeSha256") == STUB_HASH:
        raise NotThere(f"{parameters['FunctionName']} has no code")


_PREPARATIONS: Final = {("logs", "PutLogEvents"): _make_log_stream, ("lambda", "Invoke"): _find_function}
"""The functions that are called before some operations, by service and operation."""


def name_account(account: str, request: Any, **_others: Any) -> None:
    """Add the header that names the account to moto; a handler of botocore's ``request-created``."""
    request.headers[ACCOUNT_HEADER] = account


def _ask(stubber: Any, event_name: str, request: Any, **_others: Any) -> Any:
    """Return the answer of moto to a request.

    Raises:
        NotThere: moto has no answer, so the request was about to leave the process.
    """
    answer = stubber(event_name=event_name, request=request)
    if answer is None:
        raise NotThere(request.url)
    return answer
