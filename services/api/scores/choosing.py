"""`fields=abc_revenue,rfm.segment`: which parts of an answer the caller wants."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from services.api.scores.schemas import ChurnRisk, Engagement, Figures, HighPotential, Rfm
from shared.errors import Fault, InvalidInput

ALWAYS: Final = ("customer_id", "external_id", "as_of", "computed_at", "classes_computed_at")
GROUPS: Final[dict[str, type[BaseModel]]] = {
    "rfm": Rfm,
    "rfm_ntile": Rfm,
    "engagement": Engagement,
    "churn_risk": ChurnRisk,
    "high_potential": HighPotential,
}
KNOWN: Final = frozenset(
    {*Figures.model_fields, *(f"{group}.{name}" for group, model in GROUPS.items() for name in model.model_fields)}
)


def paths_in(fields: str | None) -> tuple[str, ...]:
    """The names asked for, none for all. Raises InvalidInput for one that does not exist."""
    names = tuple(name for part in (fields or "").split(",") if (name := part.strip().removeprefix("scores.")))
    if unknown := [name for name in names if name not in KNOWN]:
        detail = f"There is no score {', '.join(unknown)[:200]}."
        raise InvalidInput(Fault("?fields", "unknown_field", detail))
    return names


def chosen(answer: Mapping[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """The answer with nothing but these paths; a group that is null stays null."""
    if not paths:
        return dict(answer)
    kept: dict[str, Any] = {name: answer[name] for name in ALWAYS}
    for path in paths:
        group, _, name = path.partition(".")
        if not name or answer[group] is None:
            kept[group] = answer[group]
        elif isinstance(part := kept.setdefault(group, {}), dict):
            part[name] = answer[group][name]
    return kept
