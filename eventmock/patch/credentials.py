"""Credentials, region and configuration of sessions while a mock is active.

No provider runs: a session that was given no credentials gets made-up ones, which it does not keep. The
environment is read for a region, and for an access key id where that cannot be a real one: an account id of 12
digits, or a value set since the mock began. It is never written. The developer's configuration and credential
files are not read, unless the code under test names a profile: a test shall not depend on the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.credentials import Credentials
from botocore.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.patch.attributes import WrappedAttributes
    from eventmock.patch.interceptor import CurrentInterceptor, Interceptor


def wrap(attributes: WrappedAttributes, current: CurrentInterceptor) -> None:
    """Wrap how a session finds its credentials, its region and its configuration files."""

    def get_credentials(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return made_up(current(), session, Credentials) or wrapped(*args, **kwargs)

    def get_config_variable(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        mock = current()
        name = args[0] if args else kwargs.get("logical_name")
        if mock is None or name != "region":
            return wrapped(*args, **kwargs)
        said = session.instance_variables()
        if said.get("region") is not None:
            return said["region"]
        return (wrapped(*args, **kwargs) if said.get("profile") is not None else None) or mock.default_region

    def get_scoped_config(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return {} if _reads_no_files(session) else wrapped(*args, **kwargs)

    def full_config(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return {"profiles": {}} if _reads_no_files(session) else wrapped(*args, **kwargs)

    def _reads_no_files(session: Any) -> bool:
        mock = current()
        return mock is not None and not mock.has_passthrough and "profile" not in session.instance_variables()

    attributes.wrap(Session, "get_credentials", get_credentials)
    attributes.wrap(Session, "get_config_variable", get_config_variable)
    attributes.wrap(Session, "get_scoped_config", get_scoped_config)
    attributes.wrap(Session, "full_config", full_config)


def made_up(mock: Interceptor | None, session: Any, credentials: Callable[..., Any]) -> Any:
    """Credentials for a session that was given none, or None where botocore has, or is to look for, its own.

    Args:
        mock: The active one.
        session: Of botocore.
        credentials: The class of such credentials.
    """
    if mock is None or mock.has_passthrough or session._credentials is not None:
        return None
    return credentials(mock.access_key_id(), "eventmock", method="eventmock")
