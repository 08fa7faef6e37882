"""The types of resources of the Custom Event Bus in templates, a file for each.

Source: "Creating Custom Event Bus resources with CloudFormation" of the user guide, and the pages of the types in
CloudFormation's template reference, both of October 2026. Documented: the properties, which have the names of the API;
which of them replace a resource when they change; that a subscriber is deleted before its replacement is made; ``Ref``
and ``Fn::GetAtt``; that tags are a list of ``Key`` and ``Value``, of which there may be 50; that the policy of an event
bus cannot be created if there is one already, and that an update replaces it as a whole. Inferred: a property that an
update leaves out gets its default; CloudFormation waits until an event bus is ACTIVE, and fails if that does not come;
the code and the text of this failure.
"""
