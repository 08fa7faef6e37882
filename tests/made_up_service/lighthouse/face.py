"""The face of the made-up service."""

from typing import Final

from eventmock.services.service import Face
from eventmock.wire import AwsError, Operations


def _invalid_token(_operation, _has_expired):
    return AwsError("ValidationException", "The token is not valid.")


FACE: Final = Face(
    operations=Operations("lighthouse", {"lamps": ("create_lamp", "switch_lamp", "list_lamps")}),
    invalid_token=_invalid_token,
    coverage="lighthouse.coverage",
    mutants="lighthouse.mutants",
)
