from __future__ import annotations

import inspect
import re
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import get_overloads

import pytest

from eventmock import mock_events
from eventmock.exceptions import OptionError
from eventmock.options import DEFAULT_ACCOUNT, DEFAULT_REGION, Options, hint_for

NAMES = [field.name for field in fields(Options)]


def types_of(function):
    """The types of the options in a signature, by name; the signature says of each that it may be None."""
    parameters = inspect.signature(function).parameters.values()
    options = [each for each in parameters if each.kind is each.KEYWORD_ONLY]
    assert all(each.default is None and each.annotation.endswith(" | None") for each in options)
    return {each.name: each.annotation.removesuffix(" | None") for each in options}


def documented_options():
    """What the docstring of mock_events says of each option: its meaning and its default."""
    [arguments] = re.findall(r"^Args:\n(.*?)\n\n", inspect.getdoc(mock_events), re.DOTALL | re.MULTILINE)
    texts = re.findall(r"^ {4}(\w+): (.*?)(?=^ {4}\S)", arguments, re.DOTALL | re.MULTILINE)
    said = {name: " ".join(text.split()).replace("``", "`").split(" Default: ") for name, text in texts}
    return {name: (parts[0], parts[1].removesuffix(".")) for name, parts in said.items() if name != "target"}


def options_of_the_page():
    """The rows of the table in docs/mock.md: the type, the meaning without its links, and the default."""
    page = Path(__file__).parents[1].joinpath("docs", "mock.md").read_text("utf-8")
    table = re.search(r"^\| option \| type \| meaning \| default \|\n.*\n((?:\|.*\n)+)", page, re.MULTILINE)
    rows = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", table[1]).splitlines()
    cells = [[cell.replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]
    return {name.strip(" `"): tuple(cell.strip() for cell in rest) for name, *rest in cells}


def test_each_option_is_in_the_signature_that_python_shows_and_in_the_one_for_type_checkers():
    [_decorator, options] = get_overloads(mock_events)
    assert list(types_of(mock_events)) == NAMES
    assert types_of(mock_events) == types_of(options)


def test_each_option_has_its_default_in_the_docstring():
    defaults = {name: default for name, (_, default) in documented_options().items()}
    assert list(defaults) == NAMES
    in_force = {name: f"`{value}`" for name, value in Options().in_force().given().items() if value != ()}
    assert defaults == {
        "region": f"`AWS_DEFAULT_REGION`, else `{DEFAULT_REGION}`",
        "account": f"`AWS_ACCESS_KEY_ID` if that is an account id, else `{DEFAULT_ACCOUNT}`",
        "start_time": "the clock follows the wall clock",
        "passthrough": "no hosts",
        "schemas": "no schemas",
        **in_force,
    }


def test_the_page_says_of_each_option_what_the_docstring_says():
    types = types_of(mock_events)
    told = {name: (f"`{types[name]}`", *texts) for name, texts in documented_options().items()}
    assert options_of_the_page() == told


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"regoin": "x"}, "mock_events() has no option 'regoin'; did you mean 'region'?"),
        (
            {"qqq": 1},
            "mock_events() has no option 'qqq'; "
            "there are region, account, start_time, seed, strict, passthrough, isolated, service_events, "
            "schemas, enforce_policies, target_permissions, require_awscrt, patched_send",
        ),
        ({"region": 1}, "mock_events(): region=1: wanted a region such as 'us-east-1'"),
        ({"region": "moon"}, "mock_events(): region='moon': wanted a region such as 'us-east-1'"),
        (
            {"account": 123},
            "mock_events(): account=123: wanted an account id, text of 12 digits such as '123456789012'",
        ),
        (
            {"start_time": 5},
            "mock_events(): start_time=5: wanted a datetime, or ISO 8601 text such as "
            "'2026-01-31T12:00:00Z', in the years 1 to 9999 of UTC",
        ),
        (
            {"start_time": "noon"},
            "mock_events(): start_time='noon': wanted a datetime, or ISO 8601 text such as "
            "'2026-01-31T12:00:00Z', in the years 1 to 9999 of UTC",
        ),
        ({"seed": "a"}, "mock_events(): seed='a': wanted a whole number"),
        ({"seed": True}, "mock_events(): seed=True: wanted a whole number"),
        (
            {"strict": "dropped"},
            "mock_events(): strict='dropped': wanted True, False, or parts such as {'dropped', 'nobody'}",
        ),
        (
            {"strict": 1},
            "mock_events(): strict=1: wanted True, False, or parts such as {'dropped', 'nobody'}",
        ),
        ({"strict": ["droped"]}, "mock_events(): strict=['droped']: 'droped': did you mean 'dropped'?"),
        (
            {"strict": ["everything"]},
            "mock_events(): strict=['everything']: 'everything': "
            "there are awscrt, dropped, handlers, nobody, permissions, refused, services, unmatched",
        ),
        (
            {"target_permissions": True},
            "mock_events(): target_permissions=True: wanted 'off', 'warn' or 'enforce'",
        ),
        (
            {"target_permissions": ["warn"]},
            "mock_events(): target_permissions=['warn']: wanted 'off', 'warn' or 'enforce'",
        ),
        (
            {"service_events": "s3"},
            "mock_events(): service_events='s3': wanted some of 's3' and 'cloudtrail', such as {'s3'}, "
            "or set() for none",
        ),
        (
            {"service_events": True},
            "mock_events(): service_events=True: wanted some of 's3' and 'cloudtrail', such as {'s3'}, "
            "or set() for none",
        ),
        (
            {"service_events": ["s3", "cloudtrial"]},
            "mock_events(): service_events=['s3', 'cloudtrial']: 'cloudtrial': did you mean 'cloudtrail'?",
        ),
        (
            {"passthrough": "localhost"},
            "mock_events(): passthrough='localhost': "
            "wanted a list of hosts such as ['localhost:4566', '*.internal']",
        ),
        (
            {"passthrough": ["http://localhost"]},
            "mock_events(): passthrough=['http://localhost']: "
            "wanted a list of hosts such as ['localhost:4566', '*.internal']",
        ),
    ],
)
def test_a_wrong_option_is_one_clear_line(given, message):
    with pytest.raises(OptionError) as caught:
        Options.read(given, "mock_events()")
    assert str(caught.value) == message


