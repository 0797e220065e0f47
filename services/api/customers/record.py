"""From the fields of a request to the columns of a row."""

from typing import Any

from services.api.customers.queries import ADDRESS
from services.api.customers.schemas import CustomerFields
from shared.errors import Fault, InvalidInput
from shared.phone_numbers import e164


def columns_of(fields: CustomerFields, *, country: str) -> dict[str, Any]:
    """The columns that were sent, phone and address unfolded. Raises InvalidInput for a number nobody could call."""
    values = fields.model_dump(include=fields.model_fields_set)
    if "address" in values:
        address = values.pop("address") or {}
        values |= {column: address.get(name) for name, column in ADDRESS.items()}
    if "phone" in values:
        values |= phone_columns(values["phone"], country=values.get("country") or country)
    if values.get("created_at", ...) is None:
        del values["created_at"]
    return values


def phone_columns(given: str | None, *, country: str) -> dict[str, str | None]:
    """`phone` in E.164 and `phone_raw` as given."""
    if given is None:
        return {"phone": None, "phone_raw": None}
    number = e164(given, country=country)
    if number is None:
        raise InvalidInput(Fault("#/phone", "bad_phone", "A phone number, national or with its country code."))
    return {"phone": number, "phone_raw": given}
