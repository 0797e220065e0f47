"""How a process connects: SQLAlchemy for almost everything, a raw asyncpg pool for the hot paths."""

import asyncio
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

CLOSE_WITHIN = 3.0
API_ROLE = "portefeuille_api"
"""The role without rights of its own under which the api works: row-level security applies to it."""


def create_engine(url: str, *, application: str, role: str | None = None, pool_size: int = 5) -> AsyncEngine:
    """An engine for `postgresql+asyncpg://…`; `role` is assumed at connect. Nothing connects before first use."""
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        pool_recycle=1800,
        json_serializer=dump_json,
        json_deserializer=orjson.loads,
        hide_parameters=True,  # An error's traceback is logged, and must not quote somebody's record.
        connect_args={"server_settings": _server_settings(application, role), "timeout": 5},
    )


async def create_pool(url: str, *, application: str, role: str | None = None, max_size: int = 6) -> asyncpg.Pool:
    """A raw pool for statements where SQLAlchemy's price shows. It opens connections as they are needed.

    Connections are not reset on release: the only session state we set is `app.workspace_id`, and
    `shared.db.ingest` sets it before each use by another workspace.
    """
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=max_size,
        timeout=5,
        command_timeout=60,
        server_settings=_server_settings(application, role),
        init=_json_as_python,
        reset=_keep_state,
        max_inactive_connection_lifetime=60,
    )


async def let_go(engine: AsyncEngine, pool: asyncpg.Pool | None = None) -> None:
    """Close every connection. A database that no longer answers cannot hold up the end of the process."""
    if pool is not None:
        try:
            await asyncio.wait_for(pool.close(), CLOSE_WITHIN)
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            pool.terminate()
    with suppress(TimeoutError):
        await asyncio.wait_for(engine.dispose(), CLOSE_WITHIN)


def dump_json(value: object) -> str:
    return orjson.dumps(value, default=str).decode()


def describe(url: str) -> str:
    """Where a database is, without its password: fit for logs and error messages."""
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query).get("host", ["local socket"])[0]
    return f"{host}{parts.path}"


def _server_settings(application: str, role: str | None) -> dict[str, str]:
    settings = {"application_name": application, "timezone": "UTC", "jit": "off"}
    return settings | ({"role": role} if role else {})


async def _json_as_python(connection: asyncpg.Connection) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, encoder=dump_json, decoder=orjson.loads, schema="pg_catalog")


async def _keep_state(_: Any) -> None:
    """Replaces asyncpg's `RESET ALL` round trip."""
