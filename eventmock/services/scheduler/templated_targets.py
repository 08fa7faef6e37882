"""Templated targets: the kinds of targets for which EventBridge Scheduler makes the call itself, and each call.

Source: scheduler section 11. Documented: the operations, and which parameter block belongs to which. Recorded: the body
for SQS; CodePipeline gets the name of the pipeline only. Observed: how ``startedBy`` of ECS begins. Inferred: all other
members; that ECS, CodeBuild, SageMaker and Inspector get no notification; the operations of custom event buses, which
the service model names only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.target_kinds import ApiCall, InvalidRequest, InvokedTarget

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.history.schedule_delivery import Execution

PUT_EVENTS_V2: Final = "EventBridgePutEventsV2Parameters"
PUT_RAW_EVENTS: Final = "EventBridgePutRawEventsParameters"
LONGEST_STARTED_BY: Final = 128
"""The most characters of ``startedBy`` (documented: RunTask)."""


@dataclass(slots=True, kw_only=True)
class ScheduledInvocation(InvokedTarget):
    """An attempt to invoke the target of a schedule, of which the call is made.

    Attributes:
        body: The Input with its attributes replaced, or the notification if there is no Input.
        has_input: Whether the target has an Input.
        execution: The attempt.
    """

    has_input: bool
    execution: Execution

    def block(self, name: str) -> Mapping[str, Any]:
        """Return a parameter block of the target; empty if there is none."""
        found: Mapping[str, Any] = self.target.get(name, {})
        return found


class Failures(NamedTuple):
    """Where the answer of an operation has what has failed.

    Attributes:
        member: The member that is a list of results, or of failures.
        code: The member of an item that has the code of its failure; an item without it has succeeded.
        text: The member of an item that has the text of its failure.
    """

    member: str
    code: str
    text: str


_ENTRIES: Final = Failures("Entries", "ErrorCode", "ErrorMessage")


class Templated(NamedTuple):
    """How schedules invoke the targets of a kind.

    Attributes:
        call: A function that makes the call.
        blocks: The parameter blocks that belong to the kind.
        needs_block: Whether a target must have one of these blocks.
        wants_json: Whether the Input must be JSON.
        gets_notification: Whether a target without Input gets a notification.
        ignores_input: Whether no part of the Input is in the call.
        failures: The member of the answer that has what has failed, and its members with the code and the text.
    """

    call: Callable[[ScheduledInvocation], ApiCall]
    blocks: tuple[str, ...] = ()
    needs_block: bool = False
    wants_json: bool = False
    gets_notification: bool = True
    ignores_input: bool = False
    failures: Failures | None = None


def _send_message(invocation: ScheduledInvocation) -> ApiCall:
    from eventmock.target_kinds.sqs_queue import queue_url

    parameters = {
        "QueueUrl": queue_url(invocation.arn),
        "MessageBody": invocation.body,
        "MessageGroupId": invocation.block("SqsParameters").get("MessageGroupId"),
    }
    return invocation.call("sqs", "SendMessage", parameters)


def _publish(invocation: ScheduledInvocation) -> ApiCall:
    return invocation.call("sns", "Publish", {"TopicArn": str(invocation.arn), "Message": invocation.body})


def _invoke(invocation: ScheduledInvocation) -> ApiCall:
    parameters = {
        "FunctionName": str(invocation.arn),
        "InvocationType": "Event",
        "Payload": _bytes(invocation),
    }
    return invocation.call("lambda", "Invoke", parameters)


def _start_execution(invocation: ScheduledInvocation) -> ApiCall:
    parameters = {"stateMachineArn": str(invocation.arn), "input": invocation.body}
    return invocation.call("stepfunctions", "StartExecution", parameters)


def _put_events(invocation: ScheduledInvocation) -> ApiCall:
    entry = {"EventBusName": str(invocation.arn)} | _entry(invocation, "EventBridgeParameters")
    return invocation.call("events", "PutEvents", {"Entries": [entry]})


def _put_events_on_custom_bus(invocation: ScheduledInvocation) -> ApiCall:
    bus = str(invocation.arn)
    if PUT_RAW_EVENTS not in invocation.target:
        entries = [_entry(invocation, PUT_EVENTS_V2)]
        return invocation.call("eventbridgev2", "PutEvents", {"EventBusArn": bus, "Entries": entries})
    raw = {
        "Data": _bytes(invocation),
        **invocation.block(PUT_RAW_EVENTS),
        "SystemMetadata": {"ContentType": "application/json"},
    }
    return invocation.call("eventbridgev2", "PutRawEvents", {"EventBusArn": bus, "Entries": [raw]})


def _entry(invocation: ScheduledInvocation, block: str) -> dict[str, Any]:
    return {**invocation.block(block), "Detail": invocation.body}


def _put_to_kinesis(invocation: ScheduledInvocation) -> ApiCall:
    parameters = {
        "StreamARN": str(invocation.arn),
        "PartitionKey": invocation.block("KinesisParameters").get("PartitionKey"),
        "Data": _bytes(invocation),
    }
    return invocation.call("kinesis", "PutRecord", parameters)


def _put_to_firehose(invocation: ScheduledInvocation) -> ApiCall:
    parameters = {"DeliveryStreamName": invocation.name, "Record": {"Data": _bytes(invocation)}}
    return invocation.call("firehose", "PutRecord", parameters)


def _run_task(invocation: ScheduledInvocation) -> ApiCall:
    from eventmock.target_kinds.camel_case import camel_case
    from eventmock.target_kinds.ecs_task import overrides_of

    block = dict(invocation.block("EcsParameters"))
    tags = [tag for one in block.pop("Tags", ()) for tag in _tags(one)]
    given = camel_case(block)
    parameters = {
        "cluster": str(invocation.arn),
        "taskDefinition": given.pop("taskDefinitionArn"),
        "count": given.pop("taskCount", 1),
        "startedBy": f"chronos-schedule/{invocation.execution.schedule_name}"[:LONGEST_STARTED_BY],
        "overrides": overrides_of(invocation) if invocation.has_input else None,
        "tags": tags or None,
        **given,
    }
    return invocation.call("ecs", "RunTask", parameters)


def _tags(given: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the tags of an item of ``EcsParameters.Tags``: a pair of key and value, or a map of such pairs."""
    named = {name.lower(): value for name, value in given.items()}
    if named.keys() == {"key", "value"}:
        return [named]
    return [{"key": name, "value": value} for name, value in given.items()]


