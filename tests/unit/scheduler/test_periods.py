"""Periods of figures (rules P3 and K4): calendar periods so far, and what they are compared with."""

from datetime import date

import pytest

from services.scheduler.domain.periods import Span, compared_span, period_to_date
from shared.domain.automation.alert_rule import Period
from shared.domain.automation.conditions import Compare


@pytest.mark.parametrize(
    ("period", "first"),
    [
        (Period.WEEK, date(2026, 11, 16)),
        (Period.MONTH, date(2026, 11, 1)),
        (Period.QUARTER, date(2026, 10, 1)),
        (Period.YEAR, date(2026, 1, 1)),
    ],
)
def test_a_period_runs_from_its_first_day_to_the_day_asked_for(period: Period, first: date) -> None:
    assert period_to_date(period, date(2026, 11, 21)) == Span(first, date(2026, 11, 21))


@pytest.mark.parametrize(
    ("period", "day", "compare", "expected"),
    [
        (Period.MONTH, date(2026, 11, 10), Compare.PREVIOUS, Span(date(2026, 10, 1), date(2026, 10, 10))),
        (Period.MONTH, date(2026, 11, 10), Compare.SAME_LAST_YEAR, Span(date(2025, 11, 1), date(2025, 11, 10))),
        # February is shorter than what March has had, and a whole month is compared with a whole month.
        (Period.MONTH, date(2026, 3, 30), Compare.PREVIOUS, Span(date(2026, 2, 1), date(2026, 2, 28))),
        (Period.MONTH, date(2026, 2, 28), Compare.PREVIOUS, Span(date(2026, 1, 1), date(2026, 1, 31))),
        (Period.QUARTER, date(2026, 1, 2), Compare.PREVIOUS, Span(date(2025, 10, 1), date(2025, 10, 2))),
        # ISO week 53 of 2026 has no namesake in 2025, whose last week is the 52nd.
        (Period.WEEK, date(2027, 1, 3), Compare.SAME_LAST_YEAR, Span(date(2025, 12, 22), date(2025, 12, 28))),
        (Period.WEEK, date(2026, 11, 18), Compare.SAME_LAST_YEAR, Span(date(2025, 11, 17), date(2025, 11, 19))),
    ],
)
def test_it_is_compared_with_as_many_first_days_of_the_other_period(
    period: Period, day: date, compare: Compare, expected: Span
) -> None:
    assert compared_span(period, day, compare) == expected
