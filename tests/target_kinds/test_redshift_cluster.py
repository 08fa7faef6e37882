from __future__ import annotations

import pytest

from eventmock.target_kinds import ApiCall, InvalidRequest

CLUSTER = "arn:aws:redshift:us-east-1:123456789012:cluster:main"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:s"


def test_a_statement_is_executed(request_of):
    given = {
        "Database": "d",
        "DbUser": "u",
        "Sql": "select 1",
        "StatementName": "n",
        "WithEvent": False,
    }
    assert request_of(CLUSTER, RedshiftDataParameters=given) == ApiCall(
        service="redshift-data",
        operation="ExecuteStatement",
        parameters={
            "ClusterIdentifier": "main",
            "Database": "d",
            "DbUser": "u",
            "Sql": "select 1",
            "StatementName": "n",
            "WithEvent": False,
        },
        region="us-east-1",
        account="123456789012",
    )


def test_several_statements_are_a_batch(request_of):
    given = {"Database": "d", "SecretManagerArn": SECRET, "Sqls": ["select 1", "$.detail.name"]}
    call = request_of(CLUSTER, RedshiftDataParameters=given)
    assert call.operation == "BatchExecuteStatement"
    assert call.parameters == {
        "ClusterIdentifier": "main",
        "Database": "d",
        "SecretArn": SECRET,
        "Sqls": ["select 1", "box"],
    }


def test_a_path_that_leads_nowhere_fails(request_of):
    with pytest.raises(InvalidRequest, match="leads to nothing"):
        request_of(CLUSTER, RedshiftDataParameters={"Database": "d", "Sql": "$.detail.none"})
