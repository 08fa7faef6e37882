from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PLACE = "arn:aws:events:us-east-1:123456789012"
ARN = f"{PLACE}:archive/a"
BUS = f"{PLACE}:event-bus/orders"
DEFAULT = f"{PLACE}:event-bus/default"
PATTERN = '{"detail": {"state": ["PAID"]}}'
RULE = "Events-Archive-a"
BAD_PATTERN = (
    "InvalidEventPatternException",
    'Event pattern is not valid. Reason: "a" must be an object or an array\n'
    ' at [Source: (String)"{"a": 1}"; line: 1, column: 8]',
)
STATES = "[ENABLED, DISABLED, CREATING, UPDATING, CREATE_FAILED, UPDATE_FAILED]"


@pytest.fixture
def bus(events):
    events.create_event_bus(Name="orders")
    return BUS


@pytest.fixture
def create(events, bus):
    """A function that makes an archive of a bus."""

    def create(ArchiveName="a", EventSourceArn=bus, **more):  # noqa: N803 - AWS's names
        return events.create_archive(ArchiveName=ArchiveName, EventSourceArn=EventSourceArn, **more)

    return create


@pytest.fixture
def described(events, answer_of):
    """A function that describes an archive."""
    return lambda name="a": answer_of(events.describe_archive, ArchiveName=name)


@pytest.fixture
def put(events, order):
    """A function that puts an order on a bus."""

    def put(bus="orders", **more):
        events.put_events(Entries=[order | {"EventBusName": bus} | more])

    return put


@pytest.fixture
def delete_rule(events):
    """A function that deletes an archive's rule by force."""

    def delete_rule(name=RULE, bus="orders"):
        events.remove_targets(Rule=name, EventBusName=bus, Ids=[name], Force=True)
        events.delete_rule(Name=name, EventBusName=bus, Force=True)

    return delete_rule


def names(client, **filters):
    return [archive["ArchiveName"] for archive in client.list_archives(**filters)["Archives"]]


def rule_names(client, bus="orders"):
    return [rule["Name"] for rule in client.list_rules(EventBusName=bus)["Rules"]]


def unknown(name):
    return "ResourceNotFoundException", f"Archive {name} does not exist."


class TestCreate:
    def test_the_answer(self, create):
        answer = create(Description="d", EventPattern=PATTERN, RetentionDays=1)
        del answer["ResponseMetadata"]
        assert answer == {"ArchiveArn": ARN, "CreationTime": NOW, "State": "ENABLED"}

    def test_a_name_is_taken_once(self, create, error_of):
        create()
        assert error_of(create, EventSourceArn=DEFAULT) == (
            "ResourceAlreadyExistsException",
            "Archive a already exists.",
        )

    def test_a_name_differs_by_its_case(self, events, create):
        create("a")
        create("A")
        assert names(events) == ["A", "a"]

    @pytest.mark.parametrize(
        ("arn", "name"),
        [
            (BUS + "x", "ordersx"),
            (BUS.replace("orders", "Orders"), "Orders"),
            (BUS.replace("us-east-1", "eu-west-1"), "orders"),
            (BUS.replace("123456789012", "222222222222"), "orders"),
            (BUS.replace("arn:aws:", "arn:aws-cn:"), "orders"),
            (BUS.replace("event-bus", "rule"), "orders"),
        ],
    )
    def test_its_source_is_a_bus_of_the_account_in_the_region(
        self, events_backend, create, error_of, arn, name
    ):
        for elsewhere in ({"region": "eu-west-1"}, {"account": "222222222222"}):
            events_backend.client(**elsewhere).create_event_bus(Name="orders")
        assert error_of(create, EventSourceArn=arn) == (
            "ResourceNotFoundException",
            f"Event bus {name} does not exist.",
        )
        assert names(events_backend.client()) == []

    def test_a_bad_pattern_is_refused_in_the_engine_s_words(self, events, create, error_of):
        assert error_of(create, EventPattern='{"a": 1}') == BAD_PATTERN
        assert names(events) == rule_names(events) == []

    def test_a_pattern_on_which_aws_breaks(self, create, error_of):
        pattern = '{"a": [{"anything-but": {"prefix": []}}]}'
        assert error_of(create, EventPattern=pattern) == ("InternalFailure", "")

    def test_a_pattern_beyond_the_quota(self, create, error_of):
        pattern = '{"source": ["%s"]}' % ("x" * 2048)
        assert error_of(create, EventPattern=pattern) == (
            "ValidationException",
            "Parameter EventPattern for archive a exceeds limit of 2048.",
        )

    def test_its_rule_counts_among_the_rules_of_the_bus(self, events, events_backend, create, error_of):
        events_backend.quotas.rules_per_event_bus = 1
        create("one")
        assert error_of(create, ArchiveName="two") == (
            "LimitExceededException",
            "The requested resource exceeds the maximum number allowed.",
        )
        assert error_of(events.put_rule, Name="r", EventBusName="orders", EventPattern=PATTERN)[0] == (
            "LimitExceededException"
        )
        create("elsewhere", DEFAULT)
        assert names(events) == ["elsewhere", "one"]


