"""The invented private customers fill every class, and could disturb nobody."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import phonenumbers
import pytest

from services.cli.demo import b2c, maven
from services.cli.demo.portfolio import Portfolio
from tests.unit.demo import figures

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return b2c.portfolio(TODAY)


def test_the_same_day_gives_the_same_rows(portfolio: Portfolio) -> None:
    assert b2c.portfolio(TODAY) == portfolio
    assert b2c.portfolio(TODAY, seed=1) != portfolio


def test_there_are_four_hundred_people_of_every_status(portfolio: Portfolio) -> None:
    ages = figures.recency(portfolio, TODAY)
    assert Counter(figures.status(ages.get(row["external_id"])) for row in portfolio.customers) == {
        "active": 290,
        "dormant": 40,
        "lost": 25,
        "prospect": 45,
    }


@pytest.mark.parametrize("today", [TODAY, date(2027, 2, 28), date(2028, 2, 29), date(2026, 12, 31)])
def test_together_with_the_companies_all_rfm_segments_have_members(today: date) -> None:
    people, companies = b2c.portfolio(today), maven.portfolio(today)
    together = Portfolio(
        customers=people.customers + companies.customers, transactions=people.transactions + companies.transactions
    )
    cells = set(figures.rfm_cells(together, today).values())

    named = {
        "champions": {(5, 4), (5, 5)},
        "loyal_customers": {(4, 4), (4, 5), (3, 4), (3, 5)},
        "potential_loyalists": {(5, 2), (5, 3), (4, 2), (4, 3)},
        "new_customers": {(5, 1)},
        "promising": {(4, 1)},
        "need_attention": {(3, 3)},
        "about_to_sleep": {(3, 1), (3, 2)},
        "at_risk": {(1, 3), (1, 4), (2, 3), (2, 4)},
        "cant_lose_them": {(1, 5), (2, 5)},
        "hibernating": {(1, 1), (1, 2), (2, 1), (2, 2)},
    }
    assert [name for name, members in named.items() if not members & cells] == []


def test_nobody_can_be_reached_by_accident(portfolio: Portfolio) -> None:
    emails = [row["email"] for row in portfolio.customers if row["email"]]
    numbers = [row["phone"] for row in portfolio.customers]

    assert {email.rpartition("@")[2] for email in emails} == {"example.fr", "example.com", "example.org"}
    assert len(set(emails)) == len(emails)
    assert all(email.isascii() for email in emails)
    fiction = ("+3319900", "+3326191", "+3335301", "+3346571", "+3353649", "+3363998")
    assert {number[:8] for number in numbers} == set(fiction)
    assert all(phonenumbers.is_possible_number(phonenumbers.parse(number)) for number in numbers)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("today", [TODAY, date(2028, 2, 28), date(2028, 2, 29), date(2026, 12, 31)])
def test_somebody_has_a_birthday_today_and_somebody_tomorrow(today: date) -> None:
    days = Counter(row["birth_date"][-5:] for row in b2c.portfolio(today).customers if row["birth_date"])

    assert days[f"{today:%m-%d}"] >= 3
    assert days[f"{today + timedelta(days=1):%m-%d}"] >= 3
    assert days["02-29"] >= 3


def test_every_birth_date_exists_or_lacks_only_its_year(portfolio: Portfolio) -> None:
    dates = [row["birth_date"] for row in portfolio.customers if row["birth_date"]]
    full = [date.fromisoformat(text) for text in dates if not text.startswith("--")]

    assert {text[:2] for text in dates} >= {"--", "19"}
    assert all(date(1940, 1, 1) < born < date(2004, 1, 1) for born in full)


def test_contracts_end_on_each_day_of_the_reminders_and_later(portfolio: Portfolio) -> None:
    days = Counter((row["ends_on"] - TODAY).days for row in portfolio.contracts)

    assert {left: days[left] for left in (0, 7, 30, 90)} == {0: 3, 7: 3, 30: 3, 90: 3}
    assert sum(count for left, count in days.items() if left > 90) == 40
    assert {row["status"] for row in portfolio.contracts if row["ends_on"] < TODAY} == {"expired"}
    assert all(row["starts_on"] < row["ends_on"] for row in portfolio.contracts)


def test_refunds_are_whole_or_partial_and_a_few_belong_to_no_order(portfolio: Portfolio) -> None:
    sales = {row["order_id"]: row["amount"] for row in portfolio.transactions if row["kind"] == "sale"}
    refunds = [row for row in portfolio.transactions if row["kind"] == "refund"]
    attached = [row for row in refunds if row["order_id"]]

    assert any(sales[row["order_id"]] == -row["amount"] for row in attached)
    assert any(sales[row["order_id"]] > -row["amount"] for row in attached)
    assert len(refunds) - len(attached) >= 3
    assert all(row["amount"] > 0 for row in portfolio.transactions if row["kind"] == "sale")
    assert all(isinstance(row["amount"], Decimal) and row["amount"] < 0 for row in refunds)


def test_leads_lie_above_and_below_the_threshold(portfolio: Portfolio) -> None:
    interactions = figures.by_customer(portfolio.interactions)
    bought = figures.recency(portfolio, TODAY)
    scores = [
        figures.lead_score(row, interactions[row["external_id"]], TODAY)
        for row in portfolio.customers
        if row["external_id"] not in bought
    ]
    assert len([score for score in scores if score >= 50]) == 12
    assert len([score for score in scores if score < 50]) == 33


def test_newsletters_have_readers_clickers_bounces_and_people_who_never_open(portfolio: Portfolio) -> None:
    recent = [row for row in portfolio.interactions if figures.age(row, TODAY) < 90]
    kinds = {customer: Counter(row["kind"] for row in rows) for customer, rows in figures.by_customer(recent).items()}

    disengaged = [each for each in kinds.values() if each["email_sent"] >= 5 and not each["email_opened"]]
    clickers = [each for each in kinds.values() if each["email_clicked"]]
    assert len(disengaged) >= 20
    assert len(clickers) >= 20
    assert {"email_bounced", "unsubscribe"} <= {row["kind"] for row in portfolio.interactions}


def test_a_mail_is_only_sent_to_someone_who_agreed_and_had_not_left(portfolio: Portfolio) -> None:
    statements = figures.by_customer(portfolio.consents)
    for mail in (row for row in portfolio.interactions if row["kind"] == "email_sent"):
        before = [row for row in statements[mail["customer_external_id"]] if row["recorded_at"] < mail["occurred_at"]]
        assert before[-1]["status"] == "granted"


def test_opinions_are_of_every_class_and_some_complain_again(portfolio: Portfolio) -> None:
    nps = {row["score"] for row in portfolio.surveys if row["kind"] == "nps"}
    csat = {row["score"] for row in portfolio.surveys if row["kind"] == "csat"}
    recent = Counter(row["customer_external_id"] for row in portfolio.complaints if figures.age(row, TODAY) < 90)

    assert nps >= {0, 6, 7, 8, 9, 10}
    assert csat == {1, 2, 3, 4, 5}
    assert len([customer for customer, times in recent.items() if times >= 2]) >= 10


def test_some_customers_cost_more_than_they_bring_and_some_could_bring_more(portfolio: Portfolio) -> None:
    revenue = figures.revenue(portfolio, TODAY)
    costs = {
        customer: sum((row.get("cost") or Decimal(0) for row in rows), Decimal(0))
        for customer, rows in figures.by_customer(portfolio.interactions).items()
    }
    costly = [customer for customer, cost in costs.items() if cost > revenue[customer] > 0]
    headroom = [
        row["external_id"]
        for row in portfolio.customers
        if 0 < revenue[row["external_id"]] * 2 <= (row["potential_annual_revenue"] or 0)
    ]
    assert len(costly) >= 5
    assert len(headroom) >= 20


def test_nothing_happens_after_today(portfolio: Portfolio) -> None:
    rows = [*portfolio.transactions, *portfolio.interactions, *portfolio.complaints]

    assert min(figures.age(row, TODAY) for row in rows) >= 0
    assert min(figures.age(row, TODAY, "answered_at") for row in portfolio.surveys) > 0
