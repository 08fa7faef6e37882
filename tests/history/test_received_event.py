from __future__ import annotations

import pytest

PATTERN = '{"source": ["shop"]}'


def test_what_became_of_an_event(events, events_backend, order):
    events.put_rule(Name="a", EventPattern='{"detail": {"state": ["NEW"]}}')
    events.put_rule(Name="b", EventPattern=PATTERN)
    events.put_events(Entries=[order])
    assert events_backend.events[0].problem == "matched b, but there are no targets"
    events_backend.target("b")
    events.put_events(Entries=[order])
    event = events_backend.events[1]
    assert event.matched == ["b"]
    assert [str(verdict) for verdict in event.unmatched] == [
        'a: detail.state held "PAID", wanted one of ["NEW"]'
    ]
    assert event.problem is None
    assert repr(event) == "<order from shop on 'default': matched b>"


def test_a_record_keeps_the_rules_as_they_stood(events, events_backend, order):
    events.put_rule(Name="a", EventPattern='{"detail": {"state": ["NEW"]}}')
    events.put_events(Entries=[order])
    events.put_rule(Name="a", EventPattern=PATTERN)
    events.put_rule(Name="later", EventPattern=PATTERN)
    [event] = events_backend.events
    assert [verdict.rule_name for verdict in event.unmatched] == ["a"]
    assert event.problem == "did not match the only rule on 'default'"


class TestWhoseRuleItIs:
    """One property says it, and all who ask, ask it."""

    BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"

    @pytest.fixture
    def owners(self, events, events_backend):
        """Rules of everybody that there is, on the default bus: by name, whether each is a user's."""
        events.put_rule(Name="mine", EventPattern=PATTERN)
        events_backend.add_managed_rule("theirs", managed_by="states.amazonaws.com", event_pattern=PATTERN)
        for name in ("kept", "emptied"):
            events.create_archive(ArchiveName=name, EventSourceArn=self.BUS)
        archived = "Events-Archive-emptied"
        ids = [target["Id"] for target in events.list_targets_by_rule(Rule=archived)["Targets"]]
        events.remove_targets(Rule=archived, Ids=ids, Force=True)
        return {"mine": True, "theirs": False, "Events-Archive-kept": False, archived: False}

    def test_it_is_true_of_users_rules_only(self, events, events_backend, owners, order):
        events.put_events(Entries=[order])
        [event] = events_backend.events
        assert {rule.name: rule.is_users_own for rule in event.rules} == owners
        told = {rule["name"]: rule["is_users_own"] for rule in events_backend.flow()["events"][0]["rules"]}
        assert told == owners

    def test_an_event_that_only_other_rules_matched_is_a_problem(self, events, events_backend, owners, order):
        events.delete_rule(Name="mine")
        events.put_events(Entries=[order])
        [event] = events_backend.events
        assert (len(event.matched), event.consumers) == (3, [])
        assert (
            event.problem
            == "matched nothing: there are no rules on 'default' but managed ones; it is in archive kept"
        )
