"""What each call costs over botocore's own work.

    python benchmarks/calls.py [OPERATION ...] [--turns N] [--calls N]

Every operation is called through a real boto3 client, in turns, because machines are noisy:

- answered by eventmock;
- with botocore's send replaced by the very answer that eventmock gave, and everything above it, signing too, as ever:
  the floor;
- PutEvents also answered by moto, delivering to an SQS queue of moto's.

Prints the medians of the turns, in CPU time, and the ratio to the floor as the median of the turns' own ratios.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import statistics
import time
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import boto3
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint
from botocore.httpsession import URLLib3Session

from eventmock import mock_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eventmock.backend.events_backend import EventsBackend

    Members = dict[str, Any]
    Call = Callable[[], object]

ACCOUNT = "123456789012"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
BUS = f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default"
SOURCE = "aws.partner/shop/orders/"
PATTERN = '{"source": ["shop"], "detail": {"state": ["PAID"]}}'
ENTRY = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "PAID", "total": 30}'}
RAW_ENTRY = {"Data": b'{"state": "PAID"}', "SystemMetadata": {"ContentType": "application/json"}}
EVENT = (
    '{"id": "1", "detail-type": "order", "source": "shop", "account": "1", "time": "2026-01-01T00:00:00Z", '
    '"region": "us-east-1", "detail": {"state": "PAID"}}'
)
TAGS = [{"Key": "team", "Value": "shop"}]
INTEGRATION = f"arn:aws:app-integrations:us-east-1:{ACCOUNT}:event-integration/i"
FILTER = {"Source": "aws.partner/example.com/crm"}
EXECUTION = {"ExecutionMode": "SCHEDULED", "ScheduleConfiguration": {"ScheduleExpression": "rate(1 hour)"}}
AUTHORISATION = {
    "AuthorizationType": "BASIC",
    "AuthParameters": {"BasicAuthParameters": {"Username": "u", "Password": "p"}},
}


@dataclass(frozen=True)
class Case:
    """One operation, called again and again.

    Attributes:
        members: What call number so-and-so is given; may call the client first, which is not timed.
        most: The ratio to the floor that is the target.
        before: Makes what all calls need.
        title: What is printed; the operation's name unless said.
        service: The name of the service in boto3.
    """

    operation: str
    members: Callable[[Any, int], Members]
    most: float = 1.2
    before: Callable[[Any], object] = lambda _client: None
    title: str = ""
    service: str = "events"


def rule(client: Any, name: str = "r") -> None:
    client.put_rule(Name=name, EventPattern=PATTERN)


def rule_with_target(client: Any, name: str = "r") -> None:
    rule(client, name)
    client.put_targets(Rule=name, Targets=[{"Id": "t", "Arn": QUEUE}])


def many_rules(client: Any) -> None:
    for number in range(1000):
        client.put_rule(Name=f"r{number}", EventPattern=f'{{"source": ["shop-{number}"]}}')
    for number in range(10):
        client.put_targets(Rule=f"r{number}", Targets=[{"Id": "t", "Arn": QUEUE}])


def archive(client: Any, name: str = "a") -> Any:
    return client.create_archive(ArchiveName=name, EventSourceArn=BUS)["ArchiveArn"]


def connection(client: Any, name: str = "c") -> Any:
    return client.create_connection(Name=name, **AUTHORISATION)["ConnectionArn"]


def destination(client: Any, name: str = "d") -> None:
    client.create_api_destination(**destination_members(client, name))


def destination_members(client: Any, name: str) -> Members:
    held = client.list_connections()["Connections"]
    return {
        "Name": name,
        "ConnectionArn": held[0]["ConnectionArn"] if held else connection(client),
        "InvocationEndpoint": "https://example.com",
        "HttpMethod": "POST",
    }


def buses(client: Any) -> None:
    other = boto3.client(
        "events", region_name="us-west-2", aws_access_key_id=ACCOUNT, aws_secret_access_key="x"
    )
    for each in (client, other):
        each.create_event_bus(Name="orders")


def endpoint_members(name: str) -> Members:
    arns = [f"arn:aws:events:{region}:{ACCOUNT}:event-bus/orders" for region in ("us-east-1", "us-west-2")]
    return {
        "Name": name,
        "RoleArn": ROLE,
        "EventBuses": [{"EventBusArn": arn} for arn in arns],
        "RoutingConfig": {
            "FailoverConfig": {
                "Primary": {"HealthCheck": "arn:aws:route53:::healthcheck/h"},
                "Secondary": {"Route": "us-west-2"},
            }
        },
    }


def endpoint(client: Any, name: str = "e") -> None:
    if "orders" not in {bus["Name"] for bus in client.list_event_buses()["EventBuses"]}:
        buses(client)
    client.create_endpoint(**endpoint_members(name))


def replay(client: Any) -> None:
    archive(client)
    client.start_replay(**replay_members("p"))


def source(client: Any, name: str = "1") -> None:
    client.create_partner_event_source(Name=SOURCE + name, Account=ACCOUNT)


def source_with_bus(client: Any, name: str) -> None:
    source(client, name)
    client.create_event_bus(Name=SOURCE + name, EventSourceName=SOURCE + name)


def deactivated_source(client: Any, name: str) -> None:
    source_with_bus(client, name)
    client.deactivate_event_source(Name=SOURCE + name)


def event_integration(client: Any, name: str = "i") -> None:
    client.create_event_integration(Name=name, EventFilter=FILTER, EventBridgeBus="default")


def data_integration(client: Any, name: str = "i") -> None:
    client.create_data_integration(Name=name, KmsKey="alias/k", SourceURI="s3://bucket/folder")


def data_integration_association(client: Any) -> None:
    data_integration(client)
    client.create_data_integration_association(
        DataIntegrationIdentifier="i", ExecutionConfiguration=EXECUTION
    )


def association_members(client: Any, _number: int) -> Members:
    [association] = client.list_data_integration_associations(DataIntegrationIdentifier="i")[
        "DataIntegrationAssociations"
    ]
    return {
        "DataIntegrationIdentifier": "i",
        "DataIntegrationAssociationIdentifier": association["DataIntegrationAssociationArn"],
        "ExecutionConfiguration": EXECUTION,
    }


def application_members(name: str) -> Members:
    page = {"ExternalUrlConfig": {"AccessUrl": "https://example.com/notes"}}
    return {"Name": name, "Namespace": name, "ApplicationSourceConfig": page}


def application(client: Any, name: str = "n") -> Any:
    return client.create_application(**application_members(name))["Arn"]


def only_application(client: Any, _number: int) -> Members:
    return {"Arn": client.list_applications()["Applications"][0]["Arn"]}


def replay_members(name: str) -> Members:
    return {
        "ReplayName": name,
        "EventSourceArn": f"arn:aws:events:us-east-1:{ACCOUNT}:archive/a",
        "EventStartTime": 0,
        "EventEndTime": 60,
        "Destination": {"Arn": BUS},
    }


def after(
    make: Callable[[Any, str], object], members: Callable[[str], Members]
) -> Callable[[Any, int], Members]:
    """What a call is given that needs a thing of its own, which is made first."""

    def members_of(client: Any, number: int) -> Members:
        make(client, f"n{number}")
        return members(f"n{number}")

    return members_of


def same(**members: Any) -> Callable[[Any, int], Members]:
    """What every call is given."""
    return lambda _client, _number: members


def numbered(**members: Any) -> Callable[[Any, int], Members]:
    """What every call is given, with its number where a text has a brace."""
    return lambda _client, number: {
        key: value.format(number) if isinstance(value, str) and "{}" in value else value
        for key, value in members.items()
    }


def active_custom_bus(client: Any, name: str = "b") -> Any:
    arn = client.create_event_bus(Name=name)["EventBusArn"]
    client.describe_event_bus(EventBusArn=arn)
    return arn


def of_custom_bus(member: str, **more: Any) -> Callable[[Any, int], Members]:
    return lambda client, _number: {member: client.list_event_buses()["EventBuses"][0]["EventBusArn"], **more}


def custom_bus(
    operation: str,
    members: Callable[[Any, int], Members],
    before: Callable[[Any], object] = lambda _client: None,
) -> Case:
    """A call of the Custom Event Bus."""
    return Case(
        operation, members, before=before, title=f"Custom Event Bus {operation}", service="eventbridgev2"
    )


def app_integrations(
    operation: str,
    members: Callable[[Any, int], Members],
    before: Callable[[Any], object] = lambda _client: None,
) -> Case:
    return Case(
        operation, members, before=before, title=f"AppIntegrations {operation}", service="appintegrations"
    )


PUT_EVENTS = Case(
    "PutEvents", same(Entries=[ENTRY]), 1.05, rule_with_target, "PutEvents, 1 entry, 1 rule, 1 target"
)
CASES = (
    PUT_EVENTS,
    Case(
        "PutEvents",
        same(Entries=[{**ENTRY, "Source": f"shop-{number}"} for number in range(10)]),
        1.5,
        many_rules,
        "PutEvents, 10 entries, 1,000 rules",
    ),
    Case("TestEventPattern", same(EventPattern=PATTERN, Event=EVENT)),
    Case("CreateEventBus", numbered(Name="b{}")),
    Case("DescribeEventBus", same(Name="default")),
    Case("ListEventBuses", same()),
    Case("UpdateEventBus", same(Name="default", Description="d")),
    Case("DeleteEventBus", after(lambda client, name: client.create_event_bus(Name=name), lambda name: {"Name": name})),
    Case("PutRule", numbered(Name="r{}", EventPattern=PATTERN)),
    Case("DescribeRule", same(Name="r"), before=rule),
    Case("ListRules", same(), before=rule),
    Case("EnableRule", same(Name="r"), before=rule),
    Case("DisableRule", same(Name="r"), before=rule),
    Case("DeleteRule", after(rule, lambda name: {"Name": name})),
    Case("ListRuleNamesByTarget", same(TargetArn=QUEUE), before=rule_with_target),
    Case("PutTargets", same(Rule="r", Targets=[{"Id": "t", "Arn": QUEUE}]), before=rule),
    Case("ListTargetsByRule", same(Rule="r"), before=rule_with_target),
    Case("RemoveTargets", after(rule_with_target, lambda name: {"Rule": name, "Ids": ["t"]})),
    Case("PutPermission", same(Action="events:PutEvents", Principal=ACCOUNT, StatementId="s")),
    Case(
        "RemovePermission",
        after(
            lambda client, name: client.put_permission(
                Action="events:PutEvents", Principal=ACCOUNT, StatementId=name
            ),
            lambda name: {"StatementId": name},
        ),
    ),
    Case("TagResource", same(ResourceARN=BUS, Tags=TAGS)),
    Case("UntagResource", same(ResourceARN=BUS, TagKeys=["team"])),
    Case("ListTagsForResource", same(ResourceARN=BUS)),
    Case("CreateArchive", numbered(ArchiveName="a{}", EventSourceArn=BUS)),
    Case("DescribeArchive", same(ArchiveName="a"), before=archive),
    Case("ListArchives", same(), before=archive),
    Case("UpdateArchive", same(ArchiveName="a", Description="d"), before=archive),
    Case("DeleteArchive", after(archive, lambda name: {"ArchiveName": name})),
    Case("StartReplay", lambda _client, number: replay_members(f"p{number}"), before=archive),
    Case("DescribeReplay", same(ReplayName="p"), before=replay),
    Case("ListReplays", same(), before=replay),
    Case(
        "CancelReplay",
        after(lambda client, name: client.start_replay(**replay_members(name)), lambda name: {"ReplayName": name}),
        before=archive,
    ),
    Case("CreateConnection", numbered(Name="c{}", **AUTHORISATION)),
    Case("DescribeConnection", same(Name="c"), before=connection),
    Case("ListConnections", same(), before=connection),
    Case("UpdateConnection", same(Name="c", Description="d"), before=connection),
    Case("DeauthorizeConnection", same(Name="c"), before=connection),
    Case("DeleteConnection", after(connection, lambda name: {"Name": name})),
    Case("CreateApiDestination", lambda client, number: destination_members(client, f"d{number}"), before=connection),
    Case("DescribeApiDestination", same(Name="d"), before=destination),
    Case("ListApiDestinations", same(), before=destination),
    Case("UpdateApiDestination", same(Name="d", Description="d"), before=destination),
    Case("DeleteApiDestination", after(destination, lambda name: {"Name": name}), before=connection),
    Case("CreateEndpoint", lambda _client, number: endpoint_members(f"e{number}"), before=buses),
    Case("DescribeEndpoint", same(Name="e"), before=endpoint),
    Case("ListEndpoints", same(), before=endpoint),
    Case("UpdateEndpoint", same(Name="e", Description="d"), before=endpoint),
    Case("DeleteEndpoint", after(endpoint, lambda name: {"Name": name})),
    Case("CreatePartnerEventSource", numbered(Name=SOURCE + "{}", Account=ACCOUNT)),
    Case("DescribePartnerEventSource", same(Name=SOURCE + "1"), before=source),
    Case("ListPartnerEventSources", same(NamePrefix=SOURCE), before=source),
    Case("ListPartnerEventSourceAccounts", same(EventSourceName=SOURCE + "1"), before=source),
    Case(
        "DeletePartnerEventSource",
        after(source, lambda name: {"Name": SOURCE + name, "Account": ACCOUNT}),
    ),
    Case("DescribeEventSource", same(Name=SOURCE + "1"), before=source),
    Case("ListEventSources", same(), before=source),
    Case("ActivateEventSource", after(deactivated_source, lambda name: {"Name": SOURCE + name})),
    Case("DeactivateEventSource", after(source_with_bus, lambda name: {"Name": SOURCE + name})),
    app_integrations("CreateEventIntegration", numbered(Name="i{}", EventFilter=FILTER, EventBridgeBus="default")),
    app_integrations("GetEventIntegration", same(Name="i"), event_integration),
    app_integrations("ListEventIntegrations", same(), event_integration),
    app_integrations("UpdateEventIntegration", same(Name="i", Description="d"), event_integration),
    app_integrations("DeleteEventIntegration", after(event_integration, lambda name: {"Name": name})),
    app_integrations("ListEventIntegrationAssociations", same(EventIntegrationName="i"), event_integration),
    app_integrations("CreateDataIntegration", numbered(Name="i{}", KmsKey="alias/k", SourceURI="s3://bucket/folder")),
    app_integrations("GetDataIntegration", same(Identifier="i"), data_integration),
    app_integrations("ListDataIntegrations", same(), data_integration),
    app_integrations("UpdateDataIntegration", same(Identifier="i", Description="d"), data_integration),
    app_integrations(
        "DeleteDataIntegration", after(data_integration, lambda name: {"DataIntegrationIdentifier": name})
    ),
    app_integrations(
        "CreateDataIntegrationAssociation",
        after(
            data_integration,
            lambda name: {"DataIntegrationIdentifier": name, "ExecutionConfiguration": EXECUTION},
        ),
    ),
    app_integrations(
        "ListDataIntegrationAssociations", same(DataIntegrationIdentifier="i"), data_integration_association
    ),
    app_integrations("UpdateDataIntegrationAssociation", association_members, data_integration_association),
    app_integrations("CreateApplication", lambda _client, number: application_members(f"n{number}")),
    app_integrations("GetApplication", only_application, application),
    app_integrations("ListApplications", same(), application),
    app_integrations(
        "UpdateApplication",
        lambda client, number: {**only_application(client, number), "Description": "d"},
        application,
    ),
    app_integrations("DeleteApplication", lambda client, number: {"Arn": application(client, f"n{number}")}),
    app_integrations(
        "ListApplicationAssociations",
        lambda client, number: {"ApplicationId": only_application(client, number)["Arn"]},
        application,
    ),
    app_integrations("TagResource", same(resourceArn=INTEGRATION, tags={"team": "shop"}), event_integration),
    app_integrations("UntagResource", same(resourceArn=INTEGRATION, tagKeys=["team"]), event_integration),
    app_integrations("ListTagsForResource", same(resourceArn=INTEGRATION), event_integration),
    custom_bus("CreateEventBus", numbered(Name="b{}")),
    custom_bus("DescribeEventBus", of_custom_bus("EventBusArn"), active_custom_bus),
    custom_bus("ListEventBuses", same(), active_custom_bus),
    custom_bus("UpdateEventBus", of_custom_bus("EventBusArn", Description="d"), active_custom_bus),
    custom_bus("DeleteEventBus", lambda client, number: {"EventBusArn": active_custom_bus(client, f"b{number}")}),
    custom_bus("PutEvents", of_custom_bus("EventBusArn", Entries=[ENTRY]), active_custom_bus),
    custom_bus("PutRawEvents", of_custom_bus("EventBusArn", Entries=[RAW_ENTRY]), active_custom_bus),
    custom_bus("TagResource", of_custom_bus("ResourceArn", Tags={"team": "shop"}), active_custom_bus),
    custom_bus("UntagResource", of_custom_bus("ResourceArn", TagKeys=["team"]), active_custom_bus),
    custom_bus("ListTagsForResource", of_custom_bus("ResourceArn"), active_custom_bus),
)  # fmt: skip


class RawBody(io.BytesIO):
    """A body as botocore reads it from urllib3."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def new_client(service: str = "events") -> Any:
    session = boto3.Session(aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret")
    return session.client(service, region_name="us-east-1")


def without_quotas(backend: EventsBackend) -> None:
    for name in ("event_buses", "rules_per_event_bus", "connections", "api_destinations", "endpoints"):
        setattr(backend.quotas, name, 10**6)
    backend.quotas.concurrent_replays = 10**6
    backend.quotas.policy_characters = 10**6
    backend.custom_buses.quotas.event_buses = 10**6
    for name in ("applications", "data_integrations", "event_integrations"):
        setattr(backend.appintegrations.quotas, name, 10**6)


@dataclass(frozen=True)
class Answered:
    """A call and the HTTP answer to it."""

    members: Members
    status: int
    headers: Members
    body: bytes


@contextlib.contextmanager
def by_eventmock(case: Case, answered: list[Answered]) -> Iterator[Callable[[], Call]]:
    """Gives what makes the next call; notes the first of all with its answer."""
    with mock_events(region="us-east-1") as backend:
        without_quotas(backend)
        client = new_client(case.service)
        case.before(client)
        method = getattr(client, xform_name(case.operation))
        numbers = count()

        def next_call() -> Call:
            members = case.members(client, next(numbers))
            return lambda: method(**members)

        if not answered:
            members = case.members(client, next(numbers))
            answered.append(Answered(members, *answer_to(lambda: method(**members))))
        yield next_call


def answer_to(call: Call) -> tuple[int, Members, bytes]:
    """The HTTP answer that a call gets."""
    caught = []
    send = Endpoint._send

    def catching_send(self: Any, request: Any) -> Any:
        caught.append(send.__get__(self)(request))
        return caught[-1]

    Endpoint._send = catching_send
    try:
        call()
    finally:
        Endpoint._send = send
    return caught[0].status_code, dict(caught[0].headers), caught[0].content


@contextlib.contextmanager
def by_constant_answer(case: Case, answered: Answered) -> Iterator[Callable[[], Call]]:
    """Gives what makes the same call again and again, answered as it was."""

    def send(_session: URLLib3Session, request: Any) -> AWSResponse:
        return AWSResponse(request.url, answered.status, answered.headers, RawBody(answered.body))

    original = URLLib3Session.send
    URLLib3Session.send = send
    try:
        method = getattr(new_client(case.service), xform_name(case.operation))
        yield lambda: lambda: method(**answered.members)
    finally:
        URLLib3Session.send = original


@contextlib.contextmanager
def by_moto() -> Iterator[Callable[[], Call]]:
    from moto import mock_aws

    with mock_aws():
        client = new_client()
        boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="q")
        rule_with_target(client)
        yield lambda: lambda: client.put_events(Entries=[ENTRY])


