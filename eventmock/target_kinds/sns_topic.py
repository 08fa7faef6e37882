"""SNS topics: Publish, with no subject and no attributes (recorded: aws-recorded-behaviour section 9).

AWS sends the trace header as an HTTP header, for which boto3 has no parameter.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Permission, TargetKind


def _publish(invocation: Invocation) -> ApiCall:
    parameters = {"TopicArn": str(invocation.arn), "Message": invocation.body}
    return invocation.call("sns", "Publish", parameters)


KIND = TargetKind(
    name="SNS topic",
    service="sns",
    resource=NAME,
    role="optional",
    request=_publish,
    cannot_fail=True,
    permission=Permission(
        "sns:Publish",
        "AmazonSNS",
        "AuthorizationError",
        403,
        spelled="SNS:Publish",
        has_policy=True,
        crosses_accounts=True,
    ),
)
