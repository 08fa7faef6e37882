"""The SAM transform: AWS's own, the package ``aws-sam-translator``, run where no code has been uploaded.

Source: templates, sections 1, 2 and 9.
"""

from __future__ import annotations

import json
import logging
import re
import warnings
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.exceptions import TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from eventmock.templates.source import Path, Source

_SERVERLESS: Final = "AWS::Serverless::"
_FUNCTIONS: Final = ("AWS::Serverless::Function", "AWS::Serverless::WebFunction")
_EVENTS: Final = 4
"""The length of the path of the events of a function, such as ``Resources, Ship, Properties, Events``."""
_PARTS_OF_EVENTS: Final[Mapping[str, Mapping[Path, Path]]] = {
    "AWS::Events::Rule": {
        ("EventPattern",): ("Pattern",),
        ("ScheduleExpression",): ("Schedule",),
        ("Targets", 0): (),
    },
    "AWS::Scheduler::Schedule": {("Target",): ()},
}
"""The properties that come from those of an event with another name, by the type of the resource."""
_PATHS: Final = ("CodeUri", "ContentUri", "DefinitionUri")
"""The properties that may have a path of the local disk until a template is packaged."""
_UPLOADED: Final = "s3://bucket/value"
"""What stands for a local path while SAM reads the template. ``sam validate`` takes the same, so ids that SAM derives
of it are equal."""
_CODE: Final = {"S3Bucket": "bucket", "S3Key": "value"}
_IMAGE: Final = "111111111111.dkr.ecr.us-east-1.amazonaws.com/repository"
_LOCK: Final = Lock()


class _Region(NamedTuple):
    """What SAM asks of a session of boto3. A real one would read the configuration of the computer."""

    region_name: str


def transform(
    source: Source,
    document: Mapping[str, Any],
    parameters: Mapping[str, Any],
    *,
    account: str,  # noqa: ARG001 - SAM leaves AWS::AccountId to CloudFormation
    region: str,
) -> tuple[dict[str, Any], dict[str, Path]]:
    """Return a template as CloudFormation gets it from SAM, and where its generated resources came from.

    SAM accepts uploaded code only, so local paths of code and definitions are replaced. The path of a function's code
    is kept as ``Metadata: {eventmock: {CodeUri: <path>}}`` of the generated ``AWS::Lambda::Function``, also if it came
    from ``Globals``. A function that says nothing of its code has the path ``.``, as SAM's command line takes it.
    An application of the Serverless Application Repository becomes an ``AWS::CloudFormation::Stack`` whose
    ``TemplateURL`` is the id of the application.

    Args:
        source: The template as it was given, for the places of errors.
        document: The template with its language extensions expanded. It is not changed.
        parameters: The values of parameters, as they were given.
        account: The account of the stack.
        region: The region of the stack.

    Returns:
        The document, and by the logical ID of each generated resource the path in the document of the function, state
        machine, event or connector that it was made for; of ``Resources`` if it was made for several.

    Raises:
        TemplateError: The translator is not installed, or SAM refuses the template.
    """
    _check_installed(source)
    translated = json.loads(json.dumps(document, default=str))
    values = _values(translated, parameters)
    code = _replace_local_parts(translated, values)
    origins = _Origins(document)
    try:
        text = _translated(json.dumps(translated), json.dumps(values, default=str), region)
    except Exception as raised:  # noqa: BLE001 - SAM raises whatever a malformed template leads it to
        causes = getattr(raised, "causes", ())
        raise _error(source, origins, causes, raised) from (None if causes else raised)
    result: dict[str, Any] = json.loads(text)
    resources = result["Resources"]
    for logical_id, made in resources.items():
        if str(made.get("Type")).startswith(_SERVERLESS):
            what = f"Template format error: Unrecognized resource types: [{made['Type']}]"
            raise source.error(what, ("Resources", logical_id, "Type"), logical_id)
    for logical_id, path in code.items():
        made = resources.get(logical_id)
        if made is not None and made.get("Properties", {}).get("Code") == _CODE:
            own = _mapping(document["Resources"][logical_id].get("Metadata"))
            made["Metadata"] = {**own, "eventmock": {"CodeUri": path}}
    return result, {name: origins.of(name) for name in resources if not origins.is_untouched(name)}


