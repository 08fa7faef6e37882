"""Which rules are looked at, and how they are named."""

from __future__ import annotations

from eventmock.services.events.rule_notes import RuleNote, rule_notes

TYPO = '{"source": ["aws.dynamodbb"]}'
NOTE = "eventmock knows no AWS service with the source 'aws.dynamodbb'; did you mean 'aws.dynamodb'?"


def test_a_rule_is_named_with_its_bus_and_its_place(events_backend):
    events_backend.client().put_rule(Name="here", EventPattern=TYPO)
    there = events_backend.client(region="eu-west-1", account="111122223333")
    there.put_rule(Name="there", EventPattern=TYPO)
    notes = rule_notes(events_backend.state)
    assert notes == [
        RuleNote('rule here on "default"', NOTE),
        RuleNote('rule there on "default" in eu-west-1 of 111122223333', NOTE),
    ]
    assert (str(notes[0]), repr(notes[0])) == (f'rule here on "default": {NOTE}', '<rule here on "default">')


def test_rules_of_services_and_schedules_and_of_programs_are_passed_by(events, events_backend):
    events_backend.add_managed_rule("managed", managed_by="x.amazonaws.com", event_pattern=TYPO)
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    events.put_rule(Name="ship", EventPattern='{"source": ["shop"], "detail": {"from": ["aws.nothing"]}}')
    events.put_rule(Name="text", EventPattern='{"source": ["shop"], "detail": {"from": ["\\"aws."]}}')
    assert rule_notes(events_backend.state) == []


def test_a_rule_on_events_of_a_partner_is_passed_by(events, events_backend):
    name = events_backend.partner_event_source("aws.partner/example.com/logs").name
    events.put_rule(Name="logs", EventBusName=name, EventPattern=f'{{"source": ["{name}"]}}')
    assert rule_notes(events_backend.state) == []
