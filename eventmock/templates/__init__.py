"""Templates of CloudFormation, SAM and the CDK: read with their lines, and evaluated. Nothing is deployed here.

Source: templates, sections 3 to 6 and 8 to 11.
"""
