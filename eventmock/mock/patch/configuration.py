"""The region and configuration of sessions while a mock is active.

The developer's configuration files are not read, unless the code under test names a profile or passthrough allows a
host, because a test must not depend on the machine. If they are read, their access keys are left out. The region may
come from the environment, which is never written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.configprovider import ChainProvider
from botocore.session import Session

if TYPE_CHECKING:
    from eventmock.mock.gate import CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes
    from eventmock.mock.patch.credentials import ShownKeys

_SECRETS: Final = frozenset(
    {"aws_access_key_id", "aws_secret_access_key", "aws_security_token", "aws_session_token"}
)


def wrap(attributes: WrappedAttributes, current: CurrentGate, keys: ShownKeys) -> None:
    """Wrap the methods by which a session finds its region and its configuration files."""

    def get_config_variable(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        gate = current()
        name = args[0] if args else kwargs.get("logical_name")
        if gate is None or name != "region":
            return wrapped(*args, **kwargs)
        said = session.instance_variables()
        if said.get("region") is not None:
            return said["region"]
        is_said_elsewhere = said.get("profile") is not None or _has_own_way_to_region(session)
        return (wrapped(*args, **kwargs) if is_said_elsewhere else None) or gate.default_region

    def get_scoped_config(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return {} if _reads_no_files(session) else wrapped(*args, **kwargs)

    def full_config(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if _reads_no_files(session):
            return {"profiles": {}}
        read = wrapped(*args, **kwargs)
        return _without_secrets(read) if keys.hides else read

    def _reads_no_files(session: Any) -> bool:
        gate = current()
        return gate is not None and not gate.has_passthrough and "profile" not in session.instance_variables()

    attributes.wrap(Session, "get_config_variable", get_config_variable)
    attributes.wrap(Session, "get_scoped_config", get_scoped_config)
    attributes.wrap(Session, "full_config", full_config)


def _has_own_way_to_region(session: Any) -> bool:
    """Return whether the test has changed where the session looks for its region, or its default region."""
    if session.session_var_map.get("region") != Session.SESSION_VARIABLES.get("region"):
        return True
    store = session.get_component("config_store")
    is_set = "region" in getattr(store, "_overrides", ())
    return is_set or not isinstance(store.get_config_provider("region"), ChainProvider)


def _without_secrets(config: Any) -> Any:
    profiles = {
        name: {key: value for key, value in profile.items() if key not in _SECRETS}
        for name, profile in config.get("profiles", {}).items()
    }
    return {**config, "profiles": profiles}
