"""``compare-buses`` tells which subscribers do what the rules of a template do, and exits with 1 if events are lost."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest

from eventmock.wire import is_installed

if not is_installed("eventbridgev2") or find_spec("jsonata") is None:
    pytest.skip("there is no Custom Event Bus, or no JSONata", allow_module_level=True)

QUEUE = "arn:aws:sqs:us-east-1:123456789012:parcels"
LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:audit"


def rule(*targets, bus="orders", **properties):
    given = [{"Id": f"t{number}", **one} for number, one in enumerate(targets)]
    members = {"EventPattern": {"source": ["shop"]}, "EventBusName": bus, "Targets": given, **properties}
    return {"Type": "AWS::Events::Rule", "Properties": members}


@pytest.fixture
def events(tmp_path):
    """A function that writes events into a file, and returns its name."""

    def write(*events, name="events.json"):
        (tmp_path / name).write_text(json.dumps(events[0] if len(events) == 1 else events), encoding="utf-8")
        return name

    return write


def event(**detail):
    return {"source": "shop", "detail-type": "Order", "detail": detail}


def test_all_is_the_same(command, template, events):
    code, out, err = command(
        "compare-buses", template(Ship=rule({"Arn": QUEUE})), "--events", events(event(id=1))
    )
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == 'on "orders": 1 of 1 target gets the same (1 event)'


def test_lost_events_are_told_with_the_file(command, template, events):
    name = template(Audit=rule({"Arn": LOGS}))
    code, out, _ = command("compare-buses", name, "--events", events(event(id=1), event(id=2)))
    assert code == 1
    assert "Audit -> logs log-group:audit: loses events" in out
    assert (
        "  events.json, event 1, Order from shop and 1 more: no subscriber takes the place of the target"
        in out
    )


def test_without_events_the_plan_is_told(command, template):
    name = template(Ship=rule({"Arn": QUEUE}), Audit=rule({"Arn": LOGS}))
    code, out, _ = command("compare-buses", name)
    assert code == 1
    assert out.startswith('on "orders": 1 of 2 targets becomes a subscriber\n')
    assert "Ship -> sqs parcels: subscriber Ship\n" in out
    assert command("compare-buses", template(Ship=rule({"Arn": QUEUE})))[0] == 0


def test_data(command, template, tmp_path):
    target = {
        "Arn": QUEUE,
        "InputTransformer": {"InputPathsMap": {"n": "$.detail.n"}, "InputTemplate": '"n <n>"'},
    }
    name = template(Ship=rule(target))
    text = '{"source": "shop", "detail-type": "Order", "detail": {"n": 1.50}}'
    (tmp_path / "events.json").write_text(text, encoding="utf-8")
    code, out, _ = command(
        "compare-buses",
        name,
        "--events",
        "events.json",
        "--json",
        "--role",
        "arn:aws:iam::123456789012:role/r",
    )
    assert code == 0
    [bus] = json.loads(out)["buses"]
    assert (bus["bus"], bus["safe"], bus["verdict"]) == (
        "orders",
        True,
        "0 of 1 target get the same; 1 differs",
    )
    [told] = bus["targets"]
    assert told["request"]["InvokeConfiguration"]["RoleArn"] == "arn:aws:iam::123456789012:role/r"
    assert told["differences"] == [
        {
            "event": "events.json, Order from shop",
            "aspect": "body",
            "text": "the whole is another value",
            "rule": '"n 1.50"',
            "subscriber": '"n 1.5"',
            "announced": True,
            "lost": False,
        }
    ]


def test_entries_go_to_the_bus_that_they_name(command, template, events):
    name = template(Ship=rule({"Arn": QUEUE}), Other=rule({"Arn": QUEUE}, bus="other"))
    entry = {"Source": "shop", "DetailType": "Order", "Detail": "{}", "EventBusName": "other"}
    given = events(entry)
    code, out, _ = command("compare-buses", name, "--events", given, "--bus", "other")
    assert (code, out.splitlines()[0]) == (0, 'on "other": 1 of 1 target gets the same (1 event)')
    code, _, err = command("compare-buses", name, "--events", given, "--bus", "orders")
    assert (code, err) == (2, "error: --events: all entries name another bus than orders\n")


def test_a_folder_of_events(command, template, events, tmp_path):
    (tmp_path / "events").mkdir()
    events(event(id=1), name="events/one.json")
    events(event(id=2), name="events/two.json")
    _, out, _ = command("compare-buses", template(Ship=rule({"Arn": QUEUE})), "--events", "events")
    assert "(2 events)" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--bus", "ordres"], "--bus ordres: did you mean 'orders'?"),
        (["--events", "nothing.json"], "nothing.json"),
        (["--events", "empty"], "--events: empty has no events: wanted files that end in .json"),
    ],
)
def test_what_is_wrong_is_told(command, template, tmp_path, arguments, said):
    (tmp_path / "empty").mkdir()
    code, _, err = command("compare-buses", template(Ship=rule({"Arn": QUEUE})), *arguments)
    assert code == 2
    assert said in err


def test_a_template_without_rules(command, template):
    code, _, err = command("compare-buses", template(Queue={"Type": "AWS::SQS::Queue"}))
    assert (code, err) == (2, "error: template.json has no rules\n")
