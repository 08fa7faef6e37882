"""A subscriber with each mistake in a mock, as its deliveries show it."""

from __future__ import annotations

import json
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from eventmock.services.custom_event_bus.coverage import COVERAGE
from eventmock.services.custom_event_bus.filter_checks import filters_of
from eventmock.services.custom_event_bus.mutants import MUTANTS, matches
from eventmock.services.mutants import Mutated, mutated

QUEUE = "arn:aws:sqs:us-east-1:123456789012:ship"
FIFO_QUEUE = f"{QUEUE}.fifo"
LETTERS = "arn:aws:sqs:us-east-1:123456789012:letters"
SMALL = {"detail": {"n": [1]}}
GROUP_A = {"EventGroupId": ["a"]}
ONE = {"MaxBatchSize": 1, "MaxBatchWindowInSeconds": 0}
REPLAY = {"StartingPosition": "POINT_IN_TIME", "PointInTimeConfiguration": {"PointType": "HORIZON"}}


def filters(**by_scope):
    listed = [{"Scope": scope, "Pattern": json.dumps(one)} for scope, one in by_scope.items()]
    return {"FilterConfiguration": {"Filters": listed}}


def jsonata(expression):
    return {"Transformer": {"Type": "JSONATA", "JsonataConfiguration": {"Expression": expression}}}


@pytest.fixture
def subject(backend, subscribed):
    """A function that makes a subscriber, and gives what the runner of mutants knows of it."""

    def subject(event=None, **members):
        arn = subscribed.subscribe("known", queue=members.pop("queue", QUEUE), **members)
        [found] = [one for one in COVERAGE().subjects(backend.state) if one.name == "known"]
        subscribed.client.delete_subscriber(SubscriberArn=arn)
        return mutated(found, None if event is None else json.dumps(event))

    return subject


@pytest.fixture
def alter(backend):
    """A function that gives a mock the subscriber with a mistake."""

    def alter(subject, mutant):
        mutant = type(mutant)(**json.loads(json.dumps(mutant._asdict())))  # as another process gets it
        backend.state.alter = partial(
            lambda record, state: MUTANTS.alter(state, record, subject, mutant), state=backend.state
        )

    return alter


def seen(n=1, **system):
    """An event as a subscriber sees it."""
    data = {"source": "shop", "detail-type": "Order", "detail": {"n": n}}
    return {"Data": data, "Metadata": {}, "SystemMetadata": {"EventGroupId": "a", **system}}


def of_kind(subject, kind):
    return [mutant for mutant in MUTANTS.mutants(subject) if mutant.kind == kind]


def only(subject, kind):
    [mutant] = of_kind(subject, kind)
    return mutant


def kinds(subject):
    return {mutant.kind for mutant in MUTANTS.mutants(subject)}


def test_a_plain_subscriber_has_the_mistakes_that_a_person_could_make(subject):
    assert kinds(subject()) == {"another transformer", "subscriber stopped", "target missing"}


def test_a_subscriber_of_all_members_has_more(subject):
    members = {
        **filters(DATA=SMALL, SYSTEM_METADATA=GROUP_A),
        **jsonata("{% $events.Data.detail.n %}"),
        **REPLAY,
        "BatchConfiguration": {"MaxBatchSize": 5, "MaxBatchWindowInSeconds": 3},
        "OnFailureConfiguration": {"Arn": LETTERS},
        "RetryPolicy": {"MaxRetryAttempts": 3},
        "Invoke": {"SqsParameters": {"MessageGroupId": "{% $events.SystemMetadata.EventGroupId %}"}},
    }
    assert kinds(subject(queue=FIFO_QUEUE, Type="FIFO", **members)) == {
        "another batch size",
        "another path",
        "another transformer",
        "another value",
        "anything-but for a value",
        "dead-letter queue removed",
        "filter dropped",
        "group dropped",
        "no retries",
        "prefix for equality",
        "replay dropped",
        "subscriber stopped",
        "target missing",
        "UNORDERED for FIFO",
        "window dropped",
        "wrong scope",
    }


def test_another_subject_has_no_mistakes_here(subject):
    assert not list(MUTANTS.mutants(subject()._replace(kind="rule")))


def test_another_record_is_left_alone(subject, backend):
    known = subject()
    mutant = only(known, "subscriber stopped")
    assert MUTANTS.alter(backend.state, "a rule", known, mutant) == "a rule"


def test_a_mistake_in_a_pattern_names_its_scope(subject):
    known = subject(**filters(DATA=SMALL, METADATA={"tenant": ["blue"]}))
    texts = [mutant.text for mutant in of_kind(known, "another value")]
    assert "DATA.detail.n: 2 instead of 1" in texts
    assert 'METADATA.tenant: "Blue" instead of "blue"' in texts


