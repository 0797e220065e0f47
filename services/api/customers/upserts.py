"""What a batch of customers comes to: who is new, who differs and in what. Plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.api.customers.record import columns_of
from services.api.customers.schemas import CustomerRow
from shared.domain.ids import uuid7
from shared.errors import Fault, InvalidInput

HOME_COUNTRY: Final = "FR"
LISTS: Final = ("secondary_owner_ids", "tags", "competitors", "interests")
NEEDED: Final = ("kind", "name")


@dataclass(slots=True)
class Upserts:
    """Rows applied in their order: a later row of the same customer changes what an earlier one made.

    `known` holds the customers as they are, by `external_id`, and follows every row.
    """

    known: dict[str, dict[str, Any]]
    now: datetime
    default_owner: UUID | None = None
    new: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    changed: dict[UUID, set[str]] = field(default_factory=dict)

    def apply(self, row: CustomerRow) -> tuple[UUID, bool, bool]:
        """The customer's id, whether the row made it, and whether it changed it. Raises InvalidInput."""
        reference = str(row.external_id)
        current = self.known.get(reference)
        values = columns_of(row, country=(current or {}).get("country") or HOME_COUNTRY)
        missing = [name for name in NEEDED if values.get(name, (current or {}).get(name)) is None]
        if missing:
            raise InvalidInput(*(Fault(f"#/{name}", "required", "A customer needs it.") for name in missing))
        if current is None:
            return self._add(reference, values), True, False
        return current["id"], False, self._change(current, values)

    def rows_to_add(self) -> list[dict[str, Any]]:
        return list(self.new.values())

    def rows_to_change(self) -> list[dict[str, Any]]:
        """Whole records with the names of what changed; customers made by this batch are not among them."""
        by_id = {record["id"]: record for record in self.known.values()}
        return [by_id[id_] | {"fields": sorted(names)} for id_, names in self.changed.items()]

    def _add(self, reference: str, values: Mapping[str, Any]) -> UUID:
        id_ = uuid7()
        empty: dict[str, Any] = {name: [] for name in LISTS} | {"custom_fields": {}, "lead_fit": 0}
        record = {**empty, "created_at": self.now, **values, "id": id_}
        record["owner_id"] = record.get("owner_id") or self.default_owner
        self.known[reference] = self.new[id_] = record
        return id_

    def _change(self, current: dict[str, Any], values: Mapping[str, Any]) -> bool:
        """Follow a row. A phone typed otherwise is no change."""
        differing = {name: value for name, value in values.items() if current.get(name) != value}
        if set(differing) <= {"phone_raw"}:
            return False
        current |= differing
        if current["id"] not in self.new:
            self.changed.setdefault(current["id"], set()).update(differing)
        return True
