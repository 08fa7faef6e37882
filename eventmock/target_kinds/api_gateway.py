"""APIs of API Gateway: an HTTP request to the stage, method and path that the ARN names.

Source: aws-recorded-behaviour section 9. Recorded, for the ARN ``API/test/POST/test`` without HttpParameters: the slash
at the end of the path, and the headers. Those of the signature and of AWS's SDK are left out here. Documented:
HttpParameters, which may be paths into the event. Inferred: every path ends with a slash, a wildcard for the method
means POST, and HttpParameters may replace the content type but not the ``X-Amz-`` headers.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from eventmock.target_kinds.http_call import Headers, HttpCall
from eventmock.target_kinds.kind import NAME, InvalidRequest, Invocation, Need, Permission, TargetKind, host


def _request(invocation: Invocation) -> HttpCall:
    given = invocation.block("HttpParameters", may_be_empty=True)
    api, stage, method, path = (*invocation.arn.resource.split("/", 3), "", "", "")[:4]
    path = _filled(f"{stage}/{path}".strip("/"), given.get("PathParameterValues", []))
    query = urlencode(given.get("QueryStringParameters", {}), quote_via=quote)
    headers = Headers({"Content-Type": "application/json"})
    for name, value in given.get("HeaderParameters", {}).items():
        headers[name] = value
    headers["X-Amz-Source-Account"] = invocation.account
    headers["X-Amz-Source-Arn"] = invocation.rule_arn
    if invocation.trace_header is not None:
        headers["X-Amzn-Trace-Id"] = invocation.trace_header
    return HttpCall(
        method="POST" if method in ("", "*") else method,
        url=f"https://{api}.{host('execute-api', invocation.arn)}/{path}/" + (f"?{query}" if query else ""),
        headers=headers,
        body=invocation.body.encode(errors="replace"),
        service="execute-api",
        region=invocation.region,
        account=invocation.account,
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
