"""The condition in SQL and the plain evaluator give the same answer, for every customer and every rule."""

from collections.abc import Mapping
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared.domain.rules.catalogue import standard_catalogue
from shared.domain.rules.evaluate import matches
from shared.domain.rules.parse import parse_rule
from shared.domain.rules.references import fields_used
from shared.domain.rules.tree import Group
from shared.domain.rules.viewpoint import Viewpoint
from shared.models import Segment, SegmentMembership
from shared.rules.record import names
from shared.rules.records import as_record, select_records
from shared.rules.select import customers_matching
from tests.integration.shared.rule_examples import (
    CATALOGUE,
    NOW,
    TODAY,
    some_customer,
    some_metrics,
    some_query,
    some_scores,
)

PARIS = ZoneInfo("Europe/Paris")
VIEW = Viewpoint(TODAY, NOW, PARIS)
CUSTOMERS = 60
RULES = 100


@pytest.fixture
async def segments(session: AsyncSession, workspace_id: UUID) -> list[UUID]:
    ids = [UUID(int=900 + n) for n in range(3)]
    session.add_all(Segment(workspace_id=workspace_id, id=id, name=str(id), rule={"rules": []}) for id in ids)
    await session.flush()
    return ids


async def _portfolio(session: AsyncSession, random: Random, workspace_id: UUID, segments: list[UUID]) -> list[UUID]:
    ids = [UUID(int=random.getrandbits(128)) for _ in range(CUSTOMERS - 3)] + [UUID(int=n) for n in range(3)]
    session.add_all(some_customer(random, workspace_id, id) for id in ids)
    await session.flush()
    session.add_all(some_metrics(random, workspace_id, id) for id in ids if random.random() < 0.9)
    session.add_all(some_scores(random, workspace_id, id) for id in ids if random.random() < 0.8)
    session.add_all(
        SegmentMembership(
            workspace_id=workspace_id, segment_id=segment, customer_id=id, definition_version=1, entered_at=NOW
        )
        for id in ids
        for segment in segments
        if random.random() < 0.3
    )
    await session.flush()
    return ids


async def _records(
    session: AsyncSession, workspace_id: UUID, ids: list[UUID], rule: Group
) -> Mapping[UUID, Mapping[str, object]]:
    fields = fields_used(rule)
    rows = await session.execute(select_records(workspace_id, ids, fields, VIEW))
    return dict(as_record(row, fields) for row in rows)


@pytest.mark.parametrize("seed", range(4))
async def test_a_rule_selects_the_customers_that_the_evaluator_accepts(
    session: AsyncSession, workspace_id: UUID, segments: list[UUID], seed: int
) -> None:
    random = Random(seed)
    ids = await _portfolio(session, random, workspace_id, segments)
    for _ in range(RULES):
        query = some_query(random, segments)
        rule = parse_rule(query, CATALOGUE)

        selected = set(await session.scalars(customers_matching(rule, workspace_id, VIEW)))

        records = await _records(session, workspace_id, ids, rule)
        accepted = {id for id, record in records.items() if matches(rule, record, TODAY, NOW, PARIS)}
        assert selected == accepted, _difference(query, selected ^ accepted, records)


def _difference(query: dict[str, Any], customers: set[UUID], records: Mapping[UUID, Mapping[str, object]]) -> str:
    return f"{query}\n{[records.get(customer) for customer in customers]}"


async def test_a_group_without_rules_selects_everybody_who_is_not_deleted(
    session: AsyncSession, workspace_id: UUID, segments: list[UUID]
) -> None:
    ids = await _portfolio(session, Random(1), workspace_id, segments)
    everybody = parse_rule({"combinator": "and", "rules": []}, CATALOGUE)

    selected = set(await session.scalars(customers_matching(everybody, workspace_id, VIEW)))

    assert selected == set(await _records(session, workspace_id, ids, everybody))
    assert 0 < len(selected) < CUSTOMERS


def test_every_field_of_the_catalogue_has_a_column() -> None:
    assert {field.name for field in standard_catalogue()} == names()