class TestCreateAndUpdate:
    @pytest.mark.parametrize(
        ("members", "where", "constraint"),
        [
            (
                {"ArchiveName": "a b"},
                "'a b' at 'archiveName'",
                r"satisfy regular expression pattern: [\.\-_A-Za-z0-9]+",
            ),
            (
                {"ArchiveName": "x" * 49},
                f"'{'x' * 49}' at 'archiveName'",
                "have length less than or equal to 48",
            ),
            (
                {"Description": "x" * 513},
                f"'{'x' * 513}' at 'description'",
                "have length less than or equal to 512",
            ),
            ({"EventPattern": "x" * 4097}, "at 'eventPattern'", "have length less than or equal to 4096"),
            ({"RetentionDays": -1}, "'-1' at 'retentionDays'", "have value greater than or equal to 0"),
        ],
        ids=range(5),
    )
    def test_constraints(self, unchecked, violation_of, members, where, constraint):
        update = {"ArchiveName": "a", "RetentionDays": 1}
        create = update | {"EventSourceArn": DEFAULT}
        assert violation_of(unchecked.create_archive, **create | members) == (where, constraint)
        assert violation_of(unchecked.update_archive, **update | members) == (where, constraint)

    def test_a_source_is_named_by_an_arn(self, events, violation_of):
        pattern = (
            events.meta.service_model.operation_model("CreateArchive")
            .input_shape.members["EventSourceArn"]
            .metadata.get("pattern")
        )
        if pattern is None:
            pytest.skip("this botocore takes any text as the source of an archive")
        expected = ("'orders' at 'eventSourceArn'", f"satisfy regular expression pattern: {pattern}")
        assert violation_of(events.create_archive, ArchiveName="a", EventSourceArn="orders") == expected
        assert violation_of(events.list_archives, EventSourceArn="orders") == expected


class TestDescribe:
    def test_what_was_not_given_is_not_shown(self, create, described):
        create()
        assert described() == {
            "ArchiveArn": ARN,
            "ArchiveName": "a",
            "EventSourceArn": BUS,
            "State": "ENABLED",
            "RetentionDays": 0,
            "SizeBytes": 0,
            "EventCount": 0,
            "CreationTime": NOW,
        }

    def test_everything_given_is_shown(self, events, create, described):
        given = {
            "Description": "d",
            "EventPattern": PATTERN,
            "RetentionDays": 7,
            "KmsKeyIdentifier": "alias/k",
        }
        modelled = events.meta.service_model.operation_model("CreateArchive").input_shape.members
        given = {name: value for name, value in given.items() if name in modelled}
        create(**given)
        assert given.items() <= described().items()


