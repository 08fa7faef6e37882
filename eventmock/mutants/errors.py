"""The error of a search that cannot go on."""

from __future__ import annotations

from eventmock.exceptions import EventmockError


class SearchError(EventmockError, RuntimeError):
    """The tests cannot be run, or fail without any mistake; the text says which, and what to do."""
