"""The services that the installed botocore knows: by the name that AWS's SDKs have for them, and their models.

Universal targets of EventBridge Scheduler name a service by its ``serviceId`` in small letters, without separators and
without ``service`` at the end (inferred from the examples of the user guide). boto3's name often differs: ``sfn`` is
``stepfunctions``. The ``serviceId`` is at the beginning of the file of a model, so that no model is read as a whole to
find a name.
"""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from botocore.model import ServiceModel

from eventmock.wire.service_model import described, loader

if TYPE_CHECKING:
    from botocore.loaders import Loader

_BEGINNING: Final = 4096
"""The bytes at the beginning of a model in which its ``serviceId`` is."""
_SERVICE_ID: Final = re.compile(rb'"serviceId"\s*:\s*"([^"]+)"')


@cache
def services_by_sdk_name() -> dict[str, str]:
    """Return boto3's names of all services, by the name that AWS's SDKs have for them.

    If two services have one ``serviceId``, the first one by its name counts. A name is there with ``service`` at its
    end, too.
    """
    found: dict[str, str] = {}
    models = loader()
    for name in sorted(models.list_available_services("service-2")):
        plain = re.sub("[^a-z0-9]", "", _service_id(models, name).lower())
        for sdk_name in (plain.removesuffix("service"), plain):
            found.setdefault(sdk_name, name)
    return found


def _service_id(models: Loader, name: str) -> str:
    """Return the ``serviceId`` of a service; boto3's name if the beginning of the model has none."""
    version = models.determine_latest_version(name, "service-2")
    for folder in models.search_paths:
        path = Path(folder, name, version, "service-2.json")
        if path.exists():
            beginning = path.read_bytes()[:_BEGINNING]
        elif (packed := path.with_suffix(".json.gz")).exists():
            with gzip.open(packed) as file:
                beginning = file.read(_BEGINNING)
        else:
            continue
        stated = _SERVICE_ID.search(beginning)
        return name if stated is None else stated[1].decode()
    return name


@cache
def model_of(name: str) -> ServiceModel:
    """Return the model of a service.

    Args:
        name: boto3's name of the service.
    """
    return ServiceModel(described(name), name)


def operations_by_action(name: str) -> dict[str, str]:
    """Return the names of the operations of a service, by the names of AWS's SDKs, with a small first letter.

    Args:
        name: boto3's name of the service.
    """
    return {
        f"{operation[:1].lower()}{operation[1:]}": operation for operation in model_of(name).operation_names
    }