class TestUpdate:
    def test_the_answer(self, events, create, answer_of, pass_time):
        create()
        pass_time(minutes=1)
        assert answer_of(events.update_archive, ArchiveName="a", RetentionDays=1) == {
            "ArchiveArn": ARN,
            "CreationTime": NOW,
            "State": "ENABLED",
        }

    def test_what_is_left_out_stays(self, events, create, described):
        create(Description="d", EventPattern=PATTERN, RetentionDays=1)
        expected = described()
        for changed in (
            {"Description": "new"},
            {"EventPattern": '{"source": ["shop"]}'},
            {"RetentionDays": 0},
        ):
            events.update_archive(ArchiveName="a", **changed)
            expected |= changed
            assert described() == expected

    def test_a_key_alone_can_be_changed(self, events, create, described):
        if (
            "KmsKeyIdentifier"
            not in events.meta.service_model.operation_model("UpdateArchive").input_shape.members
        ):
            pytest.skip("archives of this botocore have no key")
        create()
        events.update_archive(ArchiveName="a", KmsKeyIdentifier="alias/k")
        assert described()["KmsKeyIdentifier"] == "alias/k"

    def test_something_is_to_be_changed_even_if_there_is_no_archive(self, events, create, error_of):
        create()
        for name in ("a", "nope"):
            code, message = error_of(events.update_archive, ArchiveName=name)
            assert code == "ValidationException"
            assert message.startswith("At least one of EventPattern, RetentionDays or Description")
            assert message.endswith("must be provided.")

    def test_a_bad_pattern_changes_nothing(self, events, create, described, error_of):
        create(EventPattern=PATTERN)
        before = described()
        members = {"ArchiveName": "a", "EventPattern": '{"a": 1}', "Description": "d"}
        assert error_of(events.update_archive, **members) == BAD_PATTERN
        assert described() == before

    def test_a_pattern_beyond_the_quota(self, events, create, error_of):
        create()
        pattern = '{"source": ["%s"]}' % ("x" * 2048)
        assert error_of(events.update_archive, ArchiveName="a", EventPattern=pattern) == (
            "ValidationException",
            "Parameter EventPattern for archive a exceeds limit of 2048.",
        )


class TestDelete:
    def test_the_answer_is_empty_and_it_is_gone(self, events, create, answer_of, error_of):
        create()
        assert answer_of(events.delete_archive, ArchiveName="a") == {}
        assert names(events) == []
        assert error_of(events.describe_archive, ArchiveName="a") == unknown("a")

    def test_made_anew_it_is_empty(self, events, create, described, put):
        create(Description="d", EventPattern=PATTERN, RetentionDays=1)
        put()
        events.delete_archive(ArchiveName="a")
        create()
        assert described() == {
            "ArchiveArn": ARN,
            "ArchiveName": "a",
            "EventSourceArn": BUS,
            "State": "ENABLED",
            "RetentionDays": 0,
            "SizeBytes": 0,
            "EventCount": 0,
            "CreationTime": NOW,
        }

    def test_its_rule_may_be_gone_already(self, events, create, delete_rule):
        create()
        delete_rule()
        events.delete_archive(ArchiveName="a")
        assert names(events) == []

    def test_a_rule_of_the_user_s_that_has_its_name_stays(self, events, create, delete_rule):
        create()
        delete_rule()
        events.put_rule(Name=RULE, EventBusName="orders", EventPattern=PATTERN)
        events.delete_archive(ArchiveName="a")
        assert rule_names(events) == [RULE]


