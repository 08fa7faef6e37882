from __future__ import annotations

import pytest


class TestHeld:
    @pytest.fixture
    def got(self, events_backend, events):
        """The sources that the function of the test has got."""
        got = []
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        events_backend.target("r", lambda event: got.append(event["source"]))
        return got

    def test_work_is_carried_out_at_the_end(self, events_backend, events, order, got):
        with events_backend.state.outbox.held():
            events.put_events(Entries=[order])
            assert got == []
        assert got == ["shop"]

    def test_the_outer_block_counts(self, events_backend, events, order, got):
        outbox = events_backend.state.outbox
        with outbox.held():
            with outbox.held():
                events.put_events(Entries=[order])
            assert got == []
        assert got == ["shop"]

    def test_work_is_carried_out_after_an_error_too(self, events_backend, events, order, got):
        def put_and_fail():
            with events_backend.state.outbox.held():
                events.put_events(Entries=[order])
                raise LookupError("broken")

        with pytest.raises(LookupError, match="broken"):
            put_and_fail()
        assert got == ["shop"]
