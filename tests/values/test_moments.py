"""Every moment, span and number of seconds that a test gives works, or is refused in our words; nothing is lost."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import pytest

from eventmock import DeliveryFailed, EventmockError, mock_events
from eventmock.parts.delays import Delays
from eventmock.values.moments import FIRST, LAST, check_span, later, read_moment

EAST, WEST = timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))
QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
ROLE = "arn:aws:iam::123456789012:role/r"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"
SPANS = {
    "the longest": timedelta.max,
    "the shortest": timedelta.resolution,
    "none": timedelta(0),
    "negative": timedelta(seconds=-1),
    "the most negative": timedelta.min,
    "a thousand years": timedelta(days=365_250),
    "a number": 5,
    "not a number": math.nan,
    "infinite": math.inf,
    "a text": "1h",
    "a moment": datetime(2026, 1, 1, tzinfo=UTC),
}
MOMENTS = {
    "the first": datetime.min,  # noqa: DTZ901 - naive on purpose
    "the first of UTC": FIRST,
    "the last": datetime.max,  # noqa: DTZ901 - naive on purpose
    "the last of UTC": LAST,
    "the first of the east, which is before the year 1": datetime.min.replace(tzinfo=EAST),
    "the first of the west": datetime.min.replace(tzinfo=WEST),
    "the last of the east": datetime.max.replace(tzinfo=EAST),
    "the last of the west, which is after the year 9999": datetime.max.replace(tzinfo=WEST),
    "naive": datetime(2026, 11, 21, 12),
    "before 1970": datetime(1969, 12, 31, tzinfo=UTC),
    "a text of the year 1": "0001-01-01T00:00:00+14:00",
    "a text of the year 9999": "9999-12-31T23:59:59-12:00",
    "no moment": "soon",
    "a number": 1e30,
    "not a number": math.nan,
}


@pytest.fixture
def mock():
    """A function that makes a mock of its own."""

    def mock(start_time="2026-11-21T12:00:00Z"):
        return mock_events(isolated=True, start_time=start_time)

    return mock


def everything(backend, order, met=4):
    """Have something of all that waits on the clock, go to the end of the calendar, and see that nothing is lost.

    Args:
        met: How many events at least meet the rule.
    """
    events = backend.client()
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    for name, schedule in {"rate": "rate(999999999 days)", "cron": "cron(0 0 1 1 ? 2190-2199)"}.items():
        events.put_rule(Name=name, ScheduleExpression=schedule)
    policy = {"MaximumRetryAttempts": 4}
    target = backend.target("r", lambda _event: 1 / 0, RetryPolicy=policy)
    calls = []

    def busy(_event):
        calls.append("busy")
        raise DeliveryFailed("THROTTLING", retry_after=timedelta.max)

    backend.target("r", busy, RetryPolicy=policy)
    connection = events.create_connection(
        Name="c",
        AuthorizationType="OAUTH_CLIENT_CREDENTIALS",
        AuthParameters={
            "OAuthParameters": {
                "ClientParameters": {"ClientID": "i", "ClientSecret": "s"},
                "AuthorizationEndpoint": "https://auth.example.com/token",
                "HttpMethod": "POST",
            }
        },
    )["ConnectionArn"]
    destination = events.create_api_destination(
        Name="d",
        ConnectionArn=connection,
        InvocationEndpoint="https://api.example.com/",
        HttpMethod="POST",
        InvocationRateLimitPerSecond=1,
    )["ApiDestinationArn"]
    token = {"access_token": "t", "expires_in": 999_999_999}
    backend.http("https://auth.example.com/*", lambda _call: token)
    backend.http("https://api.example.com/*", lambda _call: (503, "", {"Retry-After": "999999999"}))
    events.put_targets(
        Rule="r", Targets=[{"Id": "d", "Arn": destination, "RoleArn": ROLE, "RetryPolicy": policy}]
    )
    events.create_archive(ArchiveName="a", EventSourceArn=BUS, RetentionDays=2**31 - 1)
    events.put_events(Entries=[order, order | {"Time": datetime(1, 1, 1, tzinfo=UTC)}])
    events.put_events(Entries=[order | {"Time": datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)}])
    assert all((backend.report(), backend.flow(), backend.report("mermaid"), str(backend.trace)))
    backend.clock.move_to(LAST)
    backend.clock.advance()
    events.put_events(Entries=[order])
    assert backend.clock.now() == LAST
    assert calls
    deliveries = [one for event in backend.events for one in event.deliveries]
    assert len(deliveries) >= met * 3
    assert {one.status for one in deliveries} <= {"dropped", "pending"}
    waiting = [one for one in deliveries if one.status == "pending"]
    assert len(waiting) <= len(backend.clock.pending)
    assert len(target.deliveries) >= met
    assert json.dumps(backend.flow())
    assert all((backend.report(), backend.report("html"), backend.report("mermaid"), str(backend.trace)))


def refusal_of(call):
    """The error of ours by which a call is refused; None if it is not."""
    try:
        call()
    except EventmockError as error:
        return error
    return None


def told(error, value):
    """Whether an error is ours, and says what was given."""
    return isinstance(error, EventmockError) and repr(value) in str(error) and "wanted" in str(error)


@pytest.mark.parametrize("start", MOMENTS.values(), ids=MOMENTS)
def test_a_start_time_is_refused_or_all_works(mock, order, start):
    if read_moment(start) is None:
        with pytest.raises(EventmockError) as caught:
            mock(start).start()
        assert told(caught.value, start)
        return
    with mock(start) as backend:
        everything(backend, order)


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_the_clock_moves_to_a_moment_or_says_why_not(mock, order, moment):
    with mock() as backend:
        backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        target = backend.target("r", lambda _event: 1 / 0, RetryPolicy={"MaximumRetryAttempts": 2})
        backend.client().put_events(Entries=[order])
        before, wanted = backend.clock.now(), read_moment(moment)
        if wanted is None or wanted < before:
            with pytest.raises(EventmockError) as caught:
                backend.clock.move_to(moment)
            assert told(caught.value, moment) or "only goes forward" in str(caught.value)
            assert backend.clock.now() == before
            backend.clock.advance(days=2)
        else:
            backend.clock.move_to(moment)
            assert backend.clock.now() == wanted
            backend.clock.advance()
        if backend.clock.now() > before:
            assert [one.status for one in target.deliveries] == ["dropped"]


@pytest.mark.parametrize("word", ["delta", "weeks", "days", "hours", "minutes", "seconds"])
@pytest.mark.parametrize(
    "span", [*SPANS.values(), -1, 1e300, -1e300, True], ids=[*SPANS, "-1", "big", "-big", "true"]
)
def test_the_clock_goes_a_span_ahead_or_says_why_not(mock, word, span):
    with mock() as backend:
        before = backend.clock.now()
        refusal = refusal_of(lambda: backend.clock.advance(**{word: span}))
        if refusal is None:
            assert before <= backend.clock.now() <= LAST
        else:
            assert repr(span) in str(refusal)
            assert backend.clock.now() == before


@pytest.mark.parametrize("name", [field.name for field in fields(Delays)])
@pytest.mark.parametrize("span", SPANS.values(), ids=SPANS)
def test_a_delay_is_refused_or_all_works(mock, order, name, span):
    with mock() as backend:
        if not (isinstance(span, timedelta) and span >= timedelta(0)):
            with pytest.raises(EventmockError) as caught:
                setattr(backend.delays, name, span)
            assert told(caught.value, span)
            return
        setattr(backend.delays, name, span)
        if span > timedelta(0) or name not in ("first_retry", "longest_retry"):
            is_late = name == "propagation" and span  # the rule is in effect when the last event comes
            everything(backend, order, 1 if is_late else 4)


PLACES = {
    "outage starting": lambda backend, span: backend.region("eu-west-1").outage(starting=span),
    "outage lasting": lambda backend, span: backend.region("eu-west-1").outage(lasting=span),
    "outage noticed": lambda backend, span: backend.region("eu-west-1").outage(failover_after=span),
    "fault": lambda backend, span: backend.faults.inject(503, region="eu-west-1", lasting=span),
    "health check": lambda backend, span: backend.health_check("a-b").plan((span, "Unhealthy")),
    "data integration": lambda backend, span: setattr(backend.appintegrations, "execution_time", span),
}


@pytest.mark.parametrize("give", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("span", SPANS.values(), ids=SPANS)
@pytest.mark.parametrize("start", ["2026-11-21T12:00:00Z", FIRST, LAST], ids=["now", "first", "last"])
def test_a_span_is_refused_or_all_works(mock, order, give, span, start):
    with mock(start) as backend:
        refusal = refusal_of(lambda: give(backend, span))
        if refusal is None:
            assert isinstance(span, timedelta)
            everything(backend, order)
        else:
            assert told(refusal, span)
            assert not isinstance(span, timedelta) or span <= timedelta(0)


@pytest.mark.parametrize("span", SPANS.values(), ids=SPANS)
def test_a_wait_that_a_target_asks_for(mock, order, span):
    with mock() as backend:
        backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')

        def fail(_event):
            raise DeliveryFailed("THROTTLING", retry_after=span)

        target = backend.target("r", fail, RetryPolicy={"MaximumRetryAttempts": 2})
        backend.client().put_events(Entries=[order])
        backend.clock.advance(days=3)
        [delivery] = target.deliveries
        assert delivery.status == "dropped"
        if not isinstance(span, timedelta):
            with pytest.raises(EventmockError) as caught:
                backend.check()
            assert told(caught.value, span)


class TestLater:
    def test_within_the_calendar_it_is_the_sum(self):
        assert later(datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=1)) == datetime(2026, 1, 2, tzinfo=UTC)

    @pytest.mark.parametrize("span", [timedelta.max, timedelta(microseconds=1)])
    def test_beyond_it_it_is_its_end(self, span):
        assert later(LAST, span) == LAST

    @pytest.mark.parametrize("span", [timedelta.min, timedelta(microseconds=-1)])
    def test_before_it_it_is_its_beginning(self, span):
        assert later(FIRST, span) == FIRST


class TestReadMoment:
    def test_a_naive_one_is_of_utc(self):
        assert read_moment(datetime(2026, 1, 1)) == datetime(2026, 1, 1, tzinfo=UTC)

    @pytest.mark.parametrize("given", [None, 5, "x", "2026-13-01", MOMENTS["a text of the year 9999"]])
    def test_what_is_none(self, given):
        assert read_moment(given) is None


@pytest.mark.parametrize("span", [timedelta(0), timedelta(-1), 0, None])
def test_a_span_above_zero_is_wanted(span):
    with pytest.raises(EventmockError, match=r"x: wanted a timedelta above zero"):
        check_span("x", span, may_be_zero=False)
