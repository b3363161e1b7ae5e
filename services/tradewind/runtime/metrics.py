"""What every service counts alike. docs/metrics.md says what each metric means; a test holds the two together."""

from typing import Final

from prometheus_client import Counter, Histogram, disable_created_metrics

# When each series began is of no use beside the process's own start time, and doubles what is scraped.
disable_created_metrics()  # type: ignore[no-untyped-call]

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the histograms of times."""
REQUESTS = Counter("tradewind_http_requests_total", "HTTP requests answered", ["method", "route", "status"])
LATENCY = Histogram(
    "tradewind_http_request_seconds", "Time to answer an HTTP request", ["method", "route"], buckets=SECONDS
)
ERRORS = Counter(
    "tradewind_http_errors_total", "HTTP requests that met an error nobody foresaw", ["method", "route", "error"]
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def method_label(method: str) -> str:
    """Return a request's method as a label: a client may invent methods, and each would be a series for ever."""
    return method if method in _METHODS else "OTHER"
