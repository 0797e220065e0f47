"""Define segments. A definition that changes gets a new number, so that members of two are never mixed."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from services.api.door import Answer, created
from services.api.records import add, change, differences, lock
from services.api.rules_given import fields_known, normal_form, read_rule
from services.api.segments.queries import LIVING, as_segment, segment_by_id
from services.api.segments.schemas import NewSegment, SegmentChange
from services.api.work import Work
from shared.domain.rules.catalogue import standard_catalogue
from shared.domain.rules.faults import RuleError
from shared.domain.rules.parse import parse_rule
from shared.domain.rules.references import find_cycle, segments_used
from shared.domain.rules.tree import Group
from shared.errors import Conflict, InvalidInput
from shared.events.segments import SegmentDefined, SegmentDeleted
from shared.models import Segment, Sequence
from shared.outbox.append import append

_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('segments/' || :workspace_id, 0))")


async def create_segment(work: Work, new: NewSegment) -> Answer:
    """Adds a segment; the segmenter finds its members. A taken name is a conflict."""
    read_rule(new.rule, await fields_known(work))
    row = await add(work, Segment, {**new.model_dump(), "rule": normal_form(new.rule)})
    await _tell(work, row["id"], row["definition_version"])
    return created(as_segment(row, member_count=0), "/v1/segments")


async def change_segment(work: Work, segment_id: UUID, given: SegmentChange, version: int | None) -> dict[str, Any]:
    """Another rule is another definition. Raises Conflict for a built-in segment."""
    await _one_definition_at_a_time(work)
    current = await lock(work, Segment, segment_id, LIVING, version=version)
    _refuse_built_in(current)
    if given.rule is not None:
        await _check_change(work, segment_id, given.rule)
        given = given.model_copy(update={"rule": normal_form(given.rule)})
    changed = differences(Segment, current, given)
    if changed:
        number = current["definition_version"] + ("rule" in changed)
        await change(work, Segment, segment_id, {**changed, "definition_version": number})
        if "rule" in changed:
            await _tell(work, segment_id, number)
    return await segment_by_id(work, segment_id)


async def delete_segment(work: Work, segment_id: UUID, version: int | None) -> None:
    """Everybody leaves it. Raises Conflict for a built-in segment, and for one that another definition refers to."""
    await _one_definition_at_a_time(work)
    current = await lock(work, Segment, segment_id, LIVING, version=version)
    _refuse_built_in(current)
    await _refuse_in_use(work, segment_id)
    await change(work, Segment, segment_id, {"deleted_at": work.now})
    await append(work.session, work.workspace_id, [SegmentDeleted(segment_id)], now=work.now)


def _refuse_built_in(segment: Any) -> None:
    if segment["key"] is not None:
        raise Conflict("Built-in segments are the same in every workspace.", code="built_in_segment")


async def _check_change(work: Work, segment_id: UUID, rule: dict[str, Any]) -> None:
    """A new segment cannot be referred to yet; a changed one may close a circle."""
    tree = read_rule(rule, await fields_known(work))
    if not (named := segments_used(tree)):
        return
    references = await _references(work) | {str(segment_id): named}
    if cycle := find_cycle(references):
        names = await _names_of(work, cycle)
        raise InvalidInput.at("#/rule", "segment_cycle", f"The segments refer to one another: {' → '.join(names)}.")


async def _references(work: Work) -> dict[str, frozenset[str]]:
    """Every living segment with those that its rule names."""
    statement = select(Segment.id, Segment.rule).where(Segment.workspace_id == work.workspace_id, LIVING)
    rows = await work.session.execute(statement)
    return {str(found): segments_used(_stored(rule)) for found, rule in rows}


def _stored(rule: Any) -> Group:
    """A rule that was valid when it was saved; one that no longer is refers to nothing."""
    try:
        return parse_rule(rule, standard_catalogue())
    except RuleError:
        return Group("and")


async def _names_of(work: Work, ids: tuple[str, ...]) -> list[str]:
    statement = select(Segment.id, Segment.name).where(Segment.workspace_id == work.workspace_id, Segment.id.in_(ids))
    names = {str(found): name for found, name in await work.session.execute(statement)}
    return [names[found] for found in ids]


async def _refuse_in_use(work: Work, segment_id: UUID) -> None:
    users = [found for found, named in (await _references(work)).items() if str(segment_id) in named]
    sequences = select(func.count()).where(
        Sequence.workspace_id == work.workspace_id,
        Sequence.deleted_at.is_(None),
        Sequence.trigger_segment_id == segment_id,
    )
    if users or await work.session.scalar(sequences):
        raise Conflict("Another segment or a sequence refers to it.", code="in_use")


async def _one_definition_at_a_time(work: Work) -> None:
    """Two changes at once could close a circle that neither of them sees."""
    await work.session.execute(_ONE_AT_A_TIME, {"workspace_id": str(work.workspace_id)})


async def _tell(work: Work, segment_id: UUID, number: int) -> None:
    await append(work.session, work.workspace_id, [SegmentDefined(segment_id, number)], now=work.now)
