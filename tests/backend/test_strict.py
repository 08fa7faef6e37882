"""What a strict test does not let pass, part by part."""

from __future__ import annotations

import re

import boto3
import pytest
from botocore.exceptions import MissingDependencyException

from eventmock import OptionError, StrictFailure, mock_events
from eventmock.options import PARTS_OF_TRUE, STRICT_PARTS

QUEUE = "arn:aws:sqs:us-east-1:123456789012:ship"
FOUND = {
    "refused": """\
  refused: <order from shop on 'default': was refused: MalformedDetail: Detail is malformed.>
    a Detail must be JSON: Expecting value: line 1 column 1 (char 0)
    To do: correct the entry, or what refused it: PutEvents succeeds, so the code under test goes on.
""",
    "dropped": """\
  dropped: <order from shop on 'nope': went nowhere: there is no event bus 'nope' in 123456789012, us-east-1; \
there are default>
    on "default" it would match ship
    To do: create the bus before, or put the event on a bus that exists.
  dropped: <order from late: rule 'late' on 'default' -> arn:aws:lambda:us-east-1:123456789012:function:late-function-1\
, pending after 1 attempt: ValueError: no, next 2026-01-01 00:00:01>
      at HERE in fail: raise ValueError("no")
    To do: move backend.clock until the target is tried again, or have it succeed.
  dropped: <order from once: rule 'once' on 'default' -> arn:aws:lambda:us-east-1:123456789012:function:once-function-1\
, dropped: ValueError: no; MaximumRetryAttempts reached after 0 retries; there is no dead-letter queue, \
so the event is lost>
      at HERE in fail
    To do: have the target succeed, or correct what the reason names.
""",
    "unmatched": """\
  unmatched: <order from other on 'default': matched none of the 5 rules on 'default'>
    bare: source held "other", wanted one of ["bare"]
    late: source held "other", wanted one of ["late"]
    once: source held "other", wanted one of ["once"]
    ship: source held "other", wanted one of ["shop"]
    spare: source held "other", wanted one of ["spare"]
    To do: correct the event or the pattern, or put a rule that matches.
  unmatched: <order from bare on 'default': matched bare, but there are no targets>
    late: source held "bare", wanted one of ["late"]
    once: source held "bare", wanted one of ["once"]
    ship: source held "bare", wanted one of ["shop"]
    spare: source held "bare", wanted one of ["spare"]
    To do: give the rule a target, such as backend.target('bare').
""",
    "nobody": f"""\
  nobody: <order from shop: rule 'ship' on 'default' -> {QUEUE}, delivered (recorded: nobody stands at the other end)>
    To do: where recording is enough, say backend.target('{QUEUE}').
""",
}
"""What each part finds in `everything_goes_wrong`."""


def fail(_event):
    raise ValueError("no")


def everything_goes_wrong(backend):
    events = backend.client()
    for name, source in {
        "ship": "shop",
        "bare": "bare",
        "late": "late",
        "once": "once",
        "spare": "spare",
    }.items():
        events.put_rule(Name=name, EventPattern=f'{{"source": ["{source}"]}}')
    events.put_targets(Rule="ship", Targets=[{"Id": "queue", "Arn": QUEUE}])
    backend.target("late", fail)
    backend.target("once", fail, RetryPolicy={"MaximumRetryAttempts": 0})
    backend.target("spare")
    order = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
    for change in (
        {},
        {"Detail": "no JSON"},
        {"EventBusName": "nope"},
        {"Source": "other"},
        {"Source": "bare"},
        {"Source": "late"},
        {"Source": "once"},
        {"Source": "spare"},
    ):
        events.put_events(Entries=[order | change])


def failure(strict):
    with (
        pytest.raises(StrictFailure) as caught,
        mock_events(strict=strict, start_time="2026-01-01") as backend,
    ):
        everything_goes_wrong(backend)
    return re.sub(r" at \S+:\d+ in ", " at HERE in ", str(caught.value))


@pytest.mark.parametrize("part", FOUND)
def test_a_part_finds_its_own_problems_only(part):
    last = "A test that means it to be so says strict=False."
    assert failure({part}) == f"strict={{{part!r}}}, and\n{FOUND[part]}{last}"


