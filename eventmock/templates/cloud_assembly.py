"""The output of a CDK app: the stacks in its folder, and what their templates refer to beside themselves.

Source: templates, sections 10 and 11; the CDK's schema of the manifest. The manifest is read
defensively: what is not needed here may be missing or of another kind.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.exceptions import TemplateError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from eventmock.templates.template import Declared

CROSS_REGION_WRITER: Final = "Custom::CrossRegionExportWriter"
CROSS_REGION_READER: Final = "Custom::CrossRegionExportReader"
_MANIFEST: Final = "manifest.json"
_TEMPLATE_PROPERTY: Final = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
}
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
"""The start of a URL or an ARN. A drive of Windows has one letter only."""
_HASH: Final = re.compile("[0-9a-f]{64}")


class AssemblyStack(NamedTuple):
    """A stack of a CDK app.

    Attributes:
        name: The name that the stack has in CloudFormation.
        template_file: The path of its template.
        parameters: The values of parameters that the app gives.
        account: The account; None if the app leaves it open.
        region: The region; None if the app leaves it open.
        dependencies: The names of the stacks that have to be deployed before this one.
        display_name: The name that the app shows, such as ``Production/Orders``.
    """

    name: str
    template_file: Path
    parameters: Mapping[str, str]
    account: str | None
    region: str | None
    dependencies: tuple[str, ...]
    display_name: str


class Assembly(NamedTuple):
    """The output of a CDK app.

    Attributes:
        folder: The folder.
        stacks: The stacks, each after those that it depends on. Those of stages are among them.
    """

    folder: Path
    stacks: tuple[AssemblyStack, ...]


def read_assembly(path: str | os.PathLike[str]) -> Assembly:
    """Read the output of a CDK app.

    Args:
        path: The path of the folder, mostly ``cdk.out``, or of the manifest in it.

    Raises:
        TemplateError: There is no manifest, it cannot be read, it has no stacks, or a file that it names is missing.
    """
    folder = Path(path)
    if folder.name == _MANIFEST:
        folder = folder.parent
    stacks = tuple(_Manifest(folder).stacks())
    if not stacks:
        raise TemplateError("the CDK app has no stacks", file=str(folder / _MANIFEST))
    return Assembly(folder, stacks)


class _Manifest:
    """The manifest of a folder.

    Args:
        folder: The folder.

    Raises:
        TemplateError: There is no manifest, or it cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = str(folder / _MANIFEST)
        try:
            manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise TemplateError(_without_manifest(folder), file=str(folder)) from None
        except (OSError, ValueError, RecursionError) as error:
            raise TemplateError(
                f"the manifest of the CDK app cannot be read ({error}); run `cdk synth`", file=self.file
            ) from None
        artifacts = manifest.get("artifacts") if isinstance(manifest, dict) else None
        if not isinstance(artifacts, dict):
            raise TemplateError(
                "the file is not the manifest of a CDK app: it has no artifacts", file=self.file
            )
        self.artifacts = {name: one for name, one in artifacts.items() if isinstance(one, dict)}

    def stacks(self) -> Iterator[AssemblyStack]:
        """Yield the stacks, each after those that it depends on.

        Raises:
            TemplateError: Stacks depend on each other in a circle, or what the manifest names is missing.
        """
        from eventmock.templates.references import CircleError, ordered

        try:
            names = ordered({name: self._needed(name) for name in self.artifacts})
        except CircleError as error:
            circle = ", ".join(error.circle)
            raise TemplateError(
                f"stacks depend on each other in a circle: {circle}", file=self.file
            ) from None
        for name in names:
            kind = self.artifacts[name].get("type")
            if kind == "aws:cloudformation:stack":
                yield self._stack(name)
            elif kind == "cdk:cloud-assembly":
                yield from _Manifest(self._file(name, "directoryName")).stacks()

    def _needed(self, name: str) -> list[str]:
        needed = self.artifacts[name].get("dependencies")
        return [one for one in needed if one in self.artifacts] if isinstance(needed, list) else []

    def _stack(self, name: str) -> AssemblyStack:
        artifact = self.artifacts[name]
        given = _mapping(_mapping(artifact.get("properties")).get("parameters"))
        account, region = _environment(artifact.get("environment"))
        return AssemblyStack(
            self._stack_name(name),
            self._file(name, "templateFile"),
            {parameter: str(value) for parameter, value in given.items()},
            account,
            region,
            tuple(
                self._stack_name(one)
                for one in self._needed(name)
                if self.artifacts[one].get("type") == "aws:cloudformation:stack"
            ),
            str(artifact.get("displayName") or name),
        )

    def _stack_name(self, name: str) -> str:
        return str(_mapping(self.artifacts[name].get("properties")).get("stackName") or name)

    def _file(self, name: str, key: str) -> Path:
        """Return the path of the file or folder that an artifact names."""
        given = _mapping(self.artifacts[name].get("properties")).get(key)
        if not isinstance(given, str):
            raise TemplateError(f"the artifact {name} has no {key}", file=self.file)
        path = self.folder / given
        if not path.exists():
            raise TemplateError(
                f"the artifact {name} names {given}, which is missing; run `cdk synth`", file=self.file
            )
        return path