class TestList:
    def test_an_entry_shows_less_than_describing(self, events, create, described, answer_of):
        create(Description="d", EventPattern=PATTERN)
        shown = described()
        for name in ("ArchiveArn", "Description", "EventPattern"):
            del shown[name]
        assert answer_of(events.list_archives) == {"Archives": [shown]}

    def test_filters(self, events, create, delete_rule):
        for name, bus in (("b-2", BUS), ("a", BUS), ("b-1", DEFAULT)):
            create(name, bus)
        delete_rule("Events-Archive-b-2")
        assert names(events) == ["a", "b-1", "b-2"]
        assert names(events, NamePrefix="b-") == ["b-1", "b-2"]
        assert names(events, NamePrefix="-1") == names(events, NamePrefix="B") == []
        assert names(events, EventSourceArn=BUS) == ["a", "b-2"]
        assert names(events, State="ENABLED") == ["a", "b-1"]
        assert names(events, State="DISABLED") == ["b-2"]
        assert names(events, State="CREATING") == []

    @pytest.mark.parametrize(
        "filters",
        [
            {"NamePrefix": "a", "State": "ENABLED"},
            {"NamePrefix": "a", "EventSourceArn": BUS},
            {"State": "ENABLED", "EventSourceArn": BUS + "-that-is-not-there"},
            {"NamePrefix": "a", "State": "ENABLED", "EventSourceArn": BUS},
        ],
    )
    def test_one_filter_at_most(self, events, error_of, filters):
        assert error_of(events.list_archives, **filters) == (
            "ValidationException",
            "At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, or NamePrefix.",
        )

    def test_a_source_that_is_not_there(self, events, error_of):
        assert error_of(events.list_archives, EventSourceArn=BUS) == (
            "ResourceNotFoundException",
            "Event bus orders does not exist.",
        )

    def test_an_unknown_state(self, events, violation_of):
        assert violation_of(events.list_archives, State="GONE") == (
            "'GONE' at 'state'",
            f"satisfy enum value set: {STATES}",
        )

    def test_pages(self, create, paging):
        for name in ("c", "a", "b-1", "b-2"):
            create(name)
        paging("list_archives", "Archives", filters={"NamePrefix": "b"})


class TestCounting:
    def test_ten_events_have_the_size_that_was_recorded(self, create, described, put):
        create()
        detail = json.dumps({"k": "v" * 76})
        assert len(detail) == 85
        for _ in range(10):
            put(Source="s" * 27, DetailType="t" * 27, Detail=detail)
        answer = described()
        assert (answer["EventCount"], answer["SizeBytes"]) == (10, 1590)

    def test_what_matches_is_kept(self, create, described, put):
        create("all")
        create("paid", EventPattern=PATTERN)
        put()
        put(Detail='{"state": "NEW"}')
        assert (described("all")["EventCount"], described("paid")["EventCount"]) == (2, 1)

    def test_what_is_on_another_bus_is_not_kept(self, create, described, put):
        create()
        create("of-default", DEFAULT)
        put("default")
        assert (described("a")["EventCount"], described("of-default")["EventCount"]) == (0, 1)

    def test_what_was_there_before_is_not_kept(self, create, described, put):
        put()
        create()
        assert described()["EventCount"] == 0

    def test_a_refused_entry_is_not_kept(self, create, described, put):
        create()
        put(Detail="[]")
        assert described()["EventCount"] == 0

    def test_a_changed_pattern_holds_from_then_on(self, events, create, described, put):
        create(EventPattern=PATTERN)
        put()
        events.update_archive(ArchiveName="a", EventPattern='{"source": ["nothing"]}')
        put()
        assert described()["EventCount"] == 1

    def test_what_another_account_puts_is_kept(self, events_backend, create, described, order):
        create()
        events_backend.client(account="222222222222").put_events(Entries=[order | {"EventBusName": BUS}])
        assert described()["EventCount"] == 1

    def test_archiving_is_no_delivery(self, events_backend, create, put):
        create()
        put()
        [event] = events_backend.events
        assert event.archived == ["a"]
        assert event.deliveries == events_backend.deliveries == []


