"""A template whose language extensions and SAM resources have been expanded.

Source: AWS's pages "Template sections" and "Resource attributes". The texts of errors are CloudFormation's as users
have quoted them; some are ours in the same style.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.exceptions import TemplateError
    from eventmock.templates.intrinsics import Intrinsics, StackOutput
    from eventmock.templates.source import Path, Place, Source

DeletionPolicy = Literal["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"]

EXTENSIONS: Final = "AWS::LanguageExtensions"
SERVERLESS: Final = "AWS::Serverless-2016-10-31"
MACRO: Final = "Fn::Transform"
"""The key of a macro. It may stand in a section; what it would add there is not known."""
_SECTIONS: Final = frozenset(
    (
        *("AWSTemplateFormatVersion", "Conditions", "Description", "Hooks", "Mappings", "Metadata"),
        *("Outputs", "Parameters", "Resources", "Rules", "Transform"),
    )
)
_RESOURCE_ATTRIBUTES: Final = frozenset(
    (
        *("Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Description", "Metadata"),
        *("Properties", "Type", "UpdatePolicy", "UpdateReplacePolicy", "Version"),
    )
)
"""The attributes of a resource. ``Description`` is not documented, but templates of AWS's own services have it."""

_CONDITION_IS_TEXT: Final = "Template format error: every Condition member must be a string."


class Declared(NamedTuple):
    """A resource as a template declares it.

    Attributes:
        logical_id: The logical ID.
        type: The type, such as ``AWS::Events::Rule``.
        properties: The properties, not evaluated.
        condition: The name of the condition; None if it has none.
        depends_on: The logical IDs of ``DependsOn``.
        deletion_policy: What happens to the resource when it leaves the stack.
        update_replace_policy: What happens to the resource that a replacement leaves behind.
        metadata: The metadata, not evaluated.
    """

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    condition: str | None = None
    depends_on: tuple[str, ...] = ()
    deletion_policy: DeletionPolicy = "Delete"
    update_replace_policy: DeletionPolicy = "Delete"
    metadata: Mapping[str, Any] = {}


class Template:
    """A template, ready to be evaluated.

    Args:
        source: The template as it was given.
        transforms: The names of ``Transform``, in order.

    Attributes:
        source: The template as it was given.
        document: The template as plain values, expanded. It equals that of the source if nothing was to expand.
        resources: The resources by logical ID, in the order of the template.
        origins: The path in the source from which a resource came that was made by an expansion, by logical ID.
        transforms: The names of ``Transform``, in order.
    """

    def __init__(self, source: Source, transforms: tuple[str, ...]) -> None:
        self.source = source
        self.document: Mapping[str, Any] = source.document
        self.resources: Mapping[str, Declared] = {}
        self.transforms = transforms
        self._origins: dict[Path, Path] = {}

    @property
    def origins(self) -> Mapping[str, Path]:
        """The path in the source from which a resource came that was made by an expansion, by logical ID."""
        return {
            str(path[1]): origin
            for path, origin in self._origins.items()
            if len(path) == 2 and path[0] == "Resources"
        }

    @property
    def has_extensions(self) -> bool:
        """Whether the template has the transform ``AWS::LanguageExtensions``."""
        return EXTENSIONS in self.transforms

    def place(self, path: Path) -> Place:
        """Return the place in the source of a part of the expanded document."""
        return self.source.place(self._origin(path))

    def place_of(self, logical_id: str, *path: str | int) -> Place:
        """Return the place of a resource, or of a part of it such as ``"Properties", "EventPattern"``."""
        return self.place(("Resources", logical_id, *path))

    def error(self, message: str, path: Path) -> TemplateError:
        """Return an error that names the place of a part of the expanded document, and the resource that has it."""
        logical_id = str(path[1]) if len(path) > 1 and path[0] in ("Resources", "Outputs") else None
        return self.source.error(message, self._origin(path), logical_id)

    def replace_document(self, document: Mapping[str, Any], origins: Mapping[Path, Path]) -> None:
        """Take a document that an expansion has made of the present one.

        Args:
            document: The document.
            origins: The path in the present document of each part that was made, by its path in the new one.
        """
        self._origins |= {path: self._origin(origin) for path, origin in origins.items()}
        self.document = document

    def _origin(self, path: Path) -> Path:
        """Return the path in the source of a part of the present document."""
        for length in range(len(path), 0, -1) if self._origins else ():
            origin = self._origins.get(path[:length])
            if origin is not None:
                return (*origin, *path[length:])
        return path