def test_hosts_are_kept_as_they_are_written():
    hosts = ["[::1]", "::1", "[::1]:4566", "*.internal", "LOCALHOST"]
    assert Options.read({"passthrough": hosts}, "").passthrough == tuple(hosts)


def test_a_naive_start_time_is_utc():
    assert Options.read({"start_time": datetime(2026, 1, 1)}, "").start_time == datetime(
        2026, 1, 1, tzinfo=UTC
    )


def test_a_start_time_of_another_zone_is_converted():
    given = datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    assert Options.read({"start_time": given}, "").start_time.isoformat() == "2026-01-01T00:00:00+00:00"


def test_a_start_time_may_be_text():
    assert Options.read({"start_time": "2026-01-01T00:00:00Z"}, "").start_time == datetime(
        2026, 1, 1, tzinfo=UTC
    )


def test_an_option_of_none_says_nothing():
    assert Options.read({"region": None}, "").given() == {}


def test_options_over_others_win_where_they_say_something():
    ours = Options.read({"region": "eu-west-1", "strict": False}, "")
    theirs = Options.read({"region": "us-west-2", "strict": True, "seed": 3}, "")
    assert ours.over(theirs).given() == {"region": "eu-west-1", "strict": False, "seed": 3}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("SQS qeue", "did you mean 'SQS queue'?"),
        ("LAMBDA FUNCTION", "did you mean 'Lambda function'?"),
        ("lambda", "did you mean 'Lambda function'?"),
        ("redshift", "did you mean 'Redshift cluster'?"),
        ("kafka", "there are Lambda function, Redshift cluster, Redshift workgroup, SQS queue"),
        (None, "there are Lambda function, Redshift cluster, Redshift workgroup, SQS queue"),
    ],
)
def test_the_hint_for_a_name_is_the_one_that_is_similar(name, hint):
    assert hint_for(name, ["Lambda function", "Redshift cluster", "Redshift workgroup", "SQS queue"]) == hint


def test_service_events_are_shown_in_one_order():
    names = ["cloudtrail", "s3", "s3"]
    assert repr(Options.read({"service_events": names}, "").service_events) == "{'s3', 'cloudtrail'}"
    assert repr(Options.read({"service_events": []}, "").service_events) == "set()"


def test_an_empty_set_of_service_events_is_none_of_them_and_not_the_default():
    default = Options().in_force().service_events
    none = Options.read({"service_events": set()}, "").in_force().service_events
    assert (default, none) == ({"s3"}, set())
