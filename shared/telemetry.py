"""The thread that runs through everything: correlation ids, Prometheus metrics and optional OpenTelemetry export."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

import structlog
from prometheus_client import Counter, Gauge, Histogram

from shared.domain.ids import uuid7
from shared.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

correlation_id: ContextVar[str | None] = ContextVar("correlation_id", default=None)
causation_id: ContextVar[str | None] = ContextVar("causation_id", default=None)

FINE = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
# After an outage a due action is late by minutes or hours: a quantile must be able to say so.
UP_TO_HOURS = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 4 * 3600, 24 * 3600)

REQUEST_SECONDS = Histogram(
    "portefeuille_request_seconds", "Time to answer.", ["route", "method", "status"], buckets=FINE
)
OUTBOX_ROWS = Gauge("portefeuille_outbox_rows", "Events written and not yet published, counted up to 50,000.")
OUTBOX_AGE_SECONDS = Gauge("portefeuille_outbox_age_seconds", "Age of the oldest event not yet published.")
EVENTS_PUBLISHED = Counter("portefeuille_events_published_total", "Events handed to the broker.")
EVENTS_HANDLED = Counter(
    "portefeuille_events_handled_total", "Events that a consumer finished.", ["consumer", "outcome"]
)
CONSUMER_BACKLOG = Gauge("portefeuille_consumer_backlog", "Events a consumer has not finished.", ["consumer"])
STALE_CUSTOMERS = Gauge("portefeuille_stale_customers", "Customers waiting to be recomputed.")
RECOMPUTE_SECONDS = Histogram("portefeuille_recompute_seconds", "Time of one recomputation.", ["stage"], buckets=FINE)
RECOMPUTED_CUSTOMERS = Counter("portefeuille_recomputed_customers_total", "Customers recomputed.")
DUE_ACTION_LATENESS = Histogram(
    "portefeuille_due_action_lateness_seconds", "How late a due action ran.", buckets=UP_TO_HOURS
)
MESSAGES = Counter("portefeuille_messages_total", "Messages by channel and outcome.", ["channel", "outcome"])


def current_correlation() -> str:
    """The correlation id bound at the door, or a new one for work that nobody asked for."""
    return correlation_id.get() or str(uuid7())


@contextmanager
def correlated(correlation: str | None, *, cause: UUID | None = None, **fields: object) -> Iterator[None]:
    """Bind the ids of one piece of work: they reach every log line and every event written inside."""
    correlation = correlation or str(uuid7())
    tokens = correlation_id.set(correlation), causation_id.set(str(cause) if cause else None)
    try:
        with structlog.contextvars.bound_contextvars(correlation_id=correlation, **fields):
            yield
    finally:
        correlation_id.reset(tokens[0])
        causation_id.reset(tokens[1])


@dataclass(slots=True)
class _Export:
    """Where this process's spans go: nowhere until `export_traces` says so."""

    tracer: "Tracer | None" = None


_export = _Export()
_NO_SPAN: Final = nullcontext()


def export_traces(settings: Settings, service: str) -> "TracerProvider | None":
    """Send spans to a collector when `otlp_endpoint` is set; otherwise nothing is loaded and nothing is sent."""
    if not settings.otlp_endpoint:
        return None
    from shared.spans import exporting_provider

    provider = exporting_provider(settings.otlp_endpoint, f"portefeuille-{service}")
    _export.tracer = provider.get_tracer("portefeuille")
    return provider


def span(name: str, **attributes: str | int | None) -> AbstractContextManager[None]:
    """A span around a block of work, with the correlation id bound there; nothing where traces are not exported."""
    if _export.tracer is None:
        return _NO_SPAN
    from shared.spans import recorded

    return recorded(_export.tracer, name, _known({"correlation_id": correlation_id.get(), **attributes}))


def annotate(**attributes: str | int | None) -> None:
    """Add to the span that somebody else opened around this: the web framework."""
    if _export.tracer is not None:
        from shared.spans import annotate_current

        annotate_current(_known(attributes))


def _known(attributes: dict[str, str | int | None]) -> dict[str, str | int]:
    return {name: value for name, value in attributes.items() if value is not None}
