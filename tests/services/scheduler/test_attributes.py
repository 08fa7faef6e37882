from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from eventmock.services.scheduler.attributes import notification, with_attributes

NAMES = ["schedule-arn", "scheduled-time", "execution-id", "attempt-number"]


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("<aws.scheduler.schedule-arn>", "arn:aws:scheduler:us-east-1:123456789012:schedule/default/nightly"),
        ("<aws.scheduler.scheduled-time>", "2027-03-14T07:30:00Z"),
        ("<aws.scheduler.execution-id>", "d32c5cdd-0000-4000-8000-cf5bb8c30000"),
        ("<aws.scheduler.attempt-number>", "1"),
        ('{"n":<aws.scheduler.attempt-number>,"m":"<aws.scheduler.attempt-number>"}', '{"n":1,"m":"1"}'),
        ("a<aws.scheduler.attempt-number>b<aws.scheduler.attempt-number>c", "a1b1c"),
        ("<<aws.scheduler.attempt-number>>", "<1>"),
    ],
)
def test_an_attribute_is_replaced_wherever_it_stands(execution, text, replaced):
    assert with_attributes(text, execution) == replaced


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<aws.scheduler.Attempt-Number>",
        "<aws.scheduler.attempt-number",
        "<aws.scheduler. attempt-number>",
        "<aws.scheduler.unheard-of>",
        "<aws.events.event.json>",
        "<attempt-number>",
        "<awsXschedulerXattempt-number>",
    ],
)
def test_anything_else_stays_as_it_is(execution, text):
    assert with_attributes(text, execution) == text


@given(st.lists(st.one_of(st.text(alphabet="<>awsx.", max_size=6), st.sampled_from(NAMES))))
def test_the_text_between_attributes_never_changes(parts):
    from datetime import UTC, datetime

    from eventmock.history.schedule_delivery import Execution

    moment = datetime(2027, 1, 1, tzinfo=UTC)
    execution = Execution("ID", 3, moment, "ARN", "name", "123456789012", "us-east-1")
    values = dict(zip(NAMES, ["ARN", "2027-01-01T00:00:00Z", "ID", "3"], strict=True))
    text = "".join(f"<aws.scheduler.{part}>" if part in values else part for part in parts)
    assert with_attributes(text, execution) == "".join(values.get(part, part) for part in parts)


def test_what_is_put_in_is_not_searched_again(execution):
    named = execution._replace(schedule_arn="<aws.scheduler.attempt-number>")
    assert with_attributes("<aws.scheduler.schedule-arn>", named) == "<aws.scheduler.attempt-number>"


def test_the_notification_is_one_line_with_its_members_in_order(execution):
    assert notification(execution) == (
        '{"version":"0","id":"d32c5cdd-0000-4000-8000-cf5bb8c30000","detail-type":"Scheduled Event",'
        '"source":"aws.scheduler","account":"123456789012","time":"2027-03-14T07:30:00Z","region":"us-east-1",'
        '"resources":["arn:aws:scheduler:us-east-1:123456789012:schedule/default/nightly"],"detail":"{}"}'
    )
    assert json.loads(notification(execution))["detail"] == "{}"