def test_rules_of_other_buses_that_would_match_are_named():
    with pytest.raises(StrictFailure) as caught, mock_events(strict={"unmatched"}) as backend:
        events = backend.client()
        events.create_event_bus(Name="orders")
        events.put_rule(Name="ship", EventBusName="orders", EventPattern='{"source": ["shop"]}')
        events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
    assert str(caught.value).splitlines()[1:4] == [
        "  unmatched: <order from shop on 'default': matched nothing: there are no rules on 'default'>",
        '    on "orders" it would match ship',
        "    To do: correct the event or the pattern, or put a rule that matches.",
    ]


def test_true_means_four_parts():
    assert failure(True) == (
        f"strict=True, and\n{''.join(FOUND.values())}A test that means it to be so says strict=False."
    )


def test_every_part_of_true_is_tested_here():
    assert FOUND.keys() == PARTS_OF_TRUE


@pytest.mark.parametrize("strict", [False, (), {"handlers"}, {"awscrt"}])
def test_other_parts_find_none_of_them(strict):
    with mock_events(strict=strict) as backend:
        everything_goes_wrong(backend)
    assert len(backend.events) == 8


def test_the_failure_names_the_parts_that_are_left():
    said = failure(["nobody", "unmatched", "handlers"])
    assert said.splitlines()[0] == "strict={'unmatched', 'nobody', 'handlers'}, and"
    assert said.splitlines()[-1] == "A test that means it to be so says strict={'handlers'}."


def test_of_many_problems_twenty_are_shown(order):
    with pytest.raises(StrictFailure) as caught, mock_events(strict={"unmatched"}) as backend:
        for _ in range(23):
            backend.client().put_events(Entries=[order])
    lines = str(caught.value).splitlines()
    assert len([line for line in lines if line.startswith("  unmatched: ")]) == 20
    assert lines[-2] == "  ... and 3 more"


def test_with_refused_requests_are_refused_that_aws_would_refuse():
    def offer(strict):
        with mock_events(strict=strict) as backend:
            client = backend.client()
            try:
                client.create_partner_event_source(Name="aws.partner/a.com/b", Account="111122223333")
            except client.exceptions.OperationDisabledException:
                return "refused"
            return "taken"

    assert {part: offer({part}) for part in STRICT_PARTS} == {
        part: "refused" if part == "refused" else "taken" for part in STRICT_PARTS
    }


class TestAwscrt:
    @pytest.fixture(autouse=True)
    def without_awscrt(self, monkeypatch):
        monkeypatch.setattr("botocore.regions.HAS_CRT", False)
        monkeypatch.delitem(__import__("botocore.auth").auth.AUTH_TYPE_MAPS, "v4a", raising=False)

    @pytest.mark.parametrize(
        "options",
        [{"strict": {"awscrt"}}, {"require_awscrt": True}, {"strict": {"awscrt"}, "require_awscrt": True}],
    )
    def test_calls_by_sigv4a_fail_where_it_is_not_installed(self, order, options):
        with mock_events(**options), pytest.raises(MissingDependencyException):
            boto3.client("events").put_events(EndpointId="abcde.veo", Entries=[order])

    @pytest.mark.parametrize("options", [{"strict": True}, {"strict": {"awscrt"}, "require_awscrt": False}])
    def test_else_they_do_not(self, order, options):
        with mock_events(**options), pytest.raises(Exception, match="ndpoint") as caught:
            boto3.client("events").put_events(EndpointId="abcde.veo", Entries=[order])
        assert not isinstance(caught.value, MissingDependencyException)


