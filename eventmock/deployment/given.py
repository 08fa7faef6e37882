"""What a test gives beside a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Given(NamedTuple):
    """What a test gives beside a template.

    Attributes:
        parameters: The values of parameters, by name.
        imports: The values of exports of stacks that are not deployed here, by the export's name.
        resolve: The values of dynamic references, by the reference without ``resolve:``, such as ``ssm:/shop/table``.
        in_moto: Whether the other resources of the template are made in moto.
    """

    parameters: Mapping[str, Any] = {}
    imports: Mapping[str, Any] = {}
    resolve: Mapping[str, str] = {}
    in_moto: bool = False
