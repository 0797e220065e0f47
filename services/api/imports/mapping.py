"""The mapping a user may send with an import or keep as a file: what the file itself does not say.

    {
      "entity": "transactions",                          optional: refuses to be used for another one
      "description": "…",                                for people
      "header": false,                                   default true: the first line names the columns
      "separator": ";" | "," | "tab" | "|" | "blanks",   default: found out
      "encoding": "utf-8" | "windows-1252" | "utf-16",   default: found out
      "sheet": "Ventes" | 2,                             default: the first visible sheet
      "columns": {"amount": "Montant HT", "occurred_at": 3, "custom_fields.color": "Couleur"},
      "constants": {"kind": "sale"},
      "ignore": ["Colonne interne"],
      "id_from": ["customer_external_id", "line_number", {"column": 4}, {"text": "cdnow"}],
      "date_format": "M/D/YYYY", "decimal_mark": ",", "currency": "EUR", "timezone": "Europe/Paris", "country": "FR",
      "create_customers": true | "person" | "company"    a fact may create the customer it names (true: a person)
    }

Columns that the mapping does not name are recognised by their headers.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from services.api.imports.domain.columns import Binding, Wishes, bind_columns
from services.api.imports.domain.context import RowContext
from services.api.imports.domain.headers import Entity
from shared.phone_numbers import e164

BLANKS: Final = "blanks"

CustomerKind = Literal["person", "company"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A valid mapping; without arguments, the one that leaves everything to be found out.

    `create_customers` is the kind of the customers a fact may create, named by their reference, or None.
    """

    header: bool = True
    separator: str | None = None
    encoding: str | None = None
    sheet: str | int | None = None
    wishes: Wishes = field(default_factory=Wishes)
    date_format: str | None = None
    decimal_mark: str | None = None
    currency: str | None = None
    timezone: ZoneInfo | None = None
    country: str | None = None
    create_customers: CustomerKind | None = None

    def bind(self, entity: Entity, headers: tuple[str, ...]) -> Binding:
        """Which of the file's columns feeds which field."""
        return bind_columns(entity, headers, self.wishes, header=self.header)

    def row_context(self, *, timezone: ZoneInfo, currency: str, today: date, country: str = "FR") -> RowContext:
        """The workspace's settings and its date today, with what this mapping states on top."""
        return RowContext(
            timezone=timezone,
            currency=currency,
            today=today,
            to_e164=lambda text, country: e164(text, country=country),
            country=self.country or country,
            stated_timezone=self.timezone,
            stated_currency=self.currency,
            date_format=self.date_format,
            decimal_mark=self.decimal_mark,
        )
