"""Every workspace has the segments of the methods, as rows like any other."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.segmenter.builtin import create_builtin_segments
from shared.domain.rules.catalogue import standard_catalogue
from shared.domain.rules.parse import parse_rule
from shared.domain.rules.score_fields import RFM_SEGMENTS
from shared.models import Segment, StaleSegment


async def test_the_segments_of_the_methods_are_there_and_their_members_are_looked_for(
    session: AsyncSession, workspace_id: UUID
) -> None:
    created = await create_builtin_segments(session, workspace_id)

    found = {segment.key: segment for segment in await session.scalars(select(Segment))}
    assert len(found) == created == await session.scalar(select(func.count()).select_from(StaleSegment))
    assert {"top", "abc_a", "abc_b", "abc_c", "high_potential", "status_dormant", "status_lost"} <= found.keys()
    assert {f"rfm_{name}" for name in RFM_SEGMENTS} <= found.keys()
    assert {"nps_promoter", "nps_passive", "nps_detractor", "churn_risk_high"} <= found.keys()
    assert found["rfm_cant_lose_them"].name == "RFM : à ne pas perdre"


async def test_every_rule_is_one_that_a_user_could_have_written(session: AsyncSession, workspace_id: UUID) -> None:
    await create_builtin_segments(session, workspace_id)

    for segment in await session.scalars(select(Segment)):
        assert parse_rule(segment.rule, standard_catalogue()).rules


async def test_creating_them_again_creates_none(session: AsyncSession, workspace_id: UUID) -> None:
    await create_builtin_segments(session, workspace_id)

    assert await create_builtin_segments(session, workspace_id) == 0
