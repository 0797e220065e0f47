"""Definitions of sequences as they were saved, read once each: a version never changes."""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.domain.automation.sequence import Sequence, parse_sequence
from shared.domain.automation.steps import Branch, step_fields
from shared.domain.rules.catalogue import standard_catalogue
from shared.domain.rules.parse import parse_rule
from shared.domain.rules.tree import Group
from shared.events.catalogue import CATALOGUE
from shared.models import SequenceVersion

_KEPT: Final = 512
_read: dict[tuple[UUID, UUID, int], Sequence] = {}


async def sequence_of(session: AsyncSession, workspace_id: UUID, sequence_id: UUID, version: int) -> Sequence:
    """Raises LookupError for a version nobody saved, InvalidDefinition for one that can no longer be read."""
    key = workspace_id, sequence_id, version
    if key not in _read:
        document = await session.scalar(
            select(SequenceVersion.definition).where(
                SequenceVersion.workspace_id == workspace_id,
                SequenceVersion.sequence_id == sequence_id,
                SequenceVersion.definition_version == version,
            )
        )
        if document is None:
            raise LookupError(f"sequence {sequence_id} has no version {version}")
        if len(_read) >= _KEPT:
            _read.clear()
        _read[key] = parse_sequence(document, known_events=CATALOGUE, read_rule=read_rule)
    return _read[key]


def read_rule(document: object, email_steps: tuple[str, ...]) -> Group:
    """The rule of a branch or a goal: it may ask about the customer and about the e-mails before it."""
    catalogue = standard_catalogue(custom_fields=step_fields(email_steps))
    return parse_rule(document, catalogue)


def rules_of(sequence: Sequence) -> tuple[Group, ...]:
    """Every rule that the present facts have to answer."""
    conditions = [place.step.condition for place in sequence.places.values() if isinstance(place.step, Branch)]
    return tuple(rule for rule in (*conditions, sequence.goal) if isinstance(rule, Group))
