"""A template as it was given: its text, and the line of each part of it.

Source: templates, section 3.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from eventmock.exceptions import TemplateError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

Path = tuple[str | int, ...]
"""The keys and indices that lead from the top of a document to a part of it."""

_SECTIONS: Final = (
    *("AWSTemplateFormatVersion", "Conditions", "Globals", "Mappings", "Outputs", "Parameters", "Resources"),
    *("Rules", "Transform"),
)
"""The sections that only a template has. A document with one of them is one, whatever else it lacks."""


class Place(NamedTuple):
    """A place in a template.

    Attributes:
        file: The path of the file as it was given; None if the template was given as a mapping.
        line: The number of the line, from 1; None if it is not known.
    """

    file: str | None
    line: int | None

    def __str__(self) -> str:
        where = "template" if self.file is None else self.file
        return where if self.line is None else f"{where}:{self.line}"


class Places(Protocol):
    """The lines of a document."""

    def line(self, path: Path) -> int:
        """Return the line of a part; of the deepest part that exists if the path leads beyond it."""

    @property
    def repeated_keys(self) -> list[Path]:
        """The paths of the keys that stand twice in one mapping."""


class Source:
    """A template as it was given.

    Args:
        document: The template as plain Python values, with short tags in their long form.
        file: The path of the file as it was given; None if the template was given as a mapping.
        text: The text of the file; None if the template was given as a mapping.
        places: Returns the lines of the document; None if it has none. It is called when a line is first asked for.

    Attributes:
        file: The path of the file as it was given; None if the template was given as a mapping.
        text: The text of the file; None if the template was given as a mapping.
        document: The template as plain Python values, with short tags in their long form.
    """

    def __init__(
        self,
        document: dict[str, Any],
        file: str | None = None,
        text: str | None = None,
        places: Callable[[], Places] | None = None,
    ) -> None:
        self.file = file
        self.text = text
        self.document = document
        self._read_places = places

    def place(self, path: Path) -> Place:
        """Return the place of a part; of the deepest part that exists if the path leads beyond it.

        Args:
            path: The path of the part. The place of a key of a mapping is that of the key itself.
        """
        return Place(self.file, None if self._places is None else self._places.line(path))

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters that the template declares; empty if what stands in their place is not a mapping."""
        declared = self.document.get("Parameters")
        return declared if isinstance(declared, dict) else {}

    @property
    def repeated_keys(self) -> list[Path]:
        """The paths of the keys that stand twice in one mapping; the last of them counts."""
        return [] if self._places is None else self._places.repeated_keys

    def error(self, message: str, path: Path, logical_id: str | None = None) -> TemplateError:
        """Return an error that names the place of a part."""
        place = self.place(path)
        return TemplateError(message, file=place.file, line=place.line, logical_id=logical_id)

    @cached_property
    def _places(self) -> Places | None:
        return None if self._read_places is None else self._read_places()


def read_source(template: str | os.PathLike[str] | Mapping[str, Any]) -> Source:
    """Read a template.

    Args:
        template: The path of a YAML or JSON file, or the template as a mapping.

    Raises:
        TemplateError: The file cannot be read, or is not a template; the text says what it is.
    """
    from collections.abc import Mapping
    from os import fspath

    if not isinstance(template, Mapping):
        file = fspath(template)
        return source_of(_text_of_file(file), file)
    source = Source(_plain(template))
    _check_kind(source)
    return source


def source_of(text: str, file: str) -> Source:
    """Return the template of a text.

    Args:
        text: The text of the template, YAML or JSON.
        file: The path of the file, or words that say where the text came from.

    Raises:
        TemplateError: The text is not a template; the error's text says what it is.
    """
    document, places = _read(text, file)
    source = Source(document, file, text, places)
    _check_kind(source)
    return source


