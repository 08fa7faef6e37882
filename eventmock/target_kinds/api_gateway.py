"""APIs of API Gateway: an HTTP request to the stage, method and path that the ARN names.

Source: aws-recorded-behaviour section 9. Recorded, for the ARN ``API/test/POST/test`` without HttpParameters: the slash
at the end of the path, and the headers. Those of the signature and of AWS's SDK are left out here. Documented:
HttpParameters, which may be paths into the event. Inferred: every path ends with a slash, a wildcard for the method
means POST, and HttpParameters may replace the content type but not the ``X-Amz-`` headers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from eventmock.target_kinds.http_call import Headers, HttpCall
from eventmock.target_kinds.kind import NAME, InvalidRequest, Invocation, Need, Permission, TargetKind, host

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.values.arn import Arn


def _request(invocation: Invocation) -> HttpCall:
    call = request_of(
        invocation.arn,
        invocation.block("HttpParameters", may_be_empty=True),
        invocation.body.encode(errors="replace"),
        source_arn=invocation.rule_arn,
        region=invocation.region,
        account=invocation.account,
    )
    if invocation.trace_header is not None:
        call.headers["X-Amzn-Trace-Id"] = invocation.trace_header
    return call


def request_of(  # noqa: PLR0913 - all that a request is made of
    arn: Arn, given: Mapping[str, Any], body: bytes, *, source_arn: str, region: str, account: str
) -> HttpCall:
    """Return the request to the stage, method and path of an ARN.

    Args:
        arn: The ARN of the target.
        given: The ``HttpParameters``, with all values as they are sent.
        body: The body.
        source_arn: The ARN of the rule, or of the subscriber.
        region: The region that sends the request.
        account: The account that sends the request.

    Raises:
        InvalidRequest: There are more or fewer values than wildcards in the path.
    """
    api, stage, method, path = (*arn.resource.split("/", 3), "", "", "")[:4]
    path = _filled(f"{stage}/{path}".strip("/"), given.get("PathParameterValues", []))
    query = urlencode(given.get("QueryStringParameters", {}), quote_via=quote)
    headers = Headers({"Content-Type": "application/json"})
    for name, value in given.get("HeaderParameters", {}).items():
        headers[name] = value
    headers["X-Amz-Source-Account"] = account
    headers["X-Amz-Source-Arn"] = source_arn
    return HttpCall(
        method="POST" if method in ("", "*") else method,
        url=f"https://{api}.{host('execute-api', arn)}/{path}/" + (f"?{query}" if query else ""),
        headers=headers,
        body=body,
        service="execute-api",
        region=region,
        account=account,
    )


def _filled(path: str, values: list[str]) -> str:
    """Return the path with its wildcards replaced by the values, in order."""
    first, *rest = path.split("*")
    if len(rest) != len(values):
        raise InvalidRequest(f"{path} has {len(rest)} wildcards, PathParameterValues {len(values)} values")
    return first + "".join(f"{quote(value, safe='')}{part}" for value, part in zip(values, rest, strict=True))


def _needs(invocation: Invocation) -> list[Need]:
    """Return the action on the method that is called. The ARN may leave the method and the path open."""
    arn = invocation.arn
    api, stage, method, path = (*arn.resource.split("/", 3), "", "", "")[:4]
    resource = f"{api}/{stage}/{'POST' if method in ('', '*') else method}/{path}"
    return [Need("execute-api:Invoke", str(arn._replace(resource=resource)))]


KIND = TargetKind(
    name="API Gateway API",
    service="execute-api",
    resource=rf"{NAME}/({NAME}|\*)/([A-Z]+|\*)(/\S*)?",
    role="optional",
    parameters="HttpParameters",
    request=_request,
    permission=Permission(
        "execute-api:Invoke",
        "AmazonApiGateway",
        status=403,
        has_policy=True,
        crosses_accounts=True,
        needs=_needs,
    ),
)
