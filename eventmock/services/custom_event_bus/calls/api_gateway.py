"""APIs of API Gateway: one signed request for a batch. The headers of the signature are left out here.

Source: custom-event-bus sections 7.2 and 9.2. Documented: the parameters; binary data under RAW arrive as bytes.
Inferred: of several events, the parameters are those of the first; within an array, binary data are base64.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.target_kinds.api_gateway import request_of

if TYPE_CHECKING:
    from eventmock.services.custom_event_bus.calls.batch import Batch
    from eventmock.target_kinds.http_call import HttpCall


def call_of(batch: Batch) -> HttpCall:
    """Return the request.

    Raises:
        InvalidRequest: The parameters do not fit the path.
    """
    data = batch.entries[0].made.data if batch.is_single else batch.json.encode(errors="replace")
    return request_of(
        batch.arn,
        batch.parameters,
        data,
        source_arn=batch.subscriber.arn,
        region=batch.subscriber.region,
        account=batch.subscriber.account,
    )
