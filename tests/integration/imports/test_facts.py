"""Facts: the first delivery of an id wins, what cannot be counted is rejected, named customers can be created."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.imports.conftest import Importing, counts

CDNOW = Path(__file__).parents[3] / "examples" / "cdnow"
CUSTOMERS = "Réf client;Nom\nC1;Durand\nC2;Martin\n"
HEADER = "id;client;commande;date;montant;devise\n"


async def sales(importing: Importing) -> list[tuple[object, ...]]:
    return await importing.rows(
        "select t.external_id, c.external_id, t.kind, t.amount::text, t.currency from transaction t"
        " join customer c on c.workspace_id = t.workspace_id and c.id = t.customer_id"
        " where t.workspace_id = $1 order by t.external_id"
    )


async def bring_sales(importing: Importing, *lines: str, rows_at_once: int = 1000, **mapping: Any) -> dict[str, Any]:
    fields = ("external_id", "customer_external_id", "order_id", "occurred_at", "amount", "currency")
    columns = {name: position for position, name in enumerate(fields, start=1)}
    wanted: dict[str, Any] = {"columns": columns, "timezone": "Europe/Paris"}
    return await importing.bring(
        HEADER + "\n".join(lines), "transactions", rows_at_once=rows_at_once, **(wanted | mapping)
    )


async def test_the_cdnow_sample_is_in_with_every_customer_and_purchase_once(importing: Importing) -> None:
    content = (CDNOW / "CDNOW_sample.txt").read_bytes()
    mapping = json.loads((CDNOW / "transactions.mapping.json").read_text())

    first = await importing.bring(content, "transactions", "CDNOW_sample.txt", **mapping)
    second = await importing.bring(content, "transactions", "CDNOW_sample.txt", **mapping)

    assert (first["status"], counts(first)) == ("completed", {"created": 6919, "customers_created": 2357})
    assert counts(second) == {"unchanged": 6919}
    assert (await importing.count("customer"), await importing.count("transaction")) == (2357, 6919)


async def test_the_first_delivery_of_an_id_wins_even_if_it_was_rejected(importing: Importing) -> None:
    await importing.bring(CUSTOMERS)

    found = await bring_sales(
        importing,
        "T1;C1;;2026-03-01;10,00;EUR",
        "T2;C1;;2026-03-01;abc;EUR",
        "T1;C2;;2026-03-02;20,00;EUR",
        "T2;C1;;2026-03-01;12,00;EUR",
        rows_at_once=2,
    )  # fmt: skip

    assert counts(found) == {"created": 1, "duplicate": 2, "rejected": 1}
    assert await importing.faults(found["id"]) == [(3, "bad_amount"), (4, "duplicate"), (5, "duplicate")]
    assert await sales(importing) == [("T1", "C1", "sale", "10.0000", "EUR")]


async def test_recorded_rows_are_unchanged_when_equal_and_duplicates_when_not(importing: Importing) -> None:
    await importing.bring(CUSTOMERS)
    await bring_sales(importing, "T1;C1;;2026-03-01;10,00;EUR", "T2;C1;;2026-03-01;10,00;EUR")

    found = await bring_sales(importing, "T1;C1;;2026-03-01;10,00;EUR", "T2;C1;;2026-03-01;11,00;EUR")

    assert counts(found) == {"unchanged": 1, "duplicate": 1}
    assert [row[3] for row in await sales(importing)] == ["10.0000", "10.0000"]


async def test_an_unknown_customer_comes_before_any_other_reason(importing: Importing) -> None:
    await importing.bring(CUSTOMERS)

    found = await bring_sales(importing, "T1;C9;;2026-03-01;10,00;EUR", "T2;C9;;whenever;abc;EUR")

    assert counts(found) == {"rejected": 2}
    assert await importing.faults(found["id"]) == [
        (2, "unknown_customer"), (3, "unknown_customer"), (3, "bad_timestamp"), (3, "bad_amount"),
    ]  # fmt: skip


@pytest.mark.parametrize("rows_at_once", [1, 1000])
async def test_currencies_need_a_rate_and_agree_with_their_order(importing: Importing, rows_at_once: int) -> None:
    await importing.bring(CUSTOMERS)
    await importing.database.execute(
        "insert into exchange_rate (workspace_id, currency, date, rate) values ($1, 'USD', '2026-02-01', 0.9)",
        importing.workspace_id,
    )

    found = await bring_sales(
        importing,
        "T1;C1;O1;2026-03-02;10,00;EUR",
        "T2;C1;O1;2026-03-01;10,00;USD",
        "T3;C1;;2026-01-15;10,00;USD",
        "T4;C1;O1;2026-03-05;-10,00;USD",
        rows_at_once=rows_at_once,
    )  # fmt: skip

    assert counts(found) == {"created": 2, "rejected": 2}
    assert await importing.faults(found["id"]) == [(2, "currency_mismatch"), (4, "missing_fx")]
    assert [row[0] for row in await sales(importing)] == ["T2", "T4"]


async def test_interactions_come_in_and_can_name_new_companies(importing: Importing) -> None:
    content = "id;client;type;date;durée\nI1;C1;appel;2026-03-01 10:00;65\nI2;N1;visite;2026-03-02 11:00;\n"
    mapping: dict[str, Any] = {
        "columns": {"external_id": 1, "customer_external_id": 2, "kind": 3, "occurred_at": 4, "duration_seconds": 5},
        "timezone": "Europe/Paris",
        "create_customers": "company",
    }
    await importing.bring(CUSTOMERS)

    first = await importing.bring(content, "interactions", **mapping)
    second = await importing.bring(content, "interactions", **mapping)

    assert counts(first) == {"created": 2, "customers_created": 1}
    assert counts(second) == {"unchanged": 2}
    assert await importing.rows("select kind, name from customer where workspace_id = $1 and external_id = 'N1'") == [
        ("company", "N1")
    ]
    assert await importing.rows(
        "select occurred_at::text, duration_seconds from interaction where workspace_id = $1 and external_id = 'I1'"
    ) == [("2026-03-01 09:00:00+00", 65)]


async def test_a_pipeline_comes_in_with_its_owners_and_products(importing: Importing) -> None:
    await importing.bring(CUSTOMERS)
    await importing.database.execute(
        "insert into product (workspace_id, name, currency) values ($1, 'GTX Pro', 'EUR')", importing.workspace_id
    )
    content = "id,client,stage,product,amount\nP1,C1,Won,GTXPro,100\nP2,,Prospecting,Unknown,50\nP3,C1,Engaging,,\n"
    mapping: dict[str, Any] = {
        "columns": {"external_id": 1, "customer_external_id": 2, "stage": 3, "product_name": 4, "amount": 5}
    }

    first = await importing.bring(content, "opportunities", **mapping)
    second = await importing.bring(content, "opportunities", **mapping)

    assert (counts(first), counts(second)) == ({"created": 2, "rejected": 1}, {"unchanged": 2, "rejected": 1})
    assert await importing.faults(first["id"]) == [(3, "unknown_reference")]
    assert await importing.rows(
        "select external_id, stage, closed_on is not null, product_id is not null from opportunity"
        " where workspace_id = $1 order by 1"
    ) == [("P1", "won", True, True), ("P3", "engaging", False, False)]
