"""Error codes of all services, by the service models that botocore has installed."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

import botocore


@lru_cache(maxsize=64)
def is_in_a_model(code: str) -> bool:
    """Return whether a service model that botocore has installed has an error code, or a shape of that name.

    All models are searched as text, which takes about a second: read as JSON, they would take a minute.

    Args:
        code: The error code, such as ``QueueDoesNotExist``.
    """
    wanted = f'"{code}"'.encode()
    models = (Path(botocore.__file__).parent / "data").glob("*/*/service-2.json*")
    return any(wanted in _content(path) for path in models)


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content
