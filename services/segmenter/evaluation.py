"""Compiled statements: who enters and leaves which segment, and what the evaluator needs to know to say why.

Building and compiling takes far longer than running, so both are kept as long as definitions and day stay the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    column,
    func,
    literal,
    select,
    true,
    values,
)
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from services.segmenter.definitions import Definition
from shared.domain.rules.viewpoint import Viewpoint
from shared.models.customers import Customer
from shared.models.segments import SegmentMembership
from shared.rules.compile import condition
from shared.rules.records import select_fields
from shared.rules.select import joined, present

_DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types.
_CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its values; the customers asked about, if any, are given with each call."""

    sql: str
    names: tuple[str, ...]
    values: tuple[object, ...]

    async def fetch(self, connection: asyncpg.Connection, customers: Sequence[UUID]) -> list[asyncpg.Record]:
        given = zip(self.names, self.values, strict=True)
        arguments = [customers if name == _CUSTOMERS else value for name, value in given]
        found: list[asyncpg.Record] = await connection.fetch(self.sql, *arguments)
        return found


@lru_cache(maxsize=256)
def membership_differences(
    workspace_id: UUID, definitions: tuple[Definition, ...], view: Viewpoint, *, everybody: bool
) -> Statement:
    """Rows (customer_id, segment_id, wanted, held): the version by which it is a member, should be and is."""
    return _compiled(_differences(workspace_id, definitions, view, everybody=everybody))


@lru_cache(maxsize=256)
def record_fields(workspace_id: UUID, fields: frozenset[str], view: Viewpoint) -> Statement:
    """Rows as `shared.rules.records.as_record` takes them."""
    return _compiled(select_fields(workspace_id, fields, view).where(_among(Customer.id)))


def _differences(
    workspace_id: UUID, definitions: tuple[Definition, ...], view: Viewpoint, *, everybody: bool
) -> Select[UUID, UUID, int, int]:
    wanted, held = _wanted(workspace_id, definitions, view), _held(workspace_id, definitions)
    if not everybody:
        wanted, held = wanted.where(_among(Customer.id)), held.where(_among(SegmentMembership.customer_id))
    w, h = wanted.cte("wanted"), held.cte("held")
    both = and_(w.c.customer_id == h.c.customer_id, w.c.segment_id == h.c.segment_id)
    return (
        select(
            func.coalesce(w.c.customer_id, h.c.customer_id).label("customer_id"),
            func.coalesce(w.c.segment_id, h.c.segment_id).label("segment_id"),
            w.c.definition_version.label("wanted"),
            h.c.definition_version.label("held"),
        )
        .select_from(w.outerjoin(h, both, full=True))
        .where(w.c.definition_version.is_distinct_from(h.c.definition_version))
    )


def _wanted(workspace_id: UUID, definitions: tuple[Definition, ...], view: Viewpoint) -> Select[UUID, UUID, int]:
    judged = (
        values(column("segment_id", PgUuid), column("version", Integer), column("matches", Boolean), name="judged")
        .data([(literal(one.segment_id, PgUuid), one.version, condition(one.rule, view)) for one in definitions])
        .lateral()
    )
    return (
        select(Customer.id.label("customer_id"), judged.c.segment_id, judged.c.version.label("definition_version"))
        .select_from(joined().join(judged, true()))
        .where(present(workspace_id), judged.c.matches)
    )


def _held(workspace_id: UUID, definitions: tuple[Definition, ...]) -> Select[UUID, UUID, int]:
    segments = literal([one.segment_id for one in definitions], ARRAY(PgUuid))
    return select(
        SegmentMembership.customer_id, SegmentMembership.segment_id, SegmentMembership.definition_version
    ).where(SegmentMembership.workspace_id == workspace_id, SegmentMembership.segment_id == func.any(segments))


def _among(customer: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    return customer == func.any(bindparam(_CUSTOMERS, type_=ARRAY(PgUuid)))


def _compiled(statement: Select[*tuple[Any, ...]]) -> Statement:
    compiled = statement.compile(dialect=_DIALECT)
    names = tuple(compiled.positiontup or ())
    return Statement(str(compiled), names, tuple(compiled.params[name] for name in names))
