"""Input shaping: what a target receives when it asks for something other than the event as it stands.

What it is: the three members `Input`, `InputPath` and `InputTransformer` of a target, checked as PutTargets
checks them and applied as a delivery applies them. Pure text in, text out.
What it is not: it enforces no lengths (the service model does), sends nothing, and knows no target but by id.

    input_shape.py         InputShape: the members of one target; start here
    input_transformer.py   Template: placeholders, their contexts, the reserved variables
    json_path.py           JsonPath: the subset of JSONPath that EventBridge takes
    json_text.py           JsonText: JSON that keeps the spelling of its source
    refusals.py            InvalidInput (PutTargets says no), InvalidJson (the delivery is dropped)

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
and recordings of the service, which win where the two differ; each module says how sure it is.
"""

from eventmock.transform.input_shape import InputShape
from eventmock.transform.input_transformer import RenderContext, Template
from eventmock.transform.json_path import MISSING, InvalidPath, JsonPath, Missing
from eventmock.transform.json_text import JsonText, NotJson
from eventmock.transform.refusals import InvalidInput, InvalidJson

__all__ = [
    "MISSING",
    "InputShape",
    "InvalidInput",
    "InvalidJson",
    "InvalidPath",
    "JsonPath",
    "JsonText",
    "Missing",
    "NotJson",
    "RenderContext",
    "Template",
]
