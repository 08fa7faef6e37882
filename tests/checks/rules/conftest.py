from __future__ import annotations

import pytest

TEMPLATE = """
Parameters:
  Given: {{Type: String}}
Conditions:
  Never: !Equals [a, b]
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {{source: [shop]}}
      Targets:
        - Id: it
          Arn: {arn}{more}
{resources}
"""


@pytest.fixture
def warned(checked):
    """A function that checks a rule with a target, beside some resources, and gives the ids of the warnings."""

    def run(arn, resources="", more=""):
        text = TEMPLATE.format(arn=arn, resources=resources.rstrip("\n"), more=more)
        return [one.rule for one in checked(text).findings if one.severity != "note"]

    return run


OF_PATTERN = """
Resources:
  R:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
"""


@pytest.fixture
def of_pattern(found):
    """A function that checks a rule with a pattern in YAML, and returns lines and texts of what one rule finds."""

    def run(rule, pattern):
        text = OF_PATTERN + "".join(f"        {line}\n" for line in pattern.strip("\n").split("\n"))
        return [
            (one.place.line - 5, f"{one.what} | {one.production} | {one.instead}")
            for one in found(rule, text)
        ]

    return run
