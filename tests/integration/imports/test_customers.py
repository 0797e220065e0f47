"""Customers: known ones are completed, unknown ones added, and the same file twice changes nothing."""

import asyncpg

from tests.integration.imports.conftest import Importing, counts

FILE = """\
Réf client;Type;Nom;E-mail;Téléphone;Ville;Mots-clés
C1;particulier;Camille Durand;camille@example.com;06 12 34 56 78;Lyon;vip, salon
C2;entreprise;Boulangerie Martin;;;Nantes;
"""


async def test_a_file_of_customers_comes_in(importing: Importing) -> None:
    found = await importing.bring(FILE)

    assert (found["status"], counts(found), found["rows_total"]) == ("completed", {"created": 2}, 2)
    assert found["columns"]["email"] == "E-mail"
    assert await importing.rows(
        "select external_id, kind, name, email, phone, city, tags, version from customer"
        " where workspace_id = $1 order by external_id"
    ) == [
        ("C1", "person", "Camille Durand", "camille@example.com", "+33612345678", "Lyon", ["vip", "salon"], 1),
        ("C2", "company", "Boulangerie Martin", None, None, "Nantes", [], 1),
    ]


async def test_the_same_file_twice_changes_nothing_and_says_so(importing: Importing) -> None:
    await importing.bring(FILE)
    before = await importing.rows("select c::text from customer c where workspace_id = $1 order by id")

    found = await importing.bring(FILE)

    assert counts(found) == {"unchanged": 2}
    assert await importing.rows("select c::text from customer c where workspace_id = $1 order by id") == before


async def test_only_what_differs_is_written_and_a_blank_cell_says_nothing(importing: Importing) -> None:
    await importing.bring(FILE)

    found = await importing.bring("Réf client;Nom;Ville;E-mail\nC1;Camille Durand;Paris;\nC2;Boulangerie Martin;;\n")

    assert counts(found) == {"updated": 1, "unchanged": 1}
    assert await importing.rows(
        "select external_id, city, email, phone, version from customer where workspace_id = $1 order by external_id"
    ) == [("C1", "Paris", "camille@example.com", "+33612345678", 2), ("C2", "Nantes", None, None, 1)]


async def test_a_file_that_only_completes_leaves_strangers_out(importing: Importing) -> None:
    await importing.bring(FILE)

    found = await importing.bring("Réf client;Ville\nC2;Rennes\nC9;Brest\n")

    assert counts(found) == {"updated": 1, "rejected": 1}
    assert await importing.faults(found["id"]) == [(3, "unknown_customer")]


async def test_the_last_line_of_a_customer_wins_also_across_slices(importing: Importing) -> None:
    lines = ["Réf client;Nom;Ville", "C1;Durand;Lyon", "C2;Martin;Lille", "C1;Durand;Metz", "C1;Durand;Nice"]

    found = await importing.bring("\n".join(lines), rows_at_once=2)

    assert counts(found) == {"created": 2, "duplicate": 2}
    assert await importing.faults(found["id"]) == [(2, "duplicate"), (4, "duplicate")]
    assert await importing.rows("select external_id, city from customer where workspace_id = $1 order by 1") == [
        ("C1", "Nice"),
        ("C2", "Lille"),
    ]


async def test_customers_without_reference_are_known_by_numbers_then_mail_then_name(importing: Importing) -> None:
    content = (
        "Raison sociale;Nom;SIREN;E-mail;Ville\n"
        "Renault;;441639465;;Boulogne\n"
        ";Durand;;c.durand@example.com;Lyon\n"
        ";Sans Rien;;;Lille\n"
    )
    first = await importing.bring(content)

    second = await importing.bring(content)
    third = await importing.bring(content.replace("Lyon", "Nice").replace("c.durand", "C.Durand"))

    assert (counts(first), counts(second)) == ({"created": 3}, {"unchanged": 3})
    assert counts(third)["updated"] == 1
    assert await importing.count("customer") == 3


