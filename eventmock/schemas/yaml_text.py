"""Schemas in YAML, as JSON values. PyYAML reads them, which the extra ``eventmock[templates]`` installs."""

from __future__ import annotations

from typing import Any, Final

from eventmock.exceptions import SchemaError

_PREFIX: Final = "tag:yaml.org,2002:"


def read_yaml(text: str, place: str) -> Any:
    """Return the values of a YAML document. Dates stay texts; of the words for true and false only those of JSON count.

    Raises:
        SchemaError: PyYAML is not installed, or the text is not one YAML document.
    """
    try:
        import yaml
    except ModuleNotFoundError:
        raise SchemaError(
            place, "YAML is read by PyYAML, which is not installed: pip install 'eventmock[templates]'"
        ) from None

    resolvers = {
        first: [
            (tag, form)
            for tag, form in known
            if tag != f"{_PREFIX}timestamp" and (tag != f"{_PREFIX}bool" or first in "tTfF")
        ]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    loader: Any = type("SchemaLoader", (yaml.SafeLoader,), {"yaml_implicit_resolvers": resolvers})
    try:
        return yaml.load(text, loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = "" if error.problem_mark is None else f" at line {error.problem_mark.line + 1}"
        raise SchemaError(place, f"it is not valid YAML{line}: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise SchemaError(place, f"it is not valid YAML: {error}") from None
