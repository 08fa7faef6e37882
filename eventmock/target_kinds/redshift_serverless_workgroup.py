"""Redshift Serverless workgroups: the calls of clusters, with the ARN, as that contains an id and not a name."""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, TargetKind
from eventmock.target_kinds.redshift_cluster import PERMISSION, execute


def _execute(invocation: Invocation) -> ApiCall:
    return execute(invocation, {"WorkgroupName": str(invocation.arn)})


KIND = TargetKind(
    name="Redshift Serverless workgroup",
    service="redshift-serverless",
    resource=f"workgroup/{NAME}",
    parameters="RedshiftDataParameters",
    required="RedshiftDataParameters",
    request=_execute,
    permission=PERMISSION,
)
