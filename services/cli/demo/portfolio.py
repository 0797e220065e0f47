"""What a demonstration consists of, in the order in which it must be loaded."""

from dataclasses import dataclass, field
from typing import Any

# One object in the API's field names; money is Decimal, a day is `date`, an instant is an aware `datetime`.
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """Rows of one source. Every row has an `external_id`, except users (their `email`), teams (`name`) and consents.

    Ids do not exist before loading, so rows refer to one another by these keys, which the loader replaces:
    `customer_external_id`, `product_external_id` (also inside `lines`), `owner_email`, `manager_email`, `team_name`.
    """

    teams: list[Row] = field(default_factory=list)
    users: list[Row] = field(default_factory=list)
    products: list[Row] = field(default_factory=list)
    customers: list[Row] = field(default_factory=list)
    consents: list[Row] = field(default_factory=list)
    opportunities: list[Row] = field(default_factory=list)
    contracts: list[Row] = field(default_factory=list)
    transactions: list[Row] = field(default_factory=list)
    interactions: list[Row] = field(default_factory=list)
    complaints: list[Row] = field(default_factory=list)
    surveys: list[Row] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {name: len(getattr(self, name)) for name in self.__slots__}
