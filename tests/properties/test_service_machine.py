"""Event buses, rules, targets, tags and permissions, beside a naive model of them made of plain dictionaries.

The model says what AWS was seen or is documented to answer: each call's answer, or its error's code and text. It
shares no code with the service, and two accounts in two regions are driven side by side.
"""

# ruff: noqa: N803 - the model's arguments have AWS's names

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from eventmock import mock_events
from eventmock.services.events.model_corrections import CORRECTIONS

ACCOUNT, OTHER_ACCOUNT = "111111111111", "222222222222"
REGION, OTHER_REGION = "us-east-1", "eu-west-1"
HOME, ABROAD = (ACCOUNT, REGION), (OTHER_ACCOUNT, REGION)
CALLERS = [HOME, ABROAD, (ACCOUNT, OTHER_REGION), (OTHER_ACCOUNT, OTHER_REGION)]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
VHS = "prod.vhs.events.aws.internal"
ANY_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

ROLE = "arn:aws:iam::111111111111:role/r"
SQS = "arn:aws:sqs:us-east-1:111111111111:"
LAMBDA = "arn:aws:lambda:us-east-1:111111111111:function:f"
STREAM = "arn:aws:kinesis:us-east-1:111111111111:stream/s"
LOGS = "arn:aws:logs:us-east-1:111111111111:log-group:g"
SNS = "arn:aws:sns:us-east-1:111111111111:t"
PATTERNS = ['{"source": ["shop"]}', '{"detail": {"state": [{"anything-but": "NEW"}]}}']
UNKNOWN = "a text that nobody has recorded"


class Refused(Exception):  # noqa: N818 - it says what happened
    """The service would answer with this error."""

    def __init__(self, code, message):
        super().__init__(code, message)
        self.error = (code, message)


def invalid(message):
    return Refused("ValidationException", message)


def missing(message):
    return Refused("ResourceNotFoundException", message)


def no_bus(name):
    return missing(f"Event bus {name} does not exist.")


def no_rule(name, bus):
    return missing(f"Rule {name} does not exist on EventBus {bus}.")


def without_nones(**members):
    return {name: value for name, value in members.items() if value is not None}


def arn_of(caller, resource):
    return f"arn:aws:events:{caller[1]}:{caller[0]}:{resource}"


def bus_arn(caller, name):
    return arn_of(caller, f"event-bus/{name}")


def rule_arn(caller, bus, name):
    return arn_of(caller, f"rule/{name}" if bus == "default" else f"rule/{bus}/{name}")


def new_bus(caller, name, description=None, tags=()):
    return {
        "owner": caller,
        "name": name,
        "description": description,
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
        "policy": None,
        "has_times": name != "default",
        "rules": {},
    }


def fault_of(target, region):
    """What AWS says against a target of a rule in a region, if anything."""
    if "DeadLetterConfig" in target and target["DeadLetterConfig"]["Arn"].split(":")[3] != region:
        return UNKNOWN
    members = {name: value for name, value in target.items() if name != "Id"}
    said = [words for bad, words in BAD_TARGETS if bad == members]
    return said[0].format(id=target["Id"], arn=target["Arn"]) if said else None


