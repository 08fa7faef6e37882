from __future__ import annotations

import pytest

PATTERN = '{"source": ["shop"]}'
PLACE = "arn:aws:events:us-east-1:123456789012"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"


def rule_names(client, **filters):
    return [rule["Name"] for rule in client.list_rules(**filters)["Rules"]]


CRON = "cron(0/5, 9-18, ?, *, MON-FRI, *)"
MISSING = "ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified."


@pytest.fixture
def bus(events):
    events.create_event_bus(Name="orders")
    return "orders"


@pytest.fixture
def managed(events_backend):
    """A rule that belongs to an AWS service."""
    events_backend.add_managed_rule("managed", managed_by="states.amazonaws.com", event_pattern=PATTERN)
    return "managed"


def test_the_arn_holds_the_bus_unless_it_is_the_default_one(events, bus):
    put = events.put_rule
    assert put(Name="r", EventPattern=PATTERN)["RuleArn"] == "arn:aws:events:us-east-1:123456789012:rule/r"
    assert put(Name="r", EventPattern=PATTERN, EventBusName=bus)["RuleArn"] == (
        "arn:aws:events:us-east-1:123456789012:rule/orders/r"
    )


def test_describing_shows_the_creator_and_listing_does_not(events):
    events.put_rule(Name="r", EventPattern=PATTERN)
    described, [listed] = events.describe_rule(Name="r"), events.list_rules()["Rules"]
    del described["ResponseMetadata"]
    assert described == {**listed, "CreatedBy": "123456789012"}
    assert listed == {
        "Name": "r",
        "Arn": "arn:aws:events:us-east-1:123456789012:rule/r",
        "EventPattern": PATTERN,
        "State": "ENABLED",
        "EventBusName": "default",
    }


@pytest.mark.parametrize(
    ("used", "unused"), [("EventPattern", "ScheduleExpression"), ("ScheduleExpression", "EventPattern")]
)
def test_an_empty_text_for_the_unused_half_is_as_if_it_were_left_out(events, used, unused):
    text = {"EventPattern": PATTERN, "ScheduleExpression": "rate(1 minute)"}
    events.put_rule(Name="r", **text)
    events.put_rule(Name="r", **{used: text[used], unused: ""})
    shown = events.describe_rule(Name="r")
    assert shown[used] == text[used]
    assert unused not in shown
    assert unused not in events.list_rules()["Rules"][0]


def test_a_rule_needs_one_half_that_is_not_empty(events, error_of, bus):
    for given in (
        {"EventPattern": ""},
        {"ScheduleExpression": ""},
        {"EventPattern": "", "ScheduleExpression": ""},
    ):
        assert error_of(events.put_rule, Name="r", **given) == MISSING
        assert error_of(events.put_rule, Name="r", EventBusName=bus, **given) == MISSING


def test_on_another_bus_an_empty_schedule_is_refused_like_any_other(events, error_of, bus):
    assert error_of(
        events.put_rule, Name="r", EventPattern=PATTERN, ScheduleExpression="", EventBusName=bus
    ) == ("ValidationException", "ScheduleExpression is supported only on the default event bus.")


def test_a_schedule_that_was_unset_by_an_empty_text_fires_no_more(events, events_backend):
    events.put_rule(Name="r", ScheduleExpression="rate(1 minute)")
    events.put_rule(Name="r", EventPattern=PATTERN, ScheduleExpression="")
    assert events_backend.clock.pending == []
    events.disable_rule(Name="r")
    events.enable_rule(Name="r")
    assert events_backend.clock.pending == []


def test_a_schedule_with_commas_between_its_fields_is_shown_as_given_and_fires(events, events_backend):
    events_backend.clock.move_to("2100-03-05T12:00:00Z")
    events.put_rule(Name="r", ScheduleExpression=CRON)
    events_backend.clock.advance(minutes=5)
    assert events.describe_rule(Name="r")["ScheduleExpression"] == CRON
    assert [event.time.minute for event in events_backend.events] == [5]


def test_everything_given_is_shown(events):
    given = {
        "Name": "r",
        "EventPattern": PATTERN,
        "ScheduleExpression": "rate(1 minute)",
        "State": "DISABLED",
        "Description": "d",
        "RoleArn": "arn:aws:iam::123456789012:role/r",
    }
    events.put_rule(**given)
    assert given.items() <= events.describe_rule(Name="r").items()


def test_putting_again_resets_what_is_left_out_and_keeps_the_targets(events):
    tags = [{"Key": "k", "Value": "v"}]
    events.put_rule(Name="r", EventPattern=PATTERN, Description="d", State="DISABLED", Tags=tags)
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}])
    events.put_rule(Name="r", ScheduleExpression="rate(1 minute)", Tags=[{"Key": "other", "Value": "v"}])
    described = events.describe_rule(Name="r")
    assert described["State"] == "ENABLED"
    assert "Description" not in described
    assert "EventPattern" not in described
    assert [target["Id"] for target in events.list_targets_by_rule(Rule="r")["Targets"]] == ["t"]
    assert events.list_tags_for_resource(ResourceARN=described["Arn"])["Tags"] == tags


