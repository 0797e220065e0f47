"""Workbooks (XLSX, XLS, ODS), unpacked in a process of their own.

The library keeps the whole sheet as one grid: a file of five kilobytes with a single cell in the far corner makes it
ask for half a terabyte, and dies. So a child process with limited memory and time does it and hands the rows over.
That also keeps the worker's memory flat and its event loop free.
"""

import os
import pickle
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from services.api.imports.domain.rows import Rejected
from services.api.imports.mapping import Mapping
from services.api.imports.reader.table import ReadLimits, Record, RowStream, with_header
from services.api.imports.reader.unreadable import UnreadableFile

CHILD = "services.api.imports.reader.workbook_process"


def open_workbook(path: Path, *, mapping: Mapping, limits: ReadLimits) -> RowStream:
    _refuse_bomb(path, limits)
    process = _start(path, mapping.sheet, limits)

    def close() -> None:
        process.kill()
        process.wait()
        cast("IO[bytes]", process.stdout).close()

    try:
        messages = _messages(process)
        height = next(messages)
        headers, rows = with_header(_records(messages), header=mapping.header, limits=limits)
    except BaseException:
        close()
        raise
    return RowStream(headers, rows, height, close)


def _refuse_bomb(path: Path, limits: ReadLimits) -> None:
    """A file that admits its size is refused before a process is started for it."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError):
        raise UnreadableFile("broken_workbook") from None
    if unpacked > limits.workbook_bytes:
        raise UnreadableFile("workbook_too_large")


def _start(path: Path, sheet: str | int | None, limits: ReadLimits) -> "subprocess.Popen[bytes]":
    request = pickle.dumps((str(path), sheet, limits))
    process = subprocess.Popen(
        [sys.executable, "-m", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # What parses strangers' files needs none of our secrets, and Ctrl-C is for the worker, not for the file.
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
    )
    with cast("IO[bytes]", process.stdin) as stdin:
        stdin.write(request)
    return process


def _messages(process: "subprocess.Popen[bytes]") -> Iterator[Any]:
    """What the child says: the height of the sheet, then batches of rows, then None; or why it cannot be read."""
    stdout = cast("IO[bytes]", process.stdout)
    while True:
        try:
            message = pickle.load(stdout)  # noqa: S301  It comes from our own child.
        except (EOFError, pickle.UnpicklingError):
            raise _cause_of_death(process.wait()) from None
        if message is None:
            return
        if isinstance(message, UnreadableFile):
            raise message
        yield message


def _cause_of_death(return_code: int) -> Exception:
    """Its limits, an error of the library that no one foresaw, or somebody who stopped it: then try again."""
    if -return_code in {signal.SIGABRT, signal.SIGKILL, signal.SIGXCPU}:
        return UnreadableFile("workbook_too_large")
    if -return_code in {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE}:
        return ChildProcessError(f"the process that reads the workbook was stopped by signal {-return_code}")
    return UnreadableFile("broken_workbook")


def _records(batches: Iterator[Any]) -> Iterator[Record | Rejected]:
    line_number = 0
    for batch in batches:
        for cells in batch:
            line_number += 1
            yield line_number, cells
