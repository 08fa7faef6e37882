"""The face of the made-up service."""

from typing import Final

from eventmock.services.service import Face
from eventmock.wire import AwsError
from lighthouse import lamps


def _invalid_token(_operation, _has_expired):
    return AwsError("ValidationException", "The token is not valid.")


FACE: Final = Face(modules=(lamps,), invalid_token=_invalid_token)
