"""/v1/imports: a form in, an import that can be followed out."""

from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.integration.api.conftest import NewKey

CONTENT = b"Nom;Ville\nDurand;Lyon\n"


async def send(client: httpx.AsyncClient, content: bytes = CONTENT, **fields: Any) -> httpx.Response:
    headers = fields.pop("headers", {})
    data = {"entity": "customers"} | fields
    return await client.post("/v1/imports", files={"file": ("clients.csv", content)}, data=data, headers=headers)


async def test_a_file_is_received_stored_in_pieces_and_told(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID
) -> None:
    content = b"Nom\n" + b"x" * (1 << 20) + b"\n"

    response = await send(client, content, mapping='{"columns": {"name": "Nom"}}', dry_run="true")

    assert response.status_code == 202
    found = response.json()
    assert response.headers["location"] == f"/v1/imports/{found['id']}"
    assert (found["status"], found["filename"], found["dry_run"]) == ("received", "clients.csv", True)
    assert (found["bytes_total"], found["mapping"]) == (len(content), {"columns": {"name": "Nom"}})
    pieces = await owner.fetch("select content from import_chunk where workspace_id = $1 order by position", workspace)
    assert [len(piece["content"]) for piece in pieces] == [1 << 20, 5]
    assert b"".join(piece["content"] for piece in pieces) == content
    assert await owner.fetchval("select type from outbox where workspace_id = $1", workspace) == "import.received"


async def test_imports_are_listed_newest_first_by_status_and_entity(client: httpx.AsyncClient) -> None:
    first, second = (await send(client)).json(), (await send(client, entity="transactions")).json()

    async def listed(query: str) -> list[str]:
        return [item["id"] for item in (await client.get(f"/v1/imports{query}")).json()["items"]]

    assert await listed("") == [second["id"], first["id"]]
    assert await listed("?entity=customers&status=received") == [first["id"]]
    assert await listed("?status=failed") == []


@pytest.mark.parametrize(
    ("fields", "content", "fault"),
    [
        ({"entity": "suppliers"}, CONTENT, ("#/entity", "bad_value")),
        ({"color": "blue"}, CONTENT, ("#/color", "unknown_field")),
        ({"dry_run": "perhaps"}, CONTENT, ("#/dry_run", "bad_value")),
        ({"mapping": "{"}, CONTENT, ("#/mapping", "invalid_json")),
        ({"mapping": "[]"}, CONTENT, ("#/mapping", "bad_mapping")),
        ({"mapping": '{"columns": {"colour": 1}}'}, CONTENT, ("#/mapping/columns/colour", "unknown_field")),
        ({"mapping": '{"entity": "transactions"}'}, CONTENT, ("#/mapping/entity", "wrong_entity")),
        ({}, b"", ("#/file", "empty_file")),
    ],
)
async def test_what_is_wrong_is_said_with_its_place_and_nothing_is_stored(
    client: httpx.AsyncClient,
    owner: asyncpg.Connection,
    fields: dict[str, str],
    content: bytes,
    fault: tuple[str, str],
) -> None:
    response = await send(client, content, **fields)

    assert response.status_code == 422
    assert [(found["pointer"], found["code"]) for found in response.json()["errors"]] == [fault]
    assert await owner.fetchval("select count(*) from import") == 0


async def test_a_form_without_a_file_and_a_body_that_is_no_form_are_refused(client: httpx.AsyncClient) -> None:
    without = await client.post("/v1/imports", files={"entity": (None, "customers")})
    no_form = await client.post("/v1/imports", json={"entity": "customers"})
    broken = await client.post("/v1/imports", content=b"--x", headers={"content-type": "multipart/form-data"})

    assert (without.status_code, without.json()["errors"][0]["pointer"]) == (422, "#/file")
    assert (no_form.status_code, no_form.json()["code"]) == (415, "unsupported_media_type")
    assert broken.status_code == 400


