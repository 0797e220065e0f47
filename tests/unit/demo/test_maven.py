"""The Maven CRM data set arrives complete, repaired, and moved to the day of the demonstration."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from services.cli.demo import maven
from services.cli.demo.portfolio import Portfolio

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return maven.portfolio(TODAY)


def test_every_row_of_the_source_is_there(portfolio: Portfolio) -> None:
    assert {name: count for name, count in portfolio.counts().items() if count} == {
        "teams": 6,
        "users": 41,
        "products": 7,
        "customers": 85,
        "opportunities": 8800,
        "transactions": 4238,
    }
    assert Counter(deal["stage"] for deal in portfolio.opportunities) == {
        "won": 4238,
        "lost": 2473,
        "engaging": 1589,
        "prospecting": 500,
    }


def test_the_last_day_of_the_source_becomes_today(portfolio: Portfolio) -> None:
    closed = [deal["closed_on"] for deal in portfolio.opportunities if deal["closed_on"]]
    assert (min(closed), max(closed)) == (date(2026, 1, 20), TODAY)


def test_a_won_opportunity_is_a_sale_at_midday_of_its_closing_day(portfolio: Portfolio) -> None:
    sale = next(row for row in portfolio.transactions if row["external_id"] == "1C1I7A6R")

    assert sale == {
        "external_id": "1C1I7A6R",
        "customer_external_id": "cancity",
        "kind": "sale",
        "occurred_at": datetime(2026, 1, 20, 12, tzinfo=ZoneInfo("Europe/Paris")),
        "amount": Decimal(1054),
        "currency": "EUR",
        "lines": [{"product_external_id": "maven-gtx-plus-basic", "quantity": 1, "unit_price": Decimal(1054)}],
    }


def test_the_product_without_its_blank_is_found(portfolio: Portfolio) -> None:
    deal = next(row for row in portfolio.opportunities if row["external_id"] == "Z063OYW0")

    assert deal["product_external_id"] == "maven-gtx-pro"
    assert deal["name"] == "GTX Pro – Isdom"


def test_a_company_keeps_its_facts_and_loses_its_misspellings(portfolio: Portfolio) -> None:
    company = next(row for row in portfolio.customers if row["external_id"] == "bluth-company")

    assert company == {
        "external_id": "bluth-company",
        "kind": "company",
        "name": "Bluth Company",
        "owner_email": "cassey.cress@example.com",
        "sector": "technology",
        "employees": 3027,
        "annual_revenue": Decimal("1242320000.00"),
        "address": {"country": "US"},
        "language": "en",
        "created_at": datetime(2025, 12, 18, 9, tzinfo=ZoneInfo("Europe/Paris")),
        "custom_fields": {"year_established": 1993, "subsidiary_of": "Acme Corporation"},
    }
    assert "technolgy" not in {row["sector"] for row in portfolio.customers}
    assert {row["external_id"]: row["address"]["country"] for row in portfolio.customers}["bioholding"] == "PH"


def test_an_opportunity_without_account_has_no_customer_and_its_list_price(portfolio: Portfolio) -> None:
    nameless = [row for row in portfolio.opportunities if row["customer_external_id"] is None]

    assert Counter(row["stage"] for row in nameless) == {"engaging": 1088, "prospecting": 337}
    assert all(row["amount"] > 0 and row["closed_on"] is None for row in nameless)


def test_every_manager_leads_one_team_of_an_office(portfolio: Portfolio) -> None:
    managers = {row["email"]: row for row in portfolio.users if row["role"] == "manager"}

    assert Counter(row["role"] for row in portfolio.users) == {"rep": 35, "manager": 6}
    assert {team["name"]: managers[team["manager_email"]]["team_name"] for team in portfolio.teams} == {
        team["name"]: team["name"] for team in portfolio.teams
    }
    assert Counter(team["name"].split(" – ")[0] for team in portfolio.teams) == {"Central": 2, "East": 2, "West": 2}


def test_the_currency_and_the_time_zone_are_those_of_the_workspace() -> None:
    elsewhere = maven.portfolio(TODAY, timezone="Pacific/Auckland", currency="NZD")

    assert {row["currency"] for row in [*elsewhere.transactions, *elsewhere.products]} == {"NZD"}
    assert elsewhere.transactions[0]["occurred_at"].utcoffset() == ZoneInfo("Pacific/Auckland").utcoffset(
        datetime(2026, 1, 20)
    )
