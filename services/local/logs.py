"""Log files: children append to them directly, the supervisor moves full ones aside.

There is deliberately no pipe between a child and its log. A child therefore never waits for the supervisor (not even
for one stopped with Ctrl-Z), and can still write its last words after the supervisor has died.
"""

import os
from pathlib import Path

SIZE_LIMIT = 10 * 1024 * 1024
KEPT_FILES = 5

_COPY_CHUNK = 1 << 30


def open_log(path: Path) -> int:
    """A descriptor that always appends, which is what makes cutting the file under a running writer safe."""
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)


def rotate(path: Path, limit: int = SIZE_LIMIT, kept: int = KEPT_FILES) -> bool:
    """Move the content of a full log to `path.1`, older ones to `.2` and so on; return whether it was full.

    The file is copied and then cut because its writer keeps it open. What is written during the copy is copied too;
    only a line written in the few microseconds before the cut can be lost. A full disk changes nothing.
    """
    if not path.exists() or path.stat().st_size < limit:
        return False
    copy = path.with_name(f"{path.name}.new")
    reader = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    writer = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
    try:
        _copy_rest(reader, writer)
        _shift(path, kept)
        copy.rename(path.with_name(f"{path.name}.1"))
        _copy_rest(reader, writer)
        os.ftruncate(reader, 0)
    finally:
        os.close(reader)
        os.close(writer)
        copy.unlink(missing_ok=True)
    return True


def _copy_rest(reader: int, writer: int) -> None:
    while os.sendfile(writer, reader, None, _COPY_CHUNK):
        pass


def _shift(path: Path, kept: int) -> None:
    for number in range(kept - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))


def last_lines(path: Path, start: int = 0, count: int = 15) -> str:
    """The last lines written after byte `start`, indented, to show why a process ended."""
    with path.open("rb") as log:
        size = log.seek(0, os.SEEK_END)
        log.seek(max(min(start, size), size - 8192))
        lines = log.read().decode(errors="replace").splitlines()
    return "\n".join(f"  {line}" for line in lines[-count:])
