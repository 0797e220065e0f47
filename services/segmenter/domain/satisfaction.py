"""NPS and CSAT (rules N1, N2, N3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from services.segmenter.domain.calendar import Window
from services.segmenter.domain.ratios import percentage
from services.segmenter.domain.rows import SurveyKind

NpsClass = Literal["promoter", "passive", "detractor"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A survey answer on its local day."""

    day: date
    answered_at: datetime
    survey_id: str
    kind: SurveyKind
    score: int


def latest_score(answers: Iterable[Answer], kind: SurveyKind, window: Window) -> int | None:
    """N1: the score of the customer's latest answer of that kind in the window; at one instant the greatest id."""
    inside = [answer for answer in answers if answer.kind == kind and answer.day in window]
    latest = max(inside, key=lambda answer: (answer.answered_at, answer.survey_id), default=None)
    return latest.score if latest else None


def nps_class(score: int) -> NpsClass:
    """N1."""
    if score >= 9:
        return "promoter"
    return "passive" if score >= 7 else "detractor"


def net_promoter_score(scores: Iterable[int]) -> Decimal | None:
    """N2: one score a customer; None without answers, since 0 is a real score."""
    classes = [nps_class(score) for score in scores]
    return percentage(classes.count("promoter") - classes.count("detractor"), len(classes))


def customer_satisfaction(scores: Iterable[int], satisfied_min: int) -> Decimal | None:
    """N3: the share of satisfied answers among all of a period, every answer counting."""
    satisfied = [score >= satisfied_min for score in scores]
    return percentage(sum(satisfied), len(satisfied))
