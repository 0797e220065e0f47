"""The segments that every workspace has: read-only, and rules like any other."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.segmenter.staleness import mark_segment
from shared.models import Segment

_ABC: Final = {"A": "ABC : classe A", "B": "ABC : classe B", "C": "ABC : classe C"}
_RFM: Final = {
    "champions": "RFM : champions",
    "loyal_customers": "RFM : clients fidèles",
    "potential_loyalists": "RFM : fidèles en devenir",
    "new_customers": "RFM : nouveaux clients",
    "promising": "RFM : prometteurs",
    "need_attention": "RFM : à surveiller",
    "about_to_sleep": "RFM : en voie d'endormissement",
    "at_risk": "RFM : à risque",
    "cant_lose_them": "RFM : à ne pas perdre",
    "hibernating": "RFM : en hibernation",
}
_STATUS: Final = {
    "prospect": "Prospects",
    "active": "Clients actifs",
    "dormant": "Clients dormants",
    "lost": "Clients perdus",
}
_NPS: Final = {
    "promoter": "NPS : promoteurs",
    "passive": "NPS : passifs",
    "detractor": "NPS : détracteurs",
}


def _all(field: str, prefix: str, names: dict[str, str]) -> dict[str, tuple[str, str, Any]]:
    return {f"{prefix}_{value.lower()}": (name, field, value) for value, name in names.items()}


# Key → name, field, value.
_BUILTIN: Final[dict[str, tuple[str, str, Any]]] = {
    **_all("scores.status", "status", _STATUS),
    "top": ("Grands comptes (20/80)", "scores.pareto", "big"),
    **_all("scores.abc_revenue", "abc", _ABC),
    **_all("scores.rfm.segment", "rfm", _RFM),
    "high_potential": ("Fort potentiel", "scores.high_potential.flag", True),
    "costly": ("Clients coûteux", "scores.costly", True),
    **_all("scores.nps_class", "nps", _NPS),
    "churn_risk_high": ("Risque de départ élevé", "scores.churn_risk.level", "high"),
    "qualified_leads": ("Prospects qualifiés", "scores.qualified", True),
}


async def create_builtin_segments(session: AsyncSession, workspace_id: UUID) -> int:
    """Create those that are missing, and have their members found. Returns how many; the second time, none."""
    values = [
        {"workspace_id": workspace_id, "key": key, "name": name, "rule": _rule(field, value)}
        for key, (name, field, value) in _BUILTIN.items()
    ]
    statement = insert(Segment).values(values).on_conflict_do_nothing().returning(Segment.id)
    created = list(await session.scalars(statement))
    for segment_id in created:
        await mark_segment(session, workspace_id, segment_id, None)
    return len(created)


def _rule(field: str, value: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": [{"field": field, "operator": "=", "value": value}]}
