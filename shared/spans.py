"""Spans on their way to a collector. Loaded only where traces are exported, because OpenTelemetry costs memory."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import StatusCode, Tracer, get_current_span

# An address in a query and the token of an unsubscribe link say who somebody is; `http.route` says what was asked.
PERSONAL: Final = frozenset(
    {"url.path", "url.query", "url.full", "http.url", "http.target", "client.address", "user_agent.original"}
)
REDACTED: Final = "REDACTED"

Value = str | int


class _Discreet(SpanProcessor):
    """Overwrites what could name a person as soon as a span begins: the framework writes it there."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002 - the SDK's.
        for name in PERSONAL.intersection(span.attributes or ()):
            span.set_attribute(name, REDACTED)


def exporting_provider(endpoint: str, service: str) -> TracerProvider:
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(_Discreet())
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    return provider


@contextmanager
def recorded(tracer: Tracer, name: str, attributes: Mapping[str, Value]) -> Iterator[None]:
    """A span around a block. Of an error it keeps the type only: the message may quote a row."""
    with tracer.start_as_current_span(
        name, attributes=dict(attributes), record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield
        except Exception as error:
            span.set_attribute("error.type", type(error).__qualname__)
            span.set_status(StatusCode.ERROR)
            raise


def annotate_current(attributes: Mapping[str, Value]) -> None:
    get_current_span().set_attributes(dict(attributes))
