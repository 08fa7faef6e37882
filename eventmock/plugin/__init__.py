"""The pytest plugin. It imports neither botocore nor boto3 when pytest loads it.

`settings` has the ini options, the flags and the marker. `fixtures` has the fixtures. `isolation` undoes what a test
did to a mock that outlives it, checks it, and stops mocks that were not stopped. `sections` writes the report section
of a failing test, and `run_report` the report of a whole run.
"""

from typing import Final

pytest_plugins: Final = [
    "eventmock.plugin.settings",
    "eventmock.plugin.fixtures",
    "eventmock.plugin.isolation",
    "eventmock.plugin.sections",
]