class TestManagedRule:
    def test_it_is_described(self, events, create, answer_of):
        create()
        described = answer_of(events.describe_rule, Name=RULE, EventBusName="orders")
        assert described == {
            "Name": RULE,
            "Arn": f"{PLACE}:rule/orders/{RULE}",
            "EventBusName": "orders",
            "State": "ENABLED",
            "EventPattern": '{"replay-name":[{"exists":false}]}',
            "ManagedBy": "prod.vhs.events.aws.internal",
            "CreatedBy": "123456789012",
        }
        del described["CreatedBy"]
        assert events.list_rules(EventBusName="orders")["Rules"] == [described]

    @pytest.mark.parametrize(
        "pattern",
        [PATTERN, '{"source": ["shop"], "detail": {"state": ["PAID"]}}', ' { "source" :\n["shop"] } '],
    )
    def test_its_pattern_is_the_archive_s_but_for_replays(self, events, create, pattern):
        def shown():
            return json.loads(events.describe_rule(Name=RULE, EventBusName="orders")["EventPattern"])

        not_replayed = {"replay-name": [{"exists": False}]}
        create(EventPattern=pattern)
        assert shown() == json.loads(pattern) | not_replayed
        events.update_archive(ArchiveName="a", EventPattern='{"source": ["other"]}')
        assert shown() == {"source": ["other"]} | not_replayed
        events.update_archive(ArchiveName="a", Description="d")
        assert shown() == {"source": ["other"]} | not_replayed

    def test_its_target_is_the_archive(self, events, create):
        create()
        [target] = events.list_targets_by_rule(Rule=RULE, EventBusName="orders")["Targets"]
        template = target["InputTransformer"].pop("InputTemplate")
        assert target == {
            "Id": RULE,
            "Arn": "arn:aws:events:us-east-1:::",
            "InputTransformer": {"InputPathsMap": {}},
        }
        assert re.fullmatch(
            re.escape(f'{{"archive-arn": "{ARN}:') + r"[0-9a-f-]{36}"
            r'", "event": <aws\.events\.event\.json>, '
            r'"ingestion-time": <aws\.events\.event\.ingestion-time>\}',
            template,
        )

    def test_it_goes_with_the_archive(self, events, create):
        create()
        create("b")
        events.delete_archive(ArchiveName="a")
        assert rule_names(events) == ["Events-Archive-b"]

    def test_the_bus_stays_as_long_as_it_is_there(self, events, create, error_of):
        create()
        assert error_of(events.delete_event_bus, Name="orders")[0] == "ValidationException"
        events.delete_archive(ArchiveName="a")
        events.delete_event_bus(Name="orders")

    @pytest.mark.parametrize(
        ("operation", "members"),
        [
            ("put_rule", {"Name": RULE, "EventPattern": PATTERN}),
            ("disable_rule", {"Name": RULE}),
            ("enable_rule", {"Name": RULE}),
            (
                "put_targets",
                {"Rule": RULE, "Targets": [{"Id": "t", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}]},
            ),
        ],
    )
    def test_it_is_not_changed(self, events, create, error_of, operation, members):
        create()
        assert error_of(getattr(events, operation), EventBusName="orders", **members) == (
            "ManagedRuleException",
            f"{RULE} is a managed rule.",
        )

    def test_without_force_it_stays(self, events, create, error_of):
        create()
        error = (
            "ManagedRuleException",
            f"{RULE} is a managed rule. Set 'force' parameter to true to override.",
        )
        where = {"EventBusName": "orders"}
        assert error_of(events.remove_targets, Rule=RULE, Ids=[RULE], **where) == error
        assert error_of(events.delete_rule, Name=RULE, **where) == error

    def test_deleted_by_force_it_disables_the_archive(self, events, create, described, delete_rule, put):
        create()
        put()
        before = described()
        delete_rule()
        put()
        expected = before | {
            "State": "DISABLED",
            "StateReason": "Managed rule for the archive was forcefully deleted.",
        }
        assert described() == expected
        del expected["ArchiveArn"]
        assert events.list_archives()["Archives"] == [expected]

    def test_an_update_brings_it_back(self, events, create, described, delete_rule, put):
        create()
        before = described()
        delete_rule()
        assert events.update_archive(ArchiveName="a", RetentionDays=0)["State"] == "ENABLED"
        assert described() == before
        put()
        assert described()["EventCount"] == 1

    def test_an_update_brings_nothing_back_where_the_bus_is_gone(
        self, events, create, described, delete_rule
    ):
        create()
        delete_rule()
        events.delete_event_bus(Name="orders")
        events.update_archive(ArchiveName="a", Description="d")
        assert described()["State"] == "DISABLED"

    def test_a_rule_of_the_user_s_is_not_replaced(self, events, create, error_of):
        events.create_event_bus(Name="other")
        events.put_rule(Name=RULE, EventBusName="other", EventPattern=PATTERN)
        error_of(create, EventSourceArn=BUS.replace("orders", "other"))
        assert "ManagedBy" not in events.describe_rule(Name=RULE, EventBusName="other")


