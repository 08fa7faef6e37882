"""What a template says to ignore: ``# eventmock: ignore[rule, rule]`` in comments, and the metadata of resources.

A comment counts for its own line. On the line of a logical ID, or of an event of a SAM function, it counts for
the whole resource. JSON has no comments, so the metadata of a resource may say the same:
``"Metadata": {"eventmock": {"ignore": ["rule"]}}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.checks.finding import Finding, Found
from eventmock.checks.table import TABLE, Rule, add
from eventmock.templates.source import Place
from eventmock.values.near_names import nearest_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from eventmock.templates.template import Template

EVERY: Final = "*"
"""The name that stands for every rule, where an ignore names none."""
_COMMENT: Final = re.compile(r"(?:^|\s)#\s*eventmock:\s*ignore\b(?:\s*\[(?P<rules>[^\]]*)\])?")

UNKNOWN: Final = add(Rule("unknown-ignore", "note", "An ignore that names a rule that there is not."))
UNUSED: Final = add(Rule("unused-ignore", "note", "An ignore that ignores nothing."))


class Ignore(NamedTuple):
    """One rule that is ignored at one place.

    Attributes:
        line: The number of the line on which the ignore stands.
        rule: The id of the rule, or `EVERY`.
        logical_id: The logical ID of the resource whose metadata has the ignore; None for a comment.
    """

    line: int
    rule: str
    logical_id: str | None = None


class Ignores:
    """The ignores of a template.

    Args:
        template: The template.
    """

    def __init__(self, template: Template) -> None:
        self._template = template
        self._ignores: Final = [*_in_comments(template), *_in_metadata(template)]

    def applied(self, findings: Collection[Finding]) -> list[Finding]:
        """Return the findings that are not ignored, with a note for each ignore that is wrong or ignores nothing.

        Args:
            findings: All findings of the template.
        """
        kept: list[Finding] = []
        used: set[Ignore] = set()
        for finding in findings:
            by = [one for one in self._ignores if self._is_ignored(finding, one)]
            used.update(by)
            kept += [] if by else [finding]
        return kept + [one for ignore in self._ignores for one in self._about(ignore, ignore in used)]

    def _is_ignored(self, finding: Finding, ignore: Ignore) -> bool:
        if ignore.rule not in (EVERY, finding.rule):
            return False
        template, lines = self._template, [finding.found.place.line]
        made = finding.found.logical_id or ""
        origin = template.origins.get(made, ("Resources", made))[:2]
        if ignore.logical_id is not None:
            return ignore.logical_id in (made, origin[-1])
        if made in template.resources:
            lines += [template.place_of(made).line, template.source.place(origin).line]
        return ignore.line in lines

    def _about(self, ignore: Ignore, is_used: bool) -> Iterator[Finding]:
        place = Place(self._template.source.file, ignore.line)
        if ignore.rule not in (EVERY, *TABLE):
            near = nearest_name(ignore.rule, TABLE)
            found = Found(
                place,
                ignore.logical_id,
                f"there is no rule {ignore.rule!r}",
                "nothing is ignored",
                near or "the id of a rule, as a finding has it",
            )
            yield Finding(UNKNOWN.id, UNKNOWN.severity, found)
        elif not is_used:
            what = "anything" if ignore.rule == EVERY else ignore.rule
            found = Found(
                place,
                ignore.logical_id,
                f"nothing here is a finding of {what}",
                "a fault that comes here later is hidden",
                "no ignore",
            )
            yield Finding(UNUSED.id, UNUSED.severity, found)


def _in_comments(template: Template) -> Iterator[Ignore]:
    text = template.source.text
    if text is None or "eventmock:" not in text:
        return
    for number, line in enumerate(text.splitlines(), 1):
        found = _COMMENT.search(line)
        if found is not None:
            for name in _names(found["rules"]):
                yield Ignore(number, name)


def _names(listed: str | None) -> list[str]:
    names = [name.strip() for name in (listed or "").split(",") if name.strip()]
    return names or [EVERY]


def _in_metadata(template: Template) -> Iterator[Ignore]:
    resources = template.source.document.get("Resources")
    for logical_id, resource in (resources if isinstance(resources, Mapping) else {}).items():
        metadata = resource.get("Metadata") if isinstance(resource, Mapping) else None
        own = metadata.get("eventmock") if isinstance(metadata, Mapping) else None
        listed = own.get("ignore") if isinstance(own, Mapping) else None
        if listed is None:
            continue
        place = template.source.place(("Resources", logical_id, "Metadata", "eventmock", "ignore"))
        for name in listed if isinstance(listed, list) else [listed]:
            yield Ignore(place.line or 1, EVERY if name is True else str(name), str(logical_id))
