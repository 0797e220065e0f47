"""Occurrence keys (services.scheduler.domain.ledger)."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.scheduler.domain.ledger import alert_key, enrollment_key, reminder_key, step_key

RULE, SEQUENCE, CUSTOMER = UUID(int=1), UUID(int=2), UUID(int=3)
DAY = date(2026, 11, 24)


def test_keys_can_be_read() -> None:
    assert reminder_key(rule_id="r", version=2, subject_id="c", on=DAY, offset="-P30D") == (
        "reminder/r/c/2026-11-24/-P30D/v2"
    )
    assert (
        step_key(sequence_id="s", version=1, customer_id="c", attempt=1, step_id="hello") == "sequence/s/c/1/hello/v1"
    )
    assert enrollment_key(sequence_id="s", version=1, customer_id="c", attempt=2) == "enrollment/s/c/2/v1"
    assert alert_key(rule_id="r", version=3, scope_key="workspace", episode=4) == "alert/r/workspace/4/v3"


def test_the_same_occurrence_always_has_the_same_key() -> None:
    def key() -> str:
        return reminder_key(rule_id=RULE, version=1, subject_id=CUSTOMER, on=DAY, offset="P0D")

    assert key() == key()


def test_every_part_of_an_occurrence_makes_another_key() -> None:
    def key(**changes: Any) -> str:
        parts: dict[str, Any] = {
            "sequence_id": SEQUENCE,
            "version": 1,
            "customer_id": CUSTOMER,
            "attempt": 1,
            "step_id": "hello",
        }
        return step_key(**(parts | changes))

    others: list[dict[str, Any]] = [
        {"sequence_id": RULE},
        {"version": 2},
        {"customer_id": RULE},
        {"attempt": 2},
        {"step_id": "again"},
    ]
    assert len({key(), *(key(**change) for change in others)}) == 6


def test_the_version_stands_last_so_that_an_earlier_version_is_found_by_prefix() -> None:
    first, second = (
        reminder_key(rule_id=RULE, version=version, subject_id=CUSTOMER, on=DAY, offset="P0D") for version in (1, 2)
    )
    assert first.removesuffix("1") == second.removesuffix("2")


@pytest.mark.parametrize("step_id", ["", "a/b"])
def test_a_part_that_would_make_a_key_ambiguous_is_refused(step_id: str) -> None:
    with pytest.raises(ValueError):
        step_key(sequence_id=SEQUENCE, version=1, customer_id=CUSTOMER, attempt=1, step_id=step_id)
