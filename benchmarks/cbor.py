"""What our codec of CBOR costs beside botocore's.

    python benchmarks/cbor.py

The body of PutEvents with 100 entries, some 25 kB, is read and written by both, in turns. The target is at most the CPU
time of botocore's.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer

from eventmock.wire.cbor import decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable

TARGET: Final = 1
TURNS: Final = 9
CALLS: Final = 50
ENTRY: Final = {
    "Source": "shop",
    "DetailType": "order",
    "Detail": '{"state": "PAID", "note": "' + "x" * 120 + '"}',
    "Time": datetime(2026, 9, 1, 0, 0, 0, 500_000, tzinfo=UTC),
    "SystemMetadata": {"EventGroupId": "group"},
}
MEMBERS: Final = {"EventBusArn": "arn", "Entries": [ENTRY] * 100}


def main() -> None:
    model = ServiceModel(Loader().load_service_model("eventbridgev2", "service-2"), "eventbridgev2")
    operation = model.operation_model("PutEvents")
    serializer, parser = RpcV2CBORSerializer(), RpcV2CBORParser()
    body = serializer.serialize_to_request(MEMBERS, operation)["body"]
    assert encode(MEMBERS) == body
    assert decode(body) == parser._initial_body_parse(body)

    def written() -> Any:
        serializer._serialize_data_item(bytearray(), MEMBERS, operation.input_shape)

    for what, ours, theirs in (
        ("read", lambda: decode(body), lambda: parser._initial_body_parse(body)),
        ("written", lambda: encode(MEMBERS), written),
    ):
        ratios = sorted(seconds(ours) / seconds(theirs) for _ in range(TURNS))
        verdict = "met" if median(ratios) <= TARGET else "NOT MET"
        print(
            f"{len(body):,} bytes of CBOR {what:<8}{median(ratios):.2f} times the CPU of botocore's "
            f"({ratios[0]:.2f} to {ratios[-1]:.2f}), at most {TARGET}: {verdict}",
            flush=True,
        )


def seconds(function: Callable[[], Any]) -> float:
    """CPU seconds of some calls."""
    start = time.process_time()
    for _ in range(CALLS):
        function()
    return time.process_time() - start


if __name__ == "__main__":
    main()
