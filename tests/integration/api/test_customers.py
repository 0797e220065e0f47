"""The record of a customer: created, found, changed, put away, and seen only by whom it concerns."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.integration.api.arranging import add_user, add_workspace, bearer, told

NewCustomer = Callable[..., Awaitable[dict[str, Any]]]
NewKey = Callable[..., Awaitable[str]]

WHOLE = {
    "external_id": "C-1", "kind": "company", "name": "Boulangerie Müller", "lifecycle": "prospect",
    "email": "contact@muller.example", "phone": "06 39 98 01 23", "tags": ["vip", "vip", "nord"],
    "address": {"line1": "1 rue du Four", "postal_code": "75006", "city": "Paris", "country": "FR"},
    "preferred_channel": "email", "language": "fr", "timezone": "Europe/Paris", "acquisition_channel": "salon",
    "potential_annual_revenue": "12000", "lead_fit": 10, "siren": "732 829 320", "sector": "alimentation",
    "employees": 12, "annual_revenue": "800000.5", "competitors": ["Dupain"], "custom_fields": {"fournil": True},
    "created_at": "2020-01-31T23:30:00+01:00",
}  # fmt: skip


async def names(client: httpx.AsyncClient, query: str, **options: Any) -> list[str]:
    response = await client.get(f"/v1/customers?{query}", **options)
    assert response.status_code == 200, response.text
    return [item["name"] for item in response.json()["items"]]


async def test_a_customer_is_created_in_normal_form_with_its_event(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    response = await client.post("/v1/customers", json=WHOLE)

    assert response.status_code == 201, response.text
    made = response.json()
    assert response.headers["location"] == f"/v1/customers/{made['id']}"
    assert response.headers["etag"] == '"1"'
    normal = WHOLE | {
        "phone": "+33639980123", "tags": ["vip", "nord"], "siren": "732829320", "annual_revenue": "800000.50",
        "potential_annual_revenue": "12000.00", "created_at": "2020-01-31T22:30:00Z",
        "address": {"line1": "1 rue du Four", "line2": None, "postal_code": "75006", "city": "Paris", "region": None,
                    "country": "FR"},
    }  # fmt: skip
    assert {name: made[name] for name in WHOLE} == normal
    assert (await client.get(f"/v1/customers/{made['id']}")).json() == made
    assert await told(owner, "customer.created") == [{"customer_id": made["id"]}]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("email", "nowhere", "bad_email"),
        ("phone", "0123", "bad_phone"),
        ("siren", "732829321", "bad_siren"),
        ("birth_date", "2025-02-29", "bad_date"),
        ("kind", "club", "bad_kind"),
        ("name", " ", "required"),
        ("colour", "red", "unknown_field"),
        ("owner_id", "00000000-0000-7000-8000-000000000000", "unknown_reference"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_written(
    client: httpx.AsyncClient, owner: asyncpg.Connection, field: str, value: str, code: str
) -> None:
    response = await client.post("/v1/customers", json={"kind": "person", "name": "X", field: value})

    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(f"#/{field}", code)]
    assert await owner.fetchval("select (select count(*) from customer) + (select count(*) from outbox)") == 0


async def test_an_owner_of_another_workspace_is_no_owner(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    stranger = await add_user(owner, await add_workspace(owner))
    customer = await new_customer()

    created = await client.post("/v1/customers", json={"kind": "person", "name": "X", "owner_id": str(stranger)})
    changed = await client.patch(f"/v1/customers/{customer['id']}", json={"secondary_owner_ids": [str(stranger)]})

    assert (created.status_code, changed.status_code) == (422, 422)
    assert created.json()["errors"][0]["pointer"] == "#/owner_id"
    assert changed.json()["errors"][0]["pointer"] == "#/secondary_owner_ids/0"


@pytest.mark.parametrize(
    "q",
    ["muller", "MÜLLER boul", "contact@muller", "06 39 98 01 23", "0639980123", "+33 6 39", "732829320", "732 829",
     "C-1", "boulangerie 732829320"],
)  # fmt: skip
async def test_search_finds_by_name_address_phone_and_numbers(
    client: httpx.AsyncClient, new_customer: NewCustomer, q: str
) -> None:
    await new_customer(**WHOLE)
    await new_customer(name="Garage 100% Pneus", kind="company", email="garage@pneus.example")

    response = await client.get("/v1/customers", params={"q": q})

    assert [item["name"] for item in response.json()["items"]] == ["Boulangerie Müller"]


async def test_wildcards_in_a_search_mean_themselves(client: httpx.AsyncClient, new_customer: NewCustomer) -> None:
    await new_customer(name="Garage 100% Pneus")
    await new_customer(name="Garage 1000 Pneus")

    assert await names(client, "q=100%25") == ["Garage 100% Pneus"]
    assert await names(client, "q=1_0") == []


async def test_filters_all_hold(client: httpx.AsyncClient, new_customer: NewCustomer) -> None:
    await new_customer(name="A", tags=["vip"], address={"city": "Lyon"}, email="A@x.example")
    await new_customer(name="B", tags=["vip", "nord"], lifecycle="active")
    await new_customer(name="C", tags=["nord"], kind="company", created_at="2020-06-01T00:00:00Z")

    assert await names(client, "tag=vip&sort=-name") == ["B", "A"]
    assert await names(client, "tag=vip&lifecycle=active") == ["B"]
    assert await names(client, "city=Lyon") == ["A"]
    assert await names(client, "email=a@X.example") == ["A"]
    assert await names(client, "kind=company&created_before=2020-07-01T00:00:00Z") == ["C"]


async def test_an_unknown_parameter_is_a_bad_request(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/customers?colour=red")

    assert response.status_code == 400
    assert [(f["pointer"], f["code"]) for f in response.json()["errors"]] == [("?colour", "unknown_parameter")]


async def test_only_what_is_sent_changes_and_a_change_that_changes_nothing_is_none(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer(**WHOLE)
    place = f"/v1/customers/{customer['id']}"

    changed = (await client.patch(place, json={"email": None, "tags": ["sud"]})).json()
    same = (await client.patch(place, json={"tags": ["sud"], "phone": "+33 6 39 98 01 23"})).json()
    nothing = await client.patch(place, json={})

    assert changed == customer | {
        "email": None, "tags": ["sud"], "version": 2, "updated_at": changed["updated_at"],
    }  # fmt: skip
    assert same == changed
    assert (nothing.status_code, nothing.json()["errors"][0]["code"]) == (422, "required")
    assert await told(owner, "customer.updated") == [{"customer_id": customer["id"], "fields": ["email", "tags"]}]


async def test_a_change_of_what_somebody_else_changed_is_refused(
    client: httpx.AsyncClient, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    place = f"/v1/customers/{customer['id']}"
    await client.patch(place, json={"name": "Nouveau"}, headers={"If-Match": '"1"'})

    late = await client.patch(place, json={"name": "Trop tard"}, headers={"If-Match": '"1"'})
    late_delete = await client.delete(place, headers={"If-Match": '"1"'})
    nonsense = await client.patch(place, json={"name": "?"}, headers={"If-Match": "x"})
    unchanged = await client.get(place, headers={"If-None-Match": '"2"'})

    assert (late.status_code, late.json()["current_version"], late_delete.status_code) == (412, 2, 412)
    assert nonsense.status_code == 422
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert (await client.get(place)).json()["name"] == "Nouveau"


async def test_a_deleted_customer_leaves_every_list_until_it_is_restored(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_customer: NewCustomer
) -> None:
    customer = await new_customer(external_id="C1")
    place = f"/v1/customers/{customer['id']}"

    deleted = await client.delete(place)
    gone = [await client.get(place), await client.patch(place, json={"name": "X"}), await client.delete(place)]
    listed = await names(client, "")
    restored = await client.post(f"{place}/restore")
    again = await client.post(f"{place}/restore")

    assert deleted.status_code == 204
    assert ([answer.status_code for answer in gone], listed) == ([404, 404, 404], [])
    assert restored.json() == customer | {"version": 3, "updated_at": restored.json()["updated_at"]}
    assert again.json() == restored.json()
    for type_ in ("customer.deleted", "customer.restored"):
        assert await told(owner, type_) == [{"customer_id": customer["id"]}]


async def test_a_reference_is_taken_by_the_living_only(client: httpx.AsyncClient, new_customer: NewCustomer) -> None:
    first = await new_customer(external_id="C1")
    taken = await client.post("/v1/customers", json={"kind": "person", "name": "X", "external_id": "C1"})
    await client.delete(f"/v1/customers/{first['id']}")
    await new_customer(external_id="C1")

    restored = await client.post(f"/v1/customers/{first['id']}/restore")

    for refused in (taken, restored):
        assert refused.status_code == 409
        assert [(f["pointer"], f["code"]) for f in refused.json()["errors"]] == [("#/external_id", "duplicate")]


async def test_a_retry_with_the_same_key_gets_the_first_answer(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    body, quoted, bare = {"kind": "person", "name": "X"}, {"Idempotency-Key": '"k-1"'}, {"Idempotency-Key": "k-1"}

    first = await client.post("/v1/customers", json=body, headers=quoted)
    retry = await client.post("/v1/customers", json=body, headers=bare)
    other = await client.post("/v1/customers", json=body | {"name": "Y"}, headers=quoted)

    assert (first.status_code, retry.status_code, retry.json()) == (201, 201, first.json())
    assert (retry.headers["idempotent-replayed"], retry.headers["location"]) == ("true", first.headers["location"])
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert await owner.fetchval("select count(*) from customer") == 1


async def test_a_request_whose_key_is_running_is_a_conflict(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID
) -> None:
    async with owner.transaction():
        await owner.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{workspace}/k-1")
        refused = await client.post(
            "/v1/customers", json={"kind": "person", "name": "X"}, headers={"Idempotency-Key": "k-1"}
        )

    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_conflict")
    assert await owner.fetchval("select count(*) from customer") == 0


async def test_a_failed_request_leaves_its_key_free(client: httpx.AsyncClient) -> None:
    key, body = {"Idempotency-Key": "k-1"}, {"kind": "person", "name": "X"}

    failed = await client.post("/v1/customers", json=body | {"email": "x"}, headers=key)
    corrected = await client.post("/v1/customers", json=body, headers=key)

    assert (failed.status_code, corrected.status_code) == (422, 201)


async def test_pages_stay_right_while_customers_come(client: httpx.AsyncClient, new_customer: NewCustomer) -> None:
    for name in ("b", "d", "f", "h"):
        await new_customer(name=name)
    first = (await client.get("/v1/customers?sort=name&limit=2")).json()

    await new_customer(name="a")
    await new_customer(name="e")
    second = (await client.get(f"/v1/customers?sort=name&limit=2&cursor={first['next_cursor']}")).json()
    await new_customer(name="c")
    back = (await client.get(f"/v1/customers?sort=name&limit=2&cursor={second['prev_cursor']}")).json()
    begin = (await client.get(f"/v1/customers?sort=name&limit=2&cursor={back['prev_cursor']}")).json()

    pages = [[item["name"] for item in page["items"]] for page in (first, second, back, begin)]
    assert pages == [["b", "d"], ["e", "f"], ["c", "d"], ["a", "b"]]
    assert (first["prev_cursor"], begin["prev_cursor"]) == (None, None)
    assert second["next_cursor"] is not None


async def test_a_cursor_belongs_to_its_filter_and_order(client: httpx.AsyncClient, new_customer: NewCustomer) -> None:
    for name in ("a", "b"):
        await new_customer(name=name)
    cursor = (await client.get("/v1/customers?sort=name&limit=1")).json()["next_cursor"]

    for query in (f"sort=-name&cursor={cursor}", f"sort=name&kind=person&cursor={cursor}", "cursor=nonsense"):
        refused = await client.get(f"/v1/customers?{query}")
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "bad_cursor")


async def test_a_rep_sees_and_changes_its_own_primary_or_secondary(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_key: NewKey, new_customer: NewCustomer
) -> None:
    rep = await add_user(owner, workspace)
    await new_customer(name="primary", owner_id=str(rep))
    await new_customer(name="secondary", secondary_owner_ids=[str(rep)])
    foreign = await new_customer(name="foreign")
    headers = bearer(await new_key("rep", user_id=rep))
    place = f"/v1/customers/{foreign['id']}"

    hidden = [
        await client.get(place, headers=headers),
        await client.patch(place, json={"name": "mine now"}, headers=headers),
        await client.delete(place, headers=headers),
        await client.post(f"{place}/restore", headers=headers),
    ]
    made = await client.post("/v1/customers", json={"kind": "person", "name": "made"}, headers=headers)

    assert [answer.status_code for answer in hidden] == [404] * 4
    assert made.json()["owner_id"] == str(rep)
    assert await names(client, "sort=name", headers=headers) == ["made", "primary", "secondary"]
    assert (await client.get(place)).json() == foreign


async def test_a_manager_sees_what_its_team_owns(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID, new_key: NewKey, new_customer: NewCustomer
) -> None:
    team = await owner.fetchval("insert into team (workspace_id, name) values ($1, 'Nord') returning id", workspace)
    manager = await add_user(owner, workspace, "manager", name="chef", team_id=team)
    rep, other = await add_user(owner, workspace, team_id=team), await add_user(owner, workspace, name="bo")
    await new_customer(name="team", owner_id=str(rep))
    await new_customer(name="shared", owner_id=str(other), secondary_owner_ids=[str(rep)])
    await new_customer(name="own", owner_id=str(manager))
    await new_customer(name="other", owner_id=str(other))
    await new_customer(name="nobody's")

    seen = await names(client, "sort=name", headers=bearer(await new_key("manager", user_id=manager)))

    assert seen == ["own", "shared", "team"]


async def test_a_reader_reads_everything_and_writes_nothing(
    client: httpx.AsyncClient, new_key: NewKey, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    headers = bearer(await new_key("readonly"))

    refused = await client.patch(f"/v1/customers/{customer['id']}", json={"name": "X"}, headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert await names(client, "", headers=headers) == [customer["name"]]


async def test_a_customer_of_another_workspace_does_not_exist(
    client: httpx.AsyncClient, owner: asyncpg.Connection, new_key: NewKey, new_customer: NewCustomer
) -> None:
    customer = await new_customer()
    stranger = bearer(await new_key("admin", workspace_id=await add_workspace(owner)))

    hidden = await client.get(f"/v1/customers/{customer['id']}", headers=stranger)

    assert hidden.status_code == 404
    assert await names(client, "", headers=stranger) == []


async def test_without_a_key_there_is_nothing(app_client: httpx.AsyncClient) -> None:
    response = await app_client.get("/v1/customers")

    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
