"""What tests share."""

from __future__ import annotations

import pytest

ORDER = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "PAID"}'}


@pytest.fixture
def order():
    """An entry for PutEvents."""
    return dict(ORDER)


@pytest.fixture
def events(events_backend):
    """A client of the mocked service."""
    return events_backend.client()


@pytest.fixture
def error_of():
    """A function that calls and gives the code and message AWS answers with."""
    from botocore.exceptions import ClientError

    def error_of(call, **members):
        with pytest.raises(ClientError) as caught:
            call(**members)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    return error_of
