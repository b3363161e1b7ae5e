"""What the operator counts; docs/operator.md says what each metric means."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

RECONCILES = Counter("tradewind_operator_reconciles_total", "Reconciles that ended", ["kind", "result"])
RECONCILE_SECONDS = Histogram("tradewind_operator_reconcile_seconds", "Time of a reconcile", ["kind"], buckets=_SECONDS)
QUEUE = Gauge("tradewind_operator_queue_length", "Resources that are reconciled now, or wait for it")
DELAYED = Gauge("tradewind_operator_queue_delayed", "Resources whose next reconcile is at a later time")
API_CALLS = Counter("tradewind_operator_api_calls_total", "Requests to the API server", ["verb", "resource", "status"])
API_SECONDS = Histogram("tradewind_operator_api_seconds", "Time of a request", ["verb"], buckets=_SECONDS)
WATCH_STARTS = Counter("tradewind_operator_watch_starts_total", "Watches begun, the first included", ["resource"])
WATCH_LISTS = Counter("tradewind_operator_watch_lists_total", "Times that all objects were listed", ["resource"])
WATCH_EVENTS = Counter("tradewind_operator_watch_events_total", "Events that watches brought", ["resource"])
REPAIRS = Counter("tradewind_operator_applies_total", "Objects that were applied, by why", ["kind", "why"])
DESK_CALLS = Counter("tradewind_operator_desk_calls_total", "Requests to desks", ["route", "result"])
LEADING = Gauge("tradewind_operator_leading", "1 while this process holds the Lease")
OBJECTS = Gauge("tradewind_operator_objects", "Objects that are known", ["kind"])
