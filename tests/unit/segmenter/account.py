"""A small account for the tests of this folder: Paris, euros, Tuesday 31 March 2026 unless said otherwise."""

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from services.segmenter.domain.portfolio import score_account
from services.segmenter.domain.rows import Account, Customer, ExchangeRate, Interaction, Survey, SurveyKind, Transaction
from services.segmenter.domain.scores import CustomerScores
from shared.domain.thresholds import Settings

TODAY = date(2026, 3, 31)
PARIS = ZoneInfo("Europe/Paris")
Row = Customer | Transaction | Survey | Interaction | ExchangeRate

_numbers = count(1)


def at(moment: str) -> datetime:
    """An instant: a local day of Paris at noon, or a full timestamp with its offset."""
    if "T" in moment:
        return datetime.fromisoformat(moment)
    return datetime.fromisoformat(f"{moment}T12:00").replace(tzinfo=PARIS)


def sale(
    customer: str,
    amount: str,
    moment: str = "2026-03-01",
    *,
    order: str = "",
    cost: str | None = None,
    currency: str = "",
    id: str = "",
) -> Transaction:
    return Transaction(
        transaction_id=id or f"t{next(_numbers):06}",
        customer_id=customer,
        kind="sale",
        occurred_at=at(moment),
        amount=Decimal(amount),
        cost=None if cost is None else Decimal(cost),
        order_id=order,
        currency=currency,
    )


def refund(
    customer: str,
    amount: str,
    moment: str = "2026-03-01",
    *,
    order: str = "",
    cost: str | None = None,
    currency: str = "",
) -> Transaction:
    return Transaction(
        transaction_id=f"t{next(_numbers):06}",
        customer_id=customer,
        kind="refund",
        occurred_at=at(moment),
        amount=Decimal(amount),
        cost=None if cost is None else Decimal(cost),
        order_id=order,
        currency=currency,
    )


def survey(customer: str, kind: SurveyKind, score: int, moment: str = "2026-03-01", id: str = "") -> Survey:
    return Survey(id or f"s{next(_numbers):06}", customer, kind, score, at(moment))


def touch(customer: str, kind: str, moment: str = "2026-03-01", message: str = "", cost: str = "0") -> Interaction:
    return Interaction(customer, kind, at(moment), message, Decimal(cost))


def rate(day: str, currency: str, value: str) -> ExchangeRate:
    return ExchangeRate(date.fromisoformat(day), currency, Decimal(value))


def scored(
    *rows: Row,
    as_of: date = TODAY,
    timezone: str = "Europe/Paris",
    currency: str = "EUR",
    settings: Settings | None = None,
) -> dict[str, CustomerScores]:
    """The scores of every customer named by a row; a Customer row only where its own values matter."""
    stated = {row.customer_id: row for row in rows if isinstance(row, Customer)}
    named = {row.customer_id: Customer(row.customer_id) for row in rows if not isinstance(row, ExchangeRate)}
    return score_account(
        Account(timezone, currency, as_of, settings or Settings()),
        customers=(named | stated).values(),
        transactions=[row for row in rows if isinstance(row, Transaction)],
        surveys=[row for row in rows if isinstance(row, Survey)],
        interactions=[row for row in rows if isinstance(row, Interaction)],
        fx=[row for row in rows if isinstance(row, ExchangeRate)],
    )


def score_of(customer: str, *rows: Row, as_of: date = TODAY, settings: Settings | None = None) -> CustomerScores:
    """The scores of one customer; the others are bystanders."""
    return scored(Customer(customer), *rows, as_of=as_of, settings=settings)[customer]
