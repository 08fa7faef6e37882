"""Who takes deliveries and dead letters."""

from __future__ import annotations

from typing import Literal

TakenBy = Literal["function", "event bus", "moto", "HTTP", "nobody"]
"""A function of the test, another event bus, moto, whoever answers HTTP in the test; nobody: it was only recorded."""