def test_metadata_have_no_mistakes_that_aws_refuses(subject):
    assert {"prefix for equality", "anything-but for a value"}.isdisjoint(
        kinds(subject(**filters(METADATA={"tenant": ["blue"]})))
    )


def test_a_pattern_that_is_an_array_stays_one(subject):
    known = subject(**filters(DATA=["red", "blue"]))
    mutant = of_kind(known, "value dropped")[0]
    assert mutant.text == 'DATA: "red" is missing'
    assert mutant.change == {"FilterConfiguration": {"Filters": [{"Scope": "DATA", "Pattern": '["blue"]'}]}}
    assert mutant.event["Data"] == "red"


def test_filters_are_shown_by_scope(subject):
    mutant = only(subject(**filters(METADATA={"n": ["1"]})), "wrong scope")
    assert (mutant.member, mutant.before) == ("FilterConfiguration", {"METADATA": {"n": ["1"]}})
    assert mutant.after == {"DATA": {"n": ["1"]}}


@pytest.mark.parametrize(
    ("members", "scope"),
    [
        (filters(DATA={"tenant": ["blue"]}), "METADATA"),
        (filters(DATA={"tenant": [{"prefix": "b"}]}), "SYSTEM_METADATA"),
        (filters(METADATA={"tenant": ["blue"]}, DATA=SMALL), "SYSTEM_METADATA"),
        (filters(SYSTEM_METADATA=GROUP_A), "METADATA"),
    ],
    ids=["data", "data that metadata refuse", "metadata beside data", "system metadata"],
)
def test_a_filter_has_the_likeliest_other_scope_that_aws_takes(subject, members, scope):
    [mutant, *_] = of_kind(subject(**members), "wrong scope")
    assert f"is of scope {scope} instead" in mutant.text


SCALARS = st.sampled_from(["a", "b", "ab", 1, 2])
PATTERNS = {
    "DATA": st.dictionaries(st.sampled_from("xy"), st.lists(SCALARS, min_size=1, max_size=2), min_size=1),
    "METADATA": st.dictionaries(
        st.sampled_from("xy"), st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2), min_size=1
    ),
    "SYSTEM_METADATA": st.dictionaries(
        st.sampled_from(["EventGroupId", "aws:Source"]),
        st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2),
        min_size=1,
    ),
}


@given(st.fixed_dictionaries({}, optional=PATTERNS).filter(bool))
@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
def test_the_event_of_a_mistake_in_filters_is_taken_with_it_or_without_it(by_scope):
    listed = filters(**by_scope)["FilterConfiguration"]
    known = mutated_of(listed)
    right = filters_of(listed)
    for mutant in MUTANTS.mutants(known):
        if mutant.member == "FilterConfiguration" and mutant.event is not None:
            wrong = filters_of(mutant.change["FilterConfiguration"])
            assert matches(right, mutant.event) != matches(wrong, mutant.event)


def mutated_of(configuration):
    return Mutated(
        kind="subscriber",
        account="123456789012",
        region="us-east-1",
        place="orders",
        places=("orders",),
        names=("ship",),
        identity="",
        definition={
            "FilterConfiguration": configuration,
            "Type": "UNORDERED",
            "StartingPosition": "LATEST",
            "BatchConfiguration": {"MaxBatchWindowInSeconds": 0},
            "State": "RUNNING",
        },
        targets=(),
        event=None,
    )


def test_each_mistake_in_filters_shows_by_its_event(subject, alter, subscribed):
    members = filters(DATA={"detail": {"n": [1, 2]}}, SYSTEM_METADATA=GROUP_A)
    known = subject(**members, event=seen())
    shown = [one for one in MUTANTS.mutants(known) if one.member == "FilterConfiguration" and one.event]
    assert len(shown) > 10
    for number, mutant in enumerate(shown):
        alter(known, mutant)
        subscribed.subscribe(f"s{number}", queue=QUEUE, **members)
        subscribed.got.clear()
        event = mutant.event
        entry = {"Source": "shop", "DetailType": "o", "Detail": json.dumps(event["Data"].get("detail", {}))}
        group = event["SystemMetadata"].get("EventGroupId", "z")
        subscribed.client.put_events(
            EventBusArn=subscribed.bus, Entries=[{**entry, "SystemMetadata": {"EventGroupId": group}}]
        )
        taken = len(subscribed.got)
        assert bool(taken) is (mutant.harm == "more"), mutant.text
        subscribed.client.delete_subscriber(SubscriberArn=subscribed.arns[f"s{number}"])


