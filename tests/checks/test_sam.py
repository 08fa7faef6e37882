"""What SAM makes of a function's events is found at the lines of these events."""

from __future__ import annotations

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Pay:{function}
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
      Events:
        Paid:{event}
          Type: EventBridgeRule
          Properties:
            Pattern:
              source: [shop.*]{line}
        Daily:
          Type: Schedule
          Properties:
            Schedule: cron(0 9 ? * 1-5 *)
"""


def found(checked, **ignores):
    text = TEMPLATE.format(**{"function": "", "event": "", "line": "", **ignores})
    report = checked(text)
    return [(one.rule, one.found.logical_id, one.line) for one in report.findings if one.severity != "note"]


ALL = [("star-in-plain-text", "PayPaid", 14), ("weekdays-of-unix", "PayDaily", 18)]


def test_what_is_found_in_events_of_a_function(checked):
    assert sorted(found(checked)) == ALL


def test_an_ignore_counts_on_the_line_of_the_function_and_of_the_event(checked):
    ignore = "  # eventmock: ignore[star-in-plain-text, weekdays-of-unix, missing-dead-letter-queue]"
    assert found(checked, function=ignore) == []
    assert found(checked, event="  # eventmock: ignore") == ALL[1:]
    assert found(checked, line="  # eventmock: ignore[star-in-plain-text]") == ALL[1:]


def test_a_fault_of_sam_is_an_error(checked):
    text = TEMPLATE.format(function="", event="", line="").replace("Pattern:", "Patern:")
    [finding] = checked(text).findings
    assert (finding.rule, finding.found.logical_id) == ("refused", "Pay")
    assert "Patern" in finding.text


def test_parts_of_a_target_have_the_lines_of_the_event(checked):
    text = TEMPLATE.format(function="", event="", line="").replace(
        "            Pattern:", "            InputPath: $.Detail\n            Pattern:"
    )
    [one] = [one for one in checked(text).findings if one.rule == "path-leads-nowhere"]
    assert one.line == 13


SCHEDULE_V2 = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Pay:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
      Events:
        Nightly:
          Type: ScheduleV2
          Properties:
            ScheduleExpression: rate(1 week)
            ScheduleExpressionTimezone: Europe/Berln
            Input: hello
            RetryPolicy: {MaximumRetryAttempts: 0}
            DeadLetterConfig: {Type: SQS}
"""


def test_schedules_of_a_function_have_the_lines_of_the_event(checked):
    findings = checked(SCHEDULE_V2).findings
    assert [(one.rule, one.found.logical_id, one.line) for one in findings] == [
        ("refused-schedule", "PayNightly", 13),
        ("unknown-time-zone", "PayNightly", 14),
        ("no-retry", "PayNightly", 16),
    ]
    sound = SCHEDULE_V2.replace("1 week", "1 day").replace("Berln", "Berlin")
    assert [(one.rule, one.line) for one in checked(sound).findings] == [("refused", 15), ("no-retry", 16)]
    assert checked(sound.replace("hello", "'{}'").replace("Attempts: 0", "Attempts: 1")).findings == []
