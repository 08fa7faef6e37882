"""The checks of the parameter block of a subscriber's target, in their order.

AWS treats the blocks as sensitive, so no text has a value or a key of one.
Source: custom-event-bus sections 8.3 and 9.2. Documented: what is refused; the texts for a block of another target, for
a missing block of a universal target and for the timeout of API destinations; that an MSK cluster needs its block, and
what a topic may be called; what the target itself may refuse is not checked. Inferred: the other texts, which name the
member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.services.custom_event_bus import errors
from eventmock.services.custom_event_bus.calls.msk_cluster import is_topic
from eventmock.services.custom_event_bus.expressions import check, is_expression
from eventmock.services.custom_event_bus.kinds import KINDS, MEBIBYTE
from eventmock.services.custom_event_bus.universal_target_checks import check_universal_input
from eventmock.target_kinds.msk_cluster import KIND as MSK_CLUSTER
from eventmock.target_kinds.universal_target import OF_SUBSCRIBERS
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventmock.target_kinds import TargetKind
    from eventmock.wire import AwsError

    Members = Mapping[str, Any]

UNIVERSAL: Final = "UniversalTargetParameters"
TIMEOUT: Final = "InvocationTimeoutSeconds"
LONGEST_TIMEOUT: Final = 30
_LITERALS: Final = frozenset({"BinaryValue", "ClientId", "DataType", "InvocationType"})
"""The members that are never expressions."""
_ATTRIBUTES: Final = ("MessageAttributes", "MessageSystemAttributes")
_MAPS: Final = (*_ATTRIBUTES, "HeaderParameters", "QueryStringParameters", "Metadata")
"""The members that are maps, whose keys the user chooses."""


def parameters_of(invoke: Members, target_arn: str, kind: TargetKind) -> dict[str, Any]:
    """Check the parameter block of an ``InvokeConfiguration``, and return it by its name; empty if there is none.

    Args:
        invoke: The ``InvokeConfiguration``, as in CreateSubscriber or UpdateSubscriber.
        target_arn: The ARN of the target.
        kind: The kind of the target.

    Raises:
        AwsError: AWS would refuse the block.
        OptionError: There is an expression, and the package that reads it is not installed.
    """
    blocks = {name: block for name, block in invoke.items() if name.endswith("Parameters")}
    _check_names(blocks, target_arn, kind)
    for name, block in blocks.items():
        _check_expressions(name, block)
        if kind.name == "API Gateway API":
            _check_headers(block)
        for attributes in _ATTRIBUTES:
            _check_attributes(f"{name}.{attributes}", block.get(attributes, {}))
        _check_timeout(name, block, kind)
        if kind is MSK_CLUSTER:
            _check_topic(block["TopicName"])
        if kind is OF_SUBSCRIBERS and not is_expression(block["Input"]):
            check_universal_input(Arn.of(target_arn), block["Input"])
    return blocks


def _check_names(blocks: Members, target_arn: str, kind: TargetKind) -> None:
    """Check that there is no block but that of the target. A universal target and a cluster need theirs.

    Raises:
        AwsError: A block belongs to another kind of target, or the block that the target needs is missing.
    """
    wanted = KINDS[kind.name].block
    for name in blocks:
        if name == UNIVERSAL != wanted:
            raise errors.invalid(f"{UNIVERSAL} is only supported when TargetArn is a USI target")
        if name != wanted:
            raise errors.invalid(
                f"{name} is not supported for target {target_arn}. Expected {wanted or 'no target parameters'}"
            )
    if wanted == UNIVERSAL and not blocks:
        raise errors.invalid(f"{UNIVERSAL} is required when TargetArn is a USI target")
    if kind is MSK_CLUSTER and not blocks:
        raise errors.invalid(f"{wanted} is required when TargetArn is an MSK cluster")


def _check_topic(name: str) -> None:
    """Check the name of a topic, unless it is an expression.

    Raises:
        AwsError: The text is not a name of a topic (``InvalidInputException``).
    """
    if not is_expression(name) and not is_topic(name):
        raise errors.invalid(
            "MskParameters.TopicName must have 1 to 249 characters of [A-Za-z0-9._-], and must not be . or .."
        )


def _check_expressions(name: str, block: Members) -> None:
    """Check that the expressions of a block parse.

    Raises:
        AwsError: An expression does not parse (``InvalidInputException``).
        OptionError: There is an expression, and the package that reads it is not installed.
    """
    for path, text in _texts(name, block):
        why = check(text) if is_expression(text) else None
        if why is not None:
            raise errors.invalid(f"{path} is not a valid JSONata expression", hint=why)


def _texts(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts of a block that may be expressions, each with its path. The keys of maps are among them."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(path, item)
    elif isinstance(value, dict):
        for name, member in value.items():
            if name in _MAPS:
                for key, item in member.items():
                    yield f"{path}.{name}", key
                    yield from _texts(f"{path}.{name}", item)
            elif name not in _LITERALS:
                yield from _texts(f"{path}.{name}", member)


def _check_headers(block: Members) -> None:
    """Check the names of the headers of a request to API Gateway, which AWS signs.

    Raises:
        AwsError: A name is an expression, or the signature sets the header.
    """
    for name in block.get("HeaderParameters", {}):
        if is_expression(name):
            raise errors.invalid("HttpParameters.HeaderParameters: a header name must not be an expression")
        if name.lower() in {"authorization", "host"} or name.lower().startswith("x-amz"):
            raise errors.invalid(
                "HttpParameters.HeaderParameters: Authorization, Host and X-Amz* must not be set for API Gateway "
                "HTTP targets"
            )


def _check_attributes(path: str, attributes: Mapping[str, Members | None]) -> None:
    """Check a map of message attributes.

    Raises:
        AwsError: A value is null or binary data with the delimiter of an expression, or the map is too large.
    """
    size = 0
    for name, attribute in attributes.items():
        if attribute is None:
            raise errors.invalid(f"{path}: an attribute must not be null")
        binary = attribute.get("BinaryValue", "")
        if "{%" in binary or "%}" in binary:
            raise errors.invalid(f"{path}: BinaryValue must not be an expression")
        texts = (name, attribute.get("DataType", ""), attribute.get("StringValue", ""), binary)
        size += sum(len(text.encode(errors="replace")) for text in texts)
    if size > MEBIBYTE:
        raise errors.invalid(f"{path} must not exceed {MEBIBYTE} bytes")


def _check_timeout(name: str, block: Members, kind: TargetKind) -> None:
    """Check a literal timeout, in seconds.

    Raises:
        AwsError: Targets of the kind have no timeout, or the timeout is not a whole number from 1 to 30.
    """
    timeout = block.get(TIMEOUT)
    if timeout is None:
        return
    if kind.name == "API destination":
        raise errors.invalid(f"{TIMEOUT} is only supported for API Gateway HTTP targets")
    if is_expression(timeout) and kind is not OF_SUBSCRIBERS:
        return
    is_number = timeout.isascii() and timeout.isdigit() and len(timeout) <= 3
    if not is_number or not 1 <= int(timeout) <= LONGEST_TIMEOUT:
        raise _wrong_timeout(name, kind)


def _wrong_timeout(name: str, kind: TargetKind) -> AwsError:
    or_expression = "" if kind is OF_SUBSCRIBERS else " or an expression"
    return errors.invalid(
        f"{name}.{TIMEOUT} must be a whole number from 1 to {LONGEST_TIMEOUT}{or_expression}"
    )
