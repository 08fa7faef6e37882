"""How long the deployment of a template of 1,000 lines takes, and what a deployment costs each test of a session.

    python benchmarks/deploy.py [--turns N]

A template in YAML with a bus, an archive, and rules with patterns, targets, queues, permissions and intrinsic
functions, about 1,000 lines. Prints the CPU milliseconds of:

- the first deployment of a process, imports included;
- a later deployment, into a new mock, the best and the median of the turns: at most 60 ms;
- its parts: reading the file, and all the rest;
- the same template as JSON;
- a snapshot that is restored after each test of a session that shares one deployment: at most 1 ms a test.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from eventmock import mock_events

if TYPE_CHECKING:
    from collections.abc import Callable

LINES: Final = 1_000
TARGET: Final = 60.0
TARGET_A_TEST: Final = 1.0
TESTS: Final = 200
HEAD: Final = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage:
    Type: String
    Default: test
Conditions:
  IsProduction: !Equals [!Ref Stage, production]
Resources:
  Bus:
    Type: AWS::Events::EventBus
    Properties:
      Name: !Sub "orders-${Stage}"
  History:
    Type: AWS::Events::Archive
    Properties:
      SourceArn: !GetAtt Bus.Arn
      RetentionDays: !If [IsProduction, 30, 1]
"""
RULE: Final = """\
  Rule{number}:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      Description: !Sub "rule {number} of ${{AWS::StackName}}"
      EventPattern:
        source: [shop]
        detail-type: [order-{number}]
        detail:
          state: [PAID, SENT]
          total: [{{numeric: [">", {number}]}}]
      Targets:
        - Id: queue
          Arn: !GetAtt Queue{number}.Arn
          InputTransformer:
            InputPathsMap:
              id: $.detail.id
            InputTemplate: '{{"id": "<id>"}}'
  Queue{number}:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Join ["-", [!Ref Stage, queue, "{number}"]]
"""


def template() -> str:
    """Return a template of about 1,000 lines."""
    count = (LINES - HEAD.count("\n")) // RULE.count("\n")
    return HEAD + "".join(RULE.format(number=number) for number in range(count))


def cpu_ms(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1e3


def deploy(given: Any) -> float:
    with mock_events() as backend:
        return cpu_ms(lambda: backend.deploy(given, stack="shop"))


def told(name: str, values: list[float], target: float | None = None) -> None:
    best, median = min(values), statistics.median(values)
    verdict = "" if target is None else f"  at most {target:g}: {'met' if best <= target else 'NOT MET'}"
    print(f"{name:<48} best {best:8.2f} ms   median {median:8.2f} ms{verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=15)
    turns = parser.parse_args().turns
    with tempfile.TemporaryDirectory() as folder:
        path, as_json = Path(folder, "template.yaml"), Path(folder, "template.json")
        path.write_text(template(), encoding="utf-8")
        print(f"{path.read_text(encoding='utf-8').count(chr(10)):,} lines")
        told("first deployment of the process", [deploy(path)])
        from eventmock.templates.source import read_source

        document = read_source(path).document
        as_json.write_text(json.dumps(document, indent=1), encoding="utf-8")
        told("later deployments, YAML", [deploy(path) for _ in range(turns)], TARGET)
        told("  of it, reading the file", [cpu_ms(lambda: read_source(path)) for _ in range(turns)])
        told("later deployments, JSON", [deploy(as_json) for _ in range(turns)])
        with mock_events() as backend:
            backend.deploy(path, stack="shop")
            client, snapshot = backend.client(), backend.snapshot()
            entry = {
                "EventBusName": "orders-test",
                "Source": "shop",
                "DetailType": "order-1",
                "Detail": '{"state": "PAID", "total": 30, "id": "7"}',
            }
            taken, restored = [], []
            for _ in range(TESTS):
                client.put_events(Entries=[entry])
                restored.append(cpu_ms(lambda: backend.restore(snapshot)))
                taken.append(cpu_ms(backend.snapshot))
        told("snapshot of the deployment", taken)
        told("restoring it after a test", restored, TARGET_A_TEST)


if __name__ == "__main__":
    main()
