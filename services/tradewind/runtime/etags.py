"""Entity tags (RFC 9110): who has the newest copy is told so without it, and who has not overwrites nothing."""

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from tradewind.runtime.problems import ProblemError

_TAG: Final = re.compile(r'(W/)?("[^"]*")')


async def _if_none_match(
    if_none_match: Annotated[
        str | None, Header(description="The ETag of the copy that you have; 304 if it is new.")
    ] = None,
) -> None:
    """Describe the header; `answer` reads it."""


async def _if_match(
    if_match: Annotated[
        str | None, Header(description="The ETag of the copy that you have seen; 412 if it is old.")
    ] = None,
) -> None:
    """Describe the header; `check_if_match` reads it."""


READS: Final = [Depends(_if_none_match)]
"""The `dependencies` of a route that answers with a document and its entity tag."""
WRITES: Final = [Depends(_if_match)]
"""The `dependencies` of a route that changes a document."""
TAGGED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"headers": {"ETag": {"description": "Of this very copy, strong.", "schema": {"type": "string"}}}},
    304: {"description": "Your copy is the newest."},
}
"""The `responses` of a route that answers with a document and its entity tag."""


def etag_of(document: BaseModel) -> str:
    """Return the strong entity tag of a document: of its very bytes, as `answer` sends them."""
    return _tag(_body(document))


def answer(
    request: Request,
    document: BaseModel,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with a document and its entity tag; with 304 alone where the asker has it already (If-None-Match)."""
    body = _body(document)
    tag = _tag(body)
    # A copy may be kept, and is asked about each time.
    head = {"ETag": tag, "Cache-Control": "no-cache", **(headers or {})}
    known = request.headers.getlist("If-None-Match")
    if request.method == "GET" and known and ("*" in known or tag in _tags(known, weak=True)):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=head)
    return Response(body, status, head, media_type="application/json")


def check_if_match(request: Request, document: BaseModel) -> None:
    """Check that the asker has seen the newest copy, where If-Match says which one it has.

    Raises:
        ProblemError: 412, another one is the newest.
    """
    seen = request.headers.getlist("If-Match")
    tag = etag_of(document)
    if seen and "*" not in seen and tag not in _tags(seen, weak=False):
        detail = f"it has changed since {', '.join(seen)}: it is {tag} now; read it again, then decide"
        raise ProblemError(HTTPStatus.PRECONDITION_FAILED, detail, etag=tag)


def _body(document: BaseModel) -> bytes:
    return document.model_dump_json().encode()


def _tag(body: bytes) -> str:
    return f'"{blake2b(body, digest_size=16).hexdigest()}"'


def _tags(headers: Sequence[str], *, weak: bool) -> set[str]:
    """Return the tags that headers name; weak ones only where a weak comparison is asked for."""
    return {tag for header in headers for mark, tag in _TAG.findall(header) if weak or not mark}
