"""The secret of a connection, which AWS stores in Secrets Manager. It is stored in moto's while moto is active.

Source: aws-recorded-behaviour section 14 (recorded; the tag and the parameters of invocations as moto has them).
Inferred: the members of OAuth's own HTTP parameters; a connection that is authorised again has a secret of the same
name.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.moto import NotThere
from eventmock.target_kinds import ApiCall
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from eventmock.parts.accounts import Account


_BLOCKS: Final = ("BasicAuthParameters", "ApiKeyAuthParameters", "OAuthParameters")
_TAG: Final = {"Key": "aws:secretsmanager:owningService", "Value": "events"}
_SUFFIX: Final = re.compile("-[A-Za-z0-9]{6}$")
"""The suffix that Secrets Manager adds to the name of a secret in its ARN."""

Members = dict[str, Any]


def create_secret(account: Account, arn: str, parameters: Members) -> str:
    """Make the secret of a connection.

    Args:
        account: The account of the connection.
        arn: The ARN of the secret if moto's Secrets Manager is not active. It also has the secret's name.
        parameters: The connection's ``AuthParameters`` with their secrets.

    Returns:
        The ARN of the secret.
    """
    parsed = Arn.parse(arn)
    assert parsed is not None
    name = _SUFFIX.sub("", parsed.resource.removeprefix("secret:"))
    with suppress(NotThere):
        answer = _call(account, "CreateSecret", Name=name, SecretString=_text(parameters), Tags=[_TAG])
        return str(answer["ARN"])
    return arn


def update_secret(account: Account, arn: str, parameters: Members) -> str:
    """Write a new version of a secret. If the secret does not exist any more, make it again.

    Returns:
        The ARN of the secret.
    """
    with suppress(NotThere):
        _call(account, "PutSecretValue", SecretId=arn, SecretString=_text(parameters))
        return arn
    return create_secret(account, arn, parameters)


def delete_secret(account: Account, arn: str) -> None:
    """Remove a secret at once, without a recovery window. If the secret does not exist, do nothing."""
    with suppress(NotThere):
        _call(account, "DeleteSecret", SecretId=arn, ForceDeleteWithoutRecovery=True)


def _call(account: Account, operation: str, **parameters: Any) -> Members:
    """Return the answer of moto's Secrets Manager.

    Raises:
        NotThere: moto is not active, or has no such secret.
    """
    call = ApiCall(
        service="secretsmanager",
        operation=operation,
        parameters=parameters,
        region=account.region,
        account=account.id,
    )
    return dict(account.state.moto.call(call))


def _text(parameters: Members) -> str:
    """Return the secret as JSON text: first the members of an OAuth client, then the other members."""
    [block] = [parameters[name] for name in _BLOCKS if name in parameters]
    members = {
        **block.get("ClientParameters", {}),
        **{name: value for name, value in block.items() if name != "ClientParameters"},
    }
    if "InvocationHttpParameters" in parameters:
        members["InvocationHttpParameters"] = parameters["InvocationHttpParameters"]
    return json.dumps(_in_snake_case(members))


def _in_snake_case(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower(): _in_snake_case(member)
            for name, member in value.items()
        }
    return [_in_snake_case(item) for item in value] if isinstance(value, list) else value
