"""moto as the other end: AWS's calls go to the resources that moto holds, as long as its mock is active.

A call goes through a botocore client of our own, which moto answers before anything could be sent. Without an active
mock none is made, and what moto leaves to the network ends here, so nothing leaves the process.
"""

from __future__ import annotations

import re
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from eventmock.target_kinds import ApiCall, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT_HEADER: Final = "x-moto-account-id"
_MODELS_MODULE: Final = "moto.core.models"
_NOT_THERE: Final = re.compile(
    r"[\w.]*(NotFound|NonExistent|DoesNotExist|NoSuchHealthCheck)"
    r"|ClientException: Job (definition|queue) \S+ does not exist"
    r"|ValidationException: Could not find pipeline"
)
"""How moto's services say that they have no such resource: by code, but for Batch and SageMaker."""


def is_active() -> bool:
    """Whether a mock of moto is active."""
    stubber = getattr(sys.modules.get(_MODELS_MODULE), "botocore_stubber", None)
    return stubber is not None and bool(stubber.enabled)


def account_of_key(access_key_id: str) -> str | None:
    """The account that moto gave this access key id to, if moto is active and knows it."""
    if not is_active():
        return None
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.iam.models import get_account_id_from

    account: str = get_account_id_from(access_key_id)
    return None if account == DEFAULT_ACCOUNT_ID else account


def gave_out(access_key_id: str) -> bool:
    """Whether moto is active and gave this access key id out."""
    if not access_key_id or not is_active():
        return False
    from moto.iam.models import iam_backends

    partitions = [backend for account in list(iam_backends.values()) for backend in list(account.values())]
    return any(access_key_id in backend.access_keys for backend in partitions)


def sets_environment() -> bool:
    """Whether moto is active and has put credentials of its own into the environment."""
    if not is_active():
        return False
    from moto.core.config import mock_credentials

    return bool(mock_credentials())


def answers(url: str) -> bool:
    """Whether moto is active and would answer a request to this URL instead of letting it go."""
    if not is_active():
        return False
    from moto.backend_index import backend_url_patterns
    from moto.core import utils
    from moto.core.config import passthrough_service, passthrough_url

    in_aws = getattr(utils, "get_equivalent_url_in_aws_domain", None)  # older ones look at the URL as it is
    parts = urlsplit(url) if in_aws is None else in_aws(url)[0]
    clean = f"{parts.scheme}://{parts.netloc}{parts.path}"
    if passthrough_url(clean):
        return False
    for service, pattern in backend_url_patterns:
        if pattern.match(clean):
            return not passthrough_service(service)
    return ".amazonaws.com/" in clean


class NotThere(Exception):  # noqa: N818 - it says what happened
    """Nobody takes the call: moto is not active, or has no such operation or resource."""


class Moto:
    """Calls moto; keeps a client for each service, region and account."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, str, str], Any] = {}

    def call(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a call.

        Returns:
            The answer.

        Raises:
            NotThere: moto is not active, has no such service, operation or resource, lacks what it needs to be
                imported, or was told to leave the service alone.
            InvalidRequest: botocore refuses the parameters.
            ClientError: moto's answer is an error (botocore's class).
        """
        if not is_active():
            raise NotThere(call.operation)
        from botocore import xform_name
        from botocore.exceptions import ClientError, ParamValidationError
        from moto.core.exceptions import ServiceNotWhitelisted

        client = self._client(call.service, call.region, call.account)
        prepare = _PREPARATIONS.get((call.service, call.operation))
        try:
            if prepare is not None:
                prepare(client, call.parameters)
            answer: Mapping[str, Any] = getattr(client, xform_name(call.operation))(**call.parameters)
        except ParamValidationError as error:
            raise InvalidRequest(str(error).replace("\n", " ")) from None
        except (NotImplementedError, ImportError, ServiceNotWhitelisted) as error:
            raise NotThere(str(error)) from None
        except ClientError as error:
            told = error.response["Error"]
            text = f"{told.get('Code')}: {told.get('Message')}"
            if _NOT_THERE.match(text) or "Not yet implemented" in text:
                raise NotThere(text) from None
            raise
        return answer

    def role(self, name: str, account: str, region: str) -> Mapping[str, Any] | None:
        """The role of that name; None if the account has none.

        Raises:
            NotThere: moto is not active, or has no IAM.
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
            self._clients[key] = client
        return self._clients[key]


def _make_log_stream(client: Any, parameters: Mapping[str, Any]) -> None:
    """Make the stream of its own that AWS writes each invocation to (recorded); one that is there is good as well."""
    names = {name: parameters[name] for name in ("logGroupName", "logStreamName")}
    try:
        client.create_log_stream(**names)
    except client.exceptions.ResourceAlreadyExistsException:
        return


def _find_function(client: Any, parameters: Mapping[str, Any]) -> None:
    """See that there is such a function: without Docker, moto invokes whatever it is told to."""
    client.get_function_configuration(FunctionName=parameters["FunctionName"])


_PREPARATIONS: Final = {("logs", "PutLogEvents"): _make_log_stream, ("lambda", "Invoke"): _find_function}
"""What comes before some calls."""


def name_account(account: str, request: Any, **_others: Any) -> None:
    """Tell moto the account of a request; a handler of botocore's ``request-created``."""
    request.headers[ACCOUNT_HEADER] = account


def _ask(stubber: Any, event_name: str, request: Any, **_others: Any) -> Any:
    """The answer of moto to a request.

    Raises:
        NotThere: It has none, and the request was about to leave.
    """
    answer = stubber(event_name=event_name, request=request)
    if answer is None:
        raise NotThere(request.url)
    return answer
