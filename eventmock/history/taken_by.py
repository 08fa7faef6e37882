"""The takers of deliveries and dead letters."""

from __future__ import annotations

from typing import Literal

TakenBy = Literal["function", "event bus", "service", "Lambda function", "moto", "HTTP", "nobody"]
"""A function of the test, an event bus, another service of this mock, a Lambda function of the test, moto, a function
or mock that answers HTTP.

``nobody`` if the delivery is only recorded.
"""
