"""The check of templates: each is deployed into a scratch mock of its own, and all rules look at what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from eventmock.checks.events import events_without_rule
from eventmock.checks.finding import SEVERITIES, Finding, Found
from eventmock.checks.ignores import Ignores
from eventmock.checks.report import Checked
from eventmock.checks.rules import all_rules
from eventmock.checks.rules.refusals import refusals
from eventmock.checks.scratch import Scratch, Where, deploy
from eventmock.checks.subject import BUS, RULE, SCHEDULE_GROUP, EventRule, Sample, Subject
from eventmock.options import check_known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.schemas.event_schema import EventSchema


class Around(NamedTuple):
    """What is known around the templates.

    Attributes:
        account: The account of the stacks; None for that of a CDK app's environment, else the default account.
        region: The region of the stacks; None for that of a CDK app's environment, else the default region.
        parameters: The values of parameters, as they were given.
        samples: The events to check with.
        schemas: The schemas that events are promised to have.
    """

    account: str | None = None
    region: str | None = None
    parameters: Mapping[str, Any] = {}
    samples: Sequence[Sample] = ()
    schemas: Sequence[EventSchema] = ()


def check_all(files: Sequence[str], around: Around) -> list[Checked]:
    """Check templates, each with the knowledge of which buses the others make.

    Args:
        files: The paths of templates, or of outputs of the CDK.
        around: What is known around the templates.

    Returns:
        The templates with their findings. At the end, the files of events that no rule matches.

    Raises:
        TemplateError: A file cannot be read, or is not a template.
        OptionError: No template has a parameter that was given.
    """
    where = Where(around.account, around.region)
    scratches = [one for file in files for one in deploy(file, around.parameters, where)]
    known = {name: None for one in scratches for name in one.source.parameters}
    for name in around.parameters:
        check_known(f"--parameters: there is no parameter {name!r}", name, known)
    subjects = [_subject(one, scratches, around) for one in scratches]
    reports = [_checked(scratch, subject) for scratch, subject in zip(scratches, subjects, strict=True)]
    return [*reports, *events_without_rule(subjects, around.samples)]


def _subject(scratch: Scratch, scratches: Sequence[Scratch], around: Around) -> Subject:
    elsewhere = [
        resource for other in scratches if other is not scratch for resource in other.resources.values()
    ]
    return Subject(
        scratch.template,
        scratch.resources,
        scratch.failures,
        account=scratch.stack.account,
        region=scratch.stack.region,
        samples=around.samples,
        schemas=around.schemas,
        buses_elsewhere=frozenset(one.name for one in elsewhere if one.type == BUS),
        groups_elsewhere=frozenset(one.name for one in elsewhere if one.type == SCHEDULE_GROUP),
        rules_elsewhere=[EventRule(one) for one in elsewhere if one.type == RULE],
        made_up=scratch.made_up,
        is_region_known=scratch.is_region_known,
    )


def _checked(scratch: Scratch, subject: Subject) -> Checked:
    findings = [
        Finding(rule.id, rule.severity, found)
        for rule in all_rules().values()
        if rule.check is not None
        for found in rule.check(subject)
    ]
    findings += refusals(subject, findings)
    findings = [one._replace(found=_without_secrets(one.found, scratch.secrets)) for one in findings]
    kept = Ignores(scratch.template).applied(findings)
    kept.sort(key=lambda one: (one.line, SEVERITIES.index(one.severity), one.rule))
    return Checked(scratch.file, kept, scratch.unknown)


def _without_secrets(found: Found, secrets: Sequence[str]) -> Found:
    """Return what a rule found, without the values of parameters with NoEcho."""
    what, production, instead = found.what, found.production, found.instead
    for secret in filter(None, secrets):
        what, production, instead = (text.replace(secret, "****") for text in (what, production, instead))
    return found._replace(what=what, production=production, instead=instead)
