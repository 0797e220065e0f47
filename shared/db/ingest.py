"""The raw path of hot statements: a pooled asyncpg connection that already stands in the right workspace.

`app.workspace_id` is set once per connection and workspace, not once per request: with one busy workspace a hot
request is a single round trip, and row-level security holds all the same.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakKeyDictionary

import asyncpg

_ENTER = "select set_config('app.workspace_id', $1, false)"
_entered: "WeakKeyDictionary[object, UUID]" = WeakKeyDictionary()


@asynccontextmanager
async def connection_in(pool: asyncpg.Pool, workspace_id: UUID) -> AsyncIterator[asyncpg.Connection]:
    """A connection bound to the workspace. Never mix it with sessions: it commits each statement by itself."""
    async with pool.acquire() as pooled:
        connection = pooled._con  # noqa: SLF001  The proxy is new at each acquire; the connection below it stays.
        if _entered.get(connection) != workspace_id:
            await pooled.execute(_ENTER, str(workspace_id))
            _entered[connection] = workspace_id
        yield pooled