@pytest.mark.parametrize(
    ("operation", "more"),
    [("describe_archive", {}), ("update_archive", {"RetentionDays": 1}), ("delete_archive", {})],
)
def test_an_unknown_archive(events, create, error_of, operation, more):
    create()
    for name in ("nope", "A"):
        assert error_of(getattr(events, operation), ArchiveName=name, **more) == unknown(name)


@pytest.mark.parametrize("operation", ["describe_archive", "delete_archive"])
def test_a_name_that_cannot_be(events, violation_of, operation):
    assert violation_of(getattr(events, operation), ArchiveName="a b") == (
        "'a b' at 'archiveName'",
        r"satisfy regular expression pattern: [\.\-_A-Za-z0-9]+",
    )


@pytest.mark.parametrize("elsewhere", [{"account": "222222222222"}, {"region": "eu-west-1"}])
def test_archives_are_those_of_an_account_in_a_region(events, events_backend, create, error_of, elsewhere):
    create(EventSourceArn=DEFAULT)
    other = events_backend.client(**elsewhere)
    place = (
        f"arn:aws:events:{elsewhere.get('region', 'us-east-1')}:{elsewhere.get('account', '123456789012')}"
    )
    assert names(other) == []
    assert error_of(other.describe_archive, ArchiveName="a") == unknown("a")
    assert error_of(other.delete_archive, ArchiveName="a") == unknown("a")
    there = other.create_archive(ArchiveName="a", EventSourceArn=f"{place}:event-bus/default")
    assert there["ArchiveArn"] == f"{place}:archive/a"
    other.delete_archive(ArchiveName="a")
    assert names(events) == ["a"]
    assert rule_names(events, "default") == [RULE]


