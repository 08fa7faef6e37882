"""Credentials and region of clients made while a mock is active.

No provider runs: a session that was given no credentials gets made-up ones, which it does not keep. The
environment is read for an access key id only, and that only where it cannot be a real one: an account id of
12 digits, or a value set since the mock began. The environment is never written.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from botocore.credentials import Credentials
from botocore.session import Session

if TYPE_CHECKING:
    from eventmock.patch.attributes import WrappedAttributes
    from eventmock.patch.interceptor import CurrentInterceptor


def wrap(attributes: WrappedAttributes, current: CurrentInterceptor) -> None:
    """Wrap both methods."""

    def get_credentials(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        mock = current()
        if mock is None or mock.has_passthrough or session._credentials is not None:
            return wrapped(*args, **kwargs)
        return Credentials(mock.access_key_id(), "eventmock", method="eventmock")

    def create_client(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        mock = current()
        if mock is None or _names_region(session, *args, **kwargs):
            return wrapped(*args, **kwargs)
        region = mock.stated_region or session.get_config_variable("region") or mock.default_region
        return wrapped(*args[:1], region, *args[2:], **_without_region(kwargs))

    attributes.wrap(Session, "get_credentials", get_credentials)
    attributes.wrap(Session, "create_client", create_client)


def _names_region(
    session: Any, _service_name: Any = None, region_name: str | None = None, *_args: Any, **kwargs: Any
) -> bool:
    configs = (kwargs.get("config"), session.get_default_client_config())
    return (
        region_name is not None
        or any(config is not None and config.region_name is not None for config in configs)
        or session.instance_variables().get("region") is not None
    )


def _without_region(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kwargs.items() if name != "region_name"}


def environment_key_id() -> str | None:
    """The access key id that the environment holds, if any."""
    return os.environ.get("AWS_ACCESS_KEY_ID")
