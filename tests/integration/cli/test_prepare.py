"""Getting ready for a start."""

import stat
from pathlib import Path

import asyncpg

from services.api.security import hash_key
from tests.integration.cli.command import CommandLine

KEYS = "select key_hash from api_key where role = 'admin' and revoked_at is null order by created_at"


async def test_a_first_start_opens_a_workspace_and_writes_its_key_for_its_owner_only(
    run: CommandLine, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    file = tmp_path / "admin.token"

    done = await run("prepare", "--token-file", str(file), "--demo")

    assert (done.code, done.err) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    row = await owner.fetchrow("select name, timezone, currency, sandbox from workspace")
    assert tuple(row) == ("demo", "Europe/Paris", "EUR", False)
    key = file.read_text().strip()
    assert key.startswith("pk_")
    assert len(key) == 46
    assert [row["key_hash"] for row in await owner.fetch(KEYS)] == [hash_key(key)]


async def test_a_second_start_changes_nothing(run: CommandLine, owner: asyncpg.Connection, tmp_path: Path) -> None:
    file = tmp_path / "admin.token"
    await run("prepare", "--token-file", str(file))
    key = file.read_text()

    again = await run("prepare", "--token-file", str(file))

    assert again.code == 0
    assert file.read_text() == key
    assert await owner.fetchval("select count(*) from api_key") == 1
    assert await owner.fetchval("select count(*) from workspace") == 1


async def test_a_lost_or_useless_key_file_gets_a_new_key(
    run: CommandLine, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    file = tmp_path / "admin.token"
    await run("prepare", "--token-file", str(file))
    file.unlink()
    await run("prepare", "--token-file", str(file))
    file.write_text("pk_of_another_database")

    done = await run("prepare", "--token-file", str(file))

    assert done.code == 0
    digests = [row["key_hash"] for row in await owner.fetch(KEYS)]
    assert len(digests) == 3
    assert hash_key(file.read_text().strip()) == digests[-1]
    assert await owner.fetchval("select count(*) from workspace") == 1
