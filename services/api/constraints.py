"""From the name of a violated constraint to what the caller did wrong. Constraints decide races; this explains them."""

import re
from typing import Any

from shared.errors import Fault

_FOREIGN = re.compile(r"fk_(?P<table>.+?)_(?P<column>(?:secondary_|renewed_)?[a-z]+_id)$")


def fault_of(error: Any) -> tuple[Fault, int]:
    """The fault and the HTTP status: 409 where something is there already, 422 where the value itself is wrong."""
    name = getattr(error, "constraint_name", None) or ""
    if type(error).__name__ == "UniqueViolationError":
        return Fault(f"#/{_column(name)}", "duplicate", "Another record has this value already."), 409
    if type(error).__name__ == "ForeignKeyViolationError":
        return _foreign(name, getattr(error, "detail", "") or "")
    column = getattr(error, "column_name", None) or name.removeprefix("ck_").split("_", 1)[-1]
    return Fault(f"#/{column}", "bad_value", f"The value breaks the rule {name or 'of this column'}."), 422


def _foreign(name: str, detail: str) -> tuple[Fault, int]:
    if "still referenced" in detail:
        return Fault("#", "in_use", "Other records refer to this one."), 409
    match = _FOREIGN.match(name)
    column = match["column"] if match else "id"
    code = "unknown_customer" if column == "customer_id" else "unknown_reference"
    return Fault(f"#/{column}", code, "No such record in this workspace."), 422


def _column(name: str) -> str:
    for suffix in ("external_id", "email", "name", "key", "date"):
        if name.endswith(suffix):
            return suffix
    return "id"
