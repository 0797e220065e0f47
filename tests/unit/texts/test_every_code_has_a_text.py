"""Every code, reason and status that a user may meet has its text."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint

from services.scheduler.domain.alerting import Quiet
from services.scheduler.domain.contact_rules import RuleId
from services.scheduler.domain.ledger import Outcome, Reason
from services.scheduler.domain.progress import EnrollmentRefusal
from shared import errors
from shared import models as _  # noqa: F401 - every table registers itself when imported.
from shared.db.base import Base
from shared.domain.automation.alert_rule import Severity
from shared.domain.automation.documents import Code
from shared.texts.catalogue import texts_of

KEYS = texts_of("fr")

# The rejections of definitions.md, I7, and the problems that any HTTP door may answer.
ROW_ERRORS = [
    "duplicate", "unknown_customer", "bad_timestamp", "bad_amount", "bad_kind", "bad_sign", "bad_score", "missing_fx",
    "currency_mismatch",
]  # fmt: skip
PROBLEMS = [
    "bad_request", "invalid_json", "validation_failed", "unknown_parameter", "unauthorized", "forbidden", "not_found",
    "method_not_allowed", "not_acceptable", "conflict", "gone", "precondition_failed", "precondition_required",
    "idempotency_conflict", "idempotency_mismatch", "too_large", "unsupported_media_type", "rate_limited",
    "internal_error", "unavailable",
]  # fmt: skip
# Where each maker of faults takes the code.
MAKERS = {"Fault": 1, "RuleFault": 1, "refusal": 1, "at": 1, "UnusableValue": 0}
ROOT = Path(__file__).parents[3]


def kinds_of_error(root: type[errors.PortefeuilleError]) -> Iterator[type[errors.PortefeuilleError]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds_of_error(kind)


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_has_a_title(code: str) -> None:
    assert f"problem.{code}" in KEYS


def test_every_expected_error_has_a_title() -> None:
    assert [kind for kind in kinds_of_error(errors.PortefeuilleError) if f"problem.{kind.code}" not in KEYS] == []


@pytest.mark.parametrize("code", ROW_ERRORS)
def test_every_rejection_of_a_row_is_explained(code: str) -> None:
    assert f"field.{code}" in KEYS


@pytest.mark.parametrize("code", list(Code))
def test_every_fault_of_a_definition_is_explained(code: Code) -> None:
    assert f"field.{code}" in KEYS


def codes_in_source() -> Iterator[tuple[str, str]]:
    """Every literal code that the product gives to a fault, with the file that does."""
    for path in (file for folder in ("services", "shared") for file in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                code = node.args[MAKERS[name]] if name in MAKERS and len(node.args) > MAKERS[name] else None
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    yield code.value, path.name


def test_every_fault_that_the_product_can_find_is_explained() -> None:
    found = set(codes_in_source())
    assert ("bad_number", "values.py") in found
    assert sorted(item for item in found if f"field.{item[0]}" not in KEYS) == []


def test_every_outcome_reason_and_contact_rule_of_the_ledger_is_explained() -> None:
    named = [*(f"outcome.{item}" for item in Outcome), *(f"reason.{item}" for item in Reason)]
    named += [f"contact_rule.{item}" for item in RuleId]
    assert [key for key in named if key not in KEYS] == []


def test_every_refusal_to_enroll_and_every_quiet_observation_is_explained() -> None:
    named = [*(f"enrollment.refused.{item}" for item in EnrollmentRefusal), *(f"alert.quiet.{item}" for item in Quiet)]
    named += [f"status.severity.{item}" for item in Severity]
    assert [key for key in named if key not in KEYS] == []


@pytest.mark.parametrize(
    "table", ["alert", "message", "enrollment", "sequence", "task", "import", "opportunity", "contract", "complaint"]
)
def test_every_status_that_the_database_admits_has_a_name(table: str) -> None:
    admitted = [
        value
        for constraint in Base.metadata.tables[table].constraints
        if isinstance(constraint, CheckConstraint)
        for value in re.findall(r"'(\w+)'", str(constraint.sqltext))
    ]
    assert admitted
    assert [value for value in admitted if f"status.{table}.{value}" not in KEYS] == []
