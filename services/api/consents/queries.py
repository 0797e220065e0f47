"""Read consents: the history, or what counts now."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, tuple_
from sqlalchemy.orm import aliased

from services.api import records
from services.api.consents.schemas import ConsentListParameters
from services.api.pagination import Sort
from services.api.visibility import visible_facts
from services.api.work import Work
from shared.models import Consent

NAMES = ("id", "customer_id", "purpose", "channel", "status", "source", "text_version", "recorded_at", "created_at")


def as_consent(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NAMES}


def newest() -> ColumnElement[bool]:
    """No later statement of the same customer about the same purpose and channel."""
    later = aliased(Consent)
    return ~exists().where(
        later.workspace_id == Consent.workspace_id,
        later.customer_id == Consent.customer_id,
        later.purpose == Consent.purpose,
        later.channel == Consent.channel,
        tuple_(later.recorded_at, later.id) > tuple_(Consent.recorded_at, Consent.id),
    )


async def consent_by_id(work: Work, consent_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    seen = visible_facts(work.principal, Consent.customer_id)
    return as_consent(await records.find(work, Consent, consent_id, seen))


async def consents_by(work: Work, wanted: ConsentListParameters) -> dict[str, Any]:
    conditions = records.matching(Consent, wanted, "customer_id", "purpose", "channel", "status")
    if wanted.current:
        conditions.append(newest())
    sort = Sort.parse(wanted.sort, {"recorded_at": Consent.recorded_at}, id=Consent.id, default="-recorded_at")
    seen = visible_facts(work.principal, Consent.customer_id)
    return await records.listed(work, Consent, wanted, sort, as_consent, seen, *conditions)
