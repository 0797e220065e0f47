"""The link at the end of every mail (RFC 8058)."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from shared.settings import INSECURE_SECRET
from shared.unsubscribe import Unsubscription, make_unsubscribe_token

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
TOLD = "select type from outbox where type in ('consent.recorded', 'customer.unsubscribed') order by id"


@pytest.fixture
async def customer(new_customer: NewCustomer) -> dict[str, Any]:
    await new_customer(name="Léa Moreau", email="lea.moreau@example.com")
    return await new_customer(email="Camille.Durand@example.com")


@pytest.fixture
def link(workspace: UUID, customer: dict[str, Any]) -> str:
    wish = Unsubscription(workspace, UUID(customer["id"]))
    return f"/u/{make_unsubscribe_token(INSECURE_SECRET, wish)}"


async def test_looking_at_the_link_shows_a_button_and_changes_nothing(
    client: httpx.AsyncClient, link: str, owner: asyncpg.Connection
) -> None:
    del client.headers["Authorization"]

    page = await client.get(link)

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Ne plus recevoir d’e-mails de Acme à l’adresse Camille.Durand@example.com" in page.text
    assert '<form method="post">' in page.text
    assert await owner.fetchval("select count(*) from consent") == 0
    assert await owner.fetchval("select count(*) from suppression") == 0


@pytest.mark.parametrize("form", [{"data": {"List-Unsubscribe": "One-Click"}},
                                  {"files": {"List-Unsubscribe": (None, "One-Click")}}, {}])  # fmt: skip
async def test_one_click_opts_out_at_once_and_once(
    form: dict[str, Any], client: httpx.AsyncClient, link: str, customer: dict[str, Any], owner: asyncpg.Connection
) -> None:
    del client.headers["Authorization"]

    done, again = await client.post(link, **form), await client.post(link, **form)

    assert (done.status_code, again.status_code) == (200, 200)
    assert "ne recevra plus d’e-mails de Acme" in done.text
    consents = await owner.fetch("select customer_id::text, purpose, channel, status, source from consent")
    assert [tuple(row) for row in consents] == [(customer["id"], "marketing", "email", "withdrawn", "unsubscribe link")]
    suppressed = await owner.fetch("select channel, address, reason from suppression")
    assert [tuple(row) for row in suppressed] == [("email", "camille.durand@example.com", "opt_out")]
    assert [row["type"] for row in await owner.fetch(TOLD)] == ["consent.recorded", "customer.unsubscribed"]


async def test_the_page_speaks_the_customers_language(
    client: httpx.AsyncClient, link: str, customer: dict[str, Any]
) -> None:
    await client.patch(f"/v1/customers/{customer['id']}", json={"language": "en"})

    page = await client.get(link, headers={"Accept-Language": "fr"})

    assert "Stop receiving e-mails from Acme" in page.text


async def test_a_name_cannot_smuggle_markup_into_the_page(
    client: httpx.AsyncClient, link: str, owner: asyncpg.Connection
) -> None:
    await owner.execute("update workspace set name = '<script>alert(1)</script>'")

    assert "<script>" not in (await client.get(link)).text


async def test_a_deleted_customer_may_still_opt_out(
    client: httpx.AsyncClient, link: str, customer: dict[str, Any], owner: asyncpg.Connection
) -> None:
    await client.delete(f"/v1/customers/{customer['id']}")

    assert (await client.post(link)).status_code == 200
    assert await owner.fetchval("select status from consent") == "withdrawn"


@pytest.mark.parametrize("token", ["x", "é", "{signed}AAAA", "A{signed}"])
async def test_a_link_that_we_did_not_sign_changes_nothing(
    token: str, client: httpx.AsyncClient, link: str, owner: asyncpg.Connection
) -> None:
    answer = await client.post(f"/u/{token.format(signed=link.removeprefix('/u/'))}")

    assert answer.status_code == 404
    assert "Ce lien n’est pas valide" in answer.text
    assert await owner.fetchval("select count(*) from consent") == 0


async def test_a_link_of_another_installation_is_not_valid(
    client: httpx.AsyncClient, workspace: UUID, customer: dict[str, Any]
) -> None:
    forged = make_unsubscribe_token("another key", Unsubscription(workspace, UUID(customer["id"])))

    assert (await client.post(f"/u/{forged}")).status_code == 404