def test_a_pattern_or_a_schedule_is_needed(events, error_of):
    assert error_of(events.put_rule, Name="r") == (
        "ValidationException",
        "Parameter(s) EventPattern or ScheduleExpression must be specified.",
    )


def test_a_bad_pattern_is_refused_in_the_engine_s_words(events, error_of):
    assert error_of(events.put_rule, Name="r", EventPattern='{"a": 1}') == (
        "InvalidEventPatternException",
        'Event pattern is not valid. Reason: "a" must be an object or an array\n'
        ' at [Source: (String)"{"a": 1}"; line: 1, column: 8]',
    )
    assert rule_names(events) == []


def test_a_pattern_on_which_aws_breaks(events, error_of):
    pattern = '{"a": [{"anything-but": {"prefix": []}}]}'
    assert error_of(events.put_rule, Name="r", EventPattern=pattern) == ("InternalFailure", "")


def test_a_pattern_beyond_the_quota(events, error_of):
    pattern = '{"source": ["%s"]}' % ("x" * 2048)
    assert error_of(events.put_rule, Name="r", EventPattern=pattern) == (
        "ValidationException",
        "Parameter EventPattern for rule r exceeds limit of 2048.",
    )


def test_a_bad_schedule(events, error_of):
    assert error_of(events.put_rule, Name="r", ScheduleExpression="rate(1 minutes)") == (
        "ValidationException",
        "Parameter ScheduleExpression is not valid.",
    )


def test_schedules_are_for_the_default_bus(events, bus, error_of):
    assert error_of(events.put_rule, Name="r", ScheduleExpression="rate(1 minute)", EventBusName=bus) == (
        "ValidationException",
        "ScheduleExpression is supported only on the default event bus.",
    )


def test_the_cloudtrail_state_is_not_for_partner_buses(events, events_backend, bus, error_of):
    state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    if state not in events.meta.service_model.shape_for("RuleState").metadata["enum"]:
        pytest.skip("this botocore has no such state")
    partner = events_backend.partner_event_source("aws.partner/example.com/logs").name
    for name in ("default", bus):
        events.put_rule(Name="r", EventPattern=PATTERN, State=state, EventBusName=name)
    assert error_of(events.put_rule, Name="r", EventPattern=PATTERN, State=state, EventBusName=partner) == (
        "ValidationException",
        f"State {state} is not supported on a partner event bus.",
    )


def test_states(events):
    events.put_rule(Name="r", EventPattern=PATTERN)
    events.disable_rule(Name="r")
    assert events.describe_rule(Name="r")["State"] == "DISABLED"
    events.enable_rule(Name="r")
    assert events.describe_rule(Name="r")["State"] == "ENABLED"


@pytest.mark.parametrize("operation", ["describe_rule", "enable_rule", "disable_rule"])
def test_an_unknown_rule_is_not_found(events, bus, error_of, operation):
    assert error_of(getattr(events, operation), Name="r", EventBusName=bus) == (
        "ResourceNotFoundException",
        "Rule r does not exist on EventBus orders.",
    )


@pytest.mark.parametrize("operation", ["describe_rule", "delete_rule", "enable_rule"])
def test_an_unknown_bus_is_not_found(events, error_of, operation):
    assert error_of(getattr(events, operation), Name="r", EventBusName="nope") == (
        "ResourceNotFoundException",
        "Event bus nope does not exist.",
    )


def test_listing(events, bus):
    for name in ("b-2", "b-1", "a"):
        events.put_rule(Name=name, EventPattern=PATTERN)
    events.put_rule(Name="elsewhere", EventPattern=PATTERN, EventBusName=bus)
    assert rule_names(events) == ["a", "b-1", "b-2"]
    assert rule_names(events, NamePrefix="b") == ["b-1", "b-2"]
    assert rule_names(events, EventBusName=bus) == ["elsewhere"]
    paginator = events.get_paginator("list_rules").paginate(PaginationConfig={"PageSize": 1})
    assert [rule["Name"] for page in paginator for rule in page["Rules"]] == ["a", "b-1", "b-2"]


def test_deleting(events, error_of):
    events.put_rule(Name="r", EventPattern=PATTERN)
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}])
    assert error_of(events.delete_rule, Name="r") == (
        "ValidationException",
        "Rule can't be deleted since it has targets.",
    )
    events.remove_targets(Rule="r", Ids=["t"])
    events.delete_rule(Name="r")
    events.delete_rule(Name="r")
    assert rule_names(events) == []


def test_rules_by_target(events, bus):
    arn = "arn:aws:sqs:us-east-1:123456789012:q"
    for name, where in (("b", "default"), ("a", "default"), ("c", bus)):
        events.put_rule(Name=name, EventPattern=PATTERN, EventBusName=where)
        events.put_targets(Rule=name, EventBusName=where, Targets=[{"Id": "t", "Arn": arn}])
    assert events.list_rule_names_by_target(TargetArn=arn)["RuleNames"] == ["a", "b"]
    assert events.list_rule_names_by_target(TargetArn=arn, EventBusName=bus)["RuleNames"] == ["c"]
    assert events.list_rule_names_by_target(TargetArn=arn + "x")["RuleNames"] == []