async def test_a_key_gives_one_import_for_one_file(client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    key: dict[str, Any] = {"headers": {"Idempotency-Key": "monday"}}

    first, again = await send(client, **key), await send(client, **key)
    other = await send(client, b"Nom\nMartin\n", **key)

    assert (first.status_code, again.status_code, again.json()["id"]) == (202, 202, first.json()["id"])
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert await owner.fetchval("select count(*) from import") == 1


async def test_reps_neither_send_nor_read_imports(client: httpx.AsyncClient, new_key: NewKey) -> None:
    id_ = (await send(client)).json()["id"]

    client.headers["Authorization"] = f"Bearer {await new_key('rep')}"

    assert (await send(client)).status_code == 403
    for path in ("", f"/{id_}", f"/{id_}/errors"):
        assert (await client.get(f"/v1/imports{path}")).status_code == 403
    client.headers["Authorization"] = f"Bearer {await new_key('manager')}"
    assert (await send(client)).status_code == 202


async def test_another_workspace_sees_nothing_of_it(
    client: httpx.AsyncClient, new_key: NewKey, owner: asyncpg.Connection
) -> None:
    id_ = (await send(client)).json()["id"]
    other = await owner.fetchval(
        "insert into workspace (name, timezone, currency) values ('Other', 'Europe/Paris', 'EUR') returning id"
    )

    client.headers["Authorization"] = f"Bearer {await new_key('admin', workspace_id=other)}"

    for path in (f"/{id_}", f"/{id_}/errors"):
        assert (await client.get(f"/v1/imports{path}")).status_code == 404
    assert (await client.post(f"/v1/imports/{id_}/cancel")).status_code == 404
    csv = await client.get(f"/v1/imports/{id_}/errors", headers={"Accept": "text/csv"})
    assert csv.status_code == 404


async def test_faults_are_paged_filtered_and_downloaded(
    client: httpx.AsyncClient, owner: asyncpg.Connection, workspace: UUID
) -> None:
    id_ = (await send(client)).json()["id"]
    await owner.executemany(
        'insert into import_error (workspace_id, import_id, line_number, "column", code, detail, value)'
        " values ($1, $2, $3, 'E-mail', $4, 'Adresse e-mail invalide.', $5)",
        [(workspace, id_, 7, "bad_email", "=1+1"), (workspace, id_, 3, "bad_email", "-5"),
         (workspace, id_, 9, "required", None)],
    )  # fmt: skip

    first = (await client.get(f"/v1/imports/{id_}/errors?limit=2")).json()
    second = (await client.get(f"/v1/imports/{id_}/errors?limit=2&cursor={first['next_cursor']}")).json()
    csv = await client.get(f"/v1/imports/{id_}/errors?code=bad_email", headers={"Accept": "text/csv"})

    assert [fault["line"] for fault in first["items"] + second["items"]] == [3, 7, 9]
    assert first["items"][0] == {
        "line": 3, "column": "E-mail", "code": "bad_email", "detail": "Adresse e-mail invalide.", "value": "-5",
    }  # fmt: skip
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert csv.text.lstrip("\ufeff").splitlines() == [
        "line,column,code,detail,value",
        "3,E-mail,bad_email,Adresse e-mail invalide.,-5",
        "7,E-mail,bad_email,Adresse e-mail invalide.,'=1+1",
    ]


async def test_an_import_is_cancelled_once_and_not_after_its_end(
    client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    id_ = (await send(client)).json()["id"]

    first = await client.post(f"/v1/imports/{id_}/cancel")
    second = await client.post(f"/v1/imports/{id_}/cancel")
    await owner.execute("update import set status = 'completed'")
    late = await client.post(f"/v1/imports/{id_}/cancel")

    assert (first.json()["status"], second.status_code, late.status_code) == ("cancelled", 200, 409)
    assert await owner.fetchval("select count(*) from import_chunk") == 0
