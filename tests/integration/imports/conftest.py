"""The application and a worker that works off what was sent."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson
import pytest

from services.api.imports.jobs import claim
from services.api.imports.running import Pace, run_import
from services.api.imports.worker import LEASE, connected
from shared.settings import Settings
from tests.integration.api.conftest import app, app_client, client, new_key, owner, workspace

__all__ = ["app", "app_client", "client", "new_key", "owner", "workspace"]


@dataclass
class Importing:
    """Sends files and works them off. `database` sees everything."""

    client: httpx.AsyncClient
    database: asyncpg.Connection
    workspace_id: UUID
    url: str

    async def send(
        self, content: str | bytes, entity: str = "customers", name: str = "fichier.csv", /, *, dry_run: bool = False,
        **mapping: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """The import as received."""
        response = await self.client.post(
            "/v1/imports",
            files={"file": (name, content if isinstance(content, bytes) else content.encode())},
            data={"entity": entity, "mapping": orjson.dumps(mapping).decode(), "dry_run": str(dry_run).lower()},
        )
        assert response.status_code == 202, response.text
        found: dict[str, Any] = response.json()
        return found

    async def work_off(self, rows_at_once: int = 1000) -> None:
        """What a worker does until nothing waits."""
        async with connected(self.url) as connection:
            while (job := await claim(connection, LEASE)) is not None:
                await run_import(connection, job, Pace(rows_at_once))

    async def bring(
        self, content: str | bytes, entity: str = "customers", name: str = "fichier.csv", /, *,
        rows_at_once: int = 1000, dry_run: bool = False, **mapping: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Send a file, work it off, and see what became of it."""
        received = await self.send(content, entity, name, dry_run=dry_run, **mapping)
        await self.work_off(rows_at_once)
        return await self.look(received["id"])

    async def look(self, import_id: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.client.get(f"/v1/imports/{import_id}")).json()
        return found

    async def faults(self, import_id: str) -> list[tuple[int, str]]:
        """Line and code of each fault."""
        answer = (await self.client.get(f"/v1/imports/{import_id}/errors?limit=200")).json()
        return [(fault["line"], fault["code"]) for fault in answer["items"]]

    async def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the workspace ($1)."""
        return [tuple(row) for row in await self.database.fetch(statement, self.workspace_id, *values)]

    async def count(self, table: str) -> int:
        return int(
            await self.database.fetchval(f"select count(*) from {table} where workspace_id = $1", self.workspace_id)  # noqa: S608
        )


@pytest.fixture
def importing(client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, settings: Settings) -> Importing:
    return Importing(client, owner, workspace, settings.database_url)


def counts(found: dict[str, Any]) -> dict[str, int]:
    """The counts that are not zero."""
    names = ("created", "updated", "unchanged", "duplicate", "rejected", "customers_created")
    return {name: found[name] for name in names if found[name]}
