"""Words that several views of what happened use: the trace, the report, the diagram, the text of a failed assertion.

What two views say in the same words is worded here, once. All functions are pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.values.arn import arn_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

TIME_OF_DAY: Final = "%H:%M:%S"
DATE_AND_TIME: Final = "%Y-%m-%d %H:%M:%S"

RECORDED: Final = " (recorded: nobody stands at the other end)"
"""Follows ``delivered`` where a delivery went to nobody."""
RECORDED_IN_SHORT: Final = " (recorded)"
_UNKNOWN_CALL: Final = " (recorded: eventmock does not know what AWS calls for such a target)"
_TAKERS: Final = {
    "function": " to a function of the test",
    "event bus": "",
    "moto": " to moto",
    "HTTP": " by HTTP",
    "nobody": RECORDED,
}


# Texts


def printable(line: str) -> str:
    """A line with what would break it escaped: control characters and half surrogate pairs."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "backslashreplace").decode()
        for char in line
    )


def cut(text: str, most: int) -> str:
    """A text in at most so many characters: of a longer one the beginning, and dots, which count too."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def cut_at_the_front(text: str, most: int) -> str:
    """A text in at most so many characters: of a longer one dots, which count too, and the end."""
    return text if len(text) <= most else f"...{text[3 - most :]}"


def beginning(text: str, kept: int) -> str:
    """A text; of one with more characters than are kept the first ones, followed by dots."""
    return text if len(text) <= kept else f"{text[:kept]}..."


# Numbers


def counted(number: int, noun: str) -> str:
    """A number and what is counted: ``1 rule``, ``2 rules``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def how_often(number: int) -> str:
    """``once``, or ``3 times``."""
    return "once" if number == 1 else f"{number} times"


def which_attempts(first: int, last: int) -> str:
    """Attempts that follow one another, by number: ``attempt 1``, ``attempts 2 to 4``."""
    return f"attempt {first}" if first == last else f"attempts {first} to {last}"


# Times and places


def time_format(times: Iterable[datetime]) -> str:
    """The format in which a view shows times: with the date if they are of several days."""
    return TIME_OF_DAY if len({time.date() for time in times}) < 2 else DATE_AND_TIME


def where_outside(region: str, account: str, *, default_region: str, default_account: str) -> str:
    """A region and an account, as `` in REGION of ACCOUNT``; what is the default, or not known, is left out."""
    where = "" if region in ("", default_region) else f" in {region}"
    return where if account in ("", default_account) else f"{where} of {account}"


# How an event came


class Arrival(NamedTuple):
    """How an event came to a bus, as each view words it.

    Attributes:
        sentence: The start of a sentence that ends with the bus: ``fired by a schedule on``.
        action: One word in front of the event: ``fired``.
        remark: A remark behind the event and its bus: ``, replayed``; empty where it came in the usual way.
        sender: What the diagram calls the sender.
    """

    sentence: str
    action: str
    remark: str
    sender: str


_COPY: Final = Arrival("copied by replication to", "forwarded", ", copied by replication", "bus")
_ARRIVALS: Final = {
    "PutEvents": Arrival("put on", "PutEvents", "", "PutEvents"),
    "PutPartnerEvents": Arrival("sent by a partner to", "PutPartnerEvents", "", "partner"),
    "bus": Arrival("came from another bus to", "forwarded", ", from another bus", "bus"),
    "schedule": Arrival("fired by a schedule on", "fired", "", "schedule"),
    "replay": Arrival("replayed to", "replayed", ", replayed", "replay"),
}


def arrival(origin: str, *, is_copy: bool) -> Arrival:
    """How an event came to a bus.

    Args:
        origin: The `origin` of its `eventmock.history.received_event.ReceivedEvent`.
        is_copy: Whether a global endpoint's replication copied it.
    """
    return _COPY if is_copy else _ARRIVALS[origin]


# What became of it


def route(rule_name: str, target_arn: str) -> str:
    """The way of a delivery: its rule and its target."""
    return f"rule {rule_name} -> {arn_name(target_arn)}"


def delivered(attempts: int) -> str:
    """That a delivery succeeded, and at which attempt if not at the first."""
    return "delivered" if attempts < 2 else f"delivered at attempt {attempts}"


def taken(taken_by: str, *, call_is_known: bool) -> str:
    """Who took a delivery; follows ``delivered``.

    Args:
        taken_by: The `taken_by` of its `eventmock.history.progress.Progress`.
        call_is_known: Whether it is known what AWS calls to deliver to such a target.
    """
    return _UNKNOWN_CALL if taken_by == "nobody" and not call_is_known else _TAKERS[taken_by]


def lost(reason: str | None) -> str:
    """That an event or a delivery is lost, and why."""
    return f"LOST: {reason}"


def not_let_out(request: str) -> str:
    """That a request to another service was refused."""
    return f"refused to let out {request}"