class TestManaged:
    @pytest.mark.parametrize(
        ("operation", "members"),
        [
            ("put_rule", {"Name": "managed", "EventPattern": PATTERN}),
            ("enable_rule", {"Name": "managed"}),
            ("disable_rule", {"Name": "managed"}),
            ("put_targets", {"Rule": "managed", "Targets": [{"Id": "t", "Arn": QUEUE}]}),
            ("tag_resource", {"ResourceARN": f"{PLACE}:rule/managed", "Tags": [{"Key": "k", "Value": "v"}]}),
            ("untag_resource", {"ResourceARN": f"{PLACE}:rule/managed", "TagKeys": ["k"]}),
        ],
    )
    def test_it_is_not_changed(self, events, managed, error_of, operation, members):
        before = events.list_rules()["Rules"]
        assert error_of(getattr(events, operation), **members) == (
            "ManagedRuleException",
            "managed is a managed rule.",
        )
        assert events.list_rules()["Rules"] == before

    def test_it_is_deleted_by_force_only(self, events, managed, error_of, answer_of):
        for force in ({}, {"Force": False}):
            assert error_of(events.delete_rule, Name=managed, **force) == (
                "ManagedRuleException",
                "managed is a managed rule. Set 'force' parameter to true to override.",
            )
        assert answer_of(events.delete_rule, Name=managed, Force=True) == {}
        assert rule_names(events) == []

    def test_force_deletes_no_rule_with_targets(self, events, events_backend, error_of):
        events_backend.add_managed_rule(
            "m", managed_by="x", event_pattern=PATTERN, targets=[{"Id": "t", "Arn": QUEUE}]
        )
        assert error_of(events.delete_rule, Name="m", Force=True) == (
            "ValidationException",
            "Rule can't be deleted since it has targets.",
        )
        events.remove_targets(Rule="m", Ids=["t"], Force=True)
        events.delete_rule(Name="m", Force=True)
        assert rule_names(events) == []

    def test_force_is_nothing_to_other_rules(self, events):
        events.put_rule(Name="r", EventPattern=PATTERN)
        events.delete_rule(Name="r", Force=True)
        events.delete_rule(Name="r", Force=True)
        assert rule_names(events) == []

    def test_made_anew_its_name_is_the_user_s(self, events, managed):
        events.delete_rule(Name=managed, Force=True)
        events.put_rule(Name=managed, EventPattern=PATTERN)
        assert "ManagedBy" not in events.describe_rule(Name=managed)

    def test_it_is_shown(self, events, managed, answer_of):
        described = answer_of(events.describe_rule, Name=managed)
        assert described == {
            "Name": "managed",
            "Arn": f"{PLACE}:rule/managed",
            "EventPattern": PATTERN,
            "State": "ENABLED",
            "EventBusName": "default",
            "ManagedBy": "states.amazonaws.com",
            "CreatedBy": "123456789012",
        }
        del described["CreatedBy"]
        assert answer_of(events.list_rules) == {"Rules": [described]}

    def test_it_has_no_tags(self, events, managed):
        assert events.list_tags_for_resource(ResourceARN=f"{PLACE}:rule/managed")["Tags"] == []

    def test_on_another_bus_it_is_named_there(self, events, events_backend, bus, error_of):
        events_backend.add_managed_rule("m", managed_by="x", event_pattern=PATTERN, bus=bus)
        members = {"Name": "m", "EventBusName": bus}
        assert error_of(events.disable_rule, **members) == ("ManagedRuleException", "m is a managed rule.")
        assert error_of(events.disable_rule, Name="m")[1] == "Rule m does not exist on EventBus default."
        events.delete_rule(**members, Force=True)
        assert rule_names(events, EventBusName=bus) == []

    def test_it_matches_as_any_rule(self, events, events_backend, order):
        target = {"Id": "t", "Arn": QUEUE}
        events_backend.add_managed_rule("m", managed_by="x", event_pattern=PATTERN, targets=[target])
        got = []
        events_backend.target(QUEUE, got.append)
        events.put_events(Entries=[order])
        assert [event["source"] for event in got] == ["shop"]


@pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")
class TestPages:
    def test_of_rules(self, events, paging):
        for name in ("c", "a", "b-1", "b-2"):
            events.put_rule(Name=name, EventPattern=PATTERN)
        paging("list_rules", "Rules", filters={"NamePrefix": "b"})

    def test_of_rule_names_by_target(self, events, bus, paging):
        for where in ("default", bus):
            for name in ("c", "a", "b"):
                events.put_rule(Name=name, EventPattern=PATTERN, EventBusName=where)
                events.put_targets(Rule=name, EventBusName=where, Targets=[{"Id": "t", "Arn": QUEUE}])
        paging(
            "list_rule_names_by_target",
            "RuleNames",
            needed={"TargetArn": QUEUE},
            filters={"EventBusName": bus},
        )
