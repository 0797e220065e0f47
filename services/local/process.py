"""One child process: how it is born, how it is asked to leave, and that it never outlives its parent."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.local.linux import die_with_parent
from services.local.logs import open_log
from services.local.privileges import Identity


@dataclass(frozen=True)
class Command:
    """Everything needed to start one process. `grace` is in seconds; `inherited` are descriptors it keeps open."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 15.0
    identity: Identity | None = None
    directory: str | None = None
    inherited: tuple[int, ...] = ()

    def again(self) -> "Command":
        """How to start it again: just like this."""
        return self


class Child:
    """One running process, leader of a session of its own so that Ctrl-C reaches the parent alone.

    Create it in the thread that lives longest: the kernel takes the death of that thread for the death of the parent.
    """

    def __init__(self, command: Command) -> None:
        self.command = command
        log = open_log(command.log)
        try:
            self.log_start = os.fstat(log).st_size
            self._process = subprocess.Popen(
                command.argv,
                env=dict(command.environment),
                cwd=command.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=command.inherited,
                # Safe, for there is one thread.
                preexec_fn=birth(command.stop_signal, command.identity),  # noqa: PLW1509
            )
        finally:
            os.close(log)

    @property
    def pid(self) -> int:
        return self._process.pid

    def exit_status(self) -> int | None:
        """The exit code, minus the signal number if a signal ended it, or None while it runs."""
        return self._process.poll()

    def ask_to_stop(self) -> None:
        self._process.send_signal(self.command.stop_signal)

    def kill(self) -> None:
        """End the process and whatever it started in its session. Harmless if it has already ended."""
        if self.exit_status() is None:
            os.killpg(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask, wait for the grace, then kill. Blocks; for callers without a supervisor."""
        self.ask_to_stop()
        try:
            self._process.wait(self.command.grace)
        except subprocess.TimeoutExpired:
            self.kill()
            self.wait()

    def wait(self) -> int:
        """Wait, for as long as it takes, until it has ended."""
        return self._process.wait()


def birth(death_signal: signal.Signals, identity: Identity | None) -> Callable[[], None]:
    """What a child does between fork and exec: clean signals, its own user, and death with its parent."""
    parent = os.getpid()

    def before_exec() -> None:
        # The supervisor blocks signals to wait for them, and a shell may have started it with SIGINT ignored.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        if identity is not None:
            identity.assume()
        die_with_parent(death_signal, parent)

    return before_exec


def describe_exit(status: int) -> str:
    """Say how a process ended, for people."""
    return f"exit code {status}" if status >= 0 else f"signal {-status} ({signal.strsignal(-status)})"
