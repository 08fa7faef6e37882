"""The names and ids that CloudFormation makes up for resources: the same ones in each run. Pure.

Source: templates, section 6. That a name is ``<stack>-<logical id>-<suffix>`` has been seen on AWS. How
the two parts share the room, and the letters of the suffix, are inferred. AWS's suffix is random; here it is derived,
so that two runs have the same names.
"""

from __future__ import annotations

from hashlib import sha256
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final
from uuid import UUID

LOWER: Final = ascii_lowercase + digits
"""The letters of most ids."""
_UPPER: Final = ascii_uppercase + digits
_SUFFIX: Final = 12


def made_name(
    stack: str, logical_id: str, *, limit: int = 64, lower: bool = False, generation: int = 0
) -> str:
    """Return the name that a resource gets if its template does not name it.

    The stack's name and the logical ID share the room that the limit leaves: each may use half of it, and what the
    other does not need. The suffix, 12 characters, is never cut.

    Args:
        stack: The name of the stack.
        logical_id: The logical ID.
        limit: The most characters that a name of the type may have; at least 16.
        lower: Whether names of the type have lower-case letters only, as those of S3's buckets.
        generation: How often the resource was replaced. Each time it gets another suffix.
    """
    purpose = str(generation) if generation else ""
    suffix = made_id(stack, logical_id, purpose, length=_SUFFIX, letters=_UPPER)
    room = limit - _SUFFIX - len("--")
    first = stack[: max(room - len(logical_id), room // 2)]
    name = f"{first}-{logical_id[: room - len(first)]}-{suffix}"
    return name.lower() if lower else name


def made_id(stack: str, logical_id: str, purpose: str = "", *, length: int, letters: str = LOWER) -> str:
    """Return the id that a resource gets; stack, logical ID and purpose decide it.

    Args:
        stack: The name or ARN of the stack.
        logical_id: The logical ID.
        purpose: What the id is for, if the resource has several ids.
        length: The number of characters; at most 40.
        letters: The characters that may occur.
    """
    number = int.from_bytes(_digest(stack, logical_id, purpose), "big")
    characters = []
    for _ in range(length):
        number, index = divmod(number, len(letters))
        characters.append(letters[index])
    return "".join(characters)


def made_uuid(stack: str, logical_id: str, purpose: str = "") -> str:
    """Return the UUID that a resource gets; stack, logical ID and purpose decide it."""
    return str(UUID(bytes=_digest(stack, logical_id, purpose)[:16], version=4))


def _digest(*parts: str) -> bytes:
    return sha256("\0".join(parts).encode()).digest()
