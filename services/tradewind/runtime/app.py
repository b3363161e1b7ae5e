"""The app factory: health, readiness, metrics and problem documents for every service alike."""

import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Histogram, generate_latest

from tradewind import __version__
from tradewind.runtime.health import Health
from tradewind.runtime.problems import install_problem_handlers, problem_response

REQUESTS = Counter("tradewind_http_requests_total", "HTTP requests answered", ["method", "route", "status"])
LATENCY = Histogram("tradewind_http_request_seconds", "Time to answer an HTTP request", ["method", "route"])


def create_app(service: str, health: Health) -> FastAPI:
    """Return an app with /healthz, /readyz and /metrics; the service adds its own routes."""
    app = FastAPI(title=f"Tradewind {service}", version=__version__)
    install_problem_handlers(app)

    @app.middleware("http")
    async def _measure(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        started = time.perf_counter()
        status = HTTPStatus.INTERNAL_SERVER_ERROR.value
        try:
            response = await call_next(request)
            status = response.status_code
        finally:
            route = getattr(request.scope.get("route"), "path", "unmatched")
            REQUESTS.labels(request.method, route, status).inc()
            LATENCY.labels(request.method, route).observe(time.perf_counter() - started)
        return response

    @app.get("/healthz", tags=["health"])
    def healthz() -> dict[str, str]:
        """Say that the process lives."""
        return {"status": "ok", "service": service, "version": __version__}

    @app.get("/readyz", tags=["health"], response_model=None)
    def readyz(request: Request) -> Response | dict[str, str]:
        """Say whether the service does its work, and why not (503)."""
        reasons = health.reasons
        if not reasons:
            return {"status": "ready", "service": service}
        detail = "; ".join(f"{condition}: {reason}" for condition, reason in reasons.items())
        return problem_response(HTTPStatus.SERVICE_UNAVAILABLE, detail, request.url.path, conditions=reasons)

    @app.get("/metrics", tags=["health"])
    def metrics() -> Response:
        """Give the metrics in Prometheus' text format."""
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return app
