"""Everything known about each customer on the day asked about: local days given, later rows gone (rules D1, D3)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from services.segmenter.domain.engagement import Touch
from services.segmenter.domain.money import Converter
from services.segmenter.domain.orders import DatedTransaction, Ledger, open_ledger
from services.segmenter.domain.rows import Account, Customer, Interaction, Survey, Transaction
from services.segmenter.domain.satisfaction import Answer
from shared.domain.calendar import local_day, zone_named


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """One customer and its visible rows; a customer is there however late it was created."""

    customer: Customer
    ledger: Ledger
    answers: tuple[Answer, ...]
    touches: tuple[Touch, ...]


@dataclass(slots=True)
class _Collected:
    bought: list[DatedTransaction] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)


def gather(
    account: Account,
    *,
    customers: Iterable[Customer],
    transactions: Iterable[Transaction],
    surveys: Iterable[Survey],
    interactions: Iterable[Interaction],
    converter: Converter,
) -> dict[str, CustomerFacts]:
    """The facts of every customer given, by id. Rows of anybody else have no effect."""
    timezone = zone_named(account.timezone)
    found: dict[str, _Collected] = defaultdict(_Collected)

    def visible(instant: datetime) -> date | None:
        day = local_day(instant, timezone)
        return day if day <= account.as_of else None

    for bought in transactions:
        if day := visible(bought.occurred_at):
            found[bought.customer_id].bought.append(DatedTransaction(day, bought))
    for survey in surveys:
        if day := visible(survey.answered_at):
            answer = Answer(day, survey.answered_at, survey.survey_id, survey.kind, survey.score)
            found[survey.customer_id].answers.append(answer)
    for touch in interactions:
        if day := visible(touch.occurred_at):
            cost = converter.to_minor(touch.cost)
            found[touch.customer_id].touches.append(Touch(day, touch.kind, touch.message_id, cost))
    return {customer.customer_id: _facts(customer, found, converter) for customer in customers}


def _facts(customer: Customer, found: dict[str, _Collected], converter: Converter) -> CustomerFacts:
    rows = found.get(customer.customer_id) or _Collected()
    return CustomerFacts(
        customer=customer,
        ledger=open_ledger(rows.bought, converter),
        answers=tuple(rows.answers),
        touches=tuple(rows.touches),
    )
