"""The Maven CRM data set as a portfolio of today: `data/maven/SOURCE.md` says what is taken over and how."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from importlib.resources import files
from zoneinfo import ZoneInfo

from services.cli.demo.portfolio import Portfolio, Row

LAST_DAY = date(2017, 12, 31)

STAGES = {"Prospecting": "prospecting", "Engaging": "engaging", "Won": "won", "Lost": "lost"}
REPAIRED_SECTORS = {"technolgy": "technology"}
REPAIRED_PRODUCTS = {"GTXPro": "GTX Pro"}
COUNTRIES = {
    "Belgium": "BE",
    "Brazil": "BR",
    "China": "CN",
    "Germany": "DE",
    "Italy": "IT",
    "Japan": "JP",
    "Jordan": "JO",
    "Kenya": "KE",
    "Korea": "KR",
    "Norway": "NO",
    "Panama": "PA",
    "Philipines": "PH",
    "Poland": "PL",
    "Romania": "RO",
    "United States": "US",
}


def portfolio(today: date, *, timezone: str = "Europe/Paris", currency: str = "EUR") -> Portfolio:
    """All rows, with the source's last day moved to `today`. Deterministic."""
    agents = _table("sales_teams")
    prices = {line["product"]: Decimal(line["sales_price"]) for line in _table("products")}
    deals = [_deal(line, prices, today, currency) for line in _table("sales_pipeline")]
    zone = ZoneInfo(timezone)
    return Portfolio(
        teams=_teams(agents),
        users=_users(agents),
        products=[_product(line, currency) for line in _table("products")],
        customers=_customers(deals, zone),
        opportunities=deals,
        transactions=[_sale(deal, zone) for deal in deals if deal["stage"] == "won"],
    )


def _table(name: str) -> list[dict[str, str]]:
    text = (files(__package__) / f"data/maven/{name}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _email(name: str) -> str:
    return f"{_slug(name).replace('-', '.')}@example.com"


def _team_name(agent: dict[str, str]) -> str:
    return f"{agent['regional_office']} – {agent['manager']}"


def _teams(agents: list[dict[str, str]]) -> list[Row]:
    managers = {_team_name(agent): agent["manager"] for agent in agents}
    return [{"name": team, "manager_email": _email(manager)} for team, manager in managers.items()]


def _users(agents: list[dict[str, str]]) -> list[Row]:
    managers = {agent["manager"]: _user(agent["manager"], "manager", _team_name(agent)) for agent in agents}
    return [*managers.values(), *(_user(agent["sales_agent"], "rep", _team_name(agent)) for agent in agents)]


def _user(name: str, role: str, team_name: str) -> Row:
    return {"email": _email(name), "name": name, "role": role, "team_name": team_name, "language": "en"}


def _product_id(name: str) -> str:
    return f"maven-{_slug(REPAIRED_PRODUCTS.get(name, name))}"


def _product(line: dict[str, str], currency: str) -> Row:
    return {
        "external_id": _product_id(line["product"]),
        "name": line["product"],
        "category": line["series"],
        "unit_price": Decimal(line["sales_price"]),
        "currency": currency,
    }


def _deal(line: dict[str, str], prices: dict[str, Decimal], today: date, currency: str) -> Row:
    product = REPAIRED_PRODUCTS.get(line["product"], line["product"])
    stage = STAGES[line["deal_stage"]]
    return {
        "external_id": line["opportunity_id"],
        "customer_external_id": _slug(line["account"]) or None,
        "name": f"{product} – {line['account']}" if line["account"] else product,
        "stage": stage,
        "amount": Decimal(line["close_value"]) if stage == "won" else prices[product],
        "currency": currency,
        "owner_email": _email(line["sales_agent"]),
        "product_external_id": _product_id(product),
        "engaged_on": _moved(line["engage_date"], today),
        "closed_on": _moved(line["close_date"], today),
    }


def _moved(text: str, today: date) -> date | None:
    if not text:
        return None
    month, day, year = map(int, text.split("/"))
    return date(year, month, day) + (today - LAST_DAY)


def _sale(deal: Row, zone: ZoneInfo) -> Row:
    return {
        "external_id": deal["external_id"],
        "customer_external_id": deal["customer_external_id"],
        "kind": "sale",
        "occurred_at": datetime.combine(deal["closed_on"], time(12), zone),
        "amount": deal["amount"],
        "currency": deal["currency"],
        "lines": [{"product_external_id": deal["product_external_id"], "quantity": 1, "unit_price": deal["amount"]}],
    }


def _customers(deals: list[Row], zone: ZoneInfo) -> list[Row]:
    first_days, owners = _first_days(deals), _owners(deals)
    return [_customer(line, first_days, owners, zone) for line in _table("accounts")]


def _customer(line: dict[str, str], first_days: dict[str, date], owners: dict[str, str], zone: ZoneInfo) -> Row:
    external_id = _slug(line["account"])
    return {
        "external_id": external_id,
        "kind": "company",
        "name": line["account"],
        "owner_email": owners[external_id],
        "sector": REPAIRED_SECTORS.get(line["sector"], line["sector"]),
        "employees": int(line["employees"]),
        "annual_revenue": Decimal(line["revenue"]) * 1_000_000,
        "address": {"country": COUNTRIES[line["office_location"]]},
        "language": "en",
        "created_at": datetime.combine(first_days[external_id], time(9), zone),
        "custom_fields": dict(_custom_fields(line)),
    }


def _custom_fields(line: dict[str, str]) -> Iterator[tuple[str, str | int]]:
    yield "year_established", int(line["year_established"])
    if line["subsidiary_of"]:
        yield "subsidiary_of", line["subsidiary_of"]


def _first_days(deals: list[Row]) -> dict[str, date]:
    """The day on which each account was engaged first."""
    first_days: dict[str, date] = {}
    for deal in sorted((deal for deal in deals if deal["engaged_on"]), key=lambda deal: deal["engaged_on"]):
        first_days.setdefault(deal["customer_external_id"], deal["engaged_on"])
    return first_days


def _owners(deals: list[Row]) -> dict[str, str]:
    """The agent with most of an account's opportunities; of equals, the first by e-mail address."""
    shares = Counter((deal["customer_external_id"], deal["owner_email"]) for deal in deals)
    owners: dict[str, str] = {}
    for account, owner in sorted(shares, key=lambda pair: (-shares[pair], pair[1])):
        owners.setdefault(account, owner)
    return owners
