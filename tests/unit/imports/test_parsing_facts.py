"""Rows of transactions, interactions and opportunities, with the codes of rule I7."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import get_args

import pytest

from services.api.imports.domain import choices
from services.api.imports.domain.rows import Cell, Rejected
from services.api.interactions import schemas as interactions
from services.api.transactions import schemas as transactions
from tests.unit.imports.files import accepted, codes, parse

SALE: dict[str, Cell] = {
    "id": "T1", "customer_external_id": "C1", "kind": "sale", "occurred_at": "2026-03-05T10:00:00Z", "amount": "10.00",
}  # fmt: skip
CALL: dict[str, Cell] = {
    "id": "I1", "Client": "C1", "Type": "Appel", "Date": "05/03/2026 14:30",
}  # fmt: skip


def test_a_transaction_becomes_a_candidate() -> None:
    row = accepted("transactions", SALE | {"order_id": "O1", "currency": "usd", "cost": "4"})

    assert row == {
        "line_number": 2, "external_id": "T1", "customer_external_id": "C1", "order_id": "O1", "kind": "sale",
        "occurred_at": datetime(2026, 3, 5, 10, tzinfo=UTC), "amount": Decimal(10), "currency": "USD",
        "cost": Decimal(4),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"id": ""}, ("external_id", "required")),
        ({"customer_external_id": ""}, ("customer_external_id", "unknown_customer")),
        ({"occurred_at": ""}, ("occurred_at", "bad_timestamp")),
        ({"occurred_at": "2026-03-05T10:00:00"}, ("occurred_at", "bad_timestamp")),
        ({"occurred_at": "2026-02-30T10:00:00Z"}, ("occurred_at", "bad_timestamp")),
        ({"amount": ""}, ("amount", "bad_amount")),
        ({"amount": "NaN"}, ("amount", "bad_amount")),
        ({"amount": "dix"}, ("amount", "bad_amount")),
        ({"kind": ""}, ("kind", "bad_kind")),
        ({"kind": "gift"}, ("kind", "bad_kind")),
        ({"amount": "-0.01"}, ("amount", "bad_sign")),
        ({"kind": "refund"}, ("amount", "bad_sign")),
        ({"cost": "inf"}, ("cost", "bad_amount")),
        ({"cost": "-1"}, ("cost", "bad_sign")),
        ({"kind": "refund", "amount": "-5", "cost": "1"}, ("cost", "bad_sign")),
        ({"currency": "euros et demi"}, ("currency", "bad_value")),
    ],
)
def test_a_fault_has_the_code_of_rule_i7(cells: dict[str, Cell], fault: tuple[str, str]) -> None:
    assert codes("transactions", SALE | cells) == [fault]


def test_faults_come_in_the_order_of_rule_i7() -> None:
    row = SALE | {"occurred_at": "hier", "amount": "dix", "kind": "don", "cost": "inf", "currency": "?"}

    assert [code for _, code in codes("transactions", row)] == [
        "bad_timestamp", "bad_amount", "bad_kind", "bad_amount", "bad_value",
    ]  # fmt: skip
    assert [code for _, code in codes("transactions", SALE | {"amount": "-1", "cost": "inf"})] == [
        "bad_sign",
        "bad_amount",
    ]


def test_a_rejected_fact_keeps_its_ids_because_its_id_counts_as_seen() -> None:
    parsed = parse("transactions", SALE | {"amount": "dix"}, line_number=9)

    assert isinstance(parsed, Rejected)
    assert (parsed.line_number, parsed.external_id, parsed.customer_external_id) == (9, "T1", "C1")


@pytest.mark.parametrize("amount", ["0", "0.00", "-0"])
def test_a_free_order_is_a_sale_and_an_empty_refund_a_refund(amount: str) -> None:
    assert accepted("transactions", SALE | {"amount": amount})["amount"] == 0
    assert accepted("transactions", SALE | {"amount": amount, "kind": "refund"})["kind"] == "refund"


@pytest.mark.parametrize(
    ("amount", "kind"), [("12,50", "sale"), ("0", "sale"), ("(12,50)", "refund"), ("-1", "refund")]
)
def test_without_a_column_of_kinds_the_sign_tells(amount: str, kind: str) -> None:
    row = accepted("transactions", {"id": "T1", "Client": "C1", "Date": "05/03/2026", "Montant HT": amount})

    assert row["kind"] == kind


def test_a_sale_that_the_mapping_calls_one_cannot_be_negative() -> None:
    row = {"id": "T1", "Client": "C1", "Date": "05/03/2026", "Montant HT": "-1"}

    assert codes("transactions", row, {"constants": {"kind": "sale"}}) == [("amount", "bad_sign")]


@pytest.mark.parametrize(
    ("cells", "members", "currency"),
    [
        ({}, {}, None),
        ({}, {"currency": "USD"}, "USD"),
        ({"Devise": ""}, {"currency": "USD"}, "USD"),
        ({"Devise": "€"}, {"currency": "USD"}, "EUR"),
    ],
    ids=["the account's", "the mapping's", "blank cell", "the row's own"],
)
def test_the_currency_is_the_row_s_or_the_mapping_s_or_left_to_the_account(
    cells: dict[str, Cell], members: dict[str, str], currency: str | None
) -> None:
    assert accepted("transactions", SALE | cells, members).get("currency") == currency


def test_a_currency_in_the_cell_is_no_surprise_where_each_row_states_its_own() -> None:
    row = accepted("transactions", SALE | {"amount": "12,50 $", "Devise": "USD"})

    assert (row["amount"], row["currency"]) == (Decimal("12.50"), "USD")
    assert codes("transactions", SALE | {"amount": "12,50 $"}) == [("amount", "bad_amount")]
    assert codes("transactions", SALE | {"amount": "12,50 pommes", "Devise": "USD"}) == [("amount", "bad_amount")]


def test_an_interaction_becomes_a_candidate() -> None:
    row = accepted(
        "interactions",
        CALL
        | {"Sens": "sortant", "Durée": "00:05:30", "Objet": "Relance", "Commentaire": "Rappeler\nlundi", "Coût": "2,5"},
    )

    assert row == {
        "line_number": 2, "external_id": "I1", "customer_external_id": "C1", "kind": "call", "direction": "outbound",
        "occurred_at": datetime(2026, 3, 5, 13, 30, tzinfo=UTC), "duration_seconds": 330, "subject": "Relance",
        "body": "Rappeler\nlundi", "cost": Decimal("2.5"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"Type": ""}, ("kind", "bad_kind")),
        ({"Type": "télépathie"}, ("kind", "bad_kind")),
        ({"Date": ""}, ("occurred_at", "bad_timestamp")),
        ({"Client": " "}, ("customer_external_id", "unknown_customer")),
        ({"Coût": "-2"}, ("cost", "bad_amount")),
        ({"Coût": "gratuit"}, ("cost", "bad_amount")),
        ({"Durée": "longtemps"}, ("duration_seconds", "bad_value")),
        ({"Durée": "1:2:3:4"}, ("duration_seconds", "bad_value")),
        ({"Objet": "x" * 501}, ("subject", "too_long")),
    ],
)
def test_an_interaction_with_a_fault_is_rejected(cells: dict[str, Cell], fault: tuple[str, str]) -> None:
    assert codes("interactions", CALL | cells) == [fault]


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("330", 330),
        ("5:30", 330),
        ("0:05:30", 330),
        (330.0, 330),
        (time(0, 5, 30), 330),
        (timedelta(hours=30), 108_000),
    ],
)
def test_a_duration_is_seconds_or_a_clock(cell: Cell, seconds: int) -> None:
    assert accepted("interactions", CALL | {"Durée": cell})["duration_seconds"] == seconds


def test_a_pipeline_with_american_dates_becomes_opportunities() -> None:
    row = accepted(
        "opportunities",
        {
            "opportunity_id": "1C1I7A6R", "product": "GTX Plus Basic", "account": "Cancity", "deal_stage": "Won",
            "engage_date": "10/20/2016", "close_date": "3/1/2017", "close_value": "1054",
        },
        {"date_format": "M/D/YYYY"},
    )  # fmt: skip

    assert row == {
        "line_number": 2, "external_id": "1C1I7A6R", "customer_external_id": "Cancity",
        "name": "GTX Plus Basic – Cancity", "stage": "won", "amount": Decimal(1054),
        "product_name": "GTX Plus Basic", "engaged_on": date(2016, 10, 20), "closed_on": date(2017, 3, 1),
    }  # fmt: skip


def test_an_opportunity_without_stage_is_at_the_start_and_may_have_no_customer_yet() -> None:
    row = accepted("opportunities", {"id": "O1", "Nom": "Cantine", "Probabilité": "30 %", "Montant": ""})

    assert row == {
        "line_number": 2,
        "external_id": "O1",
        "name": "Cantine",
        "stage": "prospecting",
        "probability_pct": 30,
    }


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"Étape": ""}, ("stage", "required")),
        ({"Étape": "peut-être"}, ("stage", "bad_value")),
        ({"Probabilité": "120"}, ("probability_pct", "bad_value")),
        ({"Date de clôture": "32/01/2026"}, ("closed_on", "bad_date")),
        ({"Email commercial": "Moses Frase"}, ("owner_email", "bad_email")),
    ],
)
def test_an_opportunity_with_a_fault_is_rejected(cells: dict[str, Cell], fault: tuple[str, str]) -> None:
    assert codes("opportunities", {"id": "O1", "Nom": "Cantine"} | cells) == [fault]


def test_imported_kinds_are_kinds_that_the_api_takes() -> None:
    assert set(choices.TRANSACTION_KINDS) == set(get_args(transactions.Kind))
    assert set(choices.INTERACTION_KINDS) == set(get_args(interactions.Kind))
    assert set(choices.DIRECTIONS) == set(get_args(interactions.Direction))
