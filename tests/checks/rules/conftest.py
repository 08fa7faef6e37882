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
