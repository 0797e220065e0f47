"""A load generator that costs little: raw HTTP/1.1 over kept connections, a bounded number of requests."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """How many requests were answered in how many seconds, and how many of them not with 2xx."""

    requests: int
    seconds: float
    failed: int

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: bench", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def answered(reader: asyncio.StreamReader) -> bool:
    """Read one answer; whether it was 2xx."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    await reader.readexactly(length)
    return head[9:10] == b"2"


async def load(port: int, make: Callable[[int], bytes], *, requests: int, connections: int = 16) -> Measured:
    """Send `requests` requests over `connections` loopback connections; `make(n)` gives the n-th one's bytes."""
    numbers = iter(range(requests))
    failed = 0

    async def work() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            writer.write(make(number))
            failed += not await answered(reader)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    return Measured(requests, time.perf_counter() - started, failed)
