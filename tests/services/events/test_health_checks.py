"""Health checks by which endpoints fail over: global-endpoints section 6.

[doc] AWS's documentation of Route 53 and EventBridge, [inf] inferred.
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import boto3
import pytest
import time_machine
from moto import mock_aws

from eventmock import mock_events
from eventmock.exceptions import NoSuchHealthCheck, OptionError

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ARN = "arn:aws:route53:::healthcheck/7f42"
HERE, THERE = "us-east-1", "us-west-2"
WRONG_CHANGE = r"plan\({}\): wanted pairs such as \(timedelta\(minutes=5\), 'Unhealthy'\)"

pytestmark = pytest.mark.eventmock(start_time="2026-11-21T12:00:00Z")


@pytest.fixture
def check(events_backend):
    return events_backend.health_check(ARN)


def make_endpoint(backend, health_check=ARN, account=None):
    account_id = account or "123456789012"
    backend.client(account=account).create_endpoint(
        Name="ep",
        RoutingConfig={
            "FailoverConfig": {"Primary": {"HealthCheck": health_check}, "Secondary": {"Route": THERE}}
        },
        EventBuses=[
            {"EventBusArn": f"arn:aws:events:{region}:{account_id}:event-bus/default"}
            for region in (HERE, THERE)
        ],
        RoleArn="arn:aws:iam::123456789012:role/r",
    )
    return backend.endpoint("ep", account=account)


@pytest.fixture
def route53(events_backend):
    with mock_aws():
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        boto3.client("iam", HERE).create_role(RoleName="r", AssumeRolePolicyDocument=policy)
        yield boto3.client("route53", HERE)


class TestStatus:
    def test_it_is_healthy_as_long_as_nobody_says_otherwise(self, events_backend, check):
        """[inf]."""
        make_endpoint(events_backend)
        assert (check.status, check.changes) == ("Healthy", [])

    def test_it_is_what_is_said_of_it(self, check, pass_time):
        """[doc]."""
        check.set_unhealthy()
        assert check.status == "Unhealthy"
        later = pass_time(minutes=1)
        check.set_healthy()
        assert check.status == "Healthy"
        assert check.changes == [(NOW, "Unhealthy"), (later, "Healthy")]

    def test_what_it_was_already_is_no_change(self, events_backend, check):
        make_endpoint(events_backend)
        check.set_healthy()
        check.set_unhealthy()
        check.set_unhealthy()
        assert check.changes == [(NOW, "Unhealthy")]
        assert [str(fact) for fact in events_backend.trace] == ["health check 7f42 is Unhealthy"]

    def test_inverted_it_is_the_other(self, check):
        """[doc] the way AWS tells to test a failover."""
        check.invert()
        assert (check.status, check.reported) == ("Unhealthy", "Healthy")
        check.set_unhealthy()
        assert check.status == "Healthy"
        check.invert()
        assert check.status == "Unhealthy"

    @pytest.mark.parametrize(
        ("treated_as", "after_healthy", "after_unhealthy"),
        [
            ("Unhealthy", "Unhealthy", "Unhealthy"),
            ("Healthy", "Healthy", "Healthy"),
            ("LastKnownStatus", "Healthy", "Unhealthy"),
        ],
    )
    def test_without_data_it_is_treated_as_it_says(self, check, treated_as, after_healthy, after_unhealthy):
        """[doc] InsufficientDataHealthStatus."""
        check.lose_data(treated_as)
        assert check.status == after_healthy
        check.set_unhealthy()
        check.lose_data(treated_as)
        assert check.status == after_unhealthy

    def test_without_data_it_keeps_its_status_unless_said(self, check):
        """[inf] our default."""
        check.set_unhealthy()
        check.lose_data()
        assert check.status == "Unhealthy"

    def test_another_treatment_is_refused(self, check):
        with pytest.raises(OptionError) as caught:
            check.lose_data("Missing")
        assert str(caught.value) == (
            "lose_data(): 'Missing': wanted 'Healthy' or 'Unhealthy' or 'LastKnownStatus'"
        )


class TestOneThatNobodyMadeOrNamed:
    """[inf] our words."""

    def test_it_has_no_status(self, events_backend):
        for name in ("nope", ARN):
            with pytest.raises(NoSuchHealthCheck, match=r"does not hold it, .* endpoints fail over by none$"):
                _ = events_backend.health_check(name).status
        make_endpoint(events_backend)
        with pytest.raises(NoSuchHealthCheck, match=f"healthcheck/nope: .* endpoints fail over by {ARN}$"):
            _ = events_backend.health_check("nope").status
        assert events_backend.health_check(ARN).status == "Healthy"

    @pytest.mark.parametrize(
        "say",
        [
            lambda check: check.set_healthy(),
            lambda check: check.set_unhealthy(),
            lambda check: check.invert(),
            lambda check: check.lose_data(),
            lambda check: check.plan((timedelta(1), "Healthy")),
            lambda check: check.follow_alarm("lag", region=HERE),
        ],
    )
    def test_the_test_may_speak_of_it_before_an_endpoint_does(self, check, say):
        say(check)
        assert check.status in ("Healthy", "Unhealthy")

    def test_the_trace_tells_that_its_status_is_nobody_s(self, events_backend, check):
        check.set_unhealthy()
        make_endpoint(events_backend)
        check.set_healthy()
        assert [str(fact) for fact in events_backend.trace] == [
            "health check 7f42 is Unhealthy, but no endpoint fails over by it",
            "health check 7f42 is Healthy",
        ]

    def test_the_end_of_an_endpoint_that_is_held_does_not_hide_its_history(self, events_backend, events):
        endpoint = make_endpoint(events_backend)
        events.delete_endpoint(Name="ep")
        assert endpoint.history == [(NOW, HERE)]
        assert endpoint.serving_region == HERE


class TestName:
    def test_an_id_and_its_arn_are_one(self, events_backend, check):
        assert events_backend.health_check("7f42") is check
        assert events_backend.health_check("7f43") is not check
        assert check.arn == ARN

    def test_another_partition_s_is_another(self, events_backend, check):
        assert events_backend.health_check(ARN.replace("aws", "aws-us-gov")) is not check

    @pytest.mark.parametrize("name", ["", "a b", "arn:aws:sqs:us-east-1:123456789012:q", "arn:x", "7F42"])
    def test_what_can_be_none_is_refused(self, events_backend, name):
        """[model] the form of the ARN."""
        with pytest.raises(
            OptionError, match=r"backend.health_check\('.*'\): wanted an ARN such as arn:aws:rou"
        ):
            events_backend.health_check(name)


class TestPlan:
    def test_it_changes_at_its_moments(self, events_backend, check, pass_time):
        """[inf] flapping."""
        check.plan(
            (timedelta(minutes=5), "Unhealthy"),
            (timedelta(minutes=7), "Healthy"),
            (timedelta(minutes=8), "Unhealthy"),
        )
        assert str(events_backend.clock.pending[0]) == f"2026-11-21 12:05:00 health check {ARN} is Unhealthy"
        seen = []
        for _ in range(9):
            pass_time(minutes=1)
            seen.append(check.status[0])
        assert "".join(seen) == "HHHHUUHUU"
        assert [time - NOW for time, _ in check.changes] == [timedelta(minutes=n) for n in (5, 7, 8)]

    def test_each_event_is_served_by_the_region_of_its_moment(self, events_backend, events, check, order):
        """[doc] healthy is the primary."""
        endpoint = make_endpoint(events_backend)
        check.plan(*((timedelta(minutes=n), ("Healthy", "Unhealthy")[n % 2]) for n in range(1, 5)))
        for _ in range(5):
            events.put_events(EndpointId=endpoint.endpoint_id, Entries=[order])
            events_backend.clock.advance(minutes=1)
        assert [event.region for event in endpoint.events] == [HERE, THERE, HERE, THERE, HERE]

    @pytest.mark.parametrize(
        ("change", "text"),
        [
            ((5, "Unhealthy"), r"\(5, 'Unhealthy'\)"),
            ((timedelta(-1), "Unhealthy"), r"\(datetime.timedelta\(days=-1\), 'Unhealthy'\)"),
            (timedelta(1), r"datetime.timedelta\(days=1\)"),
        ],
        ids=range(3),
    )
    def test_what_is_no_change_is_refused(self, events_backend, check, change, text):
        with pytest.raises(OptionError, match=WRONG_CHANGE.format(text)):
            check.plan((timedelta(1), "Unhealthy"), change)
        assert events_backend.clock.pending == []

    def test_another_status_is_refused(self, check):
        with pytest.raises(OptionError, match=r"plan\(\): 'Down': wanted 'Healthy' or 'Unhealthy'$"):
            check.plan((timedelta(1), "Down"))

    def test_a_clock_that_was_passed_counts(self):
        with time_machine.travel(NOW, tick=False) as traveller, mock_events(isolated=True) as backend:
            endpoint = make_endpoint(backend)
            endpoint.health_check.plan((timedelta(minutes=1), "Unhealthy"))
            traveller.shift(timedelta(minutes=1))
            assert endpoint.serving_region == THERE
            endpoint.health_check.plan((timedelta(minutes=1), "Healthy"))
            traveller.shift(timedelta(minutes=1))
            assert endpoint.health_check.status == "Healthy"


class TestRoute53:
    """[doc] what Route 53 makes of Inverted and Disabled, where moto holds the health check."""

    @pytest.fixture
    def made(self, route53):
        config = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": HERE, "Name": "lag"}}
        config["InsufficientDataHealthStatus"] = "Unhealthy"
        return route53.create_health_check(CallerReference="x", HealthCheckConfig=config)["HealthCheck"]["Id"]

    def test_it_is_healthy_when_it_is_made(self, events_backend, made):
        """[inf]."""
        assert events_backend.health_check(made).status == "Healthy"

    def test_inverted_there_it_is_unhealthy(self, events_backend, events, route53, made, order):
        """[doc] AWS's own way to test a failover."""
        endpoint = make_endpoint(events_backend, f"arn:aws:route53:::healthcheck/{made}")
        route53.update_health_check(HealthCheckId=made, Inverted=True)
        assert endpoint.serving_region == THERE
        events.put_events(EndpointId=endpoint.endpoint_id, Entries=[order])
        assert endpoint.events[0].region == THERE
        route53.update_health_check(HealthCheckId=made, Inverted=False)
        assert endpoint.serving_region == HERE

    def test_inverted_twice_it_is_as_before(self, events_backend, route53, made):
        """[inf] here and there."""
        route53.update_health_check(HealthCheckId=made, Inverted=True)
        check = events_backend.health_check(made)
        check.invert()
        assert check.status == "Healthy"

    def test_disabled_there_it_is_healthy_before_it_is_inverted(self, events_backend, route53, made):
        """[doc] whatever its checkers say."""
        check = events_backend.health_check(made)
        check.set_unhealthy()
        route53.update_health_check(HealthCheckId=made, Disabled=True)
        assert check.status == "Healthy"
        route53.update_health_check(HealthCheckId=made, Inverted=True)
        assert check.status == "Unhealthy"
        check.invert()
        assert check.status == "Healthy"

    def test_when_somebody_looks_it_has_changed(self, events_backend, route53, made, pass_time):
        """[inf] moto does not tell when."""
        route53.update_health_check(HealthCheckId=made, Inverted=True)
        later = pass_time(minutes=1)
        check = events_backend.health_check(made)
        assert check.changes == []
        assert check.status == "Unhealthy"
        assert check.changes == [(later, "Unhealthy")]

    def test_it_is_that_of_whoever_made_it(self, events_backend, route53):
        """[inf] the ARN names no account."""
        theirs = events_backend.client("route53", account="222222222222")
        config = {"Type": "TCP", "IPAddress": "10.0.0.1", "Port": 80, "Inverted": True}
        made = theirs.create_health_check(CallerReference="x", HealthCheckConfig=config)["HealthCheck"]["Id"]
        assert events_backend.health_check(made).status == "Unhealthy"

    def test_one_that_was_made_before_the_mock_is_the_endpoint_s_account_s(self, route53):
        """[inf]."""
        theirs = boto3.client(
            "route53",
            aws_access_key_id="222222222222",
            aws_secret_access_key="x",
            region_name=HERE,
        )
        config = {"Type": "TCP", "IPAddress": "10.0.0.1", "Port": 80, "Inverted": True}
        theirs.meta.events.register(
            "request-created",
            lambda request, **_: request.headers.__setitem__("x-moto-account-id", "222222222222"),
        )
        with mock_events(isolated=True):
            made = theirs.create_health_check(CallerReference="x", HealthCheckConfig=config)
        with mock_events(isolated=True) as backend:
            check = backend.health_check(made["HealthCheck"]["Id"])
            with pytest.raises(NoSuchHealthCheck):
                _ = check.status
            endpoint = make_endpoint(backend, check.arn, "222222222222")
            assert (check.status, endpoint.serving_region) == ("Unhealthy", THERE)

    def test_one_that_moto_has_not_is_the_tester_s_alone(self, route53, check):
        """[inf]."""
        check.set_healthy()
        assert check.status == "Healthy"
        check.set_unhealthy()
        assert check.status == "Unhealthy"


