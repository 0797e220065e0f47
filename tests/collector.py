"""A collector of OpenTelemetry spans on loopback, which keeps what processes under test export to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from shared import telemetry
from shared.settings import Settings


class Collector:
    """`wire` is all that arrived, as bytes: what is not in there was not exported in any form."""

    def __init__(self, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}/v1/traces"
        self.spans: list[Span] = []
        self.wire = b""

    def take(self, body: bytes) -> None:
        self.wire += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                self.spans.extend(scope.spans)

    def attributes(self, name: str) -> list[dict[str, str | int]]:
        """Of every span of this name."""
        return [
            {each.key: each.value.string_value or each.value.int_value for each in span.attributes}
            for span in self.spans
            if span.name == name
        ]


@contextmanager
def running_collector() -> Iterator[Collector]:
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.take(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    collector = Collector(server.server_port)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def exporting(service: str) -> Iterator[Collector]:
    """This process as a worker that exports; everything has arrived at the end of the block."""
    with running_collector() as collector:
        settings = Settings(
            database_url="postgresql://x/x", nats_url="nats://x", otlp_endpoint=collector.endpoint, _env_file=None
        )
        provider = telemetry.export_traces(settings, service)
        assert provider is not None
        try:
            yield collector
        finally:
            provider.shutdown()
            telemetry._export.tracer = None
