from __future__ import annotations

from eventmock.target_kinds import ApiCall

ID = "11111111-2222-4333-8444-666666666666"
WORKGROUP = f"arn:aws:redshift-serverless:us-east-1:123456789012:workgroup/{ID}"


def test_a_statement_is_executed(request_of):
    assert request_of(WORKGROUP, RedshiftDataParameters={"Database": "d", "Sql": "select 1"}) == ApiCall(
        service="redshift-data",
        operation="ExecuteStatement",
        parameters={"WorkgroupName": WORKGROUP, "Database": "d", "Sql": "select 1"},
        region="us-east-1",
        account="123456789012",
    )
