"""The permissions for which AWS asks when a schedule or a subscriber makes a call of a service.

A call that a kind of target makes too is judged as that kind is, by the resource that its parameters name. For any
other call, neither the resource nor the service's condition keys are known: it is refused only if the role may not make
it on any resource, under any condition.

Documented: the action is the prefix of the service and the name of the operation. The prefix is the name by which
requests are signed, and the exceptions are below (both inferred from "Actions, resources, and condition keys for AWS
services" of the Service Authorization Reference). Not judged are services whose actions have other names than their
operations. Inferred: the error codes of services that no kind of target calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from eventmock.delivery.permissions.facts import Unknown
from eventmock.target_kinds import kind_of
from eventmock.target_kinds.kind import Need, Permission
from eventmock.values.arn import Arn
from eventmock.wire.installed_services import model_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventmock.target_kinds import ApiCall

ANY: Final = "*"
"""The resource of an action whose resource is not known."""
_PREFIXES: Final = {
    "IoTSecuredTunneling": "iot",
    "awsssoportal": "sso",
    "cloudcontrolapi": "cloudformation",
    "iot-jobs-data": "iotjobsdata",
    "iotdata": "iot",
    "monitoring": "cloudwatch",
    "mturk-requester": "mechanicalturk",
    "tagging": "tag",
}
"""The prefix of a service's actions, where it is not the name by which requests are signed."""
_ACTIONS: Final = {
    ("lambda", "Invoke"): "InvokeFunction",
    ("lambda", "InvokeAsync"): "InvokeFunction",
    ("lambda", "InvokeWithResponseStream"): "InvokeFunction",
    ("sns", "PublishBatch"): "Publish",
    ("sqs", "ChangeMessageVisibilityBatch"): "ChangeMessageVisibility",
    ("sqs", "DeleteMessageBatch"): "DeleteMessage",
    ("sqs", "SendMessageBatch"): "SendMessage",
}
"""The names of actions that are not those of their operations, by boto3's name of the service and the operation."""
_NAMED_OTHERWISE: Final = frozenset(
    {
        "apigateway",
        "apigatewaymanagementapi",
        "apigatewayv2",
        "bedrock-runtime",
        "budgets",
        "eventbridgev2",
        "neptunedata",
        "s3",
        "s3control",
    }
)
"""The services that have many actions of other names than their operations."""
_STATEMENTS: Final = frozenset(
    {"BatchExecuteStatement", "ExecuteStatement", "ExecuteTransaction", "TransactWriteItems"}
)
"""The operations of DynamoDB that need the actions for what their statements do."""
_RESOURCES: Final = {
    ("codebuild", "StartBuild"): ("projectName", "codebuild", "project/"),
    ("codepipeline", "StartPipelineExecution"): ("name", "codepipeline", ""),
    ("ecs", "RunTask"): ("cluster", "ecs", "cluster/"),
    ("firehose", "PutRecord"): ("DeliveryStreamName", "firehose", "deliverystream/"),
    ("firehose", "PutRecordBatch"): ("DeliveryStreamName", "firehose", "deliverystream/"),
    ("inspector", "StartAssessmentRun"): ("assessmentTemplateArn", "inspector", ""),
    ("kinesis", "PutRecord"): ("StreamName", "kinesis", "stream/"),
    ("kinesis", "PutRecords"): ("StreamName", "kinesis", "stream/"),
    ("lambda", "Invoke"): ("FunctionName", "lambda", "function:"),
    ("sagemaker", "StartPipelineExecution"): ("PipelineName", "sagemaker", "pipeline/"),
    ("sns", "Publish"): ("TopicArn", "sns", ""),
    ("sns", "PublishBatch"): ("TopicArn", "sns", ""),
    ("stepfunctions", "StartExecution"): ("stateMachineArn", "states", "stateMachine:"),
    ("stepfunctions", "StartSyncExecution"): ("stateMachineArn", "states", "stateMachine:"),
}
"""The parameter that names the resource of a call, by its ARN or name; and the ARN's service and beginning of it.

By boto3's name of the service and the operation.
"""


class Asked(NamedTuple):
    """What AWS asks of a role that makes a call.

    Attributes:
        arn: The ARN of the resource; that of the target if the resource is not known.
        permission: The permission.
        needs: The actions.
    """

    arn: Arn
    permission: Permission
    needs: tuple[Need, ...]