def _start_build(invocation: ScheduledInvocation) -> ApiCall:
    try:
        given = invocation.json_object if invocation.has_input else {}
    except InvalidRequest:
        given = {}
    return invocation.call("codebuild", "StartBuild", {**given, "projectName": invocation.name})


def _start_pipeline_of_code(invocation: ScheduledInvocation) -> ApiCall:
    return invocation.call("codepipeline", "StartPipelineExecution", {"name": invocation.arn.resource})


def _start_pipeline_of_models(invocation: ScheduledInvocation) -> ApiCall:
    parameters = {
        "PipelineName": invocation.name,
        "PipelineParameters": invocation.block("SageMakerPipelineParameters").get("PipelineParameterList"),
        "ClientRequestToken": invocation.execution.id,
    }
    return invocation.call("sagemaker", "StartPipelineExecution", parameters)


def _start_assessment_run(invocation: ScheduledInvocation) -> ApiCall:
    parameters = {"assessmentTemplateArn": str(invocation.arn)}
    return invocation.call("inspector", "StartAssessmentRun", parameters)


def _bytes(invocation: ScheduledInvocation) -> bytes:
    return invocation.body.encode(errors="replace")


TEMPLATED: Final[Mapping[str, Templated]] = {
    "CodeBuild project": Templated(_start_build, gets_notification=False),
    "CodePipeline pipeline": Templated(_start_pipeline_of_code, gets_notification=False, ignores_input=True),
    "Custom Event Bus": Templated(
        _put_events_on_custom_bus,
        (PUT_EVENTS_V2, PUT_RAW_EVENTS),
        needs_block=True,
        wants_json=True,
        failures=_ENTRIES,
    ),
    "ECS task": Templated(
        _run_task,
        ("EcsParameters",),
        needs_block=True,
        gets_notification=False,
        failures=Failures("failures", "reason", "detail"),
    ),
    "Firehose stream": Templated(_put_to_firehose),
    "Inspector assessment template": Templated(_start_assessment_run, gets_notification=False),
    "Kinesis stream": Templated(_put_to_kinesis, ("KinesisParameters",), needs_block=True),
    "Lambda function": Templated(_invoke, wants_json=True),
    "SNS topic": Templated(_publish),
    "SQS FIFO queue": Templated(_send_message, ("SqsParameters",), needs_block=True),
    "SQS queue": Templated(_send_message, ("SqsParameters",)),
    "SageMaker pipeline": Templated(
        _start_pipeline_of_models, ("SageMakerPipelineParameters",), gets_notification=False
    ),
    "Step Functions state machine": Templated(_start_execution, wants_json=True),
    "event bus": Templated(
        _put_events, ("EventBridgeParameters",), needs_block=True, wants_json=True, failures=_ENTRIES
    ),
}
"""The kinds of templated targets, by the name of the kind (`eventmock.target_kinds`)."""
