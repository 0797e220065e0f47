"""Who is calling: bearer credentials, remembered while the database would tell us of any change."""

import asyncio
import hashlib
import time
from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import UUID

import asyncpg

from shared.errors import Forbidden, PortefeuilleError
from shared.logging import get_logger

Role = Literal["admin", "manager", "rep", "readonly"]
RANK: Final[dict[str, int]] = {"readonly": 0, "rep": 1, "manager": 2, "admin": 3}
REMEMBER_SECONDS = 30.0
_AUTHENTICATE = "select * from authenticate($1)"


class Unauthorized(PortefeuilleError):
    """No credential, or one that is unknown, expired or revoked: the answer is the same on purpose."""

    code = "unauthorized"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts. `scopes` narrow a key further; none means everything that its role may do."""

    workspace_id: UUID
    key_id: UUID
    role: str
    user_id: UUID | None = None
    team_id: UUID | None = None
    language: str = "fr"
    scopes: frozenset[str] = field(default_factory=frozenset)

    @property
    def sees_everything(self) -> bool:
        return self.role in {"admin", "readonly"}

    def require(self, resource: str, *, write: bool, role: str = "rep") -> None:
        """Raise Forbidden unless role and scopes allow it. Reading needs no rank."""
        if write and RANK[self.role] < RANK[role]:
            raise Forbidden(f"The role {self.role} may not do this.")
        wanted = "write" if write else "read"
        if self.scopes and not self.scopes & {wanted, f"{resource}:{wanted}", *(("write",) if not write else ())}:
            raise Forbidden(f"This key lacks the scope {resource}:{wanted}.")


def hash_key(key: str) -> bytes:
    """Keys are 256 random bits: a plain hash cannot be searched, and costs nothing per request."""
    return hashlib.sha256(key.encode()).digest()


class Keyring:
    """Authenticates, and remembers whom it saw while it is told at once of every change (LISTEN credentials).

    Without that connection nothing is remembered: a revoked key stops working at once in either case.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._known: dict[bytes, tuple[float, Principal]] = {}
        self._listening = False
        self._changes = 0

    async def authenticate(self, authorization: str | None) -> Principal:
        """Raises Unauthorized. `authorization` is the header's value."""
        scheme, _, key = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise Unauthorized("Send the header Authorization: Bearer KEY.")
        digest = hash_key(key.strip())
        remembered = self._known.get(digest)
        if remembered is not None and remembered[0] > time.monotonic():
            return remembered[1]
        return await self._look_up(digest)

    async def _look_up(self, digest: bytes) -> Principal:
        changes = self._changes
        row = await self._pool.fetchrow(_AUTHENTICATE, digest)
        if row is None:
            raise Unauthorized("The key is unknown, expired or revoked.")
        principal = Principal(
            workspace_id=row["workspace_id"],
            key_id=row["key_id"],
            role=row["role"],
            user_id=row["user_id"],
            team_id=row["team_id"],
            language=row["language"],
            scopes=frozenset(row["scopes"]),
        )
        if self._listening and changes == self._changes and row["expires_at"] is None:
            self._known[digest] = time.monotonic() + REMEMBER_SECONDS, principal
        return principal

    def forget(self, *_: object) -> None:
        """Also whoever is being looked up at this moment: that answer may be older than the change."""
        self._changes += 1
        self._known.clear()

    async def listen(self) -> None:
        """Keep a connection that hears of changed credentials, for ever."""
        while True:
            try:
                async with self._pool.acquire() as connection:
                    await self._hear(connection)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                get_logger().warning("keyring.deaf", error=repr(error))
            await asyncio.sleep(0.5)

    async def _hear(self, connection: asyncpg.Connection) -> None:
        try:
            await connection.add_listener("credentials", self.forget)
            self.forget()
            self._listening = True
            while not connection.is_closed():
                await connection.fetchval("select 1", timeout=5)
                await asyncio.sleep(2)
        finally:
            self._listening = False
            self.forget()
            if not connection.is_closed():
                await connection.remove_listener("credentials", self.forget)