class TestNested:
    @pytest.mark.parametrize(
        ("outer", "inner"),
        [
            ({"strict": True}, {"strict": ["refused", "dropped", "unmatched", "nobody"]}),
            ({"strict": {"awscrt"}}, {"require_awscrt": True}),
            ({"strict": True, "require_awscrt": True}, {"strict": True}),
            ({}, {"strict": False}),
        ],
    )
    def test_the_same_parts_join(self, outer, inner):
        with mock_events(**outer) as backend, mock_events(**inner) as joined:
            assert joined is backend

    @pytest.mark.parametrize(
        ("outer", "inner", "said"),
        [
            ({"strict": True}, {"strict": {"nobody"}}, r"strict={'nobody'}\) at .* with strict=True, "),
            ({"strict": {"awscrt"}}, {"require_awscrt": False}, r"require_awscrt=False\) at .*awscrt=True, "),
            ({"strict": {"awscrt"}}, {"strict": False}, r"strict=False\) at .* with strict={'awscrt'}, "),
        ],
    )
    def test_others_are_refused(self, outer, inner, said):
        with mock_events(**outer), pytest.raises(OptionError, match=said), mock_events(**inner):
            pass


class TestHandlers:
    """An event that Lambda gave up, and that went nowhere."""

    SHIP = "arn:aws:lambda:us-east-1:123456789012:function:ship"

    def run(self, order, handler, *, minutes=10, expected=False, **settings):
        with mock_events(strict={"handlers"}, start_time="2026-01-01") as backend:
            backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            backend.client().put_targets(Rule="r", Targets=[{"Id": "1", "Arn": self.SHIP}])
            ship = backend.lambda_function("ship", handler, **settings)
            if expected:
                ship.expect_failure()
            backend.client().put_events(Entries=[order])
            backend.clock.advance(minutes=minutes)

    def test_it_is_found_with_its_attempts_and_the_exception(self, order):
        with pytest.raises(StrictFailure) as caught:
            self.run(order, lambda event, _context: fail(event), retries=0)
        lines = str(caught.value).splitlines()
        assert lines[0] == "strict={'handlers'}, and"
        assert lines[1].startswith("  handlers: <invocation ")
        assert lines[2] == "    attempt 1 of 1 failed: ValueError: no"
        assert lines[-3:] == [
            "    gave up, RetriesExhausted after 1 attempt; the event went nowhere",
            "    To do: have the handler succeed, give the function dead_letter= or on_failure=, or say "
            "expect_failure() of it.",
            "A test that means it to be so says strict=False.",
        ]
        assert isinstance(caught.value.__cause__, ValueError)

    def test_one_that_is_tried_again_is_found_too(self, order):
        with pytest.raises(StrictFailure, match=r"To do: move backend.clock until Lambda tries it again"):
            self.run(order, lambda event, _context: fail(event), minutes=2)

    def test_a_destination_that_takes_it_is_enough(self, order):
        self.run(order, lambda event, _context: fail(event), on_failure=QUEUE)
        self.run(order, lambda event, _context: fail(event), dead_letter=QUEUE)

    def test_a_success_is_none(self, order):
        self.run(order, lambda _event, _context: None)

    def test_a_failure_that_is_expected_is_none(self, order):
        self.run(order, lambda event, _context: fail(event), expected=True)


