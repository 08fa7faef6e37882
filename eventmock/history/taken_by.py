"""Who takes deliveries and dead letters."""

from __future__ import annotations

from typing import Literal

TakenBy = Literal["function", "event bus", "moto", "HTTP", "nobody"]
