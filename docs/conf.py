"""The documentation's configuration."""

from __future__ import annotations

import dataclasses
import inspect
import re
from datetime import timedelta
from importlib.metadata import metadata
from typing import TYPE_CHECKING, Any

from sphinx.ext.napoleon import GoogleDocstring

if TYPE_CHECKING:
    from sphinx.application import Sphinx

package = metadata("eventmock")
project = package["Name"]
author = package["Author"]
version = release = package["Version"]
copyright = f"%Y, {author}"  # noqa: A001 - Sphinx names it so
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
default_role = "py:obj"
maximum_signature_line_length = 80
python_use_unqualified_type_names = True
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"{project} {version}"
html_static_path = ["static"]
html_css_files = ["eventmock.css"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "both"
autodoc_typehints_description_target = "documented"

MADE_BY_TESTS = {"DeliveryFailed", "HttpAnswer", "InputShape", "PatternSet"}
"""The classes whose objects a test makes itself. The library makes all others, so their signatures are not shown."""

SETTINGS = {"AppIntegrationsQuotas", "Delays", "Quotas"}
"""The classes whose attributes a test sets. The reference states their defaults."""


def setup(app: Sphinx) -> None:
    """Have docstrings and signatures shown as a user needs them."""
    app.connect("autodoc-process-signature", _leave_out_signature)
    app.connect("autodoc-process-docstring", _leave_out_arguments, priority=400)
    app.connect("autodoc-process-docstring", _add_defaults, priority=400)
    app.connect("autodoc-process-docstring", _read_property, priority=600)
    app.connect("autodoc-process-docstring", _show_types_beside_names, priority=600)


def _is_made_by_the_library(what: str, name: str) -> bool:
    return what in {"class", "exception"} and name.rpartition(".")[2] not in MADE_BY_TESTS


def _leave_out_signature(
    _app: Sphinx,
    what: str,
    name: str,
    _object: Any,
    _options: Any,
    signature: str | None,
    _returned: str | None,
) -> tuple[str, None] | None:
    """Return an empty signature for a class whose objects the library makes."""
    return ("", None) if signature and _is_made_by_the_library(what, name) else None


def _leave_out_arguments(
    _app: Sphinx, what: str, name: str, _object: Any, _options: Any, lines: list[str]
) -> None:
    """Leave out the arguments of a class whose objects the library makes."""
    if _is_made_by_the_library(what, name) and "Args:" in lines:
        start = lines.index("Args:")
        end = next((i for i in range(start + 1, len(lines)) if re.match(r"\S", lines[i])), len(lines))
        del lines[start:end]


def _add_defaults(
    _app: Sphinx, what: str, name: str, documented: Any, _options: Any, lines: list[str]
) -> None:
    """Add its default to the description of each setting."""
    if what != "class" or name.rpartition(".")[2] not in SETTINGS:
        return
    defaults = {field.name: field.default for field in dataclasses.fields(documented)}
    of_last = ""
    for i, line in enumerate([*lines, "    end: "]):
        found = re.match(r" {4}(\w+): ", line)
        if found is None:
            continue
        if of_last and defaults[of_last] is not None:
            last = next(j for j in reversed(range(i)) if lines[j])
            lines[last] += f" Default: {_in_words(defaults[of_last])}."
        of_last = found[1]


def _in_words(default: object) -> str:
    return f"{default.total_seconds():g} seconds" if isinstance(default, timedelta) else f"{default}"


def _read_property(  # noqa: PLR0913, PLR0917 - Sphinx calls it so
    app: Sphinx, what: str, name: str, documented: Any, options: Any, lines: list[str]
) -> None:
    """Read a property's docstring as a method's, since napoleon takes a colon in its first line for a type."""
    if what == "property":
        text = (inspect.getdoc(documented) or "").splitlines()
        lines[:] = GoogleDocstring(text, app.config, app, "method", name, documented, options).lines()


def _show_types_beside_names(
    _app: Sphinx, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]
) -> None:
    """Show the type of an attribute beside its name, as that of a property; napoleon puts it into a field below."""
    attribute = 0
    for i, line in enumerate(lines):
        if line.startswith(".. attribute:: "):
            attribute = i
        elif line.startswith("   :type: "):
            lines.insert(attribute + 1, lines.pop(i))
