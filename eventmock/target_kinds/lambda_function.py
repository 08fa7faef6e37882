"""Lambda functions, versions and aliases: Invoke, asynchronously.

Source: aws-recorded-behaviour section 9. Recorded: what the function receives, and that it is called asynchronously.
Documented: whether it then fails is Lambda's business, and no failed delivery. The trace header goes along as an HTTP
header, for which boto3 has no parameter. Inferred: that the whole ARN is named.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, TargetKind


def _invoke(invocation: Invocation) -> ApiCall:
    parameters = {
        "FunctionName": str(invocation.arn),
        "InvocationType": "Event",
        "Payload": invocation.body.encode(errors="replace"),
    }
    return invocation.call("lambda", "Invoke", parameters)


KIND = TargetKind(
    name="Lambda function",
    service="lambda",
    resource=f"function:{NAME}(:{NAME})?",
    role="optional",
    request=_invoke,
    cannot_fail=True,
)
