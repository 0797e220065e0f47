"""An import as a worker holds it: for a limited time, which it prolongs while it works.

Every write of a worker names its lease. One that was paused for too long finds that it has lost it, and what it was
about to write is undone: two workers can be at the same import, but only one of them gets anywhere.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from services.api.imports.domain.headers import Entity
from shared.db.sql import load_sql
from shared.domain.calendar import zone_named
from shared.domain.ids import uuid7

PACKAGE: Final = "services.api.imports"
_RENEW: Final = """
update import set lease_until = now() + $4
 where workspace_id = $1 and id = $2 and lease_token = $3 and status in ('parsing', 'merging')
returning true
"""
_RELEASE: Final = """
update import
   set lease_token = null, lease_until = now() + $4, attempts = case when $5 then attempts else 0 end
 where workspace_id = $1 and id = $2 and lease_token = $3
"""


class LeaseLost(Exception):
    """Another worker has the import, or it was cancelled: stop, and leave it alone."""


@dataclass(slots=True)
class Job:
    """What a worker knows of the import it holds, and of the workspace it belongs to."""

    workspace_id: UUID
    id: UUID
    token: UUID
    entity: Entity
    filename: str
    mapping: Mapping[str, Any]
    dry_run: bool
    merging: bool
    staged_through: int
    merged_through: int
    attempts: int
    columns: Mapping[str, str | None]
    correlation_id: str | None
    zone: ZoneInfo
    currency: str
    language: str

    @property
    def held(self) -> tuple[UUID, UUID, UUID]:
        """The first three parameters of every statement that writes under the lease."""
        return self.workspace_id, self.id, self.token


async def claim(connection: asyncpg.Connection, lease: timedelta) -> Job | None:
    """The oldest import that nobody works on, if there is one."""
    token = uuid7()
    row = await connection.fetchrow(load_sql(PACKAGE, "sql/claim"), token, lease)
    if row is None:
        return None
    return Job(
        workspace_id=row["workspace_id"],
        id=row["id"],
        token=token,
        entity=row["entity"],
        filename=row["filename"],
        mapping=json.loads(row["mapping"]),
        dry_run=row["dry_run"],
        merging=row["status"] == "merging",
        staged_through=row["staged_through"],
        merged_through=row["merged_through"],
        attempts=row["attempts"],
        columns=json.loads(row["columns"]),
        correlation_id=row["correlation_id"],
        zone=zone_named(row["timezone"]),
        currency=row["currency"],
        language=row["language"],
    )


async def renew(connection: asyncpg.Connection, job: Job, lease: timedelta) -> None:
    """Hold the import longer. Raises LeaseLost."""
    held(await connection.fetchval(_RENEW, *job.held, lease))


async def release(connection: asyncpg.Connection, job: Job, *, wait: timedelta, failed: bool) -> None:
    """Let another worker have it, after a while. A try that did not fail is not counted."""
    await connection.execute(_RELEASE, *job.held, wait, failed)


async def finish(
    connection: asyncpg.Connection, job: Job, status: str, now: datetime, error: Mapping[str, Any] | None = None
) -> None:
    """End it. Raises LeaseLost."""
    body = None if error is None else json.dumps(error, ensure_ascii=False)
    held(await connection.fetchval(load_sql(PACKAGE, "sql/finish"), *job.held, status, body, now))


def held(answer: object) -> None:
    """Raises LeaseLost unless the statement found the lease."""
    if not answer:
        raise LeaseLost
