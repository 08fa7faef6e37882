"""Values that the CDK passes to stacks in other regions.

The stack that has a value writes it by a custom resource to SSM in the other region, and the stack there reads it by
another. Source: templates section 10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.templates.cloud_assembly import CROSS_REGION_WRITER, cross_region_exports

if TYPE_CHECKING:
    from eventmock.deployment.stack import Stacks


def value_from_elsewhere(stacks: Stacks, region: str, name: str) -> Any:
    """Return a value that a stack has written for the stacks of a region.

    Args:
        stacks: All stacks.
        region: The region.
        name: The name of the value, such as ``/cdk/exports/Orders/BusArn``.

    Raises:
        LookupError: No stack has written it.
    """
    for deployed in stacks.values():
        for resource in deployed.resources.values():
            if resource.type == CROSS_REGION_WRITER:
                target, exports = cross_region_exports(resource.properties)
                if target == region and name in exports:
                    return exports[name]
    raise LookupError(f"{name} was not written to {region}: deploy the stack that has it first")
