"""The app factory: health, readiness, metrics and problem documents for every service alike."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Literal

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from pydantic import Field

from tradewind import __version__
from tradewind.runtime.documents import Document, example
from tradewind.runtime.health import Health
from tradewind.runtime.metrics import ERRORS, LATENCY, REQUESTS, method_label
from tradewind.runtime.problems import RETRY_SECONDS, describe_problems, install_problem_handlers, problem_response


class Alive(Document):
    """The process lives."""

    model_config = example(status="ok", service="trading", version=__version__)

    status: Literal["ok"] = "ok"
    service: str = Field(description="Which service this is.")
    version: str = __version__


class Ready(Document):
    """The service does its work."""

    model_config = example(status="ready", service="trading")

    status: Literal["ready"] = "ready"
    service: str = Field(description="Which service this is.")


def create_app(service: str, health: Health) -> FastAPI:
    """Return an app with /healthz, /readyz and /metrics; the service adds its own routes."""
    app = FastAPI(
        title=f"Tradewind {service}",
        version=__version__,
        responses=describe_problems({HTTPStatus.INTERNAL_SERVER_ERROR: "A defect; the service's log has the trace."}),
    )
    install_problem_handlers(app)
    _measure_requests(app)

    @app.get("/healthz", tags=["health"])
    def healthz() -> Alive:
        """Say that the process lives."""
        return Alive(service=service)

    @app.get(
        "/readyz",
        tags=["health"],
        response_model=Ready,
        responses=describe_problems({HTTPStatus.SERVICE_UNAVAILABLE: "It does not do its work; `conditions` say why."}),
    )
    def readyz(request: Request) -> Response | Ready:
        """Say whether the service does its work, and why not (503)."""
        reasons = health.reasons
        if not reasons:
            return Ready(service=service)
        detail = "; ".join(f"{condition}: {reason}" for condition, reason in reasons.items())
        return problem_response(HTTPStatus.SERVICE_UNAVAILABLE, detail, request.url.path, conditions=reasons)

    @app.get(
        "/metrics",
        tags=["health"],
        response_class=PlainTextResponse,
        responses={200: {"content": {"text/plain": {"example": "tradewind_epoch 1.0\n"}}}},
    )
    def metrics() -> Response:
        """Give the metrics in Prometheus' text format; docs/metrics.md explains them."""
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return app


def _measure_requests(app: FastAPI) -> None:
    @app.middleware("http")
    async def _measure(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        started = time.perf_counter()
        status = HTTPStatus.INTERNAL_SERVER_ERROR.value
        failure = ""
        try:
            response = await call_next(request)
            status = response.status_code
        except asyncio.CancelledError:
            # The service ends, and has waited for this request as long as it may.
            failure = "CancelledError"
            status = HTTPStatus.SERVICE_UNAVAILABLE.value
            response = problem_response(
                HTTPStatus.SERVICE_UNAVAILABLE, "the service is ending; try again", request.url.path
            )
            response.headers["Retry-After"] = RETRY_SECONDS
        except Exception as error:
            failure = type(error).__name__
            raise
        finally:
            method = method_label(request.method)
            # The template, not the path: every order would be a series of its own.
            route = getattr(request.scope.get("route"), "path", "unmatched")
            REQUESTS.labels(method, route, status).inc()
            LATENCY.labels(method, route).observe(time.perf_counter() - started)
            if failure:
                ERRORS.labels(method, route, failure).inc()
        return response