async def test_a_row_that_means_several_customers_is_rejected(importing: Importing) -> None:
    await importing.bring("Réf client;Nom;E-mail\nA;Anna;info@example.com\nB;Bruno;info@example.com\n")

    found = await importing.bring("Nom;E-mail\nZoé;info@example.com\nYves;yves@example.com\n")

    assert counts(found) == {"created": 1, "rejected": 1}
    assert await importing.faults(found["id"]) == [(2, "ambiguous_customer")]


async def test_an_owner_is_named_by_e_mail_and_must_exist(importing: Importing, owner: asyncpg.Connection) -> None:
    user = await owner.fetchval(
        "insert into user_account (workspace_id, email, name, role) values ($1, 'Rep@acme.example', 'Rep', 'rep')"
        " returning id",
        importing.workspace_id,
    )

    found = await importing.bring(
        "Réf client;Nom;Responsable\nC1;Durand;rep@acme.example\nC2;Martin;nobody@acme.example\n",
        columns={"owner_email": "Responsable"},
    )

    assert counts(found) == {"created": 1, "rejected": 1}
    assert await importing.faults(found["id"]) == [(3, "unknown_reference")]
    assert await importing.rows("select external_id, owner_id from customer where workspace_id = $1") == [("C1", user)]


async def test_a_deleted_customer_makes_room_and_another_workspace_is_not_touched(
    importing: Importing, owner: asyncpg.Connection
) -> None:
    other = await owner.fetchval(
        "insert into workspace (name, timezone, currency) values ('Other', 'Europe/Paris', 'EUR') returning id"
    )
    await owner.executemany(
        "insert into customer (workspace_id, external_id, kind, name, deleted_at) values ($1, 'C1', 'person', $2, $3)",
        [(other, "Bystander", None), (importing.workspace_id, "Gone", await owner.fetchval("select now()"))],
    )

    found = await importing.bring(FILE)

    assert counts(found) == {"created": 2}
    assert await owner.fetchval("select name from customer where workspace_id = $1", other) == "Bystander"


async def test_every_tenth_line_broken_is_every_tenth_line_reported(importing: Importing) -> None:
    lines = ["Réf client;Nom;E-mail"]
    lines += [f"C{n};Client {n};{'not a mail' if n % 10 == 0 else f'c{n}@example.com'}" for n in range(1, 5001)]

    found = await importing.bring("\n".join(lines))

    assert counts(found) == {"created": 4500, "rejected": 500}
    reported = await importing.rows(
        'select line_number, "column", code, value from import_error where workspace_id = $1 order by line_number'
    )
    assert reported == [(n + 1, "E-mail", "bad_email", "not a mail") for n in range(10, 5001, 10)]


async def test_a_rehearsal_counts_what_would_be_and_writes_nothing(importing: Importing) -> None:
    await importing.bring(FILE)
    events = await importing.count("outbox")

    found = await importing.bring(
        "Réf client;Nom;Ville\nC1;Durand;Nice\nC3;Nouveau;Brest\nC3;Nouveau;Vannes\nC2;Boulangerie Martin;Nantes\n",
        rows_at_once=2,
        dry_run=True,
    )

    assert counts(found) == {"created": 1, "updated": 1, "unchanged": 1, "duplicate": 1}
    assert await importing.faults(found["id"]) == [(3, "duplicate")]
    assert await importing.count("customer") == 2
    assert await importing.count("outbox") == events + 1  # Its import.received.


async def test_one_event_tells_it_and_only_the_touched_are_noted(importing: Importing) -> None:
    await importing.bring(FILE)
    await importing.database.execute("delete from outbox")

    found = await importing.bring("Réf client;Nom;Ville\nC1;Camille Durand;Lyon\nC2;Boulangerie Martin;Rennes\n")

    events = await importing.rows("select type, data::text from outbox where workspace_id = $1 order by id")
    assert [kind for kind, _ in events] == ["import.received", "import.completed"]
    assert '"updated": 1' in events[1][1]
    touched = await importing.rows(
        "select c.external_id from import_touch t, unnest(t.customer_ids) as u (id) join customer c on c.id = u.id"
        " where t.workspace_id = $1 and t.import_id = $2",
        found["id"],
    )
    assert touched == [("C2",)]
    for table in ("import_chunk", "import_customer_row"):
        assert await importing.count(table) == 0
