from __future__ import annotations

from eventmock.history.incident import Incident

TEXT = "schedule nightly of 123456789012 in us-east-1 is late"


def test_a_kind_that_only_a_service_knows_is_told_in_every_view(events_backend):
    """Kinds of incidents are open: a service notes its own without a change of the views."""
    backend = events_backend
    backend.state.ledger.note(
        Incident(time=backend.clock.now(), kind="late schedule", region="us-east-1", text=TEXT)
    )
    [fact] = backend.trace
    assert (fact.incident.kind, str(fact)) == ("late schedule", TEXT)
    assert TEXT in str(backend.trace)
    assert TEXT in backend.report()
    [incident] = backend.flow()["incidents"]
    assert (incident["kind"], incident["text"]) == ("late schedule", TEXT)
    assert TEXT in backend.report_until_now().mermaid()
    assert TEXT in backend.report_until_now().html()
