"""The option --rules of the command line: the rules of templates and of lists of rules, as consumers of events."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from eventmock.commands.documents import WrongInput, read
from eventmock.commands.given_rules import read_rules
from eventmock.commands.given_template import is_template, read_template
from eventmock.commands.output import say
from eventmock.schemas.consumer import Consumer, inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.commands.documents import Document


def read_consumers(given: Sequence[str], parameters: Mapping[str, str]) -> list[Consumer]:
    """Return the rules of templates and of lists of rules that have a pattern.

    A rule that AWS would refuse is left out, with a warning on standard error.

    Args:
        given: The documents: text, the path of a file, or ``-``.
        parameters: The values of parameters of the templates, by name.

    Raises:
        WrongInput: A document cannot be read, or has no rules; or parameters are given, and no document is a template.
        TemplateError: A template cannot be read or evaluated.
    """
    documents = [document for one in given for document in read(RULES=one)]
    if parameters and not any(map(is_template, documents)):
        raise WrongInput("--parameters is for a template, and none of --rules is one")
    consumers: list[Consumer] = []
    for document in documents:
        found = list(_of_document(document, parameters))
        if not found:
            say(f"warning: {document.title} has no rule with a pattern", sys.stderr)
        consumers += found
    return consumers


def _of_document(document: Document, parameters: Mapping[str, str]) -> Iterator[Consumer]:
    template = read_template(document, parameters) if is_template(document) else None
    if template is None:
        given = read_rules(document)
        for name, why in given.refused:
            say(f"warning: {document.title}: rule {name} is left out: {why}", sys.stderr)
        for rule in given.rules:
            if rule.pattern is not None:
                yield Consumer(rule.name, document.path or document.title, None, rule.pattern)
        return
    template.warn()
    for one in template.rules:
        if one.refused is not None:
            say(f"warning: {one.place}: {one.logical_id} is left out: {one.refused}", sys.stderr)
        elif one.rule.pattern is not None:
            targets = [target for target in one.targets if isinstance(target, Mapping)]
            inputs = [use for target in targets for use in inputs_of(target)]
            file = one.place.file or document.path or document.title
            yield Consumer(one.logical_id, file, one.place.line, one.rule.pattern, inputs)
