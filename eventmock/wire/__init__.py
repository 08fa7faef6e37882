"""AWS's wire protocols, driven by the service models that botocore installs.

This package parses requests, checks their constraints, cuts pages and writes answers, for any service that uses
AWS JSON 1.1, REST-JSON or Smithy RPC v2 CBOR. It does not depend on EventBridge; it gets the operations as arguments.
"""

from eventmock.wire.dispatch import Dispatcher, checked
from eventmock.wire.errors import AwsError
from eventmock.wire.http import HttpRequest, HttpResponse
from eventmock.wire.operations import Call, Operations, is_operation, operation
from eventmock.wire.service_model import (
    Corrections,
    Loosened,
    WireModel,
    is_installed,
    known_regions,
    load_service,
)

__all__ = [
    "AwsError",
    "Call",
    "Corrections",
    "Dispatcher",
    "HttpRequest",
    "HttpResponse",
    "Loosened",
    "Operations",
    "WireModel",
    "checked",
    "is_installed",
    "is_operation",
    "known_regions",
    "load_service",
    "operation",
]
