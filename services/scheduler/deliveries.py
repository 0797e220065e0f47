"""From the queue to the outside: claim, send with no transaction open, record what is known.

A claim is a lease with a token. Only its holder records; a lease that ran out without an answer becomes `unknown` and
is never silently sent again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.channels.port import Accepted, Channel, Deferred, Mail, Outcome, Rejected, Unanswered
from services.scheduler.domain.ledger import Outcome as Ledger
from services.scheduler.domain.ledger import Reason
from services.scheduler.occasions import amend_for_message
from shared.clock import workspace_now
from shared.db.session import Sessions, transaction
from shared.db.sql import load_sql
from shared.events.base import Event
from shared.events.messages import MessageFailed, MessageSent
from shared.logging import get_logger
from shared.models import Message, Suppression, Workspace
from shared.outbox.append import append
from shared.telemetry import MESSAGES, correlated, span

LEASE_SECONDS: Final = 120
TRY_AGAIN_AFTER: Final = (
    timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
    timedelta(hours=6), timedelta(hours=12),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deliveries:
    """One worker's way of sending: `outside` is its own connection, or None where nothing leaves the house."""

    sessions: Sessions
    sender: str
    inside: Channel
    outside: Channel | None = None

    async def deliver_next(self) -> bool:
        """Send the message that waits longest; False if none waits."""
        return await self._deliver(text(load_sql("services.scheduler", "sql/claim_message")), {})

    async def deliver_next_of(self, workspace_id: UUID) -> bool:
        """The same for one workspace: what a test clock drives."""
        statement = text(load_sql("services.scheduler", "sql/claim_message_of_workspace"))
        return await self._deliver(statement, {"workspace_id": workspace_id})

    async def _deliver(self, claim: Any, parameters: dict[str, Any]) -> bool:
        token = uuid4()
        async with transaction(self.sessions) as session:
            row = (await session.execute(claim, parameters | {"token": token, "lease": LEASE_SECONDS})).first()
            if row is None:
                return False
            found = await session.execute(
                select(Message, Workspace.sandbox, func.now() + Workspace.clock_offset)
                .join(Workspace, Workspace.id == Message.workspace_id)
                .where(Message.workspace_id == row.workspace_id, Message.id == row.id)
            )
            message, sandbox, now = found.one()
        channel = self.inside if sandbox or self.outside is None else self.outside
        workspace_id, message_id = str(message.workspace_id), str(message.id)
        with (
            correlated(message.correlation_id, workspace_id=workspace_id, message_id=message_id),
            span("deliver message", workspace_id=workspace_id, message_id=message_id),
        ):
            outcome = await channel.send(_mail(self.sender, message), now)
            async with transaction(self.sessions) as session:
                status = await record(session, message, token, outcome)
            _log(message, status)
        return True

    async def close(self) -> None:
        if self.outside is not None:
            await self.outside.close()


def _log(message: Message, status: str | None) -> None:
    """Whom it went to and what the server said stay in the table: the answer of a server quotes the address."""
    status = status or "lease_lost"
    get_logger().info("message.recorded", status=status, channel=message.channel, attempts=message.attempts)


def _mail(sender: str, message: Message) -> Mail:
    return Mail(
        message_ref=message.message_ref,
        sender=sender,
        recipient=message.recipient,
        subject=message.subject or "",
        body_text=message.body_text,
        body_html=message.body_html,
        headers=message.headers,
    )


async def record(session: AsyncSession, message: Message, token: UUID, outcome: Outcome) -> str | None:
    """Write what came of it, if the lease is still ours: the status. None: it ran out, and is on record as unknown."""
    now = await workspace_now(session, message.workspace_id)
    values, event = _consequence(message, outcome, now)
    mine = (Message.workspace_id == message.workspace_id, Message.id == message.id)
    held = (Message.lease_token == token, Message.status == "sending")
    freed = {"lease_token": None, "lease_until": None, "provider_response": outcome.response}
    statement = update(Message).where(*mine, *held).values(values | freed).returning(Message.id)
    if await session.scalar(statement) is None:
        return None
    MESSAGES.labels(message.channel, values["status"]).inc()
    await _tell(session, message, values["status"], event, now)
    if isinstance(outcome, Rejected) and outcome.bad_address:
        await _suppress(session, message, now)
    status: str = values["status"]
    return status


def _consequence(message: Message, outcome: Outcome, now: datetime) -> tuple[dict[str, Any], Event | None]:
    """The columns to change, and the event to tell."""
    match outcome:
        case Accepted(captured=captured):
            return {"status": "sent", "sent_at": now, "captured": captured}, _sent(message)
        case Deferred() if message.attempts <= len(TRY_AGAIN_AFTER):
            return {"status": "queued", "next_try_at": now + TRY_AGAIN_AFTER[message.attempts - 1]}, None
        case Deferred() | Rejected():
            return {"status": "failed"}, _failed(message, "failed")
        case Unanswered():
            return {"status": "unknown"}, _failed(message, "unknown")


def _sent(message: Message) -> Event | None:
    customer_id = message.customer_id
    return MessageSent(customer_id, message.id, message.channel) if customer_id else None


def _failed(message: Message, outcome: str) -> Event | None:
    """Nobody follows notices to users: only what was meant for a customer is told."""
    customer_id = message.customer_id
    return MessageFailed(customer_id, message.id, message.channel, outcome) if customer_id else None


async def _tell(session: AsyncSession, message: Message, status: str, event: Event | None, now: datetime) -> None:
    if event is not None:
        await append(session, message.workspace_id, [event], now=now)
    if status in {"failed", "unknown"}:
        reason = Reason.PROVIDER_REFUSED if status == "failed" else None
        outcome = Ledger.FAILED if status == "failed" else Ledger.UNKNOWN
        ids = (message.workspace_id, message.customer_id, message.id)
        await amend_for_message(session, *ids, outcome=outcome, reason=reason)


async def _suppress(session: AsyncSession, message: Message, now: datetime) -> None:
    """The server says that there is no such mailbox: nobody writes to it again. The first reason stays."""
    row = {
        "workspace_id": message.workspace_id,
        "channel": message.channel,
        "address": message.recipient.lower(),
        "reason": "hard_bounced",
        "created_at": now,
    }
    await session.execute(insert(Suppression).values(row).on_conflict_do_nothing())


async def give_up_expired(session: AsyncSession) -> int:
    """Leases that ran out without an answer become unknown; returns how many. Any process may look."""
    expired = (Message.status == "sending", Message.lease_until < func.now())
    found = await session.scalars(select(Message).where(*expired).limit(100).with_for_update(skip_locked=True))
    messages = found.all()
    for message in messages:
        now = await workspace_now(session, message.workspace_id)
        message.status, message.lease_token, message.lease_until = "unknown", None, None
        MESSAGES.labels(message.channel, "unknown").inc()
        with correlated(message.correlation_id, workspace_id=str(message.workspace_id)):
            await _tell(session, message, "unknown", _failed(message, "unknown"), now)
    return len(messages)