def _without_manifest(folder: Path) -> str:
    if not folder.exists():
        return f"there is no such folder; the working directory is {Path.cwd()}"
    if (folder / "cdk.out" / _MANIFEST).is_file():
        return f"it is the folder of a CDK app; give its output, {folder / 'cdk.out'}"
    if (folder / "cdk.json").is_file():
        return "it is the folder of a CDK app; run `cdk synth` and give the folder cdk.out that it writes"
    return f"it is not the output of a CDK app: there is no {_MANIFEST}"


def _environment(given: Any) -> tuple[str | None, str | None]:
    """Return account and region of an environment such as ``aws://123456789012/eu-west-1``."""
    found = re.fullmatch("aws://([^/]+)/([^/]+)", given) if isinstance(given, str) else None
    if found is None:
        return None, None
    account, region = found.groups()
    return (
        None if account == "unknown-account" else account,
        None if region == "unknown-region" else region,
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


# What templates refer to beside themselves


def cross_region_exports(properties: Mapping[str, Any]) -> tuple[str | None, Mapping[str, Any]]:
    """Return what a resource of the type `CROSS_REGION_WRITER` exports: the region, and the values by name.

    The CDK makes such a resource in a stack whose values a stack in another region uses. There, a resource of the type
    `CROSS_REGION_READER` has the names, such as ``/cdk/exports/Bills/OrdersBusArn``, as attributes.

    Args:
        properties: The evaluated properties of the resource.
    """
    writer = _mapping(properties.get("WriterProps"))
    region = writer.get("region")
    return region if isinstance(region, str) else None, _mapping(writer.get("exports"))


def cross_region_imports(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the attributes of a resource of the type `CROSS_REGION_READER`, such as ``/cdk/exports/Orders/BusArn``.

    Each is a parameter of SSM, which `CROSS_REGION_WRITER` has put there.

    Args:
        properties: The evaluated properties of the resource.
    """
    return _mapping(_mapping(properties.get("ReaderProps")).get("imports"))


def nested_template(source_file: str | os.PathLike[str] | None, resource: Declared) -> Path | None:
    """Return the path of the template of a nested stack; None if it is not on the local disk.

    Args:
        source_file: The path of the template that has the resource; None if the template was given as a mapping.
            Other paths are relative to its folder, or else to the working directory.
        resource: A resource of the type ``AWS::CloudFormation::Stack`` or ``AWS::Serverless::Application``.
    """
    name = _TEMPLATE_PROPERTY.get(resource.type)
    if name is None:
        return None
    folder = Path() if source_file is None else Path(source_file).parent
    asset = resource.metadata.get("aws:asset:path")
    if isinstance(asset, str) and resource.metadata.get("aws:asset:property", name) == name:
        return folder / asset
    given = resource.properties.get(name)
    if isinstance(given, str):
        return None if _URL.match(given) else folder / given
    return asset_path(folder, given)


def asset_path(folder: Path, url: Any) -> Path | None:
    """Return the path of the asset whose hash stands in a URL; the CDK lists its assets beside its templates.

    An app may leave out the metadata of assets.
    """
    found = _HASH.search(json.dumps(url, default=str))
    if found is None:
        return None
    for listing in sorted(folder.glob("*.assets.json")):
        try:
            files = _mapping(json.loads(listing.read_text(encoding="utf-8"))).get("files")
        except (OSError, ValueError):
            continue
        path = _mapping(_mapping(_mapping(files).get(found[0])).get("source")).get("path")
        if isinstance(path, str):
            return folder / path
    return None
