"""The mapping document: what is understood, and every fault with its pointer."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.api.imports.domain.columns import IdPart
from services.api.imports.domain.headers import Entity
from services.api.imports.domain.parsing import RowParser
from services.api.imports.domain.rows import Rejected
from services.api.imports.mapping import Mapping, parse_mapping
from services.api.imports.reader import open_rows
from shared.errors import InvalidInput
from tests.unit.imports.files import PARIS, TODAY, write

CDNOW = Path(__file__).parents[3] / "examples" / "cdnow" / "transactions.mapping.json"


def faults(document: object, entity: Entity = "transactions") -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as invalid:
        parse_mapping(document, entity=entity)
    assert all(fault.detail for fault in invalid.value.faults)
    return sorted((fault.pointer, fault.code) for fault in invalid.value.faults)


def test_an_empty_mapping_leaves_everything_to_be_found_out() -> None:
    assert parse_mapping({}, entity="customers") == Mapping()
    assert parse_mapping({"separator": None, "columns": {}}, entity="customers") == Mapping()


def test_a_full_mapping_is_understood() -> None:
    mapping = parse_mapping(
        {
            "entity": "transactions",
            "description": "Export du logiciel de caisse",
            "header": True,
            "separator": "tab",
            "encoding": "Latin-1",
            "sheet": 2,
            "columns": {"amount": "Montant", "occurred_at": 3},
            "constants": {"kind": "Vente"},
            "ignore": ["Caisse"],
            "id_from": ["customer_external_id", "line_number", {"column": 4}, {"text": "caisse"}],
            "date_format": "JJ/MM/AAAA",
            "decimal_mark": ",",
            "currency": "€",
            "timezone": "Europe/Paris",
            "country": "Belgique",
            "create_customers": "company",
        },
        entity="transactions",
    )

    assert (mapping.separator, mapping.encoding, mapping.sheet) == ("\t", "cp1252", 2)
    assert mapping.wishes.columns == {"amount": "Montant", "occurred_at": 3}
    assert mapping.wishes.constants == {"kind": "Vente"}
    assert mapping.wishes.id_from == (
        IdPart("field", "customer_external_id"),
        IdPart("line_number"),
        IdPart("column", 4),
        IdPart("text", "caisse"),
    )
    assert (mapping.currency, mapping.timezone, mapping.country) == ("EUR", ZoneInfo("Europe/Paris"), "BE")
    assert mapping.create_customers == "company"


@pytest.mark.parametrize("document", [[], "x", 1, True, None])
def test_a_mapping_is_an_object(document: object) -> None:
    assert faults(document) == [("#", "bad_mapping")]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"colonnes": {}}, [("#/colonnes", "unknown_member")]),
        ({"a/b~": 1}, [("#/a~1b~0", "unknown_member")]),
        ({"entity": "customers"}, [("#/entity", "wrong_entity")]),
        ({"header": "oui"}, [("#/header", "wrong_type")]),
        ({"separator": "  "}, [("#/separator", "wrong_type")]),
        ({"encoding": "ebcdic"}, [("#/encoding", "wrong_type")]),
        ({"sheet": 0}, [("#/sheet", "wrong_type")]),
        ({"sheet": True}, [("#/sheet", "wrong_type")]),
        ({"date_format": "DD/MM"}, [("#/date_format", "wrong_type")]),
        ({"decimal_mark": ";"}, [("#/decimal_mark", "wrong_type")]),
        ({"currency": "$"}, [("#/currency", "bad_value")]),
        ({"timezone": "Paris"}, [("#/timezone", "bad_value")]),
        ({"timezone": "../../etc/passwd"}, [("#/timezone", "bad_value")]),
        ({"country": "Narnia"}, [("#/country", "bad_country")]),
        ({"create_customers": "robot"}, [("#/create_customers", "wrong_type")]),
        ({"columns": ["Montant"]}, [("#/columns", "wrong_type")]),
        ({"columns": {"amont": 1}}, [("#/columns/amont", "unknown_field")]),
        ({"columns": {"custom_fields.x": 1}}, [("#/columns/custom_fields.x", "unknown_field")]),
        ({"columns": {"amount": 0}}, [("#/columns/amount", "wrong_type")]),
        ({"header": False, "columns": {"amount": "Montant"}}, [("#/columns/amount", "needs_header")]),
        ({"constants": {"kind": "échange"}}, [("#/constants/kind", "bad_constant")]),
        ({"constants": {"amount": []}}, [("#/constants/amount", "wrong_type")]),
        ({"columns": {"kind": 1}, "constants": {"kind": "sale"}}, [("#/columns/kind", "fed_twice")]),
        ({"columns": {"external_id": 1}, "id_from": ["line_number"]}, [("#/columns/external_id", "fed_twice")]),
        ({"ignore": "Caisse"}, [("#/ignore", "wrong_type")]),
        ({"ignore": ["Caisse", 3]}, [("#/ignore/1", "wrong_type")]),
        ({"id_from": ["ligne"]}, [("#/id_from/0", "wrong_type")]),
        ({"id_from": [{"column": 1, "text": "a"}]}, [("#/id_from/0", "wrong_type")]),
        ({"header": 1, "sheet": -1}, [("#/header", "wrong_type"), ("#/sheet", "wrong_type")]),
    ],
)
def test_each_fault_has_its_pointer_and_code(document: object, expected: list[tuple[str, str]]) -> None:
    assert faults(document) == expected


def test_a_field_may_have_its_name_of_the_api_and_a_custom_name() -> None:
    mapping = parse_mapping({"columns": {"address.city": "V", "custom_fields.color": "C"}}, entity="customers")

    assert mapping.wishes.columns == {"city": "V", "custom_fields.color": "C"}
    assert faults({"columns": {"address.city": "V", "city": "W"}}, "customers") == [("#/columns/city", "fed_twice")]


def test_faults_are_told_in_english_on_request() -> None:
    with pytest.raises(InvalidInput) as invalid:
        parse_mapping({"colonnes": {}}, entity="customers", language="en")
    assert invalid.value.faults[0].detail == "Unknown member."


def test_the_cdnow_sample_loads_every_line_once_under_an_id_of_its_own(tmp_path: Path) -> None:
    # Two purchases of one customer on one day for one amount are two purchases; the fourth line is a free order.
    content = (
        " 00004 0001 19970101  2   29.33\r\n"
        " 00004 0001 19970101  2   29.33\r\n"
        " 00021 0002 19980630  1   14.96\r\n"
        " 00050 0003 19970101  1    0.00\r\n"
    )
    mapping = parse_mapping(json.loads(CDNOW.read_text()), entity="transactions")

    with open_rows(write(tmp_path, content, "CDNOW_sample.txt"), mapping=mapping) as rows:
        parser = RowParser(
            mapping.bind("transactions", rows.headers),
            mapping.row_context(timezone=PARIS, currency="USD", today=TODAY),
        )
        parsed = [parser(row) for row in rows if not isinstance(row, Rejected)]

    assert mapping.create_customers == "person"
    assert [str(row[1:5]) if isinstance(row, tuple) else row for row in parsed] == [
        "('cdnow-0001-1', '0001', None, 'sale')",
        "('cdnow-0001-2', '0001', None, 'sale')",
        "('cdnow-0002-3', '0002', None, 'sale')",
        "('cdnow-0003-4', '0003', None, 'sale')",
    ]
