"""The types ``AWS::Events::*`` of CloudFormation templates. Each is a file."""
