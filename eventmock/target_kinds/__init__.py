"""The kinds of targets, a kind a file: to add one, add a file that has a `KIND`.

What it is: which ARNs are of a kind, what PutTargets wants of it, and the exact call that AWS makes to deliver to it.
What it is not: it calls nothing, and knows neither rules nor buses.

    kind.py            TargetKind, and Invocation, which is what a call is made of; start here
    http_call.py       the call of kinds that are reached by HTTP
    sqs_queue.py       ... and so on: one file for each kind

Source: targets-and-delivery section 1, each file says how sure it is. Roles and parameter blocks were measured on AWS
in 2026-09; where an ARN belongs to no kind, nothing more is asked of it (inferred).
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final

from eventmock.target_kinds.http_call import Headers, HttpAnswer, HttpCall
from eventmock.target_kinds.kind import ApiCall, InvalidRequest, Invocation, TargetKind

if TYPE_CHECKING:
    from eventmock.arn import Arn

__all__ = [
    "KINDS",
    "PARAMETER_BLOCKS",
    "ApiCall",
    "Headers",
    "HttpAnswer",
    "HttpCall",
    "InvalidRequest",
    "Invocation",
    "TargetKind",
    "kind_of",
]


def _kinds() -> tuple[TargetKind, ...]:
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return tuple(module.KIND for module in modules if hasattr(module, "KIND"))


KINDS: Final = _kinds()
"""All kinds, in the order of their files' names; no ARN is of two."""

PARAMETER_BLOCKS: Final = tuple(
    dict.fromkeys(kind.parameters for kind in KINDS if kind.parameters is not None)
)
"""The parameter blocks of targets that belong to one kind each."""


@lru_cache(maxsize=1024)
def kind_of(arn: Arn) -> TargetKind | None:
    """The kind of target that an ARN is, if it is one."""
    return next(
        (kind for kind in KINDS if kind.service == arn.service and re.fullmatch(kind.resource, arn.resource)),
        None,
    )
