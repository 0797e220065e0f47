"""Drives one supervisor from outside, as an operator would: start it, look at it, signal it, kill it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import psutil

ROOT = Path(__file__).parents[3]
PATIENCE = 20.0


def wait_for(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"in vain: waited for {what}"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Dead means gone or waiting to be buried by whoever is process 1 here."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


class Installation:
    """One data folder, and at most one supervisor at a time working in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes = folder.parent / "notes"
        self.notes.mkdir(parents=True, exist_ok=True)
        self.settings: dict[str, str] = {"NOTES": str(self.notes)}
        self.supervisor: subprocess.Popen[str] | None = None
        self.said = ""
        self._seen: set[int] = set()

    def launch(self, port: int = 0, product: str = "whole", **options: Any) -> subprocess.Popen[str]:
        """Start a supervisor without waiting for anything."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTEFEUILLE_")}
        return subprocess.Popen(
            (sys.executable, "-m", "tests.integration.local.supervise", str(self.folder), str(port), product),
            cwd=self.notes,
            env={**inherited, "PYTHONPATH": str(ROOT), **self.settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def start(self, port: int = 0, product: str = "whole", **options: Any) -> str:
        """Start and wait until it says that it is ready; return what it said."""
        self.supervisor = self.launch(port, product, **options)
        assert self.supervisor.stdout is not None
        self.said = self.supervisor.stdout.readline()
        if "is ready" not in self.said:
            raise AssertionError(self.said + "".join(self.supervisor.communicate()))
        for worker in {"segmenter", "scheduler"} & self.record()["processes"].keys():
            wait_for(partial(self._is_at_work, worker), f"{worker} to be at work")
        return self.said

    def _is_at_work(self, worker: str) -> bool:
        return (self.folder / "logs" / f"{worker}.log").exists() and "That is all." in self.log(worker)

    def refused(self, port: int = 0, product: str = "whole", **options: Any) -> str:
        """Start, expect it to give up with exit code 1 and no traceback, and return the reason it gave."""
        attempt = self.launch(port, product, **options)
        _, reason = attempt.communicate(timeout=PATIENCE)
        assert (attempt.returncode, "Traceback" in reason) == (1, False), reason
        return reason

    def record(self) -> dict[str, Any]:
        """What `run.json` says now."""
        found: dict[str, Any] = json.loads((self.folder / "run.json").read_text())
        self._seen |= set(found["processes"].values())
        return found

    def pid(self, name: str) -> int:
        return int(self.record()["processes"][name])

    def kill(self, name: str) -> int:
        """kill -9 one child, wait until another one has taken its place, and return that one's number."""
        old = self.pid(name)
        os.kill(old, signal.SIGKILL)
        wait_for(lambda: self.record()["processes"].get(name, old) != old, f"another {name}")
        return self.pid(name)

    def stop(self, with_signal: signal.Signals = signal.SIGTERM, times: int = 1) -> int:
        """Ask the supervisor to stop and return its exit code."""
        assert self.supervisor is not None
        self._see_children()
        for _ in range(times):
            self.supervisor.send_signal(with_signal)
        self.supervisor.communicate(timeout=PATIENCE)
        return self.supervisor.returncode

    def lose_supervisor(self) -> None:
        """kill -9 the supervisor."""
        assert self.supervisor is not None
        self._see_children()
        self.supervisor.kill()
        self.supervisor.communicate(timeout=PATIENCE)

    def survivors(self) -> set[int]:
        """Processes of this installation that were seen and still live."""
        return {pid for pid in self._seen if is_alive(pid)}

    def stops(self) -> list[str]:
        return (self.notes / "stops").read_text().splitlines()

    def log(self, name: str) -> str:
        return (self.folder / "logs" / f"{name}.log").read_text()

    def settings_of(self, name: str) -> dict[str, str]:
        """What a worker says it was given; empty until it has said so."""
        if not self._is_at_work(name):
            return {}
        return dict(line.split("=", 1) for line in self.log(name).splitlines() if "=" in line)

    async def query(self, statement: str) -> Any:
        """The first value of the first row, asked over a new connection."""
        async with asyncpg.create_pool(self.record()["database_url"], min_size=1, max_size=1) as pool:
            return await pool.fetchval(statement)

    async def remember(self, word: str) -> None:
        """Commit a word to the database, the only one there."""
        async with asyncpg.create_pool(self.record()["database_url"], min_size=1, max_size=1) as pool:
            await pool.execute("CREATE TABLE IF NOT EXISTS memory (word text); TRUNCATE memory")
            await pool.execute("INSERT INTO memory VALUES ($1)", word)

    async def remembered(self) -> Any:
        return await self.query("SELECT word FROM memory")

    def _see_children(self) -> None:
        assert self.supervisor is not None
        children = psutil.Process(self.supervisor.pid).children(recursive=True)
        self._seen |= {child.pid for child in children}

    def clean_up(self) -> None:
        """End what still runs."""
        if self.supervisor is not None and self.supervisor.poll() is None:
            self.stop()
