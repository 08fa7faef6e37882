from __future__ import annotations

import pytest

CONNECTION = """
Parameters:
  Hidden: {{Type: String, NoEcho: true}}
  Shown: {{Type: String}}
Resources:
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties: {{GenerateSecretString: {{}}}}
  Connection:
    Type: AWS::Events::Connection
    Properties:
      AuthorizationType: BASIC
      AuthParameters:
        BasicAuthParameters: {{Username: shop, Password: {password}}}
        InvocationHttpParameters:
          HeaderParameters:
            - {{Key: X-Tenant, Value: shop{header}}}
Outputs:
  Arn: {{Value: !GetAtt Connection.Arn}}
"""


@pytest.fixture
def shown(found):
    """A function that gives what is found of the secrets of a connection."""

    def run(password, header=", IsValueSecret: false"):
        text = CONNECTION.format(password=password, header=header)
        return [one.what for one in found("secret-in-plain-text", text)]

    return run


@pytest.mark.parametrize(
    "password",
    [
        "!Ref Hidden",
        "!Sub 'x${Hidden}'",
        "'{{resolve:secretsmanager:shop:SecretString:password}}'",
        "!Sub '{{resolve:secretsmanager:${Secret}:SecretString:password}}'",
        "!Join ['', ['{{resolve:secretsmanager:', !Ref Secret, '}}']]",
        "!GetAtt Secret.Id",
    ],
)
def test_a_secret_that_is_hidden(shown, password):
    assert shown(password) == []


@pytest.mark.parametrize(
    ("password", "what"),
    [
        ("s3cr3t", "Password is written into the template"),
        ("!Ref Shown", "Password is the parameter Shown, which has no NoEcho"),
        ("!Sub 'x${Shown}'", "Password is the parameter Shown, which has no NoEcho"),
    ],
)
def test_a_secret_that_can_be_read(shown, password, what):
    assert shown(password) == [what]


def test_a_header_is_a_secret_only_if_the_template_says_so(shown):
    assert shown("!Ref Hidden", "") == []
    assert shown("!Ref Hidden", ", IsValueSecret: true") == [
        "X-Tenant of HeaderParameters is written into the template"
    ]


def test_the_secret_itself_is_not_shown(checked):
    findings = checked(CONNECTION.format(password="s3cr3t", header="")).findings
    assert findings
    assert "s3cr3t" not in "".join(one.text for one in findings)


BUS = """
Resources:
  Orders:
    Type: AWS::Events::EventBus
    Properties: {Name: orders}
  More:
    %s
"""


@pytest.mark.parametrize(
    "more",
    [
        "{Type: 'AWS::Events::Rule', Properties: {EventBusName: !Ref Orders, EventPattern: {source: [shop]}}}",
        "{Type: 'AWS::Events::Rule', Properties: {EventBusName: orders, EventPattern: {source: [shop]}}}",
        "{Type: 'AWS::Lambda::Function', Properties: {Environment: {Variables: {BUS: !GetAtt Orders.Name}}}}",
        "{Type: 'AWS::Lambda::Function', Properties: {Environment: {Variables: {BUS: orders}}}}",
        "{Type: 'AWS::IAM::Policy', Properties: {PolicyDocument: {Statement: {Resource: !Sub '${Orders.Arn}'}}}}",
        "{Type: 'AWS::SNS::Topic'}\nOutputs: {Bus: {Value: !Ref Orders}}",
    ],
)
def test_a_bus_that_is_used(found, more):
    assert found("unused-resource", BUS % more) == []


def test_a_bus_that_is_not_used(found):
    [one] = found("unused-resource", BUS % "{Type: 'AWS::SNS::Topic'}")
    assert one.production == "the EventBus is made, and nothing uses it unless other stacks know its name"
