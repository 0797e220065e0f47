"""The data folder: what lies where, and that only one run at a time uses it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from services.local.errors import StartError
from services.local.lock import Lock

_PATIENCE_WITH_FORMER_RUN = 30.0


class DataFolder:
    """Everything of one installation. Nothing in it needs a place anywhere else."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.logs = self.path / "logs"
        self.imports = self.path / "imports"
        self.postgres = self.path / "postgres"
        self.nats = self.path / "nats"
        self.admin_token = self.path / "admin.token"
        self.run_record = self.path / "run.json"
        self._secret_key = self.path / "secret.key"

    def create(self) -> None:
        """Make the folders that are missing. Root leaves a new folder passable, for PostgreSQL's other user."""
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
        self.logs.mkdir(mode=0o750, exist_ok=True)
        self.imports.mkdir(mode=0o700, exist_ok=True)

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    @contextmanager
    def claim(self, wait: Callable[[float], None]) -> Iterator[Lock]:
        """Have the folder to ourselves. The lock that is yielded goes to every child.

        A living supervisor is a reason to refuse. Children of a killed one are waited for: they are ending already.
        """
        with Lock(self.path / "supervisor.lock") as supervisor, Lock(self.path / "processes.lock") as processes:
            if not supervisor.acquire():
                raise StartError(
                    f"Portefeuille is already running in {self.path}, as process {supervisor.holder()}. "
                    f"Stop it first (kill {supervisor.holder()}), or choose another --data-dir."
                )
            if not processes.acquire(_PATIENCE_WITH_FORMER_RUN, wait):
                raise StartError(
                    f"Processes of an earlier run are still working in {self.path}; {self.run_record} has their "
                    "numbers. Wait until they have ended, or end them, and start again."
                )
            yield processes

    def secret_key(self) -> str:
        """The key of this installation, made at the first start and kept."""
        if not self._secret_key.exists():
            write_privately(self._secret_key, os.urandom(32).hex() + "\n")
        return self._secret_key.read_text().strip()


def write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner reads. It is there completely or not at all, also after a crash."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