def test_a_subscriber_by_another_name_has_the_mistake_and_one_with_other_filters_has_not(
    subject, alter, subscribed
):
    known = subject(**filters(DATA=SMALL))
    alter(known, only(known, "subscriber stopped"))
    subscribed.subscribe("made-up", queue=QUEUE, **filters(DATA=SMALL))
    subscribed.subscribe("other", queue=QUEUE, **filters(DATA={"detail": {"n": [1, 2]}}))
    subscribed.publish(1)
    assert [who for who, _, _ in subscribed.got] == ["other"]


def test_a_subscriber_stays_stopped_when_it_is_changed(subject, alter, subscribed, shown):
    known = subject()
    alter(known, only(known, "subscriber stopped"))
    subscribed.subscribe()
    subscribed.update(State="RUNNING", Description="it runs")
    subscribed.publish(1)
    assert not subscribed.got
    assert shown(subscribed.arns["ship"])["Description"] == "it runs"


def test_a_subscriber_that_is_stopped_runs_by_mistake(subject, alter, subscribed):
    known = subject(State="STOPPED")
    mutant = only(known, "subscriber running")
    assert (mutant.harm, mutant.before, mutant.after) == ("more", "STOPPED", "RUNNING")
    alter(known, mutant)
    subscribed.subscribe(State="STOPPED")
    subscribed.publish(1)
    assert subscribed.numbers() == [1]


def test_an_unordered_subscriber_does_not_hold_a_group(subject, alter, subscribed):
    members = {"queue": QUEUE, "Type": "FIFO", "BatchConfiguration": ONE}
    known = subject(**members)
    mutant = only(known, "UNORDERED for FIFO")
    assert mutant.text.endswith("shows it if another one of its group is tried again before")
    alter(known, mutant)
    subscribed.subscribe(**members)
    subscribed.failing["ship"] = lambda value: ValueError() if value["detail"]["n"] == 1 else None
    subscribed.publish(1, group="a")
    subscribed.publish(2, group="a")
    assert subscribed.numbers() == [1, 2]


def test_an_unordered_subscriber_gives_a_fifo_queue_no_group(subject, alter, subscribed):
    members = {"queue": FIFO_QUEUE, "Type": "FIFO"}
    known = subject(**members)
    mutant = only(known, "UNORDERED for FIFO")
    assert mutant.text == "UNORDERED instead of FIFO"
    alter(known, mutant)
    subscribed.subscribe(**members)
    subscribed.publish(1)
    assert not subscribed.got


def test_a_replay_is_dropped(subject, alter, subscribed):
    subscribed.publish(1)
    known = subject(**REPLAY)
    subscribed.got.clear()
    alter(known, only(known, "replay dropped"))
    subscribed.subscribe(**REPLAY)
    subscribed.publish(2)
    assert subscribed.numbers() == [2]


@pytest.mark.parametrize(("size", "other"), [(5, 1), (1, 10)])
def test_the_size_of_a_batch_is_another(subject, alter, subscribed, shown, size, other):
    members = {"BatchConfiguration": {"MaxBatchSize": size, "MaxBatchWindowInSeconds": 0}}
    known = subject(**members)
    alter(known, only(known, "another batch size"))
    assert shown(subscribed.subscribe(**members))["BatchConfiguration"]["MaxBatchSize"] == other


def test_a_batch_has_no_window(subject, alter, subscribed):
    members = {"BatchConfiguration": {"MaxBatchSize": 5, "MaxBatchWindowInSeconds": 60}}
    known = subject(**members)
    alter(known, only(known, "window dropped"))
    subscribed.subscribe(**members)
    subscribed.publish(1)
    assert subscribed.numbers() == [1]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, "WITH_METADATA"),
        ({"Transformer": {"Type": "RAW"}}, "WITH_METADATA"),
        ({"Transformer": {"Type": "WITH_METADATA"}}, "RAW"),
        (jsonata("{% $events.Data.detail %}"), "RAW"),
    ],
    ids=["none", "raw", "with metadata", "jsonata"],
)
def test_the_transformer_is_of_another_type(subject, alter, subscribed, given, wrong):
    known = subject(**given, event=seen())
    mutant = only(known, "another transformer")
    assert mutant.event == seen()
    alter(known, mutant)
    subscribed.subscribe(**given)
    subscribed.publish(1)
    [(_, _, value)] = subscribed.got
    assert ("Data" if wrong == "WITH_METADATA" else "source") in value


def test_an_expression_that_gives_the_data_shows_no_difference_to_raw(subject):
    known = subject(**jsonata("{% $events.Data %}"), event=seen())
    assert only(known, "another transformer").event is None


