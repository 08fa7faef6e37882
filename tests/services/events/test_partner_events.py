"""Section 1.5 of the notes on partner events; each test says by which of its marks it is known."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ConnectionError as ConnectionFailed

pytestmark = pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")

PARTNER, CUSTOMER, OTHER_CUSTOMER = "999999999999", "222222222222", "333333333333"
NAME = "aws.partner/example.com/orders/1"
ENTRY = {"Source": NAME, "DetailType": "order", "Detail": '{"state": "PAID"}'}
PATTERN = '{"source": [{"prefix": "aws.partner/example.com"}]}'
BUS = f"arn:aws:events:us-east-1:{CUSTOMER}:event-bus/{NAME}"
NOT_AUTHORIZED = {
    "ErrorCode": "NotAuthorizedForSourceException",
    "ErrorMessage": "Not authorized for the source.",
}


@pytest.fixture
def partner(events_backend):
    """A client of the partner."""
    return events_backend.client(account=PARTNER)


@pytest.fixture
def customer(events_backend):
    """A client of the customer."""
    return events_backend.client(account=CUSTOMER)


@pytest.fixture
def accept(events_backend, partner):
    """A function that offers a source to an account, which accepts it: gives what its rule delivers, and its client."""

    def accept(account=CUSTOMER, name=NAME):
        partner.create_partner_event_source(Name=name, Account=account)
        client = events_backend.client(account=account)
        client.create_event_bus(Name=name, EventSourceName=name)
        client.put_rule(Name="all", EventBusName=name, EventPattern=PATTERN)
        return events_backend.target("all", bus=name, account=account), client

    return accept


@pytest.fixture
def send(partner, answer_of):
    """A function that sends entries, each as it is changed: gives the answer."""
    return lambda *changes: answer_of(partner.put_partner_events, Entries=[ENTRY | one for one in changes])


def without(member):
    return {name: value for name, value in ENTRY.items() if name != member}


class TestEntries:
    def test_from_1_to_20_model(self, partner, accept, unchecked, violation_of):
        accept()
        assert partner.put_partner_events(Entries=[ENTRY] * 20)["FailedEntryCount"] == 0
        where, constraint = violation_of(partner.put_partner_events, Entries=[ENTRY] * 21)
        assert constraint == "have length less than or equal to 20"
        assert where.endswith("' at 'entries'")
        printed = (
            f"PutPartnerEventsRequestEntry(time=null, source={NAME}, resources=null, detailType=order, "
            f"detail={ENTRY['Detail']})"
        )
        assert where == f"'[{', '.join([printed] * 21)}]' at 'entries'"
        assert violation_of(unchecked.put_partner_events, Entries=[])[1] == (
            "have length greater than or equal to 1"
        )

    def test_the_members_model(self, partner):
        shape = partner.meta.service_model.shape_for("PutPartnerEventsRequestEntry")
        assert list(shape.members) == ["Time", "Source", "Resources", "DetailType", "Detail"]

    @pytest.mark.parametrize("source", ["shop", "aws.partner/example.com", "aws.s3"])
    def test_a_source_is_named_as_a_partner_s_model(self, partner, accept, violation_of, source):
        accept()
        assert violation_of(partner.put_partner_events, Entries=[ENTRY, ENTRY | {"Source": source}]) == (
            f"'{source}' at 'entries.2.member.source'",
            r"satisfy regular expression pattern: aws\.partner(/[\.\-_A-Za-z0-9]+){2,}",
        )

    @pytest.mark.parametrize("member", ["Source", "DetailType", "Detail"])
    def test_an_incomplete_one_fails_alone_model(self, partner, accept, answer_of, member):
        target, _ = accept()
        answer = answer_of(partner.put_partner_events, Entries=[ENTRY, without(member)])
        assert answer["FailedEntryCount"] == 1
        assert answer["Entries"][1] == {
            "ErrorCode": "InvalidArgument",
            "ErrorMessage": f"Parameter {member} is not valid. Reason: {member} is a required argument.",
        }
        assert len(target.deliveries) == 1

    def test_without_a_complete_one_the_request_fails_model(self, events_backend, partner, accept, error_of):
        accept()
        assert error_of(partner.put_partner_events, Entries=[without("Detail"), without("Source")]) == (
            "ValidationException",
            "Parameter(s) Source, DetailType and Detail must be specified.",
        )
        assert events_backend.events == []

    def test_a_detail_type_has_at_most_128_characters_model(self, accept, send):
        target, _ = accept()
        answer = send({"DetailType": "x" * 128}, {"DetailType": "x" * 129})
        assert answer["Entries"][1] == {
            "ErrorCode": "InvalidArgument",
            "ErrorMessage": (
                "Parameter DetailType is not valid. Reason: DetailType is longer than 128 characters."
            ),
        }
        assert len(target.deliveries) == 1

    def test_a_detail_is_an_object_inferred(self, accept, send):
        accept()
        answer = send({"Detail": "[]"}, {})
        assert answer["Entries"][0] == {
            "ErrorCode": "MalformedDetail",
            "ErrorMessage": "Detail is malformed.",
        }
        assert answer["FailedEntryCount"] == 1

    def test_their_size_is_limited_together_as_that_of_put_events_doc(
        self, events_backend, partner, accept, error_of
    ):
        accept()
        half = ENTRY | {"Detail": json.dumps({"a": "x" * 512 * 1024})}
        assert error_of(partner.put_partner_events, Entries=[half] * 2) == (
            "ValidationException",
            "Total size of the entries in the request is over the limit.",
        )
        assert events_backend.events == []
        assert partner.put_partner_events(Entries=[half])["FailedEntryCount"] == 0


class TestAnswer:
    def test_it_mirrors_that_of_put_events_model(self, events_backend, accept, send):
        target, _ = accept()
        answer = send({}, {"Detail": "no"}, {"DetailType": "other"})
        assert answer["FailedEntryCount"] == 1
        assert [list(entry) for entry in answer["Entries"]] == [
            ["EventId"],
            ["ErrorCode", "ErrorMessage"],
            ["EventId"],
        ]
        ids = [delivery.event["id"] for delivery in target.deliveries]
        assert [entry.get("EventId") for entry in answer["Entries"]] == [ids[0], None, ids[1]]
        refused = events_backend.events[1]
        assert (refused.account, refused.bus, refused.refused) == (
            PARTNER,
            NAME,
            "MalformedDetail: Detail is malformed.",
        )

    def test_a_source_that_nobody_was_offered_inferred(self, send):
        assert send({}) == {"FailedEntryCount": 1, "Entries": [NOT_AUTHORIZED]}

    def test_a_source_of_another_partner_inferred(self, events_backend, accept, answer_of):
        target, customer = accept()
        rival = events_backend.client(account="444444444444")
        for client in (rival, customer):
            assert answer_of(client.put_partner_events, Entries=[ENTRY])["Entries"] == [NOT_AUTHORIZED]
        assert target.deliveries == []

    def test_a_source_of_another_region_inferred(self, events_backend, accept, answer_of):
        accept()
        elsewhere = events_backend.client(account=PARTNER, region="eu-west-1")
        assert answer_of(elsewhere.put_partner_events, Entries=[ENTRY])["Entries"] == [NOT_AUTHORIZED]

    def test_a_source_that_was_deleted_inferred(self, partner, accept, send):
        target, _ = accept()
        partner.delete_partner_event_source(Name=NAME, Account=CUSTOMER)
        assert send({})["Entries"] == [NOT_AUTHORIZED]
        assert target.deliveries == []


class TestFanOut:
    def test_every_account_where_it_is_active_gets_it(self, accept, send):
        here, _ = accept()
        there, _ = accept(OTHER_CUSTOMER)
        event_id = send({})["Entries"][0]["EventId"]
        [ours], [theirs] = here.deliveries, there.deliveries
        assert (ours.event["account"], theirs.event["account"]) == (CUSTOMER, OTHER_CUSTOMER)
        assert ours.event | {"account": OTHER_CUSTOMER} == theirs.event
        assert ours.event["id"] == event_id

    def test_where_it_is_pending_nothing_arrives_and_the_entry_succeeds_doc(
        self, events_backend, accept, send
    ):
        here, customer = accept()
        there, _ = accept(OTHER_CUSTOMER)
        customer.deactivate_event_source(Name=NAME)
        assert send({})["FailedEntryCount"] == 0
        assert (len(here.deliveries), len(there.deliveries)) == (0, 1)
        assert [event.dropped for event in events_backend.events] == [
            f"the event source is PENDING in {CUSTOMER}, us-east-1",
            None,
        ]

    def test_without_a_bus_anywhere_the_entry_succeeds_doc(self, events_backend, partner, send):
        partner.create_partner_event_source(Name=NAME, Account=CUSTOMER)
        assert send({})["FailedEntryCount"] == 0
        [event] = events_backend.events
        assert (event.account, event.bus) == (CUSTOMER, NAME)
        assert event.dropped == f"the event source is PENDING in {CUSTOMER}, us-east-1"

    def test_only_the_bus_of_its_source_gets_it(self, events_backend, customer, accept, send):
        target, _ = accept()
        other, _ = accept(name=NAME + "x")
        customer.put_rule(Name="all", EventPattern=PATTERN)
        on_default = events_backend.target("all", account=CUSTOMER)
        send({})
        assert list(map(len, (target.deliveries, other.deliveries, on_default.deliveries))) == [1, 0, 0]


class TestEvent:
    def test_its_fields_inferred_for_the_account(self, accept, send):
        target, _ = accept()
        time = datetime(2025, 12, 31, 23, 59, 58, 765_432, tzinfo=UTC)
        answer = send({"Resources": ["b", "a"], "Time": time, "Detail": '{ "z": 1.0,\n"a": "x  y" }'})
        assert target.deliveries.bodies == [
            f'{{"version":"0","id":"{answer["Entries"][0]["EventId"]}","detail-type":"order","source":"{NAME}",'
            f'"account":"{CUSTOMER}","time":"2025-12-31T23:59:58Z","region":"us-east-1",'
            '"resources":["b","a"],"detail":{"z":1.0,"a":"x  y"}}'
        ]

    def test_without_a_time_it_is_the_clock_s(self, accept, send):
        target, _ = accept()
        send({})
        assert target.deliveries[0].event["time"] == "2026-01-02T03:04:05Z"
        assert target.deliveries[0].event["resources"] == []

    def test_no_trace_header_goes_along_inferred(self, partner, accept, send):
        def add_header(request, **_):
            request.headers["X-Amzn-Trace-Id"] = "Root=of-the-request"

        partner.meta.events.register("before-sign.eventbridge.PutPartnerEvents", add_header)
        target, _ = accept()
        send({})
        assert target.deliveries[0].trace_header is None

    def test_a_rule_matches_on_the_customer_s_account_inferred(self, events_backend, accept, send):
        _, customer = accept()
        for account in (CUSTOMER, PARTNER):
            pattern = json.dumps({"account": [account]})
            customer.put_rule(Name=f"of-{account}", EventBusName=NAME, EventPattern=pattern)
        send({})
        assert events_backend.events[0].matched == ["all", f"of-{CUSTOMER}"]


class TestCustomer:
    """What the customer may and may not do with its partner bus."""

    def test_put_events_knows_no_partner_bus_model(self, accept, error_of):
        target, customer = accept()
        entry = ENTRY | {"Source": "shop"}
        for bus in (NAME, BUS):
            code, text = error_of(customer.put_events, Entries=[entry | {"EventBusName": bus}])
            assert code == "ValidationException"
            assert "entries.1.member.eventBusName" in text
        assert target.deliveries == []

    def test_put_events_takes_no_partner_s_source_recorded(self, customer, partner, accept, answer_of):
        accept()
        for client in (customer, partner):
            assert answer_of(client.put_events, Entries=[ENTRY])["Entries"] == [NOT_AUTHORIZED]

    def test_a_partner_bus_has_no_policy_model(self, customer, accept, violation_of):
        accept()
        statement = {"Action": "events:PutEvents", "Principal": "*", "StatementId": "s"}
        for call, members in (
            (customer.put_permission, statement),
            (customer.remove_permission, {"StatementId": "s"}),
        ):
            where, constraint = violation_of(call, EventBusName=NAME, **members)
            assert where == f"'{NAME}' at 'eventBusName'"
            assert constraint.startswith("satisfy regular expression pattern")

    def test_archives_and_replays_work_on_it_doc(self, events_backend, accept, send):
        target, customer = accept()
        archive = customer.create_archive(ArchiveName="a", EventSourceArn=BUS)["ArchiveArn"]
        send({})
        assert events_backend.events[0].archived == ["a"]
        assert customer.describe_archive(ArchiveName="a")["EventCount"] == 1
        rule = customer.describe_rule(Name="all", EventBusName=NAME)["Arn"]
        customer.deactivate_event_source(Name=NAME)
        customer.start_replay(
            ReplayName="again",
            EventSourceArn=archive,
            EventStartTime=0,
            EventEndTime=2**32,
            Destination={"Arn": BUS, "FilterArns": [rule]},
        )
        events_backend.clock.advance(seconds=1)
        live, again = target.deliveries
        assert again.event == live.event | {"id": again.event["id"], "replay-name": "again"}

    def test_rules_work_again_when_a_deleted_source_is_back_and_activated_doc(self, partner, accept, send):
        target, customer = accept()
        partner.delete_partner_event_source(Name=NAME, Account=CUSTOMER)
        partner.create_partner_event_source(Name=NAME, Account=CUSTOMER)
        send({})
        assert target.deliveries == []
        customer.activate_event_source(Name=NAME)
        send({})
        assert len(target.deliveries) == 1

    def test_a_deleted_bus_gets_nothing_more_doc(self, events_backend, customer, partner, send):
        partner.create_partner_event_source(Name=NAME, Account=CUSTOMER)
        customer.create_event_bus(Name=NAME, EventSourceName=NAME)
        customer.delete_event_bus(Name=NAME)
        assert send({})["FailedEntryCount"] == 0
        assert events_backend.events[0].dropped

    def test_explain_takes_a_partner_s_entry(self, events_backend, accept):
        accept()
        [verdict] = events_backend.explain(ENTRY, bus=NAME, account=CUSTOMER)
        assert verdict.matched


class TestWhatATestInjects:
    def test_an_entry_fails_by_a_fault(self, events_backend, accept, send):
        target, _ = accept()
        fault = events_backend.faults.inject(
            "ThrottlingException",
            operation="PutPartnerEvents",
            entry=lambda entry: entry["DetailType"] == "bad",
        )
        answer = send({}, {"DetailType": "bad"})
        assert answer["FailedEntryCount"] == 1
        assert answer["Entries"][1] == {"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"}
        assert (len(target.deliveries), fault.hits) == (1, 1)

    def test_entries_of_the_other_operation_do_not(self, events_backend, accept, send, events, order):
        accept()
        events_backend.faults.inject("InternalFailure", operation="PutPartnerEvents", entry=True)
        assert events.put_events(Entries=[order])["FailedEntryCount"] == 0
        assert send({})["FailedEntryCount"] == 1

    def test_a_region_that_is_out_takes_none(self, events_backend, partner, accept, send):
        target, _ = accept()
        with events_backend.region("us-east-1").outage(), pytest.raises(ConnectionFailed):
            partner.put_partner_events(Entries=[ENTRY])
        assert target.deliveries == []
        assert send({})["FailedEntryCount"] == 0

    @pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z", enforce_policies=True)
    def test_policies_have_no_say_inferred(self, accept, send):
        target, _ = accept()
        assert send({})["FailedEntryCount"] == 0
        assert len(target.deliveries) == 1
