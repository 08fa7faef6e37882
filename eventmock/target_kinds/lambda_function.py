"""Lambda functions, versions and aliases: Invoke, asynchronously.

Source: aws-recorded-behaviour section 9. Recorded: the input of the function, and that the call is asynchronous.
Documented: the delivery has succeeded even if the function fails then. AWS sends the trace header as an HTTP header,
for which boto3 has no parameter. Inferred: the call names the whole ARN.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Permission, TargetKind


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
    permission=Permission(
        "lambda:InvokeFunction", "AWSLambdaInternal", status=403, has_policy=True, crosses_accounts=True
    ),
)