def expand(source: Source, parameters: Mapping[str, Any], *, account: str, region: str) -> Template:
    """Return the template of a source, with its language extensions and SAM resources expanded.

    Args:
        source: The template as it was given.
        parameters: The values of parameters, as they were given.
        account: The account of the stack.
        region: The region of the stack.

    Raises:
        TemplateError: The template has no resources, a resource is not one, or an expansion fails.
    """
    template = Template(source, _transforms(source))
    _check_sections(template)

    def value(node: Any, path: Path) -> Any:
        return _before_resources(template, parameters, account=account, region=region).value(node, path)

    for transform in template.transforms:
        if transform == EXTENSIONS:
            from eventmock.templates.language_extensions import LoopExpansion

            loops = LoopExpansion(value, template.error)
            template.replace_document(loops.expanded(template.document, (), (), {}), loops.origins)
        elif transform == SERVERLESS:
            from eventmock.templates.sam import parts_of_events, transform as expand_serverless

            document, origins = expand_serverless(
                source, template.document, parameters, account=account, region=region
            )
            parts = {("Resources", name): path for name, path in origins.items()}
            template.replace_document(document, parts | parts_of_events(document["Resources"], origins))
    declarations = _Declarations(template, value)
    template.resources = {
        name: declarations.read(name, body)
        for name, body in template.document["Resources"].items()
        if name != MACRO
    }
    _check_outputs(template)
    return template


def _transforms(source: Source) -> tuple[str, ...]:
    given = source.document.get("Transform", [])
    names = []
    for one in given if isinstance(given, list) else [given]:
        name = one.get("Name") if isinstance(one, dict) else one
        if not isinstance(name, str):
            raise source.error(
                "Template format error: Transform must be text, or a list of texts", ("Transform",)
            )
        names.append(name)
    return tuple(names)


def _check_sections(template: Template) -> None:
    document = template.document
    resources = document.get("Resources")
    if resources is None or resources == {}:
        raise template.error(
            "Template format error: At least one Resources member must be defined.", ("Resources",)
        )
    for section in ("Resources", "Parameters", "Mappings", "Conditions", "Outputs"):
        members = document.get(section)
        if members is not None and not isinstance(members, dict):
            raise template.error(f"Template format error: {section} must be a mapping", (section,))
    unknown = [section for section in document if section not in _SECTIONS]
    if SERVERLESS in template.transforms:
        unknown = [section for section in unknown if section != "Globals"]
    if unknown and set(template.transforms) <= {EXTENSIONS, SERVERLESS}:
        hint = f"; Globals needs the transform {SERVERLESS}" if "Globals" in unknown else ""
        raise template.error(
            f"Template format error: Invalid template property or properties [{', '.join(unknown)}]{hint}",
            (unknown[0],),
        )


def _check_outputs(template: Template) -> None:
    for name, output in (template.document.get("Outputs") or {}).items():
        if name == MACRO:
            continue
        if not isinstance(output, dict) or "Value" not in output:
            raise template.error(
                f"Template format error: Output {name} is malformed; it must be a mapping with a Value",
                ("Outputs", name),
            )
        if not isinstance(output.get("Condition", ""), str):
            raise template.error(_CONDITION_IS_TEXT, ("Outputs", name, "Condition"))


def _before_resources(
    template: Template, parameters: Mapping[str, Any], *, account: str, region: str
) -> Intrinsics:
    """Return the evaluation of values that are needed before there are resources, such as a loop's collection."""
    from eventmock.templates.intrinsics import Intrinsics
    from eventmock.templates.parameters import ParameterValues
    from eventmock.templates.pseudo_parameters import pseudo_parameters

    declared = template.document.get("Parameters") or {}
    world = _NoWorld(template)
    return Intrinsics(
        template.document,
        ParameterValues(declared, parameters, world.stored, template.error),
        pseudo_parameters(account, region),
        extensions=template.has_extensions,
        world=world,
        error=template.error,
    )


