"""Credentials and region of clients made while a mock is active.

No provider runs: a session that was given no credentials gets made-up ones, which it does not keep. The
environment is read for an access key id only, and that only where it cannot be a real one: an account id of
12 digits, or a value set since the mock began. The environment is never written.
"""

from __future__ import annotations

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
        others = {name: value for name, value in kwargs.items() if name != "region_name"}
        return wrapped(*args[:1], mock.default_region, *args[2:], **others)

    attributes.wrap(Session, "get_credentials", get_credentials)
    attributes.wrap(Session, "create_client", create_client)


def _names_region(
    session: Any, _service_name: Any = None, region_name: str | None = None, *_args: Any, **kwargs: Any
) -> bool:
    """Whether the code under test says a region: in the call, a config, the session or the session's profile.

    The developer's own default profile is not asked: a test shall not depend on the machine.
    """
    configs = (kwargs.get("config"), session.get_default_client_config())
    said = session.instance_variables()
    return (
        region_name is not None
        or any(config is not None and config.region_name is not None for config in configs)
        or said.get("region") is not None
        or (said.get("profile") is not None and session.get_config_variable("region") is not None)
    )
