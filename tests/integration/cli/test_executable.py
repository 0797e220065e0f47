"""The real executable, as people run it: a process of its own."""

import asyncio
import os
import sys
from pathlib import Path

from tests.integration.cli.command import Finished


async def execute(folder: Path, *arguments: str, **environment: str) -> Finished:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTEFEUILLE_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.cli", *arguments, cwd=folder, env={**inherited, **environment},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode is not None
    return Finished(process.returncode, out.decode(), err.decode())


async def test_help_names_every_command_but_those_that_only_the_product_calls(tmp_path: Path) -> None:
    done = await execute(tmp_path, "--help")

    assert (done.code, done.err) == (0, "")
    listed = done.out.partition("Commands:\n")[2].splitlines()
    assert {line.split()[0] for line in listed if line.strip() and not line.startswith(" " * 4)} == {
        "up", "migrate", "import", "recompute", "export", "demo", "token", "workspace", "dead-letters",
    }  # fmt: skip


async def test_a_database_that_does_not_answer_is_told_without_a_traceback(tmp_path: Path) -> None:
    addresses = {
        "PORTEFEUILLE_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "PORTEFEUILLE_NATS_URL": "nats://127.0.0.1:9",
    }

    done = await execute(tmp_path, "migrate", **addresses)

    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("portefeuille: The database refuses:")
    assert "Traceback" not in done.err
