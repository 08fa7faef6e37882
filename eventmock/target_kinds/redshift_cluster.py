"""Redshift clusters: ExecuteStatement or BatchExecuteStatement of the Data API, with RedshiftDataParameters.

Source: the model's text on RedshiftDataParameters, whose strings may be paths into the event (documented). Inferred: no
other part of the event is passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Need, Permission, TargetKind

if TYPE_CHECKING:
    from collections.abc import Mapping


def execute(invocation: Invocation, database: Mapping[str, str]) -> ApiCall:
    """Return the call for a cluster or a workgroup, which the parameters in `database` name."""
    given = invocation.block("RedshiftDataParameters")
    parameters = {
        **database,
        "Database": given["Database"],
        "DbUser": given.get("DbUser"),
        "SecretArn": given.get("SecretManagerArn"),
        "Sql": given.get("Sql"),
        "Sqls": given.get("Sqls"),
        "StatementName": given.get("StatementName"),
        "WithEvent": given.get("WithEvent"),
    }
    operation = "BatchExecuteStatement" if "Sqls" in given else "ExecuteStatement"
    return invocation.call("redshift-data", operation, parameters)


def _execute(invocation: Invocation) -> ApiCall:
    return execute(invocation, {"ClusterIdentifier": invocation.name})


def _needs(invocation: Invocation) -> list[Need]:
    is_batch = "Sqls" in invocation.target["RedshiftDataParameters"]
    return [
        Need(
            f"redshift-data:{'BatchExecuteStatement' if is_batch else 'ExecuteStatement'}",
            str(invocation.arn),
        )
    ]


PERMISSION = Permission("redshift-data:ExecuteStatement", "AWSRedshiftDataAPI", needs=_needs)


KIND = TargetKind(
    name="Redshift cluster",
    service="redshift",
    resource=f"cluster:{NAME}",
    parameters="RedshiftDataParameters",
    required="RedshiftDataParameters",
    request=_execute,
    permission=PERMISSION,
)
