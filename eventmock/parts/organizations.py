"""The organizations of AWS accounts, for the conditions of policies."""

from __future__ import annotations

from eventmock.parts.part import KeptDict


class Organizations(KeptDict[str, str]):
    """The ids of organizations, by account id. An account that is not a key is in no organization."""
