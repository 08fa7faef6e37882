"""What a PutEvents call costs: one entry, one rule that matches, one target.

    python benchmarks/put_events.py

Measured side by side in one process, in turns, because machines are noisy: the same boto3 call

- with botocore's send replaced by a constant answer, everything above it (signing too) as ever: the floor;
- answered by eventmock, delivering to a function;
- answered by moto, delivering to an SQS queue of moto's (moto calls no functions).

Prints medians, and the ratio of each to the floor as the median of the ratios of the turns.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import statistics
import time
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session

from eventmock import mock_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENTRIES = [{"Source": "shop", "DetailType": "order", "Detail": '{"state": "PAID", "total": 30}'}]
PATTERN = '{"source": ["shop"], "detail": {"state": ["PAID"]}}'
ANSWER = b'{"FailedEntryCount":0,"Entries":[{"EventId":"0f7a1f0e-7d3c-4a53-8a3c-6a5b8f1f3f10"}]}'


class RawBody(io.BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def answer_constantly(_session: URLLib3Session, request: Any) -> AWSResponse:
    headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": "id"}
    return AWSResponse(request.url, 200, headers, RawBody(ANSWER))


@contextlib.contextmanager
def constant_answer() -> Iterator[Callable[[], Any]]:
    send = URLLib3Session.send
    URLLib3Session.send = answer_constantly
    try:
        yield putter()
    finally:
        URLLib3Session.send = send


@contextlib.contextmanager
def by_eventmock() -> Iterator[Callable[[], Any]]:
    with mock_events() as backend:
        put = putter()
        boto3.client("events", region_name="us-east-1").put_rule(Name="r", EventPattern=PATTERN)
        backend.target("r", lambda _event: None)
        put()
        assert backend.deliveries[0].status == "delivered"
        yield put


@contextlib.contextmanager
def by_moto() -> Iterator[Callable[[], Any]]:
    from moto import mock_aws

    with mock_aws():
        put = putter()
        events = boto3.client("events", region_name="us-east-1")
        sqs = boto3.client("sqs", region_name="us-east-1")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        events.put_rule(Name="r", EventPattern=PATTERN)
        target = {"Id": "t", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}
        events.put_targets(Rule="r", Targets=[target])
        put()
        assert sqs.receive_message(QueueUrl=url)["Messages"]
        yield put


def putter() -> Callable[[], Any]:
    session = boto3.Session(aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret")
    client = session.client("events", region_name="us-east-1")
    return lambda: client.put_events(Entries=ENTRIES)


def seconds_per_call(call: Callable[[], Any], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=30)
    parser.add_argument("--calls", type=int, default=50, help="calls a turn")
    arguments = parser.parse_args()
    ways = {"constant answer": constant_answer, "eventmock": by_eventmock, "moto": by_moto}
    measured: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(arguments.turns):
        for name, way in ways.items():
            with way() as call:
                seconds_per_call(call, 5)
                measured[name].append(seconds_per_call(call, arguments.calls))
    floor = measured["constant answer"]
    print(f"{'PutEvents, 1 entry, 1 rule, 1 target':<40}{'median':>12}{'to the floor':>15}")
    for name, seconds in measured.items():
        ratio = statistics.median(one / other for one, other in zip(seconds, floor, strict=True))
        print(f"{name:<40}{statistics.median(seconds) * 1e6:>9.0f} us{ratio:>14.2f}x")


if __name__ == "__main__":
    main()
