"""Which column feeds which field."""

import pytest

from services.api.imports.domain.columns import Binding, IdPart, Wishes, bind_columns
from services.api.imports.domain.entities import ENTITIES, is_field
from services.api.imports.domain.headers import _NAMES, Entity, normalise, recognise
from services.api.imports.domain.wording import LANGUAGES


@pytest.mark.parametrize(
    ("entity", "header", "name"),
    [
        ("customers", "Raison sociale", "company_name"), ("customers", "Société", "company_name"),
        ("customers", "Nom", "last_name"), ("customers", "Prénom", "first_name"), ("customers", "Name", "name"),
        ("customers", "E-mail", "email"), ("customers", "Courriel", "email"), ("customers", "Adresse e-mail", "email"),
        ("customers", "Tél.", "phone"), ("customers", "Téléphone", "phone"), ("customers", "N° de téléphone", "phone"),
        ("customers", "Code postal", "postal_code"), ("customers", "CP", "postal_code"), ("customers", "Ville", "city"),
        ("customers", "Pays", "country"), ("customers", "Date de naissance", "birth_date"),
        ("customers", "Né(e) le", "birth_date"), ("customers", "SIREN", "siren"), ("customers", "N° SIRET", "siret"),
        ("customers", "N. SIRET", "siret"), ("customers", "N° TVA", "vat_number"),
        ("customers", "N° de TVA intracommunautaire", "vat_number"), ("customers", "Étiquettes", "tags"),
        ("customers", "Chiffre d’affaires", "annual_revenue"), ("customers", "Réf. client", "external_id"),
        ("customers", "customerId", "external_id"), ("customers", "address.city", "city"),
        ("transactions", "Client", "customer_external_id"), ("transactions", "Réf client", "customer_external_id"),
        ("transactions", "N° client", "customer_external_id"), ("transactions", "Montant HT", "amount"),
        ("transactions", "MONTANT HT (€)", "amount"), ("transactions", "Date de commande", "occurred_at"),
        ("transactions", "Date [jj/mm/aaaa]", "occurred_at"), ("transactions", "N° commande", "order_id"),
        ("transactions", "Nº de facture", "external_id"), ("transactions", "occurred_at", "occurred_at"),
        ("interactions", "Type", "kind"), ("interactions", "Objet", "subject"),
        ("interactions", "Durée", "duration_seconds"),
        ("opportunities", "Étape", "stage"), ("opportunities", "Date de clôture prévue", "expected_close_on"),
        ("opportunities", "Probabilité (%)", "probability_pct"),
    ],
)  # fmt: skip
def test_a_header_is_recognised_in_both_languages(entity: Entity, header: str, name: str) -> None:
    assert recognise(entity, header) == name


@pytest.mark.parametrize("header", ["Montant TTC", "Montant (TTC)", "Total TTC", "", "#3", "Couleur"])
def test_what_is_not_ours_is_not_recognised(header: str) -> None:
    assert recognise("transactions", header) is None


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_spelling_means_one_field_that_exists(entity: Entity) -> None:
    spellings = [(normalise(text), name) for name, texts in _NAMES[entity].items() for text in texts.split(",")]

    assert len({text for text, _ in spellings}) == len(spellings)
    assert all(text for text, _ in spellings)
    assert all(is_field(entity, name) for _, name in spellings)


def bind(entity: Entity, headers: list[str], wishes: Wishes | None = None, *, header: bool = True) -> Binding:
    return bind_columns(entity, headers, wishes or Wishes(), header=header)


def codes(binding: Binding) -> list[str]:
    assert all(note.describe(language) for note in binding.faults for language in LANGUAGES)
    return [fault.code for fault in binding.faults]


def test_unknown_and_repeated_columns_are_warnings() -> None:
    binding = bind("customers", ["Nom complet", "Tél.", "Portable", "Couleur"])

    assert binding.sources == {"name": "Nom complet", "phone": "Tél."}
    assert binding.faults == ()
    assert [(warning.code, warning.facts["column"]) for warning in binding.warnings] == [
        ("repeated_column", "Portable"),
        ("ignored_column", "Couleur"),
    ]
    assert "« Couleur »" in binding.warnings[1].detail


