"""Stacks: what CloudFormation makes, changes and removes when a template is deployed."""
