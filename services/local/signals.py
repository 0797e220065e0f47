"""Signals as something to wait for, instead of something that interrupts: no handler can run at a bad moment."""

import signal
from types import TracebackType
from typing import Self


class StopRequested(Exception):
    """The operator (Ctrl-C), the system (SIGTERM) or a closed terminal (SIGHUP) wants the run to end."""


class Signals:
    """While open, stop signals and the ends of children wait until they are asked for. For the main thread."""

    def __init__(self) -> None:
        self._stop = {signal.SIGTERM, signal.SIGINT}
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # Ignored means started with nohup.
            self._stop.add(signal.SIGHUP)
        self._watched = self._stop | {signal.SIGCHLD}

    def wait(self, seconds: float) -> None:
        """Sleep, at most until a child ends. Raises StopRequested as soon as a stop signal is there."""
        if self._next(seconds) in self._stop:
            raise StopRequested

    def wait_undisturbed(self, seconds: float) -> None:
        """The same while stopping, when further stop signals say nothing new."""
        self._next(seconds)

    def _next(self, seconds: float) -> int | None:
        received = signal.sigtimedwait(self._watched, max(seconds, 0.0))
        return received.si_signo if received else None

    def __enter__(self) -> Self:
        # Some parents have their children ignore SIGCHLD; then nobody would learn how a child ended.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._before = signal.pthread_sigmask(signal.SIG_BLOCK, self._watched)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What is still pending was meant for this run, which is over.
        while signal.sigtimedwait(self._stop, 0):
            pass
        signal.pthread_sigmask(signal.SIG_SETMASK, self._before)
