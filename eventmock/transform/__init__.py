"""The input of a target that does not receive the event as it is.

A target's members `Input`, `InputPath` and `InputTransformer` are checked here as PutTargets checks them, and applied
as a delivery applies them. All functions are pure: text in, text out. Lengths are not checked here; the service model
limits them.

    input_shape.py         InputShape: the members of one target; start here
    input_transformer.py   Template: placeholders, their contexts, the reserved variables
    json_path.py           JsonPath: the subset of JSONPath that EventBridge takes
    json_text.py           JsonText: JSON that keeps the spelling of its source
    refusals.py            InvalidInput (PutTargets says no), InvalidJson (the delivery is dropped)

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
and recordings of the service. Where they differ, the recordings count. Each module says how sure it is.
"""
