"""Rows of customers: what a complete row becomes, and every way a value can be wrong."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import get_args

import pytest

from services.api.customers import schemas
from services.api.imports.domain import choices
from services.api.imports.domain.columns import Wishes, bind_columns
from services.api.imports.domain.entities import COLUMNS
from services.api.imports.domain.headers import Entity
from services.api.imports.domain.parsing import RowParser
from services.api.imports.domain.rows import Cell, RawRow, Rejected
from shared.db.base import Base
from shared.models.staging import CustomerRow, InteractionRow, OpportunityRow, TransactionRow
from tests.unit.imports.files import accepted, codes, context, parse


def test_a_french_export_becomes_a_candidate() -> None:
    row = accepted(
        "customers",
        {
            "Réf client": "C-001", "Raison sociale": " Fromagerie  du Lac ", "E-mail": "Contact@Lac.FR",
            "Tél.": "04 50 12 34 56", "Adresse": "1 rue du Port", "Code postal": "1000", "Ville": "Bourg",
            "Pays": "France", "SIREN": "732 829 320", "N° SIRET": "732 829 320 00074", "N° TVA": "FR 44 732 829 320",
            "Étiquettes": "vip; fromage", "Chiffre d'affaires": "1 234,56 €", "Effectif": "12", "Statut": "Client",
            "Date de création": "05/03/2021",
        },
    )  # fmt: skip

    assert row == {
        "line_number": 2, "external_id": "C-001", "kind": "company", "name": "Fromagerie  du Lac",
        "lifecycle": "active", "email": "Contact@lac.fr", "phone": "+33450123456", "phone_raw": "04 50 12 34 56",
        "address_line1": "1 rue du Port", "postal_code": "01000", "city": "Bourg", "country": "FR",
        "siren": "732829320", "siret": "73282932000074", "vat_number": "FR44732829320", "tags": ("vip", "fromage"),
        "annual_revenue": Decimal("1234.56"), "employees": 12, "created_at": datetime(2021, 3, 4, 23, tzinfo=UTC),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("entity", "table"),
    [
        ("customers", CustomerRow),
        ("transactions", TransactionRow),
        ("interactions", InteractionRow),
        ("opportunities", OpportunityRow),
    ],
)
def test_a_candidate_has_the_columns_of_its_staging_table_behind_the_line_number(
    entity: Entity, table: type[Base]
) -> None:
    keys = {"workspace_id", "import_id", "line_number"}
    if entity == "customers":
        keys |= {"customer_id", "identity"}  # The database finds these out.
    staged = [column.name for column in table.__table__.columns if column.name not in keys]

    assert COLUMNS[entity] == ("line_number", *staged)


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"Nom": "Martin", "Prénom": "Zoé"}, "Zoé Martin"),
        ({"Nom": "Martin", "Prénom": ""}, "Martin"),
        ({"Nom complet": "Zoé Martin"}, "Zoé Martin"),
        ({"Raison sociale": "Lac SAS", "Nom": "Martin", "Prénom": "Zoé"}, "Lac SAS"),
        ({"Raison sociale": "", "Nom": "Martin", "Prénom": "Zoé"}, "Zoé Martin"),
    ],
)
def test_a_name_is_put_together_from_what_the_file_has(cells: dict[str, Cell], name: str) -> None:
    assert accepted("customers", cells)["name"] == name


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"Raison sociale": "Lac"}, "company"),
        ({"Name": "Lac", "SIREN": "732829320"}, "company"),
        ({"Name": "Zoé", "Date de naissance": "14/07"}, "person"),
        ({"Nom": "Martin", "Prénom": "Zoé"}, "person"),
        ({"Name": "Lac"}, None),
        ({"Name": "Lac", "Type": ""}, None),
        ({"Name": "Lac", "Type": "Particulier"}, "person"),
    ],
)
def test_the_kind_is_what_the_file_says_or_what_its_fields_prove(cells: dict[str, Cell], kind: str | None) -> None:
    assert accepted("customers", cells).get("kind") == kind


@pytest.mark.parametrize(
    ("header", "cell", "fault"),
    [
        ("E-mail", "zoe@", ("email", "bad_email")),
        ("Tél.", "12", ("phone", "bad_phone")),
        ("Tél.", "1" * 41, ("phone", "bad_phone")),
        ("SIREN", "732829321", ("siren", "bad_siren")),
        ("SIRET", "73282932000075", ("siret", "bad_siret")),
        ("N° TVA", "FR00732829320", ("vat_number", "bad_vat_number")),
        ("Pays", "Narnia", ("country", "bad_country")),
        ("Date de naissance", "31/02/1980", ("birth_date", "bad_date")),
        ("Date de création", "hier", ("created_at", "bad_timestamp")),
        ("Chiffre d'affaires", "beaucoup", ("annual_revenue", "bad_amount")),
        ("Potentiel", "-5", ("potential_annual_revenue", "bad_amount")),
        ("Lead fit", "1001", ("lead_fit", "bad_value")),
        ("Effectif", "12,5", ("employees", "bad_value")),
        ("Type", "Extraterrestre", ("kind", "bad_kind")),
        ("Statut", "Inconnu au bataillon", ("lifecycle", "bad_value")),
        ("Fuseau horaire", "Mars/Olympus", ("timezone", "bad_value")),
        ("Ville", "x" * 201, ("city", "too_long")),
        ("Réf client", "x" * 201, ("external_id", "too_long")),
        ("Réf client", "", ("external_id", "required")),
        ("Ville", "a\0b", ("city", "bad_value")),
        ("Ville", "#N/A", ("city", "bad_value")),
    ],
)
def test_an_invalid_value_rejects_the_row_even_where_it_is_optional(
    header: str, cell: str, fault: tuple[str, str]
) -> None:
    assert codes("customers", {"Name": "Lac", header: cell}) == [fault]


def test_a_row_tells_all_its_faults_with_column_value_and_line() -> None:
    parsed = parse("customers", {"Name": " ", "E-mail": "zoe@", "Tél.": "12", "Ville": "Bourg"}, line_number=7)

    assert isinstance(parsed, Rejected)
    assert [(r.line_number, r.column, r.code, r.value, r.detail) for r in parsed.reasons] == [
        (7, "E-mail", "bad_email", "zoe@", "Adresse e-mail invalide."),
        (7, "Tél.", "bad_phone", "12", "Numéro de téléphone invalide."),
        (7, "Name", "required", " ", "Valeur obligatoire."),
    ]
    assert parsed.reasons[0].describe("en") == "The e-mail address is invalid."


def test_a_field_that_could_not_be_read_is_not_called_missing_as_well() -> None:
    assert codes("customers", {"Name": "x" * 201}) == [("name", "too_long")]


@pytest.mark.parametrize(
    ("header", "field"), [("Raison sociale", "company_name"), ("Nom", "last_name"), ("Prénom", "first_name")]
)
def test_a_name_put_together_from_an_overlong_part_is_not_called_missing_as_well(header: str, field: str) -> None:
    assert codes("customers", {header: "x" * 500}) == [(field, "too_long")]


def test_a_siret_must_belong_to_the_siren_next_to_it() -> None:
    assert codes("customers", {"Name": "Lac", "SIREN": "404833048", "SIRET": "73282932000074"}) == [
        ("siret", "bad_siret")
    ]


@pytest.mark.parametrize(
    ("code", "country", "kept"),
    [
        ("1000", "", "01000"),
        ("1000", "France", "01000"),
        ("1000", "Belgique", "1000"),
        ("2A04", "", "2A04"),
        (6000.0, "", "06000"),
    ],
)
def test_a_french_postal_code_gets_back_the_zero_that_a_spreadsheet_ate(code: Cell, country: str, kept: str) -> None:
    assert accepted("customers", {"Name": "Lac", "CP": code, "Pays": country})["postal_code"] == kept


def test_numbers_of_a_workbook_are_texts_where_texts_are_meant() -> None:
    row = accepted("customers", {"Code": 1234.0, "Name": "Lac", "SIREN": 5520242.0, "Tél.": 450123456.0})

    assert (row["external_id"], row["siren"], row["phone"]) == ("1234", "005520242", "+33450123456")
    assert row["phone_raw"] == "450123456"


def test_phones_without_country_code_belong_to_the_mapping_s_country() -> None:
    row = accepted("customers", {"Name": "Lac", "Tél.": "0471 12 34 56"}, {"country": "BE"})

    assert row["phone"] == "+32471123456"


def test_custom_fields_come_as_json_with_sorted_keys() -> None:
    members = {
        "columns": {"custom_fields.zone": "Zone", "custom_fields.couleur": "Couleur", "custom_fields.vide": "Vide"}
    }

    row = accepted("customers", {"Name": "Lac", "Zone": "Nord", "Couleur": " Écru ", "Vide": ""}, members)

    assert row["custom_fields"] == '{"couleur": "Écru", "zone": "Nord"}'


def test_constants_fill_their_fields_like_cells_would() -> None:
    row = accepted(
        "customers", {"Name": "Lac"}, {"constants": {"country": "Suisse", "tags": "foire 2026", "kind": "société"}}
    )

    assert (row["country"], row["tags"], row["kind"]) == ("CH", ("foire 2026",), "company")


def test_an_id_may_be_composed_of_columns_and_is_required_as_a_whole() -> None:
    members = {"id_from": [{"text": "salon"}, "name", {"column": "Stand"}]}

    assert accepted("customers", {"Name": "Lac", "Stand": 12.0}, members)["external_id"] == "salon-Lac-12"
    assert codes("customers", {"Name": "Lac", "Stand": " "}, members) == [("external_id", "required")]
    assert codes("customers", {"Name": "Lac", "Stand": "x" * 200}, members) == [("external_id", "too_long")]


def test_one_bad_row_does_not_change_how_the_next_is_read() -> None:
    binding = bind_columns("customers", ["Name", "E-mail"], Wishes())
    parser = RowParser(binding, context())

    first = parser(RawRow(2, {"Name": "A", "E-mail": "a@exemple.fr"}))
    rejected = parser(RawRow(3, {"Name": "B", "E-mail": "b@"}))
    third = parser(RawRow(4, {"Name": "C", "E-mail": ""}))

    email = COLUMNS["customers"].index("email")
    assert isinstance(first, tuple)
    assert isinstance(third, tuple)
    assert (first[email], third[email]) == ("a@exemple.fr", None)
    assert isinstance(rejected, Rejected)


def test_imported_values_are_values_that_the_api_takes() -> None:
    assert set(choices.CUSTOMER_KINDS) == set(get_args(schemas.Kind))
    assert set(choices.LIFECYCLES) == set(get_args(schemas.Lifecycle))
    assert set(choices.CHANNELS) == set(get_args(schemas.Channel))
    assert set(choices.SEXES) == set(get_args(schemas.Sex))
