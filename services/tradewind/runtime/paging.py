"""Cursors: where a list goes on, as text that means nothing to who holds it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from http import HTTPStatus
from typing import Any

import msgspec

from tradewind.runtime.problems import ProblemError


def cursor_of(position: object) -> str | None:
    """Return the cursor of a list's position, None where nothing follows it."""
    if position is None:
        return None
    return urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def position_of(cursor: str | None, shape: Any) -> Any:
    """Return the position of that shape (a type) which a cursor stands for; None without one: a list's beginning.

    Raises:
        ProblemError: 422, it is no cursor of this list.
    """
    if cursor is None:
        return None
    try:
        raw = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=shape)
    except (ValueError, msgspec.DecodeError):
        detail = "cursor: it is none of this list; give the `next` of the page before, or none for the first page"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, cursor=cursor) from None
