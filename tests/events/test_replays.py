from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
PLACE = "arn:aws:events:us-east-1:123456789012"
ARN = f"{PLACE}:replay/r"
ARCHIVE = f"{PLACE}:archive/a"
BUS = f"{PLACE}:event-bus/orders"
DEFAULT = f"{PLACE}:event-bus/default"
LIMIT = "LimitExceededException", "The requested resource exceeds the maximum number allowed."
NO_ARCHIVE_ARN = "Parameter EventSourceArn is not valid. Reason: Must contain an archive ARN."
NO_BUS_ARN = "Parameter Destination.Arn is not valid. Reason: Must contain an event bus ARN."
NO_WINDOW = "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime."
CROSS_BUS = "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted."
STATES = "[STARTING, RUNNING, CANCELLING, COMPLETED, CANCELLED, FAILED]"


@pytest.fixture
def start(events):
    """A function that starts a replay of a bus's archive."""
    events.create_event_bus(Name="orders")
    events.create_archive(ArchiveName="a", EventSourceArn=BUS)

    def start(ReplayName="r", **more):  # noqa: N803 - AWS's name
        members = {"EventSourceArn": ARCHIVE, "EventStartTime": START, "EventEndTime": END}
        members |= {"Destination": {"Arn": BUS}} | more
        return events.start_replay(ReplayName=ReplayName, **members)

    return start


@pytest.fixture
def described(events, answer_of):
    """A function that describes a replay."""
    return lambda name="r": answer_of(events.describe_replay, ReplayName=name)


def names(client, **filters):
    return [replay["ReplayName"] for replay in client.list_replays(**filters)["Replays"]]


def unknown(name):
    return "ResourceNotFoundException", f"Replay {name} does not exist."


