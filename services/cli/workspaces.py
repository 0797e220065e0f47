"""Workspaces and the keys to them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.api.credentials import new_credential
from services.cli.answers import CommandFailed
from services.cli.database import sessions_of, workspace_named
from services.segmenter.builtin import create_builtin_segments
from shared.db.session import transaction
from shared.models import ApiKey, UserAccount, Workspace
from shared.settings import Settings

ROLES = ("admin", "manager", "rep", "readonly")


@dataclass(frozen=True, slots=True)
class NewWorkspace:
    name: str
    timezone: str
    currency: str
    sandbox: bool = False


async def create_workspace(session: AsyncSession, new: NewWorkspace) -> UUID:
    """A workspace with its built-in segments. Raises CommandFailed for a taken name, zone or currency unknown."""
    if new.timezone not in available_timezones():
        raise CommandFailed(f"{new.timezone!r} is no IANA time zone, such as Europe/Paris.")
    if not (len(new.currency) == 3 and new.currency.isascii() and new.currency.isupper()):
        raise CommandFailed(f"{new.currency!r} is no ISO 4217 currency, such as EUR.")
    if not new.name.strip():
        raise CommandFailed("A workspace needs a name.")
    if await session.scalar(select(func.count()).where(Workspace.name == new.name)):
        raise CommandFailed(f"There is a workspace {new.name!r} already.")
    values = {"name": new.name, "timezone": new.timezone, "currency": new.currency, "sandbox": new.sandbox}
    created = await session.scalar(insert(Workspace).values(values).returning(Workspace.id))
    workspace_id = UUID(str(created))
    await create_builtin_segments(session, workspace_id)
    return workspace_id


async def issue_key(
    session: AsyncSession,
    workspace_id: UUID,
    *,
    role: str,
    name: str,
    user_id: UUID | None = None,
    lives: timedelta | None = None,
) -> str:
    """A new API key; the only moment at which its text is known."""
    credential = new_credential()
    values = {
        "workspace_id": workspace_id,
        "name": name,
        "prefix": credential.prefix,
        "key_hash": credential.digest,
        "role": role,
        "user_id": user_id,
        "expires_at": None if lives is None else func.now() + lives,
    }
    await session.execute(insert(ApiKey).values(values))
    return credential.text


async def open_workspace(settings: Settings, new: NewWorkspace) -> tuple[UUID, str]:
    """The command `workspace create`: the new workspace's id and the key of its admin."""
    async with sessions_of(settings) as sessions, transaction(sessions) as session:
        workspace_id = await create_workspace(session, new)
        return workspace_id, await issue_key(session, workspace_id, role="admin", name="admin")


async def grant_key(
    settings: Settings, workspace: str, *, role: str, name: str, user: str | None, days: int | None
) -> str:
    """The command `token create`. A rep's key acts for a person, whose e-mail address is `user`."""
    if role not in ROLES:
        raise CommandFailed(f"{role!r} is no role; choose one of {', '.join(ROLES)}.")
    if role == "rep" and user is None:
        raise CommandFailed("A rep sees its own portfolio: say whose key it is by --user E-MAIL.")
    async with sessions_of(settings) as sessions, transaction(sessions) as session:
        workspace_id = await workspace_named(session, workspace)
        user_id = None if user is None else await _user_with(session, workspace_id, user, role)
        lives = None if days is None else timedelta(days=days)
        return await issue_key(session, workspace_id, role=role, name=name, user_id=user_id, lives=lives)


async def _user_with(session: AsyncSession, workspace_id: UUID, email: str, role: str) -> UUID:
    statement = select(UserAccount.id, UserAccount.role).where(
        UserAccount.workspace_id == workspace_id, func.lower(UserAccount.email) == email.lower()
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise CommandFailed(f"There is no user {email} in this workspace.")
    if found.role != role:
        raise CommandFailed(f"{email} is {found.role}: a person's key has the person's role.")
    return UUID(str(found.id))
