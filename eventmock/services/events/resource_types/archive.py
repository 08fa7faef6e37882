"""``AWS::Events::Archive``: CreateArchive, UpdateArchive.

Source: templates section 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.resource_properties import members_of, without_later
from eventmock.services.resource_type import Caller, Made, ResourceType

if TYPE_CHECKING:
    from collections.abc import Mapping


EVERY_EVENT: Final = '{"source":[{"prefix":""}]}'
"""The pattern of an archive that loses its own: UpdateArchive can change a pattern, but cannot remove it (inferred)."""
_LATER: Final = ("KmsKeyIdentifier",)
"""The properties that botocore 1.34 does not know."""


class ArchiveType(ResourceType):
    """Archives."""

    name = "AWS::Events::Archive"
    name_property = "ArchiveName"
    name_limit = 48
    replaced_by = frozenset({"ArchiveName", "EventSourceArn"})
    blamed: ClassVar = {
        "InvalidEventPatternException": "EventPattern",
        "ResourceAlreadyExistsException": "ArchiveName",
    }

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        shape = caller.input_of("CreateArchive")
        return members_of(
            shape,
            without_later(caller, self.name, shape, properties, _LATER),
            documents={"EventPattern"},
            optional={"ArchiveName"},
            renamed={"EventSourceArn": "SourceArn"},
        )

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        arn = caller.call("CreateArchive", {**properties, "ArchiveName": name})["ArchiveArn"]
        return Made(name, name, arn, {"Arn": arn, "ArchiveName": name})

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        left_out = {
            "Description": "",
            "EventPattern": EVERY_EVENT,
            "KmsKeyIdentifier": "",
            "RetentionDays": 0,
        }
        reset = {name: value for name, value in left_out.items() if name in old and name not in new}
        changed = {
            name: value for name, value in new.items() if name not in ("EventSourceArn", "ArchiveName")
        }
        if changed or reset:
            caller.call("UpdateArchive", {**changed, **reset, "ArchiveName": made.name})
        return made

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: ARG002, D102 - inherited
        caller.remove("DeleteArchive", {"ArchiveName": made.name})


TYPE: Final = ArchiveType()
