"""A workspace to put facts into, to bring up to date, and to ask for its figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import asyncpg

from services.segmenter.day import begin_day
from services.segmenter.domain.rows import Account, Customer, ExchangeRate, Interaction, Survey, Transaction
from services.segmenter.evaluation import record_fields
from services.segmenter.ranking import rank_workspace, workspaces_behind
from services.segmenter.recompute import Summary, recompute
from services.segmenter.segments import refresh_next_segment
from services.segmenter.staleness import claim
from shared.domain.calendar import zone_named
from shared.domain.rules.fields import SCORE_PREFIX
from shared.domain.rules.score_fields import SCORE_FIELDS
from shared.domain.rules.viewpoint import Viewpoint
from shared.rules.records import as_record

NOON = time(12)
_SCORES = frozenset(field.name for field in SCORE_FIELDS)


@dataclass(frozen=True)
class Workplace:
    connection: asyncpg.Connection
    workspace_id: UUID
    timezone: str
    currency: str

    @classmethod
    async def open(
        cls, connection: asyncpg.Connection, timezone: str, currency: str, as_of: date = date(2026, 3, 31)
    ) -> "Workplace":
        workspace_id = await connection.fetchval(
            "insert into workspace (name, timezone, currency, sandbox) values ($1, $2, $3, true) returning id",
            f"{timezone} {currency}",
            timezone,
            currency,
        )
        workplace = cls(connection, workspace_id, timezone, currency)
        await workplace.set_day(as_of)
        return workplace

    async def set_day(self, day: date, at: time = NOON) -> None:
        """Set the test clock to that wall-clock time."""
        now = datetime.combine(day, at, zone_named(self.timezone)).astimezone(UTC)
        await self.connection.execute(
            "update workspace set clock_offset = $2::timestamptz - now() where id = $1", self.workspace_id, now
        )

    async def load(self, account: "Portfolio") -> None:
        """Put the rows of a portfolio into the tables; nothing is computed yet."""
        await self._copy(
            "exchange_rate", ("currency", "date", "rate"), [(r.currency, r.day, r.rate) for r in account.fx]
        )
        await self._copy(
            "customer",
            ("external_id", "kind", "name", "potential_annual_revenue", "lead_fit"),
            [(c.customer_id, "company", c.customer_id, c.potential, c.lead_fit) for c in account.customers],
        )
        ids = await self.ids()
        await self._copy(
            "transaction",
            ("customer_id", "external_id", "order_id", "kind", "occurred_at", "amount", "currency", "cost"),
            [
                (ids[t.customer_id], t.transaction_id, t.order_id or None, t.kind, t.occurred_at, t.amount,
                 t.currency or self.currency, t.cost)
                for t in account.transactions
            ],
        )  # fmt: skip
        await self._copy(
            "interaction",
            ("customer_id", "kind", "occurred_at", "message_id", "cost"),
            [
                (ids[i.customer_id], i.kind, i.occurred_at, i.message_id or None, i.cost or None)
                for i in account.interactions
            ],
        )
        await self._copy(
            "survey_response",
            ("customer_id", "external_id", "kind", "score", "answered_at"),
            [(ids[s.customer_id], s.survey_id, s.kind, s.score, s.answered_at) for s in account.surveys],
        )

    async def _copy(self, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        await self.connection.copy_records_to_table(
            table, columns=("workspace_id", *columns), records=[(self.workspace_id, *row) for row in rows]
        )

    async def ids(self) -> dict[str, UUID]:
        rows = await self.connection.fetch(
            "select external_id, id from customer where workspace_id = $1", self.workspace_id
        )
        return {row["external_id"]: row["id"] for row in rows}

    async def mark(self, customers: Iterable[UUID] | None = None) -> None:
        """Mark these customers, or everybody."""
        wanted = list((await self.ids()).values()) if customers is None else list(customers)
        await self.connection.execute(
            "insert into stale_customer (workspace_id, customer_id) select $1, unnest($2::uuid[])",
            self.workspace_id,
            wanted,
        )

    async def drain(self, at_once: int = 1000) -> list[Summary]:
        """Recompute until nothing is marked any more."""
        summaries: list[Summary] = []
        while True:
            async with self.connection.transaction():
                taken = await claim(self.connection, at_once, at_once, 10**9)
                if taken is None:
                    return summaries
                summaries.append(await recompute(self.connection, taken))

    async def settle(self) -> None:
        """Everything the loops do, until nothing is left to do: the day, segments, customers, ranking."""
        async with self.connection.transaction():
            await begin_day(self.connection, self.workspace_id)
        while await self._one_round():
            pass

    async def _one_round(self) -> bool:
        async with self.connection.transaction():
            refreshed = await refresh_next_segment(self.connection)
        drained = await self.drain()
        behind = await workspaces_behind(self.connection, 10**9)
        if behind:
            async with self.connection.transaction():
                await rank_workspace(self.connection, self.workspace_id)
        return bool(refreshed or drained or behind)

    async def scores(self) -> dict[str, dict[str, Any]]:
        """Per external id, every figure under its name of definitions.md, as rules and answers read it."""
        view = Viewpoint(await self.today(), datetime.now(UTC), zone_named(self.timezone))
        ids = await self.ids()
        rows = await record_fields(self.workspace_id, _SCORES, view).fetch(self.connection, list(ids.values()))
        records = dict(as_record(row, _SCORES) for row in rows)
        return {
            name: {field.removeprefix(SCORE_PREFIX): records[id][field] for field in _SCORES}
            for name, id in ids.items()
            if id in records
        }

    async def today(self) -> date:
        today: date = await self.connection.fetchval(
            "select (workspace_now($1) at time zone $2)::date", self.workspace_id, self.timezone
        )
        return today


@dataclass(frozen=True)
class Portfolio:
    """The rows of an account, as the oracle reads them."""

    account: Account
    customers: list[Customer]
    transactions: list[Transaction]
    surveys: list[Survey]
    interactions: list[Interaction]
    fx: list[ExchangeRate]

    @classmethod
    def of(cls, account: Account, *rows: Customer | Transaction | Survey | Interaction | ExchangeRate) -> "Portfolio":
        """A portfolio of these rows; customers that are only named are there too."""
        stated = {row.customer_id: row for row in rows if isinstance(row, Customer)}
        named = {row.customer_id: Customer(row.customer_id) for row in rows if not isinstance(row, ExchangeRate)}
        return cls(
            account,
            list((named | stated).values()),
            [row for row in rows if isinstance(row, Transaction)],
            [row for row in rows if isinstance(row, Survey)],
            [row for row in rows if isinstance(row, Interaction)],
            [row for row in rows if isinstance(row, ExchangeRate)],
        )