def seconds_per_call(next_call: Callable[[], Call], calls: int) -> float:
    """CPU seconds of a call; what it needs is made before."""
    prepared = [next_call() for _ in range(calls)]
    gc.collect()
    start = time.process_time()
    for call in prepared:
        call()
    return (time.process_time() - start) / calls


def measure(case: Case, turns: int, calls: int) -> dict[str, list[float]]:
    """CPU seconds a call of each way, turn by turn."""
    measured: dict[str, list[float]] = {"eventmock": [], "floor": [], "moto": []}
    answered: list[Answered] = []
    for _ in range(turns):
        with by_eventmock(case, answered) as next_call:
            seconds_per_call(next_call, 5)
            measured["eventmock"].append(seconds_per_call(next_call, calls))
        with by_constant_answer(case, answered[0]) as next_call:
            seconds_per_call(next_call, 5)
            measured["floor"].append(seconds_per_call(next_call, calls))
        if case is PUT_EVENTS:
            with by_moto() as next_call:
                seconds_per_call(next_call, 5)
                measured["moto"].append(seconds_per_call(next_call, calls))
    return measured


def to_floor(measured: dict[str, list[float]], name: str) -> float:
    """How many times the floor a way takes."""
    return statistics.median(
        one / other for one, other in zip(measured[name], measured["floor"], strict=True)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("operations", nargs="*", metavar="OPERATION", help="all unless said")
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--calls", type=int, default=40, help="calls a turn")
    arguments = parser.parse_args()
    services = {case.service for case in CASES}
    known = {name: set(new_client(name).meta.service_model.operation_names) for name in services}
    wanted = {name: known[name].intersection(arguments.operations or known[name]) for name in services}
    print(f"{'':<50}{'eventmock':>12}{'floor':>12}{'ratio':>8}{'at most':>9}")
    missed = 0
    for case in CASES:
        if case.operation not in wanted[case.service]:
            continue
        measured = measure(case, arguments.turns, arguments.calls)
        ours, floor = (statistics.median(measured[name]) * 1e6 for name in ("eventmock", "floor"))
        ratio = to_floor(measured, "eventmock")
        missed += ratio > case.most
        print(
            f"{case.title or case.operation:<50}{ours:>9.0f} us{floor:>9.0f} us{ratio:>8.2f}{case.most:>9.1f}"
            + ("" if ratio <= case.most else "  NOT MET"),
            flush=True,
        )
        if measured["moto"]:
            moto = statistics.median(measured["moto"]) * 1e6
            print(f"{'    moto':<50}{moto:>9.0f} us{to_floor(measured, 'moto'):>20.2f}")
    print(f"{missed} targets missed")


if __name__ == "__main__":
    main()
