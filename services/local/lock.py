"""A lock on a folder that lives exactly as long as the processes that hold it, however they end."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

_RETRY_EVERY = 0.05


class Lock:
    """An flock. Hand `descriptor` on to children to keep it held until the last of them has ended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def acquire(self, patience: float = 0.0, wait: Callable[[float], None] = time.sleep) -> bool:
        """Try for `patience` seconds, passing the time with `wait`. On success the file names this process."""
        deadline = time.monotonic() + patience
        while not self._try():
            if time.monotonic() >= deadline:
                return False
            wait(_RETRY_EVERY)
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, f"{os.getpid()}\n".encode(), 0)
        return True

    def holder(self) -> str:
        """The process number the holder wrote, empty if it has not yet."""
        return os.pread(self.descriptor, 32, 0).decode(errors="replace").strip()

    def close(self) -> None:
        """Give our share back. Children that inherited the lock keep it."""
        os.close(self.descriptor)

    def _try(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