class TestStart:
    def test_the_answer(self, start):
        answer = start(Description="d")
        del answer["ResponseMetadata"]
        assert answer == {"ReplayArn": ARN, "ReplayStartTime": NOW, "State": "STARTING"}

    def test_a_name_is_taken_once(self, start, error_of):
        start()
        assert error_of(start) == ("ResourceAlreadyExistsException", "Replay r already exists.")

    def test_a_name_differs_by_its_case(self, events, start):
        start("r")
        start("R")
        assert names(events) == ["R", "r"]

    def test_a_name_is_used_up_for_good(self, events, start, error_of):
        start()
        events.cancel_replay(ReplayName="r")
        events.delete_archive(ArchiveName="a")
        events.create_archive(ArchiveName="a", EventSourceArn=BUS)
        assert error_of(start) == ("ResourceAlreadyExistsException", "Replay r already exists.")

    @pytest.mark.parametrize(
        "arn", [BUS, f"{PLACE}:rule/a", f"{PLACE}:event-bus/archive/a", f"{PLACE}:archived/a"]
    )
    def test_its_source_is_an_archive(self, start, error_of, arn):
        assert error_of(start, EventSourceArn=arn) == ("ValidationException", NO_ARCHIVE_ARN)

    @pytest.mark.parametrize(
        "arn", [ARCHIVE, "orders", "default", BUS.replace(":events:", ":sqs:"), "arn:aws:events"]
    )
    def test_its_destination_is_a_bus(self, start, error_of, arn):
        assert error_of(start, Destination={"Arn": arn}) == ("ValidationException", NO_BUS_ARN)

    @pytest.mark.parametrize(
        ("start_time", "end_time"),
        [
            (START, START),
            (END, START),
            (START + timedelta(milliseconds=1), START + timedelta(milliseconds=999)),
        ],
    )
    def test_its_window_is_a_second_at_least(self, start, error_of, start_time, end_time):
        assert error_of(start, EventStartTime=start_time, EventEndTime=end_time) == (
            "ValidationException",
            NO_WINDOW,
        )

    @pytest.mark.parametrize(
        ("arn", "name"),
        [
            (BUS + "x", "ordersx"),
            (BUS.replace("orders", "Orders"), "Orders"),
            (BUS.replace("us-east-1", "eu-west-1"), "orders"),
            (BUS.replace("123456789012", "222222222222"), "orders"),
        ],
    )
    def test_a_destination_that_is_not_there(self, start, error_of, arn, name):
        assert error_of(start, Destination={"Arn": arn}) == (
            "ResourceNotFoundException",
            f"Event bus {name} does not exist.",
        )

    @pytest.mark.parametrize(
        ("arn", "name"),
        [
            (ARCHIVE + "x", "ax"),
            (ARCHIVE.replace("archive/a", "archive/A"), "A"),
            (ARCHIVE.replace("us-east-1", "eu-west-1"), "a"),
            (ARCHIVE.replace("123456789012", "222222222222"), "a"),
        ],
    )
    def test_an_archive_that_is_not_there(self, start, error_of, arn, name):
        assert error_of(start, EventSourceArn=arn) == (
            "ValidationException",
            f"Parameter EventSourceArn is not valid. Reason: Archive {name} does not exist.",
        )

    @pytest.mark.parametrize("arn", [DEFAULT, DEFAULT.replace("123456789012", "222222222222")])
    def test_its_destination_is_the_bus_of_the_archive(self, start, error_of, arn):
        assert error_of(start, Destination={"Arn": arn}) == ("ValidationException", CROSS_BUS)

    def test_the_checks_come_in_aws_s_order(self, events, events_backend, start, error_of):
        start("taken")
        events_backend.quotas.concurrent_replays = 1
        members = {
            "ReplayName": "taken",
            "EventSourceArn": BUS,
            "Destination": {"Arn": ARCHIVE},
            "EventStartTime": END,
            "EventEndTime": START,
        }
        archive, bus = f"{PLACE}:archive/nope", f"{PLACE}:event-bus/nope"
        for better, code, message in (
            ({}, "ValidationException", NO_ARCHIVE_ARN),
            ({"EventSourceArn": archive}, "ValidationException", NO_BUS_ARN),
            ({"Destination": {"Arn": bus}}, "ValidationException", NO_WINDOW),
            (
                {"EventStartTime": START, "EventEndTime": END},
                "ResourceNotFoundException",
                "Event bus nope does not exist.",
            ),
            (
                {"Destination": {"Arn": DEFAULT}},
                "ResourceAlreadyExistsException",
                "Replay taken already exists.",
            ),
            (
                {"ReplayName": "fresh"},
                "ValidationException",
                "Parameter EventSourceArn is not valid. Reason: Archive nope does not exist.",
            ),
            ({"EventSourceArn": ARCHIVE}, "ValidationException", CROSS_BUS),
            ({"Destination": {"Arn": BUS}}, *LIMIT),
        ):
            members |= better
            assert error_of(events.start_replay, **members) == (code, message)
            assert names(events) == ["taken"]

    def test_ten_run_at_once(self, events, start, error_of):
        for number in range(10):
            start(f"r{number}")
        assert error_of(start) == LIMIT
        events.cancel_replay(ReplayName="r0")
        start()
        assert error_of(start, ReplayName="one-more") == LIMIT

    @pytest.mark.parametrize(
        ("members", "where", "constraint"),
        [
            (
                {"ReplayName": "a b"},
                "'a b' at 'replayName'",
                r"satisfy regular expression pattern: [\.\-_A-Za-z0-9]+",
            ),
            (
                {"ReplayName": "x" * 65},
                f"'{'x' * 65}' at 'replayName'",
                "have length less than or equal to 64",
            ),
            (
                {"Description": "x" * 513},
                f"'{'x' * 513}' at 'description'",
                "have length less than or equal to 512",
            ),
            ({"Destination": {}}, "null at 'destination.arn'", "not be null"),
            (
                {"Destination": {"Arn": "x" * 1601}},
                f"'{'x' * 1601}' at 'destination.arn'",
                "have length less than or equal to 1600",
            ),
        ],
        ids=range(5),
    )
    def test_constraints(self, unchecked, violation_of, members, where, constraint):
        good = {"ReplayName": "r", "EventSourceArn": ARCHIVE, "EventStartTime": START, "EventEndTime": END}
        good |= {"Destination": {"Arn": BUS}}
        assert violation_of(unchecked.start_replay, **good | members) == (where, constraint)

    def test_a_source_is_named_by_an_arn(self, events, start, violation_of):
        source = events.meta.service_model.operation_model("StartReplay").input_shape.members[
            "EventSourceArn"
        ]
        pattern = source.metadata.get("pattern")
        if pattern is None:
            pytest.skip("this botocore takes any text as the source of a replay")
        expected = ("'a' at 'eventSourceArn'", f"satisfy regular expression pattern: {pattern}")
        assert violation_of(start, EventSourceArn="a") == expected
        assert violation_of(events.list_replays, EventSourceArn="a") == expected


class TestDescribe:
    def test_what_was_not_given_is_not_shown(self, start, described):
        start()
        assert described() == {
            "ReplayName": "r",
            "ReplayArn": ARN,
            "State": "STARTING",
            "EventSourceArn": ARCHIVE,
            "Destination": {"Arn": BUS},
            "EventStartTime": START,
            "EventEndTime": END,
            "ReplayStartTime": NOW,
        }

    def test_everything_given_is_shown(self, start, described):
        destination = {"Arn": BUS, "FilterArns": [f"{PLACE}:rule/orders/x", f"{PLACE}:rule/orders/y"]}
        start(Description="d", Destination=destination)
        answer = described()
        assert (answer["Description"], answer["Destination"]) == ("d", destination)

    def test_times_are_whole_seconds(self, start, described):
        start(
            EventStartTime=START + timedelta(milliseconds=999), EventEndTime=END + timedelta(milliseconds=1)
        )
        answer = described()
        assert (answer["EventStartTime"], answer["EventEndTime"]) == (START, END)

    def test_it_outlives_the_archive(self, events, start, described):
        start()
        before = described()
        events.delete_archive(ArchiveName="a")
        after = described()
        for state in ("State", "StateReason", "ReplayEndTime"):
            before.pop(state, None)
            after.pop(state, None)
        assert after == before


