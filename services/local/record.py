"""`run.json`: what runs right now and where, for operators and tests. It exists only while a run does."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from services.local.folder import write_privately


class RunRecord:
    """`facts` stay the same for the whole run; the process numbers change."""

    def __init__(self, file: Path, facts: Mapping[str, object]) -> None:
        self._file = file
        self._facts = {"supervisor": os.getpid(), **facts}

    def write(self, processes: Mapping[str, int]) -> None:
        """Record these process numbers by name. A full disk must not end the run, so it costs only this record."""
        text = json.dumps({**self._facts, "processes": dict(processes)}, indent=2)
        with suppress(OSError):
            write_privately(self._file, text + "\n")

    def remove(self) -> None:
        self._file.unlink(missing_ok=True)