class TestNobody:
    """What was sent, and only recorded."""

    SHIP = "arn:aws:lambda:us-east-1:123456789012:function:ship"
    LETTERS = "arn:aws:sqs:us-east-1:123456789012:letters"

    def told(self, order, prepare, *targets):
        with (
            pytest.raises(StrictFailure) as caught,
            mock_events(strict={"nobody"}, start_time="2026-01-01") as backend,
        ):
            backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            prepare(backend)
            if targets:
                backend.client().put_targets(Rule="r", Targets=list(targets))
            backend.client().put_events(Entries=[order])
            backend.clock.advance(minutes=10)
        return [line.strip() for line in str(caught.value).splitlines()[1:-1]]

    @pytest.mark.parametrize(
        ("arn", "name"),
        [
            (SHIP, "ship"),
            (f"{SHIP}:live", "ship:live"),
            (SHIP.replace("east", "west"), SHIP.replace("east", "west")),
        ],
    )
    def test_a_lambda_function_wants_its_handler(self, order, arn, name):
        lines = self.told(order, lambda _backend: None, {"Id": "1", "Arn": arn})
        assert lines[1:] == [
            f"To do: give the function its handler by backend.lambda_function({name!r}, handler); "
            f"where recording is enough, say backend.target({arn!r})."
        ]

    @pytest.mark.parametrize(
        ("answered", "others"),
        [
            ([], ""),
            (
                ["https://a.example.com/v2/*", "https://b.example.com/*"],
                " (the functions that there are answer for 'https://a.example.com/v2/*', 'https://b.example.com/*')",
            ),
        ],
    )
    def test_an_api_destination_wants_a_function_for_its_url(self, order, answered, others):
        def prepare(backend):
            events = backend.client()
            key = {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "s3cret"}}
            connection = events.create_connection(Name="c", AuthorizationType="API_KEY", AuthParameters=key)
            made = events.create_api_destination(
                Name="d",
                ConnectionArn=connection["ConnectionArn"],
                HttpMethod="PUT",
                InvocationEndpoint="https://a.example.com/v1/*",
            )
            for url in answered:
                backend.http(url, lambda _call: 200)
            http = {"PathParameterValues": ["7"], "QueryStringParameters": {"q": "s3cret"}}
            target = {"Id": "1", "Arn": made["ApiDestinationArn"], "HttpParameters": http}
            events.put_targets(Rule="r", Targets=[target | {"RoleArn": "arn:aws:iam::123456789012:role/r"}])

        [_, to_do] = self.told(order, prepare)
        assert to_do.startswith(
            "To do: have a function answer PUT https://a.example.com/v1/7 by "
            f"backend.http('https://a.example.com/v1/7', function){others}; "
            "where recording is enough, say backend.target('arn:aws:events:us-east-1:123456789012:api-destination/d/"
        )
        assert "s3cret" not in to_do

    def test_a_dead_letter_is_found(self, order):
        def prepare(backend):
            backend.target(QUEUE, fail)

        target = {"Id": "1", "Arn": QUEUE, "DeadLetterConfig": {"Arn": self.LETTERS}}
        lines = self.told(order, prepare, target | {"RetryPolicy": {"MaximumRetryAttempts": 0}})
        assert lines[0].startswith(
            f"nobody: <order from shop: rule 'r' on 'default' -> {QUEUE}, dead-lettered"
        )
        assert lines[1:] == [
            f"the dead letter was only recorded: there is nobody at {self.LETTERS}",
            f"To do: where recording is enough, say backend.target('{self.LETTERS}').",
        ]

    @pytest.mark.parametrize(
        ("handler", "setting", "outlet"),
        [
            (lambda event, _context: fail(event), "on_failure", "record on failure"),
            (lambda event, _context: fail(event), "dead_letter", "dead letter"),
            (lambda _event, _context: 1, "on_success", "record on success"),
        ],
    )
    def test_what_lambda_sends_is_found(self, order, handler, setting, outlet):
        def prepare(backend):
            backend.lambda_function("ship", handler, **{setting: self.LETTERS})

        lines = self.told(order, prepare, {"Id": "1", "Arn": self.SHIP})
        assert re.match(
            f"nobody: <invocation .* of lambda function:ship, .*; {outlet} sent to sqs letters \\(recorded\\)>$",
            lines[0],
        )
        assert lines[1:] == [
            f"there is nobody at {self.LETTERS}",
            f"To do: where recording is enough, say backend.target('{self.LETTERS}').",
        ]

    def test_a_function_of_the_test_takes_it(self, order):
        with mock_events(strict={"nobody"}) as backend:
            backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            backend.client().put_targets(Rule="r", Targets=[{"Id": "1", "Arn": self.SHIP}])
            backend.lambda_function("ship", lambda _event, _context: 1, on_success=self.LETTERS)
            backend.target(self.LETTERS)
            backend.client().put_events(Entries=[order])


def test_an_entry_that_a_fault_refused_says_so(order):
    with pytest.raises(StrictFailure) as caught, mock_events(strict={"refused"}) as backend:
        backend.faults.inject("ThrottlingException", entry=True)
        backend.client().put_events(Entries=[order])
    assert str(caught.value).splitlines()[1:3] == [
        "  refused: <order from shop on 'default': was refused: ThrottlingException: Rate exceeded>",
        "    a fault of the test refused it, not AWS",
    ]


