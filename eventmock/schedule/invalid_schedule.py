"""The refusal of a schedule expression, in two voices.

What it is: `InvalidSchedule`. What it is not: the ValidationException on the wire; events/errors.py makes
that. Source: every refusal recorded from AWS has this one text, whatever is wrong. `why` is ours.
"""


class InvalidSchedule(ValueError):  # noqa: N818 - named for what it reports, as AWS names its exceptions
    """A schedule expression AWS refuses.

    `str()` is AWS's text, always the same. `why` (str) is ours: what was given and what was wanted, for
    example ``minutes: 71 is outside 0-59``.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return "Parameter ScheduleExpression is not valid."
