"""The refusal of a schedule expression, with AWS's text and with ours.

The ValidationException that a client gets is made in events/errors.py.
Source: every refusal recorded from AWS has the same text, whatever is wrong. `why` is ours.
"""


class InvalidSchedule(ValueError):  # noqa: N818 - named for what it reports, as AWS names its exceptions
    """AWS refuses a schedule expression. `str()` is AWS's text, which is always the same.

    Attributes:
        why: Our text, which says what is wrong, for example ``minutes: 71 is outside 0-59``.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return "Parameter ScheduleExpression is not valid."