def asked_by(call: ApiCall, target: Arn) -> Iterator[Asked]:
    """Yield what AWS asks of the role by which a schedule or a subscriber makes a call: for PutEvents, of each bus.

    Args:
        call: The call.
        target: The ARN of the target.

    Raises:
        Unknown: The action is not known.
    """
    if call.service == "events" and call.operation == "PutEvents":
        yield from _of_events(call, target)
        return
    arn = _resource(call, target)
    kind = None if arn is None else kind_of(arn)
    if arn is None or kind is None or kind.permission is None:
        action, permission = _of_service(call)
        yield Asked(target, permission, (Need(action, ANY),))
    elif call.service == "ecs":
        yield Asked(arn, kind.permission, (_of_task(call, arn),))
    else:
        yield Asked(arn, kind.permission, (Need(_action(call, arn.service), str(arn)),))


def _of_events(call: ApiCall, target: Arn) -> Iterator[Asked]:
    """Yield what is asked for the entries of PutEvents. ``events:eventBusInvocation`` is false for it (recorded)."""
    by_bus: dict[Arn, list[Need]] = {}
    for entry in call.parameters.get("Entries", ()):
        bus = _named(entry.get("EventBusName") or "default", call, target, "events", "event-bus/")
        context = {
            "events:detail-type": str(entry.get("DetailType", "")),
            "events:eventBusInvocation": "false",
            "events:source": str(entry.get("Source", "")),
        }
        by_bus.setdefault(bus, []).append(Need("events:PutEvents", str(bus), context))
    for bus, needs in by_bus.items():
        kind = kind_of(bus)
        if kind is None or kind.permission is None:
            raise Unknown(f"the permission to put events on {bus}")
        yield Asked(bus, kind.permission, tuple(needs))


def _of_task(call: ApiCall, cluster: Arn) -> Need:
    """Return the action on the task definition, which may be named without its ARN."""
    given = str(call.parameters.get("taskDefinition", ""))
    definition = Arn.parse(given) or cluster._replace(resource=f"task-definition/{given}")
    return Need("ecs:RunTask", str(definition), {"ecs:cluster": str(cluster)})


def _resource(call: ApiCall, target: Arn) -> Arn | None:
    """Return the ARN of the resource of a call that a kind of target makes too; None for another call."""
    parameters: Mapping[str, Any] = call.parameters
    if call.service == "sqs" and call.operation in ("SendMessage", "SendMessageBatch"):
        account, _, name = urlsplit(str(parameters.get("QueueUrl"))).path.strip("/").partition("/")
        return target._replace(service="sqs", region=call.region, account=account, resource=name)
    found = _RESOURCES.get((call.service, call.operation))
    if found is None:
        return None
    member, service, prefix = found
    value = parameters.get("StreamARN") or parameters.get(member)
    if value is None and call.service == "ecs":
        value = "default"
    arn = None if value is None else _named(str(value), call, target, service, prefix)
    qualifier = parameters.get("Qualifier")
    if arn is None or qualifier is None:
        return arn
    return arn._replace(resource=f"{arn.resource}:{qualifier}")


def _named(given: str, call: ApiCall, target: Arn, service: str, prefix: str) -> Arn:
    """Return the ARN of a resource that a parameter names by its ARN or by its name.

    Args:
        given: The value of the parameter.
        call: The call.
        target: The ARN of the target, for its partition.
        service: The service in the ARN.
        prefix: The beginning of the resource in the ARN.
    """
    place = target._replace(service=service, region=call.region, account=call.account)
    return Arn.parse(given) or place._replace(resource=f"{prefix}{given}")


def _action(call: ApiCall, prefix: str) -> str:
    return f"{prefix}:{_ACTIONS.get((call.service, call.operation), call.operation)}"


def _of_service(call: ApiCall) -> tuple[str, Permission]:
    """Return the action that a call needs, and the permission with the error code of its service.

    Raises:
        Unknown: The action is not known.
    """
    is_statement = call.service == "dynamodb" and call.operation in _STATEMENTS
    if call.service in _NAMED_OTHERWISE or is_statement:
        raise Unknown(f"the action that {call.service} {call.operation} needs")
    model = model_of(call.service)
    action = _action(call, _PREFIXES.get(model.signing_name, model.signing_name))
    if call.service == "ec2":
        return action, Permission(action, "AmazonEC2", "UnauthorizedOperation", 403)
    is_xml = model.metadata["protocol"] in ("query", "rest-xml")
    return action, Permission(action, "", "AccessDenied" if is_xml else "AccessDeniedException")
