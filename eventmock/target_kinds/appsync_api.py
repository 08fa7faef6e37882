"""AppSync APIs: the GraphQL operation of AppSyncParameters, posted with the variables in the input.

Source: targets-and-delivery section 1 ("AWS AppSync targets" of the user guide). Inferred: the host, which is
that of an API of AppSync, and the headers, without the signature.
"""

from __future__ import annotations

import json

from eventmock.target_kinds.http_call import Headers, HttpCall
from eventmock.target_kinds.kind import NAME, InvalidRequest, Invocation, TargetKind, host


def _request(invocation: Invocation) -> HttpCall:
    operation = invocation.target.get("AppSyncParameters", {}).get("GraphQLOperation")
    if operation is None:
        raise InvalidRequest("the target has no AppSyncParameters with a GraphQLOperation")
    body = {"query": operation}
    given = invocation.json_object
    if "variables" in given:
        body["variables"] = given["variables"]
    return HttpCall(
        method="POST",
        url=f"https://{invocation.name}.{host('appsync-api', invocation.arn)}/graphql",
        headers=Headers({"Content-Type": "application/json"}),
        body=json.dumps(body, separators=(",", ":")).encode(),
        service="appsync",
        region=invocation.region,
        account=invocation.account,
    )


KIND = TargetKind(
    name="AppSync API",
    service="appsync",
    resource=f"endpoints/graphql-api/{NAME}",
    parameters="AppSyncParameters",
    request=_request,
)
