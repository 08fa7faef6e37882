"""Assertions of a test about what happened, and the texts of those that fail.

`sentences` has the assertions, `filters` their filters, `scope` the records and rules that they look at, `failure` the
texts of failed assertions, `differences` the comparison of two JSON values.
"""

from eventmock.backend.assertions.filters import DeadLetterFilters, Filters, Record
from eventmock.backend.assertions.scope import Scope
from eventmock.backend.assertions.sentences import Assertions, BackendAssertions

__all__ = ["Assertions", "BackendAssertions", "DeadLetterFilters", "Filters", "Record", "Scope"]
