"""Runs a command from its arguments to its exit code in this process, which spares a second of imports each time."""

import asyncio
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from services.cli.__main__ import main
from shared.settings import Settings


@dataclass(frozen=True)
class Finished:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class CommandLine:
    """A folder to work in, and the environment of one installation."""

    folder: Path
    environment: dict[str, str]

    async def __call__(self, *arguments: str, **environment: str) -> Finished:
        """`await run("token", "create")`. In a thread of its own, since commands bring their own event loop."""
        return await asyncio.to_thread(self.run, *arguments, **environment)

    def run(self, *arguments: str, **environment: str) -> Finished:
        """What the executable would say and answer. A bug of ours is raised, traceback and all."""
        out, err = StringIO(), StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.chdir(self.folder)
            patch.setattr(sys, "argv", ["portefeuille", *arguments])
            for name, value in {**self.environment, **environment}.items():
                patch.setenv(name, value)
            return Finished(_exit_code_of_main(), out.getvalue(), err.getvalue())


def _exit_code_of_main() -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def environment_of(settings: Settings) -> dict[str, str]:
    return {"PORTEFEUILLE_DATABASE_URL": settings.database_url, "PORTEFEUILLE_NATS_URL": settings.nats_url}
