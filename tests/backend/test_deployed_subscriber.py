from __future__ import annotations

import pytest

from eventmock import OptionError, mock_events
from eventmock.wire import is_installed

pytestmark = pytest.mark.skipif(
    not is_installed("eventbridgev2"), reason="the installed botocore lacks eventbridgev2"
)

ROLE = "arn:aws:iam::123456789012:role/deliver"
FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {"Handler": "shop.ship", "Runtime": "python3.12", "Code": {"ZipFile": "x"}},
}


def subscriber(name, target, **more):
    invoke = {"TargetArn": target, "RoleArn": ROLE, **more.pop("Invoke", {})}
    return {
        "Type": "AWS::EventsV2::Subscriber",
        "Properties": {"Name": name, "EventBusArn": {"Ref": "Bus"}, "InvokeConfiguration": invoke, **more},
    }


def template(**more):
    return {
        "Resources": {
            "Bus": {"Type": "AWS::EventsV2::EventBus", "Properties": {"Name": "orders"}},
            "Ship": FUNCTION,
            "Shipped": subscriber("ship", {"Fn::GetAtt": ["Ship", "Arn"]}, **more),
            "Other": subscriber("other", "arn:aws:sqs:us-east-1:123456789012:q"),
        }
    }


@pytest.fixture
def backend():
    with mock_events(start_time="2027-01-01T00:00:00Z", region="us-east-1") as backend:
        yield backend


@pytest.fixture
def put(backend):
    """A function that publishes events on the bus of a deployment in one request."""

    def put(deployment, *numbers):
        entries = [{"Source": "shop", "DetailType": "Paid", "Detail": f'{{"number":{n}}}'} for n in numbers]
        backend.client("eventbridgev2").put_events(EventBusArn=deployment["Bus"].arn, Entries=entries)

    return put


def test_its_deliveries_are_its_own(backend, put):
    deployment = backend.deploy(template(), stack="shop")
    shipped = deployment.subscriber("Shipped")
    assert list(shipped.deliveries) == []
    put(deployment, 1, 2)
    assert len(backend.deliveries) == 4
    assert [one.subscriber_name for one in shipped.deliveries] == ["ship", "ship"]
    assert (shipped.arn, shipped.bus_arn) == (deployment["Shipped"].arn, deployment["Bus"].arn)


def test_its_assertions_are_about_these(backend, put):
    deployment = backend.deploy(template(), stack="shop")
    shipped = deployment.subscriber("Shipped")
    with pytest.raises(AssertionError):
        shipped.assert_delivered()
    put(deployment, 1)
    delivery = shipped.assert_delivered_once(detail={"number": 1})
    assert delivery.subscriber_arn == shipped.arn
    shipped.assert_not_delivered(detail={"number": 2})


def test_it_says_how_it_stands(backend, put):
    deployment = backend.deploy(template(), stack="shop")
    put(deployment, 1)
    assert deployment.subscriber("Shipped").explain().startswith('subscriber ship on "orders" is RUNNING')


def test_another_subscriber_cannot_be_asked_for(backend):
    shipped = backend.deploy(template(), stack="shop").subscriber("Shipped")
    with pytest.raises(OptionError) as told:
        shipped.assert_delivered(subscriber="other")
    assert str(told.value) == "assert_delivered(subscriber=...): the subscriber is 'ship' already"


def test_another_type_is_no_subscriber(backend):
    deployment = backend.deploy(template(), stack="shop")
    with pytest.raises(
        OptionError, match="that is an AWS::EventsV2::EventBus, not an AWS::EventsV2::Subscriber"
    ):
        deployment.subscriber("Bus")


def test_where_the_installed_botocore_lacks_the_service_that_is_told(monkeypatch):
    monkeypatch.setattr("eventmock.services.service.is_installed", lambda name: name != "eventbridgev2")
    with mock_events(region="us-east-1") as backend:
        deployment = backend.deploy(template(), stack="shop")
        with pytest.raises(OptionError, match=r"lacks eventbridgev2.*: install botocore 1\.43\.102 or newer"):
            deployment.subscriber("Shipped")


class TestAHandlerOfTheStack:
    @pytest.mark.parametrize(
        ("more", "calls"),
        [
            ({}, [[1, 2, 3]]),
            ({"BatchConfiguration": {"MaxBatchSize": 2}}, [[1, 2], [3]]),
        ],
        ids=["as many as there are", "two"],
    )
    def test_it_gets_the_batches_of_the_subscriber(self, backend, put, more, calls):
        got = []
        handlers = {"Ship": lambda events, _: got.append([one["detail"]["number"] for one in events])}
        put(backend.deploy(template(**more), stack="shop", handlers=handlers), 1, 2, 3)
        assert got == calls

    def test_with_a_batch_of_one_it_gets_the_event_itself(self, backend, put):
        got = []
        given = template(BatchConfiguration={"MaxBatchSize": 1})
        handlers = {"Ship": lambda event, _: got.append(event["detail"]["number"])}
        put(backend.deploy(given, stack="shop", handlers=handlers), 1, 2)
        assert got == [1, 2]

    def test_what_it_answers_counts_for_a_synchronous_invocation(self, backend, put):
        def ship(events, _):
            assert len(events) == 1
            raise ValueError("no")

        invoke = {"LambdaParameters": {"InvocationType": "REQUEST_RESPONSE"}}
        given = template(Invoke=invoke, RetryPolicy={"MaxRetryAttempts": 0})
        deployment = backend.deploy(given, stack="shop", handlers={"Ship": ship})
        put(deployment, 1)
        [delivery] = deployment.subscriber("Shipped").deliveries
        assert (delivery.status, delivery.attempts[-1].error_code) == ("dropped", "COMPUTE_EXECUTION_ERROR")