class _NoWorld:
    """What functions take from outside the template before there are resources: nothing.

    Args:
        template: The template.
    """

    def __init__(self, template: Template) -> None:
        self._template = template

    def ref(self, logical_id: str, path: Path) -> Any:
        """Refuse ``Ref`` of a resource."""
        raise self._refusal(logical_id, path)

    def attribute(self, logical_id: str, name: str, path: Path) -> Any:
        """Refuse an attribute of a resource."""
        raise self._refusal(f"{logical_id}.{name}", path)

    def imported(self, name: str, path: Path) -> Any:
        """Refuse an exported value."""
        raise self._refusal(name, path)

    def output_of(self, asked: StackOutput, path: Path) -> Any:
        """Refuse an output of another stack."""
        raise self._refusal(f"{asked.name} of {asked.stack}", path)

    def replaced(self, text: str) -> str:
        """Return a text as it is."""
        return text

    def stored(self, reference: str) -> str:
        """Refuse the value of a parameter that SSM has."""
        raise self._refusal(reference, ("Parameters",))

    def _refusal(self, what: str, path: Path) -> TemplateError:
        return self._template.error(
            f"{what} is not known while the template is expanded; only parameters and mappings are", path
        )


class _Declarations:
    """The reading of the resources of a template.

    Args:
        template: The template.
        value: Returns the evaluated value of a part of it; resources are not known.
    """

    def __init__(self, template: Template, value: Callable[[Any, Path], Any]) -> None:
        self._error = template.error
        self._value = value

    def read(self, name: str, body: Any) -> Declared:
        """Return a resource.

        Raises:
            TemplateError: It is not one.
        """
        path: Path = ("Resources", name)
        if not name.isascii() or not name.isalnum():
            hint = (
                f" Fn::ForEach needs the transform {EXTENSIONS}." if name.startswith("Fn::ForEach::") else ""
            )
            raise self._error(f"Template format error: Resource name {name} is non alphanumeric.{hint}", path)
        if not isinstance(body, dict):
            raise self._error("Template format error: Any Resources member must be an object.", path)
        for attribute in body:
            if attribute not in _RESOURCE_ATTRIBUTES and not attribute.startswith("Fn::"):
                raise self._error(
                    f"Template format error: Invalid template resource property '{attribute}'",
                    (*path, attribute),
                )
        condition = body.get("Condition")
        if condition is not None and not isinstance(condition, str):
            raise self._error(_CONDITION_IS_TEXT, (*path, "Condition"))
        return Declared(
            name,
            self._type(body, path),
            self._mapping(body, (*path, "Properties")),
            condition,
            self._depends_on(body, (*path, "DependsOn")),
            self._policy(body, (*path, "DeletionPolicy")),
            self._policy(body, (*path, "UpdateReplacePolicy")),
            self._mapping(body, (*path, "Metadata")),
        )

    def _type(self, body: Mapping[str, Any], path: Path) -> str:
        kind = body.get("Type")
        if not isinstance(kind, str):
            raise self._error(
                f"Template format error: [/{'/'.join(map(str, path))}] "
                "Every Resources object must contain a Type member.",
                path,
            )
        if kind.startswith("AWS::Serverless::"):
            raise self._error(
                f"Template format error: Unrecognized resource types: [{kind}]; it needs the transform {SERVERLESS}",
                (*path, "Type"),
            )
        return kind

    def _mapping(self, body: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
        members = body.get(str(path[-1])) or {}
        if not isinstance(members, dict):
            raise self._error(f"Template format error: {path[-1]} must be a mapping", path)
        return members

    def _depends_on(self, body: Mapping[str, Any], path: Path) -> tuple[str, ...]:
        given = body.get("DependsOn") or []
        names = [given] if isinstance(given, str) else given
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self._error("Template format error: DependsOn must be a string or list of strings.", path)
        return tuple(names)

    def _policy(self, body: Mapping[str, Any], path: Path) -> DeletionPolicy:
        """Return what happens to the resource; with language extensions, a function may say it."""
        given = body.get(str(path[-1]), "Delete")
        value = self._value(given, path) if isinstance(given, dict) else given
        known: DeletionPolicy
        for known in get_args(DeletionPolicy):
            if value == known:
                return known
        raise self._error(
            f"Template format error: Unrecognized {path[-1]} {value} for resource {path[1]}", path
        )
