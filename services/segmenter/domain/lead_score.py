"""The lead score (rule L1): fit plus points that lose half their worth every 30 days.

The powers of 2 are irrational, yet sums of them can cancel out and land exactly on the threshold. So points are
gathered as integers by remainder of the age modulo the half-life: those remainders cannot make up for one another,
what cancels is exactly zero, and only what remains is multiplied by a power known to 60 digits.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache

from services.segmenter.domain.engagement import Touch
from services.segmenter.domain.ratios import six_decimals
from services.segmenter.domain.status import Status
from shared.domain.thresholds import LeadSettings

POINTS = {
    "email_opened": 1,
    "email_clicked": 3,
    "social": 2,
    "web_visit": 2,
    "download": 10,
    "form": 15,
    "call": 5,
    "meeting": 20,
    "event": 10,
    "unsubscribe": -20,
}
_DIGITS = 60
_CONTEXT = Context(prec=_DIGITS + 10)


@dataclass(frozen=True, slots=True)
class LeadScore:
    """The score rounded to 6 decimals; `qualified` was decided before rounding."""

    score: Decimal
    qualified: bool


def score_lead(
    lead_fit: int, touches: Iterable[Touch], status: Status, as_of: date, settings: LeadSettings
) -> LeadScore:
    """Only the final sum is clamped. Only a prospect can be qualified."""
    exact = lead_fit + decayed_points(touches, as_of, settings.half_life_days)
    clamped = max(Fraction(settings.minimum), min(exact, Fraction(settings.maximum)))
    return LeadScore(six_decimals(clamped), status == "prospect" and clamped >= settings.threshold)


def decayed_points(touches: Iterable[Touch], as_of: date, half_life: int) -> Fraction:
    """The sum of points(kind) * 0.5^(age / half-life), age in whole days; exact but for 60-digit roots of 2."""
    points_by_age: dict[int, int] = defaultdict(int)
    for touch in touches:
        points_by_age[(as_of - touch.day).days] += POINTS.get(touch.kind, 0)
    oldest = max(points_by_age, default=0) // half_life
    by_remainder: dict[int, int] = defaultdict(int)
    for age, points in points_by_age.items():
        halvings, remainder = divmod(age, half_life)
        by_remainder[remainder] += points << (oldest - halvings)
    scaled = sum(points * _scaled_root(remainder, half_life) for remainder, points in by_remainder.items())
    return Fraction(scaled, 10**_DIGITS << oldest)


@lru_cache(maxsize=4096)
def _scaled_root(remainder: int, half_life: int) -> int:
    """10^60 * 2^(-remainder / half_life), exact for a remainder of 0."""
    exponent = _CONTEXT.divide(Decimal(-remainder), Decimal(half_life))
    return int(_CONTEXT.scaleb(_CONTEXT.power(Decimal(2), exponent), _DIGITS))
