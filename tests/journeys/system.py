"""A running Portefeuille of a test's own: started by its command, looked at through its API, killed by its pids."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx
import psutil

T = TypeVar("T")
START_WITHIN = 90.0


class System:
    """`with System(folder) as system:` starts everything and leaves nothing behind."""

    def __init__(self, data_dir: Path, *, settings: Mapping[str, str] | None = None, demo: bool = False) -> None:
        self.data_dir = data_dir
        self._settings = dict(settings or {})
        self._demo = demo

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Run `portefeuille up` and wait until it says that it is ready."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTEFEUILLE_")}
        command = [sys.executable, "-m", "services.cli", "up", "--data-dir", str(self.data_dir), "--port", "0"]
        self._output = (self.data_dir.parent / f"{self.data_dir.name}.out").open("w")
        self.supervisor = subprocess.Popen(
            command + (["--demo"] if self._demo else []),
            env=environment | self._settings,
            stdout=self._output,
            stderr=self._output,
            start_new_session=True,
        )
        self.wait_until(self._is_ready, START_WITHIN, "the system to be ready")
        token = (self.data_dir / "admin.token").read_text().strip()
        self.api = httpx.Client(base_url=self.run["url"], headers={"Authorization": f"Bearer {token}"}, timeout=10)

    def _is_ready(self) -> bool:
        if self.supervisor.poll() is not None:
            raise AssertionError(f"`portefeuille up` ended:\n{self.output()}")
        try:
            return httpx.get(f"{self.run['url']}/health/ready", timeout=2).status_code == 200
        except (OSError, httpx.HTTPError, KeyError, ValueError):
            return False

    def output(self) -> str:
        return Path(self._output.name).read_text()

    @property
    def run(self) -> dict[str, Any]:
        """What DIR/run.json says: url, database_url, nats_url, processes by name."""
        found: dict[str, Any] = json.loads((self.data_dir / "run.json").read_text())
        return found

    def pid(self, name: str) -> int:
        return int(self.run["processes"][name])

    def kill(self, name: str) -> int:
        """Signal 9 to one process. Returns the pid it had."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_restarted(self, name: str, old_pid: int) -> None:
        self.wait_until(lambda: self.run["processes"].get(name, old_pid) != old_pid, 30, f"{name} to be started again")

    def processes(self) -> list[psutil.Process]:
        """The supervisor and everything below it."""
        top = psutil.Process(self.supervisor.pid)
        return [top, *top.children(recursive=True)]

    def stop(self) -> None:
        """SIGTERM, as an operator's Ctrl-C; fails if anything is left."""
        self.api.close()
        self._output.close()
        if self.supervisor.poll() is not None:
            return
        below = self.processes()
        self.supervisor.terminate()
        self.supervisor.wait(60)
        _, alive = psutil.wait_procs(below, timeout=10)
        for process in alive:
            process.kill()
        assert not alive, f"left behind: {alive}"

    @staticmethod
    def wait_until(condition: Callable[[], T], seconds: float, what: str) -> T:
        """The first true value of `condition`; fails when it does not come in time."""
        deadline = time.monotonic() + seconds
        while not (value := condition()):
            assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
            time.sleep(0.05)
        return value
