"""The story of `portefeuille up`: from an empty folder to a running product, and back."""

import sys
from collections.abc import Mapping
from pathlib import Path

from services.local.environment import API_HOST, DATABASE_URL, HEALTH_PORT, NATS_URL, for_children, read_environment
from services.local.errors import StartError, explain
from services.local.folder import DataFolder
from services.local.journal import Journal
from services.local.lock import Lock
from services.local.nats import NatsServer
from services.local.ports import LOOPBACK, FreePorts, require_free
from services.local.postgres import PostgresServer
from services.local.probes import http_is_ready
from services.local.process import Command
from services.local.programs import Errand, Product, Program, portefeuille
from services.local.record import RunRecord
from services.local.server import Server
from services.local.signals import Signals, StopRequested
from services.local.supervisor import Supervisor

_PATIENCE_WITH_FRONT = 120.0


def up(data_dir: Path, port: int, demo: bool) -> int:
    """Start everything, stay until told to stop, stop everything. Returns the exit code.

    Port 0 means any free one. To be called in the main thread.
    """
    folder = DataFolder(data_dir)
    return run(folder, port, portefeuille(folder.admin_token, demo=demo))


def run(folder: DataFolder, port: int, product: Product) -> int:
    """The same for any product. What prevents a start is told in a sentence, not in a traceback."""
    try:
        with Signals() as signals:
            folder.create()
            with folder.claim(signals.wait) as lock:
                _Run(signals, folder, lock, port, product).live()
    except StopRequested:
        return 0
    except StartError as reason:
        return _refuse(reason)
    except OSError as error:
        return _refuse(explain(error))
    return 0


def _refuse(reason: StartError) -> int:
    print(f"portefeuille: {reason}", file=sys.stderr)  # noqa: T201  This is the command's answer.
    return 1


class _Run:
    """One run in a folder that is ours. What can be checked is checked here, before anything is started."""

    def __init__(self, signals: Signals, folder: DataFolder, lock: Lock, port: int, product: Product) -> None:
        operators = read_environment(Path.cwd())
        ports = FreePorts()
        self._folder = folder
        self._lock = lock
        self._product = product
        self._host = operators.get(API_HOST, LOOPBACK)
        self._port = port or ports.take()
        require_free(self._host, self._port)
        self._servers = _own_servers(operators, folder, lock, ports)
        urls = {setting: server.url for setting, server in self._servers.items()}
        self._settings = for_children(operators, folder, self._port, urls)
        self._health_ports = {program.name: ports.take() for program in product.programs()}
        self._journal = Journal(folder.log("supervisor"))
        self._record = RunRecord(folder.run_record, self._facts())
        self._supervisor = Supervisor(signals, self._journal, self._record.write)

    def live(self) -> None:
        """From the first process to the last. Ends by StopRequested or StartError, and leaves nothing running."""
        try:
            self._start_servers()
            self._start_programs()
            self._greet()
            self._supervisor.serve(self._folder.logs)
        finally:
            self._supervisor.stop()
            for server in self._servers.values():
                server.tidy()
            self._record.remove()

    def _start_servers(self) -> None:
        for server in self._servers.values():
            server.create()
            self._supervisor.start({server.name: server.command})
            if server.remark:
                self._journal.announce(server.remark)
        for server in self._servers.values():
            self._supervisor.wait_until(server.is_ready, server.name)

    def _start_programs(self) -> None:
        for stage in self._product.stages:
            if isinstance(stage, Errand):
                self._supervisor.run(self._command(stage.program))
            else:
                commands = [self._command(program) for program in stage.programs]
                self._supervisor.start({command.name: command.again for command in commands})
        # A service that listens everywhere also listens here.
        host = LOOPBACK if self._host in ("0.0.0.0", "::") else self._host  # noqa: S104
        self._supervisor.wait_until(
            lambda: http_is_ready(host, self._port, self._product.ready_path), self._product.front, _PATIENCE_WITH_FRONT
        )

    def _greet(self) -> None:
        folder = self._folder
        self._journal.announce(
            f"Portefeuille is ready: http://{LOOPBACK}:{self._port} "
            f"(admin token: {folder.admin_token}; logs: {folder.logs}; stop with Ctrl-C)"
        )

    def _command(self, program: Program) -> Command:
        return Command(
            name=program.name,
            argv=(sys.executable, *program.arguments),
            environment={**self._settings, HEALTH_PORT: str(self._health_ports[program.name])},
            log=self._folder.log(program.name),
            grace=program.grace,
            inherited=(self._lock.descriptor,),
        )

    def _facts(self) -> Mapping[str, object]:
        return {
            "url": f"http://{LOOPBACK}:{self._port}",
            "api_port": self._port,
            "database_url": self._settings[DATABASE_URL],
            "nats_url": self._settings[NATS_URL],
            "health_ports": self._health_ports,
        }


def _own_servers(operators: Mapping[str, str], folder: DataFolder, lock: Lock, ports: FreePorts) -> dict[str, Server]:
    """The servers to start ourselves, under the setting that would have named another one. The first stops last."""
    servers: dict[str, Server] = {}
    if DATABASE_URL not in operators:
        servers[DATABASE_URL] = PostgresServer(folder.postgres, folder.log("postgres"), lock.descriptor)
    if NATS_URL not in operators:
        servers[NATS_URL] = NatsServer(folder.nats, folder.log("nats"), lock.descriptor, ports.take())
    return servers
