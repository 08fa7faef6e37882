"""boto3's default session, which is restored after a mock, also if another library replaces it meanwhile.

boto3 keeps a default session in ``boto3.DEFAULT_SESSION``. A session that is made while a mock is active is removed at
the end of the mock. moto replaces the default session too, by a patch of ``unittest.mock``, and mocks and moto may
begin and end in any order. So it matters when a session was made, not when it is found there.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.mock.patch.attributes import WrappedAttributes

_NAME: Final = "DEFAULT_SESSION"
_made: Final[WeakKeyDictionary[Any, Any]] = WeakKeyDictionary()
"""The sessions of boto3 that were made while a mock was active, and the default session at that moment."""


class DefaultSession:
    """Restores boto3's default session after a mock. boto3 may be imported at any time.

    Args:
        attributes: Wraps attributes, and restores them later.
        before_every_session: Called before a session of boto3 begins.
    """

    def __init__(self, attributes: WrappedAttributes, before_every_session: Callable[[], None]) -> None:
        self._attributes = attributes
        self._before_every_session = before_every_session
        boto3 = sys.modules.get("boto3")
        self._was_imported = boto3 is not None
        away = _put_away(boto3)
        self._found = _made_before(away[0].temp_original if away else getattr(boto3, _NAME, None))
        self._wrapped = False

    def wrap_if_imported(self) -> None:
        """Wrap the constructor of sessions, if boto3 has been imported and it is not wrapped yet."""
        session_class = getattr(sys.modules.get("boto3.session"), "Session", None)
        if not self._wrapped and session_class is not None:
            self._wrapped = True
            self._attributes.wrap(session_class, "__init__", self._begin_session)

    def restore(self) -> None:
        """Restore the default session, and make patches of other libraries restore none that was made in the mock."""
        boto3: Any = sys.modules.get("boto3")
        if boto3 is None:
            return
        away = _put_away(boto3)
        for patch in away:
            if _is_made(patch.temp_original):
                otherwise = self._found if patch is away[0] else None
                patch.temp_original = _made_before(patch.temp_original, otherwise)
        now = getattr(boto3, _NAME, None)
        if self._was_imported and isinstance(now, boto3.session.Session) and not _is_made(now):
            return  # it is older than the mock: another library has restored it
        if not away:
            now = _made_before(now if _is_made(now) else None, self._found)
        elif _is_made(now):
            now = None  # as those patches have left it
        boto3.DEFAULT_SESSION = now

    def _begin_session(
        self, wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        self._before_every_session()
        _made[session] = getattr(sys.modules.get("boto3"), _NAME, None)
        wrapped(*args, **kwargs)


def _made_before(session: Any, otherwise: Any = None) -> Any:
    """Return a session if it was made in no mock; else the default session before the mock, or `otherwise` if none."""
    while _is_made(session):
        session = _made[session]
    return otherwise if session is None else session


def _is_made(session: Any) -> bool:
    """Return whether an object is a session that was made while a mock was active. Not every object has a hash."""
    return any(one is session for one in list(_made))


def _put_away(boto3: Any) -> list[Any]:
    """Return the patches of ``unittest.mock`` that have replaced the default session and will restore it, in order."""
    patches = getattr(getattr(sys.modules.get("unittest.mock"), "_patch", None), "_active_patches", ())
    return [
        one
        for one in patches
        if getattr(one, "attribute", None) == _NAME and getattr(one, "target", None) is boto3
    ]