class Service:
    """What AWS would hold and answer. Methods are operations: the caller, then what the request holds."""

    def __init__(self):
        self.buses = {caller: {"default": new_bus(caller, "default")} for caller in CALLERS}
        self.archives = {caller: {} for caller in CALLERS}

    def bus(self, caller, reference):
        name, (account, region) = reference, caller
        if reference.startswith("arn:"):
            region, account, resource = reference.split(":")[3:]
            name = resource.removeprefix("event-bus/")
        if region != caller[1] or name not in self.buses[account, region]:
            raise no_bus(name)
        return self.buses[account, region][name]

    def rule(self, caller, bus, name):
        found = self.bus(caller, bus)
        if name not in found["rules"]:
            raise no_rule(name, found["name"])
        return found["rules"][name]

    def unmanaged_rule(self, caller, bus, name, overriding=""):
        found = self.rule(caller, bus, name)
        if found["managed_by"]:
            raise Refused("ManagedRuleException", f"{name} is a managed rule.{overriding}")
        return found

    # Event buses

    def create_event_bus(self, caller, Name, Description=None, Tags=()):
        if "/" in Name:
            raise invalid("Event bus name must not contain '/'.")
        if Name in self.buses[caller]:
            raise Refused("ResourceAlreadyExistsException", f"Event bus {Name} already exists.")
        self.buses[caller][Name] = new_bus(caller, Name, Description, Tags)
        return without_nones(EventBusArn=bus_arn(caller, Name), Description=Description)

    def describe_event_bus(self, caller, Name="default"):
        bus = self.bus(caller, Name)
        return without_nones(
            Name=bus["name"],
            Arn=bus_arn(bus["owner"], bus["name"]),
            CreationTime=NOW if bus["has_times"] else None,
            LastModifiedTime=NOW if bus["has_times"] else None,
            Description=bus["description"],
            Policy=bus["policy"],
        )

    def list_event_buses(self, caller, NamePrefix=""):
        names = sorted(name for name in self.buses[caller] if name.startswith(NamePrefix))
        return {"EventBuses": [self.describe_event_bus(caller, name) for name in names]}

    def delete_event_bus(self, caller, Name):
        if Name == "default":
            raise invalid("Cannot delete event bus default.")
        if Name in self.buses[caller] and self.buses[caller][Name]["rules"]:
            raise invalid(UNKNOWN)
        self.buses[caller].pop(Name, None)
        return {}

    # Permissions

    def put_permission(self, caller, EventBusName="default", Policy=None, **short):
        if Policy is not None and short:
            raise invalid(
                "Action, Principal, StatementId and Condition could not be combined with Policy parameter."
            )
        if Policy is None and {"Action", "Principal", "StatementId"} - short.keys():
            raise invalid("Parameter(s) Action, Principal and StatementId must be specified.")
        if short.get("Action", "events:PutEvents") != "events:PutEvents":
            raise invalid("Provided value in parameter 'action' is not supported.")
        condition = short.get("Condition")
        if condition is not None and condition["Type"] != "StringEquals":
            raise invalid("Provided value in parameter 'condition.type' is not supported.")
        if condition is not None and condition["Key"] != "aws:PrincipalOrgID":
            raise invalid("Provided value in parameter 'condition.key' is not supported.")
        if condition is not None and not condition["Value"].startswith("o-"):
            raise invalid("Provided value in parameter 'condition.value' is invalid.")
        bus = self.bus(caller, EventBusName)
        if Policy is not None:
            if len(Policy) > 10_240:
                raise Refused(
                    "PolicyLengthExceededException", "Policy size would be larger than the maximum allowed."
                )
            bus["policy"], bus["has_times"] = json.loads(Policy), True
            return {}
        principal = short["Principal"]
        statement = {
            "Sid": short["StatementId"],
            "Effect": "Allow",
            "Principal": "*" if principal == "*" else {"AWS": f"arn:aws:iam::{principal}:root"},
            "Action": "events:PutEvents",
            "Resource": bus_arn(caller, bus["name"]),
        }
        if condition is not None:
            statement["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": condition["Value"]}}
        others = self.statements_but(bus, short["StatementId"])
        version = bus["policy"]["Version"] if bus["policy"] else "2012-10-17"
        bus["policy"] = {"Version": version, "Statement": [*others, statement]}
        bus["has_times"] = True
        return {}

    def statements_but(self, bus, statement_id):
        statements = bus["policy"]["Statement"] if bus["policy"] else []
        return [statement for statement in statements if statement.get("Sid") != statement_id]

    def remove_permission(self, caller, EventBusName="default", StatementId=None, RemoveAllPermissions=False):
        if RemoveAllPermissions and StatementId is not None:
            raise invalid("StatementId could not be combined with All parameter.")
        if not RemoveAllPermissions and StatementId is None:
            raise invalid("Parameter(s) StatementId must be specified.")
        bus = self.bus(caller, EventBusName)
        left = [] if RemoveAllPermissions else self.statements_but(bus, StatementId)
        if StatementId is not None and left == (bus["policy"] or {"Statement": []})["Statement"]:
            raise missing("Statement with the provided id does not exist.")
        bus["has_times"] |= bus["policy"] is not None
        bus["policy"] = bus["policy"] | {"Statement": left} if left else None
        return {}

    # Rules

    def put_rule(self, caller, Name, EventBusName="default", Tags=(), **given):
        bus = self.bus(caller, EventBusName)
        pattern, schedule = given.get("EventPattern"), given.get("ScheduleExpression")
        if pattern is None and schedule is None:
            raise invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
        if pattern == '{"resources": []}':
            place = 'at [Source: (String)"{"resources": []}"; line: 1, column: 17]'
            raise Refused(
                "InvalidEventPatternException",
                f"Event pattern is not valid. Reason: Empty arrays are not allowed\n {place}",
            )
        if schedule is not None and bus["name"] != "default":
            raise invalid("ScheduleExpression is supported only on the default event bus.")
        if schedule == "rate(1 minutes)":
            raise invalid("Parameter ScheduleExpression is not valid.")
        held = bus["rules"].get(Name) and self.unmanaged_rule(caller, EventBusName, Name)
        bus["rules"][Name] = {
            "shown": {"State": "ENABLED"} | given,
            "created_by": held["created_by"] if held else caller[0],
            "managed_by": None,
            "tags": held["tags"] if held else {tag["Key"]: tag["Value"] for tag in Tags},
            "targets": held["targets"] if held else {},
        }
        return {"RuleArn": rule_arn(bus["owner"], bus["name"], Name)}

    def shown_rule(self, bus, name):
        rule = bus["rules"][name]
        return without_nones(
            Name=name,
            Arn=rule_arn(bus["owner"], bus["name"], name),
            EventBusName=bus["name"],
            ManagedBy=rule["managed_by"],
            **rule["shown"],
        )

    def describe_rule(self, caller, Name, EventBusName="default"):
        rule = self.rule(caller, EventBusName, Name)
        return self.shown_rule(self.bus(caller, EventBusName), Name) | {"CreatedBy": rule["created_by"]}

    def list_rules(self, caller, EventBusName="default", NamePrefix=""):
        bus = self.bus(caller, EventBusName)
        names = sorted(name for name in bus["rules"] if name.startswith(NamePrefix))
        return {"Rules": [self.shown_rule(bus, name) for name in names]}

    def enable_rule(self, caller, Name, EventBusName="default"):
        self.unmanaged_rule(caller, EventBusName, Name)["shown"]["State"] = "ENABLED"
        return {}

    def disable_rule(self, caller, Name, EventBusName="default"):
        self.unmanaged_rule(caller, EventBusName, Name)["shown"]["State"] = "DISABLED"
        return {}

    def delete_rule(self, caller, Name, EventBusName="default", Force=False):
        bus = self.bus(caller, EventBusName)
        if Name not in bus["rules"]:
            return {}
        if not Force:
            self.unmanaged_rule(caller, EventBusName, Name, " Set 'force' parameter to true to override.")
        if bus["rules"][Name]["targets"]:
            raise invalid("Rule can't be deleted since it has targets.")
        if bus["rules"].pop(Name)["managed_by"]:
            self.archives[bus["owner"]][Name.removeprefix("Events-Archive-")]["state"] = "DISABLED"
        return {}

    # Targets

    def put_targets(self, caller, Rule, Targets, EventBusName="default"):
        rule = self.rule(caller, EventBusName, Rule)
        ids = [target["Id"] for target in Targets]
        for name in ids:
            if ids.count(name) > 1:
                raise invalid(
                    f"Parameter targets is not valid. Reason: More than one target with Id '{name}' is provided."
                )
        for target in Targets:
            if fault := fault_of(target, caller[1]):
                raise invalid(fault)
        if caller[0] != self.bus(caller, EventBusName)["owner"][0]:
            raise invalid("Only EventBus targets are allowed on cross-account PutTargets calls.")
        self.unmanaged_rule(caller, EventBusName, Rule)
        if len(rule["targets"].keys() | set(ids)) > 5:
            raise Refused(
                "LimitExceededException", "The requested resource exceeds the maximum number allowed."
            )
        rule["targets"].update({target["Id"]: target for target in Targets})
        return {"FailedEntryCount": 0, "FailedEntries": []}

    def remove_targets(self, caller, Rule, Ids, EventBusName="default", Force=False):
        rule = self.rule(caller, EventBusName, Rule)
        if not Force:
            self.unmanaged_rule(caller, EventBusName, Rule, " Set 'force' parameter to true to override.")
        for name in Ids:
            rule["targets"].pop(name, None)
        return {"FailedEntryCount": 0, "FailedEntries": []}

    def list_targets_by_rule(self, caller, Rule, EventBusName="default"):
        return {
            "Targets": [one for _, one in sorted(self.rule(caller, EventBusName, Rule)["targets"].items())]
        }

    def list_rule_names_by_target(self, caller, TargetArn, EventBusName="default"):
        rules = self.bus(caller, EventBusName)["rules"].items()
        targeted = [
            name
            for name, rule in rules
            if TargetArn in [target["Arn"] for target in rule["targets"].values()]
        ]
        return {"RuleNames": sorted(targeted)}

    # Tags

    def tagged(self, caller, arn, changing=True):
        kind, *names = arn.split(":")[5].split("/")
        if kind == "event-bus":
            return self.bus(caller, names[0])["tags"]
        bus, name = names if len(names) == 2 else ("default", names[0])
        if bus not in self.buses[caller]:
            raise no_rule(name, bus)
        return (self.unmanaged_rule if changing else self.rule)(caller, bus, name)["tags"]

    def tag_resource(self, caller, ResourceARN, Tags):
        self.tagged(caller, ResourceARN).update({tag["Key"]: tag["Value"] for tag in Tags})
        return {}

    def untag_resource(self, caller, ResourceARN, TagKeys):
        tags = self.tagged(caller, ResourceARN)
        for key in TagKeys:
            tags.pop(key, None)
        return {}

    def list_tags_for_resource(self, caller, ResourceARN):
        tags = self.tagged(caller, ResourceARN, changing=False)
        return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]}

    # Archives, as far as they make managed rules

    def create_archive(self, caller, ArchiveName, EventSourceArn):
        bus, name = self.bus(caller, EventSourceArn), f"Events-Archive-{ArchiveName}"
        if ArchiveName in self.archives[caller]:
            raise Refused("ResourceAlreadyExistsException", f"Archive {ArchiveName} already exists.")
        arn = arn_of(caller, f"archive/{ArchiveName}")
        template = (
            f'{{"archive-arn": "{arn}:<uuid>", "event": <aws.events.event.json>, '
            f'"ingestion-time": <aws.events.event.ingestion-time>}}'
        )
        bus["rules"][name] = {
            "shown": {"State": "ENABLED", "EventPattern": '{"replay-name":[{"exists":false}]}'},
            "created_by": caller[0],
            "managed_by": VHS,
            "tags": {},
            "targets": {
                name: {
                    "Id": name,
                    "Arn": f"arn:aws:events:{caller[1]}:::",
                    "InputTransformer": {"InputPathsMap": {}, "InputTemplate": template},
                }
            },
        }
        self.archives[caller][ArchiveName] = {"bus": bus["name"], "state": "ENABLED"}
        return {"ArchiveArn": arn, "State": "ENABLED", "CreationTime": NOW}

    def delete_archive(self, caller, ArchiveName):
        archive = self.archives[caller].pop(ArchiveName, None)
        if archive is None:
            raise missing(f"Archive {ArchiveName} does not exist.")
        if archive["state"] == "ENABLED":
            del self.buses[caller][archive["bus"]]["rules"][f"Events-Archive-{ArchiveName}"]
        return {}


