"""What commands bring out of an installation: exported files and dead letters; and files that are sent in."""

import csv
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from shared.messaging import STREAM, connect_broker, ensure_stream
from shared.settings import Settings
from tests.integration.cli.command import CommandLine

EVENT = {"id": "0198f000-0000-7000-8000-000000000001", "type": "customer.created", "data": {}}


async def test_an_export_has_the_workspaces_rows_and_no_others(
    run: CommandLine, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    for name in ("Acme", "Other"):
        await run("workspace", "create", name)
        await owner.execute(
            "insert into customer (workspace_id, kind, name, custom_fields)"
            " select id, 'person', $1, '{\"a\": \"b, c\"}' from workspace where name = $1",
            name,
        )

    done = await run("export", "--workspace", "Acme", "--out", str(tmp_path / "out"), "--json")

    assert (done.code, done.json["rows"]["customer"]) == (0, 1), done.err
    with (tmp_path / "out" / "customer.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["Acme"]
    assert json.loads(rows[0]["custom_fields"]) == {"a": "b, c"}
    assert "search_text" not in rows[0]
    assert not (tmp_path / "out" / "api_key.csv").exists()


async def test_a_dead_letter_is_listed_and_published_again(
    run: CommandLine, owner: asyncpg.Connection, settings: Settings
) -> None:
    await run("workspace", "create", "Acme")
    broker = await connect_broker(settings.nats_url, name="tests")
    await ensure_stream(broker.jetstream())
    workspace_id, letter = await owner.fetchrow(
        "insert into dead_letter (workspace_id, consumer, event_id, type, body, error, attempts)"
        " select id, 'segmenter', gen_random_uuid(), 'customer.created', $1, 'KeyError', 5 from workspace"
        " returning workspace_id, id",
        json.dumps(EVENT),
    )

    listed = await run("dead-letters", "list", "--json")
    replayed = await run("dead-letters", "replay", str(letter), "--json")
    after = await run("dead-letters", "list")
    unknown = await run("dead-letters", "replay", "4711")

    assert [row["id"] for row in listed.json["items"]] == [letter]
    assert replayed.json == {"replayed": 1}, replayed.err
    assert after.out == "There are no dead letters.\n"
    assert unknown.err == "portefeuille: There is no dead letter 4711.\n"
    message = await broker.jetstream().get_last_msg(STREAM, f"evt.{workspace_id}.customer.created")
    assert json.loads(message.data or b"") == EVENT
    await broker.close()


FAULTS = [
    {"line": 3, "column": None, "code": "too_few_cells", "detail": "La ligne est courte.", "value": None},
    {"line": 7, "column": "E-mail", "code": "bad_email", "detail": "Adresse e-mail invalide.", "value": "x@"},
]


class Api(BaseHTTPRequestHandler):
    """Takes an import, and says at the second look that it is done."""

    seen: list[Any] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, self.headers["Authorization"], body))
        if b"bad" in body:
            fault = {"pointer": "#/entity", "code": "bad_value", "detail": "No such entity."}
            self._answer(422, {"title": "Données non valides", "errors": [fault]})
        else:
            self._answer(202, {"id": "i1", "status": "received"})

    def do_GET(self) -> None:
        self.seen.append(self.path)
        if "/errors" in self.path:
            self._answer(200, {"items": FAULTS, "next_cursor": None})
            return
        done = self.seen.count(self.path) > 1
        rejected = int(b"Bancal" in self.seen[0][2])
        counts = {"created": 2, "updated": 0, "unchanged": 1, "duplicate": 0, "rejected": rejected}
        self._answer(200, {"id": "i1", "status": "completed" if done else "merging", "rows_total": 4, **counts})

    def _answer(self, status: int, body: Any) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def api_url() -> Iterator[str]:
    Api.seen = []
    with HTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


async def test_a_file_is_sent_and_followed_until_it_is_in(run: CommandLine, api_url: str, tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_text("nom;ville\nDurand;Paris\n")
    (tmp_path / "mapping.json").write_text('{"columns": {"name": "nom"}}')

    done = await run(
        "import", "clients.csv", "--entity", "customers", "--mapping", "mapping.json", "--dry-run",
        "--url", api_url, "--token", "pk_x",
    )  # fmt: skip

    assert (done.code, done.err) == (0, "")
    counts = "created 2, updated 0, unchanged 1, duplicate 0, rejected 0"
    assert done.out == f"Import i1 is completed: {counts}.\n"
    path, credential, body = Api.seen[0]
    assert (path, credential) == ("/v1/imports", "Bearer pk_x")
    assert b"Durand;Paris" in body
    assert b'name="dry_run"\r\n\r\ntrue' in body
    assert b'{"columns": {"name": "nom"}}' in body


async def test_rejected_lines_are_shown_and_are_no_success(run: CommandLine, api_url: str, tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_text("nom;ville\nBancal\n")
    command = ("import", "clients.csv", "--entity", "customers", "--url", api_url, "--token", "pk_x")

    told = await run(*command)
    Api.seen = []
    as_json = await run(*command, "--json")

    assert (told.code, told.err) == (1, "")
    assert told.out.splitlines() == [
        "Import i1 is completed: created 2, updated 0, unchanged 1, duplicate 0, rejected 1.",
        "line  column  code           detail",
        "3     -       too_few_cells  La ligne est courte.",
        "7     E-mail  bad_email      Adresse e-mail invalide.",
        f"Every fault: GET {api_url}/v1/imports/i1/errors (as one file with Accept: text/csv).",
    ]
    assert (as_json.code, as_json.err) == (1, "")
    assert (as_json.json["faults"], as_json.json["rejected"]) == (FAULTS, 1)
    assert as_json.json["faults_url"] == f"{api_url}/v1/imports/i1/errors"
    assert Api.seen[-1] == "/v1/imports/i1/errors?limit=5"


async def test_what_the_api_refuses_is_told_in_its_own_words(run: CommandLine, api_url: str, tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_text("nom\n")

    refused = await run("import", "clients.csv", "--entity", "bad", "--url", api_url, "--token", "pk_x", "--json")
    nobody = await run("import", "clients.csv", "--entity", "customers", "--url", "http://127.0.0.1:9", "--token", "x")

    assert refused.code == 1
    assert json.loads(refused.err) == {"error": "Données non valides: #/entity No such entity."}
    assert nobody.code == 1
    assert nobody.err.startswith("portefeuille: ")
    assert "Traceback" not in nobody.err
