"""Writes docs/coverage.md from the code: every operation, what it does, where the behaviour comes from.

python docs/write_coverage.py
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

from botocore import xform_name
from botocore.loaders import Loader

from eventmock.events import ABSENT, MODULES
from eventmock.wire import operations_of

if TYPE_CHECKING:
    from types import ModuleType

PAGE = Path(__file__).with_name("coverage.md")
INTRODUCTION = """# Coverage

Written from the code by `docs/write_coverage.py`; a test sees that it is up to date.

- Amazon EventBridge (boto3 `events`): {built} of {known} operations, {whole} of them whole. The column on the right
  says what the others do not do yet.
- Amazon AppIntegrations (boto3 `appintegrations`): 0 of {appintegrations}. A call gets an error that says so.

Where behaviour comes from: *recorded* is what real AWS answered, *measured* or *reported* what users of AWS saw it
answer, *documented* AWS's documentation, *inferred* our conclusion where AWS says nothing, which is marked in the code
and easy to change. The sections named are those of the notes that eventmock was built from.
"""


def page() -> str:
    """The page as the code says it."""
    names = {xform_name(name): name for name in operations_named("events")}
    built = [bound for module in MODULES for bound in operations_of(module).values()]
    parts = [
        INTRODUCTION.format(
            built=len(built),
            known=len(names),
            whole=sum(bound.lacks is None for bound in built),
            appintegrations=len(operations_named("appintegrations")),
        )
    ]
    parts += [section(module, names) for module in MODULES]
    parts.append("## Not there yet\n\n" + "\n".join(f"- {names[name]}" for name in sorted(ABSENT)) + "\n")
    return "\n".join(parts)


def operations_named(service: str) -> list[str]:
    """The names of a service's operations in the installed botocore."""
    return sorted(Loader().load_service_model(service, "service-2")["operations"])


def section(module: ModuleType, names: dict[str, str]) -> str:
    """A table of the operations of one module."""
    title, _, rest = (inspect.getdoc(module) or "").partition("\n\n")
    source = re.search(r"Source: .*", " ".join(rest.split()))
    rows = [
        f"| {names[name]} | {first_line(bound.function)} | {bound.lacks or ''} |"
        for name, bound in operations_of(module).items()
    ]
    heading = title.partition(":")[0].replace("\n", " ").rstrip(".")
    return (
        f"## {heading}\n\n| Operation | What it does | What it lacks |\n| --- | --- | --- |\n"
        + "\n".join(rows)
        + f"\n\n{source[0] if source else ''}\n"
    )


def first_line(function: object) -> str:
    """What a function's docstring says first."""
    return " ".join((inspect.getdoc(function) or "").partition("\n\n")[0].split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