def _plain(value: Any) -> Any:
    """Return a copy of a value of the test: dicts and lists with text as keys, and dates as text.

    A template that ``yaml.safe_load`` has read has dates where CloudFormation reads text, as in a policy's ``Version``.
    """
    from collections.abc import Mapping
    from datetime import date

    if isinstance(value, Mapping):
        return {str(name): _plain(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _text_of_file(file: str) -> str:
    """Return the text of a file in UTF-8, UTF-16 or UTF-32; Windows PowerShell writes UTF-16."""
    import pathlib

    path = pathlib.Path(file)
    if path.is_dir():
        raise TemplateError(_about_folder(path), file=file)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise TemplateError(
            f"there is no such file; the working directory is {pathlib.Path.cwd()}", file=file
        ) from None
    except OSError as error:
        raise TemplateError(f"the file cannot be read: {error.strerror or error}", file=file) from None
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError as error:
        raise TemplateError(
            f"the file is not text in UTF-8 or UTF-16: byte {error.start} cannot be read as {error.encoding}",
            file=file,
        ) from None


def _about_folder(path: Any) -> str:
    if (path / "manifest.json").is_file():
        templates = sorted(one.name for one in path.glob("*.template.json"))
        such = f", such as {templates[0]}" if templates else ""
        return f"it is the output of a CDK app, which has one template a stack; name one of them{such}"
    return (
        "it is a folder without a manifest.json, so it is not the output of a CDK app; "
        "give the path of a template, or of the cdk.out that `cdk synth` writes"
    )


def _read(text: str, file: str) -> tuple[Any, Callable[[], Places]]:
    """Return the value of a YAML or JSON document, and what reads its lines.

    What begins with a brace may be either: YAML has mappings in braces too.
    """
    from importlib.util import find_spec

    is_json = file.lower().endswith(".json")
    has_yaml = find_spec("yaml") is not None
    try:
        if is_json or text.lstrip().startswith("{"):
            try:
                return json.loads(text), lambda: _json_places(text)
            except json.JSONDecodeError as error:
                if is_json or not has_yaml:
                    raise TemplateError(
                        f"the file is not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}",
                        file=file,
                        line=error.lineno,
                    ) from None
        if not has_yaml:
            raise TemplateError(
                "a template in YAML is read by PyYAML, which is not installed: "
                "pip install 'eventmock[templates]'",
                file=file,
            )
        from eventmock.templates.yaml_reader import read_yaml

        document, places = read_yaml(text, file)
    except RecursionError:
        raise TemplateError("the file is nested too deeply, or an alias contains itself", file=file) from None
    return document, lambda: places


def _json_places(text: str) -> Places:
    from eventmock.templates.json_places import JsonPlaces

    return JsonPlaces(text)


def _check_kind(source: Source) -> None:
    """Check that a document is a template of CloudFormation or SAM.

    Raises:
        TemplateError: It is not; the text says what it is, and what to do.
    """
    document: Any = source.document
    if isinstance(document, dict) and any(section in document for section in _SECTIONS):
        return
    raise TemplateError(_what_it_is(document, source.file), file=source.file)


def _what_it_is(document: Any, file: str | None) -> str:
    if file is not None and file.endswith((".tf", ".tf.json")):
        return (
            "it is a file of Terraform, which is not read; give a template of CloudFormation, SAM or the CDK"
        )
    if document is None:
        return "the file is empty"
    if not isinstance(document, dict):
        return f"a template is a mapping with Resources, but the file has a {_KINDS.get(type(document), 'value')}"
    if "planned_values" in document or "terraform_version" in document:
        return (
            "it is a plan or state of Terraform, which is not read; give a template of CloudFormation or SAM"
        )
    if "provider" in document and ("functions" in document or "service" in document):
        return (
            "it is a file of the Serverless Framework, which only that framework can evaluate: "
            "run `serverless package` and give .serverless/cloudformation-template-update-stack.json"
        )
    if "artifacts" in document and "version" in document:
        return "it is the manifest of a CDK app's output; give its folder"
    keys = ", ".join(list(map(str, document))[:5]) or "nothing"
    return f"it is not a template of CloudFormation or SAM: it has no Resources (it has {keys})"


_KINDS: Final[dict[type, str]] = {list: "list", str: "text", int: "number", float: "number", bool: "boolean"}
