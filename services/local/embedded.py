"""The two servers without a supervisor, for tests and tools: `with EmbeddedPostgres(folder) as pg: connect(pg.url)`.

They die with the process that opened them, even if that one is killed. Open them in its main thread.
"""

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from services.local.errors import StartError
from services.local.lock import Lock
from services.local.logs import last_lines
from services.local.nats import NatsServer
from services.local.ports import FreePorts
from services.local.postgres import DISPOSABLE, PostgresServer
from services.local.process import Child
from services.local.server import Server

_PATIENCE_WITH_LOCK = 30.0
_PATIENCE_WITH_START = 60.0
_PATIENCE_WITH_ENDS = 3.0
_ASK_EVERY = 0.02


class Embedded:
    """A server whose files lie in `folder`, running from enter to exit. `kill` and `start` are for tests of crashes."""

    def __init__(self, folder: Path, name: str, make: Callable[[Path, Path, int], Server]) -> None:
        self._folder = folder.absolute()
        self._name = name
        self._make = make

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def remark(self) -> str | None:
        return self._server.remark

    @property
    def log(self) -> Path:
        return self._folder / f"{self._name}.log"

    def start(self) -> None:
        """Start the server (again) and wait until it is ready.

        One that ends at once is tried again for a while: right after a kill, processes of the former one may still be
        about to notice.
        """
        began = time.monotonic()
        self._child = Child(self._server.command())
        while not self._server.is_ready():
            waited = time.monotonic() - began
            ended = self._child.exit_status() is not None
            if waited > _PATIENCE_WITH_START or (ended and waited > _PATIENCE_WITH_ENDS):
                self._child.kill()
                raise StartError(f"{self._name} does not start:\n{last_lines(self.log, self._child.log_start)}")
            time.sleep(_ASK_EVERY)
            if ended:
                self._child = Child(self._server.command())

    def kill(self) -> None:
        """End the server the hard way, with all its processes."""
        self._child.kill()
        self._child.wait()

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = Lock(self._folder / f"{self._name}.lock")
        try:
            if not self._lock.acquire(_PATIENCE_WITH_LOCK):
                raise StartError(f"{self._folder} is in use by process {self._lock.holder()}.")
            self._server = self._make(self._folder / self._name, self.log, self._lock.descriptor)
            self._server.create()
            self.start()
        except BaseException:
            self._lock.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.stop()
        self._server.tidy()
        self._lock.close()


class EmbeddedPostgres(Embedded):
    """A PostgreSQL for tests. Unless `durable`, it is fast and would not survive a power cut (a kill it does)."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        settings = {} if durable else DISPOSABLE
        super().__init__(folder, "postgres", lambda home, log, lock: PostgresServer(home, log, lock, settings))


class EmbeddedNats(Embedded):
    """A NATS with JetStream for tests."""

    def __init__(self, folder: Path) -> None:
        port = FreePorts().take()
        super().__init__(folder, "nats", lambda home, log, lock: NatsServer(home, log, lock, port))
