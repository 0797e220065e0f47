"""Workspaces and keys from the command line, and how commands fail."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from services.api.security import hash_key
from tests.integration.cli.command import CommandLine

BY_KEY = "select k.*, w.name as workspace from api_key k join workspace w on w.id = k.workspace_id where key_hash = $1"


async def test_a_sandbox_is_opened_with_its_zone_its_currency_and_the_key_of_its_admin(
    run: CommandLine, owner: asyncpg.Connection
) -> None:
    done = await run("workspace", "create", "Essai", "--sandbox", "--timezone", "Pacific/Auckland", "--currency", "NZD")

    assert done.code == 0
    key = await owner.fetchrow(BY_KEY, hash_key(done.out.strip()))
    assert (key["workspace"], key["role"]) == ("Essai", "admin")
    row = await owner.fetchrow("select timezone, currency, sandbox from workspace")
    assert tuple(row) == ("Pacific/Auckland", "NZD", True)


async def test_a_taken_name_and_an_unknown_zone_are_refused_in_a_sentence(
    run: CommandLine, owner: asyncpg.Connection
) -> None:
    await run("workspace", "create", "Acme")

    taken = await run("workspace", "create", "Acme", "--json")
    lost = await run("workspace", "create", "Other", "--timezone", "Mars/Olympus")

    assert (taken.code, lost.code) == (1, 1)
    assert json.loads(taken.err) == {"error": "There is a workspace 'Acme' already."}
    assert lost.err == "portefeuille: 'Mars/Olympus' is no IANA time zone, such as Europe/Paris.\n"
    assert await owner.fetchval("select count(*) from workspace") == 1


async def test_a_key_is_made_for_a_role_and_may_expire(run: CommandLine, owner: asyncpg.Connection) -> None:
    await run("workspace", "create", "Acme")

    done = await run(
        "token", "create", "--workspace", "Acme", "--role", "readonly", "--name", "BI", "--days", "7", "--json"
    )

    assert done.json["workspace"] == "Acme"
    key = await owner.fetchrow(BY_KEY, hash_key(done.json["key"]))
    assert (key["role"], key["name"], key["prefix"]) == ("readonly", "BI", done.json["key"][:9])
    assert timedelta(days=6) < key["expires_at"] - datetime.now(UTC) <= timedelta(days=7)


async def test_the_key_of_a_rep_names_its_person(run: CommandLine, owner: asyncpg.Connection) -> None:
    await run("workspace", "create", "Acme")
    await owner.execute(
        "insert into user_account (workspace_id, email, name, role)"
        " select id, 'Ines@example.com', 'Inès', 'rep' from workspace"
    )

    nobodys = await run("token", "create", "--workspace", "Acme", "--role", "rep")
    hers = await run("token", "create", "--workspace", "Acme", "--role", "rep", "--user", "ines@EXAMPLE.com")

    assert nobodys.code == 1
    assert "--user" in nobodys.err
    key = await owner.fetchrow(BY_KEY, hash_key(hers.out.strip()))
    assert key["user_id"] == await owner.fetchval("select id from user_account")


async def test_a_command_needs_to_know_which_installation_is_meant(run: CommandLine, tmp_path: Path) -> None:
    nothing = await run("token", "create", "--data-dir", str(tmp_path / "empty"))
    unset = await run("migrate", PORTEFEUILLE_DATABASE_URL="")
    wrong = await run("token", "create", "--frobnicate")

    assert (nothing.code, nothing.err.partition(".")[0]) == (1, f"portefeuille: Nothing runs in {tmp_path}/empty")
    assert unset.code == 1
    assert "Traceback" not in unset.err
    assert wrong.code == 2


async def test_migrate_can_be_repeated(run: CommandLine) -> None:
    assert (await run("migrate", "--json")).json == {"status": "newest"}
