"""The types ``AWS::AppIntegrations::*`` of CloudFormation templates that belong to EventBridge. Each is a file."""
