"""Files as people have them, and files that are not what they say."""

from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest

from tests.integration.imports.conftest import Importing, counts


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet(index=0)
    for row in rows:
        sheet.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


async def test_a_workbook_with_excel_dates_comes_in(importing: Importing) -> None:
    people = workbook(["Réf client", "Nom", "Date de naissance"], ["C1", "Durand", date(1980, 2, 29)])
    sales = workbook(
        ["id", "client", "date", "montant"],
        ["T1", "C1", datetime(2026, 3, 1, 14, 30), 129.9],
        ["T2", "C1", date(2026, 3, 2), 10],
    )

    customers = await importing.bring(people, "customers", "clients.xlsx")
    transactions = await importing.bring(
        sales,
        "transactions",
        "ventes.xlsx",
        columns={"external_id": 1, "customer_external_id": 2, "occurred_at": 3, "amount": 4},
        timezone="Europe/Paris",
    )

    assert (counts(customers), counts(transactions)) == ({"created": 1}, {"created": 2})
    assert await importing.rows("select birth_date from customer where workspace_id = $1") == [("1980-02-29",)]
    assert await importing.rows(
        "select occurred_at::text, amount::text from transaction where workspace_id = $1 order by external_id"
    ) == [("2026-03-01 13:30:00+00", "129.9000"), ("2026-03-01 23:00:00+00", "10.0000")]


async def test_windows_1252_semicolons_and_decimal_commas_are_understood(importing: Importing) -> None:
    content = "Réf client;Nom;Potentiel annuel\r\nC1;Société Œuvres;1 234,50\r\n".encode("cp1252")

    found = await importing.bring(content, columns={"potential_annual_revenue": 3})

    assert counts(found) == {"created": 1}
    assert await importing.rows(
        "select name, potential_annual_revenue::text from customer where workspace_id = $1"
    ) == [("Société Œuvres", "1234.5000")]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"PK\x03\x04 and no workbook", "clients.csv", "not_text"),
        (b"PK\x03\x04 and no workbook", "clients.xlsx", "broken_workbook"),
        (b"Nom;Ville\nDurand;Lyon\n", "clients.xlsx", "not_a_workbook"),
        (b"%PDF-1.7 \x00\x01", "clients.csv", "not_text"),
        (b" \n \n", "clients.csv", "empty_file"),
        (b"Couleur;Forme\nrouge;rond\n", "clients.csv", "missing_column"),
    ],
)
async def test_a_file_that_is_not_what_it_says_fails_with_the_reason(
    importing: Importing, content: bytes, name: str, code: str
) -> None:
    found = await importing.bring(content, "customers", name)

    assert (found["status"], found["error"]["code"]) == ("failed", code)
    assert found["error"]["detail"]
    assert (await importing.count("customer"), await importing.count("import_chunk")) == (0, 0)


async def test_a_record_that_was_cut_off_does_not_become_half_a_customer(importing: Importing) -> None:
    header = "Réf client;Nom;E-mail;Téléphone;Ville;Pays\n"
    found = await importing.bring(f"{header}C1;Durand;;;;\n\nC2;Mart\nC3;Petit;p@x.fr;;Metz;FR\n")

    assert counts(found) == {"created": 2, "rejected": 1}
    assert await importing.rows("select name from customer where workspace_id = $1 order by 1") == [
        ("Durand",),
        ("Petit",),
    ]
    answer = await importing.client.get(f"/v1/imports/{found['id']}/errors")
    assert answer.json()["items"] == [
        {
            "line": 4,
            "column": None,
            "code": "too_few_cells",
            "detail": "La ligne a moins de cellules que l'en-tête : 2 au lieu de 6.",
            "value": None,
        }
    ]


async def test_a_workbook_row_that_ends_early_is_whole(importing: Importing) -> None:
    people = workbook(["Réf client", "Nom", "E-mail", "Ville"], ["C1", "Durand"], ["C2", "Petit", "p@x.fr", "Metz"])

    found = await importing.bring(people, "customers", "clients.xlsx")

    assert counts(found) == {"created": 2}


async def test_a_name_that_is_too_long_is_one_fault(importing: Importing) -> None:
    found = await importing.bring(f"Réf client;Nom\nC1;{'x' * 500}\n")

    assert counts(found) == {"rejected": 1}
    assert await importing.faults(found["id"]) == [(2, "too_long")]


async def test_columns_that_nobody_understands_are_told_and_left_out(importing: Importing) -> None:
    found = await importing.bring("Réf client;Nom;Couleur préférée\nC1;Durand;bleu\n")

    assert (found["status"], counts(found)) == ("completed", {"created": 1})
    assert [(warning["code"], "Couleur préférée" in warning["detail"]) for warning in found["warnings"]] == [
        ("ignored_column", True)
    ]


async def test_custom_fields_are_added_to_those_that_are_there(importing: Importing) -> None:
    await importing.bring("id;Nom;a\nC1;Durand;1\n", columns={"custom_fields.color": "a"})

    found = await importing.bring("id;Nom;a\nC1;Durand;2\n", columns={"custom_fields.size": "a"})

    assert counts(found) == {"updated": 1}
    assert await importing.rows("select custom_fields::text from customer where workspace_id = $1") == [
        ('{"size": "2", "color": "1"}',)
    ]
