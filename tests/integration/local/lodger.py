"""Runs PostgreSQL in one folder and tells where it lives: `python -m tests.integration.local.lodger FOLDER REFUGE`."""

import asyncio
import json
import sys
from pathlib import Path

import asyncpg

from services.local import refuge
from services.local.embedded import EmbeddedPostgres
from services.local.errors import StartError


async def count_visits(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE TABLE IF NOT EXISTS visit (at timestamptz)")
        await connection.execute("INSERT INTO visit VALUES (now())")
        return int(await connection.fetchval("SELECT count(*) FROM visit"))
    finally:
        await connection.close()


def main(folder: Path) -> None:
    with EmbeddedPostgres(folder) as postgres:
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{postgres.pid}/status").read_text().splitlines())
        facts = {
            "visits": asyncio.run(count_visits(postgres.url)),
            "uid": int(status["Uid"].split()[0]),
            "capabilities": int(status["CapEff"], 16),
            "program": str(Path(f"/proc/{postgres.pid}/exe").readlink()),
            "cluster": str(Path(f"/proc/{postgres.pid}/cwd").readlink()),
            "remark": postgres.remark,
        }
    print(json.dumps(facts))


if __name__ == "__main__":
    refuge.PARENTS = (Path(sys.argv[2]),)
    try:
        main(Path(sys.argv[1]))
    except StartError as reason:
        sys.exit(str(reason))
