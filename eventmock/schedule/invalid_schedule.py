"""The refusals of a schedule expression and of a time zone, with AWS's text and with ours.

The ValidationException that a client gets is made by the services, such as in events/errors.py.
Source: every refusal recorded from AWS has the same text, whatever is wrong: one text of rules, and one of EventBridge
Scheduler, which has the expression in it. `why` is ours.
"""

from typing import Final

_ANSWER_OF_RULES: Final = "Parameter ScheduleExpression is not valid."


class InvalidSchedule(ValueError):  # noqa: N818 - named for what it reports, as AWS names its exceptions
    """AWS refuses a schedule expression. `str()` is AWS's text, which does not say what is wrong.

    Attributes:
        why: Our text, which says what is wrong, for example ``minutes: 71 is outside 0-59``.
    """

    def __init__(self, why: str, answer: str = _ANSWER_OF_RULES) -> None:
        super().__init__(why)
        self.why = why
        self._answer = answer

    def __str__(self) -> str:
        return self._answer


class InvalidTimeZone(ValueError):  # noqa: N818 - named for what it reports, as AWS names its exceptions
    """EventBridge Scheduler does not know a time zone. `str()` is AWS's text.

    Attributes:
        name: The name as given.
        why: Our text, for example ``Europe/Berln: did you mean Europe/Berlin?``.
    """

    def __init__(self, name: str, why: str) -> None:
        super().__init__(name, why)
        self.name = name
        self.why = why

    def __str__(self) -> str:
        return f"Invalid timezone {self.name}."
