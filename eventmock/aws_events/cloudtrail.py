"""The events that CloudTrail sends for calls of AWS's APIs, and which rules see them.

Source: service-events section 7: the members are documented (CloudTrail record contents), as is the table of the states
of rules. Inferred: only ``readOnly`` decides whether a call reads. AWS's list of calls whose names say otherwise is not
known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from eventmock.values.arn import partition_of

API_CALL: Final = "AWS API Call via CloudTrail"
SERVICE_EVENT: Final = "AWS Service Event via CloudTrail"
SIGN_IN: Final = "AWS Console Sign In via CloudTrail"
CONSOLE_ACTION: Final = "AWS Console Action via CloudTrail"
INSIGHT: Final = "AWS Insight via CloudTrail"
NETWORK_ACTIVITY: Final = "AWS Network Activity Event via CloudTrail"
DETAIL_TYPES: Final = (
    API_CALL,
    SERVICE_EVENT,
    SIGN_IN,
    "AWS Console Signin via CloudTrail",  # as the user guide spells it; samples and the schema have the other name
    CONSOLE_ACTION,
    INSIGHT,
    NETWORK_ACTIVITY,
)
"""The types of the events that CloudTrail sends for services."""
MEMBERS: Final[dict[str, Any]] = {
    "eventVersion!": "text",
    "userIdentity": {"*": "any"},
    "eventTime!": "text",
    "eventSource": "text",
    "eventName": "text",
    "awsRegion!": "text",
    "sourceIPAddress": "text",
    "userAgent": "text",
    "requestParameters": "any",
    "responseElements": "any",
    "additionalEventData": {"*": "any"},
    "errorCode": "text",
    "errorMessage": "text",
    "requestID": "text",
    "eventID!": "text",
    "sharedEventID": "text",
    "readOnly": "flag",
    "resources": ["any"],
    "eventType!": "text",
    "apiVersion": "text",
    "managementEvent": "flag",
    "recipientAccountId": "text",
    "vpcEndpointId": "text",
    "vpcEndpointAccountId": "text",
    "eventCategory": "text",
    "serviceEventDetails": {"*": "any"},
    "insightDetails": {"*": "any"},
    "addendum": {"*": "any"},
    "sessionCredentialFromConsole": "text",
    "edgeDeviceDetails": {"*": "any"},
    "tlsDetails": {"*": "any"},
}
"""The shape of their details; see `eventmock.aws_events.catalogue`."""
NOT_SHOWN: Final = "not shown to a rule in state ENABLED: read-only management event"
"""The words for a rule whose pattern matches a call that the rule does not see."""


def is_read_call(event: Mapping[str, Any]) -> bool:
    """Return whether an event is that of a call that only reads, which rules in the state ``ENABLED`` do not see.

    Rules do see data events, such as those of reading an object of S3, if a trail logs them.

    Args:
        event: The event, with the members that rules match.
    """
    if event.get("detail-type") != API_CALL or not str(event.get("source")).startswith("aws."):
        return False
    detail = event.get("detail")
    members = detail if isinstance(detail, Mapping) else dict(detail or ())  # pairs, if a name repeats
    is_management = members.get("managementEvent") is not False and members.get("eventCategory") in (
        None,
        "Management",
    )
    return members.get("readOnly") is True and is_management


def call_detail(  # noqa: PLR0913 - the members of a record
    service: str,
    operation: str,
    *,
    account: str,
    region: str,
    time: datetime,
    ids: Callable[[], str],
    request_parameters: Mapping[str, Any] | None = None,
    response_elements: Mapping[str, Any] | None = None,
    read_only: bool | None = None,
    error_code: str | None = None,
    error_message: str | None = None,
    user_identity: Mapping[str, Any] | None = None,
    management: bool = True,
) -> dict[str, Any]:
    """Return the detail of the event that CloudTrail sends for a call of an API.

    Args:
        service: The service, as in the name of its endpoint: ``ec2``, or ``ec2.amazonaws.com``.
        operation: The operation, such as ``RunInstances``.
        account: The id of the account that is called.
        region: The region of the call.
        time: The moment of the call, an aware datetime in UTC.
        ids: A function that returns a new UUID.
        request_parameters: The parameters; None if there are none.
        response_elements: The answer; None for a call that only reads, and for one that failed.
        read_only: Whether the call only reads; None if the name of the operation says so.
        error_code: The code of the error, if the call failed.
        error_message: The message of the error.
        user_identity: Who called; None for a role of the account.
        management: Whether the call manages resources. A call for data, such as GetObject of S3, does not.
    """
    moment = text_of(time)
    failure = {"errorCode": error_code, "errorMessage": error_message}
    return {
        "eventVersion": "1.11",
        "userIdentity": _identity(account, region, moment) if user_identity is None else dict(user_identity),
        "eventTime": moment,
        "eventSource": event_source(service),
        "eventName": operation,
        "awsRegion": region,
        "sourceIPAddress": "192.0.2.10",
        "userAgent": "aws-cli/2.31.0",
        **{name: value for name, value in failure.items() if value is not None},
        "requestParameters": None if request_parameters is None else _named_as_logged(request_parameters),
        "responseElements": None if response_elements is None else _named_as_logged(response_elements),
        "requestID": ids(),
        "eventID": ids(),
        "readOnly": is_read_by_name(operation) if read_only is None else read_only,
        "eventType": "AwsApiCall",
        "managementEvent": management,
        "recipientAccountId": account,
        "eventCategory": "Management" if management else "Data",
    }


def text_of(time: datetime) -> str:
    """Return a moment as services write it, in whole seconds. The moment is an aware datetime in UTC."""
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")


def event_source(service: str) -> str:
    """Return the ``eventSource`` of a service: ``ec2.amazonaws.com`` for ``ec2`` and for itself."""
    return service if "." in service else f"{service}.amazonaws.com"


def source_of(service: str) -> str:
    """Return the source of the events that CloudTrail sends for a service: ``aws.ec2`` for ``ec2.amazonaws.com``."""
    return f"aws.{service.partition('.')[0]}"


def is_read_by_name(operation: str) -> bool:
    """Return whether an operation only reads, by its name."""
    return operation.startswith(_READS)


def sample_detail(source: str, detail_type: str) -> dict[str, Any]:
    """Return the detail of a sample of what CloudTrail sends for a service."""
    service = source.removeprefix("aws.")
    detail = call_detail(
        service,
        _SAMPLE_CALLS.get(service, "CreateExample"),
        account="123456789012",
        region="us-east-1",
        time=datetime(2026, 1, 15, 10, tzinfo=UTC),
        ids=lambda: "a1b2c3d4-5678-90ab-cdef-111122223333",
    )
    return {**detail, **_DIFFERENCES.get(detail_type, {})}


_READS: Final = ("Describe", "Get", "List", "Head", "Lookup", "Search", "BatchGet")
_SAMPLE_CALLS: Final = {
    "dynamodb": "CreateTable",
    "ec2": "RunInstances",
    "events": "PutRule",
    "iam": "CreateRole",
    "kms": "DisableKey",
    "lambda": "UpdateFunctionCode20150331v2",
    "organizations": "CreateAccount",
    "s3": "PutBucketPolicy",
    "secretsmanager": "PutSecretValue",
    "signin": "ConsoleLogin",
    "sns": "CreateTopic",
    "sqs": "CreateQueue",
    "sts": "AssumeRole",
}
_LOGIN: Final = {
    "eventType": "AwsConsoleSignIn",
    "requestParameters": None,
    "responseElements": {"ConsoleLogin": "Success"},
    "additionalEventData": {
        "LoginTo": "https://console.aws.amazon.com/console/home",
        "MobileVersion": "No",
        "MFAUsed": "Yes",
    },
    "eventName": "ConsoleLogin",
    "readOnly": False,
}
_DIFFERENCES: Final[dict[str, dict[str, Any]]] = {
    SERVICE_EVENT: {
        "eventType": "AwsServiceEvent",
        "userIdentity": {"accountId": "123456789012", "invokedBy": "AWS Internal"},
        "sourceIPAddress": "AWS Internal",
        "userAgent": "AWS Internal",
        "serviceEventDetails": {},
        "readOnly": False,
    },
    SIGN_IN: _LOGIN,
    "AWS Console Signin via CloudTrail": _LOGIN,
    CONSOLE_ACTION: {"eventType": "AwsConsoleAction"},
    INSIGHT: {
        "eventType": "AwsCloudTrailInsight",
        "eventCategory": "Insight",
        "managementEvent": False,
        "sharedEventID": "a1b2c3d4-5678-90ab-cdef-111122223333",
        "insightDetails": {
            "state": "Start",
            "eventSource": "ec2.amazonaws.com",
            "eventName": "RunInstances",
            "insightType": "ApiCallRateInsight",
            "insightContext": {"statistics": {"baseline": {"average": 1.0}, "insight": {"average": 60.0}}},
        },
    },
    NETWORK_ACTIVITY: {
        "eventType": "AwsVpceEvent",
        "eventCategory": "NetworkActivity",
        "managementEvent": False,
        "vpcEndpointId": "vpce-0123456789abcdef0",
        "vpcEndpointAccountId": "123456789012",
    },
}
"""What the types of events have in place of members of an API call, and beside them."""


def _identity(account: str, region: str, moment: str) -> dict[str, Any]:
    role, partition = "AROACKCEVSQ6C2EXAMPLE", partition_of(region)
    return {
        "type": "AssumedRole",
        "principalId": f"{role}:session",
        "arn": f"arn:{partition}:sts::{account}:assumed-role/Deployer/session",
        "accountId": account,
        "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": role,
                "arn": f"arn:{partition}:iam::{account}:role/Deployer",
                "accountId": account,
                "userName": "Deployer",
            },
            "attributes": {"creationDate": moment, "mfaAuthenticated": "false"},
        },
    }


def _named_as_logged(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters or an answer with the names of the log.

    Names that begin with a capital letter are those of the API. The log has a small letter there, at each level. If no
    name does, the members are named as in the log already, and names below them, such as those of tags, are kept.
    """
    is_named_by_api = any(str(name)[:1].isupper() for name in members)
    named: dict[str, Any] = _logged(members) if is_named_by_api else dict(members)
    return named


def _logged(value: Any) -> Any:
    if isinstance(value, Mapping):
        texts = {str(name): inner for name, inner in value.items()}
        return {f"{name[:1].lower()}{name[1:]}": _logged(inner) for name, inner in texts.items()}
    return [_logged(element) for element in value] if isinstance(value, list | tuple) else value