def test_the_mapping_comes_before_the_headers() -> None:
    wishes = Wishes(
        columns={"phone": "portable", "custom_fields.color": 4},
        constants={"kind": "company"},
        ignore=["Tél."],
    )

    binding = bind("customers", ["Nom complet", "Tél.", "Portable", "Couleur", "Type"], wishes)

    assert binding.sources == {"phone": "Portable", "custom_fields.color": "Couleur", "name": "Nom complet"}
    assert binding.provided == {"phone", "custom_fields.color", "name", "kind"}
    assert [(warning.code, warning.facts["column"]) for warning in binding.warnings] == [("ignored_column", "Type")]


@pytest.mark.parametrize(
    ("entity", "headers", "missing"),
    [
        ("customers", ["Ville"], ["name"]),
        ("transactions", ["Client"], ["external_id", "occurred_at", "amount"]),
        ("interactions", ["id", "Date"], ["customer_external_id", "kind"]),
        ("opportunities", ["Nom"], ["external_id"]),
    ],
)
def test_required_columns_that_are_missing_stop_the_import(
    entity: Entity, headers: list[str], missing: list[str]
) -> None:
    binding = bind(entity, headers)

    assert set(codes(binding)) == {"missing_column"}
    assert sorted(str(fault.facts["field"]) for fault in binding.faults) == sorted(missing)


def test_a_file_that_only_completes_known_customers_needs_no_names() -> None:
    assert bind("customers", ["Réf client", "Tél."]).faults == ()


def test_a_column_that_the_mapping_names_and_the_file_has_not_is_a_fault_at_its_pointer() -> None:
    wishes = Wishes(columns={"name": "Nom", "city": 3, "email": 0}, id_from=[IdPart("column", "Numéro")])

    binding = bind("customers", ["Nom", "Ville"], wishes)

    assert [(fault.code, fault.pointer) for fault in binding.faults] == [
        ("unknown_column", "#/columns/city"),
        ("unknown_column", "#/columns/email"),
        ("unknown_column", "#/id_from/0"),
    ]


def test_without_header_only_the_mapping_speaks_and_nothing_is_warned_about() -> None:
    wishes = Wishes(columns={"name": 2})

    binding = bind("customers", ["1", "2", "3"], wishes, header=False)

    assert (binding.sources, binding.faults, binding.warnings) == ({"name": "2"}, (), ())


def test_a_composed_id_needs_the_fields_it_is_composed_of() -> None:
    binding = bind("customers", ["Nom"], Wishes(id_from=[IdPart("line_number"), IdPart("field", "siret")]))

    assert [(fault.code, fault.pointer) for fault in binding.faults] == [("missing_column", "#/id_from/1")]


def test_a_list_of_orders_without_ids_takes_the_order_number_for_the_id_and_says_so() -> None:
    binding = bind("transactions", ["N° commande", "Client", "Date", "Montant HT"])

    assert binding.id_parts == (IdPart("field", "order_id"),)
    assert binding.faults == ()
    assert [warning.code for warning in binding.warnings] == ["order_is_the_id"]


def test_an_id_composed_by_the_mapping_replaces_the_column_of_ids() -> None:
    binding = bind("customers", ["ID", "Nom"], Wishes(id_from=[IdPart("field", "last_name")]))

    assert "external_id" not in binding.sources
    assert "external_id" in binding.provided
    assert [warning.code for warning in binding.warnings] == ["ignored_column"]


def test_names_of_people_next_to_a_company_name_are_announced_as_unused() -> None:
    binding = bind("customers", ["Raison sociale", "Nom", "Prénom"])

    assert [(warning.code, warning.facts["column"]) for warning in binding.warnings] == [
        ("contact_name_unused", "Nom"),
        ("contact_name_unused", "Prénom"),
    ]
