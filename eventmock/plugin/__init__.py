"""The pytest plugin, a part a file; it imports neither botocore nor boto3 when pytest loads it.

`settings` has ini options, flags and the marker, `fixtures` the fixtures, `isolation` what a test leaves behind (state
that is undone, checks, mocks that nobody stopped), `sections` the report section of a failing test, `run_report` the
report of a whole run.
"""

from typing import Final

pytest_plugins: Final = [
    "eventmock.plugin.settings",
    "eventmock.plugin.fixtures",
    "eventmock.plugin.isolation",
    "eventmock.plugin.sections",
]
