"""Portfolios drawn at random, with a taste for what goes wrong: ties, refunds, currencies, midnights, clock changes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from services.segmenter.domain.rows import Account, Customer, ExchangeRate, Interaction, Survey, Transaction
from shared.domain.thresholds import Settings
from tests.integration.segmenter.workplace import Portfolio

INTERACTIONS = ("email_sent", "email_sent", "email_bounced", "email_opened", "email_clicked", "social", "web_visit",
                "download", "form", "call", "meeting", "event", "complaint", "ticket", "unsubscribe")  # fmt: skip
PRICES = ("0.00", "10.00", "10.00", "25.50", "99.99", "0.005", "1234.5678", "300.00")
RATES = ("0.91234567", "1.00500000", "0.00650000", "1.5")


def random_portfolio(
    seed: int, customers: int, as_of: date, timezone: str = "Europe/Paris", currency: str = "EUR"
) -> Portfolio:
    """Facts from three years before the day to a month after it."""
    random = Random(seed)
    zone = ZoneInfo(timezone)
    portfolio = Portfolio(Account(timezone, currency, as_of, Settings()), [], [], [], [], _rates(random, as_of))
    for number in range(customers):
        customer = Customer(
            random.choice(("c", "C", "é", "z-", "0")) + str(number),
            potential=Decimal(random.choice(PRICES)) * 10 if random.random() < 0.5 else None,
            lead_fit=random.choice((0, 0, 10, 45, 50, 120, -5)),
        )
        portfolio.customers.append(customer)
        _purchases(random, portfolio, customer.customer_id, zone)
        _contacts(random, portfolio, customer.customer_id, zone)
    return portfolio


def _rates(random: Random, as_of: date) -> list[ExchangeRate]:
    days = [as_of - timedelta(days=1200), *(as_of - timedelta(days=random.randrange(1000)) for _ in range(12))]
    return [
        ExchangeRate(day, currency, Decimal(random.choice(RATES))) for currency in ("USD", "JPY") for day in set(days)
    ]


def _moment(random: Random, as_of: date, zone: ZoneInfo) -> datetime:
    """Often near local midnight, near the bounds of windows, or on a day when clocks change."""
    bound = random.choice((0, 1, 30, 89, 90, 91, 180, 181, 365, 366, 730, 731))
    day = as_of - timedelta(days=bound if random.random() < 0.3 else random.randrange(-30, 1000))
    if random.random() < 0.1:
        day = date(day.year, 3, 29)
    local = datetime(day.year, day.month, day.day, random.choice((0, 0, 2, 12, 23)), random.choice((0, 30, 59)))
    return local.replace(tzinfo=zone).astimezone(UTC)


def _purchases(random: Random, portfolio: Portfolio, customer: str, zone: ZoneInfo) -> None:
    row = partial(_row, random, portfolio, zone)
    for order in range(random.choice((0, 0, 1, 1, 1, 2, 3, 8))):
        currency = random.choice(("", "", portfolio.account.currency, "USD", "JPY"))
        order_id = f"o{order}" if random.random() < 0.7 else ""
        for _ in range(random.choice((1, 1, 2)) if order_id else 1):
            row(customer, order_id, currency, amount=Decimal(random.choice(PRICES)))
        if random.random() < 0.3:
            part = random.choice(("-10.00", "-25.50", "-5", "-1234.5678"))
            refunded = order_id if random.random() < 0.8 else ""
            row(customer, refunded, currency, amount=Decimal(part))


def _row(random: Random, portfolio: Portfolio, zone: ZoneInfo, *ids: str, amount: Decimal) -> None:
    customer, order_id, currency = ids
    cost = random.choice((None, amount * Decimal("0.6"), amount * Decimal("0.3"), amount, amount * 2))
    portfolio.transactions.append(
        Transaction(
            transaction_id=f"t{random.randrange(10**9)}-{len(portfolio.transactions)}",
            customer_id=customer,
            kind="sale" if amount >= 0 else "refund",
            occurred_at=_moment(random, portfolio.account.as_of, zone),
            amount=amount,
            cost=None if cost is None else round(cost, 4),
            order_id=order_id,
            currency=currency,
        )
    )


def _contacts(random: Random, portfolio: Portfolio, customer: str, zone: ZoneInfo) -> None:
    as_of = portfolio.account.as_of
    for _ in range(random.choice((0, 1, 3, 12))):
        kind, moment = random.choice(INTERACTIONS), _moment(random, as_of, zone)
        message = f"{customer}-{random.randrange(6)}" if kind.startswith("email") and random.random() < 0.9 else ""
        cost = Decimal(random.choice(("0", "0", "12.345", "40", "200")))
        portfolio.interactions.append(Interaction(customer, kind, moment, message, cost))
    same_instant = _moment(random, as_of, zone)
    for number in range(random.choice((0, 0, 1, 3))):
        moment = same_instant if random.random() < 0.5 else _moment(random, as_of, zone)
        name = f"s{random.randrange(100)}-{customer}-{number}"
        if random.random() < 0.7:
            portfolio.surveys.append(Survey(name, customer, "nps", random.randrange(11), moment))
        else:
            portfolio.surveys.append(Survey(name, customer, "csat", random.randrange(1, 6), moment))
