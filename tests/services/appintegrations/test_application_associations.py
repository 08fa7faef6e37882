from __future__ import annotations

import pytest

from eventmock import NoSuchIntegration

ARN = "arn:aws:app-integrations:us-east-1:123456789012:application-association/"


@pytest.mark.parametrize("version", ["", ":$LATEST"])
def test_what_another_service_made_is_listed(
    events_backend, client, application, operation, answer_of, version
):
    operation("ListApplicationAssociations")
    identifier, arn = application()
    association = events_backend.appintegrations.add_application_association(
        arn + version, client_id="connect"
    )
    assert association.startswith(f"{ARN}{identifier}/")
    shown = {"ApplicationAssociationArn": association, "ApplicationArn": arn, "ClientId": "connect"}
    for one in (identifier, arn):
        assert answer_of(client.list_application_associations, ApplicationId=one + version) == {
            "ApplicationAssociations": [shown]
        }


def test_an_application_that_is_not_there_is_said_to_the_tester(events_backend):
    with pytest.raises(NoSuchIntegration, match="Application nope was not found"):
        events_backend.appintegrations.add_application_association("nope", client_id="c")
