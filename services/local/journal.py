"""What the supervisor tells: the operator at the terminal, and its own log."""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from services.local.logs import open_log


class Journal:
    """Neither a full disk nor a closed terminal may end the run: what cannot be written is lost."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def announce(self, text: str) -> None:
        """For whoever started the run: on standard output, and in the log."""
        self._tell(text, sys.stdout)

    def warn(self, text: str) -> None:
        """Something the operator may want to look into: on standard error, and in the log."""
        self._tell(text, sys.stderr)

    def _tell(self, text: str, stream: TextIO) -> None:
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        with suppress(OSError):
            log = open_log(self._log)
            try:
                os.write(log, f"{moment} {text}\n".encode())
            finally:
                os.close(log)
        with suppress(OSError):
            print(text, file=stream, flush=True)
