"""Everything that happened to a customer, newest first.

Each table gives at most one page of candidates, found by its own index from the cursor on, so a page costs the same
for ten interactions and for a hundred thousand.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, and_, collate, or_, select, union_all

from services.api.amounts import amount_text
from services.api.customers.happenings import HAPPENINGS, Happening
from services.api.customers.queries import living
from services.api.customers.schemas import TimelineParameters
from services.api.work import Work
from shared.errors import InvalidInput, NotFound
from shared.models import Customer


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins. `backwards` reads towards the present."""

    at: datetime
    id: str
    backwards: bool


async def timeline_of(work: Work, customer_id: UUID, wanted: TimelineParameters) -> dict[str, Any]:
    """One page. Raises NotFound, or InvalidInput for a cursor of another timeline."""
    if await work.session.scalar(living(work).with_only_columns(Customer.id).where(Customer.id == customer_id)) is None:
        raise NotFound(f"Customer {customer_id} does not exist.")
    shown = [happening for happening in HAPPENINGS if not wanted.kind or happening.kind in wanted.kind]
    purpose = f"{customer_id} {' '.join(happening.kind for happening in shown)}"
    position = _decode(wanted.cursor, purpose) if wanted.cursor else None
    statement = _page(work, customer_id, shown, position, wanted.limit + 1)
    rows = (await work.session.execute(statement)).mappings().all()
    backwards = position is not None and position.backwards
    more, rows = len(rows) > wanted.limit, rows[: wanted.limit]
    if backwards:
        rows = rows[::-1]
    has_next, has_previous = (True, more) if backwards else (more, position is not None)
    return {
        "items": [_as_item(row) for row in rows],
        "next_cursor": _encode(purpose, rows[-1], backwards=False) if rows and has_next else None,
        "prev_cursor": _encode(purpose, rows[0], backwards=True) if rows and has_previous else None,
    }


def _page(
    work: Work, customer_id: UUID, shown: Sequence[Happening], position: Position | None, count: int
) -> Select[Any]:
    """The best `count` of the best `count` of each table."""
    backwards = position is not None and position.backwards
    branches = [select(_candidates(happening, work, customer_id, position, count).subquery()) for happening in shown]
    every = union_all(*branches).subquery()
    order = (every.c.occurred_at, collate(every.c.id, "C"))
    return select(every).order_by(*(key.asc() if backwards else key.desc() for key in order)).limit(count)


def _candidates(
    happening: Happening, work: Work, customer_id: UUID, position: Position | None, count: int
) -> Select[Any]:
    statement = happening.select(work, customer_id)
    at, id_ = happening.occurred_at, collate(happening.id, "C")
    if position is None:
        return statement.order_by(at.desc(), id_.desc()).limit(count)
    # Two conditions instead of one row comparison: the first one alone is what an index on the instant understands.
    if position.backwards:
        beyond = and_(at >= position.at, or_(at > position.at, id_ > position.id))
        return statement.where(beyond).order_by(at.asc(), id_.asc()).limit(count)
    beyond = and_(at <= position.at, or_(at < position.at, id_ < position.id))
    return statement.where(beyond).order_by(at.desc(), id_.desc()).limit(count)


def _as_item(row: Mapping[Any, Any]) -> dict[str, Any]:
    data = dict(row["data"])
    if data.get("amount") is not None:
        data["amount"] = amount_text(Decimal(data["amount"]), data["currency"])
    return {**row, "data": data}


def _encode(purpose: str, row: Mapping[Any, Any], *, backwards: bool) -> str:
    content = orjson.dumps([purpose, row["occurred_at"], row["id"], backwards])
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decode(cursor: str, purpose: str) -> Position:
    try:
        given, at, id_, backwards = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if given != purpose or not isinstance(id_, str) or not isinstance(backwards, bool):
            raise ValueError(given)
        return Position(datetime.fromisoformat(at), id_, backwards)
    except (ValueError, TypeError, binascii.Error) as error:
        raise InvalidInput.at("?cursor", "bad_cursor", "This cursor does not belong to this list.") from error