def parts_of_events(resources: Mapping[str, Any], origins: Mapping[str, Path]) -> dict[Path, Path]:
    """Return where the properties come from that a rule or schedule has under another name than its event.

    Args:
        resources: The resources that were made, by logical ID.
        origins: The path of the function, state machine or event that each resource was made for, by logical ID.
    """
    return {
        ("Resources", name, "Properties", *made): (*path, "Properties", *given)
        for name, path in origins.items()
        if len(path) > _EVENTS and path[_EVENTS - 1] == "Events"
        for made, given in _PARTS_OF_EVENTS.get(resources[name]["Type"], {}).items()
    }


def _check_installed(source: Source) -> None:
    """Import the translator, which takes some tenths of a second.

    Raises:
        TemplateError: The translator is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import_module("samtranslator.translator.translator")
    except ImportError as error:
        raise source.error(
            f"the template uses SAM, whose translator cannot be imported ({error}): pip install 'eventmock[sam]'",
            ("Transform",),
        ) from None


@lru_cache(maxsize=8)
def _translated(document: str, values: str, region: str) -> str:
    """Return the translated template. A suite deploys the same few templates in each test.

    Args:
        document: The template as JSON, with uploaded code only.
        values: The values of parameters as JSON, by name.
        region: The region.
    """
    translator = import_module("samtranslator.translator.translator")
    parser = import_module("samtranslator.parser.parser")
    with _LOCK, _as_it_was():
        sam = translator.Translator({}, parser.Parser(), boto_session=_Region(region))
        try:
            return json.dumps(sam.translate(json.loads(document), json.loads(values)))
        finally:
            # What is not published is the subject of a warning when the garbage is collected.
            sam.metrics.publish()


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Keep what SAM changes of the process, its warnings and its log to this block.

    SAM keeps the region in an attribute of a class. At the level WARNING it logs of its own switches.
    """
    arns = import_module("samtranslator.translator.arn_generator").ArnGenerator
    logger = logging.getLogger("samtranslator")
    region, level = arns.BOTO_SESSION_REGION_NAME, logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        arns.BOTO_SESSION_REGION_NAME = region
        logger.setLevel(level)