class TestAlarm:
    """[doc] a health check of the type CLOUDWATCH_METRIC, which AWS prescribes for endpoints, follows its alarm."""

    @pytest.fixture
    def alarm(self, route53):
        """A function that sets the state of the alarm."""
        cloudwatch = boto3.client("cloudwatch", HERE)
        cloudwatch.put_metric_alarm(
            AlarmName="lag",
            Namespace="AWS/Events",
            MetricName="IngestionToInvocationStartLatency",
            Statistic="Average",
            Period=60,
            EvaluationPeriods=5,
            Threshold=30000,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="breaching",
        )
        return lambda state: cloudwatch.set_alarm_state(AlarmName="lag", StateValue=state, StateReason="test")

    @pytest.fixture
    def make(self, route53):
        """A function that makes a health check which follows the alarm, and gives its id."""

        def make(without_data="LastKnownStatus", region=HERE, **config):
            identifier = {"Region": region, "Name": "lag"}
            config |= {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": identifier}
            config["InsufficientDataHealthStatus"] = without_data
            made = route53.create_health_check(
                CallerReference=f"{without_data}{region}", HealthCheckConfig=config
            )
            return made["HealthCheck"]["Id"]

        return make

    def test_an_alarm_fails_an_endpoint_over_and_back(
        self, events_backend, events, alarm, make, order, pass_time
    ):
        check_id = make()
        endpoint = make_endpoint(events_backend, f"arn:aws:route53:::healthcheck/{check_id}")
        seen = []
        for state in ("OK", "ALARM", "OK"):
            alarm(state)
            events.put_events(EndpointId=endpoint.endpoint_id, Entries=[order])
            seen.append(endpoint.events[-1].region)
            pass_time(minutes=1)
        assert seen == [HERE, THERE, HERE]
        assert [region for _, region in endpoint.history] == [HERE, THERE, HERE]

    @pytest.mark.parametrize(
        ("without_data", "after_ok", "after_alarm"),
        [
            ("Healthy", "Healthy", "Healthy"),
            ("Unhealthy", "Unhealthy", "Unhealthy"),
            ("LastKnownStatus", "Healthy", "Unhealthy"),
        ],
    )
    def test_without_data_it_counts_as_it_says(
        self, events_backend, alarm, make, without_data, after_ok, after_alarm
    ):
        check = events_backend.health_check(make(without_data))
        for before, after in (("OK", after_ok), ("ALARM", after_alarm)):
            alarm(before)
            assert check.status == {"OK": "Healthy", "ALARM": "Unhealthy"}[before]
            alarm("INSUFFICIENT_DATA")
            assert check.status == after

    def test_an_update_names_another_alarm(self, events_backend, route53, alarm, make):
        check_id = make(region="eu-west-1")
        alarm("ALARM")
        check = events_backend.health_check(check_id)
        assert check.status == "Healthy"
        route53.update_health_check(
            HealthCheckId=check_id,
            AlarmIdentifier={"Region": HERE, "Name": "lag"},
            InsufficientDataHealthStatus="Healthy",
        )
        assert check.status == "Unhealthy"
        route53.update_health_check(HealthCheckId=check_id, Inverted=True)
        assert check.status == "Healthy"
        alarm("INSUFFICIENT_DATA")
        assert check.status == "Unhealthy"

    def test_of_the_test_and_the_alarm_the_later_word_counts(self, events_backend, alarm, make):
        """[inf]."""
        check = events_backend.health_check(make())
        alarm("ALARM")
        check.set_healthy()
        assert check.status == "Healthy"
        alarm("OK")
        check.set_unhealthy()
        assert check.status == "Unhealthy"
        alarm("ALARM")
        alarm("OK")
        assert check.status == "Unhealthy"
        alarm("ALARM")
        assert check.status == "Unhealthy"
        alarm("OK")
        assert check.status == "Healthy"

    def test_an_outage_is_noticed_although_the_alarm_is_ok(self, events_backend, alarm, make):
        """[inf] moto's alarms watch nothing."""
        endpoint = make_endpoint(events_backend, f"arn:aws:route53:::healthcheck/{make()}")
        with events_backend.region(HERE).outage(failover_after=timedelta(0)):
            assert endpoint.serving_region == THERE
        assert endpoint.serving_region == HERE

    def test_the_test_says_which_where_moto_cannot(self, events_backend, alarm, check):
        check.follow_alarm("lag", region=HERE, without_data="Unhealthy")
        assert check.status == "Healthy"
        alarm("ALARM")
        assert check.status == "Unhealthy"
        alarm("OK")
        assert check.status == "Healthy"
        alarm("INSUFFICIENT_DATA")
        assert check.status == "Unhealthy"
        with pytest.raises(
            OptionError, match=r"follow_alarm\(\): 'Missing': wanted 'Healthy' or 'Unhealthy' or"
        ):
            check.follow_alarm("lag", region=HERE, without_data="Missing")

    def test_an_alarm_that_is_not_there_says_nothing(self, events_backend, make):
        assert events_backend.health_check(make()).status == "Healthy"

    def test_a_snapshot_keeps_what_was_heard_of_it(self, events_backend, alarm, make):
        check = events_backend.health_check(make())
        alarm("ALARM")
        assert check.status == "Unhealthy"
        snapshot = events_backend.snapshot()
        check.set_healthy()
        events_backend.restore(snapshot)
        assert check.status == "Unhealthy"
        events_backend.reset()
        assert check.status == "Unhealthy"
        alarm("OK")
        assert check.status == "Healthy"

    def test_moto_is_asked_without_the_backend_s_lock(
        self, events_backend, events, alarm, make, order, monkeypatch
    ):
        endpoint = make_endpoint(events_backend, f"arn:aws:route53:::healthcheck/{make()}")
        moto, asked = events_backend.state.moto, []

        def take_the_lock():
            asked.append(events_backend.state.lock.acquire(timeout=5))
            if asked[-1]:
                events_backend.state.lock.release()

        def call(one):
            thread = threading.Thread(target=take_the_lock)
            thread.start()
            thread.join()
            return real(one)

        real = moto.call
        monkeypatch.setattr(type(moto), "call", lambda _self, one: call(one))
        events.put_events(EndpointId=endpoint.endpoint_id, Entries=[order])
        events.update_endpoint(Name="ep", Description="d")
        assert endpoint.serving_region == HERE
        assert asked
        assert all(asked)


class TestSnapshot:
    def test_it_comes_back_with_what_was_said_and_planned(self, events_backend, check, pass_time):
        check.invert()
        check.plan((timedelta(minutes=2), "Unhealthy"))
        snapshot = events_backend.snapshot()
        check.plan((timedelta(minutes=1), "Unhealthy"))
        pass_time(minutes=3)
        check.invert()
        for _ in range(2):
            events_backend.restore(snapshot)
            assert (check.status, check.is_inverted, check.changes) == (
                "Unhealthy",
                True,
                [(NOW, "Unhealthy")],
            )
            pass_time(minutes=1)
            assert check.status == "Unhealthy"
            pass_time(minutes=1)
            assert check.status == "Healthy"

    def test_one_that_was_asked_for_later_still_counts(self, events_backend):
        endpoint = make_endpoint(events_backend)
        snapshot = events_backend.snapshot()
        check = events_backend.health_check("new")
        check.set_unhealthy()
        events_backend.restore(snapshot)
        assert (check.reported, check.changes) == ("Healthy", [])
        assert events_backend.health_check("new") is check
        assert endpoint.serving_region == HERE

    def test_reset_makes_it_healthy_and_it_still_counts(self, events_backend, check):
        check.invert()
        check.set_healthy()
        events_backend.reset()
        assert (check.is_inverted, check.reported, check.changes) == (False, "Healthy", [])
        endpoint = make_endpoint(events_backend)
        check.set_unhealthy()
        assert endpoint.serving_region == THERE
