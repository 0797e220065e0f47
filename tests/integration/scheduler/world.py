"""A workspace with customers, segments, templates and rules, as tests arrange and look at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.scheduler.channels.capture import Capture
from services.scheduler.channels.smtp import Smtp, SmtpServer
from services.scheduler.consumers import Handler
from services.scheduler.deliveries import Deliveries
from services.scheduler.desk import Letterhead
from services.scheduler.due import DueSteps
from shared.db.session import Sessions, transaction
from shared.domain.ids import uuid7
from shared.events.base import Envelope, Event
from tests.integration.scheduler.mail_server import MailServer

Json = dict[str, Any]
LETTERHEAD = Letterhead("La boutique <no-reply@boutique.example>", "https://portefeuille.example", "a secret of tests")


@dataclass
class World:
    """`owner` sees everything. Times are those of the workspace."""

    owner: asyncpg.Connection
    sessions: Sessions
    workspace_id: UUID

    async def now(self) -> datetime:
        found: datetime = await self.owner.fetchval("select workspace_now($1)", self.workspace_id)
        return found

    async def set_clock(self, moment: datetime) -> None:
        """Stop where the test wants to be; real time goes on from there."""
        await self.owner.execute(
            "update workspace set clock_offset = $2::timestamptz - now() where id = $1", self.workspace_id, moment
        )

    async def pass_time(self, time: timedelta) -> None:
        await self.owner.execute(
            "update workspace set clock_offset = clock_offset + $2 where id = $1", self.workspace_id, time
        )

    async def insert(self, table: str, **columns: Any) -> UUID:
        values = {"workspace_id": self.workspace_id, **columns}
        names = ", ".join(values)
        places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
        encoded = [as_json(value) if isinstance(value, dict) else value for value in values.values()]
        statement = f"insert into {table} ({names}) values ({places}) returning id"  # noqa: S608 - names of a test.
        found: UUID = await self.owner.fetchval(statement, *encoded)
        return found

    async def user(self, name: str = "Alice Martin", **columns: Any) -> UUID:
        given = {"email": f"{name.split(maxsplit=1)[0].lower()}@boutique.example", "role": "rep"} | columns
        return await self.insert("user_account", name=name, **given)

    async def customer(self, name: str = "Camille Durand", *, consent: bool = True, **columns: Any) -> UUID:
        given = {"kind": "person", "email": "camille@example.org", "created_at": datetime(2020, 1, 1, tzinfo=UTC)}
        customer_id = await self.insert("customer", name=name, **(given | columns))
        if consent:
            await self.insert(
                "consent", customer_id=customer_id, purpose="marketing", channel="email", status="granted",
                recorded_at=datetime(2020, 1, 1, tzinfo=UTC),
            )  # fmt: skip
        return customer_id

    async def segment(self, name: str = "À relancer") -> UUID:
        return await self.insert("segment", name=name, rule={"combinator": "and", "rules": []})

    async def template(self, name: str = "Nouvelles", **columns: Any) -> UUID:
        given = {
            "channel": "email", "language": "fr", "subject": "Bonjour {{ customer.name }}",
            "body_text": "Cher {{ customer.name }}, voici nos nouvelles.",
            "body_html": "<p>Cher {{ customer.name }}, voici nos nouvelles.</p>",
        }  # fmt: skip
        return await self.insert("template", name=name, **(given | columns))

    async def sequence(self, steps: list[Json], *, segment_id: UUID | None = None, **definition: Any) -> UUID:
        """A sequence that begins with the segment, or by hand. It exists since 2020."""
        trigger = {"type": "segment_entered", "segment_id": str(segment_id)} if segment_id else {"type": "manual"}
        document = {"name": f"Relance {uuid7()}", "trigger": trigger, "steps": steps} | definition
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        kind = document["trigger"]["type"]
        sequence_id = await self.insert(
            "sequence", name=document["name"], trigger_type=kind, trigger_segment_id=segment_id, created_at=long_ago
        )
        await self.owner.execute(
            "insert into sequence_version (workspace_id, sequence_id, definition_version, definition)"
            " values ($1, $2, 1, $3)",
            self.workspace_id, sequence_id, as_json(document),
        )  # fmt: skip
        return sequence_id

    async def rule(self, table: str, document: Json, **columns: Any) -> UUID:
        """An alert rule or a reminder rule. It exists since 2020."""
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        given = {"name": document["name"], "definition": document, "created_at": long_ago} | columns
        return await self.insert(table, **given)

    async def envelope(self, event: Event, *, at: datetime | None = None, correlation: str = "test") -> Envelope:
        data = orjson.loads(orjson.dumps(event, default=str))
        customer_id = event.subject_customer
        return Envelope(
            uuid7(), self.workspace_id, event.type, at or await self.now(), data, customer_id,
            correlation_id=correlation,
        )  # fmt: skip

    async def handle(self, *envelopes: Envelope) -> None:
        """What the scheduler does with these events, in one transaction."""
        async with transaction(self.sessions) as session:
            await Handler(LETTERHEAD)(session, envelopes)

    async def happens(self, *events: Event) -> None:
        await self.handle(*[await self.envelope(event) for event in events])

    async def run_due(self) -> None:
        """Do what is due, until nothing is."""
        while await DueSteps(self.sessions, LETTERHEAD).run_batch():
            pass

    def deliveries(self, mail_server: MailServer | None = None) -> Deliveries:
        """One worker's way of sending: to that server, or nowhere."""
        outside = Smtp(SmtpServer.of_url(mail_server.url)) if mail_server else None
        return Deliveries(self.sessions, LETTERHEAD.sender, Capture(), outside)

    async def all(self, table: str, columns: str = "*", order: str = "1") -> list[tuple[Any, ...]]:
        statement = f"select {columns} from {table} where workspace_id = $1 order by {order}"  # noqa: S608 - of a test.
        return [tuple(row) for row in await self.owner.fetch(statement, self.workspace_id)]


def as_json(value: object) -> str:
    return orjson.dumps(value, default=str).decode()


def email(step_id: str, template_id: UUID) -> Json:
    return {"id": step_id, "type": "email", "template_id": str(template_id)}


def all_of(*rules: Sequence[object]) -> Json:
    return {
        "combinator": "and",
        "rules": [{"field": field, "operator": operator, "value": value} for field, operator, value in rules],
    }
