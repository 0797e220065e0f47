"""One unit of work, as commands and queries see it: a session inside one transaction, who asks, and the instant."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.api.security import Principal


@dataclass(frozen=True, slots=True)
class Work:
    """`now` is the workspace's clock, read once at the door. Nobody who holds a Work commits."""

    session: AsyncSession
    principal: Principal
    now: datetime

    @property
    def workspace_id(self) -> UUID:
        return self.principal.workspace_id