def test_a_classic_event_bus_has_no_other_transformer(subscribed, backend, client):
    backend.client("events").create_event_bus(Name="classic")
    arn = "arn:aws:events:us-east-1:123456789012:event-bus/classic"
    invoke = {"TargetArn": arn, "RoleArn": "arn:aws:iam::123456789012:role/deliver"}
    client.create_subscriber(Name="ship", EventBusArn=subscribed.bus, InvokeConfiguration=invoke)
    [found] = COVERAGE().subjects(backend.state)
    assert "another transformer" not in kinds(mutated(found, None))


def test_a_path_of_the_transformer_is_another(subject, alter, subscribed):
    given = jsonata('{% {"n": $events.Data.detail.n} %}')
    known = subject(**given, event=seen(7))
    texts = {mutant.text: mutant for mutant in of_kind(known, "another path")}
    assert list(texts) == [
        "the transformer has $events.Data.detail instead of $events.Data.detail.n",
        "the transformer has $events.detail.n instead of $events.Data.detail.n",
        "the transformer has $events.Data.n instead of $events.Data.detail.n",
    ]
    first = next(iter(texts.values()))
    assert first.event == seen(7)
    alter(known, first)
    subscribed.subscribe(**given)
    subscribed.publish(7)
    assert [value for _, _, value in subscribed.got] == [{"n": {"n": 7}}]


def test_a_path_of_a_parameter_is_another(subject, alter, subscribed, shown):
    given = {
        "Invoke": {"SqsParameters": {"MessageGroupId": "{% $events.Data.source %}"}},
        "queue": FIFO_QUEUE,
    }
    known = subject(**given, event=seen())
    first, *_ = of_kind(known, "another path")
    assert first.text == (
        "target sqs ship.fifo: SqsParameters.MessageGroupId has $events.Data instead of $events.Data.source"
    )
    assert first.event == seen()
    alter(known, first)
    arn = subscribed.subscribe(**given)
    block = shown(arn)["InvokeConfiguration"]["SqsParameters"]
    assert block == {"MessageGroupId": "{% $events.Data %}"}
    subscribed.publish(1)
    assert not subscribed.got


def test_a_parameter_of_the_group_is_dropped(subject, alter, subscribed, shown):
    given = {"Invoke": {"SqsParameters": {"MessageGroupId": "all"}}, "queue": FIFO_QUEUE}
    known = subject(**given)
    alter(known, only(known, "group dropped"))
    assert not shown(subscribed.subscribe(**given))["InvokeConfiguration"].get("SqsParameters")


def test_the_target_is_missing(subject, alter, subscribed):
    known = subject(queue=FIFO_QUEUE)
    mutant = only(known, "target missing")
    assert mutant.text == "target sqs ship.fifo: sqs ship-missing.fifo instead"
    alter(known, mutant)
    subscribed.subscribe(queue=FIFO_QUEUE)
    subscribed.publish(1)
    assert not subscribed.got


def test_the_dead_letter_queue_is_removed(subject, alter, subscribed, backend):
    members = {"OnFailureConfiguration": {"Arn": LETTERS}, "RetryPolicy": {"MaxRetryAttempts": 0}}
    known = subject(**members)
    alter(known, only(known, "dead-letter queue removed"))
    subscribed.subscribe(**members)
    subscribed.failing["ship"] = ValueError
    subscribed.publish(1)
    assert not backend.dead_letters


@pytest.mark.parametrize(("retries", "kind", "tries"), [(3, "no retries", 1), (0, "retries added", 6)])
def test_the_retries_are_others(subject, alter, subscribed, backend, retries, kind, tries):
    members = {"RetryPolicy": {"MaxRetryAttempts": retries}}
    known = subject(**members)
    alter(known, only(known, kind))
    subscribed.subscribe(**members)
    subscribed.failing["ship"] = ValueError
    subscribed.publish(1)
    backend.clock.advance(hours=1)
    assert len(subscribed.numbers()) == tries


def test_a_mistake_in_the_present_filters_leaves_earlier_ones_alone(subject, alter, subscribed):
    known = subject(**filters(DATA={"detail": {"n": [2]}}))
    mutant = next(one for one in of_kind(known, "another value") if "3 instead of 2" in one.text)
    subscribed.subscribe(State="STOPPED", **filters(DATA=SMALL))
    subscribed.publish(1, 3)
    alter(known, mutant)
    subscribed.update(**filters(DATA={"detail": {"n": [2]}}))
    subscribed.publish(2, 3)
    subscribed.update(State="RUNNING")
    assert subscribed.numbers() == [1, 3]