def test_a_rule_without_targets_is_named_with_the_place_where_it_is(order):
    with (
        pytest.raises(StrictFailure) as caught,
        mock_events(strict={"unmatched"}) as backend,
    ):
        events = backend.client(region="eu-west-1", account="222222222222")
        events.create_event_bus(Name="orders")
        events.put_rule(Name="ship", EventBusName="orders", EventPattern='{"source": ["shop"]}')
        events.put_events(Entries=[order | {"EventBusName": "orders"}])
    to_do = str(caught.value).splitlines()[2].strip()
    call = "backend.target('ship', bus='orders', region='eu-west-1', account='222222222222')"
    assert to_do == f"To do: give the rule a target, such as {call}."
    target = backend.target("ship", bus="orders", region="eu-west-1", account="222222222222")
    assert target.deliveries == []


class TestSchedules:
    @staticmethod
    def make(backend, arn=QUEUE, **target):
        backend.client("scheduler").create_schedule(
            Name="nightly",
            ScheduleExpression="rate(1 hour)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": arn, "RoleArn": "arn:aws:iam::123456789012:role/scheduler", **target},
        )

    @staticmethod
    def problems(backend, since=None):
        with pytest.raises(StrictFailure) as caught:
            backend.check(since=since)
        backend.reset()
        return str(caught.value).splitlines()[1:-1]

    def test_a_delivery_that_was_only_recorded(self):
        with mock_events(strict={"nobody"}) as backend:
            self.make(backend)
            assert self.problems(backend) == [
                f"  nobody: <schedule nightly -> {QUEUE}, delivered (recorded: nobody stands at the other end)>",
                f"    To do: where recording is enough, say backend.target('{QUEUE}').",
            ]

    def test_deliveries_of_equal_words_are_told_once(self):
        with mock_events(strict={"nobody"}, start_time="2027-01-01T00:00:00Z") as backend:
            self.make(backend)
            backend.clock.advance(hours=1000)
            assert self.problems(backend) == [
                f"  nobody: <schedule nightly -> {QUEUE}, delivered (recorded: nobody stands at the other end)> "
                "(1,001 times)",
                f"    To do: where recording is enough, say backend.target('{QUEUE}').",
            ]

    def test_a_delivery_that_did_not_succeed(self):
        with mock_events(strict={"dropped"}) as backend:
            backend.faults.inject("AccessDeniedException", target=QUEUE)
            self.make(backend)
            first, to_do = self.problems(backend)
            assert first.startswith(
                f"  dropped: <schedule nightly -> {QUEUE}, dropped: AccessDeniedException: "
            )
            assert to_do == "    To do: have the target succeed, or correct what the reason names."

    def test_a_dead_letter_that_was_only_recorded(self):
        with mock_events(strict={"nobody"}) as backend:
            backend.faults.inject("AccessDeniedException", target=QUEUE)
            self.make(backend, DeadLetterConfig={"Arn": f"{QUEUE}-dead"})
            assert self.problems(backend)[1:] == [
                f"    the dead letter was only recorded: there is nobody at {QUEUE}-dead",
                f"    To do: where recording is enough, say backend.target('{QUEUE}-dead').",
            ]

    def test_an_event_that_a_schedule_put_and_no_rule_wanted(self):
        with mock_events(strict={"unmatched"}) as backend:
            parameters = {"Source": "clock", "DetailType": "tick"}
            bus = f"arn:aws:events:us-east-1:{backend.default_account}:event-bus/default"
            self.make(backend, bus, Input="{}", EventBridgeParameters=parameters)
            assert self.problems(backend)[0].startswith(
                "  unmatched: <tick from clock on 'default': matched nothing"
            )

    def test_an_event_that_lambda_gave_up(self):
        def broken(_event, _context):
            raise ValueError("no")

        with mock_events(strict={"handlers"}) as backend:
            function = backend.lambda_function("night", broken, retries=0)
            self.make(backend, function.arn)
            assert "handlers: <" in self.problems(backend)[0]

    def test_what_fired_before_a_snapshot_is_ignored(self):
        with mock_events(strict=True, start_time="2026-01-01") as backend:
            self.make(backend)
            snapshot = backend.snapshot()
            backend.check(since=snapshot)
            backend.clock.advance(hours=1)
            assert len(self.problems(backend, since=snapshot)) == 2
