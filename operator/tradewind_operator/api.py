"""The API server's client: a handful of verbs over HTTP, counted, each with a deadline, errors typed."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import msgspec

from tradewind_operator.access import Access
from tradewind_operator.errors import ApiAwayError, ApiError, NotLeadingError
from tradewind_operator.kinds import Kind, Object
from tradewind_operator.metrics import API_CALLS, API_SECONDS
from tradewind_operator.names import MANAGER

_SECONDS: Final = 15.0
"""How long a question may take; a watch has its own times."""
_WRITE_SECONDS: Final = 4.0
"""How long a write may take: one that was begun while the Lease was held must have ended before another may hold it."""
_CHUNK: Final = 250
"""Objects in one page of a list: what is held in memory at once."""
_METADATA: Final = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
_METADATA_LIST: Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
APPLY: Final = "application/apply-patch+yaml"
NONE: Final[Mapping[str, str]] = {}
MERGE: Final = "application/merge-patch+json"


class Api:
    """Requests to the API server in one namespace. A write is refused unless `may_write` says that it may be made."""

    def __init__(self, access: Access, namespace: str, may_write: Callable[[], bool] = lambda: True) -> None:
        self.namespace = namespace
        self._access = access
        self._may_write = may_write
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Let go of all connections."""
        if self._session is not None:
            await self._session.close()

    async def get(self, kind: Kind, name: str) -> Object | None:
        """Return an object, None where there is none."""
        try:
            return await self._call("GET", kind.path(self.namespace, name), kind.plural)
        except ApiError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    async def get_path(self, path: str) -> Object:
        """Return what is at a path, such as the list of API groups."""
        return await self._call("GET", path, "discovery")

    async def create(self, kind: Kind, body: Object) -> Object:
        """Create an object."""
        return await self._call("POST", kind.path(self.namespace), kind.plural, body=body, verb="create")

    async def replace(self, kind: Kind, body: Object) -> Object:
        """Put an object in its own place; its resourceVersion must still be the live one's."""
        path = kind.path(self.namespace, body["metadata"]["name"])
        return await self._call("PUT", path, kind.plural, body=body, verb="update")

    async def apply(
        self, kind: Kind, body: Object, *, force: bool = True, dry_run: bool = False, subresource: str = ""
    ) -> Object:
        """Apply an object by server-side apply, and return it as it is now."""
        parameters = {"fieldManager": MANAGER, "force": str(force).lower()}
        if dry_run:
            parameters["dryRun"] = "All"
        path = kind.path(self.namespace, body["metadata"]["name"], subresource)
        return await self._call("PATCH", path, kind.plural, parameters, body, APPLY, verb="apply")

    async def merge(self, kind: Kind, name: str, body: Object) -> Object:
        """Patch an object."""
        path = kind.path(self.namespace, name)
        return await self._call("PATCH", path, kind.plural, body=body, content=MERGE, verb="patch")

    async def delete(self, kind: Kind, name: str, uid: str) -> None:
        """Delete an object, if it is still that one; its dependents go after it."""
        options = {"preconditions": {"uid": uid}, "propagationPolicy": "Background"}
        try:
            await self._call("DELETE", kind.path(self.namespace, name), kind.plural, body=options, verb="delete")
        except ApiError as error:
            # Gone, or another one of that name already: what was to go has gone.
            if error.status not in (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT):
                raise

    async def pages(
        self, kind: Kind, chosen: Mapping[str, str] = NONE, metadata_only: bool = False
    ) -> AsyncIterator[tuple[list[Object], str]]:
        """Yield (objects, the list's resourceVersion), a page at a time; `chosen` holds selectors by parameter."""
        parameters = {"limit": str(_CHUNK), **{name: value for name, value in chosen.items() if value}}
        accept = _METADATA_LIST if metadata_only else ""
        while True:
            page = await self._call(
                "GET", kind.path(self.namespace), kind.plural, parameters, accept=accept, verb="list"
            )
            metadata = page["metadata"]
            yield page.get("items") or [], metadata["resourceVersion"]
            if not metadata.get("continue"):
                return
            parameters["continue"] = metadata["continue"]

    async def watch(
        self, kind: Kind, since: str, chosen: Mapping[str, str] = NONE, metadata_only: bool = False, seconds: int = 300
    ) -> AsyncIterator[tuple[str, Object]]:
        """Yield (type, object) of what happens after a resourceVersion, bookmarks too, until the server ends it.

        Raises:
            ApiError: the server refused; 410 where it has forgotten that version.
            ApiAwayError: the connection broke, or nothing came for far too long.
        """
        parameters = {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": since,
            "timeoutSeconds": str(seconds),
            **{name: value for name, value in chosen.items() if value},
        }
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=_SECONDS, sock_read=90.0)
        path = kind.path(self.namespace)
        try:
            response = await self._request(
                "GET", path, parameters, None, "", _METADATA if metadata_only else "", timeout
            )
            async with response:
                API_CALLS.labels("watch", kind.plural, response.status).inc()
                if response.status != HTTPStatus.OK:
                    raise _refusal(response, await response.read(), f"watch {path}")
                async for line in _lines(response.content):
                    event = msgspec.json.decode(line)
                    if event["type"] == "ERROR":
                        raise _status_error(event["object"], f"watch {path}")
                    yield event["type"], event["object"]
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ApiAwayError(f"watch {path}: {type(error).__name__}: {error}") from None

    async def _call(
        self,
        method: str,
        path: str,
        resource: str,
        parameters: Mapping[str, str] | None = None,
        body: Any = None,
        content: str = "application/json",
        accept: str = "",
        verb: str = "get",
    ) -> Object:
        if method != "GET" and not self._may_write():
            raise NotLeadingError(f"{verb} {path}: this operator does not hold the Lease")
        started = time.perf_counter()
        timeout = aiohttp.ClientTimeout(_SECONDS if method == "GET" else _WRITE_SECONDS)
        status = 0
        try:
            for attempt in (1, 2):
                response = await self._request(method, path, parameters, body, content, accept, timeout)
                async with response:
                    status, raw = response.status, await response.read()
                if status == HTTPStatus.UNAUTHORIZED and attempt == 1:
                    self._access.refresh()
                    continue
                break
            if status >= HTTPStatus.BAD_REQUEST:
                raise _refusal(response, raw, f"{verb} {path}")
            decoded: Object = msgspec.json.decode(raw)
            return decoded
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ApiAwayError(f"{verb} {path}: {type(error).__name__}: {error}") from None
        finally:
            API_CALLS.labels(verb, resource, status or "away").inc()
            API_SECONDS.labels(verb).observe(time.perf_counter() - started)

    async def _request(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, str] | None,
        body: Any,
        content: str,
        accept: str,
        timeout: aiohttp.ClientTimeout,
    ) -> aiohttp.ClientResponse:
        if self._session is None:
            connector = aiohttp.TCPConnector(ssl=self._access.info.as_ssl_context(), limit=64)
            self._session = aiohttp.ClientSession(connector=connector, headers={"User-Agent": MANAGER})
        headers = self._access.headers() | {"Accept": accept or "application/json"}
        data = None
        if body is not None:
            data, headers["Content-Type"] = msgspec.json.encode(body), content
        url = str(self._access.info.server).rstrip("/") + path
        return await self._session.request(method, url, params=parameters, data=data, headers=headers, timeout=timeout)


async def _lines(content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """Yield a stream's lines, however long."""
    parts: list[bytes] = []
    async for chunk in content.iter_any():
        *ended, rest = chunk.split(b"\n")
        for line in ended:
            parts.append(line)
            whole = b"".join(parts)
            parts.clear()
            if whole:
                yield whole
        if rest:
            parts.append(rest)


def _refusal(response: aiohttp.ClientResponse, raw: bytes, what: str) -> ApiError:
    try:
        status = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        status = {}
    if not isinstance(status, dict) or status.get("kind") != "Status":
        text = raw[:200].decode(errors="replace")
        status = {"code": response.status, "reason": response.reason, "message": text}
    error = _status_error(status, what)
    after = response.headers.get("Retry-After", "")
    error.retry_after = float(after) if after.isdigit() else None
    return error


def _status_error(status: Object, what: str) -> ApiError:
    return ApiError(int(status.get("code") or 0), status.get("reason") or "", status.get("message") or "", what)