def _values(document: dict[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the parameters, given or by default."""
    declared = document.get("Parameters")
    values = {
        name: one["Default"]
        for name, one in (declared.items() if isinstance(declared, dict) else ())
        if isinstance(one, dict) and "Default" in one
    }
    for name, value in parameters.items():
        values[name] = ",".join(map(str, value)) if isinstance(value, list | tuple) else value
    return values


def _replace_local_parts(document: dict[str, Any], values: Mapping[str, Any]) -> dict[str, str]:
    """Replace in a template what only exists on the local disk, or in AWS's repository of applications.

    Returns:
        The local path of the code of each function that has one, by logical ID.
    """
    common = _mapping(document.get("Globals"))
    of_functions = dict(_mapping(common.get("Function")))
    code = {}
    for logical_id, resource in _mapping(document.get("Resources")).items():
        kind = str(_mapping(resource).get("Type"))
        if not kind.startswith(_SERVERLESS):
            continue
        if kind in _FUNCTIONS:
            path = _code_path(resource, of_functions, values)
            if path is not None:
                code[logical_id] = path
        elif kind == "AWS::Serverless::Application":
            _replace_published_application(resource)
        _replace_paths(_mapping(resource.get("Properties")), values)
    for section in common.values():
        _replace_paths(_mapping(section), values)
    return code


def _code_path(resource: dict[str, Any], common: Mapping[str, Any], values: Mapping[str, Any]) -> str | None:
    """Return the local path of a function's code; None if it has none. A function without code gets some."""
    own = resource.setdefault("Properties", {})
    if not isinstance(own, dict):
        return None
    properties = {**common, **own}
    if "CodeUri" in properties:
        return _local_path(properties["CodeUri"], values)
    if properties.get("PackageType") == "Image":
        if "ImageUri" not in properties:
            own["ImageUri"] = _IMAGE
    elif not properties.keys() & {"InlineCode", "ImageUri"}:
        own["CodeUri"] = _UPLOADED
        return "."
    return None


def _replace_paths(properties: dict[str, Any], values: Mapping[str, Any]) -> None:
    for name in _PATHS:
        if _local_path(properties.get(name), values) is not None:
            properties[name] = _UPLOADED


def _local_path(value: Any, values: Mapping[str, Any]) -> str | None:
    """Return the path that a property or its parameter has; None if it is not a path of the local disk."""
    if isinstance(value, dict) and value.keys() == {"Ref"}:
        value = values.get(value["Ref"]) if isinstance(value["Ref"], str) else None
    return value if isinstance(value, str) and not value.startswith("s3://") else None


def _replace_published_application(resource: dict[str, Any]) -> None:
    """Make a stack of an application that SAM would have to ask AWS's repository for."""
    properties = _mapping(resource.get("Properties"))
    location = properties.get("Location")
    if isinstance(location, dict):
        kept = {name: properties[name] for name in ("Parameters", "NotificationARNs") if name in properties}
        resource["Type"] = "AWS::CloudFormation::Stack"
        resource["Properties"] = {"TemplateURL": location.get("ApplicationId"), **kept}


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


class _Origins:
    """The parts of a template for which SAM generates resources.

    Args:
        document: The template that is translated.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.paths: dict[str, Path] = {}
        self.untouched = set()
        for logical_id, resource in _mapping(document.get("Resources")).items():
            path = ("Resources", logical_id)
            if str(_mapping(resource).get("Type")).startswith(_SERVERLESS):
                self.paths[logical_id] = path
            else:
                self.untouched.add(logical_id)
            for name, part, value in _parts(_mapping(resource)):
                self.paths.setdefault(logical_id + name, path + part)
                queue = _mapping(_mapping(_mapping(value).get("Properties")).get("DeadLetterConfig"))
                if isinstance(queue.get("QueueLogicalId"), str):
                    self.paths.setdefault(queue["QueueLogicalId"], path + part)

    def is_untouched(self, logical_id: str) -> bool:
        """Return whether a resource of the translated template is one of the document itself."""
        return logical_id in self.untouched

    def of(self, logical_id: str) -> Path:
        """Return the path of what a generated resource was made for: of the longest name that its own begins with.

        What follows the name of an event begins with a capital letter, as in ``OrdersPlacedPermission``. So
        ``OrdersRole`` is the role of a function ``Orders``, also if an event of it is called ``R``.
        """
        for end in range(len(logical_id), 0, -1):
            path = self.paths.get(logical_id[:end])
            rest = logical_id[end:]
            if path is not None and (len(path) == 2 or not rest or rest[0].isupper()):
                return path
        return ("Resources",)

    def of_error(self, sentence: str) -> tuple[str | None, Path]:
        """Return the logical ID of the resource that a sentence of SAM is about, and the path of the part.

        SAM writes ``Resource with id [F]`` of a resource, and then or in its place ``Event with id [E]``, where an
        event's id may or may not begin with that of the resource.
        """
        ids = re.findall(r"id \[(\w+)\]", sentence)
        if not ids:
            return None, ("Globals",) if "'Globals'" in sentence else ("Resources",)
        path = self.of(ids[0])
        for event in ids[1:]:
            path = self.paths.get(ids[0] + event) or self.paths.get(event) or path
        return (str(path[1]) if len(path) > 1 else ids[0]), path


def _parts(resource: Mapping[str, Any]) -> Iterator[tuple[str, Path, Any]]:
    """Yield name, path and value of each event and connector of a resource."""
    for name, event in _mapping(_mapping(resource.get("Properties")).get("Events")).items():
        yield name, ("Properties", "Events", name), event
    for name, connector in _mapping(resource.get("Connectors")).items():
        yield name, ("Connectors", name), connector


def _error(source: Source, origins: _Origins, causes: Iterable[Any], raised: Exception) -> TemplateError:
    """Return the error that says what SAM says, at the place of the first of its complaints.

    Args:
        source: The template.
        origins: The parts of the template.
        causes: SAM's complaints; none if a malformed template has led it to an error of another kind.
        raised: The exception that SAM raised.
    """
    sentences = [str(cause.message) for cause in causes]
    if not sentences:
        sentences = [f"SAM's transform fails with {type(raised).__name__}: {raised}"]
    found = []
    for sentence in sentences:
        logical_id, path = origins.of_error(sentence)
        found.append((source.place(path), logical_id, sentence))
    found.sort(key=lambda one: one[0].line or 0)
    (place, logical_id, message), *others = found
    for where, name, sentence in others:
        message += "\n" + ": ".join(filter(None, (str(where), name, sentence)))
    return TemplateError(message, file=place.file, line=place.line, logical_id=logical_id)