class TestCancel:
    def test_the_answer(self, events, start, answer_of):
        start()
        assert answer_of(events.cancel_replay, ReplayName="r") == {"ReplayArn": ARN, "State": "CANCELLING"}

    def test_it_is_described_without_an_end(self, events, start, described):
        start(Description="d")
        before = described()
        events.cancel_replay(ReplayName="r")
        assert described() == before | {"State": "CANCELLING"}

    def test_a_second_time_is_one_too_many(self, events, start, error_of):
        start()
        events.cancel_replay(ReplayName="r")
        assert error_of(events.cancel_replay, ReplayName="r") == (
            "IllegalStatusException",
            "Replay r is not in a valid state for this operation.",
        )


class TestList:
    def test_an_entry_shows_less_than_describing(self, events, start, described, answer_of):
        start(Description="d")
        shown = described()
        for name in ("ReplayArn", "Destination", "Description"):
            del shown[name]
        assert answer_of(events.list_replays) == {"Replays": [shown]}

    def test_filters(self, events, start):
        other = f"{PLACE}:archive/b"
        events.create_archive(ArchiveName="b", EventSourceArn=BUS)
        for name, archive in (("b-2", ARCHIVE), ("a", ARCHIVE), ("b-1", other)):
            start(name, EventSourceArn=archive)
        events.cancel_replay(ReplayName="a")
        assert names(events) == ["a", "b-1", "b-2"]
        assert names(events, NamePrefix="b-") == ["b-1", "b-2"]
        assert names(events, NamePrefix="-1") == names(events, NamePrefix="B") == []
        assert names(events, EventSourceArn=ARCHIVE) == ["a", "b-2"]
        assert names(events, EventSourceArn=f"{PLACE}:archive/nope") == []
        assert names(events, State="CANCELLING") == ["a"]
        assert names(events, State="COMPLETED") == []

    @pytest.mark.parametrize(
        "filters",
        [
            {"NamePrefix": "a", "State": "STARTING"},
            {"NamePrefix": "a", "EventSourceArn": ARCHIVE},
            {"State": "STARTING", "EventSourceArn": ARCHIVE},
            {"NamePrefix": "a", "State": "STARTING", "EventSourceArn": ARCHIVE},
        ],
    )
    def test_one_filter_at_most(self, events, error_of, filters):
        assert error_of(events.list_replays, **filters) == (
            "ValidationException",
            "At most one filter is allowed for ListReplays. Use either : State, EventSourceArn, or NamePrefix.",
        )

    def test_an_unknown_state(self, events, violation_of):
        assert violation_of(events.list_replays, State="GONE") == (
            "'GONE' at 'state'",
            f"satisfy enum value set: {STATES}",
        )

    def test_pages(self, start, paging):
        for name in ("c", "a", "b-1", "b-2"):
            start(name)
        paging("list_replays", "Replays", filters={"NamePrefix": "b"})


@pytest.mark.parametrize("operation", ["describe_replay", "cancel_replay"])
def test_an_unknown_replay(events, start, error_of, operation):
    start()
    for name in ("nope", "R"):
        assert error_of(getattr(events, operation), ReplayName=name) == unknown(name)


@pytest.mark.parametrize("operation", ["describe_replay", "cancel_replay"])
def test_a_name_that_cannot_be(events, violation_of, operation):
    assert violation_of(getattr(events, operation), ReplayName="a b") == (
        "'a b' at 'replayName'",
        r"satisfy regular expression pattern: [\.\-_A-Za-z0-9]+",
    )


@pytest.mark.parametrize("elsewhere", [{"account": "222222222222"}, {"region": "eu-west-1"}])
def test_replays_are_those_of_an_account_in_a_region(events, events_backend, start, error_of, elsewhere):
    events_backend.quotas.concurrent_replays = 1
    start()
    other = events_backend.client(**elsewhere)
    assert names(other) == []
    assert error_of(other.describe_replay, ReplayName="r") == unknown("r")
    assert error_of(other.cancel_replay, ReplayName="r") == unknown("r")
    place = (
        f"arn:aws:events:{elsewhere.get('region', 'us-east-1')}:{elsewhere.get('account', '123456789012')}"
    )
    bus, archive = f"{place}:event-bus/default", f"{place}:archive/a"
    other.create_archive(ArchiveName="a", EventSourceArn=bus)
    window = {"EventStartTime": START, "EventEndTime": END}
    there = other.start_replay(ReplayName="r", EventSourceArn=archive, Destination={"Arn": bus}, **window)
    assert there["ReplayArn"] == f"{place}:replay/r"
    other.cancel_replay(ReplayName="r")
    assert events.describe_replay(ReplayName="r")["State"] == "STARTING"
