"""AWS's wire protocols, driven by the service models that botocore installs.

What it is: request parsing, constraint checks, paging and answers for any service that speaks
AWS JSON 1.1 or REST-JSON. What it is not: it knows no EventBridge; the operations are handed to it.
"""

from eventmock.wire.dispatch import Dispatcher, checked
from eventmock.wire.errors import AwsError
from eventmock.wire.http import HttpRequest, HttpResponse
from eventmock.wire.operation import Call, operation, operations_of
from eventmock.wire.service_model import Corrections, Loosened, Service, known_regions, load_service

__all__ = [
    "AwsError",
    "Call",
    "Corrections",
    "Dispatcher",
    "HttpRequest",
    "HttpResponse",
    "Loosened",
    "Service",
    "checked",
    "known_regions",
    "load_service",
    "operation",
    "operations_of",
]
