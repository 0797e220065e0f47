"""Both sources can be loaded into one workspace: keys are unique and references lead somewhere."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from services.cli.demo import b2c, maven
from services.cli.demo.portfolio import Portfolio, Row

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def both() -> dict[str, list[Row]]:
    sources = (maven.portfolio(TODAY), b2c.portfolio(TODAY))
    return {name: [row for source in sources for row in getattr(source, name)] for name in Portfolio.__slots__}


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("teams", "name"),
        ("users", "email"),
        ("products", "external_id"),
        ("customers", "external_id"),
        ("opportunities", "external_id"),
        ("contracts", "external_id"),
        ("transactions", "external_id"),
        ("interactions", "external_id"),
        ("complaints", "external_id"),
        ("surveys", "external_id"),
    ],
)
def test_a_key_is_given_once(both: dict[str, list[Row]], table: str, key: str) -> None:
    assert [value for value, times in Counter(row[key] for row in both[table]).items() if times > 1] == []


@pytest.mark.parametrize(
    ("reference", "table", "key"),
    [
        ("customer_external_id", "customers", "external_id"),
        ("product_external_id", "products", "external_id"),
        ("owner_email", "users", "email"),
        ("manager_email", "users", "email"),
        ("team_name", "teams", "name"),
    ],
)
def test_a_reference_leads_somewhere(both: dict[str, list[Row]], reference: str, table: str, key: str) -> None:
    known = {row[key] for row in both[table]}
    used = {value for rows in both.values() for row in rows for value in references(row, reference)}

    assert used - known == set()
    assert used != set()


def references(row: Row, name: str) -> list[Any]:
    nested = [line.get(name) for line in row.get("lines", ())]
    return [value for value in [row.get(name), *nested] if value is not None]
