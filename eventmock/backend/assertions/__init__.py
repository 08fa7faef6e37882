"""What a test asserts of what happened, and what it is told when that does not hold.

`sentences` has the assertions, `filters` what they may ask for, `scope` what they look at, `failure` the text of one
that fails, `differences` how two JSON values differ.
"""

from eventmock.backend.assertions.filters import DeadLetterFilters, Filters, Record
from eventmock.backend.assertions.scope import Scope
from eventmock.backend.assertions.sentences import Assertions, BackendAssertions

__all__ = ["Assertions", "BackendAssertions", "DeadLetterFilters", "Filters", "Record", "Scope"]
