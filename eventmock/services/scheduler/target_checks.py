"""The checks of the target of a schedule, in their order, and AWS's words for each.

Source: scheduler section 5.1. Recorded: the text for an ARN that is not in the correct format; what is let through
(text that is not JSON for SQS and CodePipeline, a pipeline of another account, no Input). Observed: the other texts, of
some only the beginning; the ends are inferred. Inferred, too: the order; the texts for missing blocks other than that
of a FIFO queue; a universal target of another partition or in another spelling is not in the correct format.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NoReturn

from eventmock.services.scheduler import errors
from eventmock.services.scheduler.target import kind_of_target
from eventmock.services.scheduler.templated_targets import TEMPLATED
from eventmock.target_kinds import kinds_of
from eventmock.target_kinds.universal_target import KIND as UNIVERSAL, READING
from eventmock.values.arn import Arn, partition_of
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.target_kinds import TargetKind
    from eventmock.wire import AwsError

    Members = Mapping[str, Any]


def check_target(members: Members, region: str) -> None:
    """Check the target of a schedule, which fulfils the constraints of the service model.

    Args:
        members: The members of the target, as in CreateSchedule.
        region: The region of the schedule.

    Raises:
        AwsError: AWS would refuse the target.
    """
    arn, kind = _check_arn(members["Arn"], region)
    _check_blocks(members, kind)
    if kind is UNIVERSAL:
        _check_action(arn)
    else:
        _check_sqs(members, kind)
        _check_ecs(members)
    _check_input(members, kind)


def _check_arn(text: str, region: str) -> tuple[Arn, TargetKind]:
    """Return the ARN of a target in its parts, and its kind.

    Raises:
        AwsError: The text is not an ARN, schedules have no target of its service, the resource has another form, or the
            region or the partition is not that of the schedule.
    """
    arn = Arn.parse(text)
    if arn is None:
        raise _not_in_format()
    if not _is_service_of_targets(arn):
        raise errors.invalid(
            f"{arn.service} is not a supported service for a target.",
            hint=f"any API can be called by a universal target: {_universal_example(region)}",
        )
    kind = kind_of_target(arn)
    if kind is None:
        raise _not_in_format(_advice_on_form(arn, region))
    if arn.region not in ("", region):
        raise errors.invalid(f"The target ARN provided does not match the current region {region}.")
    if arn.partition != partition_of(region):
        raise _not_in_format(f"the partition of {region} is {partition_of(region)}")
    return arn, kind


def _is_service_of_targets(arn: Arn) -> bool:
    """Return whether schedules can have the service of an ARN as target. That of universal targets has no place."""
    if arn.service == UNIVERSAL.service:
        return not arn.region and not arn.account
    return any(kind.name in TEMPLATED for kind in kinds_of(arn.service))


def _advice_on_form(arn: Arn, region: str) -> str:
    """Return advice for the tester about an ARN that is not in the correct format."""
    if arn.service == UNIVERSAL.service:
        return (
            "the service is in small letters without separators, and the action begins with a small letter: "
            f"{_universal_example(region)}"
        )
    kinds = [kind.name for kind in kinds_of(arn.service) if kind.name in TEMPLATED]
    return f"of {arn.service}, schedules invoke: {', '.join(kinds)}"


def _universal_example(region: str) -> str:
    return f"arn:{partition_of(region)}:scheduler:::aws-sdk:sqs:sendMessage"


def _check_blocks(members: Members, kind: TargetKind) -> None:
    """Check the parameter blocks of a target.

    Raises:
        AwsError: A block belongs to another kind of target, or the kind needs one that is missing.
    """
    templated = TEMPLATED.get(kind.name)
    blocks = () if templated is None else templated.blocks
    given = [name for name in members if name.endswith("Parameters")]
    for name in given:
        if name not in blocks:
            raise _not_supported(name)
    if templated is not None and templated.needs_block and not given:
        hint = "a FIFO queue needs its MessageGroupId" if kind.name == "SQS FIFO queue" else ""
        raise errors.invalid(f"Parameters {blocks[0]} must be specified for the target.", hint)


def _check_sqs(members: Members, kind: TargetKind) -> None:
    """Check the message group of a queue.

    Raises:
        AwsError: A FIFO queue has no group, or another queue has one.
    """
    if "SqsParameters" not in members:
        return
    has_group = "MessageGroupId" in members["SqsParameters"]
    if kind.name == "SQS queue" and has_group:
        hint = "only a FIFO queue has message groups; the name of one ends with .fifo"
        raise errors.invalid("Parameters MessageGroupId not valid for the target.", hint)
    if kind.name == "SQS FIFO queue" and not has_group:
        raise errors.invalid("Parameters MessageGroupId must be specified for the target.")


def _check_ecs(members: Members) -> None:
    """Check the parameters of a task.

    Raises:
        AwsError: The launch type is FARGATE, and there is no network configuration.
    """
    task = members.get("EcsParameters", {})
    if task.get("LaunchType") == "FARGATE" and "NetworkConfiguration" not in task:
        raise errors.invalid(
            "Parameter NetworkConfiguration must be specified for the target when launch type is FARGATE"
        )


def _check_action(arn: Arn) -> None:
    """Check the action of a universal target.

    Raises:
        AwsError: The action only reads.
    """
    action = arn.resource.rpartition(":")[2]
    if READING.fullmatch(action):
        raise errors.invalid(
            f"{action} API is not supported.", hint="universal targets call no action that only reads"
        )


def _check_input(members: Members, kind: TargetKind) -> None:
    """Check the Input of a target: the text as it was given, with its attributes.

    Raises:
        AwsError: The kind wants JSON, and the Input is another text; or a universal target has no Input.
    """
    text, templated = members.get("Input"), TEMPLATED.get(kind.name)
    if text is None:
        if templated is None:
            raise errors.invalid("You must provide an input to set this target for your schedule.")
        return
    if templated is not None and not templated.wants_json:
        return
    try:
        value = loads(text, _JSON)
    except ValueError as error:
        raise _no_json(f"the Input is not JSON: {error}") from None
    if templated is None and not isinstance(value, dict):
        raise _no_json("the Input of a universal target is a JSON object: the parameters of the API call")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_JSON: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def _not_in_format(hint: str = "") -> AwsError:
    return errors.invalid("Provided Arn is not in correct format.", hint)


def _not_supported(name: str) -> AwsError:
    return errors.invalid(f"Parameters {name} not supported for the target.")


def _no_json(hint: str) -> AwsError:
    return errors.invalid("JSON syntax error in input for the target.", hint)
