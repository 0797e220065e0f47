"""A process that is there, keeps its connections open, and does nothing."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def frozen(process: int) -> Iterator[None]:
    """Frozen inside, and well again afterwards."""
    os.kill(process, signal.SIGSTOP)
    try:
        deadline = time.monotonic() + 5
        while not _stands_still(process):  # The signal is sent, but a thread may still answer for a moment.
            assert time.monotonic() < deadline
            time.sleep(0.005)
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def _stands_still(process: int) -> bool:
    threads = Path(f"/proc/{process}/task").glob("*/stat")
    return all(thread.read_text().rpartition(")")[2].split()[0] == "T" for thread in threads)
