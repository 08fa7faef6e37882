"""What is permitted by another way than the usual one is not found, and what is not in the template is not judged."""

from __future__ import annotations

import pytest

FUNCTION = (
    "  Function: {Type: 'AWS::Lambda::Function', Properties: {Role: 'arn:aws:iam::123456789012:role/r'}}\n"
)


def permission(function="!Ref Function", source="!GetAtt Rule.Arn", **more):
    lines = {"Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"} | more
    lines |= {"FunctionName": function} | ({} if source is None else {"SourceArn": source})
    inside = "".join(f"      {name}: {value}\n" for name, value in lines.items())
    return f"  Permission:\n    Type: AWS::Lambda::Permission\n    Properties:\n{inside}"


class TestFunctions:
    def test_without_a_permission(self, warned):
        assert warned("!GetAtt Function.Arn", FUNCTION) == ["function-without-permission"]

    @pytest.mark.parametrize(
        "given",
        [
            permission(),
            permission("!GetAtt Function.Arn"),
            permission(source=None),
            permission(source="!Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/*'"),
            permission(
                source="!Sub 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${Rule}'"
            ),
            permission(Action="lambda:*"),
            permission(Principal="'*'"),
            permission(Principal="!Ref Given"),
            permission(source="!Ref Given"),
            permission(source="!ImportValue rule"),
        ],
    )
    def test_with_one_that_covers_the_rule(self, warned, given):
        assert warned("!GetAtt Function.Arn", FUNCTION + given) == []

    @pytest.mark.parametrize(
        "given",
        [
            permission(source="arn:aws:events:us-east-1:123456789012:rule/other"),
            permission(source="!Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/orders/*'"),
            permission("!Sub '${Function}:live'"),
        ],
    )
    def test_with_one_that_does_not(self, warned, given):
        assert warned("!GetAtt Function.Arn", FUNCTION + given) == ["permission-of-another-rule"]

    def test_an_alias_needs_a_permission_of_its_own(self, warned):
        properties = "{FunctionName: !Ref Function, FunctionVersion: '1', Name: live}"
        alias = f"  Live: {{Type: 'AWS::Lambda::Alias', Properties: {properties}}}\n"
        assert warned("!Ref Live", FUNCTION + alias + permission("!Ref Live")) == []
        assert warned("!Ref Live", FUNCTION + alias + permission()) == ["permission-of-another-rule"]

    def test_a_rule_on_another_bus_has_the_bus_in_its_arn(self, found):
        text = """
            Resources:
              Bus: {Type: 'AWS::Events::EventBus', Properties: {Name: orders}}
              Rule:
                Type: AWS::Events::Rule
                Properties:
                  EventBusName: !Ref Bus
                  EventPattern: {source: [shop]}
                  Targets: [{Id: it, Arn: !GetAtt Function.Arn}]
              Function: {Type: 'AWS::Lambda::Function', Properties: {Handler: x}}
              Permission:
                Type: AWS::Lambda::Permission
                Properties:
                  Action: lambda:InvokeFunction
                  FunctionName: !Ref Function
                  Principal: events.amazonaws.com
                  SourceArn: !Sub arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/${Rule}
        """
        assert [one.what for one in found("permission-of-another-rule", text)] == [
            "it lets in arn:aws:events:us-east-1:123456789012:rule/orders|${Rule}, "
            "and the rule is arn:aws:events:us-east-1:123456789012:rule/orders/${Rule}"
        ]

    def test_what_is_not_in_the_template_is_not_judged(self, warned):
        assert warned("arn:aws:lambda:us-east-1:123456789012:function:elsewhere") == []
        assert warned("!Ref Given", FUNCTION) == []
        left_out = permission().replace("  Permission:\n", "  Permission:\n    Condition: Never\n")
        assert warned("!GetAtt Function.Arn", FUNCTION + left_out) == []

    def test_with_a_role_the_role_counts(self, warned):
        assert warned("!GetAtt Function.Arn", FUNCTION, "\n          RoleArn: !Ref Given") == []