class TestStates:
    """States that an archive is in for `Delays.archive`, and those that fail by a fault."""

    @pytest.fixture(params=[timedelta(0), timedelta(minutes=1)], ids=["at once", "after a minute"])
    def delay(self, request, events_backend):
        events_backend.delays.archive = request.param
        return request.param

    @pytest.fixture
    def minute(self, events_backend):
        events_backend.delays.archive = timedelta(minutes=1)

    @pytest.fixture
    def states(self, events, described, pass_time):
        """A function that tells the states of the archive, at once, after 59 seconds and after 60."""

        def states():
            first = described()["State"]
            [listed] = events.list_archives(State=first)["Archives"]
            assert listed["State"] == first
            pass_time(seconds=59)
            second = described()["State"]
            pass_time(seconds=1)
            return first, second, described()["State"]

        return states

    def test_a_new_one_is_being_created(self, minute, create, states):
        assert create()["State"] == "CREATING"
        assert states() == ("CREATING", "CREATING", "ENABLED")

    def test_a_changed_one_is_being_updated(self, minute, events, create, states):
        create()
        states()
        assert events.update_archive(ArchiveName="a", Description="d")["State"] == "UPDATING"
        assert states() == ("UPDATING", "UPDATING", "ENABLED")

    def test_while_it_is_being_created_it_keeps_nothing_inferred(
        self, minute, events, create, described, put, pass_time
    ):
        create()
        put()
        assert rule_names(events) == []
        pass_time(minutes=1)
        put()
        assert (described()["EventCount"], rule_names(events)) == (1, [RULE])

    def test_an_update_holds_when_it_is_through_inferred(
        self, minute, events, create, described, put, pass_time
    ):
        create(EventPattern=PATTERN)
        pass_time(minutes=1)
        events.update_archive(
            ArchiveName="a", EventPattern='{"detail": {"state": ["OPEN"]}}', RetentionDays=3
        )
        put()
        assert (described()["EventCount"], described()["RetentionDays"]) == (1, 0)
        pass_time(minutes=1)
        put()
        assert (described()["EventCount"], described()["RetentionDays"]) == (1, 3)

    @pytest.mark.parametrize("operation", ["update_archive", "delete_archive"])
    @pytest.mark.parametrize("state", ["CREATING", "UPDATING"])
    def test_while_it_changes_it_is_not_changed(
        self, minute, events, create, states, error_of, operation, state
    ):
        """[inf] as with endpoints; the error is the model's."""
        create()
        if state == "UPDATING":
            states()
            events.update_archive(ArchiveName="a", Description="d")
        more = {"Description": "e"} if operation == "update_archive" else {}
        assert error_of(getattr(events, operation), ArchiveName="a", **more) == (
            "ConcurrentModificationException",
            f"Archive a is in state {state}.",
        )
        assert states() == (state, state, "ENABLED")

    def test_its_creation_fails(self, delay, events, events_backend, create, described, put, pass_time):
        fault = events_backend.faults.inject(
            "no key", state="CREATE_FAILED", operation="CreateArchive", times=1
        )
        answer = create()
        failed = ("CREATE_FAILED", "no key")
        expected = ("CREATING", None) if delay else failed
        assert (answer["State"], answer.get("StateReason")) == expected
        pass_time(delta=delay)
        put()
        shown = described()
        assert (shown["State"], shown["StateReason"], shown["EventCount"]) == (*failed, 0)
        [listed] = events.list_archives()["Archives"]
        assert (listed["State"], listed["StateReason"]) == failed
        assert (rule_names(events), fault.hits) == ([], 1)

    def test_one_whose_creation_failed_can_be_updated_and_deleted(
        self, delay, events, events_backend, create, described, put, pass_time
    ):
        events_backend.faults.inject("no key", state="CREATE_FAILED", times=1)
        create()
        pass_time(delta=delay)
        events.update_archive(ArchiveName="a", Description="d")
        pass_time(delta=delay)
        put()
        shown = described()
        assert (shown["State"], shown.get("StateReason"), shown["EventCount"]) == ("ENABLED", None, 1)
        events.delete_archive(ArchiveName="a")
        assert names(events) == []

    def test_its_update_fails_and_changes_nothing(
        self, delay, events, events_backend, create, described, put, pass_time
    ):
        create(EventPattern=PATTERN, Description="old")
        pass_time(delta=delay)
        before = described()
        events_backend.faults.inject("no key", state="UPDATE_FAILED")
        answer = events.update_archive(ArchiveName="a", EventPattern='{"source": ["x"]}', Description="new")
        expected = ("UPDATING", None) if delay else ("UPDATE_FAILED", "no key")
        assert (answer["State"], answer.get("StateReason")) == expected
        pass_time(delta=delay)
        assert described() == before | {"State": "UPDATE_FAILED", "StateReason": "no key"}
        put()
        assert described()["EventCount"] == 1

    def test_a_refused_request_spends_no_fault(self, events_backend, create, error_of):
        fault = events_backend.faults.inject("no key", state="CREATE_FAILED", times=1)
        error_of(create, EventPattern="{}x")
        assert fault.hits == 0
        assert create()["State"] == "CREATE_FAILED"

    @pytest.mark.parametrize("what", ["create", "update"])
    def test_a_snapshot_goes_on_from_where_it_was(
        self, minute, events, events_backend, create, states, put, described, what
    ):
        create()
        if what == "update":
            states()
            events.update_archive(ArchiveName="a", Description="d")
        snapshot = events_backend.snapshot()
        states()
        put()
        events_backend.restore(snapshot)
        before = described()["State"]
        assert states() == (before, before, "ENABLED")
        put()
        assert described()["EventCount"] == 1

    def test_the_bus_may_go_while_it_is_being_created(self, minute, events, create, states):
        create()
        events.delete_event_bus(Name="orders")
        assert states() == ("CREATING", "CREATING", "ENABLED")


