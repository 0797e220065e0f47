"""What a customer's own rows say, without looking at any other customer. Amounts in minor units."""

from dataclasses import dataclass
from datetime import date

from services.segmenter.domain.calendar import last_days, last_months
from services.segmenter.domain.engagement import Engagement, measure
from services.segmenter.domain.facts import CustomerFacts
from services.segmenter.domain.lead_score import LeadScore, score_lead
from services.segmenter.domain.money import Converter
from services.segmenter.domain.satisfaction import latest_score
from services.segmenter.domain.status import Status, status_of
from shared.domain.thresholds import Settings


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """`orders`, `revenue`, `margin` and `cost_to_serve` over the 12-month window (P2, Y1); None is unknown."""

    status: Status
    first_purchase: date | None
    last_purchase: date | None
    recency_days: int | None
    orders: int
    revenue: int
    margin: int | None
    potential: int | None
    cost_to_serve: int
    nps: int | None
    csat: int | None
    engagement: Engagement
    lead: LeadScore


def measure_customer(facts: CustomerFacts, as_of: date, settings: Settings, converter: Converter) -> CustomerFigures:
    ledger, customer, touches = facts.ledger, facts.customer, facts.touches
    window = last_months(as_of, settings.window_months)
    answered = last_months(as_of, settings.nps_months)
    last = ledger.last_purchase
    status = status_of(last, as_of, settings)
    return CustomerFigures(
        status=status,
        first_purchase=ledger.first_purchase,
        last_purchase=last,
        recency_days=(as_of - last).days if last else None,
        orders=ledger.orders(window),
        revenue=ledger.revenue(window),
        margin=ledger.margin(window),
        potential=None if customer.potential is None else converter.to_minor(customer.potential),
        cost_to_serve=sum(touch.cost for touch in touches if touch.day in window),
        nps=latest_score(facts.answers, "nps", answered),
        csat=latest_score(facts.answers, "csat", answered),
        engagement=measure(touches, last_days(as_of, settings.engagement_days)),
        lead=score_lead(customer.lead_fit, touches, status, as_of, settings.lead),
    )
