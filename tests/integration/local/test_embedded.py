"""The servers as a test suite uses them: in a with statement, synchronously, and gone with the suite."""

import subprocess
import sys
from pathlib import Path

import asyncpg
import nats
import pytest

from services.local.embedded import EmbeddedNats, EmbeddedPostgres
from services.local.errors import StartError
from tests.integration.local.installation import ROOT, Installation, is_alive, wait_for


async def test_postgresql_is_there_inside_the_with_and_its_data_afterwards(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path) as postgres:
        connection = await asyncpg.connect(postgres.url)
        await connection.execute("CREATE TABLE customer AS SELECT 'Martin' AS name")
        await connection.close()
        pid = postgres.pid
    assert not is_alive(pid)

    with EmbeddedPostgres(tmp_path) as postgres:
        connection = await asyncpg.connect(postgres.url)
        assert await connection.fetchval("SELECT name FROM customer") == "Martin"
        await connection.close()


async def test_nats_is_there_inside_the_with_and_keeps_its_port_when_started_again(tmp_path: Path) -> None:
    with EmbeddedNats(tmp_path) as broker:
        url = broker.url
        broker.kill()
        broker.start()
        assert broker.url == url
        connection = await nats.connect(url)
        assert (await connection.jetstream().account_info()).streams == 0
        await connection.close()
        pid = broker.pid
    assert not is_alive(pid)


def test_a_folder_holds_one_server_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.local.embedded._PATIENCE_WITH_LOCK", 0.1)
    with EmbeddedNats(tmp_path), pytest.raises(StartError, match="is in use by process"):
        EmbeddedNats(tmp_path).__enter__()


def test_both_servers_die_with_a_killed_test_suite(installation: Installation) -> None:
    suite = subprocess.Popen(
        (sys.executable, "-c", SUITE, installation.folder),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    assert suite.stdout is not None
    servers = [int(pid) for pid in suite.stdout.readline().split()]
    assert [is_alive(pid) for pid in servers] == [True, True]

    suite.kill()
    suite.communicate()

    wait_for(lambda: not any(is_alive(pid) for pid in servers), "both servers to end")


SUITE = """
import sys
from pathlib import Path
from services.local.embedded import EmbeddedNats, EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])) as postgres, EmbeddedNats(Path(sys.argv[1])) as broker:
    print(postgres.pid, broker.pid, flush=True)
    sys.stdin.read()
"""