# What is asked

GOOD_TARGETS = [
    {"Arn": f"{SQS}q"},
    {"Arn": f"{SQS}q", "Input": "{}"},
    {"Arn": f"{SQS}other", "InputPath": "$.detail"},
    {"Arn": f"{SQS}q.fifo", "SqsParameters": {"MessageGroupId": "g"}},
    {"Arn": LAMBDA, "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 60}},
    {"Arn": LAMBDA, "DeadLetterConfig": {"Arn": f"{SQS}dead"}},
    {"Arn": LAMBDA, "InputTransformer": {"InputPathsMap": {"a": "$.detail.a"}, "InputTemplate": '"<a>"'}},
    {"Arn": STREAM, "RoleArn": ROLE, "KinesisParameters": {"PartitionKeyPath": "$.id"}},
    {"Arn": LOGS},
]
BAD_TARGETS = [
    (
        {"Arn": "not-an-arn"},
        "Parameter {arn} is not valid. Reason: Provided Arn is not in correct format.",
    ),
    (
        {"Arn": f"{SQS}q", "Input": "{}", "InputPath": "$.detail"},
        "Only one of Input, InputPath, or InputTransformer must be provided for target {id}.",
    ),
    (
        {"Arn": f"{SQS}q", "Input": "not-json"},
        'JSON syntax error in input for target {id}: [Source: (String)"not-json"; line: 1, column: 1]',
    ),
    (
        {"Arn": f"{SQS}q", "InputPath": "detail"},
        "InputPath for target {id} is invalid.",
    ),
    (
        {"Arn": f"{SQS}q", "InputTransformer": {"InputTemplate": '"<stranger>"'}},
        "InputTemplate for target {id} contains invalid placeholder stranger.",
    ),
    (
        {"Arn": f"{SQS}q", "InputTransformer": {"InputTemplate": '"<aws.events.event.json>"'}},
        "InputTemplate for target {id} contains placeholder aws.events.event.json valid only for JSON template.",
    ),
    (
        {"Arn": f"{SQS}q", "KinesisParameters": {"PartitionKeyPath": "$.id"}},
        "Parameter(s) KinesisParameters not supported for target: {id}.",
    ),
    (
        {"Arn": f"{SQS}q.fifo"},
        "Parameter(s) SqsParameters must be specified for target: {id}.",
    ),
    (
        {"Arn": f"{SQS}q", "DeadLetterConfig": {"Arn": SNS}},
        "sns is not supported as a dead letter resource.",
    ),
    (
        {"Arn": f"{SQS}q", "DeadLetterConfig": {"Arn": f"{SQS}dead.fifo"}},
        "SQS FIFO is not supported by Dead Letter Queues.",
    ),
    (
        {"Arn": STREAM},
        "RoleArn is required for target {arn}.",
    ),
    (
        {"Arn": LOGS, "RoleArn": ROLE},
        "RoleArn is not supported for target {arn}.",
    ),
    (
        {"Arn": LOGS, "Input": "{}"},
        "Input and InputPath are not valid forms of input for target {id}. "
        "The only valid form of input is InputTransformer.",
    ),
]
WRONG_TARGETS = [
    *({"Id": "t8", **target} for target, _ in BAD_TARGETS),
    {"Id": "!@#$", **GOOD_TARGETS[0]},
    {"Id": "t 8" * 22, **GOOD_TARGETS[0]},
]
DOCUMENTS = [
    {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "s1", "Effect": "Deny", "Principal": "*", "Action": "events:*"}],
    },
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": sid,
                "Effect": "Allow",
                "Principal": {"Service": "x.amazonaws.com"},
                "Action": "events:PutEvents",
            }
            for sid in ("s2", "kept")
        ],
    },
]
SOURCES = [
    *({"EventPattern": pattern} for pattern in [*PATTERNS, *PATTERNS]),
    {"ScheduleExpression": "rate(1 day)"},
    {"EventPattern": PATTERNS[0], "ScheduleExpression": "cron(0 12 * * ? *)"},
]
STATEMENT_IDS = ["s1", "s2", "s3"]
ORGANISATION = {"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-0123456789"}
SHORT = {"Action": "events:PutEvents", "Principal": "*", "StatementId": "s1"}
WRONG = [
    ("put_permission", {}),
    ("put_permission", {"Action": "events:PutEvents"}),
    ("put_permission", SHORT | {"Policy": "{}"}),
    ("put_permission", SHORT | {"Action": "events:PutRule"}),
    *(("put_permission", SHORT | {"Condition": ORGANISATION | {name: "x"}}) for name in ORGANISATION),
    (
        "put_permission",
        {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": "x" * 11_000}]})},
    ),
    ("remove_permission", {}),
    ("remove_permission", {"StatementId": "s1", "RemoveAllPermissions": True}),
    *(
        ("put_targets", {"Rule": "r1", "Targets": [{"Id": "t7", **GOOD_TARGETS[0]}, wrong]})
        for wrong in WRONG_TARGETS
    ),
    ("put_targets", {"Rule": "r1", "Targets": [{"Id": "t1", **target} for target in GOOD_TARGETS[:2]]}),
    ("put_rule", {"Name": "r1"}),
    ("put_rule", {"Name": "r1", "EventPattern": '{"resources": []}'}),
    ("put_rule", {"Name": "r1", "ScheduleExpression": "rate(1 minutes)"}),
    ("put_rule", {"Name": "r1", "EventBusName": "a", "ScheduleExpression": "rate(1 day)"}),
    ("put_rule", {"Name": "r 1", "EventPattern": PATTERNS[0]}),
    ("put_rule", {"Name": "r" * 65, "EventPattern": PATTERNS[0]}),
    ("put_rule", {"Name": "r 1" * 22, "EventBusName": "b!", "EventPattern": "{}", "Description": "d" * 513}),
]

callers = st.sampled_from([HOME, HOME, HOME, *CALLERS])
bus_names = st.sampled_from(["default", "a"] * 4 + ["b", "nope"])
rule_names = st.sampled_from(["r1", "r1", "r2"] * 3 + ["r3", "nope"])
target_ids = st.sampled_from(["t1", "t2", "t3", "t4", "t5", "t6", "t7"])
tags = st.lists(
    st.builds(
        lambda key, value: {"Key": key, "Value": value}, st.sampled_from("klm"), st.sampled_from(["", "v"])
    ),
    max_size=3,
    unique_by=lambda tag: tag["Key"],
)


def reference(caller, name, reach):
    """How a caller names an event bus."""
    account, region = caller
    if reach == "other account":
        account = OTHER_ACCOUNT if account == ACCOUNT else ACCOUNT
    if reach == "other region":
        region = OTHER_REGION if region == REGION else REGION
    return name if reach == "name" else bus_arn((account, region), name)


def callers_and_buses(*reaches):
    """A caller and its reference to an event bus."""
    return st.builds(
        lambda caller, name, reach: (caller, reference(caller, name, reach)),
        callers,
        bus_names,
        st.sampled_from(reaches),
    )


def resource_arn(caller, bus, rule_name):
    return bus_arn(caller, bus) if rule_name is None else rule_arn(caller, bus, rule_name)


def of(operation, *members, **optional):
    """Requests for an operation: one of the members, and whichever of the optional ones."""
    return st.builds(
        lambda required, more: (operation, required | more),
        st.sampled_from(members or [{}]),
        st.fixed_dictionaries({}, optional=optional),
    )


places = callers_and_buses("name", "name", "name", "arn", "arn", "arn", "other region")
places_by_arn = callers_and_buses("arn", "arn", "other region")
places_abroad = callers_and_buses("other account", "other account", "other account", "other region")

bus_requests = st.one_of(
    of(
        "create_event_bus",
        *({"Name": name} for name in ["a", "b", "b", "default", "x/y", "x y", "x" * 257, "x y" * 100]),
        Description=st.just("d"),
        Tags=tags,
    ),
    of(
        "delete_event_bus",
        *({"Name": name} for name in ["a", "b", "b", "nope", "default", bus_arn(HOME, "a")]),
    ),
    of("start_anew", *({"Name": name} for name in ["a", "b", "b", "b", "default"])),
)
permission_requests = st.one_of(
    of(
        "put_permission",
        *(SHORT | {"StatementId": sid} for sid in STATEMENT_IDS),
        Principal=st.sampled_from([ACCOUNT, OTHER_ACCOUNT]),
        Condition=st.just(ORGANISATION),
    ),
    of("put_permission", *({"Policy": json.dumps(document)} for document in DOCUMENTS)),
    of(
        "remove_permission",
        *({"StatementId": sid} for sid in STATEMENT_IDS),
        RemoveAllPermissions=st.just(False),
    ),
    of("remove_permission", {"RemoveAllPermissions": True}),
)
rule_requests = st.one_of(
    of(
        "put_rule",
        *SOURCES,
        State=st.sampled_from(["ENABLED", "DISABLED"]),
        Description=st.just("d"),
        RoleArn=st.just(ROLE),
        Tags=tags,
    ),
    of("put_rule", *SOURCES),
    of("disable_rule"),
    of("enable_rule"),
    of("delete_rule", Force=st.just(True)),
)
good_targets = st.dictionaries(target_ids, st.sampled_from(GOOD_TARGETS), min_size=1).map(
    lambda chosen: [{"Id": name, **target} for name, target in chosen.items()]
)
target_requests = st.one_of(
    good_targets.map(lambda targets: ("put_targets", {"Targets": targets})),
    st.builds(
        lambda targets, wrong: ("put_targets", {"Targets": [*targets, wrong]}),
        good_targets,
        st.sampled_from(WRONG_TARGETS),
    ),
    st.lists(target_ids, min_size=1, max_size=3).map(lambda ids: ("remove_targets", {"Ids": ids})),
    st.just(("remove_targets", {"Ids": [f"t{number}" for number in range(1, 8)], "Force": True})),
)
tag_requests = st.one_of(
    tags.map(lambda some: ("tag_resource", {"Tags": some})),
    st.lists(st.sampled_from(["k", "l", "m", "unknown"]), min_size=1).map(
        lambda keys: ("untag_resource", {"TagKeys": keys})
    ),
    st.just(("list_tags_for_resource", {})),
)
lists = st.one_of(
    of("list_event_buses", NamePrefix=st.sampled_from("adz")),
    of("list_rules", NamePrefix=st.sampled_from(["r", "r1", "z"])),
    of("list_targets_by_rule", {"Rule": "r1"}, {"Rule": "r2"}, {"Rule": "nope"}),
    of(
        "list_rule_names_by_target",
        {"TargetArn": f"{SQS}q"},
        {"TargetArn": LAMBDA},
        {"TargetArn": f"{SQS}nope"},
    ),
)


LOOSENED = {(row.shape, row.old): row.new for row in CORRECTIONS.loosened}


def shape_problems(shape, value, path):
    """Constraints of the service model that are broken, in AWS's words, as far as boto3 does not check them."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if name in value:
                yield from shape_problems(
                    member, value[name], f"{path}.{name[0].lower()}{name[1:]}".lstrip(".")
                )
    elif shape.type_name == "list" and shape.member.type_name == "structure":
        for number, one in enumerate(value, 1):
            yield from shape_problems(shape.member, one, f"{path}.{number}.member")
    elif shape.type_name == "string":
        pattern, most = shape.metadata.get("pattern"), shape.metadata.get("max")
        pattern = LOOSENED.get((shape.name, pattern), pattern)
        failed = f"Value '{value}' at '{path}' failed to satisfy constraint: Member must"
        if pattern is not None and not re.fullmatch(pattern, value):
            yield f"{failed} satisfy regular expression pattern: {pattern}"
        if most is not None and len(value) > most:
            yield f"{failed} have length less than or equal to {most}"


def shown_by(shape, value):
    """An answer as far as the installed botocore shows it."""
    if shape is not None and shape.type_name == "structure":
        return {
            name: shown_by(shape.members[name], one) for name, one in value.items() if name in shape.members
        }
    if shape is not None and shape.type_name == "list":
        return [shown_by(shape.member, one) for one in value]
    return value


def plain(answer):
    """An answer without what is nobody's promise: the order of tags and of statements, a UUID, the request's id."""
    shown = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    if "EventBuses" in shown:
        shown["EventBuses"] = [plain(bus) for bus in shown["EventBuses"]]
    if "Policy" in shown:
        policy = json.loads(shown["Policy"]) if isinstance(shown["Policy"], str) else shown["Policy"]
        shown["Policy"] = policy | {"Statement": sorted(policy["Statement"], key=json.dumps)}
    if "Targets" in shown:
        shown["Targets"] = json.loads(ANY_UUID.sub("<uuid>", json.dumps(shown["Targets"])))
    if "Tags" in shown:
        shown["Tags"] = sorted(shown["Tags"], key=json.dumps)
    return shown


class EventBridge(RuleBasedStateMachine):
    """Clients on one side, the model on the other."""

    backend = None
    clients = None

    def __init__(self):
        super().__init__()
        self.backend.reset()
        self.service = Service()
        self.agree, self.touched, self.calls_unseen = True, HOME, 0

    def teardown(self):
        for caller in CALLERS if self.agree else ():
            self.see(caller)

    # Both sides are asked

    def model_of(self, operation):
        name = "".join(part.title() for part in operation.split("_"))
        return self.clients[HOME].meta.service_model.operation_model(name)

    def wanted(self, caller, operation, members):
        model = self.model_of(operation)
        problems = list(shape_problems(model.input_shape, members, ""))
        try:
            if problems:
                noun = "error" if len(problems) == 1 else "errors"
                raise invalid(f"{len(problems)} validation {noun} detected: {'; '.join(problems)}")
            return plain(shown_by(model.output_shape, getattr(self.service, operation)(caller, **members)))
        except Refused as refusal:
            return refusal.error

    def given(self, caller, operation, members):
        try:
            return plain(getattr(self.clients[caller], operation)(**members))
        except ClientError as error:
            return error.response["Error"]["Code"], error.response["Error"]["Message"]

    def ask(self, caller, operation, **members):
        """Ask both, as far as the installed botocore can, and see that they agree."""
        known = self.model_of(operation).input_shape.members
        members = {name: value for name, value in members.items() if value is not None and name in known}
        wanted, given = self.wanted(caller, operation, members), self.given(caller, operation, members)
        if UNKNOWN in wanted and isinstance(given, tuple):
            given = (given[0], UNKNOWN)
        self.agree = given == wanted
        assert given == wanted, (caller, operation, members)
        self.touched, self.calls_unseen = caller, self.calls_unseen + 1
        return wanted

    def see(self, caller):
        """Ask for all that an account holds in a region."""
        self.ask(caller, "list_event_buses")
        for name, bus in self.service.buses[caller].items():
            self.ask(caller, "describe_event_bus", Name=name)
            self.ask(caller, "list_tags_for_resource", ResourceARN=bus_arn(caller, name))
            self.ask(caller, "list_rules", EventBusName=name)
            for arn in (f"{SQS}q", LAMBDA) if bus["rules"] else ():
                self.ask(caller, "list_rule_names_by_target", EventBusName=name, TargetArn=arn)
            for rule_name in bus["rules"]:
                self.ask(caller, "describe_rule", EventBusName=name, Name=rule_name)
                self.ask(caller, "list_targets_by_rule", EventBusName=name, Rule=rule_name)
                self.ask(caller, "list_tags_for_resource", ResourceARN=rule_arn(caller, name, rule_name))
        for name, archive in self.service.archives[caller].items():
            assert self.given(caller, "describe_archive", {"ArchiveName": name})["State"] == archive["state"]

    @invariant()
    def what_was_touched_is_as_it_should_be(self):
        if self.calls_unseen > 12:
            self.see(self.touched)
            self.calls_unseen = 0

    @initialize(source=st.sampled_from(SOURCES[:2]))
    def something_is_there(self, source):
        for caller in CALLERS:
            self.ask(caller, "create_event_bus", Name="a")
            for bus in ("default", "a"):
                self.ask(caller, "put_rule", Name="r1", EventBusName=bus, **source)
        for owner, guest in ((HOME, ABROAD), (ABROAD, HOME)):
            bus = bus_arn(owner, "a")
            self.ask(guest, "put_rule", Name=f"guest-{guest[0]}", EventBusName=bus, **source)
        for bus in ("default", "a"):
            targets = [{"Id": f"t{number}", **GOOD_TARGETS[0]} for number in range(1, 5)]
            more = {"State": "DISABLED", "Description": "d", "Tags": [{"Key": "k", "Value": "v"}]}
            self.ask(HOME, "put_rule", Name="r2", EventBusName=bus, **source, **more)
            self.ask(HOME, "put_targets", Rule="r1", EventBusName=bus, Targets=targets)
            self.ask(HOME, "put_permission", EventBusName=bus, **SHORT)
        self.ask(HOME, "create_archive", ArchiveName="kept", EventSourceArn=bus_arn(HOME, "a"))
        self.ask(ABROAD, "put_permission", **SHORT)
        self.ask(ABROAD, "remove_permission", StatementId="s1")
        for operation, members in WRONG:
            self.ask(HOME, operation, **members)

    # Requests for one thing

    @rule(caller=callers, request=bus_requests)
    def ask_for_a_bus(self, caller, request):
        if request[0] == "start_anew":
            self.start_anew(caller, request[1]["Name"])
        else:
            self.ask(caller, request[0], **request[1])

    def start_anew(self, caller, name):
        """Delete all of a bus, then create it again: nothing is left."""
        for rule_name, held in list(self.service.buses[caller].get(name, {"rules": {}})["rules"].items()):
            where = {"EventBusName": name, "Force": True}
            if held["targets"]:
                self.ask(caller, "remove_targets", Rule=rule_name, Ids=list(held["targets"]), **where)
            self.ask(caller, "delete_rule", Name=rule_name, **where)
        self.ask(caller, "delete_event_bus", Name=name)
        self.ask(caller, "create_event_bus", Name=name)
        self.ask(caller, "put_rule", Name="r1", EventBusName=name, EventPattern=PATTERNS[0])
        self.see(caller)

    @rule(caller=callers, bus=st.none() | bus_names, request=permission_requests)
    def ask_for_permissions(self, caller, bus, request):
        self.ask(caller, request[0], EventBusName=bus, **request[1])

    @rule(where=places, name=rule_names, request=rule_requests)
    def ask_for_a_rule(self, where, name, request):
        self.ask(where[0], request[0], Name=name, EventBusName=where[1], **request[1])

    @rule(where=places, name=rule_names, request=target_requests)
    def ask_for_targets(self, where, name, request):
        self.ask(where[0], request[0], Rule=name, EventBusName=where[1], **request[1])

    @rule(where=places_abroad, request=rule_requests.filter(lambda request: "Tags" not in request[1]))
    def ask_for_a_rule_abroad(self, where, request):
        """A rule of one's own on the bus of another account, by its ARN."""
        caller, bus = where
        name = f"guest-{caller[0]}"
        targets = [{"Id": "t1", **GOOD_TARGETS[0]}]
        self.ask(caller, request[0], Name=name, EventBusName=bus, **request[1])
        self.ask(caller, "put_targets", Rule=name, EventBusName=bus, Targets=targets)

    @rule(caller=callers, bus=bus_names, name=st.none() | rule_names, request=tag_requests)
    def ask_for_tags(self, caller, bus, name, request):
        self.ask(caller, request[0], ResourceARN=resource_arn(caller, bus, name), **request[1])

    @rule(where=places_by_arn, name=st.sampled_from(["kept", "also"]), is_wanted=st.booleans())
    def ask_for_an_archive(self, where, name, is_wanted):
        if is_wanted:
            self.ask(where[0], "create_archive", ArchiveName=name, EventSourceArn=where[1])
        else:
            self.ask(where[0], "delete_archive", ArchiveName=name)

    @rule(caller=callers, with_force=st.booleans())
    def change_managed_rules(self, caller, with_force):
        """Without force nothing changes; with force it may be deleted, once its target is removed."""
        for bus, held in self.service.buses[caller].items():
            for name in [name for name, one in held["rules"].items() if one["managed_by"]]:
                where = {"EventBusName": bus}
                self.ask(caller, "put_rule", Name=name, EventPattern=PATTERNS[0], **where)
                self.ask(caller, "enable_rule", Name=name, **where)
                self.ask(caller, "disable_rule", Name=name, **where)
                self.ask(caller, "delete_rule", Name=name, **where)
                self.ask(caller, "put_targets", Rule=name, Targets=[{"Id": "t1", **GOOD_TARGETS[0]}], **where)
                self.ask(caller, "remove_targets", Rule=name, Ids=[name], **where)
                self.ask(caller, "tag_resource", ResourceARN=rule_arn(caller, bus, name), Tags=[])
                self.ask(caller, "untag_resource", ResourceARN=rule_arn(caller, bus, name), TagKeys=["k"])
                if with_force:
                    self.ask(caller, "remove_targets", Rule=name, Ids=[name], Force=True, **where)
                    self.ask(caller, "delete_rule", Name=name, Force=True, **where)

    # Reading

    @rule(where=places, name=rule_names)
    def describe(self, where, name):
        self.ask(where[0], "describe_event_bus", Name=where[1])
        self.ask(where[0], "describe_rule", Name=name, EventBusName=where[1])

    @rule(where=places, request=lists, limits=st.lists(st.none() | st.integers(1, 4), min_size=1, max_size=4))
    def page(self, where, request, limits):
        caller, bus = where
        operation, members = request
        if operation != "list_event_buses":
            members = members | {"EventBusName": bus}
        wanted = self.ask(caller, operation, **members)
        if isinstance(wanted, tuple):
            return
        [(items, left)] = wanted.items()
        token = None
        for limit in [*limits, None]:
            paging = without_nones(Limit=limit, NextToken=token)
            answer = self.given(caller, operation, members | paging)
            token = answer.pop("NextToken", None)
            assert answer == {items: left[: limit or 100]}, (operation, members, paging)
            left = left[limit or 100 :]
            assert (token is None) == (not left)
            if token is None:
                return
            self.use_elsewhere(caller, operation, members, token)

    def use_elsewhere(self, caller, operation, members, token):
        """A token is bound to its operation, its filters and its account."""
        other = CALLERS[CALLERS.index(caller) - 1]
        assert isinstance(self.given(other, operation, members | {"NextToken": token}), tuple)
        assert self.given(caller, "list_archives", {"NextToken": token})[0] == "ValidationException"
        if operation != "list_targets_by_rule":
            error = self.given(caller, "list_targets_by_rule", {"Rule": "r1", "NextToken": token})
            assert error[0] in {"InvalidTokenException", "ResourceNotFoundException"}
            assert self.given(caller, operation, members | {"NextToken": "bogus"})[0] == "ValidationException"


@pytest.fixture(autouse=True, scope="module")
def _mocked(quick_client):
    with mock_events(isolated=True, start_time=NOW) as backend:
        EventBridge.backend = backend
        EventBridge.clients = {
            caller: quick_client(backend.client(account=caller[0], region=caller[1])) for caller in CALLERS
        }
        yield


TestEventBridge = EventBridge.TestCase
TestEventBridge.settings = settings(
    deadline=None,
    max_examples=35,
    stateful_step_count=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