class TestRetention:
    @pytest.fixture
    def kept(self, described):
        """A function that tells how many events an archive keeps, and their size."""

        def kept(name="a"):
            answer = described(name)
            return answer["EventCount"], answer["SizeBytes"]

        return kept

    def test_it_is_counted_in_days_of_24_hours_from_when_the_event_came(self, create, put, kept, pass_time):
        create(RetentionDays=1)
        put()
        size = kept()[1]
        pass_time(hours=23, minutes=59, seconds=59)
        assert kept() == (1, size)
        pass_time(seconds=1)
        assert kept() == (0, 0)

    @pytest.mark.parametrize("time", ["1999-12-31T23:59:59Z", "2026-01-02T03:04:05Z", "2099-01-01T00:00:00Z"])
    def test_the_event_s_own_time_means_nothing(self, create, put, kept, pass_time, time):
        create(RetentionDays=2)
        put(Time=time)
        pass_time(days=1)
        assert kept()[0] == 1
        pass_time(days=1)
        assert kept()[0] == 0

    def test_exactly_what_is_too_old_goes(self, create, put, kept, pass_time):
        create(RetentionDays=3)
        sizes = []
        for day in range(6):
            put(Source="s" * (day + 1))
            sizes.append(day + 1 + len("order") + len('{"state": "PAID"}') + 20)
            held = sizes[-3:]
            assert kept() == (len(held), sum(held))
            pass_time(days=1)
        for left in (2, 1, 0):
            assert kept() == (left, sum(sizes[6 - left :]))
            pass_time(days=1)

    def test_a_list_counts_what_is_kept(self, events, create, put, pass_time):
        create("long", RetentionDays=2)
        create("short", RetentionDays=1)
        put()
        pass_time(days=1)
        listed = events.list_archives()["Archives"]
        assert [(archive["ArchiveName"], archive["EventCount"]) for archive in listed] == [
            ("long", 1),
            ("short", 0),
        ]
        assert listed[1]["SizeBytes"] == 0

    @pytest.mark.parametrize("members", [{}, {"RetentionDays": 0}])
    def test_none_keeps_for_ever(self, create, put, kept, pass_time, members):
        create(**members)
        put()
        pass_time(days=365 * 100)
        assert kept()[0] == 1

    def test_a_shorter_one_holds_for_what_is_there(self, events, create, put, kept, pass_time):
        create()
        put()
        pass_time(days=2)
        put()
        events.update_archive(ArchiveName="a", RetentionDays=2)
        assert kept()[0] == 1

    def test_a_longer_one_holds_for_what_is_there(self, events, create, put, kept, pass_time):
        create(RetentionDays=1)
        put()
        pass_time(hours=12)
        events.update_archive(ArchiveName="a", RetentionDays=2)
        pass_time(hours=24)
        assert kept()[0] == 1
        pass_time(hours=12)
        assert kept()[0] == 0

    def test_what_has_gone_does_not_come_back(self, events, create, put, kept, pass_time):
        create(RetentionDays=1)
        put()
        pass_time(days=1)
        events.update_archive(ArchiveName="a", RetentionDays=0)
        assert kept() == (0, 0)

    def test_what_has_gone_is_not_replayed(self, events, events_backend, create, put, pass_time):
        create(RetentionDays=1)
        events.put_rule(Name="all", EventBusName="orders", EventPattern='{"source": [{"prefix": ""}]}')
        target = events_backend.target("all", bus="orders")
        put(Source="old")
        pass_time(hours=12)
        put(Source="new")
        pass_time(hours=12)
        events.start_replay(
            ReplayName="r",
            EventSourceArn=ARN,
            Destination={"Arn": BUS},
            EventStartTime="2026-01-01",
            EventEndTime="2026-02-01",
        )
        pass_time(minutes=1)
        assert [delivery.event["source"] for delivery in target.deliveries] == ["old", "new", "new"]

    @pytest.mark.parametrize("days", [2**31 - 1, 1_000_000])
    def test_it_may_be_longer_than_the_calendar(self, create, put, kept, pass_time, days):
        create(RetentionDays=days)
        put()
        pass_time(days=365)
        assert kept()[0] == 1


def test_a_snapshot_keeps_what_is_archived(events_backend, create, put, described):
    create()
    put()
    before = described()
    snapshot = events_backend.snapshot()
    for _ in range(2):
        put()
        assert described()["EventCount"] == 2
        events_backend.restore(snapshot)
        assert described() == before
