"""moto as the other end: AWS's calls go to the resources that moto holds, as long as its mock is active.

A call goes through a botocore client of our own, which moto answers before anything could be sent. Without an active
mock none is made, so nothing leaves the process.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from eventmock.target_kinds import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.target_kinds import ApiCall

ACCOUNT_HEADER: Final = "x-moto-account-id"
_MODELS_MODULE: Final = "moto.core.models"


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


class NotThere(Exception):  # noqa: N818 - it says what happened
    """moto does not know the operation."""


class Moto:
    """Calls moto; keeps a client for each service, region and account."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, str, str], Any] = {}

    def call(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a call; only while moto is active.

        Returns:
            The answer.

        Raises:
            NotThere: moto does not know the service or the operation.
            InvalidRequest: botocore refuses the parameters.
            ClientError: moto's answer is an error (botocore's class).
        """
        from botocore import xform_name
        from botocore.exceptions import ClientError, ParamValidationError

        client = self._client(call.service, call.region, call.account)
        try:
            if call.operation == "PutLogEvents":
                _make_log_stream(client, call.parameters)
            answer: Mapping[str, Any] = getattr(client, xform_name(call.operation))(**call.parameters)
        except ParamValidationError as error:
            raise InvalidRequest(str(error).replace("\n", " ")) from None
        except NotImplementedError as error:
            raise NotThere(str(error)) from None
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if status == 404 and "Not yet implemented" in str(error):
                raise NotThere(call.operation) from None
            raise
        return answer

    def _client(self, service: str, region: str, account: str) -> Any:
        from botocore.config import Config
        from botocore.session import Session

        key = service, region, account
        if key not in self._clients:
            client = Session().create_client(
                service,
                region_name=region,
                aws_access_key_id="eventmock",
                aws_secret_access_key="eventmock",  # noqa: S106 - no secret
                config=Config(retries={"max_attempts": 0}),
            )
            client.meta.events.register("request-created", partial(_name_account, account))
            self._clients[key] = client
        return self._clients[key]


def _make_log_stream(client: Any, parameters: Mapping[str, Any]) -> None:
    """Make the stream of its own that AWS writes each invocation to (recorded); one that is there is good as well."""
    names = {name: parameters[name] for name in ("logGroupName", "logStreamName")}
    try:
        client.create_log_stream(**names)
    except client.exceptions.ResourceAlreadyExistsException:
        return


def _name_account(account: str, request: Any, **_others: Any) -> None:
    request.headers[ACCOUNT_HEADER] = account
