"""Recording sales and refunds: the checks of rule I7 in their order, one by one and in batches."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
NewKey = Callable[..., Awaitable[str]]


def sale(**fields: Any) -> dict[str, Any]:
    return {"kind": "sale", "amount": "100.00", "occurred_at": "2026-03-01T10:00:00+01:00"} | fields


async def add_rate(owner: asyncpg.Connection, workspace: UUID, day: str, currency: str = "USD") -> None:
    await owner.execute(
        "insert into exchange_rate (workspace_id, date, currency, rate) values ($1, $2::text::date, $3, 0.9)",
        workspace,
        day,
        currency,
    )


async def test_a_sale_is_recorded_with_its_event(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer(external_id="C1")
    body = sale(customer_external_id="C1", external_id="t-1", order_id="o-1", amount="129.9", cost="60")

    response = await client.post("/v1/transactions", json=body)

    assert response.status_code == 201, response.text
    recorded = response.json()
    assert response.headers["location"] == f"/v1/transactions/{recorded['id']}"
    names = ("customer_id", "external_id", "order_id", "kind", "occurred_at", "amount", "currency", "cost", "lines")
    assert {name: recorded[name] for name in names} == {
        "customer_id": customer["id"], "external_id": "t-1", "order_id": "o-1", "kind": "sale",
        "occurred_at": "2026-03-01T09:00:00Z", "amount": "129.90", "currency": "EUR", "cost": "60.00", "lines": [],
    }  # fmt: skip
    event = await owner.fetchrow("select * from outbox where type = 'transaction.recorded'")
    assert str(event["customer_id"]) == customer["id"]
    assert event["data"] == (
        f'{{"kind": "sale", "amount": "129.90", "currency": "EUR", "customer_id": "{customer["id"]}", '
        f'"transaction_id": "{recorded["id"]}"}}'
    )
    assert (await client.get(f"/v1/transactions/{recorded['id']}")).json() == recorded


async def test_a_repeated_reference_answers_the_first_row(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    first = await client.post("/v1/transactions", json=sale(customer_id=customer["id"], external_id="t-1"))

    again = await client.post(
        "/v1/transactions", json=sale(customer_id=customer["id"], external_id="t-1", amount="7", currency="USD")
    )

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert await owner.fetchval("select count(*) from transaction") == 1
    assert await owner.fetchval("select count(*) from outbox where type = 'transaction.recorded'") == 1


async def test_a_row_of_a_batch_is_rejected_for_the_first_reason_of_the_rule(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    await new_customer(external_id="C1")
    await client.post("/v1/transactions", json=sale(customer_external_id="C1", external_id="known"))
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("unknown_customer", sale(customer_external_id="nobody", amount="x", occurred_at="yesterday")),
        ("bad_timestamp", sale(customer_external_id="C1", amount="x", occurred_at="2026-03-01T10:00:00")),
        ("bad_amount", sale(customer_external_id="C1", amount="NaN", kind="gift")),
        ("bad_kind", sale(customer_external_id="C1", kind="gift", cost="x")),
        ("bad_sign", sale(customer_external_id="C1", amount="-1", cost="x")),
        ("bad_sign", sale(customer_external_id="C1", kind="refund", amount="-1", cost="1")),
        ("bad_amount", sale(customer_external_id="C1", cost="x", currency="USD")),
        ("missing_fx", sale(customer_external_id="C1", currency="USD")),
        ("required", sale()),
    ]
    rows = [row for _, row in wrong] + [
        sale(customer_external_id="C1", external_id="t-1", amount="-5"),
        sale(customer_external_id="C1", external_id="t-1"),
        sale(customer_external_id="nobody", external_id="known", amount="x"),
        sale(customer_external_id="C1", external_id="t-2"),
        sale(customer_external_id="C1", external_id="t-2", amount="x"),
    ]

    answer = (await client.post("/v1/transactions/batch", json={"items": rows})).json()

    reasons = [item["errors"][0]["code"] for item in answer["items"][: len(wrong)]]
    assert reasons == [reason for reason, _ in wrong]
    after = answer["items"][len(wrong) :]
    assert [item["status"] for item in after] == [422, 422, 200, 201, 200]
    assert [item["errors"][0]["code"] for item in after[:2]] == ["bad_sign", "duplicate"]
    assert after[4]["id"] == after[3]["id"]
    assert (answer["created"], answer["unchanged"], answer["rejected"]) == (1, 2, len(wrong) + 2)
    assert await owner.fetchval("select count(*) from transaction") == 2


async def test_all_rows_of_an_order_are_in_the_currency_of_its_first_sale_whatever_their_order_of_arrival(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer
) -> None:
    await new_customer(external_id="C1")
    await new_customer(external_id="C2")
    await add_rate(owner, workspace, "2026-01-01")
    rows = [
        sale(customer_external_id="C1", order_id="o", occurred_at="2026-03-02T10:00:00Z"),
        sale(customer_external_id="C1", order_id="o", occurred_at="2026-03-01T10:00:00Z", currency="USD"),
        sale(customer_external_id="C1", order_id="o", kind="refund", amount="-1", occurred_at="2026-02-01T10:00:00Z"),
        sale(customer_external_id="C2", order_id="o"),
    ]

    batch = (await client.post("/v1/transactions/batch", json={"items": rows})).json()
    later = sale(customer_external_id="C1", order_id="o", occurred_at="2026-03-01T10:00:01Z")
    single = await client.post("/v1/transactions", json=later)

    assert [item["status"] for item in batch["items"]] == [422, 201, 422, 201]
    assert batch["items"][0]["errors"][0]["code"] == "currency_mismatch"
    assert batch["items"][2]["errors"][0]["code"] == "currency_mismatch"
    assert (single.status_code, single.json()["errors"][0]["code"]) == (422, "currency_mismatch")


async def test_the_needed_rate_is_that_of_the_local_day_and_of_the_orders_day_for_a_refund(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer
) -> None:
    await new_customer(external_id="C1")
    await add_rate(owner, workspace, "2026-03-10")
    usd = {"customer_external_id": "C1", "currency": "USD"}
    before_midnight, after_midnight = "2026-03-09T22:59:59Z", "2026-03-09T23:00:00Z"
    rows = [
        sale(**usd, occurred_at=before_midnight),
        sale(**usd, occurred_at=after_midnight, order_id="o"),
        sale(**usd, kind="refund", amount="-5", occurred_at=before_midnight),
        sale(**usd, kind="refund", amount="-5", occurred_at=before_midnight, order_id="o"),
    ]

    answer = (await client.post("/v1/transactions/batch", json={"items": rows})).json()

    assert [item["status"] for item in answer["items"]] == [422, 201, 422, 201]
    assert {item["errors"][0]["code"] for item in answer["items"] if item["errors"]} == {"missing_fx"}


async def test_lines_name_products_of_the_workspace(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    product = await owner.fetchval(
        "insert into product (workspace_id, name, currency) values ($1, 'Chaise', 'EUR') returning id", workspace
    )
    line = {"product_id": str(product), "quantity": "2", "unit_price": "50.00"}
    unknown = line | {"product_id": str(uuid4())}

    good = await client.post("/v1/transactions", json=sale(customer_id=customer["id"], lines=[line]))
    bad = await client.post("/v1/transactions", json=sale(customer_id=customer["id"], lines=[line, unknown]))

    assert (good.status_code, good.json()["lines"]) == (201, [line])
    assert bad.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in bad.json()["errors"]] == [
        ("#/lines/1/product_id", "unknown_reference")
    ]
    assert await owner.fetchval("select count(*) from transaction") == 1


async def test_the_list_is_newest_first_and_filtered(client: httpx.AsyncClient, new_customer: NewCustomer) -> None:
    one, other = await new_customer(external_id="C1"), await new_customer(external_id="C2")
    for day, fields in enumerate(({}, {"order_id": "o"}, {"kind": "refund", "amount": "-3"}), start=1):
        body = sale(customer_id=one["id"], occurred_at=f"2026-03-0{day}T10:00:00Z") | fields
        assert (await client.post("/v1/transactions", json=body)).status_code == 201
    await client.post("/v1/transactions", json=sale(customer_id=other["id"]))

    async def amounts(query: str) -> list[str]:
        response = await client.get(f"/v1/transactions?customer_id={one['id']}&{query}")
        return [item["amount"] for item in response.json()["items"]]

    assert await amounts("") == ["-3.00", "100.00", "100.00"]
    assert await amounts("kind=refund") == ["-3.00"]
    assert await amounts("order_id=o") == ["100.00"]
    assert await amounts("occurred_after=2026-03-01T10:00:00Z&occurred_before=2026-03-03T10:00:00Z") == ["100.00"]


async def test_a_rep_records_and_reads_only_in_its_portfolio(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_key: NewKey, new_customer: NewCustomer
) -> None:
    rep = await owner.fetchval(
        "insert into user_account (workspace_id, email, name, role) values ($1, 'a@x.fr', 'A', 'rep') returning id",
        workspace,
    )
    mine, foreign = await new_customer(owner_id=str(rep)), await new_customer()
    hidden = (await client.post("/v1/transactions", json=sale(customer_id=foreign["id"]))).json()
    as_rep = {"Authorization": f"Bearer {await new_key('rep', user_id=rep)}"}

    good = await client.post("/v1/transactions", json=sale(customer_id=mine["id"]), headers=as_rep)
    bad = await client.post("/v1/transactions", json=sale(customer_id=foreign["id"]), headers=as_rep)

    assert good.status_code == 201
    assert (bad.status_code, bad.json()["errors"][0]["code"]) == (422, "unknown_customer")
    listed = (await client.get("/v1/transactions", headers=as_rep)).json()["items"]
    assert [item["id"] for item in listed] == [good.json()["id"]]
    assert (await client.get(f"/v1/transactions/{hidden['id']}", headers=as_rep)).status_code == 404
